/* SPDX-License-Identifier: ISC */
/* key: published vectors, what is no key, what is no signature. */

#include "crypto/forge.h"
#include "test.h"

#include <openssl/err.h>

enum { MANY = 300 };

/* RFC 7515, A.3: what was signed, and the signature. */
#define RFC_SIGNED                                                         \
	"eyJhbGciOiJFUzI1NiJ9."                                            \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt" \
	"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define RFC_SIG                                                            \
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA" \
	"pmWQxfKTUJqPP3-Kg6NU1Q"

/* P-256 keys whose x, and whose y, begin with a zero byte (d = 379, 444). */
#define SMALL_X_D "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAXs"
#define SMALL_X_X "AFVDiUrz0A7X10Cr29dclrBod7eH219w7qeLkKjXwAo"
#define SMALL_X_Y "u0yFo9jqKe-q-iRAaRLdhNWxTcMr9lbvbGvVil2UP5I"
#define SMALL_Y_D "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAbw"
#define SMALL_Y_X "xb8OO8cY5jjVP9V6-ZFQQBCYYB5sSFo7xuTivD-TpVI"
#define SMALL_Y_Y "AF6CbMq8xhh--NR9nphHUKdK1UWIcrmcnsDv6A-Oi1U"

static struct sign_key *
rfc_key(struct ctx *c)
{
	return forge_key(ALG_ES256, forge_pkcs8(c->arena, RFC_D, RFC_X, RFC_Y));
}

START_TEST(test_names)
{
	static const char *const unknown[] = {"none", "None", "", "es256",
	    "ES256 ", "ES384", "HS256", "RS256", "ES256K"};
	enum alg alg = ALG_ES256;

	ck_assert_str_eq(alg_name(ALG_ES256), "ES256");
	ck_assert_str_eq(alg_name(ALG_HS512), "HS512");
	ck_assert(alg_read("HS512", &alg) && alg == ALG_HS512);
	ck_assert(alg_read("ES256", &alg) && alg == ALG_ES256);
	for (size_t i = 0; i < COUNT(unknown); i++)
		ck_case(unknown[i], !alg_read(unknown[i], &alg));
}
END_TEST

START_TEST(test_rfc_signature)
{
	struct ctx *c = test_ctx();
	struct sign_key *key = rfc_key(c);
	struct bytes sig = forge_base64url(c->arena, RFC_SIG);
	const char *x, *y;

	ck_assert(key_alg(key) == ALG_ES256);
	ck_assert(
	    key_verify(key, RFC_SIGNED, strlen(RFC_SIGNED), sig.p, sig.n));
	ck_assert(
	    !key_verify(key, RFC_SIGNED, strlen(RFC_SIGNED) - 1, sig.p, sig.n));
	ck_assert_int_eq(key_public(c->arena, key, &x, &y), OK);
	ck_assert_str_eq(x, RFC_X);
	ck_assert_str_eq(y, RFC_Y);
	key_free(key);
	test_done(c);
}
END_TEST

/* By another program, under the RFC's key over "small". */
/* clang-format off */
static const struct {
	const char	*what, *hex;
} small[] = {
	{ "r begins with a zero byte",
	    "00c8cd3009791d1d6b8a7eac5cc3baa16581675090c78a2f02e80a28f44a37e5"
	    "4bec56d9302238cfa807d8b5f13fafa9b2cfec9185966071bcd8f51b43465c1d" },
	{ "s begins with a zero byte",
	    "9122a317f9aac77a57ea863437c1c323bcd74ba640554f0204ee137d0ae652a9"
	    "00d6e64fea75e7114b77f0fe07d06060a79315fdb3ff9cb698788d29e0509ea4" },
};
/* clang-format on */

START_TEST(test_small_numbers)
{
	struct ctx *c = test_ctx();
	struct sign_key *key = rfc_key(c);
	unsigned char sig[SIG_LEN];
	const char *x, *y;

	for (size_t i = 0; i < COUNT(small); i++) {
		ck_assert(hex_read(small[i].hex, sig, SIG_LEN));
		ck_case(
		    small[i].what, key_verify(key, "small", 5, sig, SIG_LEN));
	}
	key_free(key);
	key = forge_key(
	    ALG_ES256, forge_pkcs8(c->arena, SMALL_X_D, SMALL_X_X, SMALL_X_Y));
	ck_assert_int_eq(key_public(c->arena, key, &x, &y), OK);
	ck_assert_str_eq(x, SMALL_X_X);
	key_free(key);
	key = forge_key(
	    ALG_ES256, forge_pkcs8(c->arena, SMALL_Y_D, SMALL_Y_X, SMALL_Y_Y));
	ck_assert_int_eq(key_public(c->arena, key, &x, &y), OK);
	ck_assert_str_eq(y, SMALL_Y_Y);
	key_free(key);
	test_done(c);
}
END_TEST

/* RFC 4231, 4.7: a key longer than a block. */
START_TEST(test_hmac_vector)
{
	static const char text[] =
	    "Test Using Larger Than Block-Size Key - Hash Key First";
	struct ctx *c = test_ctx();
	unsigned char secret[131], sig[SIG_LEN];
	struct sign_key *key;
	const char *x, *y;

	memset(secret, 0xaa, sizeof secret);
	key = forge_key(ALG_HS512, (struct bytes){secret, sizeof secret});
	ck_assert(key_alg(key) == ALG_HS512);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(key_sign(key, text, strlen(text), sig), OK);
		ck_assert_str_eq(hex_text(c->arena, sig, SIG_LEN),
		    "80b24263c7c1a3ebb71493c1dd7be8b4"
		    "9b46d1f41b4aeec1121b013783f8f352"
		    "6b56d037e05f2598bd0fd2215d6a1e52"
		    "95e64f73f63f0aec8b915a985d786598");
	}
	ck_assert(key_verify(key, text, strlen(text), sig, SIG_LEN));
	ck_assert_int_eq(key_public(c->arena, key, &x, &y), ERR_INTERNAL);
	key_free(key);
	test_done(c);
}
END_TEST

START_TEST(test_made_keys_sign)
{
	static const enum alg algs[] = {ALG_ES256, ALG_HS512};
	struct ctx *c = test_ctx();
	unsigned char text[MANY] = {0}, sig[SIG_LEN];

	for (size_t i = 0; i < COUNT(algs); i++) {
		struct bytes material = key_make(c->arena, algs[i]);
		struct bytes again = key_make(c->arena, algs[i]);
		struct sign_key *key = forge_key(algs[i], material);
		struct sign_key *other = forge_key(algs[i], again);

		ck_assert_uint_eq(material.n, algs[i] == ALG_ES256 ? 138 : 64);
		for (size_t n = 0; n < MANY; n++) {
			ck_assert_int_eq(key_sign(key, text, n, sig), OK);
			ck_assert(key_verify(key, text, n, sig, SIG_LEN));
		}
		ck_assert(!key_verify(key, text, 1, sig, SIG_LEN));
		ck_assert(!key_verify(other, text, MANY - 1, sig, SIG_LEN));
		key_free(key);
		key_free(other);
	}
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *material;
} foreign[] = {
	{ "nothing",        "" },
	{ "one byte",       "MA" },
	{ "a key of P-384",
	    "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDARznD-QKMpGNynean2"
	    "a3pFkLbHiFandg-wQ86mm4WFoG--7hb1U0rr-4X3UkrciMWhZANiAATNcNf7aDKC"
	    "JfUq0O5lJ4cRNgmUaF2w5LGNS1BoX0VfVjipFB5bOS9bCkYUK2AyYjF91tXa7G6W"
	    "cE-THMtvo68TluwSJEjjPRN8kmE0nk2fM3MMwZ2qvQR2yebud4jSVzg" },
	{ "a key of secp256k1",
	    "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgMeWB6vHdsWFy1jm4zfrQ"
	    "Wb5ogPgeyU4KtAiYhcSmCBWhRANCAAQoBhoBhr_Zk2TQdoIBHOmJb9WgMKFEGeuC"
	    "e-xt6mJRkwE5yzStFg-y-Yauk8BcbcmJTx0ffeK33P68cUonHRrB" },
	{ "a key of Ed25519",
	    "MC4CAQAwBQYDK2VwBCIEILMpRc4QZEO_faqhiRCbDk-1CgnbeKUaX5rB0AI_KWkI" },
};
/* clang-format on */

static bool
loads(enum alg alg, struct bytes material)
{
	struct sign_key *key = NULL;
	enum err e = key_load(alg, material, &key);

	ck_assert(e == OK || (e == ERR_INTERNAL && !key));
	key_free(key);
	return e == OK;
}

START_TEST(test_foreign_material)
{
	struct ctx *c = test_ctx();

	for (size_t i = 0; i < COUNT(foreign); i++)
		ck_case(foreign[i].what,
		    !loads(ALG_ES256,
			forge_base64url(c->arena, foreign[i].material)));
	ck_assert(!loads(ALG_ES256, forge_public_pem(c->arena)));
	ck_assert(!loads(ALG_ES256, key_make(c->arena, ALG_HS512)));
	ck_assert_msg(!ERR_peek_error(), "an error stays for the next TLS");
	test_done(c);
}
END_TEST

START_TEST(test_bent_material)
{
	struct ctx *c = test_ctx();
	struct bytes der = forge_pkcs8(c->arena, RFC_D, RFC_X, RFC_Y), longer;

	ck_assert(loads(ALG_ES256, der));
	for (size_t n = 0; n < der.n; n++)
		ck_assert_msg(!loads(ALG_ES256, (struct bytes){der.p, n}),
		    "its first %zu bytes load", n);
	longer = (struct bytes){
	    (unsigned char *)arena_copy(c->arena, (const char *)der.p, der.n),
	    der.n + 1};
	ck_assert(!loads(ALG_ES256, longer));
	/* the ECPrivateKey within, which is no PKCS#8 */
	ck_assert(!loads(ALG_ES256, (struct bytes){der.p + 29, der.n - 29}));
	ck_assert_msg(!loads(ALG_ES256,
			  forge_pkcs8(c->arena, RFC_D, SMALL_X_X, SMALL_X_Y)),
	    "the public half of another key");
	ck_assert_msg(
	    !loads(ALG_ES256, forge_pkcs8(c->arena, RFC_D, RFC_X, RFC_X)),
	    "a point beside the curve");
	ck_assert_msg(
	    !loads(ALG_ES256, forge_pkcs8(c->arena,
				  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
				  RFC_X, RFC_Y)),
	    "d is zero");
	test_done(c);
}
END_TEST

START_TEST(test_short_secrets)
{
	struct ctx *c = test_ctx();
	struct bytes secret = key_make(c->arena, ALG_HS512);

	for (size_t n = 0; n < secret.n; n++)
		ck_assert(!loads(ALG_HS512, (struct bytes){secret.p, n}));
	ck_assert(loads(ALG_HS512, secret));
	key_free(NULL);
	test_done(c);
}
END_TEST

/* The order of P-256, and all ones. */
#define ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define ZERO  "0000000000000000000000000000000000000000000000000000000000000000"
#define ONE   "0000000000000000000000000000000000000000000000000000000000000001"
#define ONES  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* clang-format off */
static const struct {
	const char	*what, *hex;
} no_signatures[] = {
	{ "r and s are 0",           ZERO ZERO },
	{ "r is 0, s is 1",          ZERO ONE },
	{ "r is 1, s is 0",          ONE ZERO },
	{ "r and s are 1",           ONE ONE },
	{ "r and s are the order",   ORDER ORDER },
	{ "r is 1, s is the order",  ONE ORDER },
	{ "r and s are all ones",    ONES ONES },
};
/* clang-format on */

START_TEST(test_no_signatures)
{
	struct ctx *c = test_ctx();
	struct sign_key *es = rfc_key(c);
	struct sign_key *hs =
	    forge_key(ALG_HS512, key_make(c->arena, ALG_HS512));
	unsigned char sig[SIG_LEN];

	for (size_t i = 0; i < COUNT(no_signatures); i++) {
		ck_assert(hex_read(no_signatures[i].hex, sig, SIG_LEN));
		ck_case(no_signatures[i].what,
		    !key_verify(es, "text", 4, sig, SIG_LEN));
		ck_case(no_signatures[i].what,
		    !key_verify(hs, "text", 4, sig, SIG_LEN));
	}
	ck_assert_msg(!ERR_peek_error(), "an error stays for the next TLS");
	key_free(es);
	key_free(hs);
	test_done(c);
}
END_TEST

/* Longer, shorter and bent signatures under a key that made the right one. */
static void
bend(const struct sign_key *key)
{
	unsigned char sig[2 * SIG_LEN] = {0};

	ck_assert_int_eq(key_sign(key, "text", 4, sig), OK);
	for (size_t n = 0; n < sizeof sig; n++)
		ck_assert(key_verify(key, "text", 4, sig, n) == (n == SIG_LEN));
	ck_assert(!key_verify(key, "test", 4, sig, SIG_LEN));
	ck_assert(!key_verify(key, "", 0, sig, SIG_LEN));
	for (size_t i = 0; i < SIG_LEN; i++) {
		sig[i] ^= (unsigned char)(1 << i % 8);
		ck_assert(!key_verify(key, "text", 4, sig, SIG_LEN));
		sig[i] ^= (unsigned char)(1 << i % 8);
	}
	ck_assert(key_verify(key, "text", 4, sig, SIG_LEN));
}

START_TEST(test_bent_signatures)
{
	struct ctx *c = test_ctx();
	struct sign_key *es = rfc_key(c);
	struct sign_key *hs =
	    forge_key(ALG_HS512, key_make(c->arena, ALG_HS512));

	bend(es);
	bend(hs);
	key_free(es);
	key_free(hs);
	test_done(c);
}
END_TEST

SUITE(key, test_names, test_rfc_signature, test_small_numbers, test_hmac_vector,
    test_made_keys_sign, test_foreign_material, test_bent_material,
    test_short_secrets, test_no_signatures, test_bent_signatures)
