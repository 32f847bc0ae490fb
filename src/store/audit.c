/* SPDX-License-Identifier: ISC */
/* Table audit_events: who did what, when and from where. */

#include "store/store.h"

/* clang-format off */

enum { ADD };

const struct stmt store_audit_sql[] = {
	[ADD] = { "INSERT INTO audit_events (tenant_id, id, at, event, result,"
		" actor, customer_id, session_id, address, request_id, detail)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 0, NULL },
};
const size_t store_audit_sql_n = COUNT(store_audit_sql);
/* clang-format on */

enum err
store_audit(struct ctx *c, struct uuid tenant, const struct audit *a)
{
	struct uuid id = uuid_make(c->now);

	return db_change_one(c, &store_audit_sql[ADD],
	    ARGS(UUID(tenant), UUID(id), INT(c->now), TEXT(a->event),
		TEXT(a->ok ? "ok" : "refused"), TEXT(a->actor),
		UUID(a->customer), UUID(a->session), TEXT(c->address),
		TEXT(c->id), TEXT(a->detail)));
}
