/* SPDX-License-Identifier: ISC */
/* Signatures that held before: what a hit spares, and what it never does. */

#include "domain/inside.h"

#include "shop.h"

/* How many signatures were checked for this token to be admitted. */
static uint64_t
proofs(struct ctx *c, struct secret token)
{
	uint64_t before = c->house->proofs;

	ck_ok(session_admit(c, token, NULL));
	return c->house->proofs - before;
}

static struct login
sign_in_by(struct ctx *c, const char *alg)
{
	shop_set(c, "door_b_alg", alg);
	return shop_sign_in(c, "ann@x.example");
}

START_TEST(test_a_hit_spares_the_signature)
{
	struct ctx *c = shop_open();
	struct login ann = sign_in_by(c, "ES256"), again;

	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	ck_assert_uint_eq(proofs(c, ann.tokens.access), 0);
	ck_assert_uint_eq(proofs(c, ann.tokens.access), 0);
	ck_ok(session_refresh(c, ann.tokens.refresh, &again));
	ck_assert_uint_eq(proofs(c, again.tokens.access), 1);
	ck_assert_uint_eq(proofs(c, again.tokens.access), 0);
	shop_close(c);
}
END_TEST

START_TEST(test_a_mac_is_as_cheap_as_a_hash)
{
	struct ctx *c = shop_open();
	struct login ann = sign_in_by(c, "HS512");

	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	shop_close(c);
}
END_TEST

/* It is never the session that is remembered, nor the times. */
START_TEST(test_all_else_is_asked_again)
{
	struct ctx *c = shop_open();
	struct login ann = sign_in_by(c, "ES256"), bob;

	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	ck_ok(session_end(c, c->who->session.id));
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_SESSION_ENDED);
	bob = shop_sign_in(c, "bob@x.example");
	ck_assert_uint_eq(proofs(c, bob.tokens.access), 1);
	shop_later(c, DAY_MS + MINUTE_MS);
	ck_err(session_admit(c, bob.tokens.access, NULL), ERR_TOKEN_EXPIRED);
	shop_close(c);
}
END_TEST

/* The same but for one letter of the signature, and another kid's slot. */
START_TEST(test_only_the_very_token)
{
	struct ctx *c = shop_open();
	struct login ann = sign_in_by(c, "ES256");
	char *bent = arena_text(c->arena, ann.tokens.access.s);
	char *at = strrchr(bent, '.') + 1;

	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	*at = *at == 'A' ? 'B' : 'A';
	ck_err(
	    session_admit(c, (struct secret){bent}, NULL), ERR_TOKEN_INVALID);
	ck_err(
	    session_admit(c, (struct secret){bent}, NULL), ERR_TOKEN_INVALID);
	shop_close(c);
}
END_TEST

static const char *
kid_of(struct ctx *c, struct secret token)
{
	struct jwt_head head;

	ck_ok(jwt_peek(c, token.s, &head));
	return head.kid;
}

START_TEST(test_a_retired_key_proves_nothing)
{
	struct ctx *c = shop_open();
	struct login ann = sign_in_by(c, "ES256");
	const char *kid = kid_of(c, ann.tokens.access), *next;
	const struct tenant *shop = c->tenant;

	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	ck_ok(signing_key_retire(c, shop, kid, &next));
	ck_assert_ptr_nonnull(next);
	shop_later(c, 59 * SECOND_MS);
	ck_assert_uint_eq(proofs(c, ann.tokens.access), 0);
	shop_later(c, SECOND_MS);
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_TOKEN_INVALID);
	shop_later(c, HOUR_MS);
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_TOKEN_INVALID);
	shop_close(c);
}
END_TEST

/* What is read again and is the same goes on; what is another does not. */
START_TEST(test_a_key_read_again)
{
	struct ctx *c = shop_open();
	struct login ann = sign_in_by(c, "ES256");
	uint64_t turns;

	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	turns = c->house->turns;
	shop_later(c, 2 * MINUTE_MS);
	ck_assert_uint_eq(proofs(c, ann.tokens.access), 0);
	ck_assert_uint_eq(c->house->turns, turns);
	ring_close(c->house);
	ck_assert_uint_eq(proofs(c, ann.tokens.access), 1);
	ck_assert_uint_eq(c->house->turns, turns + 1);
	shop_close(c);
}
END_TEST

/* As many tokens as there are places, twice over: the house is as it was. */
START_TEST(test_the_memory_is_bounded)
{
	enum { MANY = 2 * VERIFIED_SLOTS };
	struct ctx *c = shop_open();
	const struct ring_key *sign, *ring;
	struct secret tokens[MANY];
	struct jwt_head head;
	uint64_t before;
	size_t i, used = 0;

	ck_ok(ring_current(c, c->tenant_id, ALG_ES256, &sign));
	for (i = 0; i < MANY; i++)
		ck_ok(jwt_make(c, SIGNER(sign->key, sign->kid), "at+jwt",
		    (struct claim[]){CLAIM_I("n", (int64_t)i), CLAIM_END},
		    &tokens[i]));
	for (i = 0; i < MANY; i++) {
		ck_ok(jwt_peek(c, tokens[i].s, &head));
		ck_ok(ring_find(c, head.kid, &ring));
		ck_ok(token_prove(c, &head, ring));
		before = c->house->proofs;
		ck_ok(token_prove(c, &head, ring));
		ck_assert_uint_eq(c->house->proofs, before);
	}
	for (i = 0; i < VERIFIED_SLOTS; i++)
		used += c->house->verified[i].turn != 0;
	ck_assert_uint_gt(used, VERIFIED_SLOTS / 2);
	shop_close(c);
}
END_TEST

SUITE(verified, test_a_hit_spares_the_signature,
    test_a_mac_is_as_cheap_as_a_hash, test_all_else_is_asked_again,
    test_only_the_very_token, test_a_retired_key_proves_nothing,
    test_a_key_read_again, test_the_memory_is_bounded)
