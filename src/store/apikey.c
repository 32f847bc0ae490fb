/* SPDX-License-Identifier: ISC */
/* Table api_keys: what names a tenant, or proves to be its server. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum { ADD, LIST, FIND, STATUS, USED };

#define KEY_COLUMNS \
	"k.id, k.kind, k.name, k.prefix, k.scopes, k.source, k.networks," \
	" k.per_minute, k.status, k.expires_at, k.last_used_at, k.created_at"

#define KEY_COLS(T, m) \
	COL_UUID(T, m id), \
	COL_TEXT(T, m kind), \
	COL_TEXT(T, m name), \
	COL_TEXT(T, m prefix), \
	COL_TEXT(T, m scopes), \
	COL_TEXT(T, m source), \
	COL_TEXT(T, m networks), \
	COL_INT(T, m per_minute), \
	COL_TEXT(T, m status), \
	COL_INT(T, m expires_at), \
	COL_INT(T, m last_used_at), \
	COL_INT(T, m created_at)

const struct stmt store_apikey_sql[] = {
	[ADD] = { "INSERT INTO api_keys (tenant_id, id, kind, name, prefix,"
		" secret_hash, scopes, source, networks, per_minute, expires_at,"
		" created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0),"
		" NULLIF(?, 0), ?)", 0, NULL },
	[LIST] = { "SELECT " KEY_COLUMNS " FROM api_keys k"
		" WHERE k.tenant_id = ? ORDER BY k.id", 0, NULL },
	[FIND] = { "SELECT " KEY_COLUMNS ", " TENANT_COLUMNS
		" FROM api_keys k JOIN tenants t ON t.id = k.tenant_id"
		" WHERE k.secret_hash = ?",
		CROSS_TENANT, "the key says which tenant it is" },
	[STATUS] = { "UPDATE api_keys SET status = ? WHERE tenant_id = ?"
		" AND id = ? AND status <> 'revoked' AND status <> ?", 0, NULL },
	[USED] = { "UPDATE api_keys SET last_used_at = ? WHERE tenant_id = ?"
		" AND id = ? AND (last_used_at IS NULL OR last_used_at < ?)",
		0, NULL },
};
const size_t store_apikey_sql_n = COUNT(store_apikey_sql);

static const struct col api_key_cols[] = {
	KEY_COLS(struct api_key_row, ),
	COL_END
};

static const struct col found_cols[] = {
	KEY_COLS(struct api_key_found, key.),
	TENANT_COLS(struct api_key_found, tenant.),
	COL_END
};
/* clang-format on */

enum err
store_api_key_add(
    struct ctx *c, struct uuid tenant, const struct api_key_row *k)
{
	return db_change_one(c, &store_apikey_sql[ADD],
	    ARGS(UUID(tenant), UUID(k->id), TEXT(k->kind), TEXT(k->name),
		TEXT(k->prefix), BLOB(k->secret_hash), TEXT(k->scopes),
		TEXT(k->source), TEXT(k->networks ? k->networks : ""),
		INT(k->per_minute), INT(k->expires_at), INT(c->now)));
}

enum err
store_api_key_list(
    struct ctx *c, struct uuid tenant, struct api_key_row **out, size_t *n)
{
	return db_list(c, &store_apikey_sql[LIST], ARGS(UUID(tenant)),
	    api_key_cols, sizeof(struct api_key_row), out, n);
}

enum err
store_api_key_find(struct ctx *c, struct bytes hash, struct api_key_found *out)
{
	return db_one(
	    c, &store_apikey_sql[FIND], ARGS(BLOB(hash)), found_cols, out);
}

enum err
store_api_key_status(
    struct ctx *c, struct uuid tenant, struct uuid id, const char *status)
{
	return db_change_one(c, &store_apikey_sql[STATUS],
	    ARGS(TEXT(status), UUID(tenant), UUID(id), TEXT(status)));
}

enum err
store_api_key_used(
    struct ctx *c, struct uuid tenant, struct uuid id, int64_t least)
{
	uint64_t changed;

	return db_change(c, &store_apikey_sql[USED],
	    ARGS(INT(c->now), UUID(tenant), UUID(id), INT(c->now - least)),
	    &changed);
}
