/* SPDX-License-Identifier: ISC */
/* Table signing_keys: what signs access tokens, sealed. */

#include "store/store.h"

/* clang-format off */

enum { ADD, BY_KID, CURRENT, LIST };

#define KEY_COLUMNS \
	"tenant_id, id, kid, alg, material, signs_from, retires_at, created_at"

const struct stmt store_signing_key_sql[] = {
	[ADD] = { "INSERT INTO signing_keys (" KEY_COLUMNS ")"
		" VALUES (?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?)", 0, NULL },
	[BY_KID] = { "SELECT " KEY_COLUMNS " FROM signing_keys WHERE kid = ?"
		" AND (retires_at IS NULL OR retires_at > ?)",
		CROSS_TENANT, "the kid says which tenant it is" },
	[CURRENT] = { "SELECT " KEY_COLUMNS " FROM signing_keys"
		" WHERE tenant_id = ? AND alg = ? AND signs_from <= ?"
		" AND (retires_at IS NULL OR retires_at > ?)"
		" ORDER BY signs_from DESC, id DESC LIMIT 1", 0, NULL },
	[LIST] = { "SELECT " KEY_COLUMNS " FROM signing_keys"
		" WHERE tenant_id = ? ORDER BY id", 0, NULL },
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
