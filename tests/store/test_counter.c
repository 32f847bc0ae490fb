/* SPDX-License-Identifier: ISC */
/* Counters: one row for each event and hour. */

#include "street.h"

START_TEST(test_adds_up_by_the_hour)
{
	struct ctx *c = test_db_ctx(true);

	ck_ok(store_counter_add(c, "no_route", 3));
	c->now += HOUR_MS - 1;
	ck_ok(store_counter_add(c, "no_route", 4));
	ck_ok(store_counter_add(c, "method", 1));
	c->now += 1;
	ck_ok(store_counter_add(c, "no_route", 5));
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM event_counters"), 3);
	ck_assert_int_eq(
	    street_count(c, "SELECT n FROM event_counters WHERE"
			    " event = 'no_route' ORDER BY hour LIMIT 1"),
	    7);
	ck_assert_int_eq(
	    street_count(c, "SELECT MAX(hour) FROM event_counters"), c->now);
	test_done(c);
}
END_TEST

SUITE(counter, test_adds_up_by_the_hour)
