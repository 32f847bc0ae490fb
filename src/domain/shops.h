/* SPDX-License-Identifier: ISC */
/* Rules about the house, its tenants and their keys. */

#ifndef DOMAIN_SHOPS_H
#define DOMAIN_SHOPS_H

#include "crypto/crypto.h"
#include "store/store.h"

/* ---- house.c: what a process keeps between requests ----------------------- */

/*
 * Read the master keys that the configuration names, and which languages its
 * templates are in; the keyring starts empty.
 * ERR_CONF with the mend in *why.
 */
enum err	 house_open(const struct conf *, struct arena *,
		    struct house **out, const char **why) MUST_USE;
/* Wipe and free it. */
void		 house_close(struct house *);
const struct master *house_master(const struct ctx *);
/*
 * master_derive() and unseal() by the house's master keys; where the version is
 * unknown, their file is read again, at most every 5 s: the operator added one.
 */
enum err	 house_derive(struct ctx *, int64_t version,
		    const char *purpose, unsigned char out[KEY_LEN]) MUST_USE;
enum err	 house_unseal(struct ctx *, struct seal_at, struct bytes sealed,
		    struct bytes *plain) MUST_USE;
/* The languages that messages are written in; NULL at the end. */
const char *const *house_locales(const struct ctx *);
/* Does the database answer? ERR_DB_AWAY. */
enum err	 house_ready(struct ctx *) MUST_USE;

/* ---- tenant.c: whose door this is ------------------------------------------- */

struct tenant_settings {
	const char	*host;		/* WebOTP and links; "" the public URL's */
	const char	*hosts;		/* Host names that lead here */
	const char	*origins;	/* CORS: storefronts, blank-separated */
	const char	*link_url;	/* {token} {email}; "" the default */
	const char	*audience;	/* aud; "" the issuer */
	const char	*locale;
	const char	*mail_from;	/* bare address; "" the configuration's */
	bool		 fold_email_local;
	const char	*phone_countries;	/* calling codes, or * */
	const char	*phone_channel;		/* whatsapp|sms */
	const char	*whatsapp_fallback;	/* sms|none */
	int64_t		 mails_a_day, sms_a_day;
	int64_t		 requests_a_minute;	/* 0: not counted */
	int64_t		 writes_a_minute;	/* by one customer; 0: not counted */
	int64_t		 sessions_max;
	const char	*door_b_alg;		/* HS512|ES256 */
	int64_t		 door_b_access_seconds;
	int64_t		 door_b_refresh_idle_seconds;
	int64_t		 door_b_refresh_seconds;
	const char	*door_a_alg;		/* HS512|ES256 */
	int64_t		 door_a_access_seconds;
	int64_t		 door_a_refresh_idle_seconds;
	int64_t		 door_a_refresh_seconds;
	int64_t		 door_a_sessions_max;
	const char	*identity_conflict;	/* keep|update|refuse */
	int64_t		 key_rotation_days;	/* 0: never by themselves */
};

extern const struct setting tenant_settings_table[];

struct tenant {
	struct uuid		 id;
	const char		*text;		/* its id as text */
	const char		*slug, *name;
	bool			 platform, suspended;
	bool			 held;	/* founded, and not approved yet */
	struct bytes		 sealed_mac;
	const char		*iss, *aud;
	int64_t			 updated_at;	/* another after each change */
	struct tenant_settings	 set;
	struct uuid		 key_id;	/* API key used, or nil */
	int64_t			 key_per_minute;	/* 0: no limit of its own */
};

/* door.c: what each door's sessions and tokens are like */
struct door_terms {
	enum alg	 alg;
	int64_t		 access_ms, idle_ms, whole_ms;
	int64_t		 sessions_max;
};

struct door_terms door_terms(const struct tenant *, const char *door);
/* Does a door sign by this algorithm? */
bool		 doors_sign_by(const struct tenant_settings *, enum alg);
/* The longest life of what the doors sign: access tokens, and A's for refresh. */
int64_t		 doors_longest_ms(const struct tenant_settings *);
/* What was signed for a longer life than from now on ends then; 0: nothing was. */
int64_t		 doors_tokens_until(const struct ctx *,
		    const struct tenant_settings *before,
		    const struct tenant_settings *after);
/* A session of that door, for now and for who is here, not yet anybody's. */
struct session;
void		 session_draft(struct ctx *, const char *door,
		    struct session *out);
/* NULL, or what is wrong with these settings together. */
const char	*door_terms_fault(const struct tenant_settings *);

/* ERR_TENANT_UNKNOWN. A suspended one is found: the gate refuses it. */
enum err	 tenant_by_key(struct ctx *, const char *key,
		    const struct tenant **out) MUST_USE;
enum err	 tenant_by_host(struct ctx *, const char *host,
		    const char *fallback_slug, const struct tenant **out)
		    MUST_USE;
enum err	 tenant_by_slug(struct ctx *, const char *slug,
		    const struct tenant **out) MUST_USE;
enum err	 tenant_from_row(struct ctx *, const struct tenant_row *,
		    const struct tenant **out) MUST_USE;
/* Stand at this tenant's door from now on. */
void		 tenant_enter(struct ctx *, const struct tenant *);
/* HMAC under the tenant's own key, for one purpose (a fixed word). */
enum err	 tenant_mac(struct ctx *, const char *purpose,
		    const struct bytes *parts, size_t n,
		    struct digest *out) MUST_USE;
/* Is this origin on any tenant's list? ERR_NOT_FOUND: no. */
enum err	 origin_known(struct ctx *, const char *origin) MUST_USE;
/* On this tenant's list, or our own pages' origin. */
bool		 tenant_allows_origin(const struct ctx *, const char *origin);
/* The host part of the tenant's links. */
const char	*tenant_host(struct ctx *);

/* ---- shopfront.c: what a sign-in page may know of its shop ------------------ */

struct shopfront {
	const char	*name;		/* NULL: founded, and not approved yet */
	const char	*locale;
	bool		 email, phone;	/* where codes can be sent to */
};

void		 shopfront_read(const struct ctx *, struct shopfront *out);

/* ---- tenant_admin.c, apikey.c: the operator's part --------------------------- */

struct tenant_new {
	const char	*slug, *name;
	bool		 platform;
};

/* With an HS512 and an ES256 signing key. why: a sentence. ERR_USAGE, ERR_CONFLICT. */
enum err	 tenant_create(struct ctx *, const struct tenant_new *,
		    struct uuid *id, const char **why) MUST_USE;
/* Set one setting, or "name". ERR_USAGE with the sentence in *why. */
enum err	 tenant_set(struct ctx *, const struct tenant *,
		    const char *key, const char *value,
		    const char **why) MUST_USE;
struct api_key_made {
	struct uuid	 id;
	struct secret	 key;		/* the whole key is shown only here */
};

struct api_key_new {
	const char	*kind;		/* publishable|secret|partner */
	const char	*name;
	const char	*scopes;	/* blank-separated; NULL: the kind's own */
	const char	*source;	/* a partner's; else NULL */
	const char	*networks;	/* it may come from; NULL: any */
	int64_t		 per_minute;	/* 0: as LIMIT_KEY has it */
	int64_t		 expires_at;	/* 0: never */
};

#define API_KEY(k, n)	 (&(const struct api_key_new){.kind = (k), .name = (n)})

/* Audited. ERR_USAGE with a sentence in *why. */
enum err	 api_key_create(struct ctx *, const struct tenant *,
		    const struct api_key_new *, struct api_key_made *,
		    const char **why) MUST_USE;
/* active, inactive, revoked, or expired. */
const char	*api_key_standing(const struct ctx *,
		    const struct api_key_row *);
/*
 * active, inactive (opens nothing until it is active again) or revoked (for
 * good); audited. ERR_NOT_FOUND: revoked, or just so already.
 */
enum err	 api_key_status(struct ctx *, const struct tenant *,
		    struct uuid id, const char *status) MUST_USE;

/* ---- scope.c: what an API key may do --------------------------------------- */

#define SCOPE_ALL		"*"
#define SCOPE_INTROSPECT	"token:introspect"
#define SCOPE_REVOKE		"token:revoke"
#define SCOPE_CLIENT_ADDRESS	"client:address"
#define SCOPE_SIGN_IN		"customer:authenticate"
#define SCOPE_CHANNEL		"channel:read"
#define SCOPE_VOUCH_EMAIL	"vouch_email"

struct scope {
	const char	*name;
	const char	*kinds;		/* of keys that may hold it, blank-separated */
	const char	*about;
};

extern const struct scope scope_table[];		/* .name NULL at the end */

/* Is it among them, or is "*"? */
bool		 scopes_hold(const char *list, const char *scope);
/* NULL, or what is wrong with them for a key of this kind. */
const char	*scopes_fault(struct arena *, const char *list,
		    const char *kind);

/* ---- server.c: who calls with a secret key or a partner's token -------------- */

struct server {
	struct uuid		 id;		/* of its key */
	const struct tenant	*tenant;
	const char		*kind, *name;
	const char		*scopes, *source;
	int64_t			 per_minute;
	int64_t			 expires_at;
	bool			 names_client;	/* c->address, and was counted */
};

/*
 * Whose key is this? Sets c->server; c->tenant stays as it is. id: what came
 * with the key to name it, or NULL. ERR_KEY_WRONG, alike for those that are
 * unknown, inactive, expired, revoked, of another kind or from a foreign
 * network: the log tells them apart, and the audit trail where a key of ours
 * was sent. All count as wrong secrets of the client's address; ERR_TOO_MANY.
 */
enum err	 server_admit(struct ctx *, const char *kind, const char *id,
		    struct secret key) MUST_USE;
/* ERR_FORBIDDEN, audited, without that scope. */
enum err	 server_may(struct ctx *, const char *scope) MUST_USE;
/*
 * The address of the client for whom it calls, from here on (c->address), which
 * its shop's limits count apart. One use of the key. ERR_TOO_MANY;
 * ERR_FORBIDDEN without client:address; ERR_BAD_REQUEST: no address.
 */
enum err	 server_speaks_for(struct ctx *, const char *address) MUST_USE;
/* Remember, after the answer, which keys were used; at most once a minute each. */
void		 server_used(struct ctx *);

/* ---- keys.c: signing keys, and a worker's ring of parsed ones ----------------- */

/* Signs after 360 s, or at once where no other of its algorithm signs as long. */
enum err	 signing_key_create(struct ctx *, struct uuid tenant,
		    enum alg, const char **kid) MUST_USE;

struct ring_key {
	const char		*kid;
	struct uuid		 tenant;
	const struct sign_key	*key;
	int64_t			 retires_at;	/* 0: not known to */
	uint64_t		 turn;		/* of no other key here, ever */
};

/*
 * For signing; read again every 60 s, and when c->tenant, if it is that one, was
 * changed. It lasts until the ring is asked again.
 */
enum err	 ring_current(struct ctx *, struct uuid tenant, enum alg,
		    const struct ring_key **out) MUST_USE;
/*
 * For verifying. A kid that we did not make is refused without a question, but
 * where it names a master key that is not here: the database knows of all. One
 * that is gone is asked for again after 5 s. ERR_TOKEN_INVALID; ERR_SEALED:
 * it is ours, of a master key that is not here.
 */
enum err	 ring_find(struct ctx *, const char *kid,
		    const struct ring_key **out) MUST_USE;

/* ---- rotation.c: signing keys turn, and end ------------------------------------ */

/*
 * A new key, published at once, that signs after 360 s; those before it verify
 * until their last token has expired. *kid is NULL where one was made within
 * these 360 s: that one is it. Audited.
 */
enum err	 signing_key_rotate(struct ctx *, const struct tenant *,
		    enum alg, const char *actor, const char **kid) MUST_USE;
/* Of each algorithm that it has keys of; *made: how many new keys. */
enum err	 signing_keys_rotate(struct ctx *, const struct tenant *,
		    int64_t *made) MUST_USE;
/*
 * Rotate what is older than its tenant's key_rotation_days, for some tenants
 * whose id is above *after; nil to begin with, and at the end. Adds to *made.
 */
enum err	 signing_keys_turn(struct ctx *, struct uuid *after,
		    int64_t *made) MUST_USE;
/*
 * A key that others may know: out of the JWKS at once, it signs no more; its
 * tokens are refused once the workers have read again (60 s). Where no other key
 * of its algorithm signs on, a new one is made (*kid, else NULL), which signs
 * at once if need be. Audited. ERR_NOT_FOUND: no such key, or retired already.
 */
enum err	 signing_key_retire(struct ctx *, const struct tenant *,
		    const char *kid, const char **successor) MUST_USE;
/* Does one of this algorithm, or will one before the last ends, sign for good? */
bool		 signing_key_lasts(const struct ctx *,
		    const struct signing_key_row *list, size_t n, enum alg);
/* "published", "signs", "overlapping" or "retired", of one among all of them. */
const char	*signing_key_state(const struct ctx *,
		    const struct signing_key_row *list, size_t n, size_t at);

/* ---- jwks.c: what anybody may know of a tenant's keys --------------------------- */

struct public_key {
	const char	*kid, *alg;
	const char	*x, *y;			/* of P-256, base64url */
};

/* An active one, by its id; NULL: the platform. ERR_NOT_FOUND. */
enum err	 jwks_tenant(struct ctx *, const char *id,
		    const struct tenant **) MUST_USE;
/*
 * Its ES256 keys that are not retired; shared secrets are nobody's business. One
 * that no master key opens is logged and left out. ERR_SEALED: all of them.
 */
enum err	 jwks_list(struct ctx *, const struct tenant *,
		    struct public_key **, size_t *n) MUST_USE;
/* Open this key and sign with it. ERR_SEALED, ERR_INTERNAL. */
enum err	 signing_key_try(struct ctx *,
		    const struct signing_key_row *) MUST_USE;

/* ---- founding.c: merchants found shops; the operator lets them, and ends them -- */

#define SHOP_HELD_MAILS		 50		/* a day, until approved */
#define SHOP_GRACE_MS		 (30 * DAY_MS)	/* from deletion to its end */
#define INVITATION_MS		 (14 * DAY_MS)

struct founded {
	const struct tenant	*shop;
	struct api_key_made	 key;		/* publishable, shown once */
};

/* NULL, or what is wrong with it as a shop's name (a sentence's predicate). */
const char	*shop_name_fault(const char *);
/*
 * Found a shop for this account of the platform, if the configuration lets
 * (founding = off|invite|open; an invitation is spent).
 * ERR_FORBIDDEN, ERR_TOO_MANY, ERR_USAGE.
 */
enum err	 shop_found(struct ctx *, const struct customer *account,
		    const char *name, struct founded *out) MUST_USE;
/* The operator's, all audited. ERR_NOT_FOUND: no platform; ERR_USAGE. */
enum err	 shop_invite(struct ctx *, const char *email) MUST_USE;
/* ERR_NOT_FOUND: approved already, or no shop. */
enum err	 shop_approve(struct ctx *, const struct tenant *) MUST_USE;
/* ERR_NOT_FOUND: on its way to the end, or no shop. */
enum err	 shop_suspend(struct ctx *, const struct tenant *,
		    bool suspended) MUST_USE;
/* Suspended at once, gone after the grace; `keep` within it takes it back. */
enum err	 shop_delete(struct ctx *, const struct tenant *,
		    bool keep) MUST_USE;
/* By slug, or by id where it has none. ERR_TENANT_UNKNOWN. */
enum err	 tenant_by_name(struct ctx *, const char *slug_or_id,
		    const struct tenant **out) MUST_USE;
/* What may be sent in a day, and what was sent today: mails, phone messages. */
int64_t		 tenant_mails_a_day(const struct tenant *);
int64_t		 tenant_sms_a_day(const struct tenant *);
enum err	 tenant_sent_today(struct ctx *, const struct tenant *,
		    int64_t *mails, int64_t *sms) MUST_USE;

/* ---- member.c: who runs which shop: accounts of the platform ------------------ */

/* By its proven mail address, or by id. ERR_NOT_FOUND. */
enum err	 account_by_email(struct ctx *, const char *email,
		    struct customer *out) MUST_USE;
enum err	 account_find(struct ctx *, struct uuid,
		    struct customer *out) MUST_USE;
/* The oldest first; add (ERR_CONFLICT) and remove (ERR_NOT_FOUND), audited. */
enum err	 member_list(struct ctx *, const struct tenant *,
		    struct member_row **, size_t *n) MUST_USE;
enum err	 member_add(struct ctx *, const struct tenant *,
		    struct uuid account) MUST_USE;
enum err	 member_remove(struct ctx *, const struct tenant *,
		    struct uuid account) MUST_USE;

#endif
