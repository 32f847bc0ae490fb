/* SPDX-License-Identifier: ISC */
/* API keys: each is its tenant's, and is revoked once. */

#include "street.h"

START_TEST(test_add_list_revoke)
{
	struct ctx *c = street_open();
	struct uuid other = street_tenant(c, "other");
	unsigned char hash[32] = {1};
	struct api_key_row *rows, row = {.kind = "publishable",
				      .name = "front",
				      .prefix = "pk_12345",
				      .secret_hash = {hash, 32},
				      .scopes = ""};
	size_t n;

	row.id = uuid_make(c->now);
	ck_ok(store_api_key_add(c, c->tenant_id, &row));
	ck_assert_int_eq(store_api_key_add(c, other, &row), ERR_CONFLICT);
	ck_ok(store_api_key_list(c, other, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(
	    store_api_key_status(c, other, row.id, "revoked"), ERR_NOT_FOUND);
	ck_ok(store_api_key_status(c, c->tenant_id, row.id, "revoked"));
	ck_assert_int_eq(
	    store_api_key_status(c, c->tenant_id, row.id, "revoked"),
	    ERR_NOT_FOUND);
	ck_ok(store_api_key_list(c, c->tenant_id, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(rows[0].status, "revoked");
	ck_assert_int_eq(rows[0].expires_at, 0);
	ck_assert_ptr_null(rows[0].secret_hash.p);
	test_done(c);
}
END_TEST

SUITE(apikey, test_add_list_revoke)
