/* SPDX-License-Identifier: ISC */
/* Table audit_events: who did what, when and from where. */

#include "store/store.h"

/* clang-format off */

enum { ADD, ALL, ALL_OLDEST, SHOP, SHOP_OLDEST, CUSTOMER, CUSTOMER_OLDEST };

#define OPERATOR "the operator reads the trail of all tenants"

/* A range of one key in its own order; the rest is looked at on the way. */
#define LIST(key) \
	"SELECT a.tenant_id, t.slug, a.id, a.at, a.event, a.result, a.actor," \
	" a.customer_id, a.session_id, a.address, a.request_id, a.detail" \
	" FROM audit_events a FORCE INDEX (" key ")" \
	" LEFT JOIN tenants t ON t.id = a.tenant_id"
#define WANTED \
	" AND (? IS NULL OR a.event = ?) AND (? IS NULL OR a.result = ?)"

/* Of all shops: by time alone. */
#define OF_ALL	LIST("at") " WHERE a.at >= ?" WANTED " ORDER BY"
/* Of one: the id holds the time. */
#define OF_SHOP LIST("PRIMARY") " WHERE a.tenant_id = ? AND a.id >= ?" WANTED \
	" ORDER BY"
#define OF_CUSTOMER LIST("customer") " WHERE a.tenant_id = ?" \
	" AND a.customer_id = ? AND a.id >= ?" WANTED " ORDER BY"

const struct stmt store_audit_sql[] = {
	[ADD] = { "INSERT INTO audit_events (tenant_id, id, at, event, result,"
		" actor, customer_id, session_id, address, request_id, detail)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 0, NULL },
	[ALL] = { OF_ALL " a.at DESC, a.tenant_id DESC, a.id DESC LIMIT ?",
		CROSS_TENANT, OPERATOR },
	[ALL_OLDEST] = { OF_ALL " a.at, a.tenant_id, a.id LIMIT ?",
		CROSS_TENANT, OPERATOR },
	[SHOP] = { OF_SHOP " a.id DESC LIMIT ?", 0, NULL },
	[SHOP_OLDEST] = { OF_SHOP " a.id LIMIT ?", 0, NULL },
	[CUSTOMER] = { OF_CUSTOMER " a.id DESC LIMIT ?", 0, NULL },
	[CUSTOMER_OLDEST] = { OF_CUSTOMER " a.id LIMIT ?", 0, NULL },
};
const size_t store_audit_sql_n = COUNT(store_audit_sql);

static const struct col audit_cols[] = {
	COL_UUID(struct audit_row, tenant),
	COL_TEXT(struct audit_row, slug),
	COL_UUID(struct audit_row, id),
	COL_INT(struct audit_row, at),
	COL_TEXT(struct audit_row, event),
	COL_TEXT(struct audit_row, result),
	COL_TEXT(struct audit_row, actor),
	COL_UUID(struct audit_row, customer),
	COL_UUID(struct audit_row, session),
	COL_TEXT(struct audit_row, address),
	COL_TEXT(struct audit_row, request),
	COL_TEXT(struct audit_row, detail),
	COL_END
};
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

#define REST(f)                                                \
	TEXT((f)->event), TEXT((f)->event), TEXT((f)->result), \
	    TEXT((f)->result), INT((f)->most)

enum err
store_audit_list(struct ctx *c, const struct audit_filter *f,
    struct audit_row **out, size_t *n)
{
	const struct stmt *list = store_audit_sql + f->oldest;
	struct uuid least = uuid_least(f->since);
	size_t size = sizeof(struct audit_row);

	if (uuid_is_nil(f->tenant))
		return db_list(c, list + ALL, ARGS(INT(f->since), REST(f)),
		    audit_cols, size, out, n);
	if (uuid_is_nil(f->customer))
		return db_list(c, list + SHOP,
		    ARGS(UUID(f->tenant), BYTES(least.b, sizeof(least.b)),
			REST(f)),
		    audit_cols, size, out, n);
	return db_list(c, list + CUSTOMER,
	    ARGS(UUID(f->tenant), UUID(f->customer),
		BYTES(least.b, sizeof(least.b)), REST(f)),
	    audit_cols, size, out, n);
}
