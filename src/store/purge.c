/* SPDX-License-Identifier: ISC */
/* What is deleted when its time is over, and when that is. */

#include "store/store.h"

enum {
	LIMITS,
	CHALLENGES,
	SESSIONS,
	CART_LINES,
	CARTS,
	OUTBOX,
	INVITATIONS,
	SIGNING_KEYS,
	COUNTERS,
	AUDIT,
	WEBHOOK_EVENTS,
	WEBHOOK_WAITING,
	KINDS
};

#define COURIER "the courier purges for all tenants"

/* Each takes a time in ms and how many rows at most. */
/* clang-format off */
const struct stmt store_purge_sql[] = {
	[LIMITS] = { "DELETE FROM limits WHERE resets_at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	[CHALLENGES] = { "DELETE FROM challenges WHERE expires_at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	[SESSIONS] = { "DELETE FROM sessions WHERE expires_at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	[CART_LINES] = { "DELETE l FROM cart_lines l JOIN"
		" (SELECT tenant_id, id FROM carts WHERE expires_at < ?"
		"  ORDER BY expires_at LIMIT ?) gone"
		" ON l.tenant_id = gone.tenant_id AND l.cart_id = gone.id",
		CROSS_TENANT, COURIER },
	[CARTS] = { "DELETE FROM carts WHERE expires_at < ? AND NOT EXISTS"
		" (SELECT 1 FROM cart_lines l"
		"  WHERE l.tenant_id = carts.tenant_id AND l.cart_id = carts.id)"
		" ORDER BY expires_at LIMIT ?",
		CROSS_TENANT, COURIER },
	[OUTBOX] = { "DELETE FROM outbox WHERE expires_at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	[INVITATIONS] = {
		"DELETE FROM invitations WHERE expires_at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	[SIGNING_KEYS] = {
		"DELETE FROM signing_keys WHERE retires_at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	[COUNTERS] = { "DELETE FROM event_counters WHERE hour < ? LIMIT ?",
		CROSS_TENANT, "counters belong to no tenant" },
	[AUDIT] = { "DELETE FROM audit_events WHERE at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	[WEBHOOK_EVENTS] = {
		"DELETE FROM webhook_events WHERE done_at < ? LIMIT ?",
		CROSS_TENANT, COURIER },
	/* nobody waits for these any more: turned off for long, or deleted */
	[WEBHOOK_WAITING] = { "DELETE e FROM webhook_events e JOIN"
		" (SELECT i.seq FROM (SELECT state, tenant_id, webhook_id,"
		"  MIN(next_at) FROM webhook_events FORCE INDEX (due)"
		"  WHERE state = 'queued'"
		"  GROUP BY state, tenant_id, webhook_id) d"
		"  LEFT JOIN webhooks w ON w.tenant_id = d.tenant_id"
		"  AND w.id = d.webhook_id"
		"  JOIN webhook_events i ON i.state = d.state"
		"  AND i.tenant_id = d.tenant_id"
		"  AND i.webhook_id = d.webhook_id"
		"  WHERE w.id IS NULL OR (NOT w.active AND w.updated_at < ?)"
		"  LIMIT ?) gone ON e.seq = gone.seq",
		CROSS_TENANT, COURIER },
};
const size_t store_purge_sql_n = COUNT(store_purge_sql);

/* How long a row is kept past the time that its statement compares. */
static const int64_t kept_ms[KINDS] = {
	[LIMITS]	= 1 * DAY_MS,
	[CHALLENGES]	= 1 * DAY_MS,
	[SESSIONS]	= 30 * DAY_MS,
	[CART_LINES]	= 0,	/* they go before their cart does */
	[CARTS]		= 0,
	[OUTBOX]	= 7 * DAY_MS,
	[INVITATIONS]	= 0,
	[SIGNING_KEYS]	= 1 * DAY_MS,	/* still listed; they verify nothing */
	[COUNTERS]	= 90 * DAY_MS,
	[AUDIT]		= 400 * DAY_MS,
	[WEBHOOK_EVENTS] = 30 * DAY_MS,
	[WEBHOOK_WAITING] = 30 * DAY_MS,
};
/* clang-format on */

enum err
store_purge(struct ctx *c, int64_t batch, uint64_t *n)
{
	uint64_t changed;
	enum err e;
	size_t i;

	*n = 0;
	for (i = 0; i < KINDS; i++) {
		if ((e = db_change(c, &store_purge_sql[i],
			 ARGS(INT(c->now - kept_ms[i]), INT(batch)), &changed)))
			return e;
		*n += changed;
	}
	return OK;
}
