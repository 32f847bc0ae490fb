/* SPDX-License-Identifier: ISC */
/* What a process keeps between requests: shared by this room's files only. */

#ifndef DOMAIN_INSIDE_H
#define DOMAIN_INSIDE_H

#include "domain/domain.h"

enum { RING_SLOTS = 64, VERIFIED_SLOTS = 256, KEYS_USED = 64 };

/* An API key, and when its use was remembered. */
struct key_use {
	struct uuid	 id;
	int64_t		 at;
};

struct net_header;

/* How often a worker reads again which keys there are. */
#define RING_READ_AGAIN_MS	 (60 * SECOND_MS)
/* After it is published: caches of 300 s, and a minute for the workers. */
#define KEY_SIGNS_AFTER_MS	 (300 * SECOND_MS + RING_READ_AGAIN_MS)

struct ring_slot {
	char		 kid[KID_MAX + 1];	/* "" : empty */
	struct ring_key	 pub;
	struct sign_key	*key;			/* NULL: known to be gone */
	struct digest	 sealed;		/* of what it was parsed from */
	int64_t		 read_at;		/* ms */
	int64_t		 tenant_at;		/* its updated_at then; to sign */
};

/* A token whose signature held, and under which turn of a ring's slot. */
struct verified {
	struct digest	 token;
	uint64_t	 turn;			/* 0: empty */
};

struct house {
	struct arena	*lasting;		/* for what follows */
	const char *const *locales;		/* that messages are written in */
	struct master	 master;
	int64_t		 master_read_at;	/* ms, since the start; 0: not again */
	unsigned char	 limit_key[KEY_LEN];	/* what limits are counted by */
	struct ring_slot verify[RING_SLOTS];	/* by kid */
	struct ring_slot sign[RING_SLOTS];	/* by tenant and algorithm */
	struct key_use	 used[KEYS_USED];	/* by the id's last byte */
	struct metrics	 metrics;		/* as last read */
	uint64_t	 turns;			/* keys parsed so far */
	struct verified	 verified[VERIFIED_SLOTS];	/* by the token's hash */
	uint64_t	 proofs;		/* signatures checked so far */
};

/* keys.c: forget all parsed keys */
void		 ring_close(struct house *);

/* keys.c: a new key, sealed, that is not stored yet */
enum err	 signing_key_draft(struct ctx *, struct uuid tenant, enum alg,
		    struct signing_key_row *) MUST_USE;
/* rotation.c: where none of this algorithm signs yet, make one that does */
enum err	 signing_key_ensure(struct ctx *, struct uuid tenant,
		    enum alg) MUST_USE;

/*
 * verified.c: jwt_prove(), which is spared where this key has proven this very
 * token before. Its claims and times are asked for all the same.
 */
enum err	 token_prove(struct ctx *, const struct jwt_head *,
		    const struct ring_key *) MUST_USE;

/* courier.c: why something was not delivered, in printable ASCII that fits */
const char	*courier_why(struct ctx *, const char *why);
/* webhook.c: its headers, of lines "Name: value"; a NULL name at the end */
void		 webhook_headers(struct ctx *, char *lines,
		    struct net_header *out);

/*
 * limit.c: what address limits count by: the client's address, of IPv6 the
 * /64; where a server named it, that of this server's shop alone.
 */
const char	*limit_client(struct ctx *);

/* apikey.c: a key made and not yet stored; key_store() does, in a transaction */
struct key_draft {
	struct uuid		 tenant;
	struct api_key_row	 row;
	struct audit		 audit;
};

/* ERR_USAGE, with a sentence in *why. */
enum err	 key_draft(struct ctx *, const struct api_key_new *,
		    struct key_draft *, struct api_key_made *,
		    const char **why) MUST_USE;
enum err	 key_store(struct ctx *, void *draft) MUST_USE;

/* tenant_admin.c: store it with its signing keys, audited, in a transaction */
enum err	 tenant_add(struct ctx *, const struct tenant_row *,
		    const struct audit *) MUST_USE;
/* A new MAC key for that tenant, sealed. */
struct bytes	 mac_key_make(struct ctx *, const struct uuid *tenant);

/* refresh.c: the session that a genuine refresh token names; claim may be NULL */
enum err	 session_named(struct ctx *, struct secret,
		    struct refresh_claim *, struct session *,
		    struct customer *) MUST_USE;
/* server.c: who acts, for the audit trail: the one with this key */
const char	*server_actor(struct ctx *, const struct server *);
/* merchant.c: who acts, for the audit trail: this account of the platform */
const char	*merchant_actor(struct ctx *, const struct customer *account);

/* login.c: open a session at c->tenant for who proved it; in says the rest */
enum err	 login_open(struct ctx *, const struct proof *,
		    const struct proven *, struct signin *in,
		    struct login *out) MUST_USE;
/* session.c: whose good access token this is, of whatever tenant */
struct holder {
	const struct json	*claims;
	const struct tenant	*tenant;
	struct presence		 presence;
};

enum err	 token_holder(struct ctx *, struct secret, const char *key,
		    struct holder *out) MUST_USE;
/* The same, and lets them in; *key_tenant: the key's tenant or nil */
enum err	 token_admit(struct ctx *, struct secret, const char *key,
		    struct uuid *key_tenant) MUST_USE;
/* tenant.c: the platform, by the configuration's slug */
enum err	 tenant_platform(struct ctx *, const struct tenant **) MUST_USE;

/* The same here, or else at the platform, where we then stand. */
enum err	 session_named_anywhere(struct ctx *, struct secret,
		    struct refresh_claim *, struct session *,
		    struct customer *) MUST_USE;
enum err	 session_refresh_any(struct ctx *, struct secret,
		    struct login *) MUST_USE;
/*
 * token.c: the secret in a refresh token that is a JWT, and whose it is.
 * ERR_REFRESH_WRONG; ERR_REFRESH_OVER: it is one of ours, and has expired.
 */
enum err	 token_unwrap(struct ctx *, struct secret, struct uuid *tenant,
		    struct secret *jti) MUST_USE;
/* session.c: end this one, audited, as an attack if it was one */
enum err	 session_close(struct ctx *, const struct session *,
		    const char *reason, bool attack) MUST_USE;

/* challenge.c: what limits of an identifier count by, and what codes become */
const char	*challenge_subject(struct ctx *, enum channel_kind,
		    const char *to);
const char	*phone_prefix(struct ctx *, const char *phone);
enum err	 code_hash(struct ctx *, int64_t pepper, const struct ask *,
		    const char *code, struct digest *) MUST_USE;
/* The same of a long code, in whichever case it was typed. */
enum err	 long_code_hash(struct ctx *, int64_t pepper,
		    const struct ask *, const char *code,
		    struct digest *) MUST_USE;

#endif
