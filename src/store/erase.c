/* SPDX-License-Identifier: ISC */
/* A deleted shop leaves nothing: its rows of every kind, then itself. */

#include "store/store.h"

/* clang-format off */

#define OF_TENANT(table) \
	{ "DELETE FROM " table " WHERE tenant_id = ? LIMIT ?", 0, NULL }

/* The tenant's own row goes last. */
const struct stmt store_erase_sql[] = {
	OF_TENANT("sessions"),
	OF_TENANT("challenges"),
	OF_TENANT("identities"),
	OF_TENANT("outbox"),
	OF_TENANT("cart_lines"),
	OF_TENANT("carts"),
	OF_TENANT("limits"),
	OF_TENANT("locations"),
	OF_TENANT("webhook_events"),
	OF_TENANT("webhooks"),
	OF_TENANT("customers"),
	OF_TENANT("audit_events"),
	OF_TENANT("api_keys"),
	OF_TENANT("signing_keys"),
	OF_TENANT("tenant_members"),
	OF_TENANT("invitations"),
	OF_TENANT("tenant_names"),
	{ "DELETE FROM tenants WHERE id = ? AND status = 'deleting' LIMIT ?",
		CROSS_TENANT, "the id is the tenant's" },
};
/* clang-format on */
const size_t store_erase_sql_n = COUNT(store_erase_sql);

enum err
store_tenant_erase(struct ctx *c, struct uuid id, int64_t batch, uint64_t *n)
{
	uint64_t changed;
	size_t i;
	enum err e;

	*n = 0;
	for (i = 0; i < COUNT(store_erase_sql); i++) {
		if ((e = db_change(c, &store_erase_sql[i],
			 ARGS(UUID(id), INT(batch)), &changed)))
			return e;
		*n += changed;
		if (changed == (uint64_t)batch)
			return OK;
	}
	return OK;
}
