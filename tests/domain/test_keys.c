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

/* Strangers' kids of a master key that is not here, one for each slot and more. */
START_TEST(test_made_up_kids_make_nobody_leave)
{
	enum { STRANGERS = 512, KID_BYTES = 23 };
	struct ctx *c = shop_open();
	unsigned char made_up[KID_BYTES];
	const struct ring_key *ring;
	const char *kid;
	uint64_t trips;
	int i;

	ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
	kid = arena_text(c->arena, ring->kid);
	ck_ok(ring_find(c, kid, &ring));
	for (i = 0; i < STRANGERS; i++) {
		world_random(made_up, sizeof(made_up));
		made_up[0] = 9;
		ck_err(ring_find(c,
			   base64url_text(c->arena, made_up, sizeof(made_up)),
			   &ring),
		    ERR_TOKEN_INVALID);
	}
	trips = db_trips(c->db);
	ck_ok(ring_find(c, kid, &ring));
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

/* As a worker sees the tenant in the next request. */
static void
next_request(struct ctx *c)
{
	const struct tenant *tenant;

	ck_ok(tenant_by_slug(c, "shop", &tenant));
	shop_enter(c, tenant);
}

/* Whatever the clock says of who retires it, and even in the same ms. */
START_TEST(test_a_retired_key_signs_no_more)
{
	static const int64_t behind[] = {0, 5 * SECOND_MS, -5 * SECOND_MS};
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	const char *old, *new;
	uint64_t trips;
	size_t i;

	for (i = 0; i < COUNT(behind); i++) {
		next_request(c);
		ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
		old = arena_text(c->arena, ring->kid);
		c->now -= behind[i];
		ck_ok(signing_key_retire(c, c->tenant, old, &new));
		c->now += behind[i];
		if (new == NULL)
			ck_abort_msg("no successor");
		next_request(c);
		if (behind[i] < 0)
			shop_later(c, -behind[i]);
		ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
		ck_assert_str_eq(ring->kid, new);
		trips = db_trips(c->db);
		ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
		ck_assert_uint_eq(db_trips(c->db), trips);
	}
	shop_close(c);
}
END_TEST

/* ---- a master key that this process has not read yet ---------------------- */

static const char *
kid_of_two(struct ctx *c)
{
	struct signing_key_row *rows;
	size_t i, n;

	ck_ok(store_signing_key_list(c, c->tenant_id, &rows, &n));
	for (i = 0; i < n; i++)
		if (seal_version(rows[i].material) == 2)
			return rows[i].kid;
	ck_abort_msg("none of version 2");
	return NULL;
}

/* Ours, and not to be opened: that is not what a bad token is. */
START_TEST(test_a_kid_of_an_unknown_master_key)
{
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	const char *kid;
	char *bent;

	shop_later(c, DAY_MS);
	shop_rotate_by_two(c);
	kid = kid_of_two(c);
	bent = arena_text(c->arena, kid);
	bent[10] = bent[10] == 'Q' ? 'A' : 'Q';
	ck_err(ring_find(c, kid, &ring), ERR_SEALED);
	ck_err(ring_find(c, bent, &ring), ERR_TOKEN_INVALID);
	shop_master(c, MASTER_1 MASTER_2);
	shop_later(c, 5 * SECOND_MS);
	ck_ok(ring_find(c, kid, &ring));
	ck_err(ring_find(c, bent, &ring), ERR_TOKEN_INVALID);
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

/* Nobody notices, from the first moment. */
START_TEST(test_a_master_key_that_was_added)
{
	struct ctx *c = shop_open();
	const struct ring_key *ring;
	const char *kid;

	shop_later(c, DAY_MS);
	shop_rotate_by_two(c);
	kid = kid_of_two(c);
	shop_master(c, MASTER_1 MASTER_2);
	ck_ok(ring_find(c, kid, &ring));
	shop_later(c, 7 * MINUTE_MS);
	next_request(c);
	ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &ring));
	ck_ok(ring_current(c, c->tenant_id, ALG_HS512, &ring));
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

SUITE(keys, test_a_retired_key_signs_no_more,
    test_a_kid_of_an_unknown_master_key, test_a_master_key_that_was_added,
    test_a_key_is_tried, test_the_first_signs_at_once,
    test_a_warm_ring_asks_nobody, test_a_made_up_kid_asks_nobody,
    test_made_up_kids_make_nobody_leave, test_a_key_that_is_gone)
