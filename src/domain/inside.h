/* SPDX-License-Identifier: ISC */
/* What a process keeps between requests: shared by this room's files only. */

#ifndef DOMAIN_INSIDE_H
#define DOMAIN_INSIDE_H

#include "domain/domain.h"

enum { RING_SLOTS = 64 };

struct ring_slot {
	char		 kid[KID_MAX + 1];	/* "" : empty */
	struct ring_key	 pub;
	struct sign_key	*key;			/* NULL: known to be gone */
	int64_t		 read_at;		/* ms */
};

struct house {
	struct master	 master;
	unsigned char	 limit_key[KEY_LEN];	/* what limits are counted by */
	struct ring_slot verify[RING_SLOTS];	/* by kid */
	struct ring_slot sign[RING_SLOTS];	/* by tenant and algorithm */
};

/* keys.c: forget all parsed keys */
void		 ring_close(struct house *);

/* limit.c: what address limits count by */
const char	*limit_client(struct ctx *);

/* refresh.c: the session that a genuine refresh token names; claim may be NULL */
enum err	 session_named(struct ctx *, struct secret,
		    struct refresh_claim *, struct session *,
		    struct customer *) MUST_USE;
/* session.c: end this one, audited, as an attack if it was one */
enum err	 session_close(struct ctx *, const struct session *,
		    const char *reason, bool attack) MUST_USE;

/* challenge.c: what limits of an identifier count by, and what codes become */
const char	*challenge_subject(struct ctx *, enum channel_kind,
		    const char *to);
const char	*phone_prefix(struct ctx *, const char *phone);
enum err	 code_hash(struct ctx *, int64_t pepper, const struct ask *,
		    const char *code, struct digest *) MUST_USE;

#endif
