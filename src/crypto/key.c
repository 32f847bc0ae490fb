/* SPDX-License-Identifier: ISC */
/* Keys that sign tokens: ES256 and HS512 by OpenSSL, parsed once. */

#include "crypto/inside.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIG_LEN = 64,
	HALF_LEN = SIG_LEN / 2, /* of r, s, x and y */
	DER_SIG_MAX = 72,       /* of the two as ASN.1 */
	HS512_LEN = 64          /* RFC 7518, 3.2: at least the hash */
};

static const struct {
	const char *name;
	bool ours; /* our own keys may be of it */
} algs[] = {
    [ALG_ES256] = {"ES256", true},
    [ALG_HS512] = {"HS512", true},
    [ALG_RS256] = {"RS256", false},
};

void
errors_forget(void)
{
	ERR_clear_error();
}

const char *
alg_name(enum alg alg)
{
	return algs[alg].name;
}

bool
alg_read(const char *name, enum alg *out)
{
	for (size_t i = 0; i < COUNT(algs); i++)
		if (algs[i].ours && strcmp(name, algs[i].name) == 0) {
			*out = (enum alg)i;
			return true;
		}
	return false;
}

/* ---- private material ---------------------------------------------------- */

static struct bytes
es256_make(struct arena *a)
{
	EVP_PKEY *pair = EVP_EC_gen("P-256");
	PKCS8_PRIV_KEY_INFO *info = pair ? EVP_PKEY2PKCS8(pair) : NULL;
	int n = info ? i2d_PKCS8_PRIV_KEY_INFO(info, NULL) : 0;
	unsigned char *der, *end;

	if (n <= 0)
		abort();
	der = end = arena_get(a, (size_t)n);
	if (i2d_PKCS8_PRIV_KEY_INFO(info, &end) != n)
		abort();
	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(pair);
	return (struct bytes){der, (size_t)n};
}

struct bytes
key_make(struct arena *a, enum alg alg)
{
	unsigned char *p;

	if (!algs[alg].ours)
		return (struct bytes){NULL, 0};
	if (alg == ALG_ES256)
		return es256_make(a);
	p = arena_get(a, HS512_LEN);
	world_random(p, HS512_LEN);
	return (struct bytes){p, HS512_LEN};
}

static bool
is_p256(const EVP_PKEY *pair)
{
	char name[32];

	return EVP_PKEY_is_a(pair, "EC") &&
	       EVP_PKEY_get_group_name(pair, name, sizeof name, NULL) &&
	       strcmp(name, "prime256v1") == 0;
}

static bool
is_pkcs8(struct bytes der)
{
	const unsigned char *p = der.p;
	PKCS8_PRIV_KEY_INFO *info;
	bool fine;

	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.n);
	fine = info && p == der.p + der.n;
	PKCS8_PRIV_KEY_INFO_free(info);
	return fine;
}

/*
 * The pair in PKCS#8 DER with nothing after it, or NULL. Not EVP_PKCS82PKEY:
 * in OpenSSL 3.0 it takes four times as long as reading a named type.
 */
static EVP_PKEY *
pair_read(struct bytes der)
{
	const unsigned char *p = der.p;

	if (der.n > LONG_MAX || !is_pkcs8(der))
		return NULL;
	return d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)der.n);
}

static bool
es256_load(struct sign_key *key, struct bytes der)
{
	key->pair = pair_read(der);
	if (!key->pair || !is_p256(key->pair))
		return false;
	key->signer = EVP_PKEY_CTX_new_from_pkey(NULL, key->pair, NULL);
	key->verifier = EVP_PKEY_CTX_new_from_pkey(NULL, key->pair, NULL);
	return key->signer && key->verifier &&
	       EVP_PKEY_pairwise_check(key->verifier) > 0 &&
	       EVP_PKEY_sign_init(key->signer) > 0 &&
	       EVP_PKEY_verify_init(key->verifier) > 0;
}

static bool
hs512_load(struct sign_key *key, struct bytes secret)
{
	static EVP_MAC *mac;
	char hash[] = "SHA512";
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0),
	    OSSL_PARAM_construct_end(),
	};

	if (secret.n < HS512_LEN)
		return false;
	if (!mac && !(mac = EVP_MAC_fetch(NULL, "HMAC", NULL)))
		abort();
	key->mac = EVP_MAC_CTX_new(mac);
	return key->mac && EVP_MAC_init(key->mac, secret.p, secret.n, params);
}

struct sign_key *
key_new(enum alg alg)
{
	struct sign_key *key = calloc(1, sizeof *key);

	if (!key)
		abort();
	key->alg = alg;
	return key;
}

enum err
key_load(enum alg alg, struct bytes material, struct sign_key **out)
{
	struct sign_key *key = key_new(alg);
	bool fine = false;

	if (alg == ALG_ES256)
		fine = es256_load(key, material);
	else if (alg == ALG_HS512)
		fine = hs512_load(key, material);
	if (!fine) {
		key_free(key);
		errors_forget();
		return fail(
		    NULL, ERR_INTERNAL, "this is no key for %s", alg_name(alg));
	}
	*out = key;
	return OK;
}

void
key_free(struct sign_key *key)
{
	if (!key)
		return;
	EVP_PKEY_CTX_free(key->signer);
	EVP_PKEY_CTX_free(key->verifier);
	EVP_PKEY_free(key->pair);
	EVP_MAC_CTX_free(key->mac);
	wipe(key, sizeof *key);
	free(key);
}

enum alg
key_alg(const struct sign_key *key)
{
	return key->alg;
}

static bool
half_write(const BIGNUM *n, unsigned char out[HALF_LEN])
{
	return BN_bn2binpad(n, out, HALF_LEN) == HALF_LEN;
}

/* One coordinate of the public point, 32 bytes as base64url, or NULL. */
static const char *
coordinate(struct arena *a, const struct sign_key *key, const char *name)
{
	unsigned char b[HALF_LEN];
	BIGNUM *n = NULL;
	bool fine;

	fine = EVP_PKEY_get_bn_param(key->pair, name, &n) && half_write(n, b);
	BN_free(n);
	return fine ? base64url_text(a, b, sizeof b) : NULL;
}

enum err
key_public(
    struct arena *a, const struct sign_key *key, const char **x, const char **y)
{
	if (key->alg != ALG_ES256)
		return fail(NULL, ERR_INTERNAL, "this key has no public half");
	*x = coordinate(a, key, OSSL_PKEY_PARAM_EC_PUB_X);
	*y = coordinate(a, key, OSSL_PKEY_PARAM_EC_PUB_Y);
	if (!*x || !*y)
		return fail(NULL, ERR_INTERNAL, "the key has no public point");
	return OK;
}

/* ---- signatures ---------------------------------------------------------- */

/* ASN.1 to r and s, side by side. */
static bool
raw_from_der(const unsigned char *der, size_t n, unsigned char out[SIG_LEN])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	bool fine;

	if (!sig)
		return false;
	fine = half_write(ECDSA_SIG_get0_r(sig), out) &&
	       half_write(ECDSA_SIG_get0_s(sig), out + HALF_LEN);
	ECDSA_SIG_free(sig);
	return fine;
}

/* r and s, side by side, to ASN.1; its length. */
static size_t
der_from_raw(const unsigned char raw[SIG_LEN], unsigned char out[DER_SIG_MAX])
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, HALF_LEN, NULL);
	BIGNUM *s = BN_bin2bn(raw + HALF_LEN, HALF_LEN, NULL);
	int n;

	if (!sig || !r || !s || !ECDSA_SIG_set0(sig, r, s) ||
	    (n = i2d_ECDSA_SIG(sig, &out)) <= 0)
		abort();
	ECDSA_SIG_free(sig);
	return (size_t)n;
}

static bool
es256_sign(const struct sign_key *key, const void *p, size_t n,
    unsigned char out[SIG_LEN])
{
	struct digest d = digest_sha256(p, n);
	unsigned char der[DER_SIG_MAX];
	size_t len = sizeof der;

	return EVP_PKEY_sign(key->signer, der, &len, d.b, sizeof d.b) > 0 &&
	       raw_from_der(der, len, out);
}

static bool
es256_verify(const struct sign_key *key, const void *p, size_t n,
    const unsigned char sig[SIG_LEN])
{
	struct digest d = digest_sha256(p, n);
	unsigned char der[DER_SIG_MAX];
	size_t len = der_from_raw(sig, der);
	bool fine;

	fine = EVP_PKEY_verify(key->verifier, der, len, d.b, sizeof d.b) == 1;
	if (!fine)
		errors_forget();
	return fine;
}

static bool
hs512_sign(const struct sign_key *key, const void *p, size_t n,
    unsigned char out[SIG_LEN])
{
	EVP_MAC_CTX *mac = EVP_MAC_CTX_dup(key->mac);
	size_t len = 0;
	bool fine;

	fine = mac && EVP_MAC_update(mac, p, n) &&
	       EVP_MAC_final(mac, out, &len, SIG_LEN) && len == SIG_LEN;
	EVP_MAC_CTX_free(mac);
	return fine;
}

static bool
hs512_verify(const struct sign_key *key, const void *p, size_t n,
    const unsigned char sig[SIG_LEN])
{
	unsigned char want[SIG_LEN];
	bool fine;

	fine = hs512_sign(key, p, n, want) && bytes_equal(want, sig, SIG_LEN);
	wipe(want, sizeof want);
	return fine;
}

enum err
key_sign(const struct sign_key *key, const void *p, size_t n,
    unsigned char out[SIG_LEN])
{
	bool fine = false;

	if (key->signer)
		fine = es256_sign(key, p, n, out);
	else if (key->mac)
		fine = hs512_sign(key, p, n, out);
	if (fine)
		return OK;
	errors_forget();
	return fail(NULL, ERR_INTERNAL, "%s cannot sign", alg_name(key->alg));
}

bool
key_verify(const struct sign_key *key, const void *p, size_t n,
    const unsigned char *sig, size_t sig_len)
{
	if (key->alg == ALG_RS256)
		return rs256_verify(key, p, n, (struct bytes){sig, sig_len});
	if (sig_len != SIG_LEN)
		return false;
	if (key->alg == ALG_ES256)
		return es256_verify(key, p, n, sig);
	return hs512_verify(key, p, n, sig);
}
