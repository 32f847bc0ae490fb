/* SPDX-License-Identifier: ISC */
/* jwt, making: what we make we read, and no more is made. */

#include "crypto/forge.h"
#include "test.h"

#define KID_65 \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_x"

static const struct claim claims_made[] = {
    CLAIM_T("iss", "https://auth.example.com/"),
    CLAIM_T("sub", "\xc3\xa9\"\\/<\n\xe2\x82\xac\xf0\x9f\x94\x91"),
    CLAIM_T("left_out", NULL),
    CLAIM_T("empty", ""),
    CLAIM_I("exp", INT64_C(1800000300)),
    CLAIM_I("big", INT64_MAX),
    CLAIM_I("small", INT64_MIN),
    CLAIM_B("yes", 1),
    CLAIM_B("no", 0),
    CLAIM_L("amr", " otp  mfa "),
    CLAIM_L("none", ""),
    CLAIM_L("list_left_out", NULL),
    CLAIM_END,
};

static void
claims_check(const struct json *map)
{
	const struct json *amr = json_get(map, "amr");
	const struct json *none = json_get(map, "none");

	for (const struct claim *c = claims_made; c->name; c++) {
		const struct json *got = json_get(map, c->name);

		if (c->type == CLAIM_TEXT && c->s)
			ck_assert_str_eq(json_get_text(map, c->name), c->s);
		else if (c->type == CLAIM_INT)
			ck_assert(got->type == JSON_INT && got->i == c->i);
		else if (c->type == CLAIM_BOOL)
			ck_assert(got->type == JSON_BOOL && got->b == !!c->i);
		else
			ck_assert_msg(!got == !c->s, "%s", c->name);
	}
	ck_assert(amr->type == JSON_LIST && none->type == JSON_LIST);
	ck_assert_str_eq(amr->first->s, "otp");
	ck_assert_str_eq(amr->first->next->s, "mfa");
	ck_assert_ptr_null(amr->first->next->next);
	ck_assert_ptr_null(none->first);
}

START_TEST(test_makes)
{
	struct stand s = stand_new();
	const struct sign_key *keys[] = {s.es, s.hs};

	for (size_t i = 0; i < COUNT(keys); i++) {
		const struct json *claims;
		struct secret token;
		struct jwt_head head;

		ck_assert_int_eq(jwt_make(s.c, SIGNER(keys[i], "k-1_A"),
				     "at+jwt", claims_made, &token),
		    OK);
		ck_assert_int_eq(jwt_peek(s.c, token.s, &head), OK);
		ck_assert_str_eq(head.kid, "k-1_A");
		ck_assert_str_eq(head.typ, "at+jwt");
		ck_assert_str_eq(head.alg, alg_name(key_alg(keys[i])));
		ck_assert_int_eq(
		    jwt_open(s.c, &head, keys[i], "at+jwt", &claims), OK);
		ck_assert_int_eq(jwt_times(s.c, claims, 0), OK);
		claims_check(claims);
	}
	stand_done(&s);
}
END_TEST

START_TEST(test_made_text)
{
	static const struct claim claims[] = {
	    CLAIM_T("sub", "u"), CLAIM_I("exp", 9), CLAIM_END};
	struct stand s = stand_new();
	struct secret token;

	ck_assert_int_eq(
	    jwt_make(s.c, SIGNER(s.es, "k1"), "at+jwt", claims, &token), OK);
	ck_assert_int_eq(
	    strncmp(token.s,
		forge_body(s.c->arena,
		    "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}",
		    forge_bytes("{\"exp\":9,\"sub\":\"u\"}")),
		strlen(token.s) - 87),
	    0);
	stand_done(&s);
}
END_TEST

START_TEST(test_not_made)
{
	static const struct claim bad_utf8[] = {
	    CLAIM_T("a", "\xff"), CLAIM_T("b", "1"), CLAIM_END};
	static const struct claim twice[] = {
	    CLAIM_T("a", "1"), CLAIM_T("a", "2"), CLAIM_T("b", "3"), CLAIM_END};
	static const char *const kids[] = {"", "a/b", "a b", KID_65};
	struct stand s = stand_new();
	char *fill = arena_print(s.c->arena, "%06000d", 0);
	const struct claim big[] = {CLAIM_T("a", fill), CLAIM_END};
	const struct claim bigger[] = {
	    CLAIM_T("a", fill), CLAIM_T("b", fill), CLAIM_END};
	struct secret token = {NULL};

	for (size_t i = 0; i < COUNT(kids); i++)
		ck_case(kids[i], jwt_make(s.c, SIGNER(s.hs, kids[i]), "JWT",
				     claims_made, &token) == ERR_INTERNAL);
	ck_assert_int_eq(
	    jwt_make(s.c, SIGNER(s.hs, "k"), "JWT", bad_utf8, &token),
	    ERR_INTERNAL);
	ck_assert_int_eq(jwt_make(s.c, SIGNER(s.hs, "k"), "JWT", twice, &token),
	    ERR_INTERNAL);
	ck_assert_int_eq(
	    jwt_make(s.c, SIGNER(s.hs, "k"), "JWT", bigger, &token),
	    ERR_INTERNAL);
	ck_assert_ptr_null(token.s);
	ck_assert_int_eq(
	    jwt_make(s.c, SIGNER(s.hs, "k"), "JWT", big, &token), OK);
	stand_done(&s);
}
END_TEST

SUITE(jwt_make, test_makes, test_made_text, test_not_made)
