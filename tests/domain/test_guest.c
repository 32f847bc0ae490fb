/* SPDX-License-Identifier: ISC */
/* Guest session ids: made without a write, ours or nothing. */

#include "shop.h"

START_TEST(test_made_without_a_write)
{
	struct ctx *c = shop_open();
	uint64_t trips = db_trips(c->db);
	struct secret a, b;
	struct uuid cart, again;

	ck_ok(guest_make(c, &a));
	ck_ok(guest_make(c, &b));
	ck_assert_uint_eq(strlen(a.s), 43);
	ck_assert_str_ne(a.s, b.s);
	ck_ok(guest_cart(c, a.s, &cart));
	ck_ok(guest_cart(c, a.s, &again));
	ck_assert(!uuid_is_nil(cart));
	ck_assert(uuid_equal(cart, again));
	ck_assert_uint_eq(db_trips(c->db), trips);
	shop_close(c);
}
END_TEST

START_TEST(test_foreign_and_forged)
{
	struct ctx *c = shop_open();
	struct secret a;
	struct uuid cart;
	char *forged;
	size_t i;

	ck_ok(guest_make(c, &a));
	forged = arena_text(c->arena, a.s);
	for (i = 0; i < strlen(a.s); i++) {
		forged[i] = a.s[i] == 'A' ? 'B' : 'A';
		ck_ok(guest_cart(c, forged, &cart));
		ck_assert(uuid_is_nil(cart));
		forged[i] = a.s[i];
	}
	ck_ok(guest_cart(c, NULL, &cart));
	ck_assert(uuid_is_nil(cart));
	ck_ok(guest_cart(c, "", &cart));
	ck_assert(uuid_is_nil(cart));
	shop_enter(c, shop_add(c, "other"));
	ck_ok(guest_cart(c, a.s, &cart));
	ck_assert(uuid_is_nil(cart));
	shop_close(c);
}
END_TEST

SUITE(guest, test_made_without_a_write, test_foreign_and_forged)
