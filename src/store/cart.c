/* SPDX-License-Identifier: ISC */
/* Tables carts and cart_lines: a guest's or a customer's. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum { STATE, LINES, WRITE };

/* A guest's cart that was moved takes no more lines: v_spent. */
#define WRITE_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_id BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_spent BIGINT;" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;" \
	" INSERT INTO carts (tenant_id, id, kind, updated_at, expires_at)" \
	"  VALUES (v_tenant, v_id, ?, v_now, ?)" \
	"  ON DUPLICATE KEY UPDATE updated_at = v_now," \
	"  expires_at = VALUES(expires_at);" \
	" SELECT moved_at INTO v_spent FROM carts" \
	"  WHERE tenant_id = v_tenant AND id = v_id;" \
	" IF v_spent IS NULL THEN" \
	"  DELETE FROM cart_lines WHERE tenant_id = v_tenant" \
	"   AND cart_id = v_id;" \
	"  INSERT INTO cart_lines (tenant_id, cart_id, product_id, variant_id," \
	"   quantity, attributes, position)" \
	"   SELECT v_tenant, v_id, l.product, l.variant, l.quantity," \
	"   l.attributes, l.position FROM JSON_TABLE(?, '$[*]' COLUMNS (" \
	"   position FOR ORDINALITY, product VARCHAR(128) PATH '$.p'," \
	"   variant VARCHAR(128) PATH '$.v', quantity INT PATH '$.q'," \
	"   attributes TEXT PATH '$.a')) l;" \
	" END IF;" \
	" COMMIT;" \
	" SELECT v_spent IS NOT NULL;" \
	" END"

const struct stmt store_cart_sql[] = {
	[STATE] = { "SELECT moved_at IS NOT NULL FROM carts"
		" WHERE tenant_id = ? AND id = ?", 0, NULL },
	[LINES] = { "SELECT product_id, variant_id, quantity, attributes"
		" FROM cart_lines WHERE tenant_id = ? AND cart_id = ?"
		" ORDER BY position, product_id, variant_id", 0, NULL },
	[WRITE] = { WRITE_SQL, 0, NULL },
};
const size_t store_cart_sql_n = COUNT(store_cart_sql);

static const struct col state_cols[] = { COL_BOOL(struct cart, spent), COL_END };

static const struct col line_cols[] = {
	COL_TEXT(struct cart_line, product_id),
	COL_TEXT(struct cart_line, variant_id),
	COL_INT(struct cart_line, quantity),
	COL_TEXT(struct cart_line, attributes),
	COL_END
};
/* clang-format on */

enum err
store_cart_read(struct ctx *c, struct uuid id, struct cart *out)
{
	enum err e;

	e = db_one(c, &store_cart_sql[STATE],
	    ARGS(UUID(c->tenant_id), UUID(id)), state_cols, out);
	if (e == ERR_NOT_FOUND) {
		*out = (struct cart){0};
		return OK;
	}
	if (e)
		return e;
	return db_list(c, &store_cart_sql[LINES],
	    ARGS(UUID(c->tenant_id), UUID(id)), line_cols,
	    sizeof(struct cart_line), &out->lines, &out->n);
}

enum err
store_cart_write(struct ctx *c, struct uuid id, bool guest, const char *lines,
    int64_t expires_at)
{
	struct cart cart;
	enum err e;

	if ((e = db_one(c, &store_cart_sql[WRITE],
		 ARGS(UUID(c->tenant_id), UUID(id), INT(c->now),
		     TEXT(guest ? "guest" : "customer"), INT(expires_at),
		     TEXT(lines)),
		 state_cols, &cart)))
		return e;
	return cart.spent ? ERR_GUEST_SPENT : OK;
}
