/* SPDX-License-Identifier: ISC */
/* Carts: written as a whole, read in order, closed once they moved. */

#include "street.h"

static const char two[] =
    "[{\"p\":\"b\",\"v\":\"red\",\"q\":2,\"a\":\"{\\\"gift\\\":true}\"},"
    "{\"p\":\"a\",\"v\":\"\",\"q\":999,\"a\":null}]";

START_TEST(test_write_and_read)
{
	struct ctx *c = street_open();
	struct uuid id = uuid_make(c->now);
	struct cart cart;

	ck_ok(store_cart_read(c, id, &cart));
	ck_assert_uint_eq(cart.n, 0);
	ck_ok(store_cart_write(c, id, true, two, c->now + DAY_MS));
	ck_ok(store_cart_read(c, id, &cart));
	ck_assert_uint_eq(cart.n, 2);
	ck_assert_str_eq(cart.lines[0].product_id, "b");
	ck_assert_str_eq(cart.lines[0].variant_id, "red");
	ck_assert_str_eq(cart.lines[0].attributes, "{\"gift\":true}");
	ck_assert_int_eq(cart.lines[1].quantity, 999);
	ck_assert_ptr_null(cart.lines[1].attributes);
	ck_ok(store_cart_write(c, id, true, "[]", c->now + DAY_MS));
	ck_ok(store_cart_read(c, id, &cart));
	ck_assert_uint_eq(cart.n, 0);
	test_done(c);
}
END_TEST

START_TEST(test_tenants_do_not_cross)
{
	struct ctx *c = street_open();
	struct uuid id = uuid_make(c->now);
	struct cart cart;

	ck_ok(store_cart_write(c, id, true, two, c->now + DAY_MS));
	c->tenant_id = street_tenant(c, "other");
	ck_ok(store_cart_read(c, id, &cart));
	ck_assert_uint_eq(cart.n, 0);
	test_done(c);
}
END_TEST

SUITE(cart, test_write_and_read, test_tenants_do_not_cross)
