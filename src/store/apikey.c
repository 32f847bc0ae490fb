/* SPDX-License-Identifier: ISC */
/* Table api_keys: what names a tenant, or proves to be its server. */

#include "store/store.h"

/* clang-format off */

enum { ADD, LIST, REVOKE };

const struct stmt store_apikey_sql[] = {
	[ADD] = { "INSERT INTO api_keys (tenant_id, id, kind, name, prefix,"
		" secret_hash, scopes, expires_at, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?)", 0, NULL },
	[LIST] = { "SELECT id, kind, name, prefix, scopes, status, expires_at,"
		" created_at FROM api_keys WHERE tenant_id = ? ORDER BY id",
		0, NULL },
	[REVOKE] = { "UPDATE api_keys SET status = 'revoked'"
		" WHERE tenant_id = ? AND id = ? AND status = 'active'",
		0, NULL },
};
const size_t store_apikey_sql_n = COUNT(store_apikey_sql);

static const struct col api_key_cols[] = {
	COL_UUID(struct api_key_row, id),
	COL_TEXT(struct api_key_row, kind),
	COL_TEXT(struct api_key_row, name),
	COL_TEXT(struct api_key_row, prefix),
	COL_TEXT(struct api_key_row, scopes),
	COL_TEXT(struct api_key_row, status),
	COL_INT(struct api_key_row, expires_at),
	COL_INT(struct api_key_row, created_at),
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
		INT(k->expires_at), INT(c->now)));
}

enum err
store_api_key_list(
    struct ctx *c, struct uuid tenant, struct api_key_row **out, size_t *n)
{
	return db_list(c, &store_apikey_sql[LIST], ARGS(UUID(tenant)),
	    api_key_cols, sizeof(struct api_key_row), out, n);
}

enum err
store_api_key_revoke(struct ctx *c, struct uuid tenant, struct uuid id)
{
	return db_change_one(
	    c, &store_apikey_sql[REVOKE], ARGS(UUID(tenant), UUID(id)));
}
