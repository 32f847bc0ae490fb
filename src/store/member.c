/* SPDX-License-Identifier: ISC */
/* Table tenant_members: who runs which shop. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum { SHOPS, ADD, REMOVE, LIST };

#define ACCOUNT "an account asks which shops it runs"

const struct stmt store_member_sql[] = {
	[SHOPS] = { "SELECT " TENANT_COLUMNS ", NULL"
		" FROM tenant_members m JOIN tenants t ON t.id = m.tenant_id"
		" WHERE m.account_id = ? AND (? IS NULL OR m.tenant_id = ?)"
		" ORDER BY m.created_at, m.tenant_id LIMIT 2",
		CROSS_TENANT, ACCOUNT },
	[ADD] = { "INSERT INTO tenant_members (tenant_id, account_id, role,"
		" created_at) VALUES (?, ?, ?, ?)", 0, NULL },
	[REMOVE] = { "DELETE FROM tenant_members"
		" WHERE tenant_id = ? AND account_id = ?", 0, NULL },
	[LIST] = { "SELECT m.account_id, m.role, u.email, u.phone, m.created_at"
		" FROM tenant_members m LEFT JOIN customers u"
		" ON u.tenant_id = ? AND u.id = m.account_id"
		" WHERE m.tenant_id = ? ORDER BY m.created_at", 0, NULL },
};
const size_t store_member_sql_n = COUNT(store_member_sql);

static const struct col shop_cols[] = {
	TENANT_COLS(struct tenant_row, ),
	COL_UUID(struct tenant_row, key_id),
	COL_END
};

static const struct col member_cols[] = {
	COL_UUID(struct member_row, account),
	COL_TEXT(struct member_row, role),
	COL_TEXT(struct member_row, email),
	COL_TEXT(struct member_row, phone),
	COL_INT(struct member_row, created_at),
	COL_END
};
/* clang-format on */

enum err
store_member_shops(struct ctx *c, struct uuid account, struct uuid shop,
    struct tenant_row **out, size_t *n)
{
	return db_list(c, &store_member_sql[SHOPS],
	    ARGS(UUID(account), UUID(shop), UUID(shop)), shop_cols,
	    sizeof(struct tenant_row), out, n);
}

enum err
store_member_add(
    struct ctx *c, struct uuid shop, struct uuid account, const char *role)
{
	return db_change_one(c, &store_member_sql[ADD],
	    ARGS(UUID(shop), UUID(account), TEXT(role), INT(c->now)));
}

enum err
store_member_remove(struct ctx *c, struct uuid shop, struct uuid account)
{
	return db_change_one(
	    c, &store_member_sql[REMOVE], ARGS(UUID(shop), UUID(account)));
}

enum err
store_member_list(struct ctx *c, struct uuid shop, struct uuid platform,
    struct member_row **out, size_t *n)
{
	return db_list(c, &store_member_sql[LIST],
	    ARGS(UUID(platform), UUID(shop)), member_cols,
	    sizeof(struct member_row), out, n);
}
