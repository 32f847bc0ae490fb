/* SPDX-License-Identifier: ISC */
/* Limits: counted, looked at, given back, and begun anew when the window ends. */

#include "street.h"

static struct limit_row
row_of(struct ctx *c, int64_t kind, int64_t add)
{
	struct limit_row row = {.kind = kind, .add = add, .window_ms = 1000};

	row.tenant = c->tenant_id;
	row.subject[0] = 7;
	return row;
}

static struct limit_row
take(struct ctx *c, int64_t add)
{
	struct limit_row row = row_of(c, 1, add);

	ck_ok(store_limits_take(c, &row, 1));
	return row;
}

START_TEST(test_counts_and_begins_anew)
{
	struct ctx *c = street_open();
	int64_t begun = c->now;

	ck_assert_int_eq(take(c, 1).n, 1);
	ck_assert_int_eq(take(c, 1).n, 2);
	ck_assert_int_eq(take(c, 0).n, 2);
	ck_assert_int_eq(take(c, -1).n, 1);
	ck_assert_int_eq(take(c, 1).resets_at, begun + 1000);
	c->now += 999;
	ck_assert_int_eq(take(c, 1).n, 3);
	c->now += 1;
	ck_assert_int_eq(take(c, 0).n, 0);
	ck_assert_int_eq(take(c, 1).n, 1);
	ck_assert_int_eq(take(c, -1).n, 0);
	ck_assert_int_eq(take(c, -1).n, 0);
	test_done(c);
}
END_TEST

START_TEST(test_knows_the_time_before)
{
	struct ctx *c = street_open();
	int64_t first = c->now;

	ck_assert_int_eq(take(c, 1).prev_at, 0);
	c->now += 10;
	ck_assert_int_eq(take(c, 1).prev_at, first);
	c->now += 10;
	ck_assert_int_eq(take(c, 1).prev_at, first + 10);
	ck_assert_int_eq(take(c, -1).last_at, first + 10);
	ck_assert_int_eq(take(c, 0).last_at, first + 10);
	test_done(c);
}
END_TEST

START_TEST(test_many_at_once)
{
	struct ctx *c = street_open();
	struct limit_row rows[LIMIT_ROWS_MAX];
	size_t n, i;

	for (n = 1; n <= LIMIT_ROWS_MAX; n++) {
		for (i = 0; i < n; i++)
			rows[i] = row_of(c, (int64_t)i + 1, 1);
		ck_ok(store_limits_take(c, rows, n));
		for (i = 0; i < n; i++)
			ck_assert_int_eq(rows[i].n, (int64_t)(n - i));
	}
	ck_assert_int_ne(store_limits_take(c, rows, 0), OK);
	test_done(c);
}
END_TEST

START_TEST(test_of_no_tenant)
{
	struct ctx *c = street_open();
	struct limit_row row = row_of(c, 1, 1);

	row.tenant = (struct uuid){{0}};
	ck_ok(store_limits_take(c, &row, 1));
	ck_ok(store_limits_take(c, &row, 1));
	ck_assert_int_eq(row.n, 2);
	ck_assert_int_eq(take(c, 1).n, 1);
	test_done(c);
}
END_TEST

/* No window is longer than itself: two of them leave room for any skew. */
START_TEST(test_a_clock_that_was_set_back)
{
	struct ctx *c = street_open();
	int64_t begun = c->now;

	ck_assert_int_eq(take(c, 1).n, 1);
	ck_assert_int_eq(take(c, 1).n, 2);
	c->now = begun - 1000;
	ck_assert_int_eq(take(c, 1).n, 3);
	c->now = begun - 1001;
	ck_assert_int_eq(take(c, 0).n, 3);
	ck_assert_int_eq(take(c, 1).n, 1);
	ck_assert_int_eq(take(c, 1).resets_at, c->now + 1000);
	c->now = begun - DAY_MS;
	ck_assert_int_eq(take(c, -1).n, 0);
	ck_assert_int_eq(take(c, 1).n, 1);
	test_done(c);
}
END_TEST

SUITE(limit, test_counts_and_begins_anew, test_knows_the_time_before,
    test_many_at_once, test_of_no_tenant, test_a_clock_that_was_set_back)
