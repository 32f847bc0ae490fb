/* SPDX-License-Identifier: ISC */
/* Tables tenants and tenant_names: shops, the platform, and what leads there. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum {
	BY_KEY, BY_HOST, BY_SLUG, BY_ID, ADD, LIST, SET, NAMES_CLEAR, NAME_ADD,
	ORIGIN, PING
};

/* What somebody sent, for a column of ASCII: other letters match nothing. */
#define ASCII "CONVERT(? USING ascii)"

const struct stmt store_tenant_sql[] = {
	[BY_KEY] = { "SELECT " TENANT_COLUMNS ", k.id, k.per_minute"
		" FROM api_keys k JOIN tenants t ON t.id = k.tenant_id"
		" WHERE k.secret_hash = ? AND k.kind = 'publishable'"
		" AND k.status = 'active'"
		" AND (k.expires_at IS NULL OR k.expires_at > ?)",
		CROSS_TENANT, "the key says which tenant it is" },
	[BY_HOST] = { "SELECT " TENANT_COLUMNS ", NULL, NULL"
		" FROM (SELECT tenant_id AS id, 1 AS turn FROM tenant_names"
		"  WHERE kind = 'host' AND value = " ASCII
		"  UNION ALL SELECT id, 2 FROM tenants WHERE slug = " ASCII ") hit"
		" JOIN tenants t ON t.id = hit.id ORDER BY hit.turn LIMIT 1",
		CROSS_TENANT, "the host says which tenant it is" },
	[BY_SLUG] = { "SELECT " TENANT_COLUMNS ", NULL, NULL"
		" FROM tenants t WHERE t.slug = " ASCII,
		CROSS_TENANT, "the operator or the configuration names it" },
	[BY_ID] = { "SELECT " TENANT_COLUMNS ", NULL, NULL"
		" FROM tenants t WHERE t.id = ?",
		CROSS_TENANT, "the id is the tenant's" },
	[ADD] = { "INSERT INTO tenants (id, slug, name, kind, settings,"
		" mac_key, founded_by, approved_at, created_at, updated_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?, ?)", 0, NULL },
	[LIST] = { "SELECT " TENANT_COLUMNS ", NULL, NULL"
		" FROM tenants t ORDER BY t.id",
		CROSS_TENANT, "the operator lists all of them" },
	[SET] = { "UPDATE tenants SET name = ?, settings = ?,"
		" tokens_until = GREATEST(tokens_until, ?), " TENANT_UPDATED
		" WHERE id = ?",
		CROSS_TENANT, "the id is the tenant's" },
	[NAMES_CLEAR] = { "DELETE FROM tenant_names WHERE tenant_id = ?",
		0, NULL },
	[NAME_ADD] = { "INSERT INTO tenant_names (kind, value, tenant_id)"
		" VALUES (?, ?, ?)", 0, NULL },
	[ORIGIN] = { "SELECT 1 FROM tenant_names"
		" WHERE kind = 'origin' AND value = " ASCII " LIMIT 1",
		CROSS_TENANT, "a preflight names no tenant" },
	[PING] = { "SELECT 1 FROM migrations LIMIT 1",
		CROSS_TENANT, "asks only whether the database answers" },
};
const size_t store_tenant_sql_n = COUNT(store_tenant_sql);

static const struct col tenant_cols[] = {
	TENANT_COLS(struct tenant_row, ),
	COL_UUID(struct tenant_row, key_id),
	COL_INT(struct tenant_row, key_per_minute),
	COL_END
};

struct one {
	int64_t	 n;
};

static const struct col one_cols[] = { COL_INT(struct one, n), COL_END };
/* clang-format on */

enum err
store_tenant_by_key(struct ctx *c, struct bytes hash, struct tenant_row *out)
{
	return db_one(c, &store_tenant_sql[BY_KEY],
	    ARGS(BLOB(hash), INT(c->now)), tenant_cols, out);
}

enum err
store_tenant_by_host(
    struct ctx *c, const char *host, const char *slug, struct tenant_row *out)
{
	return db_one(c, &store_tenant_sql[BY_HOST],
	    ARGS(TEXT(host), TEXT(slug)), tenant_cols, out);
}

enum err
store_tenant_by_slug(struct ctx *c, const char *slug, struct tenant_row *out)
{
	return db_one(
	    c, &store_tenant_sql[BY_SLUG], ARGS(TEXT(slug)), tenant_cols, out);
}

enum err
store_tenant_by_id(struct ctx *c, struct uuid id, struct tenant_row *out)
{
	return db_one(
	    c, &store_tenant_sql[BY_ID], ARGS(UUID(id)), tenant_cols, out);
}

enum err
store_tenant_add(struct ctx *c, const struct tenant_row *t)
{
	return db_change_one(c, &store_tenant_sql[ADD],
	    ARGS(UUID(t->id), TEXT(t->slug), TEXT(t->name), TEXT(t->kind),
		TEXT(t->settings), BLOB(t->mac_key), UUID(t->founded_by),
		INT(t->approved_at), INT(c->now), INT(c->now)));
}

enum err
store_tenant_list(struct ctx *c, struct tenant_row **out, size_t *n)
{
	return db_list(c, &store_tenant_sql[LIST], NO_ARGS, tenant_cols,
	    sizeof(struct tenant_row), out, n);
}

enum err
store_tenant_set(
    struct ctx *c, const struct tenant_row *t, int64_t tokens_until)
{
	return db_change_one(c, &store_tenant_sql[SET],
	    ARGS(TEXT(t->name), TEXT(t->settings), INT(tokens_until),
		INT(c->now), UUID(t->id)));
}

enum err
store_tenant_names_clear(struct ctx *c, struct uuid id)
{
	uint64_t changed;

	return db_change(
	    c, &store_tenant_sql[NAMES_CLEAR], ARGS(UUID(id)), &changed);
}

enum err
store_tenant_name_add(
    struct ctx *c, struct uuid id, const char *kind, const char *value)
{
	return db_change_one(c, &store_tenant_sql[NAME_ADD],
	    ARGS(TEXT(kind), TEXT(value), UUID(id)));
}

enum err
store_origin_known(struct ctx *c, const char *origin)
{
	struct one one;

	return db_one(
	    c, &store_tenant_sql[ORIGIN], ARGS(TEXT(origin)), one_cols, &one);
}

enum err
store_ping(struct ctx *c)
{
	struct one one;

	return db_one(c, &store_tenant_sql[PING], NO_ARGS, one_cols, &one)
		   ? ERR_DB_AWAY
		   : OK;
}
