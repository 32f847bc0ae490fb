/* SPDX-License-Identifier: ISC */
/* Customers by what an operator has of them: address, number, username. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum { LOOKUP };

/*
 * Each way is a range of its own key. own: found by an identity, not only by
 * a contact that somebody stated. A partner's value is "source:username".
 */
#define LOOKUP_SQL \
	"SELECT hit.own, " CUSTOMER_COLUMNS " FROM customers u JOIN" \
	" (SELECT every.id, MAX(every.own) own FROM (" \
	"  (SELECT id, 0 own FROM customers WHERE tenant_id = ?" \
	"   AND email LIKE ? ESCAPE '|' LIMIT ?)" \
	"  UNION ALL (SELECT id, 0 FROM customers WHERE tenant_id = ?" \
	"   AND phone LIKE CONVERT(? USING ascii) ESCAPE '|' LIMIT ?)" \
	"  UNION ALL (SELECT customer_id, 1 FROM identities" \
	"   WHERE tenant_id = ? AND kind = 'email'" \
	"   AND value LIKE ? ESCAPE '|' LIMIT ?)" \
	"  UNION ALL (SELECT customer_id, 1 FROM identities" \
	"   WHERE tenant_id = ? AND kind = 'phone'" \
	"   AND value LIKE ? ESCAPE '|' LIMIT ?)" \
	"  UNION ALL (SELECT customer_id, 1 FROM identities" \
	"   WHERE tenant_id = ? AND kind = 'partner' AND value = ?)" \
	"  UNION ALL (SELECT i.customer_id, 1 FROM" \
	"   (SELECT DISTINCT source FROM api_keys WHERE tenant_id = ?" \
	"    AND source IS NOT NULL) k JOIN identities i" \
	"   ON i.value = CAST(CONCAT(CONVERT(k.source USING utf8mb4), ':'," \
	"    ?) AS BINARY)" \
	"   WHERE i.tenant_id = ? AND i.kind = 'partner')" \
	" ) every GROUP BY every.id) hit ON u.id = hit.id" \
	" WHERE u.tenant_id = ? ORDER BY hit.own DESC, u.id DESC LIMIT ?"

const struct stmt store_lookup_sql[] = {
	[LOOKUP] = { LOOKUP_SQL, 0, NULL },
};
const size_t store_lookup_sql_n = COUNT(store_lookup_sql);

static const struct col found_cols[] = {
	COL_BOOL(struct lookup_row, own),
	CUSTOMER_COLS(struct lookup_row, customer.),
	COL_END
};
/* clang-format on */

enum err
store_lookup(
    struct ctx *c, const struct lookup *by, struct lookup_row **out, size_t *n)
{
	const char *like = like_text(c, by->address, by->prefix);
	struct uuid t = c->tenant_id;

	return db_list(c, &store_lookup_sql[LOOKUP],
	    ARGS(UUID(t), TEXT(like), INT(by->most), UUID(t), TEXT(like),
		INT(by->most), UUID(t), TEXT(like), INT(by->most), UUID(t),
		TEXT(like), INT(by->most), UUID(t), TEXT(by->username), UUID(t),
		TEXT(by->username), UUID(t), UUID(t), INT(by->most)),
	    found_cols, sizeof(struct lookup_row), out, n);
}
