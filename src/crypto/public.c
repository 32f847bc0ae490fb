/* SPDX-License-Identifier: ISC */
/* Public halves of others' keys: P-256 and RSA, to verify with and no more. */

#include "crypto/inside.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	COORDINATE_LEN = 32,
	POINT_LEN = 1 + 2 * COORDINATE_LEN,
	RSA_BITS_MIN = 2048, /* RFC 7518, 3.3 */
	RSA_BITS_MAX = 4096,
	EXPONENT_LEN_MAX = 8
};

#define EXPONENT_MIN 65537 /* FIPS 186-5, A.1.1 */

/* A key of this type out of its numbers, or NULL. */
static EVP_PKEY *
pkey_make(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (!ctx)
		abort();
	if (EVP_PKEY_fromdata_init(ctx) <= 0 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* Takes the pkey, which may be NULL; what is no sound key becomes NULL. */
static struct sign_key *
verifier_make(enum alg alg, EVP_PKEY *pkey)
{
	struct sign_key *key = key_new(alg);
	bool fine;

	key->pair = pkey;
	if (pkey)
		key->verifier = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	fine = key->verifier && EVP_PKEY_public_check(key->verifier) > 0 &&
	       EVP_PKEY_verify_init(key->verifier) > 0;
	if (fine && alg == ALG_RS256)
		fine = EVP_PKEY_CTX_set_rsa_padding(
			   key->verifier, RSA_PKCS1_PADDING) > 0 &&
		       EVP_PKEY_CTX_set_signature_md(
			   key->verifier, EVP_sha256()) > 0;
	if (fine)
		return key;
	key_free(key);
	errors_forget();
	return NULL;
}

struct sign_key *
public_ec(struct bytes x, struct bytes y)
{
	char group[] = "prime256v1";
	unsigned char point[POINT_LEN] = {POINT_CONVERSION_UNCOMPRESSED};
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(
		OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
	    OSSL_PARAM_construct_octet_string(
		OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
	    OSSL_PARAM_construct_end(),
	};

	if (x.n != COORDINATE_LEN || y.n != COORDINATE_LEN)
		return NULL;
	memcpy(point + 1, x.p, COORDINATE_LEN);
	memcpy(point + 1 + COORDINATE_LEN, y.p, COORDINATE_LEN);
	return verifier_make(ALG_ES256, pkey_make("EC", params));
}

static bool
numbers_fit(const BIGNUM *n, const BIGNUM *e)
{
	int bits = BN_num_bits(n);

	return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX && BN_is_odd(n) &&
	       BN_is_odd(e) && BN_get_word(e) >= EXPONENT_MIN;
}

static EVP_PKEY *
rsa_make(const BIGNUM *n, const BIGNUM *e)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params;
	EVP_PKEY *pkey;

	if (!build ||
	    !OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) ||
	    !OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) ||
	    !(params = OSSL_PARAM_BLD_to_param(build)))
		abort();
	pkey = pkey_make("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	return pkey;
}

struct sign_key *
public_rsa(struct bytes n, struct bytes e)
{
	EVP_PKEY *pkey = NULL;
	BIGNUM *modulus, *exponent;

	if (n.n > RSA_BITS_MAX / CHAR_BIT || e.n > EXPONENT_LEN_MAX)
		return NULL;
	modulus = BN_bin2bn(n.p, (int)n.n, NULL);
	exponent = BN_bin2bn(e.p, (int)e.n, NULL);
	if (!modulus || !exponent)
		abort();
	if (numbers_fit(modulus, exponent))
		pkey = rsa_make(modulus, exponent);
	BN_free(modulus);
	BN_free(exponent);
	return pkey ? verifier_make(ALG_RS256, pkey) : NULL;
}

bool
rs256_verify(
    const struct sign_key *key, const void *p, size_t n, struct bytes sig)
{
	struct digest d = digest_sha256(p, n);
	bool fine;

	if (sig.n != (size_t)EVP_PKEY_get_size(key->pair))
		return false;
	fine =
	    EVP_PKEY_verify(key->verifier, sig.p, sig.n, d.b, sizeof d.b) == 1;
	if (!fine)
		errors_forget();
	return fine;
}
