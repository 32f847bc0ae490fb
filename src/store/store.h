/* SPDX-License-Identifier: ISC */
/* store: the tables, and every question that is ever asked of them. */

#ifndef STORE_H
#define STORE_H

#include "base/base.h"
#include "db/db.h"

/* ---- statements.c: all tables of statements, for doctor and the tests ----- */

struct stmt_table {
	const char		*name;		/* "session" */
	const struct stmt	*list;
	const size_t		*n;
};

extern const struct stmt_table store_statements[];	/* .name NULL ends */

/* ---- tenant.c -------------------------------------------------------------- */

struct tenant_row {
	struct uuid	 id;
	const char	*slug;			/* NULL: none */
	const char	*name;
	const char	*kind;			/* platform|shop */
	const char	*status;		/* active|suspended */
	const char	*settings;		/* lines name = value */
	struct bytes	 mac_key;		/* sealed */
	int64_t		 created_at;
	struct uuid	 key_id;		/* the API key it was found by */
};

/* By the hash of a publishable key that is active and not expired. */
enum err	 store_tenant_by_key(struct ctx *, struct bytes hash,
		    struct tenant_row *) MUST_USE;
/* By a host of its settings, else by slug (the configuration's default). */
enum err	 store_tenant_by_host(struct ctx *, const char *host,
		    const char *slug, struct tenant_row *) MUST_USE;
enum err	 store_tenant_by_slug(struct ctx *, const char *slug,
		    struct tenant_row *) MUST_USE;
enum err	 store_tenant_by_id(struct ctx *, struct uuid,
		    struct tenant_row *) MUST_USE;
enum err	 store_tenant_add(struct ctx *,
		    const struct tenant_row *) MUST_USE;
enum err	 store_tenant_list(struct ctx *, struct tenant_row **,
		    size_t *n) MUST_USE;
enum err	 store_tenant_set(struct ctx *, struct uuid id,
		    const char *name, const char *settings) MUST_USE;
/* Hosts and origins of one tenant, replaced as a whole (in a transaction). */
enum err	 store_tenant_names_clear(struct ctx *, struct uuid) MUST_USE;
enum err	 store_tenant_name_add(struct ctx *, struct uuid,
		    const char *kind, const char *value) MUST_USE;
/* Is this origin on any tenant's list? ERR_NOT_FOUND: no. */
enum err	 store_origin_known(struct ctx *, const char *origin) MUST_USE;
/* The database answers (readyz). */
enum err	 store_ping(struct ctx *) MUST_USE;

/* ---- apikey.c, signing_key.c ------------------------------------------------ */

struct api_key_row {
	struct uuid	 id;
	const char	*kind;			/* publishable|secret */
	const char	*name;
	const char	*prefix;
	struct bytes	 secret_hash;		/* only on the way in */
	const char	*scopes;
	const char	*status;
	int64_t		 expires_at;		/* 0: never */
	int64_t		 created_at;
};

enum err	 store_api_key_add(struct ctx *, struct uuid tenant,
		    const struct api_key_row *) MUST_USE;
enum err	 store_api_key_list(struct ctx *, struct uuid tenant,
		    struct api_key_row **, size_t *n) MUST_USE;
enum err	 store_api_key_revoke(struct ctx *, struct uuid tenant,
		    struct uuid id) MUST_USE;

struct signing_key_row {
	struct uuid	 tenant, id;
	const char	*kid;
	const char	*alg;
	struct bytes	 material;		/* sealed */
	int64_t		 signs_from;
	int64_t		 retires_at;		/* 0: not yet */
	int64_t		 created_at;
};

enum err	 store_signing_key_add(struct ctx *,
		    const struct signing_key_row *) MUST_USE;
enum err	 store_signing_key_by_kid(struct ctx *, const char *kid,
		    struct signing_key_row *) MUST_USE;
/* The newest of this algorithm that signs by now. */
enum err	 store_signing_key_current(struct ctx *, struct uuid tenant,
		    const char *alg, struct signing_key_row *) MUST_USE;
enum err	 store_signing_key_list(struct ctx *, struct uuid tenant,
		    struct signing_key_row **, size_t *n) MUST_USE;

/* ---- customer.c -------------------------------------------------------------- */

struct customer {
	struct uuid	 id;
	const char	*status;		/* active|disabled */
	const char	*email;
	int64_t		 email_proven_at;	/* 0: only stated */
	const char	*phone;
	int64_t		 phone_proven_at;
	const char	*full_name, *first_name, *last_name;
	const char	*address;
	const char	*id_number;
	const char	*date_of_birth;		/* YYYY-MM-DD */
	const char	*nationality;
	const char	*profile_url;
	int64_t		 created_at, updated_at;
};

struct customer_change {
	struct change	 phone;			/* a contact: only if not proven */
	struct change	 full_name, first_name, last_name;
	struct change	 address, id_number;
	struct change	 date_of_birth, nationality;
	struct change	 profile_url;
};

/*
 * Change what is given, audited, and answer the customer as it is then.
 * ERR_NOT_FOUND: nobody active, or the phone is a proven one.
 */
enum err	 store_customer_change(struct ctx *, struct uuid id,
		    struct uuid session, const struct customer_change *,
		    struct customer *out) MUST_USE;
/* active|disabled, audited; disabling ends every session. ERR_NOT_FOUND. */
enum err	 store_customer_status(struct ctx *, struct uuid id,
		    const char *status, const char *actor) MUST_USE;
enum err	 store_customer_by_identity(struct ctx *, const char *kind,
		    const char *value, struct customer *) MUST_USE;

/* ---- limit.c ------------------------------------------------------------------ */

struct limit_row {
	int64_t		 kind;
	unsigned char	 subject[16];
	struct uuid	 tenant;		/* nil: of no tenant */
	int64_t		 add;			/* 0: only look; -1: give back */
	int64_t		 window_ms;
	/* answers */
	int64_t		 n, resets_at, last_at, prev_at;
};

enum { LIMIT_ROWS_MAX = 20 };

/* One autocommit statement; the rows must stand in key order. */
enum err	 store_limits_take(struct ctx *, struct limit_row *,
		    size_t n) MUST_USE;

/* ---- challenge.c ---------------------------------------------------------------- */

struct challenge {
	struct uuid	 id;
	const char	*channel;		/* email|phone */
	const char	*destination;		/* normalised */
	const char	*user_type;		/* "", customer, merchant */
	unsigned char	 begun_from[16];
	int64_t		 pepper;		/* master version */
	struct bytes	 code_hash;		/* {NULL, 0}: link only */
	struct bytes	 link_hash;
	bool		 fresh_number;		/* never proven here */
	int64_t		 tries_max;
	int64_t		 code_expires_at, expires_at;
};

struct outgoing {				/* the outbox row it comes with */
	struct uuid	 id;
	const char	*kind;			/* email|sms|whatsapp */
	struct bytes	 payload;		/* sealed */
};

/*
 * In one transaction and one trip: the older one begun from there dies, the
 * tries of those alive are inherited, beyond three codes alive the oldest is
 * forgotten (its link lives on: whoever floods, the first mail still opens),
 * and the message is queued (suppressed for a disabled customer).
 */
enum err	 store_challenge_begin(struct ctx *, const struct challenge *,
		    const struct outgoing *) MUST_USE;

struct challenge_try {
	const char	*channel, *destination;
	struct bytes	 subject;		/* limits: 16 bytes */
	int64_t		 tries_max;
	int64_t		 hour_kind, hour_max, hour_ms;
	int64_t		 row_kind, row_max, row_ms;
};

struct live_code {
	struct uuid	 id;
	struct bytes	 code_hash;
	int64_t		 pepper;
	const char	*user_type;
	int64_t		 resets_at;		/* != 0: code entry is off */
};

enum { LIVE_MAX = 3 };

/*
 * Count one try against all live codes of this destination, committed, in one
 * trip; answers those that were counted (none: n 0). When code entry is off:
 * one row that says until when, and nothing counted.
 */
enum err	 store_challenge_try(struct ctx *, const struct challenge_try *,
		    struct live_code **, size_t *n) MUST_USE;
/* A live one by its link's hash. */
enum err	 store_challenge_by_link(struct ctx *, struct bytes hash,
		    struct challenge *) MUST_USE;

struct phone_standing {
	bool		 proven;		/* here, at some time */
	int64_t		 sent, used;		/* of the last codes to fresh numbers */
};

enum err	 store_phone_standing(struct ctx *, const char *phone,
		    int64_t of_last, struct phone_standing *) MUST_USE;

/* ---- signin.c: spend, admit, open, move the cart: one transaction, one trip -- */

struct session {
	struct uuid	 id, customer, challenge, client;
	const char	*door;			/* "B" */
	const char	*amr, *idp;		/* amr: blank-separated */
	unsigned char	 salt[16];
	int64_t		 generation;
	int64_t		 rotated_at, rotated_before_at;
	const char	*device, *address;
	int64_t		 authenticated_at, created_at, seen_at;
	int64_t		 idle_expires_at, expires_at, ended_at;
};

struct signin {
	struct session	*session;		/* to open; customer is filled in */
	const char	*kind, *value;		/* the identity just proven */
	struct uuid	 bearer;		/* nil, or: add it to this customer */
	const char	*stated_phone;		/* NULL, or a contact at most */
	struct uuid	 guest_cart;		/* nil: none */
	struct uuid	 new_customer;		/* its id, should there be one */
	int64_t		 cart_expires_at;
	int64_t		 sessions_max;
	struct signin_limits {			/* what the proof gives back */
		int64_t		 hour, row, pause, prefix, address; /* kinds */
		const unsigned char *subject, *pair, *phone_prefix, *client;
		int64_t		 back;		/* tries given back to the hour */
	} give;
};

enum signin_outcome {
	SIGNIN_OPENED, SIGNIN_SPENT, SIGNIN_DISABLED, SIGNIN_TAKEN
};

struct signed_in {
	int64_t		 outcome;
	bool		 created;
	int64_t		 moved, clamped;	/* cart lines */
	struct customer	 customer;
};

/* ERR_CONFLICT: somebody admitted the same identity just now; do it again. */
enum err	 store_signin(struct ctx *, const struct signin *,
		    struct signed_in *) MUST_USE;

/* ---- session.c -------------------------------------------------------------------- */

/* Everything a request with a customer's token needs: one question by keys. */
struct presence {
	struct session		 session;
	struct customer		 customer;
	struct tenant_row	 tenant;
	struct uuid		 key_tenant;	/* of the API key sent, or nil */
};

/* key_hash {NULL, 0}: no key was sent. ERR_NOT_FOUND. */
enum err	 store_presence(struct ctx *, struct uuid tenant,
		    struct uuid session, struct bytes key_hash,
		    struct presence *) MUST_USE;
enum err	 store_session_find(struct ctx *, struct uuid id,
		    struct session *, struct customer *) MUST_USE;

struct rotation {
	int64_t		 rotated;		/* 1: by this call */
	int64_t		 generation, rotated_at, rotated_before_at, ended_at;
};

/* One trip: if `from` is the present generation, the next one is; audited. */
enum err	 store_session_rotate(struct ctx *, const struct session *from,
		    int64_t idle_expires_at, struct rotation *) MUST_USE;
struct session_ending {
	struct uuid	 customer, id;
	const char	*reason;		/* "signed_out", "reused" … */
	bool		 attack;		/* audited as a refusal */
};

/* End one, audited; n is 0 when it was over already. */
enum err	 store_session_end(struct ctx *, const struct session_ending *,
		    int64_t *n) MUST_USE;
/* End all of that customer's but the one with this id. */
enum err	 store_session_end_others(struct ctx *,
		    const struct session_ending *, int64_t *n) MUST_USE;
enum err	 store_session_list(struct ctx *, struct uuid customer,
		    struct session **, size_t *n) MUST_USE;

/* ---- cart.c -------------------------------------------------------------------------- */

struct cart_line {
	const char	*product_id, *variant_id;
	int64_t		 quantity;
	const char	*attributes;		/* JSON map, or NULL */
};

struct cart {
	bool		 spent;			/* a guest's that was moved */
	struct cart_line *lines;
	size_t		 n;
};

enum err	 store_cart_read(struct ctx *, struct uuid id,
		    struct cart *) MUST_USE;
/* Replace the lines (lines: a JSON list). ERR_GUEST_SPENT: it was moved. */
enum err	 store_cart_write(struct ctx *, struct uuid id, bool guest,
		    const char *lines, int64_t expires_at) MUST_USE;

/* ---- audit.c -------------------------------------------------------------------------- */

struct audit {
	const char	*event;			/* snake_case, fixed */
	bool		 ok;
	const char	*actor;			/* customer|operator|… */
	struct uuid	 customer, session;	/* nil: none */
	const char	*detail;
};

enum err	 store_audit(struct ctx *, struct uuid tenant,
		    const struct audit *) MUST_USE;

/* ---- outbox.c ------------------------------------------------------------------------- */

struct outbox_row {
	struct uuid	 id, tenant;
	const char	*tenant_name, *kind, *state;
	const char	*destination;		/* NULL when done */
	struct bytes	 payload;		/* sealed; {NULL, 0} when done */
	int64_t		 attempts, next_at, created_at, expires_at, done_at;
	const char	*why;
};

struct outbox_lease {
	struct uuid	 owner;
	int64_t		 until;
};

/* Lease up to most due messages, and read them. */
enum err	 store_outbox_claim(struct ctx *, const struct outbox_lease *,
		    int64_t most, struct outbox_row **, size_t *n) MUST_USE;
/* Only while the lease is the owner's: ERR_NOT_FOUND otherwise. */
enum err	 store_outbox_done(struct ctx *, struct uuid owner,
		    struct uuid id, const char *state, const char *why) MUST_USE;
enum err	 store_outbox_later(struct ctx *, struct uuid owner,
		    struct uuid id, int64_t next_at, const char *why) MUST_USE;
/* Give back what was leased and not touched: it is due at once. */
enum err	 store_outbox_release(struct ctx *, struct uuid owner) MUST_USE;
/* What has expired undelivered: state expired, person and payload gone. */
enum err	 store_outbox_expire(struct ctx *, uint64_t *n) MUST_USE;

struct outbox_filter {
	struct uuid	 tenant;		/* nil: of all */
	const char	*state;			/* NULL: any */
	int64_t		 most;
};

/* The newest first, without their payloads. */
enum err	 store_outbox_list(struct ctx *, const struct outbox_filter *,
		    struct outbox_row **, size_t *n) MUST_USE;
/* A dead one that has not expired is queued again, audited. ERR_NOT_FOUND. */
enum err	 store_outbox_retry(struct ctx *, struct uuid id) MUST_USE;

/* ---- purge.c, migration.c, counter.c ------------------------------------------------------ */

/* Delete expired rows of every kind, in batches; answers how many. */
enum err	 store_purge(struct ctx *, int64_t batch, uint64_t *n) MUST_USE;
struct migration_row {
	int64_t		 id, applied_at;
	const char	*name;
};

/* Is there a schema at all? ERR_NOT_FOUND: an empty database. */
enum err	 store_schema_exists(struct ctx *) MUST_USE;
enum err	 store_migration_list(struct ctx *, struct migration_row **,
		    size_t *n) MUST_USE;
enum err	 store_migration_add(struct ctx *, int64_t id, const char *) MUST_USE;
enum err	 store_counter_add(struct ctx *, const char *event, int64_t) MUST_USE;

#endif
