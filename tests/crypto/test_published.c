/* SPDX-License-Identifier: ISC */
/* Published tokens, and public keys in the place of secrets (RFC 8725, 2.1). */

#include "crypto/vectors.h"
#include "crypto/forgeries.h"
#include "test.h"

/* clang-format off */
static const struct {
	const char	*what, *token;
} published[] = {
	{ "RFC 7515, A.1: HS256",    A1_TOKEN },
	{ "RFC 7515, A.2: RS256",    A2_SIGNED "." A2_SIG },
	{ "RFC 7515, A.3: ES256",    A3_SIGNED "." A3_SIG },
	{ "RFC 7515, A.5: none",     A5_TOKEN },
	{ "RFC 7515, A.7: as JSON",  A7_DOCUMENT },
	{ "RFC 7520, 4.1: RS256",    C41_SIGNED "." C41_SIG },
	{ "RFC 7520, 4.5: detached", "eyJhbGciOiJFUzI1NiJ9.." A3_SIG },
};
/* clang-format on */

/* Rightly signed or not, none names a kid of ours, or is an access token. */
START_TEST(test_no_published_token_is_ours)
{
	struct stand s = stand_new();
	enum err e;
	size_t i;

	for (i = 0; i < COUNT(published); i++) {
		ck_case(published[i].what,
		    taken_until(s.c, s.es, published[i].token, &e) == PEEK);
		ck_case(published[i].what, e == ERR_TOKEN_INVALID);
	}
	stand_done(&s);
}
END_TEST

static struct sign_key *
rsa_key(struct ctx *c)
{
	struct jwks *set;
	struct sign_key *key;

	ck_assert_int_eq(
	    jwks_read(c, forge_bytes(SET("{" JWK_RSA "}")), &set), OK);
	key = set->list[0].key;
	set->n = 0;
	jwks_free(set);
	return key;
}

/* The RFC's own signature, each key asked for each algorithm. */
START_TEST(test_a_key_has_one_algorithm)
{
	static const char *const algs[] = {"RS256", "ES256", "HS256", "HS512",
	    "PS256", "RS512", "none", "rs256"};
	struct stand s = stand_new();
	struct sign_key *rsa = rsa_key(s.c);
	struct bytes sig = forge_base64url(s.c->arena, A2_SIG);
	struct jwt_head head = {.kid = "k",
	    .typ = "at+jwt",
	    .token = A2_SIGNED "." A2_SIG,
	    .signed_len = strlen(A2_SIGNED),
	    .sig = sig.p,
	    .sig_len = sig.n};
	size_t i;

	for (i = 0; i < COUNT(algs); i++) {
		head.alg = algs[i];
		ck_case(
		    algs[i], (jwt_prove(s.c, &head, rsa) == OK) == (i == 0));
		ck_case(algs[i], jwt_prove(s.c, &head, s.es) != OK);
		ck_case(algs[i], jwt_prove(s.c, &head, s.hs) != OK);
	}
	key_free(rsa);
	stand_done(&s);
}
END_TEST

/* clang-format off */
/* What anybody knows of our key, of 64 bytes and more, to be taken as a secret. */
static const struct {
	const char	*what, *text;
	bool		 base64url;
} known[] = {
	{ "its JWK",                 "{" JWK_EC "}",     false },
	{ "its JWK in another order",
	    "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" RFC_X "\",\"y\":\"" RFC_Y "\"}", false },
	{ "its set",                 SET("{" JWK_EC "}"), false },
	{ "its coordinates as text", RFC_X RFC_Y,        false },
	{ "the modulus of another",  A2_N,               true },
	{ "that modulus as text",    A2_N,               false },
	{ "its DER",
	    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7"
	    "6e8Tus9uPHvRVEXH8UTNG72bfocs3-257rn0s2ldbqkLJK2KRiMohYjlrQ",     true },
};
/* clang-format on */

static struct bytes
known_bytes(struct ctx *c, size_t i)
{
	return known[i].base64url ? forge_base64url(c->arena, known[i].text)
				  : forge_bytes(known[i].text);
}

/* Under each alg that a token may claim, the MAC is no signature of the key. */
START_TEST(test_public_keys_as_secrets)
{
	static const char *const algs[] = {"HS256", "HS512", "ES256", "RS256"};
	struct stand s = stand_new();
	struct arena *a = s.c->arena;
	struct sign_key *rsa = rsa_key(s.c), *secret;
	const char *header, *token;
	enum err e;
	size_t i, k;

	for (i = 0; i < COUNT(known); i++) {
		secret = forge_key(ALG_HS512, known_bytes(s.c, i));
		for (k = 0; k < COUNT(algs); k++) {
			header = arena_print(
			    a, "%s,\"alg\":\"%s\"}", H_ALG, algs[k]);
			token = forge_signed(a, secret, header, forge_bytes(P));
			ck_case(known[i].what,
			    taken_until(s.c, s.es, token, &e) == OPEN);
			ck_case(known[i].what,
			    taken_until(s.c, rsa, token, &e) == OPEN);
			ck_case(known[i].what,
			    taken_until(s.c, s.hs, token, &e) == OPEN);
		}
		key_free(secret);
	}
	key_free(rsa);
	stand_done(&s);
}
END_TEST

/* The same with HS256, as most libraries would have it. */
START_TEST(test_hs256_of_public_keys)
{
	struct stand s = stand_new();
	struct arena *a = s.c->arena;
	const char *body =
	    forge_body(a, H_ALG ",\"alg\":\"HS256\"}", forge_bytes(P));
	struct digest mac;
	enum err e;
	size_t i;

	for (i = 0; i < COUNT(known); i++) {
		mac = forge_hmac(known_bytes(s.c, i), forge_bytes(body));
		ck_case(
		    known[i].what, taken_until(s.c, s.es,
				       forge_token(a, body,
					   (struct bytes){mac.b, sizeof mac.b}),
				       &e) == OPEN);
	}
	stand_done(&s);
}
END_TEST

SUITE(published, test_no_published_token_is_ours, test_a_key_has_one_algorithm,
    test_public_keys_as_secrets, test_hs256_of_public_keys)
