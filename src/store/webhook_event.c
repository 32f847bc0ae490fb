/* SPDX-License-Identifier: ISC */
/* Table webhook_events: what webhooks are told, in whose turn, how it went. */

#include "store/store.h"

enum { HEADS, CLAIM, CLAIMED, DONE, LATER, RELEASE, STALE, LOG, RETRY, TELL };

enum { STALE_BATCH = 500 };

/* clang-format off */

#define COURIER "the courier serves all tenants"

#define EVENT_COLUMNS \
	"e.seq, e.tenant_id, e.webhook_id, e.id, e.event, e.detail," \
	" e.customer_id, e.session_id, e.at, e.state, e.attempts, e.next_at," \
	" e.done_at, e.why, w.url, w.secret, w.headers" \
	" FROM webhook_events e JOIN webhooks w" \
	" ON w.tenant_id = e.tenant_id AND w.id = e.webhook_id"

/*
 * A waiting one holds back what the same webhook is told of the same customer
 * later; what died is passed over. Ones of nobody have no order.
 */
#define FIRST \
	" NOT EXISTS (SELECT 1 FROM webhook_events p" \
	" WHERE p.webhook_id = e.webhook_id AND p.customer_id = e.customer_id" \
	" AND p.state = 'queued' AND p.seq < e.seq)"

/* Nor is one told while a later one is in somebody's hands: it was revived. */
#define ALONE \
	" NOT EXISTS (SELECT 1 FROM webhook_events q FORCE INDEX (lease)" \
	" WHERE q.lease_owner IS NOT NULL AND q.next_at > ?" \
	" AND q.state = 'queued' AND q.webhook_id = e.webhook_id" \
	" AND q.customer_id = e.customer_id)"

const struct stmt store_webhook_event_sql[] = {
	[HEADS] = { "SELECT w.tenant_id, w.id, w.rest_until"
		" FROM (SELECT e.state, e.tenant_id, e.webhook_id,"
		"  MIN(e.next_at) next_at"
		"  FROM webhook_events e FORCE INDEX (due)"
		"  WHERE e.state = 'queued'"
		"  GROUP BY e.state, e.tenant_id, e.webhook_id) d"
		" JOIN webhooks w"
		" ON w.tenant_id = d.tenant_id AND w.id = d.webhook_id"
		" WHERE d.next_at <= ? AND w.active AND w.rest_until <= ?"
		" ORDER BY w.rest_until, w.id <= ?, w.id",
		CROSS_TENANT, COURIER },
	[CLAIM] = { "UPDATE webhook_events t JOIN (SELECT e.seq"
		" FROM webhook_events e FORCE INDEX (due) JOIN webhooks w"
		" ON w.tenant_id = e.tenant_id AND w.id = e.webhook_id"
		" AND w.active AND w.rest_until <= ? WHERE e.tenant_id = ?"
		" AND e.webhook_id = ? AND e.state = 'queued'"
		" AND e.next_at <= ? AND" FIRST " AND" ALONE
		" ORDER BY e.next_at, e.seq LIMIT ?) due"
		" ON t.seq = due.seq SET t.lease_owner = ?, t.next_at = ?"
		" WHERE t.state = 'queued' AND t.next_at <= ?",
		CROSS_TENANT, COURIER },
	[CLAIMED] = { "SELECT " EVENT_COLUMNS
		" WHERE e.lease_owner = ? AND e.state = 'queued'"
		" AND e.next_at = ? ORDER BY e.seq", CROSS_TENANT, COURIER },
	[DONE] = { "UPDATE webhook_events SET state = ?, why = ?, done_at = ?,"
		" attempts = attempts + 1, lease_owner = NULL,"
		" next_at = 9223372036854775807 WHERE seq = ?"
		" AND lease_owner = ? AND state = 'queued'",
		CROSS_TENANT, COURIER },
	[LATER] = { "UPDATE webhook_events SET next_at = ?, why = ?,"
		" attempts = attempts + 1, lease_owner = NULL WHERE seq = ?"
		" AND lease_owner = ? AND state = 'queued'",
		CROSS_TENANT, COURIER },
	[RELEASE] = { "UPDATE webhook_events SET next_at = ?,"
		" lease_owner = NULL WHERE lease_owner = ? AND seq <> ?"
		" AND state = 'queued'", CROSS_TENANT, COURIER },
	[STALE] = { "UPDATE webhook_events FORCE INDEX (due)"
		" SET state = 'dead', why = 'it waited for too long',"
		" done_at = ?, lease_owner = NULL,"
		" next_at = 9223372036854775807 WHERE tenant_id = ?"
		" AND webhook_id = ? AND state = 'queued' AND next_at <= ?"
		" AND at < ? AND EXISTS (SELECT 1 FROM webhooks w"
		"  WHERE w.tenant_id = webhook_events.tenant_id"
		"  AND w.id = webhook_events.webhook_id AND w.updated_at < ?)"
		" LIMIT ?", 0, NULL },
	[LOG] = { "SELECT " EVENT_COLUMNS " WHERE e.tenant_id = ?"
		" AND e.webhook_id = ? AND (? IS NULL OR e.state = ?)"
		" ORDER BY e.seq DESC LIMIT ?", 0, NULL },
	[RETRY] = { "UPDATE webhook_events SET state = 'queued', next_at = ?,"
		" attempts = 0, done_at = NULL, why = NULL WHERE tenant_id = ?"
		" AND webhook_id = ? AND state = 'dead'", 0, NULL },
	[TELL] = { "INSERT INTO webhook_events (tenant_id, webhook_id, id,"
		" event, at, next_at) SELECT w.tenant_id, w.id, ?, ?, ?, ?"
		" FROM webhooks w WHERE w.tenant_id = ? AND w.id = ?",
		0, NULL },
};
const size_t store_webhook_event_sql_n = COUNT(store_webhook_event_sql);

static const struct col event_cols[] = {
	COL_INT(struct webhook_event, seq),
	COL_UUID(struct webhook_event, tenant),
	COL_UUID(struct webhook_event, webhook),
	COL_UUID(struct webhook_event, id),
	COL_TEXT(struct webhook_event, event),
	COL_TEXT(struct webhook_event, detail),
	COL_UUID(struct webhook_event, customer),
	COL_UUID(struct webhook_event, session),
	COL_INT(struct webhook_event, at),
	COL_TEXT(struct webhook_event, state),
	COL_INT(struct webhook_event, attempts),
	COL_INT(struct webhook_event, next_at),
	COL_INT(struct webhook_event, done_at),
	COL_TEXT(struct webhook_event, why),
	COL_TEXT(struct webhook_event, url),
	COL_BYTES(struct webhook_event, secret),
	COL_BYTES(struct webhook_event, headers),
	COL_END
};

static const struct col head_cols[] = {
	COL_UUID(struct webhook_head, tenant),
	COL_UUID(struct webhook_head, webhook),
	COL_INT(struct webhook_head, rest_until),
	COL_END
};
/* clang-format on */

enum err
store_webhook_heads(
    struct ctx *c, struct uuid after, struct webhook_head **out, size_t *n)
{
	return db_list(c, &store_webhook_event_sql[HEADS],
	    ARGS(INT(c->now), INT(c->now), UUID(after)), head_cols,
	    sizeof(struct webhook_head), out, n);
}

enum err
store_webhook_claim(struct ctx *c, const struct webhook_claim *claim,
    struct webhook_event **out, size_t *n)
{
	const struct outbox_lease *lease = &claim->lease;
	uint64_t claimed;
	enum err e;

	*n = 0;
	if ((e = db_change(c, &store_webhook_event_sql[CLAIM],
		 ARGS(INT(c->now), UUID(c->tenant_id), UUID(claim->webhook),
		     INT(c->now), INT(c->now), INT(claim->most),
		     UUID(lease->owner), INT(lease->until), INT(c->now)),
		 &claimed)) ||
	    claimed == 0)
		return e;
	return db_list(c, &store_webhook_event_sql[CLAIMED],
	    ARGS(UUID(lease->owner), INT(lease->until)), event_cols,
	    sizeof(struct webhook_event), out, n);
}

enum err
store_webhook_done(struct ctx *c, struct uuid owner,
    const struct webhook_event *w, const char *state, const char *why)
{
	return db_change_one(c, &store_webhook_event_sql[DONE],
	    ARGS(
		TEXT(state), TEXT(why), INT(c->now), INT(w->seq), UUID(owner)));
}

enum err
store_webhook_later(struct ctx *c, struct uuid owner,
    const struct webhook_event *w, int64_t next_at, const char *why)
{
	return db_change_one(c, &store_webhook_event_sql[LATER],
	    ARGS(INT(next_at), TEXT(why), INT(w->seq), UUID(owner)));
}

enum err
store_webhook_release(struct ctx *c, struct uuid owner, int64_t but)
{
	uint64_t changed;

	return db_change(c, &store_webhook_event_sql[RELEASE],
	    ARGS(INT(c->now), UUID(owner), INT(but)), &changed);
}

enum err
store_webhook_stale(
    struct ctx *c, struct uuid webhook, int64_t before, uint64_t *n)
{
	return db_change(c, &store_webhook_event_sql[STALE],
	    ARGS(INT(c->now), UUID(c->tenant_id), UUID(webhook), INT(c->now),
		INT(before), INT(before), INT(STALE_BATCH)),
	    n);
}

enum err
store_webhook_log(struct ctx *c, const struct webhook_filter *f,
    struct webhook_event **out, size_t *n)
{
	return db_list(c, &store_webhook_event_sql[LOG],
	    ARGS(UUID(c->tenant_id), UUID(f->webhook), TEXT(f->state),
		TEXT(f->state), INT(f->most)),
	    event_cols, sizeof(struct webhook_event), out, n);
}

enum err
store_webhook_retry(struct ctx *c, struct uuid webhook, uint64_t *n)
{
	return db_change(c, &store_webhook_event_sql[RETRY],
	    ARGS(INT(c->now), UUID(c->tenant_id), UUID(webhook)), n);
}

enum err
store_webhook_tell(struct ctx *c, struct uuid webhook, const char *event)
{
	struct uuid id = uuid_make(c->now);

	return db_change_one(c, &store_webhook_event_sql[TELL],
	    ARGS(UUID(id), TEXT(event), INT(c->now), INT(c->now),
		UUID(c->tenant_id), UUID(webhook)));
}
