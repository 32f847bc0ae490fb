/* SPDX-License-Identifier: ISC */
/* Table webhooks: whom a shop wants told. */

#include "store/store.h"

/* clang-format off */

enum { ADD, LIST, ACTIVE, REST, AFRESH, REMOVE };

const struct stmt store_webhook_sql[] = {
	[ADD] = { "INSERT INTO webhooks (tenant_id, id, url, secret, headers,"
		" events, active, created_at, updated_at)"
		" VALUES (?, ?, ?, ?, ?, ?, TRUE, ?, ?)", 0, NULL },
	[LIST] = { "SELECT w.id, w.url, w.secret, w.headers, w.events, w.active,"
		" w.created_at, (SELECT COUNT(*) FROM webhook_events e"
		"  WHERE e.tenant_id = w.tenant_id AND e.webhook_id = w.id"
		"  AND e.state = 'queued'),"
		" (SELECT COUNT(*) FROM webhook_events e"
		"  WHERE e.tenant_id = w.tenant_id AND e.webhook_id = w.id"
		"  AND e.state = 'dead')"
		" FROM webhooks w WHERE w.tenant_id = ? ORDER BY w.id", 0, NULL },
	[ACTIVE] = { "UPDATE webhooks SET active = ?, rest_until = 0,"
		" updated_at = ? WHERE tenant_id = ? AND id = ?"
		" AND active <> ?", 0, NULL },
	[REST] = { "UPDATE webhooks SET rest_until = ?"
		" WHERE tenant_id = ? AND id = ?", 0, NULL },
	[AFRESH] = { "UPDATE webhooks SET rest_until = 0, updated_at = ?"
		" WHERE tenant_id = ? AND id = ?", 0, NULL },
	[REMOVE] = { "DELETE w, e FROM webhooks w LEFT JOIN webhook_events e"
		" ON e.tenant_id = w.tenant_id AND e.webhook_id = w.id"
		" AND e.state = 'queued'"
		" WHERE w.tenant_id = ? AND w.id = ?", 0, NULL },
};
const size_t store_webhook_sql_n = COUNT(store_webhook_sql);

static const struct col webhook_cols[] = {
	COL_UUID(struct webhook, id),
	COL_TEXT(struct webhook, url),
	COL_BYTES(struct webhook, secret),
	COL_BYTES(struct webhook, headers),
	COL_TEXT(struct webhook, events),
	COL_BOOL(struct webhook, active),
	COL_INT(struct webhook, created_at),
	COL_INT(struct webhook, queued),
	COL_INT(struct webhook, dead),
	COL_END
};
/* clang-format on */

enum err
store_webhook_add(struct ctx *c, const struct webhook *w)
{
	return db_change_one(c, &store_webhook_sql[ADD],
	    ARGS(UUID(c->tenant_id), UUID(w->id), TEXT(w->url), BLOB(w->secret),
		BLOB(w->headers), TEXT(w->events), INT(c->now), INT(c->now)));
}

enum err
store_webhook_list(struct ctx *c, struct webhook **out, size_t *n)
{
	return db_list(c, &store_webhook_sql[LIST], ARGS(UUID(c->tenant_id)),
	    webhook_cols, sizeof(struct webhook), out, n);
}

enum err
store_webhook_active(struct ctx *c, struct uuid id, bool active)
{
	return db_change_one(c, &store_webhook_sql[ACTIVE],
	    ARGS(INT(active), INT(c->now), UUID(c->tenant_id), UUID(id),
		INT(active)));
}

enum err
store_webhook_rest(struct ctx *c, struct uuid id, int64_t until)
{
	uint64_t changed;

	return db_change(c, &store_webhook_sql[REST],
	    ARGS(INT(until), UUID(c->tenant_id), UUID(id)), &changed);
}

enum err
store_webhook_afresh(struct ctx *c, struct uuid id)
{
	uint64_t changed;

	return db_change(c, &store_webhook_sql[AFRESH],
	    ARGS(INT(c->now), UUID(c->tenant_id), UUID(id)), &changed);
}

enum err
store_webhook_remove(struct ctx *c, struct uuid id)
{
	return db_change_one(
	    c, &store_webhook_sql[REMOVE], ARGS(UUID(c->tenant_id), UUID(id)));
}
