/* SPDX-License-Identifier: ISC */
/* Signing keys: who signs when, and kids that were never ours. */

#include "shop.h"

START_TEST(test_the_first_signs_at_once)
{
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	const char *first, *second;

	ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
	first = arena_text(c->arena, ring->kid);
	ck_ok(signing_key_create(c, c->tenant_id, ALG_ES256, &second));
	shop_later(c, 359 * SECOND_MS);
	ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
	ck_assert_str_eq(ring->kid, first);
	ck_ok(ring_find(c, second, &ring));
	shop_later(c, 61 * SECOND_MS);
	ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
	ck_assert_str_eq(ring->kid, second);
	ck_ok(ring_find(c, first, &ring));
	shop_close(c);
}
END_TEST

START_TEST(test_a_warm_ring_asks_nobody)
{
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	const char *kid;
	uint64_t trips;

	ck_ok(ring_current(c, c->tenant_id, ALG_HS512, &ring));
	kid = arena_text(c->arena, ring->kid);
	ck_ok(ring_find(c, kid, &ring));
	trips = db_trips(c->db);
	ck_ok(ring_current(c, c->tenant_id, ALG_HS512, &ring));
	ck_ok(ring_find(c, kid, &ring));
	ck_assert(uuid_equal(ring->tenant, c->tenant_id));
	ck_assert_uint_eq(db_trips(c->db), trips);
	shop_later(c, 60 * SECOND_MS);
	ck_ok(ring_find(c, kid, &ring));
	ck_assert_uint_eq(db_trips(c->db), trips + 1);
	shop_close(c);
}
END_TEST

START_TEST(test_a_made_up_kid_asks_nobody)
{
	static const char *const kids[] = {"", "k1", "' OR 1=1 --",
	    "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "../../dev/null",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	uint64_t trips = db_trips(c->db);
	size_t i;

	for (i = 0; i < COUNT(kids); i++)
		ck_case(
		    kids[i], ring_find(c, kids[i], &ring) == ERR_TOKEN_INVALID);
	ck_assert_uint_eq(db_trips(c->db), trips);
	shop_close(c);
}
END_TEST

START_TEST(test_a_key_that_is_gone)
{
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	const char *kid;
	uint64_t trips;

	ck_ok(ring_current(c, c->tenant_id, ALG_HS512, &ring));
	kid = arena_text(c->arena, ring->kid);
	ck_ok(db_script(c, "DELETE FROM signing_keys;\n"));
	ck_err(ring_find(c, kid, &ring), ERR_TOKEN_INVALID);
	trips = db_trips(c->db);
	ck_err(ring_find(c, kid, &ring), ERR_TOKEN_INVALID);
	ck_assert_uint_eq(db_trips(c->db), trips);
	shop_later(c, 5 * SECOND_MS);
	ck_err(ring_find(c, kid, &ring), ERR_TOKEN_INVALID);
	ck_assert_uint_eq(db_trips(c->db), trips + 1);
	shop_close(c);
}
END_TEST

START_TEST(test_a_key_is_tried)
{
	struct ctx *c = shop_open();
	struct signing_key_row *rows;
	unsigned char *bent;
	size_t i, n;

	ck_ok(store_signing_key_list(c, c->tenant_id, &rows, &n));
	ck_assert_uint_eq(n, 2);
	for (i = 0; i < n; i++)
		ck_ok(signing_key_try(c, &rows[i]));
	for (i = 0; i < n; i++) {
		if (strcmp(rows[i].alg, "HS512") != 0)
			continue;
		rows[i].alg = "ES256";
		ck_err(signing_key_try(c, &rows[i]), ERR_INTERNAL);
	}
	bent = arena_get(c->arena, rows[0].material.n);
	memcpy(bent, rows[0].material.p, rows[0].material.n);
	bent[rows[0].material.n - 1] ^= 1;
	rows[0].material.p = bent;
	ck_err(signing_key_try(c, &rows[0]), ERR_SEALED);
	shop_close(c);
}
END_TEST

SUITE(keys, test_a_key_is_tried, test_the_first_signs_at_once,
    test_a_warm_ring_asks_nobody, test_a_made_up_kid_asks_nobody,
    test_a_key_that_is_gone)
