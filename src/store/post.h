/* SPDX-License-Identifier: ISC */
/* Questions of what runs beside the requests: outbox, purge, schema. */

#ifndef STORE_POST_H
#define STORE_POST_H

#include "db/db.h"

/* ---- outbox.c ------------------------------------------------------------------------- */

struct outbox_row {
	struct uuid	 id, tenant;
	const char	*tenant_name, *kind, *state;
	const char	*destination;		/* NULL when done */
	struct bytes	 payload;		/* sealed; {NULL, 0} when done */
	int64_t		 attempts, next_at, created_at, expires_at, done_at;
	const char	*why;
	const char	*locale;		/* of whose address it is, or NULL */
};

struct outbox_lease {
	struct uuid	 owner;
	int64_t		 until;
};

struct outbox_claim {
	struct outbox_lease lease;
	const char	*kind;
	int64_t		 most;
};

/* Lease what is due of this kind, up to so many, and read them. */
enum err	 store_outbox_claim(struct ctx *, const struct outbox_claim *,
		    struct outbox_row **, size_t *n) MUST_USE;
/* The same of this one, if it is due. ERR_NOT_FOUND. */
enum err	 store_outbox_claim_one(struct ctx *,
		    const struct outbox_lease *, struct uuid id,
		    struct outbox_row *) MUST_USE;
/* Only while the lease is the owner's: ERR_NOT_FOUND otherwise. */
enum err	 store_outbox_done(struct ctx *, struct uuid owner,
		    struct uuid id, const char *state, const char *why) MUST_USE;
enum err	 store_outbox_later(struct ctx *, struct uuid owner,
		    struct uuid id, int64_t next_at, const char *why) MUST_USE;
/* From now on it is of that kind, due at once, and was never tried. */
enum err	 store_outbox_turn(struct ctx *, struct uuid owner,
		    struct uuid id, const char *kind, const char *why) MUST_USE;
/* Give back what was leased, but for this one: it is due at once. */
enum err	 store_outbox_release(struct ctx *, struct uuid owner,
		    struct uuid but) MUST_USE;
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

/* ---- webhook.c: whom a shop wants told ------------------------------------------------ */

struct webhook {
	struct uuid	 id;
	const char	*url;
	struct bytes	 secret, headers;	/* sealed; headers {NULL, 0}: none */
	const char	*events;		/* with commas */
	bool		 active;
	int64_t		 created_at;
	int64_t		 queued, dead;		/* events; only in the list */
};

enum err	 store_webhook_add(struct ctx *, const struct webhook *) MUST_USE;
enum err	 store_webhook_list(struct ctx *, struct webhook **,
		    size_t *n) MUST_USE;
/* ERR_NOT_FOUND: none, or just so already. */
enum err	 store_webhook_active(struct ctx *, struct uuid id,
		    bool active) MUST_USE;
/* Ask it nothing before this time; 0: it answers, and soon. */
enum err	 store_webhook_rest(struct ctx *, struct uuid id,
		    int64_t until) MUST_USE;
/* It rests no more, and what waits for it is not given up for its age. */
enum err	 store_webhook_afresh(struct ctx *, struct uuid id) MUST_USE;
/* With what it was still to be told. ERR_NOT_FOUND. */
enum err	 store_webhook_remove(struct ctx *, struct uuid id) MUST_USE;

/* ---- webhook_event.c: what they are told, and how it went ------------------------------ */

struct webhook_event {
	int64_t		 seq;
	struct uuid	 tenant, webhook, id;
	const char	*event, *detail;
	struct uuid	 customer, session;	/* nil: none */
	int64_t		 at;
	const char	*state;			/* queued|sent|dead */
	int64_t		 attempts, next_at, done_at;
	const char	*why;
	const char	*url;			/* of its webhook, as the next two */
	struct bytes	 secret, headers;
};

/* A webhook that something is due for. */
struct webhook_head {
	struct uuid	 tenant, webhook;
	int64_t		 rest_until;		/* 0: it answers, and soon */
};

/*
 * Those that are active and do not rest. First come those that answer soon, by
 * their ids, beginning behind this one; then who has rested longest.
 */
enum err	 store_webhook_heads(struct ctx *, struct uuid after,
		    struct webhook_head **, size_t *n) MUST_USE;

struct webhook_claim {
	struct outbox_lease lease;
	struct uuid	 webhook;		/* of c->tenant_id */
	int64_t		 most;
};

/*
 * Lease up to most of what is due for this one, unless it rests: of each
 * customer only the first. And read them.
 */
enum err	 store_webhook_claim(struct ctx *, const struct webhook_claim *,
		    struct webhook_event **, size_t *n) MUST_USE;
/* sent or dead. Only while the lease is the owner's: ERR_NOT_FOUND otherwise. */
enum err	 store_webhook_done(struct ctx *, struct uuid owner,
		    const struct webhook_event *, const char *state,
		    const char *why) MUST_USE;
enum err	 store_webhook_later(struct ctx *, struct uuid owner,
		    const struct webhook_event *, int64_t next_at,
		    const char *why) MUST_USE;
/* All that this owner holds but one (its seq; 0: none) is due at once. */
enum err	 store_webhook_release(struct ctx *, struct uuid owner,
		    int64_t but) MUST_USE;
/* A batch of what is due and happened before then is dead; how many. */
enum err	 store_webhook_stale(struct ctx *, struct uuid webhook,
		    int64_t before, uint64_t *n) MUST_USE;
struct webhook_filter {
	struct uuid	 webhook;
	const char	*state;			/* NULL: any */
	int64_t		 most;
};

/* The newest first. */
enum err	 store_webhook_log(struct ctx *, const struct webhook_filter *,
		    struct webhook_event **, size_t *n) MUST_USE;
/* Dead ones of this webhook are queued again, as if new; how many. */
enum err	 store_webhook_retry(struct ctx *, struct uuid webhook,
		    uint64_t *n) MUST_USE;
/* Tell just this one. ERR_NOT_FOUND: there is none. */
enum err	 store_webhook_tell(struct ctx *, struct uuid webhook,
		    const char *event) MUST_USE;

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

/* ---- metrics.c ------------------------------------------------------------------------------ */

struct metric_row {
	const char	*what;			/* "queued", "gate" … */
	const char	*label;			/* a kind, an event, a table; or "" */
	int64_t		 n;
};

enum err	 store_metrics(struct ctx *, int64_t events_since,
		    int64_t refused_since, struct metric_row **,
		    size_t *n) MUST_USE;

/* ---- doctor.c: what only doctor asks ------------------------------------------------------ */

struct server_row {
	const char	*version, *user;
	const char	*charset;		/* of our connection */
	const char	*charset_database;	/* preset of new tables */
	const char	*sql_mode;		/* of our connection */
	int64_t		 flush_log, connections_max, connections_used;
	int64_t		 packet_max;		/* bytes */
	const char	*cipher;		/* "" : no TLS */
	int64_t		 now;			/* ms */
};

struct column_row {
	const char	*table, *name, *type;	/* "int(10) unsigned" */
	bool		 null;
};

struct index_row {
	const char	*table, *name;		/* "PRIMARY" */
	const char	*columns;		/* "tenant_id,id" */
	bool		 unique;
};

struct backlog_row {
	int64_t		 queued, dead, late;
	int64_t		 oldest;		/* of those queued; 0: none */
	int64_t		 spent;			/* the limit spent longest; 0: none */
};

/* A webhook that is behind, or some of whose events died. */
struct hook_row {
	const char	*slug;			/* NULL: the shop has none */
	struct uuid	 tenant, webhook;
	int64_t		 dead, queued;
	int64_t		 oldest;		/* of those queued; 0: none */
};

struct host_row {
	const char	*host;
	struct uuid	 tenant;
};

enum err	 store_doctor_server(struct ctx *,
		    struct server_row *) MUST_USE;
/* "INSERT, DELETE": what we may not do; and more than we need. NULL: none. */
enum err	 store_doctor_rights(struct ctx *, const char **missing,
		    const char **beyond) MUST_USE;
/* Of all tables of this database. */
enum err	 store_doctor_columns(struct ctx *, struct column_row **,
		    size_t *n) MUST_USE;
enum err	 store_doctor_keys(struct ctx *, struct index_row **,
		    size_t *n) MUST_USE;
/* What waits; late counts what was due before this time. */
enum err	 store_doctor_backlog(struct ctx *, int64_t late,
		    struct backlog_row *) MUST_USE;
/* Active ones with dead events, or one that waits since before then. */
enum err	 store_doctor_hooks(struct ctx *, int64_t old, int64_t most,
		    struct hook_row **, size_t *n) MUST_USE;
enum err	 store_doctor_hosts(struct ctx *, struct host_row **,
		    size_t *n) MUST_USE;

#endif
