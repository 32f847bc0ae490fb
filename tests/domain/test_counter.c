/* SPDX-License-Identifier: ISC */
/* Refusals are remembered, and written now and then. */

#include "office.h"

#define SUM "SELECT IFNULL(SUM(n), 0) FROM event_counters"

START_TEST(test_written_every_ten_seconds)
{
	struct ctx *c = office_open(true);
	uint64_t trips;

	counters_flush(c, true);
	count_refusal(ERR_NO_ROUTE);
	count_refusal(ERR_NO_ROUTE);
	count_refusal(ERR_METHOD);
	counters_flush(c, false);
	c->now += 10 * SECOND_MS - 1;
	counters_flush(c, false);
	ck_assert_int_eq(office_count(c, SUM), 0);
	c->now += 1;
	counters_flush(c, false);
	ck_assert_int_eq(office_count(c, SUM), 3);
	ck_assert_int_eq(office_count(c, SUM " WHERE event = 'no_route'"), 2);
	trips = db_trips(c->db);
	counters_flush(c, true);
	ck_assert_uint_eq(db_trips(c->db), trips);
	office_close(c);
}
END_TEST

START_TEST(test_at_once_when_asked)
{
	struct ctx *c = office_open(true);

	counters_flush(c, true);
	count_refusal(ERR_TOO_MANY);
	counters_flush(c, true);
	ck_assert_int_eq(office_count(c, SUM " WHERE event = 'too_many'"), 1);
	office_close(c);
}
END_TEST

START_TEST(test_what_is_no_refusal_is_not_counted)
{
	struct ctx *c = office_open(true);

	counters_flush(c, true);
	count_refusal(OK);
	count_refusal(ERR_COUNT);
	counters_flush(c, true);
	ck_assert_int_eq(office_count(c, SUM), 0);
	office_close(c);
}
END_TEST

START_TEST(test_kept_while_it_cannot_be_written)
{
	struct ctx *c = office_open(true);

	counters_flush(c, true);
	count_refusal(ERR_NO_ROUTE);
	office_do(c, "RENAME TABLE event_counters TO elsewhere");
	counters_flush(c, true);
	office_do(c, "RENAME TABLE elsewhere TO event_counters");
	counters_flush(c, false);
	ck_assert_int_eq(office_count(c, SUM), 0);
	counters_flush(c, true);
	ck_assert_int_eq(office_count(c, SUM), 1);
	office_close(c);
}
END_TEST

SUITE(counter, test_written_every_ten_seconds, test_at_once_when_asked,
    test_what_is_no_refusal_is_not_counted,
    test_kept_while_it_cannot_be_written)
