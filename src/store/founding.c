/* SPDX-License-Identifier: ISC */
/* Tables invitations and tenants: who may found, and how a shop ends. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum { INVITE, SPEND, APPROVE, STATUS, GONE };

#define TENANT "the id is the tenant's"

const struct stmt store_founding_sql[] = {
	[INVITE] = { "INSERT INTO invitations (tenant_id, email, created_at,"
		" expires_at) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
		" created_at = VALUES(created_at),"
		" expires_at = VALUES(expires_at), used_at = NULL", 0, NULL },
	[SPEND] = { "UPDATE invitations SET used_at = ?"
		" WHERE tenant_id = ? AND email = ? AND used_at IS NULL"
		" AND expires_at > ?", 0, NULL },
	[APPROVE] = { "UPDATE tenants SET approved_at = ?, " TENANT_UPDATED
		" WHERE id = ? AND kind = 'shop' AND approved_at IS NULL",
		CROSS_TENANT, TENANT },
	[STATUS] = { "UPDATE tenants SET status = ?, delete_at = NULLIF(?, 0),"
		" " TENANT_UPDATED " WHERE id = ? AND kind = 'shop'"
		" AND IF(?, status = 'deleting' AND delete_at > ?,"
		" status <> 'deleting')",
		CROSS_TENANT, TENANT },
	[GONE] = { "SELECT id FROM tenants WHERE delete_at <= ?"
		" AND status = 'deleting' LIMIT 1",
		CROSS_TENANT, "the courier deletes for all tenants" },
};
const size_t store_founding_sql_n = COUNT(store_founding_sql);

struct gone {
	struct uuid	 id;
};

static const struct col gone_cols[] = { COL_UUID(struct gone, id), COL_END };
/* clang-format on */

enum err
store_invitation_add(
    struct ctx *c, struct uuid platform, const char *email, int64_t expires_at)
{
	return db_change_one(c, &store_founding_sql[INVITE],
	    ARGS(UUID(platform), TEXT(email), INT(c->now), INT(expires_at)));
}

enum err
store_invitation_spend(struct ctx *c, struct uuid platform, const char *email)
{
	return db_change_one(c, &store_founding_sql[SPEND],
	    ARGS(INT(c->now), UUID(platform), TEXT(email), INT(c->now)));
}

enum err
store_tenant_approve(struct ctx *c, struct uuid id)
{
	return db_change_one(c, &store_founding_sql[APPROVE],
	    ARGS(INT(c->now), INT(c->now), UUID(id)));
}

/* So far before its end a shop can no longer be kept: couriers' clocks differ. */
#define KEEP_MS MINUTE_MS

enum err
store_tenant_status(struct ctx *c, struct uuid id, const char *status,
    int64_t delete_at, bool kept)
{
	return db_change_one(c, &store_founding_sql[STATUS],
	    ARGS(TEXT(status), INT(delete_at), INT(c->now), UUID(id), INT(kept),
		INT(c->now + KEEP_MS)));
}

enum err
store_tenant_gone(struct ctx *c, struct uuid *out)
{
	struct gone gone;
	enum err e;

	if ((e = db_one(c, &store_founding_sql[GONE], ARGS(INT(c->now)),
		 gone_cols, &gone)))
		return e;
	*out = gone.id;
	return OK;
}
