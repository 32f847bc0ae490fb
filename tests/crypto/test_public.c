/* SPDX-License-Identifier: ISC */
/* public: numbers that are a key, and those that only look like one. */

#include "crypto/inside.h"
#include "crypto/vectors.h"
#include "test.h"

#include <openssl/err.h>

/* clang-format off */
/* The same point with y and p - y; p itself; points of nobody's curve. */
#define P256_P "_____wAAAAEAAAAAAAAAAAAAAAD_______________8"
#define ZEROS  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct {
	const char	*what, *x, *y;
	bool		 is;
} points[] = {
	{ "the RFC's",              RFC_X,  RFC_Y,  true },
	{ "x and y changed about",  RFC_Y,  RFC_X,  false },
	{ "x for y",                RFC_X,  RFC_X,  false },
	{ "the point at infinity",  ZEROS,  ZEROS,  false },
	{ "x beyond the field",     P256_P, RFC_Y,  false },
	{ "y beyond the field",     RFC_X,  P256_P, false },
	{ "x of one byte",          "AQ",   RFC_Y,  false },
	{ "y of nothing",           RFC_X,  "",     false },
};
/* clang-format on */

START_TEST(test_points)
{
	struct ctx *c = test_ctx();
	struct sign_key *key;
	size_t i;

	for (i = 0; i < COUNT(points); i++) {
		key = public_ec(forge_base64url(c->arena, points[i].x),
		    forge_base64url(c->arena, points[i].y));
		ck_case(points[i].what, (key != NULL) == points[i].is);
		key_free(key);
	}
	ck_assert_msg(!ERR_peek_error(), "an error stays for the next TLS");
	test_done(c);
}
END_TEST

/* An odd number of so many bits, which no small number divides (it may not). */
static struct bytes
modulus(struct ctx *c, struct bytes from, size_t bits)
{
	unsigned char *p = arena_get(c->arena, bits / 8);
	size_t i;

	for (i = 0; i < bits / 8; i++)
		p[i] = from.p[i % from.n];
	p[0] |= 0x80;
	p[bits / 8 - 1] |= 1;
	return (struct bytes){p, bits / 8};
}

static bool
is_rsa(struct ctx *c, struct bytes n, const char *e)
{
	struct sign_key *key = public_rsa(n, forge_base64url(c->arena, e));
	bool is = key != NULL;

	ck_assert(!is || key_alg(key) == ALG_RS256);
	key_free(key);
	return is;
}

START_TEST(test_moduli)
{
	struct ctx *c = test_ctx();
	struct bytes n = forge_base64url(c->arena, A2_N), zero, even;
	unsigned char *p;

	ck_assert(is_rsa(c, n, "AQAB"));
	ck_assert_msg(!is_rsa(c, (struct bytes){n.p, 255}, "AQAB"), "2040");
	ck_assert_msg(!is_rsa(c, (struct bytes){n.p, 128}, "AQAB"), "1024");
	ck_assert_msg(!is_rsa(c, (struct bytes){n.p, 0}, "AQAB"), "nothing");
	ck_assert_msg(!is_rsa(c, modulus(c, n, 4104), "AQAB"), "4104");
	p = arena_get(c->arena, 257);
	memcpy(p + 1, n.p, 256);
	zero = (struct bytes){p, 257};
	ck_assert_msg(is_rsa(c, zero, "AQAB"), "a zero byte before it");
	even = modulus(c, n, 2048);
	p = arena_get(c->arena, 256);
	memcpy(p, even.p, 256);
	p[255] &= 0xfe;
	ck_assert_msg(!is_rsa(c, (struct bytes){p, 256}, "AQAB"), "even");
	ck_assert_msg(!ERR_peek_error(), "an error stays for the next TLS");
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *e;
	bool		 is;
} exponents[] = {
	{ "65537",               "AQAB",         true },
	{ "65537, a zero before", "AAEAAQ",      true },
	{ "65539",               "AQAD",         true },
	{ "2^32 + 1",            "AQAAAAE",      true },
	{ "65536",               "AQAA",         false },
	{ "65535",               "__8",          false },
	{ "3",                   "Aw",           false },
	{ "1",                   "AQ",           false },
	{ "0",                   "AA",           false },
	{ "nothing",             "",             false },
	{ "nine bytes",          "AQAAAAAAAAAB", false },
};
/* clang-format on */

START_TEST(test_exponents)
{
	struct ctx *c = test_ctx();
	struct bytes n = forge_base64url(c->arena, A2_N);
	size_t i;

	for (i = 0; i < COUNT(exponents); i++)
		ck_case(exponents[i].what,
		    is_rsa(c, n, exponents[i].e) == exponents[i].is);
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *n, *signed_text, *sig;
} vectors[] = {
	{ "RFC 7515, A.2", A2_N,  A2_SIGNED,  A2_SIG },
	{ "RFC 7520, 4.1", C33_N, C41_SIGNED, C41_SIG },
};
/* clang-format on */

/* As published; bent in each byte; longer and shorter. */
static void
vector_try(struct ctx *c, size_t at)
{
	const char *what = vectors[at].what, *text = vectors[at].signed_text;
	struct bytes sig = forge_base64url(c->arena, vectors[at].sig);
	struct sign_key *key =
	    public_rsa(forge_base64url(c->arena, vectors[at].n),
		forge_base64url(c->arena, "AQAB"));
	unsigned char bent[2 * 256] = {0};
	size_t i;

	ck_case(what, key != NULL);
	ck_case(what, key_verify(key, text, strlen(text), sig.p, sig.n));
	ck_case(what, !key_verify(key, text, strlen(text) - 1, sig.p, sig.n));
	memcpy(bent, sig.p, sig.n);
	for (i = 0; i < sizeof bent; i++)
		ck_case(what, key_verify(key, text, strlen(text), bent, i) ==
				  (i == sig.n));
	for (i = 0; i < sig.n; i++) {
		bent[i] ^= (unsigned char)(1 << i % 8);
		ck_case(
		    what, !key_verify(key, text, strlen(text), bent, sig.n));
		bent[i] ^= (unsigned char)(1 << i % 8);
	}
	memset(bent, 0, sizeof bent);
	ck_case(what, !key_verify(key, text, strlen(text), bent, sig.n));
	ck_assert_msg(!ERR_peek_error(), "an error stays for the next TLS");
	key_free(key);
}

START_TEST(test_rs256_vectors)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(vectors); i++)
		vector_try(c, i);
	test_done(c);
}
END_TEST

START_TEST(test_a_public_key_signs_nothing)
{
	struct ctx *c = test_ctx();
	struct sign_key *ec = public_ec(
	    forge_base64url(c->arena, RFC_X), forge_base64url(c->arena, RFC_Y));
	struct sign_key *rsa = public_rsa(
	    forge_base64url(c->arena, A2_N), forge_base64url(c->arena, "AQAB"));
	struct bytes sig = forge_base64url(c->arena, A3_SIG);
	unsigned char out[SIG_LEN];

	ck_assert(key_verify(ec, A3_SIGNED, strlen(A3_SIGNED), sig.p, sig.n));
	ck_assert(!key_verify(rsa, A3_SIGNED, strlen(A3_SIGNED), sig.p, sig.n));
	ck_assert_int_eq(key_sign(ec, "text", 4, out), ERR_INTERNAL);
	ck_assert_int_eq(key_sign(rsa, "text", 4, out), ERR_INTERNAL);
	key_free(ec);
	key_free(rsa);
	test_done(c);
}
END_TEST

SUITE(public, test_points, test_moduli, test_exponents, test_rs256_vectors,
    test_a_public_key_signs_nothing)
