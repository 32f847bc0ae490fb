/* SPDX-License-Identifier: ISC */
/* Members: who runs which shop, asked from either side. */

#include "street.h"

static const struct uuid nil;

START_TEST(test_each_account_once)
{
	struct ctx *c = street_open();
	struct uuid ann = uuid_make(c->now), bob = uuid_make(c->now);

	ck_ok(store_member_add(c, c->tenant_id, ann, "owner"));
	ck_ok(store_member_add(c, c->tenant_id, bob, "owner"));
	ck_assert_int_eq(
	    store_member_add(c, c->tenant_id, ann, "owner"), ERR_CONFLICT);
	ck_ok(store_member_add(c, street_tenant(c, "other"), ann, "owner"));
	ck_ok(store_member_remove(c, c->tenant_id, ann));
	ck_assert_int_eq(
	    store_member_remove(c, c->tenant_id, ann), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM tenant_members"), 2);
	test_done(c);
}
END_TEST

START_TEST(test_which_shops)
{
	struct ctx *c = street_open();
	struct uuid ann = uuid_make(c->now), shops[3];
	struct tenant_row *rows;
	size_t n;

	shops[0] = street_tenant(c, "one");
	shops[1] = street_tenant(c, "two");
	shops[2] = street_tenant(c, "three");
	ck_ok(store_member_shops(c, ann, nil, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_ok(store_member_add(c, shops[2], ann, "owner"));
	c->now += 1;
	ck_ok(store_member_add(c, shops[0], ann, "owner"));
	c->now += 1;
	ck_ok(store_member_add(c, shops[1], ann, "owner"));
	ck_ok(store_member_shops(c, ann, nil, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(rows[0].slug, "three");
	ck_assert_str_eq(rows[1].slug, "one");
	ck_ok(store_member_shops(c, ann, shops[1], &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(rows[0].slug, "two");
	ck_ok(store_member_shops(c, ann, c->tenant_id, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_ok(store_member_shops(c, shops[0], nil, &rows, &n));
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

/* Their addresses come from the platform, and only from there. */
START_TEST(test_who_runs_it)
{
	struct ctx *c = street_open();
	struct uuid shop = street_tenant(c, "other"), gone;
	struct member_row *rows;
	struct session s;
	size_t n;

	street_sign_in(c, "ann@x.example", &s);
	gone = uuid_make(c->now);
	ck_ok(store_member_add(c, shop, s.customer, "owner"));
	c->now += 1;
	ck_ok(store_member_add(c, shop, gone, "owner"));
	ck_ok(store_member_list(c, shop, c->tenant_id, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(uuid_equal(rows[0].account, s.customer));
	ck_assert_str_eq(rows[0].email, "ann@x.example");
	ck_assert_str_eq(rows[0].role, "owner");
	ck_assert_int_eq(rows[0].created_at, c->now - 1);
	ck_assert(uuid_equal(rows[1].account, gone));
	ck_assert_ptr_null(rows[1].email);
	ck_ok(store_member_list(c, shop, shop, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_ptr_null(rows[0].email);
	ck_ok(store_member_list(c, c->tenant_id, c->tenant_id, &rows, &n));
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

/* What a question looks at in each table. */
enum { ONE = 1 };

START_TEST(test_by_keys_among_ten_thousand)
{
	struct ctx *c = street_open();
	struct uuid ann = street_nth(7777), platform = c->tenant_id;

	street_crowd(c);
	street_keyed(c, street_stmt("member", "LIMIT 2"),
	    ARGS(UUID(ann), UUID(nil), UUID(nil)), ONE);
	street_keyed(c, street_stmt("member", "LIMIT 2"),
	    ARGS(UUID(ann), UUID(ann), UUID(ann)), ONE);
	street_keyed(c, street_stmt("member", "LEFT JOIN"),
	    ARGS(UUID(platform), UUID(ann)), ONE);
	street_keyed(c, street_stmt("member", "DELETE"),
	    ARGS(UUID(ann), UUID(ann)), ONE);
	test_done(c);
}
END_TEST

SUITE(member, test_each_account_once, test_which_shops, test_who_runs_it,
    test_by_keys_among_ten_thousand)
