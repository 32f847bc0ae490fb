/* SPDX-License-Identifier: ISC */
/* Tokens: what an access token says, and where a refresh token leads. */

#include "shop.h"

static const struct json *
claims_of(struct ctx *c, struct secret token, const char *alg)
{
	const struct ring_key *ring;
	const struct json *claims;
	struct jwt_head head;

	ck_ok(jwt_peek(c, token.s, &head));
	ck_assert_str_eq(head.alg, alg);
	ck_assert_str_eq(head.typ, "at+jwt");
	ck_ok(ring_find(c, head.kid, &ring));
	ck_ok(jwt_open(c, &head, ring->key, "at+jwt", &claims));
	return claims;
}

START_TEST(test_claims)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	const struct json *j = claims_of(c, ann.tokens.access, "HS512");
	int64_t now = c->now / SECOND_MS;

	ck_assert_str_eq(json_get_text(j, "iss"), c->tenant->iss);
	ck_assert_str_eq(json_get_text(j, "aud"), c->tenant->aud);
	ck_assert_str_eq(json_get_text(j, "tid"), c->tenant->text);
	ck_assert_str_eq(json_get_text(j, "client_id"), c->tenant->text);
	ck_assert_str_eq(json_get_text(j, "role"), "customer");
	ck_assert_str_eq(json_get_text(j, "idp"), "email");
	ck_assert_str_eq(json_get_text(j, "email"), "ann@x.example");
	ck_assert(json_get(j, "email_verified")->b);
	ck_assert_ptr_null(json_get(j, "phone_number"));
	ck_assert_ptr_null(json_get(j, "name"));
	ck_assert_int_eq(json_get(j, "exp")->i, now + 86400);
	ck_assert_int_eq(json_get(j, "iat")->i, now);
	ck_assert_int_eq(json_get(j, "auth_time")->i, now);
	ck_assert_str_eq(json_get(j, "amr")->first->s, "otp");
	ck_assert_str_eq(
	    json_get_text(j, "sub"), uuid_text(c->arena, ann.customer.id));
	ck_assert_ptr_nonnull(json_get_text(j, "sid"));
	ck_assert_ptr_nonnull(json_get_text(j, "jti"));
	shop_close(c);
}
END_TEST

START_TEST(test_es256_by_setting)
{
	struct ctx *c = shop_open();
	struct login ann;

	shop_set(c, "door_b_alg", "ES256");
	ann = shop_sign_in(c, "ann@x.example");
	claims_of(c, ann.tokens.access, "ES256");
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	shop_close(c);
}
END_TEST

START_TEST(test_access_never_outlives_its_session)
{
	struct ctx *c = shop_open();
	struct login ann;

	shop_set(c, "door_b_access_seconds", "1800");
	shop_set(c, "door_b_refresh_idle_seconds", "3600");
	shop_set(c, "door_b_refresh_seconds", "3600");
	ann = shop_sign_in(c, "ann@x.example");
	ck_assert_int_eq(ann.tokens.access_ms, 30 * MINUTE_MS);
	ck_assert_int_eq(ann.tokens.refresh_ms, HOUR_MS);
	shop_later(c, 50 * MINUTE_MS);
	ck_ok(session_refresh(c, ann.tokens.refresh, &ann));
	ck_assert_int_eq(ann.tokens.access_ms, 10 * MINUTE_MS);
	ck_assert_int_eq(ann.tokens.refresh_ms, 10 * MINUTE_MS);
	shop_close(c);
}
END_TEST

START_TEST(test_refresh_shape)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	struct refresh_claim claim;
	struct session s;
	struct customer u;

	ck_ok(token_refresh_read(c, ann.tokens.refresh, &claim));
	ck_assert_int_eq(claim.generation, 1);
	ck_ok(store_session_find(c, claim.session, &s, &u));
	ck_ok(token_refresh_check(c, &claim, &s));
	claim.generation = 2;
	ck_err(token_refresh_check(c, &claim, &s), ERR_REFRESH_WRONG);
	shop_close(c);
}
END_TEST

SUITE(token, test_claims, test_es256_by_setting,
    test_access_never_outlives_its_session, test_refresh_shape)
