/* SPDX-License-Identifier: ISC */
/* Patterns in the audit trail: too many of a kind, from one, in a while. */

#include "store/store.h"

/* clang-format off */

enum { ODD };

#define OF(pattern, subject, count) \
	"SELECT '" pattern "' AS pattern, t.slug, " subject " AS subject," \
	" COUNT(" count ") AS n, MIN(a.at) AS first_at, MAX(a.at) AS last_at" \
	" FROM audit_events a FORCE INDEX (at)" \
	" LEFT JOIN tenants t ON t.id = a.tenant_id"

/* The last word of "market email=0f1e2d3c4b5a6978,name", as partner.c says. */
#define WHICH "SUBSTRING_INDEX(a.detail, ' ', -1)"

/* How many addresses, not how often one was stated. */
const struct stmt store_odd_sql[] = {
	[ODD] = { "SELECT pattern, slug, subject, n, first_at, last_at FROM ("
		OF("many_emails", "MAX(u.username)",
		"DISTINCT LEFT(" WHICH ", 22)")
		" LEFT JOIN customers u ON u.tenant_id = a.tenant_id"
		" AND u.id = a.customer_id WHERE a.at >= ?"
		" AND a.event IN ('identity_conflict', 'contacts_updated')"
		" AND " WHICH " LIKE 'email=%'"
		" GROUP BY a.tenant_id, a.customer_id HAVING n >= ?"
		" UNION ALL " OF("burst", "a.actor", "*")
		" WHERE a.at >= ? AND a.event = 'signed_up'"
		" GROUP BY a.tenant_id, a.actor, a.at DIV 600000 HAVING n >= ?"
		" UNION ALL " OF("refusals", "a.actor", "*")
		" WHERE a.at >= ? AND a.event IN ('key_refused',"
		" 'scope_refused', 'source_refused')"
		" GROUP BY a.tenant_id, a.actor, a.at DIV 3600000 HAVING n >= ?"
		") odd ORDER BY n DESC, last_at DESC LIMIT 200",
		CROSS_TENANT, "the operator looks over all tenants" },
};
const size_t store_odd_sql_n = COUNT(store_odd_sql);

static const struct col odd_cols[] = {
	COL_TEXT(struct odd_row, pattern),
	COL_TEXT(struct odd_row, shop),
	COL_TEXT(struct odd_row, subject),
	COL_INT(struct odd_row, n),
	COL_INT(struct odd_row, first_at),
	COL_INT(struct odd_row, last_at),
	COL_END
};
/* clang-format on */

enum err
store_odd(
    struct ctx *c, const struct odd_limits *l, struct odd_row **out, size_t *n)
{
	return db_list(c, &store_odd_sql[ODD],
	    ARGS(INT(l->since), INT(l->emails), INT(l->since),
		INT(l->first_signins), INT(l->since), INT(l->refusals)),
	    odd_cols, sizeof(struct odd_row), out, n);
}
