/* SPDX-License-Identifier: ISC */
/* Table signing_keys: what signs access tokens, sealed. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum {
	ADD, ADD_UNLESS, BY_KID, CURRENT, LIST, PUBLISHED, RETIRE, RETIRE_OTHERS,
	LOCK, AGES
};

#define KEY_COLUMNS \
	"tenant_id, id, kid, alg, material, signs_from, retires_at, created_at"

const struct stmt store_signing_key_sql[] = {
	[ADD] = { "INSERT INTO signing_keys (" KEY_COLUMNS ")"
		" VALUES (?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?)", 0, NULL },
	[ADD_UNLESS] = { "INSERT INTO signing_keys (" KEY_COLUMNS ")"
		" SELECT ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ? FROM (SELECT 1) one"
		" JOIN (SELECT COUNT(*) AS n FROM signing_keys"
		"  WHERE tenant_id = ? AND alg = ? AND created_at > ?"
		"  AND retires_at IS NULL) made"
		" ON made.n = 0",
		0, NULL },
	[BY_KID] = { "SELECT " KEY_COLUMNS " FROM signing_keys WHERE kid = ?"
		" AND (retires_at IS NULL OR retires_at > ?)",
		CROSS_TENANT, "the kid says which tenant it is" },
	[CURRENT] = { "SELECT " KEY_COLUMNS " FROM signing_keys"
		" WHERE tenant_id = ? AND alg = ? AND signs_from <= ?"
		" AND (retires_at IS NULL OR retires_at > ?)"
		" ORDER BY signs_from DESC, id DESC LIMIT 1", 0, NULL },
	[LIST] = { "SELECT " KEY_COLUMNS " FROM signing_keys"
		" WHERE tenant_id = ? ORDER BY id", 0, NULL },
	[PUBLISHED] = { "SELECT " KEY_COLUMNS " FROM signing_keys"
		" WHERE tenant_id = ? AND alg = ?"
		" AND (retires_at IS NULL OR retires_at > ?) ORDER BY id",
		0, NULL },
	[RETIRE] = { "UPDATE signing_keys SET retires_at = ?"
		" WHERE tenant_id = ? AND kid = ?"
		" AND (retires_at IS NULL OR retires_at > ?)", 0, NULL },
	[RETIRE_OTHERS] = { "UPDATE signing_keys k"
		" JOIN tenants t ON t.id = k.tenant_id"
		" SET k.retires_at = GREATEST(?, t.tokens_until) + ?"
		" WHERE k.tenant_id = ? AND k.alg = ? AND k.id <> ?"
		" AND k.retires_at IS NULL", 0, NULL },
	[LOCK] = { "UPDATE tenants SET " TENANT_UPDATED " WHERE id = ?",
		CROSS_TENANT, "the id is the tenant's" },
	[AGES] = { "SELECT " TENANT_COLUMNS ", k.alg, k.created_at,"
		" k.retires_at"
		" FROM (SELECT * FROM tenants WHERE id > ?"
		"  AND status <> 'deleting' ORDER BY id LIMIT ?) t"
		" LEFT JOIN signing_keys k ON k.tenant_id = t.id"
		" AND NOT EXISTS (SELECT 1 FROM signing_keys newer"
		"  WHERE newer.tenant_id = k.tenant_id AND newer.alg = k.alg"
		"  AND (newer.retires_at IS NULL, newer.created_at, newer.id)"
		"  > (k.retires_at IS NULL, k.created_at, k.id))"
		" ORDER BY t.id, k.alg",
		CROSS_TENANT, "the courier turns the keys of all tenants" },
};
const size_t store_signing_key_sql_n = COUNT(store_signing_key_sql);

static const struct col signing_key_cols[] = {
	COL_UUID(struct signing_key_row, tenant),
	COL_UUID(struct signing_key_row, id),
	COL_TEXT(struct signing_key_row, kid),
	COL_TEXT(struct signing_key_row, alg),
	COL_BYTES(struct signing_key_row, material),
	COL_INT(struct signing_key_row, signs_from),
	COL_INT(struct signing_key_row, retires_at),
	COL_INT(struct signing_key_row, created_at),
	COL_END
};

static const struct col key_age_cols[] = {
	TENANT_COLS(struct key_age, tenant.),
	COL_TEXT(struct key_age, alg),
	COL_INT(struct key_age, newest),
	COL_INT(struct key_age, retires_at),
	COL_END
};
/* clang-format on */

enum err
store_signing_key_add(struct ctx *c, const struct signing_key_row *k)
{
	return db_change_one(c, &store_signing_key_sql[ADD],
	    ARGS(UUID(k->tenant), UUID(k->id), TEXT(k->kid), TEXT(k->alg),
		BLOB(k->material), INT(k->signs_from), INT(k->retires_at),
		INT(k->created_at)));
}

enum err
store_signing_key_add_unless(
    struct ctx *c, const struct signing_key_row *k, int64_t since, bool *added)
{
	uint64_t n;
	enum err e;

	if ((e = db_change(c, &store_signing_key_sql[ADD_UNLESS],
		 ARGS(UUID(k->tenant), UUID(k->id), TEXT(k->kid), TEXT(k->alg),
		     BLOB(k->material), INT(k->signs_from), INT(k->retires_at),
		     INT(k->created_at), UUID(k->tenant), TEXT(k->alg),
		     INT(since)),
		 &n)))
		return e;
	*added = n > 0;
	return OK;
}

enum err
store_signing_key_by_kid(
    struct ctx *c, const char *kid, struct signing_key_row *out)
{
	return db_one(c, &store_signing_key_sql[BY_KID],
	    ARGS(TEXT(kid), INT(c->now)), signing_key_cols, out);
}

enum err
store_signing_key_current(struct ctx *c, struct uuid tenant, const char *alg,
    struct signing_key_row *out)
{
	return db_one(c, &store_signing_key_sql[CURRENT],
	    ARGS(UUID(tenant), TEXT(alg), INT(c->now), INT(c->now)),
	    signing_key_cols, out);
}

enum err
store_signing_key_list(
    struct ctx *c, struct uuid tenant, struct signing_key_row **out, size_t *n)
{
	return db_list(c, &store_signing_key_sql[LIST], ARGS(UUID(tenant)),
	    signing_key_cols, sizeof(struct signing_key_row), out, n);
}

enum err
store_signing_key_published(struct ctx *c, struct uuid tenant, const char *alg,
    struct signing_key_row **out, size_t *n)
{
	return db_list(c, &store_signing_key_sql[PUBLISHED],
	    ARGS(UUID(tenant), TEXT(alg), INT(c->now)), signing_key_cols,
	    sizeof(struct signing_key_row), out, n);
}

enum err
store_signing_key_retire(struct ctx *c, struct uuid tenant, const char *kid)
{
	return db_change_one(c, &store_signing_key_sql[RETIRE],
	    ARGS(INT(c->now), UUID(tenant), TEXT(kid), INT(c->now)));
}

enum err
store_signing_key_retire_others(struct ctx *c,
    const struct signing_key_row *but, int64_t tokens_end, int64_t leeway_ms)
{
	uint64_t n;

	return db_change(c, &store_signing_key_sql[RETIRE_OTHERS],
	    ARGS(INT(tokens_end), INT(leeway_ms), UUID(but->tenant),
		TEXT(but->alg), UUID(but->id)),
	    &n);
}

enum err
store_signing_key_lock(struct ctx *c, struct uuid tenant)
{
	return db_change_one(
	    c, &store_signing_key_sql[LOCK], ARGS(INT(c->now), UUID(tenant)));
}

enum err
store_signing_key_ages(struct ctx *c, const struct uuid *after, int64_t most,
    struct key_age **out, size_t *n)
{
	return db_list(c, &store_signing_key_sql[AGES],
	    ARGS(BYTES(after->b, sizeof(after->b)), INT(most)), key_age_cols,
	    sizeof(struct key_age), out, n);
}
