/* SPDX-License-Identifier: ISC */
/* What anybody may know: whose keys, and which of them. */

#include "shop.h"

static size_t
count(struct ctx *c)
{
	struct public_key *keys;
	size_t n;

	ck_ok(jwks_list(c, c->tenant, &keys, &n));
	return n;
}

START_TEST(test_whose)
{
	struct ctx *c = shop_open();
	const struct tenant *t;

	ck_ok(jwks_tenant(c, c->tenant->text, &t));
	ck_assert(uuid_equal(t->id, c->tenant->id));
	ck_err(jwks_tenant(c, "shop", &t), ERR_NOT_FOUND);
	ck_err(jwks_tenant(c, "", &t), ERR_NOT_FOUND);
	ck_err(jwks_tenant(c, uuid_text(c->arena, uuid_make(c->now)), &t),
	    ERR_NOT_FOUND);
	ck_err(jwks_tenant(c, NULL, &t), ERR_NOT_FOUND);
	ck_ok(shop_suspend(c, c->tenant, true));
	ck_err(jwks_tenant(c, c->tenant->text, &t), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

/* HS512 keys are none of the world's business; the next ES256 key is. */
START_TEST(test_which)
{
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	struct public_key *keys;
	const char *kid, *x, *y;
	size_t n;

	ck_ok(jwks_list(c, c->tenant, &keys, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
	ck_ok(key_public(c->arena, ring->key, &x, &y));
	ck_assert_str_eq(keys->kid, ring->kid);
	ck_assert_str_eq(keys->alg, "ES256");
	ck_assert_str_eq(keys->x, x);
	ck_assert_str_eq(keys->y, y);
	ck_ok(signing_key_create(c, c->tenant_id, ALG_HS512, &kid));
	ck_assert_uint_eq(count(c), 1);
	ck_ok(signing_key_create(c, c->tenant_id, ALG_ES256, &kid));
	ck_assert_uint_eq(count(c), 2);
	ck_ok(db_script(c, "DELETE FROM signing_keys WHERE alg = 'ES256';\n"));
	ck_assert_uint_eq(count(c), 0);
	shop_close(c);
}
END_TEST

/* One that cannot be opened does not hide the others. */
START_TEST(test_of_an_unknown_master_key)
{
	struct ctx *c = shop_open();
	struct public_key *keys;
	size_t n;

	shop_later(c, DAY_MS);
	shop_rotate_by_two(c);
	ck_assert_uint_eq(count(c), 1);
	ck_ok(db_script(c, "DELETE FROM signing_keys WHERE retires_at > 0;\n"));
	ck_err(jwks_list(c, c->tenant, &keys, &n), ERR_SEALED);
	shop_master(c, MASTER_1 MASTER_2);
	shop_later(c, 5 * SECOND_MS);
	ck_assert_uint_eq(count(c), 1);
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

SUITE(jwks, test_whose, test_which, test_of_an_unknown_master_key)
