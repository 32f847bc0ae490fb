/* SPDX-License-Identifier: ISC */
/* jwk: sets of other people's keys: what is taken, left out, refused. */

#include "crypto/vectors.h"
#include "test.h"

#define ck_ok(e) ck_assert_msg((e) == OK, "%s", err_name(e))

/* clang-format off */
#define EC_A  "{" JWK_EC ",\"kid\":\"a\"}"
#define RSA_B "{" JWK_RSA ",\"kid\":\"b\"}"
#define EC_OF(more)  SET("{" JWK_EC ",\"kid\":\"a\"" more "}")
#define ON(curve, x, y) \
	SET("{\"kty\":\"EC\",\"crv\":\"" curve "\",\"x\":\"" x "\",\"y\":\"" y "\"}")
#define RSA_OF(more) SET("{" JWK_RSA ",\"kid\":\"a\"" more "}")

/* How many keys are taken; -1: the whole set is refused. */
static const struct {
	const char	*what, *text;
	int		 keys;
} sets[] = {
	{ "no keys",                    SET(""),                                0 },
	{ "an EC key",                  SET(EC_A),                              1 },
	{ "an RSA key",                 SET(RSA_B),                             1 },
	{ "both",                       SET(EC_A "," RSA_B),                    2 },
	{ "other members of a set",     "{\"a\":1,\"keys\":[" EC_A "]}",        1 },
	{ "a key without a kid",        SET("{" JWK_EC "}"),                    1 },
	{ "an empty kid",               SET("{" JWK_EC ",\"kid\":\"\"}"),       1 },
	{ "a certificate beside it",    RSA_OF(",\"x5c\":[\"MIIB\"]"),          1 },
	{ "use sig",                    EC_OF(",\"use\":\"sig\""),              1 },
	{ "its alg",                    EC_OF(",\"alg\":\"ES256\""),            1 },
	{ "its alg, of RSA",            RSA_OF(",\"alg\":\"RS256\""),           1 },
	{ "to verify",                  EC_OF(",\"key_ops\":[\"verify\"]"),     1 },
	{ "to sign and verify",
	    EC_OF(",\"key_ops\":[\"sign\",\"verify\"]"),                        1 },

	{ "use enc",                    EC_OF(",\"use\":\"enc\""),              0 },
	{ "use Sig",                    EC_OF(",\"use\":\"Sig\""),              0 },
	{ "use null",                   EC_OF(",\"use\":null"),                 0 },
	{ "to encrypt",                 EC_OF(",\"key_ops\":[\"encrypt\"]"),    0 },
	{ "to sign only",               EC_OF(",\"key_ops\":[\"sign\"]"),       0 },
	{ "to do nothing",              EC_OF(",\"key_ops\":[]"),               0 },
	{ "key_ops a text",             EC_OF(",\"key_ops\":\"verify\""),       0 },
	{ "the alg of another",         EC_OF(",\"alg\":\"RS256\""),            0 },
	{ "ES384",                      EC_OF(",\"alg\":\"ES384\""),            0 },
	{ "PS256",                      RSA_OF(",\"alg\":\"PS256\""),           0 },
	{ "RS512",                      RSA_OF(",\"alg\":\"RS512\""),           0 },
	{ "HS256 with an RSA key",      RSA_OF(",\"alg\":\"HS256\""),           0 },
	{ "alg none",                   EC_OF(",\"alg\":\"none\""),             0 },
	{ "alg a number",               EC_OF(",\"alg\":256"),                  0 },
	{ "a kid that is a number",     SET("{" JWK_EC ",\"kid\":1}"),          0 },
	{ "P-384 by name",
	    ON("P-384", RFC_X, RFC_Y), 0 },
	{ "secp256k1 by name",
	    ON("secp256k1", RFC_X, RFC_Y), 0 },
	{ "no curve",
	    SET("{\"kty\":\"EC\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y "\"}"),    0 },
	{ "beside the curve",
	    ON("P-256", RFC_X, RFC_X), 0 },
	{ "x with padding",
	    ON("P-256", RFC_X "=", RFC_Y), 0 },
	{ "no y",
	    SET("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC_X "\"}"),      0 },
	{ "e is 1",
	    SET("{\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":\"AQ\"}"),           0 },
	{ "e a number",
	    SET("{\"kty\":\"RSA\",\"n\":\"" A2_N "\",\"e\":65537}"),            0 },
	{ "no n",                       SET("{\"kty\":\"RSA\",\"e\":\"AQAB\"}"), 0 },
	{ "Ed25519",
	    SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC_X "\"}"),   0 },
	{ "a kty of small letters",     SET("{\"kty\":\"ec\"}"),                0 },
	{ "one unknown beside one good",
	    SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC_X "\"}," EC_A), 1 },
	{ "the same kid, once for another use",
	    SET("{" JWK_EC ",\"kid\":\"b\",\"use\":\"enc\"}," RSA_B),           1 },

	{ "nothing",                    "",                                     -1 },
	{ "no JSON",                    "keys",                                 -1 },
	{ "a list",                     "[" EC_A "]",                           -1 },
	{ "a key for a set",            EC_A,                                   -1 },
	{ "no list of keys",            "{\"keys\":{}}",                        -1 },
	{ "keys null",                  "{\"keys\":null}",                      -1 },
	{ "keys twice",                 "{\"keys\":[],\"keys\":[]}",            -1 },
	{ "bytes behind the set",       SET("") "{}",                           -1 },
	{ "a key that is a text",       SET("\"EC\""),                          -1 },
	{ "a key without a kty",        SET("{}"),                              -1 },
	{ "kty a number",               SET("{\"kty\":1}"),                     -1 },
	{ "kty twice",                  SET("{\"kty\":\"EC\",\"kty\":\"oct\"}"), -1 },
	{ "a shared secret",            SET("{\"kty\":\"oct\",\"k\":\"AAAA\"}"), -1 },
	{ "one beside a good key",
	    SET(EC_A ",{\"kty\":\"oct\",\"k\":\"AAAA\",\"use\":\"enc\"}"),      -1 },
	{ "the private d",              EC_OF(",\"d\":\"" RFC_D "\""),          -1 },
	{ "d null",                     EC_OF(",\"d\":null"),                   -1 },
	{ "the private d of RSA",       RSA_OF(",\"d\":\"AQAB\""),              -1 },
	{ "p alone",                    RSA_OF(",\"p\":\"AQAB\""),              -1 },
	{ "qi alone",                   RSA_OF(",\"qi\":\"AQAB\""),             -1 },
	{ "k beside an RSA key",        RSA_OF(",\"k\":\"AQAB\""),              -1 },
	{ "d of a kind unknown",
	    SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" RFC_D "\"}"),   -1 },
	{ "a kid twice",                SET(EC_A "," EC_A),                     -1 },
	{ "a kid twice, of two kinds",
	    SET(EC_A ",{" JWK_RSA ",\"kid\":\"a\"}"),                           -1 },
	{ "a kid twice, once escaped",
	    SET(EC_A ",{" JWK_EC ",\"kid\":\"\\u0061\"}"),                      -1 },
	{ "no kid twice",               SET("{" JWK_EC "},{" JWK_RSA "}"),      2 },
};
/* clang-format on */

static int
taken(struct ctx *c, const char *text, size_t n)
{
	struct jwks *set;
	int keys;
	enum err e =
	    jwks_read(c, (struct bytes){(const unsigned char *)text, n}, &set);

	ck_assert(e == OK || e == ERR_UPSTREAM);
	if (e)
		return -1;
	keys = (int)set->n;
	jwks_free(set);
	return keys;
}

START_TEST(test_sets)
{
	struct ctx *c = test_ctx();
	size_t i;

	log_level_set(LOG_ERROR);
	for (i = 0; i < COUNT(sets); i++)
		ck_assert_msg(taken(c, sets[i].text, strlen(sets[i].text)) ==
				  sets[i].keys,
		    "case \"%s\"", sets[i].what);
	ck_assert_int_eq(taken(c, SET("") "\0", sizeof SET("")), -1);
	log_level_set(LOG_INFO);
	test_done(c);
}
END_TEST

/* n keys, each of its own kid, and blanks to fill so many bytes. */
static const char *
set_of(struct ctx *c, int n, size_t bytes)
{
	struct text t = text_new(c->arena);
	int i;

	text_add(&t, "{\"keys\":[");
	for (i = 0; i < n; i++)
		text_addf(
		    &t, "%s{" JWK_EC ",\"kid\":\"k%d\"}", i ? "," : "", i);
	text_add(&t, "]}");
	while (t.len < bytes)
		text_add_c(&t, ' ');
	return t.s;
}

START_TEST(test_bounds)
{
	struct ctx *c = test_ctx();
	char *kid = arena_get(c->arena, JWK_KID_MAX + 2);
	const char *text;

	log_level_set(LOG_ERROR);
	text = set_of(c, JWKS_KEYS_MAX, JWKS_MAX);
	ck_assert_int_eq(taken(c, text, JWKS_MAX), JWKS_KEYS_MAX);
	text = set_of(c, JWKS_KEYS_MAX, JWKS_MAX + 1);
	ck_assert_int_eq(taken(c, text, JWKS_MAX + 1), -1);
	text = set_of(c, JWKS_KEYS_MAX + 1, 0);
	ck_assert_int_eq(taken(c, text, strlen(text)), -1);
	memset(kid, 'k', JWK_KID_MAX);
	text = arena_print(c->arena, SET("{" JWK_EC ",\"kid\":\"%s\"}"), kid);
	ck_assert_int_eq(taken(c, text, strlen(text)), 1);
	kid[JWK_KID_MAX] = 'k';
	text = arena_print(c->arena, SET("{" JWK_EC ",\"kid\":\"%s\"}"), kid);
	ck_assert_int_eq(taken(c, text, strlen(text)), 0);
	log_level_set(LOG_INFO);
	test_done(c);
}
END_TEST

START_TEST(test_found_by_kid)
{
	struct ctx *c = test_ctx();
	struct bytes sig = forge_base64url(c->arena, A2_SIG);
	const struct sign_key *key;
	struct jwks *set;

	ck_ok(jwks_read(c, forge_bytes(SET(EC_A "," RSA_B)), &set));
	key = jwks_find(set, "b");
	ck_assert_ptr_nonnull(key);
	ck_assert_int_eq(key_alg(key), ALG_RS256);
	ck_assert(key_verify(key, A2_SIGNED, strlen(A2_SIGNED), sig.p, sig.n));
	key = jwks_find(set, "a");
	ck_assert_int_eq(key_alg(key), ALG_ES256);
	sig = forge_base64url(c->arena, A3_SIG);
	ck_assert(key_verify(key, A3_SIGNED, strlen(A3_SIGNED), sig.p, sig.n));
	ck_assert_ptr_null(jwks_find(set, ""));
	ck_assert_ptr_null(jwks_find(set, "A"));
	ck_assert_ptr_null(jwks_find(set, "c"));
	jwks_free(set);
	ck_ok(jwks_read(c, forge_bytes(SET(EC_A ",{" JWK_RSA "}")), &set));
	ck_assert_int_eq(key_alg(jwks_find(set, "")), ALG_RS256);
	jwks_free(set);
	ck_ok(jwks_read(
	    c, forge_bytes(SET("{" JWK_EC "},{" JWK_RSA "}," EC_A)), &set));
	ck_assert_uint_eq(set->n, 3);
	ck_assert_ptr_null(jwks_find(set, ""));
	ck_assert_ptr_nonnull(jwks_find(set, "a"));
	jwks_free(set);
	jwks_free(NULL);
	test_done(c);
}
END_TEST

/* Whose set it is must not matter to the log. */
START_TEST(test_log)
{
	static const char set[] = SET("{\"kty\":\"oct\",\"k\":\"canary\"}");
	struct ctx *c = test_ctx();
	const char *log;
	int kept = forge_log_begin();

	ck_assert_int_eq(taken(c, set, sizeof set - 1), -1);
	log = forge_log_end(c->arena, kept);
	ck_assert_ptr_null(strstr(log, "canary"));
	ck_assert_ptr_nonnull(strstr(log, "a shared secret"));
	test_done(c);
}
END_TEST

SUITE(jwk, test_sets, test_bounds, test_found_by_kid, test_log)
