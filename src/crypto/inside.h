/* SPDX-License-Identifier: ISC */
/* What a parsed key holds: shared by this room's files only. */

#ifndef CRYPTO_INSIDE_H
#define CRYPTO_INSIDE_H

#include "crypto/crypto.h"

#include <openssl/evp.h>

struct sign_key {
	enum alg	 alg;
	EVP_PKEY	*pair;			/* ES256; RS256: the public half */
	EVP_PKEY_CTX	*signer, *verifier;	/* signer NULL: to verify only */
	EVP_MAC_CTX	*mac;			/* HS512: keyed, used by copies */
};

/* key.c: on the heap, with nothing in it yet */
struct sign_key	*key_new(enum alg);
/* key.c: what stays in OpenSSL's queue, the next TLS takes for its own */
void		 errors_forget(void);

/*
 * public.c: a point of P-256 by its coordinates (32 bytes each), or an RSA key
 * of 2048 to 4096 bits, to verify with. NULL: it is none.
 */
struct sign_key	*public_ec(struct bytes x, struct bytes y);
struct sign_key	*public_rsa(struct bytes n, struct bytes e);
/* public.c: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, 3.3) */
bool		 rs256_verify(const struct sign_key *, const void *, size_t,
		    struct bytes sig);

#endif
