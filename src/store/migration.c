/* SPDX-License-Identifier: ISC */
/* Table migrations: which steps the schema has behind it. */

#include "store/store.h"

enum { EXISTS, LIST, ADD };

#define WHY "the schema belongs to no tenant"

/* clang-format off */
const struct stmt store_migration_sql[] = {
	[EXISTS] = { "SELECT 1 FROM information_schema.tables"
		" WHERE table_schema = DATABASE() LIMIT 1", CROSS_TENANT, WHY },
	[LIST] = { "SELECT id, name, applied_at FROM migrations ORDER BY id",
		CROSS_TENANT, WHY },
	[ADD] = { "INSERT INTO migrations (id, name, applied_at)"
		" VALUES (?, ?, ?)", CROSS_TENANT, WHY },
};
/* clang-format on */
const size_t store_migration_sql_n = COUNT(store_migration_sql);

static const struct col migration_cols[] = {
    COL_INT(struct migration_row, id),
    COL_TEXT(struct migration_row, name),
    COL_INT(struct migration_row, applied_at),
    COL_END,
};

struct one {
	int64_t n;
};

static const struct col one_cols[] = {COL_INT(struct one, n), COL_END};

enum err
store_schema_exists(struct ctx *c)
{
	struct one one;

	return db_one(c, &store_migration_sql[EXISTS], NO_ARGS, one_cols, &one);
}

enum err
store_migration_list(struct ctx *c, struct migration_row **out, size_t *n)
{
	return db_list(c, &store_migration_sql[LIST], NO_ARGS, migration_cols,
	    sizeof(struct migration_row), out, n);
}

enum err
store_migration_add(struct ctx *c, int64_t id, const char *name)
{
	return db_change_one(c, &store_migration_sql[ADD],
	    ARGS(INT(id), TEXT(name), INT(c->now)));
}
