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

/* Lease up to most due messages, and read them. */
enum err	 store_outbox_claim(struct ctx *, const struct outbox_lease *,
		    int64_t most, struct outbox_row **, size_t *n) MUST_USE;
/* The same of this one, if it is due. ERR_NOT_FOUND. */
enum err	 store_outbox_claim_one(struct ctx *,
		    const struct outbox_lease *, struct uuid id,
		    struct outbox_row *) MUST_USE;
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
