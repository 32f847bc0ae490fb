/* SPDX-License-Identifier: ISC */
/* crypto: digests, sealing, keys, tokens: OpenSSL, libsodium, libjwt, behind it */

#ifndef CRYPTO_H
#define CRYPTO_H

#include "base/base.h"

/* ---- digest.c: SHA-2 by OpenSSL, fetched once ---------------------------- */

enum { DIGEST_LEN = 32, KEY_LEN = 32 };

struct digest {
	unsigned char	 b[DIGEST_LEN];
};

struct digest	 digest_sha256(const void *, size_t);
struct digest	 digest_text(const char *);
/* In constant time. */
bool		 digest_equal(const struct digest *, const struct digest *);
bool		 bytes_equal(const void *, const void *, size_t);
/*
 * HMAC-SHA-256 over the parts, each preceded by its length (8 bytes, big
 * endian), so that no two lists of parts give the same input.
 */
struct digest	 mac_parts(const unsigned char key[KEY_LEN],
		    const struct bytes *parts, size_t n);
/* HMAC-SHA-256 as others compute it; the key has at least one byte. */
struct digest	 mac_plain(struct bytes key, const void *, size_t);
/* NULL counts as empty. */
struct bytes	 mac_text(const char *);
#define MAC_UUID(u)	 ((struct bytes){(u).b, 16})
/* Overwrite what must not stay (OPENSSL_cleanse). */
void		 wipe(void *, size_t);

/* ---- master.c: the master keys and what is derived from them -------------- */

enum { MASTER_VERSIONS_MAX = 8 };

struct master {
	struct {
		int64_t		 version;	/* 1 to 255 */
		unsigned char	 key[KEY_LEN];
	} list[MASTER_VERSIONS_MAX];
	size_t	n;
	size_t	newest;				/* index of the highest */
};

/*
 * Lines "<version> <64 hex digits>", '#' begins a comment. ERR_CONF with the
 * mend in *why: a key too short, twice, all one byte, none at all.
 */
enum err	 master_read(struct arena *, const char *text, struct master *,
		    const char **why) MUST_USE;
bool		 master_knows(const struct master *, int64_t version);
/* Take in those of others whose version is not known; true: there were any. */
bool		 master_learn(struct master *, const struct master *others);
/* The key for one purpose (a fixed word), by version; ERR_SEALED: unknown. */
enum err	 master_derive(const struct master *, int64_t version,
		    const char *purpose, unsigned char out[KEY_LEN]) MUST_USE;

/* ---- seal.c: authenticated encryption at rest (libsodium) ----------------- */

/*
 * version (1 byte), nonce (24), XChaCha20-Poly1305 ciphertext; the context (a
 * fixed word and the row's ids) is bound as additional data.
 */
struct seal_at {
	const char		*context;	/* "signing key" … */
	const struct uuid	*row;		/* NULL: of no row */
};

#define SEAL_AT(context, row) ((struct seal_at){context, row})

struct bytes	 seal(struct arena *, const struct master *, struct seal_at,
		    const void *, size_t);
/* The version of the master key that sealed it; 0: of nothing. */
int64_t		 seal_version(struct bytes sealed);
/* ERR_SEALED: not ours, moved or altered. Plain is NUL-terminated besides. */
enum err	 unseal(struct arena *, const struct master *, struct seal_at,
		    struct bytes sealed, struct bytes *plain) MUST_USE;

/* ---- key.c: keys that sign tokens ----------------------------------------- */

/* RS256: others' keys, to verify with (jwk.c); none of ours is, or signs so. */
enum alg { ALG_ES256, ALG_HS512, ALG_RS256 };

struct sign_key;	/* parsed once; a foreign handle inside */

const char	*alg_name(enum alg);
/* Of those that our own keys may be. */
bool		 alg_read(const char *, enum alg *);
/* New private material: PKCS#8 DER, or 64 random bytes; {NULL, 0} for RS256. */
struct bytes	 key_make(struct arena *, enum alg);
/* On the heap, for a worker's cache. ERR_INTERNAL: not a key of this alg. */
enum err	 key_load(enum alg, struct bytes material,
		    struct sign_key **out) MUST_USE;
void		 key_free(struct sign_key *);
enum alg	 key_alg(const struct sign_key *);
/* The public point as base64url x and y (ES256); ERR_INTERNAL for HS512. */
enum err	 key_public(struct arena *, const struct sign_key *,
		    const char **x, const char **y) MUST_USE;
/*
 * JWS signature bytes (ES256: r and s, 64 bytes; HS512: 64 bytes). ERR_INTERNAL:
 * a key to verify with.
 */
enum err	 key_sign(const struct sign_key *, const void *, size_t,
		    unsigned char out[64]) MUST_USE;
bool		 key_verify(const struct sign_key *, const void *, size_t,
		    const unsigned char *sig, size_t sig_len);

/* ---- jwk.c: other people's public keys (RFC 7517) ------------------------- */

enum { JWKS_MAX = 256 * 1024, JWKS_KEYS_MAX = 64, JWK_KID_MAX = 255 };

/* On the heap, for a worker's cache. */
struct jwks {
	struct {
		char		 kid[JWK_KID_MAX + 1];	/* "": it has none */
		struct sign_key	*key;			/* verifies, no more */
	} list[JWKS_KEYS_MAX];
	size_t	n;
};

/*
 * Keys of P-256 (ES256) and of RSA with 2048 to 4096 bits (RS256) whose use,
 * key_ops and alg allow to verify; others are left out. ERR_UPSTREAM, logged:
 * not strict JSON, over 256 KiB, a shared secret, a private member, a kid twice,
 * over 64 keys.
 */
enum err	 jwks_read(struct ctx *, struct bytes text,
		    struct jwks **out) MUST_USE;
/* The key of this kid, or NULL; "": the only one that has none. */
const struct sign_key *jwks_find(const struct jwks *, const char *kid);
void		 jwks_free(struct jwks *);

/* ---- jwt.c: RFC 7515, 7519, 8725, 9068 ------------------------------------- */

enum { TOKEN_MAX = 8192, KID_MAX = 64 };

/* What the header of a well-shaped token says; nothing of it is proven. */
struct jwt_head {
	const char	*kid, *alg, *typ;
	const char	*token;		/* the three segments */
	size_t		 signed_len;	/* of header.payload */
	size_t		 payload_at, payload_len;
	const unsigned char *sig;
	size_t		 sig_len;
};

/*
 * The shape: three non-empty segments of base64url, at most 8 KiB; the header a
 * strict JSON map with text alg, kid ([A-Za-z0-9_-]{1,64}) and typ, and none of
 * jku x5u jwk x5c x5t crit b64 zip enc. ERR_TOKEN_INVALID, logged.
 */
enum err	 jwt_peek(struct ctx *, const char *token,
		    struct jwt_head *out) MUST_USE;
/* The signature, under just this key and its one algorithm. ERR_TOKEN_INVALID. */
enum err	 jwt_prove(struct ctx *, const struct jwt_head *,
		    const struct sign_key *) MUST_USE;
/*
 * Only of a token that was proven: the header's typ, then the payload, a strict
 * JSON map read by libjwt. ERR_TOKEN_INVALID.
 */
enum err	 jwt_claims(struct ctx *, const struct jwt_head *,
		    const char *typ, const struct json **claims) MUST_USE;
/* Both, in this order. ERR_TOKEN_INVALID, logged. */
enum err	 jwt_open(struct ctx *, const struct jwt_head *,
		    const struct sign_key *, const char *typ,
		    const struct json **claims) MUST_USE;
/*
 * exp (required), nbf and iat (if there): integers, leeway in seconds.
 * ERR_TOKEN_EXPIRED only when all else holds.
 */
enum err	 jwt_times(struct ctx *, const struct json *claims,
		    int64_t leeway_seconds) MUST_USE;

enum claim_type { CLAIM_TEXT, CLAIM_INT, CLAIM_BOOL, CLAIM_LIST };

struct claim {
	const char	*name;
	enum claim_type	 type;
	const char	*s;		/* CLAIM_LIST: blank-separated words */
	int64_t		 i;
};

/* A NULL text is left out. */
#define CLAIM_T(n, t)	 { n, CLAIM_TEXT, t, 0 }
#define CLAIM_I(n, v)	 { n, CLAIM_INT, NULL, v }
#define CLAIM_B(n, v)	 { n, CLAIM_BOOL, NULL, v }
#define CLAIM_L(n, t)	 { n, CLAIM_LIST, t, 0 }
#define CLAIM_END	 { .name = NULL }

/* libjwt builds the claims, our header goes before them, OpenSSL signs. */
struct jwt_signer {
	const struct sign_key	*key;
	const char		*kid;
};

#define SIGNER(key, kid) ((struct jwt_signer){key, kid})

enum err	 jwt_make(struct ctx *, struct jwt_signer, const char *typ,
		    const struct claim *, struct secret *token) MUST_USE;

#endif
