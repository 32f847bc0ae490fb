/* SPDX-License-Identifier: ISC */
/* Table outbox: what waits to be sent, and how it went. */

#include "store/store.h"

enum {
	CLAIM,
	CLAIM_ONE,
	CLAIMED,
	DONE,
	LATER,
	TURN,
	RELEASE,
	EXPIRE,
	EMPTY,
	LIST_ONE,
	LIST_ALL,
	RETRY
};

enum { EXPIRE_BATCH = 500 };

#define COURIER  "the courier serves all tenants"
#define OPERATOR "the operator sees the messages of all tenants"

#define LIST_COLUMNS                                                            \
	"o.id, o.tenant_id, t.name, o.kind, o.state, o.destination, NULL,"      \
	" o.attempts, o.next_at, o.created_at, o.expires_at, o.done_at, o.why," \
	" NULL"
#define LIST_FROM " FROM outbox o LEFT JOIN tenants t ON t.id = o.tenant_id"
#define LIST_REST " AND (? IS NULL OR o.state = ?) ORDER BY o.id DESC LIMIT ?"

/*
 * next_at says when a row is to be looked at again: when it is due, when its
 * lease ends, and never (the greatest number) once it has been emptied.
 */
/* clang-format off */
const struct stmt store_outbox_sql[] = {
	[CLAIM] = { "UPDATE outbox FORCE INDEX (kind_due)"
		" SET lease_owner = ?, next_at = ?"
		" WHERE kind = ? AND state = 'queued' AND next_at <= ?"
		" AND expires_at > ?"
		" ORDER BY next_at LIMIT ?", CROSS_TENANT, COURIER },
	[CLAIM_ONE] = { "UPDATE outbox SET lease_owner = ?, next_at = ?"
		" WHERE id = ? AND state = 'queued' AND next_at <= ?"
		" AND expires_at > ?",
		CROSS_TENANT, "a message of this request's own, by its id" },
	[CLAIMED] = { "SELECT o.id, o.tenant_id, t.name, o.kind, o.state,"
		" o.destination, o.payload, o.attempts, o.next_at,"
		" o.created_at, o.expires_at, o.done_at, o.why, u.locale"
		LIST_FROM
		" LEFT JOIN identities i ON i.tenant_id = o.tenant_id"
		"  AND i.kind = IF(o.kind = 'email', 'email', 'phone')"
		"  AND i.value = o.destination AND i.proven_at IS NOT NULL"
		" LEFT JOIN customers u ON u.tenant_id = i.tenant_id"
		"  AND u.id = i.customer_id"
		" WHERE o.lease_owner = ? AND o.state = 'queued'"
		" AND o.next_at = ? ORDER BY o.id", CROSS_TENANT, COURIER },
	[DONE] = { "UPDATE outbox SET state = ?, why = ?, done_at = ?,"
		" attempts = attempts + 1, lease_owner = NULL,"
		" destination = IF(? = 'sent', NULL, destination),"
		" payload = IF(? = 'sent', NULL, payload)"
		" WHERE id = ? AND lease_owner = ? AND state = 'queued'",
		CROSS_TENANT, COURIER },
	[LATER] = { "UPDATE outbox SET next_at = ?, why = ?,"
		" attempts = attempts + 1, lease_owner = NULL"
		" WHERE id = ? AND lease_owner = ? AND state = 'queued'",
		CROSS_TENANT, COURIER },
	[TURN] = { "UPDATE outbox SET kind = ?, next_at = ?, why = ?,"
		" attempts = 0, lease_owner = NULL"
		" WHERE id = ? AND lease_owner = ? AND state = 'queued'",
		CROSS_TENANT, COURIER },
	[RELEASE] = { "UPDATE outbox SET next_at = ?, lease_owner = NULL"
		" WHERE lease_owner = ? AND state = 'queued'"
		" AND NOT id <=> ?", CROSS_TENANT, COURIER },
	[EXPIRE] = { "UPDATE outbox FORCE INDEX (due)"
		" SET state = 'expired', destination = NULL,"
		" payload = NULL, lease_owner = NULL, done_at = ?,"
		" next_at = 9223372036854775807"
		" WHERE state = 'queued' AND next_at <= ? AND expires_at <= ?"
		" ORDER BY next_at LIMIT ?", CROSS_TENANT, COURIER },
	[EMPTY] = { "UPDATE outbox FORCE INDEX (due)"
		" SET destination = NULL, payload = NULL,"
		" next_at = 9223372036854775807"
		" WHERE state IN ('dead', 'suppressed') AND next_at <= ?"
		" AND expires_at <= ? LIMIT ?", CROSS_TENANT, COURIER },
	[LIST_ONE] = { "SELECT " LIST_COLUMNS LIST_FROM
		" WHERE o.tenant_id = ?" LIST_REST, 0, NULL },
	[LIST_ALL] = { "SELECT " LIST_COLUMNS LIST_FROM
		" WHERE TRUE" LIST_REST, CROSS_TENANT, OPERATOR },
	/* one transaction, one trip: queued again, and audited */
	[RETRY] = { "BEGIN NOT ATOMIC"
		" DECLARE hit BOOL DEFAULT FALSE;"
		" DECLARE EXIT HANDLER FOR SQLEXCEPTION"
		"  BEGIN ROLLBACK; RESIGNAL; END;"
		" START TRANSACTION;"
		" UPDATE outbox SET state = 'queued', next_at = ?,"
		"  attempts = 0, done_at = NULL, why = NULL"
		"  WHERE id = ? AND state = 'dead' AND expires_at > ?;"
		" SET hit = ROW_COUNT() = 1;"
		" IF hit THEN"
		"  INSERT INTO audit_events (tenant_id, id, at, event, result,"
		"   actor, request_id, detail)"
		"   SELECT tenant_id, ?, ?, 'outbox_retried', 'ok',"
		"   'operator', ?, kind FROM outbox WHERE id = ?;"
		" END IF;"
		" COMMIT;"
		" SELECT 1 FROM DUAL WHERE hit;"
		" END", CROSS_TENANT, "the operator names a message by its id" },
};
/* clang-format on */
const size_t store_outbox_sql_n = COUNT(store_outbox_sql);

static const struct col outbox_cols[] = {
    COL_UUID(struct outbox_row, id),
    COL_UUID(struct outbox_row, tenant),
    COL_TEXT(struct outbox_row, tenant_name),
    COL_TEXT(struct outbox_row, kind),
    COL_TEXT(struct outbox_row, state),
    COL_TEXT(struct outbox_row, destination),
    COL_BYTES(struct outbox_row, payload),
    COL_INT(struct outbox_row, attempts),
    COL_INT(struct outbox_row, next_at),
    COL_INT(struct outbox_row, created_at),
    COL_INT(struct outbox_row, expires_at),
    COL_INT(struct outbox_row, done_at),
    COL_TEXT(struct outbox_row, why),
    COL_TEXT(struct outbox_row, locale),
    COL_END,
};

struct one {
	int64_t n;
};

static const struct col one_cols[] = {COL_INT(struct one, n), COL_END};

enum err
store_outbox_claim(struct ctx *c, const struct outbox_claim *claim,
    struct outbox_row **out, size_t *n)
{
	const struct outbox_lease *lease = &claim->lease;
	uint64_t changed;
	enum err e;

	*n = 0;
	if ((e = db_change(c, &store_outbox_sql[CLAIM],
		 ARGS(UUID(lease->owner), INT(lease->until), TEXT(claim->kind),
		     INT(c->now), INT(c->now), INT(claim->most)),
		 &changed)) ||
	    changed == 0)
		return e;
	return db_list(c, &store_outbox_sql[CLAIMED],
	    ARGS(UUID(lease->owner), INT(lease->until)), outbox_cols,
	    sizeof(struct outbox_row), out, n);
}

enum err
store_outbox_claim_one(struct ctx *c, const struct outbox_lease *lease,
    struct uuid id, struct outbox_row *out)
{
	enum err e;

	if ((e = db_change_one(c, &store_outbox_sql[CLAIM_ONE],
		 ARGS(UUID(lease->owner), INT(lease->until), UUID(id),
		     INT(c->now), INT(c->now)))))
		return e;
	return db_one(c, &store_outbox_sql[CLAIMED],
	    ARGS(UUID(lease->owner), INT(lease->until)), outbox_cols, out);
}

enum err
store_outbox_done(struct ctx *c, struct uuid owner, struct uuid id,
    const char *state, const char *why)
{
	return db_change_one(c, &store_outbox_sql[DONE],
	    ARGS(TEXT(state), TEXT(why), INT(c->now), TEXT(state), TEXT(state),
		UUID(id), UUID(owner)));
}

enum err
store_outbox_later(struct ctx *c, struct uuid owner, struct uuid id,
    int64_t next_at, const char *why)
{
	return db_change_one(c, &store_outbox_sql[LATER],
	    ARGS(INT(next_at), TEXT(why), UUID(id), UUID(owner)));
}

enum err
store_outbox_turn(struct ctx *c, struct uuid owner, struct uuid id,
    const char *kind, const char *why)
{
	return db_change_one(c, &store_outbox_sql[TURN],
	    ARGS(TEXT(kind), INT(c->now), TEXT(why), UUID(id), UUID(owner)));
}

enum err
store_outbox_release(struct ctx *c, struct uuid owner, struct uuid but)
{
	uint64_t changed;

	return db_change(c, &store_outbox_sql[RELEASE],
	    ARGS(INT(c->now), UUID(owner), UUID(but)), &changed);
}

enum err
store_outbox_expire(struct ctx *c, uint64_t *n)
{
	uint64_t emptied;
	enum err e;

	if ((e = db_change(c, &store_outbox_sql[EXPIRE],
		 ARGS(INT(c->now), INT(c->now), INT(c->now), INT(EXPIRE_BATCH)),
		 n)))
		return e;
	return db_change(c, &store_outbox_sql[EMPTY],
	    ARGS(INT(c->now), INT(c->now), INT(EXPIRE_BATCH)), &emptied);
}

enum err
store_outbox_list(struct ctx *c, const struct outbox_filter *f,
    struct outbox_row **out, size_t *n)
{
	const char *state = f->state;

	if (uuid_is_nil(f->tenant))
		return db_list(c, &store_outbox_sql[LIST_ALL],
		    ARGS(TEXT(state), TEXT(state), INT(f->most)), outbox_cols,
		    sizeof(struct outbox_row), out, n);
	return db_list(c, &store_outbox_sql[LIST_ONE],
	    ARGS(UUID(f->tenant), TEXT(state), TEXT(state), INT(f->most)),
	    outbox_cols, sizeof(struct outbox_row), out, n);
}

enum err
store_outbox_retry(struct ctx *c, struct uuid id)
{
	struct uuid audit = uuid_make(c->now);
	struct one one;

	return db_one(c, &store_outbox_sql[RETRY],
	    ARGS(INT(c->now), UUID(id), INT(c->now), UUID(audit), INT(c->now),
		TEXT(c->id), UUID(id)),
	    one_cols, &one);
}
