/* SPDX-License-Identifier: ISC */
/* All that is held of one customer, in whatever table: shown, and erased. */

#include "store/steps.h"
#include "store/store.h"

/* clang-format off */

enum { IDENTITIES, PROOFS, LOCATIONS, FORGET, ERASE };

/* Messages of theirs that still hold an address; an emptied one is never due. */
#define EMPTY_OUTBOX \
	" UPDATE outbox o FORCE INDEX (due) JOIN identities i" \
	"  ON i.tenant_id = o.tenant_id AND i.value = o.destination" \
	"  SET o.destination = NULL, o.payload = NULL, o.lease_owner = NULL," \
	"  o.state = 'suppressed', o.why = 'the customer was deleted'," \
	"  o.next_at = 9223372036854775807" \
	"  WHERE o.state IN ('queued', 'dead', 'suppressed')" \
	"  AND o.next_at < 9223372036854775807 AND o.tenant_id = v_tenant" \
	"  AND i.customer_id = v_id;"

#define COUNTED " SET v_gone = v_gone + ROW_COUNT();"

#define PROOFS_OF(kind) \
	" DELETE h FROM challenges h JOIN identities i" \
	"  ON i.tenant_id = h.tenant_id AND i.value = h.destination" \
	"  WHERE h.tenant_id = v_tenant AND h.channel = '" kind "'" \
	"  AND i.kind = '" kind "' AND i.customer_id = v_id;" COUNTED

/* In the order in which a sign-in takes them: identities first. */
#define ERASE_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_id BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_gone, v_held INT DEFAULT 0;" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;" \
	" SELECT COUNT(*) INTO v_held FROM identities" \
	"  WHERE tenant_id = v_tenant AND customer_id = v_id FOR UPDATE;" \
	" SELECT COUNT(*) INTO v_held FROM customers" \
	"  WHERE tenant_id = v_tenant AND id = v_id FOR UPDATE;" \
	EMPTY_OUTBOX COUNTED PROOFS_OF("email") PROOFS_OF("phone") \
	" DELETE v FROM invitations v JOIN identities i" \
	"  ON i.tenant_id = v.tenant_id AND i.value = v.email" \
	"  WHERE v.tenant_id = v_tenant AND i.kind = 'email'" \
	"  AND i.customer_id = v_id;" COUNTED \
	" DELETE FROM sessions WHERE tenant_id = v_tenant" \
	"  AND customer_id = v_id;" COUNTED \
	" DELETE FROM cart_lines WHERE tenant_id = v_tenant" \
	"  AND cart_id = v_id;" COUNTED \
	" DELETE FROM carts WHERE tenant_id = v_tenant AND id = v_id;" COUNTED \
	" DELETE FROM locations WHERE tenant_id = v_tenant" \
	"  AND customer_id = v_id;" COUNTED \
	" DELETE FROM identities WHERE tenant_id = v_tenant" \
	"  AND customer_id = v_id;" COUNTED \
	" DELETE FROM customers WHERE tenant_id = v_tenant AND id = v_id;" \
	COUNTED \
	" IF v_gone > 0 THEN" \
	"  INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	"   customer_id, request_id) VALUES (v_tenant, ?, v_now," \
	"   'customer_deleted', 'ok', ?, v_id, ?);" \
	   TELL("customer.deleted", "?", "v_id", "NULL", "NULL") \
	" END IF;" \
	" COMMIT;" \
	" SELECT v_gone;" \
	" END"

const struct stmt store_dossier_sql[] = {
	[IDENTITIES] = { "SELECT kind, value, proven_at, created_at"
		" FROM identities WHERE tenant_id = ? AND customer_id = ?"
		" ORDER BY created_at, kind, value", 0, NULL },
	[PROOFS] = { "SELECT h.channel, h.destination, h.begun_from,"
		" h.created_at, h.expires_at, h.spent_at FROM identities i"
		" JOIN challenges h ON h.tenant_id = i.tenant_id"
		" AND h.channel = CONCAT(i.kind) AND h.destination = i.value"
		" WHERE i.tenant_id = ? AND i.customer_id = ? ORDER BY h.id",
		0, NULL },
	[LOCATIONS] = { "SELECT id, type, address1, address2, city_name,"
		" postal_code, country_code, CAST(latitude AS CHAR),"
		" CAST(longitude AS CHAR), formatted_address, description,"
		" created_at, updated_at FROM locations"
		" WHERE tenant_id = ? AND customer_id = ? ORDER BY id", 0, NULL },
	[FORGET] = { "UPDATE audit_events FORCE INDEX (customer)"
		" SET address = NULL WHERE tenant_id = ? AND customer_id = ?"
		" AND address IS NOT NULL LIMIT ?", 0, NULL },
	[ERASE] = { ERASE_SQL, 0, NULL },
};
const size_t store_dossier_sql_n = COUNT(store_dossier_sql);

static const struct col identity_cols[] = {
	COL_TEXT(struct identity_row, kind),
	COL_TEXT(struct identity_row, value),
	COL_INT(struct identity_row, proven_at),
	COL_INT(struct identity_row, created_at),
	COL_END
};

static const struct col proof_cols[] = {
	COL_TEXT(struct proof_row, channel),
	COL_TEXT(struct proof_row, destination),
	COL_FIXED(struct proof_row, begun_from),
	COL_INT(struct proof_row, created_at),
	COL_INT(struct proof_row, expires_at),
	COL_INT(struct proof_row, spent_at),
	COL_END
};

static const struct col place_cols[] = {
	COL_UUID(struct place_row, id),
	COL_TEXT(struct place_row, type),
	COL_TEXT(struct place_row, address1),
	COL_TEXT(struct place_row, address2),
	COL_TEXT(struct place_row, city_name),
	COL_TEXT(struct place_row, postal_code),
	COL_TEXT(struct place_row, country_code),
	COL_TEXT(struct place_row, latitude),
	COL_TEXT(struct place_row, longitude),
	COL_TEXT(struct place_row, formatted_address),
	COL_TEXT(struct place_row, description),
	COL_INT(struct place_row, created_at),
	COL_INT(struct place_row, updated_at),
	COL_END
};

struct erased {
	int64_t	 n;
};

static const struct col erased_cols[] = { COL_INT(struct erased, n), COL_END };
/* clang-format on */

enum err
store_dossier_identities(
    struct ctx *c, struct uuid customer, struct identity_row **out, size_t *n)
{
	return db_list(c, &store_dossier_sql[IDENTITIES],
	    ARGS(UUID(c->tenant_id), UUID(customer)), identity_cols,
	    sizeof(struct identity_row), out, n);
}

enum err
store_dossier_proofs(
    struct ctx *c, struct uuid customer, struct proof_row **out, size_t *n)
{
	return db_list(c, &store_dossier_sql[PROOFS],
	    ARGS(UUID(c->tenant_id), UUID(customer)), proof_cols,
	    sizeof(struct proof_row), out, n);
}

enum err
store_dossier_places(
    struct ctx *c, struct uuid customer, struct place_row **out, size_t *n)
{
	return db_list(c, &store_dossier_sql[LOCATIONS],
	    ARGS(UUID(c->tenant_id), UUID(customer)), place_cols,
	    sizeof(struct place_row), out, n);
}

enum err
store_dossier_forget(
    struct ctx *c, struct uuid customer, int64_t batch, uint64_t *n)
{
	return db_change(c, &store_dossier_sql[FORGET],
	    ARGS(UUID(c->tenant_id), UUID(customer), INT(batch)), n);
}

enum err
store_dossier_erase(
    struct ctx *c, struct uuid customer, const char *actor, int64_t *n)
{
	struct uuid audit = uuid_make(c->now), told = uuid_make(c->now);
	struct erased erased;
	enum err e;

	if ((e = db_one(c, &store_dossier_sql[ERASE],
		 ARGS(UUID(c->tenant_id), UUID(customer), INT(c->now),
		     UUID(audit), TEXT(actor), TEXT(c->id), UUID(told)),
		 erased_cols, &erased)))
		return e;
	*n = erased.n;
	return OK;
}
