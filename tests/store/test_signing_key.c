/* SPDX-License-Identifier: ISC */
/* Signing keys: the newest that already signs; a retired one is not found. */

#include "street.h"

static void
key_add(struct ctx *c, const char *kid, int64_t from, int64_t retires)
{
	struct signing_key_row row = {.tenant = c->tenant_id,
	    .kid = kid,
	    .alg = "HS512",
	    .material = {(const unsigned char *)"sealed", 6},
	    .signs_from = from,
	    .retires_at = retires,
	    .created_at = c->now};

	row.id = uuid_make(c->now);
	ck_ok(store_signing_key_add(c, &row));
}

START_TEST(test_current)
{
	struct ctx *c = street_open();
	struct signing_key_row row;

	ck_assert_int_eq(
	    store_signing_key_current(c, c->tenant_id, "HS512", &row),
	    ERR_NOT_FOUND);
	key_add(c, "old", c->now - 2, 0);
	key_add(c, "now", c->now - 1, 0);
	key_add(c, "retired", c->now, c->now);
	key_add(c, "next", c->now + 1, 0);
	ck_ok(store_signing_key_current(c, c->tenant_id, "HS512", &row));
	ck_assert_str_eq(row.kid, "now");
	ck_assert_int_eq(
	    store_signing_key_current(c, c->tenant_id, "ES256", &row),
	    ERR_NOT_FOUND);
	c->now++;
	ck_ok(store_signing_key_current(c, c->tenant_id, "HS512", &row));
	ck_assert_str_eq(row.kid, "next");
	test_done(c);
}
END_TEST

START_TEST(test_by_kid)
{
	struct ctx *c = street_open();
	struct signing_key_row row, *rows;
	size_t n;

	key_add(c, "next", c->now + 1, 0);
	key_add(c, "retired", c->now, c->now);
	ck_ok(store_signing_key_by_kid(c, "next", &row));
	ck_assert(uuid_equal(row.tenant, c->tenant_id));
	ck_assert_uint_eq(row.material.n, 6);
	ck_assert_int_eq(
	    store_signing_key_by_kid(c, "NEXT", &row), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_signing_key_by_kid(c, "retired", &row), ERR_NOT_FOUND);
	ck_ok(store_signing_key_list(c, c->tenant_id, &rows, &n));
	ck_assert_uint_eq(n, 2);
	test_done(c);
}
END_TEST

SUITE(signing_key, test_current, test_by_kid)
