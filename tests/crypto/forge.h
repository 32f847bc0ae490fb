/* SPDX-License-Identifier: ISC */
/* What the tests of crypto share: published keys, tokens made by hand. */

#ifndef FORGE_H
#define FORGE_H

#include "crypto/crypto.h"

/* The key of RFC 7515, A.3. */
#define RFC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define RFC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define RFC_D "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"

/* HMAC-SHA-256 (RFC 2104) by hand, over digest_sha256 alone. */
struct digest	 forge_hmac(struct bytes key, struct bytes text);

/* PKCS#8 DER of a P-256 key whose d, x and y are given as base64url. */
struct bytes	 forge_pkcs8(struct arena *, const char *d, const char *x,
		    const char *y);
/* The public half of the RFC's key as a PEM text. */
struct bytes	 forge_public_pem(struct arena *);

struct bytes	 forge_bytes(const char *text);
struct bytes	 forge_base64url(struct arena *, const char *);
struct sign_key	*forge_key(enum alg, struct bytes material);

/* header.payload, both as base64url. */
const char	*forge_body(struct arena *, const char *header,
		    struct bytes payload);
/* body.signature */
const char	*forge_token(struct arena *, const char *body,
		    struct bytes signature);
const char	*forge_signed(struct arena *, const struct sign_key *,
		    const char *header, struct bytes payload);

/*
 * %h, %p, %s: the three segments of a token; %% a percent sign; every other
 * byte stands for itself.
 */
const char	*forge_mould(struct arena *, const char *mould,
		    const char *token);

/* What fd 2 receives from here to forge_log_end, which answers the text. */
int		 forge_log_begin(void);
const char	*forge_log_end(struct arena *, int);

enum { NOW = 1800000000, LEEWAY = 60, SIG_LEN = 64 };

/* A context at NOW with the RFC's key and a shared secret; a quieter log. */
struct stand {
	struct ctx	*c;
	struct sign_key	*es, *hs;
};

struct stand	 stand_new(void);
void		 stand_done(struct stand *);

/* Where a token is refused; NONE: it is not. */
enum stage { PEEK, OPEN, TIMES, NONE };

/* Who takes this token, with this key? */
enum stage	 taken_until(struct ctx *, const struct sign_key *,
		    const char *token, enum err *);

#endif
