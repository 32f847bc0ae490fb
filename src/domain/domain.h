/* SPDX-License-Identifier: ISC */
/* domain: the rules. A rule reads as a story; words are the doors' business. */

#ifndef DOMAIN_H
#define DOMAIN_H

#include "base/base.h"
#include "crypto/crypto.h"
#include "store/store.h"

/* ---- house.c: what a process keeps between requests ----------------------- */

/*
 * Read the master keys that the configuration names; the keyring starts empty.
 * ERR_CONF with the mend in *why.
 */
enum err	 house_open(const struct conf *, struct arena *,
		    struct house **out, const char **why) MUST_USE;
/* Wipe and free it. */
void		 house_close(struct house *);
const struct master *house_master(const struct ctx *);
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
	int64_t		 mails_a_day, sms_a_day;
	int64_t		 sessions_max;
	const char	*door_b_alg;		/* HS512|ES256 */
	int64_t		 door_b_access_seconds;
	int64_t		 door_b_refresh_idle_seconds;
	int64_t		 door_b_refresh_seconds;
};

extern const struct setting tenant_settings_table[];

struct tenant {
	struct uuid		 id;
	const char		*text;		/* its id as text */
	const char		*slug, *name;
	bool			 platform, suspended;
	struct bytes		 sealed_mac;
	const char		*iss, *aud;
	struct tenant_settings	 set;
	struct uuid		 key_id;	/* API key used, or nil */
};

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

/* kind publishable or secret. ERR_USAGE: another kind, or no fit name. */
enum err	 api_key_create(struct ctx *, const struct tenant *,
		    const char *kind, const char *name,
		    struct api_key_made *) MUST_USE;
/* It opens nothing from now on; audited. ERR_NOT_FOUND. */
enum err	 api_key_revoke(struct ctx *, const struct tenant *,
		    struct uuid id) MUST_USE;

/* ---- keys.c: signing keys, and a worker's ring of parsed ones ----------------- */

/* Signs at once when it is the first of its algorithm, else after 360 s. */
enum err	 signing_key_create(struct ctx *, struct uuid tenant,
		    enum alg, const char **kid) MUST_USE;

struct ring_key {
	const char		*kid;
	struct uuid		 tenant;
	const struct sign_key	*key;
};

/* For signing; read again every 60 s. */
enum err	 ring_current(struct ctx *, struct uuid tenant, enum alg,
		    const struct ring_key **out) MUST_USE;
/*
 * For verifying. A kid that we did not make is refused without a question;
 * one that is gone is asked for again after 5 s. ERR_TOKEN_INVALID.
 */
enum err	 ring_find(struct ctx *, const char *kid,
		    const struct ring_key **out) MUST_USE;

/* ---- limit.c: every limit in one table ------------------------------------------ */

enum limit_kind {
	LIMIT_ADDRESS_SENDS = 1,	/* sends per client address, an hour */
	LIMIT_ADDRESS_WRONG,		/* wrong secrets per client address */
	LIMIT_SEND_PAUSE,		/* per identifier and address */
	LIMIT_PAIR_HOUR, LIMIT_PAIR_DAY,
	LIMIT_SENDS_HOUR, LIMIT_SENDS_DAY,	/* per identifier */
	LIMIT_TENANT_MAILS, LIMIT_TENANT_SMS, LIMIT_PLATFORM_SENDS,
	LIMIT_PREFIX,			/* unused codes to fresh numbers */
	LIMIT_CODE_HOUR, LIMIT_CODE_ROW,	/* wrong codes per identifier */
	LIMIT_COUNT
};

struct limit {
	const char	*name;		/* "sends-per-address", in RateLimit */
	int64_t		 max;
	int64_t		 window_ms;
	int64_t		 pause_ms;	/* doubling; 0: none */
	bool		 by_address;	/* belongs to no tenant; factor applies */
};

extern const struct limit limits[LIMIT_COUNT];

/* What the answer's RateLimit headers say when one was over. */
struct limit_state {
	const char	*name;
	int64_t		 max, window_seconds, retry_after_seconds;
};

struct limit_use {
	enum limit_kind	 kind;
	const char	*a, *b;		/* what is counted: one or two texts */
	int64_t		 max;		/* 0: the table's */
	bool		 look;		/* only look, count nothing */
	int64_t		 n;		/* answer: the count */
};

/*
 * Count all of them in one statement, or none when one is over: ERR_TOO_MANY,
 * with c->limits saying which and for how long.
 */
enum err	 limits_take(struct ctx *, struct limit_use *, size_t n)
		    MUST_USE;
/* 16 bytes in the arena that stand for what is counted. */
struct bytes	 limit_subject(struct ctx *, const char *a, const char *b);
/* Of this client's address: the gate's step. */
enum err	 limit_address(struct ctx *, enum limit_kind) MUST_USE;
/* A wrong secret where nothing was counted before it (refresh, link). */
enum err	 limit_wrong(struct ctx *) MUST_USE;

/* ---- challenge.c, proof.c: codes and links --------------------------------------------- */

#define CODE_DIGITS		 6
#define CODE_MAIL_MS		 (10 * MINUTE_MS)
#define CODE_PHONE_MS		 (5 * MINUTE_MS)
#define LINK_MS			 (10 * MINUTE_MS)
#define CODE_TRIES_MAX		 5

enum channel_kind { CHANNEL_EMAIL, CHANNEL_PHONE };

const char	*channel_kind_name(enum channel_kind);	/* "email", "phone" */

struct ask {
	enum channel_kind channel;
	const char	*destination;		/* normalised */
	const char	*user_type;		/* "", customer, merchant */
};

/*
 * Count the limits for all asks at once, then begin a challenge for each: sends
 * all or none. Answers alike for known, unknown and disabled people.
 * ERR_TOO_MANY; ERR_BAD_FIELD: a country that this tenant does not send to.
 */
enum err	 challenge_begin(struct ctx *, const struct ask *, size_t n)
		    MUST_USE;

struct proof {
	enum channel_kind channel;
	const char	*destination;
	struct secret	 token;			/* six digits, or a link's token */
	const char	*user_path;		/* customer|merchant */
};

struct proven {
	struct uuid	 challenge;
	bool		 by_link;
};

/* Is this the code or link of that destination? Spends nothing. ERR_CODE_WRONG. */
enum err	 challenge_check(struct ctx *, const struct proof *,
		    struct proven *out) MUST_USE;

/* ---- login.c, session.c, refresh.c, token.c ------------------------------------------------- */

struct caller {
	struct session	 session;
	struct customer	 customer;
};

struct tokens {
	struct secret	 access, refresh;
	int64_t		 access_ms, refresh_ms;	/* lives, in ms from now */
};

struct login {
	struct customer	 customer;
	struct tokens	 tokens;
	bool		 created;
	bool		 cart;			/* a guest's cart was asked about */
	int64_t		 moved, clamped;
};

/*
 * Sign in whoever proves this address or number; the first proof creates its
 * customer. With c->who set, the value is added to that customer when it is
 * free. ERR_CODE_WRONG, ERR_REAUTH_REQUIRED, ERR_CONFLICT.
 */
enum err	 login_by_proof(struct ctx *, const struct proof *,
		    const char *guest, const char *stated_phone,
		    struct login *out) MUST_USE;

/* Who bears this access token? Sets c->tenant and c->who. key may be NULL. */
enum err	 session_admit(struct ctx *, struct secret token,
		    const char *key) MUST_USE;
/*
 * Trade a refresh token for its successor (rules: API.md, "Refresh tokens").
 * ERR_REFRESH_WRONG, ERR_REFRESH_LATE, ERR_REFRESH_REUSED, ERR_SESSION_ENDED.
 */
enum err	 session_refresh(struct ctx *, struct secret token,
		    struct login *out) MUST_USE;
/* End the session that a genuine refresh token names; all else is no error. */
enum err	 session_logout(struct ctx *, struct secret token) MUST_USE;
/* The caller's: list, end one (ERR_NOT_FOUND), end all others. */
enum err	 session_list(struct ctx *, struct session **, size_t *n)
		    MUST_USE;
enum err	 session_end(struct ctx *, struct uuid) MUST_USE;
enum err	 session_end_others(struct ctx *, int64_t *n) MUST_USE;
/* OK when the caller proved who they are within five minutes. */
enum err	 session_fresh(struct ctx *) MUST_USE;

enum { REAUTH_MS = 5 * 60 * 1000 };

/* token.c: what the two tokens of a session hold */
enum err	 token_access(struct ctx *, const struct session *,
		    const struct customer *, struct tokens *out) MUST_USE;
enum err	 token_refresh(struct ctx *, const struct session *,
		    struct secret *out) MUST_USE;
/* Its shape only: which session and generation. ERR_REFRESH_WRONG. */
struct refresh_claim {
	struct uuid	 session;
	int64_t		 generation;
	unsigned char	 mac[DIGEST_LEN];
};
enum err	 token_refresh_read(struct ctx *, struct secret,
		    struct refresh_claim *out) MUST_USE;
/* Is its MAC the one of this session? */
enum err	 token_refresh_check(struct ctx *, const struct refresh_claim *,
		    const struct session *) MUST_USE;

/* ---- customer.c, guest.c, cart.c --------------------------------------------------------- */

/* Change the caller's profile. ERR_BAD_FIELD: the phone is proven. */
enum err	 customer_update(struct ctx *, const struct customer_change *,
		    struct customer *out) MUST_USE;

/* A new guest session id: 128 random bits and the tenant's MAC; no write. */
enum err	 guest_make(struct ctx *, struct secret *out) MUST_USE;
/* Its cart's id; nil for NULL, foreign or forged ones. */
enum err	 guest_cart(struct ctx *, const char *guest,
		    struct uuid *out) MUST_USE;

enum { CART_LINES_MAX = 100, CART_QUANTITY_MAX = 999 };

/* Of the caller, or of the guest. ERR_TOKEN_MISSING: neither. */
enum err	 cart_read(struct ctx *, const char *guest,
		    struct cart *out) MUST_USE;
/* ERR_GUEST_SPENT for a guest's that was moved. */
enum err	 cart_write(struct ctx *, const char *guest,
		    const struct cart *, struct cart *out) MUST_USE;

/* ---- letter.c: what a message says, sealed until the courier opens it ------------------------ */

struct letter {
	const char	*name;			/* template: "signin" */
	const char	*locale, *shop, *from;
	const char	*code, *link, *host;	/* code NULL: link only, and so on */
	int64_t		 minutes;
};

struct bytes	 letter_seal(struct ctx *, const struct uuid *outbox,
		    const struct letter *);
enum err	 letter_open(struct ctx *, const struct uuid *outbox,
		    struct bytes sealed, struct letter *out) MUST_USE;

/* ---- courier.c, migrate.c: what runs beside the requests ------------------------------------ */

enum { COURIER_BATCH = 20 };

struct courier_round {
	uint64_t	 sent, later, dead, expired, purged;
};

/* Deliver what is due (at most a batch) and purge what has expired. */
enum err	 courier_run(struct ctx *, struct courier_round *out) MUST_USE;
/* From a signal's handler: finish the message in hand, give back the rest. */
void		 courier_stop(void);

/*
 * Bring the database to today's schema from the files in dir (schema.sql for
 * an empty one, then numbered files): safe to run twice, and by two at once.
 */
enum err	 migrate(struct ctx *, const char *dir, int64_t *applied)
		    MUST_USE;

/* counter.c: remember a refusal that touched nobody (404, 405, 429 …) … */
void		 count_refusal(enum err);
/* … and add what was remembered to its hour's rows, every 10 s or at once. */
void		 counters_flush(struct ctx *, bool at_once);

#endif
