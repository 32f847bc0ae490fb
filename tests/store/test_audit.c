/* SPDX-License-Identifier: ISC */
/* The audit trail: a row says who did what, from where. */

#include "street.h"

START_TEST(test_a_row)
{
	struct ctx *c = street_open();
	struct audit a = {
	    .event = "key_revoked", .actor = "operator", .detail = "pk_1"};

	ck_ok(store_audit(c, c->tenant_id, &a));
	a.ok = true;
	ck_ok(store_audit(c, c->tenant_id, &a));
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM audit_events WHERE "
			    "event = 'key_revoked' AND actor = 'operator' "
			    "AND address = '192.0.2.1' AND customer_id IS "
			    "NULL AND request_id = 'test-request'"),
	    2);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE result = 'refused'"),
	    1);
	test_done(c);
}
END_TEST

/* In each of two shops: at 0 s, 1 s … 9 s; even ones are ann's, 3 was refused. */
static void
trail(struct ctx *c, struct uuid shop, struct uuid ann)
{
	struct audit a = {.event = "signed_in", .actor = "customer"};
	int64_t begun = c->now;
	int i;

	for (i = 0; i < 10; i++, c->now += SECOND_MS) {
		a.customer = i % 2 ? (struct uuid){{0}} : ann;
		a.ok = i != 3;
		a.event = i < 5 ? "signed_in" : "refreshed";
		ck_ok(store_audit(c, shop, &a));
	}
	c->now = begun;
}

START_TEST(test_lists)
{
	struct ctx *c = street_open();
	struct uuid ann = uuid_make(1), other = street_tenant(c, "other");
	int64_t begun = c->now;
	const struct {
		const char *what;
		struct audit_filter f;
		size_t n;
		int64_t first; /* seconds */
	} cases[] = {
	    {"all of a shop", {.tenant = other, .most = 99}, 10, 9},
	    {"the newest of it", {.tenant = other, .most = 3}, 3, 9},
	    {"the oldest first", {.tenant = other, .oldest = true, .most = 3},
		3, 0},
	    {"from a time on",
		{.tenant = other, .since = begun + 7000, .most = 99}, 3, 9},
	    {"from a time on, the oldest first",
		{.tenant = other,
		    .since = begun + 6001,
		    .oldest = true,
		    .most = 99},
		3, 7},
	    {"one customer's", {.tenant = other, .customer = ann, .most = 99},
		5, 8},
	    {"one customer's from a time on, the oldest first",
		{.tenant = other,
		    .customer = ann,
		    .since = begun + 3000,
		    .oldest = true,
		    .most = 99},
		3, 4},
	    {"one event", {.tenant = other, .event = "signed_in", .most = 99},
		5, 4},
	    {"what was refused",
		{.tenant = other, .result = "refused", .most = 99}, 1, 3},
	    {"all shops'", {.most = 99}, 20, 9},
	    {"all shops' from a time on", {.since = begun + 8000, .most = 99},
		4, 9},
	    {"all shops', the oldest first",
		{.since = begun + 8000, .oldest = true, .most = 3}, 3, 8},
	    {"none of that name", {.event = "signed_on", .most = 99}, 0, 0},
	};
	struct audit_row *rows;
	size_t i, n;

	trail(c, c->tenant_id, ann);
	trail(c, other, ann);
	for (i = 0; i < COUNT(cases); i++) {
		ck_ok(store_audit_list(c, &cases[i].f, &rows, &n));
		ck_assert_msg(n == cases[i].n, "%s: %zu", cases[i].what, n);
		ck_case(cases[i].what,
		    n == 0 || rows[0].at == begun + cases[i].first * SECOND_MS);
	}
	test_done(c);
}
END_TEST

START_TEST(test_what_a_row_says)
{
	struct ctx *c = street_open();
	struct uuid ann = uuid_make(1), other = street_tenant(c, "other");
	struct audit_filter f = {.tenant = other, .most = 99};
	struct audit_row *rows;
	size_t n;

	trail(c, other, ann);
	ck_ok(store_audit_list(c, &f, &rows, &n));
	ck_assert_str_eq(rows[0].slug, "other");
	ck_assert_str_eq(rows[6].result, "refused");
	ck_assert_str_eq(rows[6].address, "192.0.2.1");
	ck_assert(uuid_equal(rows[1].customer, ann));
	test_done(c);
}
END_TEST

/* However long the trail is, a time is found by its key. */
START_TEST(test_a_range_is_read_not_the_trail)
{
	struct ctx *c = street_open();
	struct audit_filter shop = {.tenant = c->tenant_id, .most = 99};
	struct audit_filter all = {.most = 99};
	struct audit a = {
	    .event = "signed_in", .ok = true, .actor = "customer"};
	struct audit_row *rows;
	int64_t before;
	size_t n;

	ck_ok(db_script(c,
	    "INSERT INTO audit_events (tenant_id, id, at, event, result, actor)"
	    " SELECT t.id, UNHEX(LPAD(HEX(seq), 32, '0')), seq, 'old', 'ok',"
	    " 'customer' FROM tenants t, seq_1_to_20000;\n"
	    "ANALYZE TABLE audit_events;\n"));
	ck_ok(store_audit(c, c->tenant_id, &a));
	shop.since = all.since = c->now;
	ck_ok(store_audit_list(c, &shop, &rows, &n));
	ck_ok(store_audit_list(c, &all, &rows, &n));
	before = street_reads(c);
	ck_ok(store_audit_list(c, &shop, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_audit_list(c, &all, &rows, &n));
	ck_assert_uint_eq(n, 1);
	shop.since = all.since = 0;
	ck_ok(store_audit_list(c, &shop, &rows, &n));
	ck_ok(store_audit_list(c, &all, &rows, &n));
	ck_assert_uint_eq(n, 99);
	ck_assert_int_lt(street_reads(c) - before, 1500);
	test_done(c);
}
END_TEST

SUITE(audit, test_a_row, test_lists, test_what_a_row_says,
    test_a_range_is_read_not_the_trail)
