/* SPDX-License-Identifier: ISC */
/* SHA-256, HMAC over parts, comparing in constant time, wiping. */

#include "crypto/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static const EVP_MD *
sha256(void)
{
	static EVP_MD *md;

	if (!md && !(md = EVP_MD_fetch(NULL, "SHA256", NULL)))
		abort();
	return md;
}

/* An HMAC-SHA-256 under way; the caller frees it. */
static EVP_MAC_CTX *
hmac_begin(const void *key, size_t key_len)
{
	static EVP_MAC *mac;
	char hash[] = "SHA256";
	OSSL_PARAM params[2];
	EVP_MAC_CTX *ctx;

	if (!mac && !(mac = EVP_MAC_fetch(NULL, "HMAC", NULL)))
		abort();
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash, 0);
	params[1] = OSSL_PARAM_construct_end();
	ctx = EVP_MAC_CTX_new(mac);
	if (!ctx || !EVP_MAC_init(ctx, key, key_len, params))
		abort();
	return ctx;
}

static void
hmac_add(EVP_MAC_CTX *ctx, const unsigned char *p, size_t n)
{
	if (n && !EVP_MAC_update(ctx, p, n))
		abort();
}

static void
hmac_add_length(EVP_MAC_CTX *ctx, uint64_t n)
{
	unsigned char b[8];

	for (int i = 7; i >= 0; i--, n >>= 8)
		b[i] = (unsigned char)(n & 0xff);
	hmac_add(ctx, b, sizeof b);
}

struct digest
digest_sha256(const void *p, size_t n)
{
	struct digest d;

	if (!EVP_Digest(n ? p : "", n, d.b, NULL, sha256(), NULL))
		abort();
	return d;
}

struct digest
digest_text(const char *s)
{
	return digest_sha256(s, strlen(s));
}

bool
digest_equal(const struct digest *a, const struct digest *b)
{
	return bytes_equal(a->b, b->b, DIGEST_LEN);
}

bool
bytes_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

struct bytes
mac_text(const char *s)
{
	return (struct bytes){(const unsigned char *)s, s ? strlen(s) : 0};
}

struct digest
mac_parts(const unsigned char key[KEY_LEN], const struct bytes *parts, size_t n)
{
	EVP_MAC_CTX *ctx = hmac_begin(key, KEY_LEN);
	struct digest d;
	size_t len;

	for (size_t i = 0; i < n; i++) {
		hmac_add_length(ctx, parts[i].n);
		hmac_add(ctx, parts[i].p, parts[i].n);
	}
	if (!EVP_MAC_final(ctx, d.b, &len, sizeof d.b) || len != sizeof d.b)
		abort();
	EVP_MAC_CTX_free(ctx);
	return d;
}

struct digest
mac_plain(struct bytes key, const void *p, size_t n)
{
	EVP_MAC_CTX *ctx = hmac_begin(key.p, key.n);
	struct digest d;
	size_t len;

	hmac_add(ctx, p, n);
	if (!EVP_MAC_final(ctx, d.b, &len, sizeof d.b) || len != sizeof d.b)
		abort();
	EVP_MAC_CTX_free(ctx);
	return d;
}

void
wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}
