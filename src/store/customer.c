/* SPDX-License-Identifier: ISC */
/* Tables customers and identities: who they are, and how they are found. */

#include "store/steps.h"
#include "store/store.h"

#include <string.h>

/* clang-format off */

enum { CHANGE, STATUS, BY_IDENTITY, FIND, LIST, SEARCH };

/* Each column that a customer may change: name, and how long it is. */
#define EACH(DO) \
	DO("full_name", "200") DO("first_name", "100") DO("last_name", "100") \
	DO("address", "500") DO("id_number", "64") DO("date_of_birth", "10") \
	DO("nationality", "64") DO("profile_url", "2048") DO("locale", "35") \
	DO("secondary_phone", "16")

#define DECLARE_ONE(column, n) \
	" DECLARE g_" column " BOOL DEFAULT ?;" \
	" DECLARE v_" column " " TEXT_VAR(n) " DEFAULT ?;"

/* Byte by byte: a blank at the end is a change, too. */
#define DIFFERS(column) \
	"(g_" column " AND NOT (BINARY " column " <=> BINARY v_" column "))"
#define OR_DIFFERS(column, n) " OR " DIFFERS(column)
#define PUT(column, n) " " column " = IF(g_" column ", v_" column ", " column "),"

/*
 * v_differs is NULL when there is nobody whom it may change. A partner's name
 * becomes the customer's own by another one alone: asked before that is put.
 */
#define CHANGE_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_id BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	   DECLARE_ONE("phone", "16") EACH(DECLARE_ONE) \
	" DECLARE v_differs BOOL;" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;" \
	" SELECT " DIFFERS("phone") EACH(OR_DIFFERS) " INTO v_differs" \
	"  FROM customers" \
	"  WHERE tenant_id = v_tenant AND id = v_id AND status = 'active'" \
	"  AND (NOT g_phone OR phone_proven_at IS NULL OR phone <=> v_phone)" \
	"  FOR UPDATE;" \
	" IF v_differs THEN" \
	"  UPDATE customers SET" \
	"   name_source = IF(" DIFFERS("full_name") ", NULL, name_source)," \
	    PUT("phone", "16") EACH(PUT) \
	"   updated_at = v_now WHERE tenant_id = v_tenant AND id = v_id;" \
	"  INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	"   customer_id, session_id, address, request_id) VALUES (v_tenant, ?," \
	"   v_now, 'profile_changed', 'ok', 'customer', v_id, ?, ?, ?);" \
	   TELL("customer.updated", "?", "v_id", "NULL", "'profile'") \
	" END IF;" \
	" COMMIT;" \
	" SELECT " CUSTOMER_COLUMNS " FROM customers u" \
	"  WHERE v_differs IS NOT NULL" \
	"  AND u.tenant_id = v_tenant AND u.id = v_id;" \
	" END"

#define STATUS_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_customer BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_status " TEXT_VAR("12") " DEFAULT ?;" \
	" DECLARE v_found INT DEFAULT 0;" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;" \
	" UPDATE customers SET status = v_status, updated_at = v_now" \
	"  WHERE tenant_id = v_tenant AND id = v_customer;" \
	" SET v_found = ROW_COUNT();" \
	" IF v_found > 0 THEN" \
	"  IF v_status <> 'active' THEN" \
	"   UPDATE sessions SET ended_at = v_now, end_reason = 'disabled'" \
	"    WHERE tenant_id = v_tenant AND customer_id = v_customer" \
	"    AND ended_at IS NULL;" \
	"  END IF;" \
	"  INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	"   customer_id, request_id, detail) VALUES (v_tenant, ?, v_now," \
	"   'customer_status', 'ok', ?, v_customer, ?, v_status);" \
	   TELL("customer.updated", "?", "v_customer", "NULL", "v_status") \
	   TELL_ENDED \
	" END IF;" \
	" COMMIT;" \
	" SELECT 1 FROM (SELECT 1) one WHERE v_found > 0;" \
	" END"

#define PAGE \
	" AND u.id < ? AND (? IS NULL OR u.status = ?)"

const struct stmt store_customer_sql[] = {
	[CHANGE] = { CHANGE_SQL, 0, NULL },
	[STATUS] = { STATUS_SQL, 0, NULL },
	[BY_IDENTITY] = { "SELECT " CUSTOMER_COLUMNS
		" FROM identities i JOIN customers u"
		" ON u.tenant_id = i.tenant_id AND u.id = i.customer_id"
		" WHERE i.tenant_id = ? AND i.kind = ? AND i.value = ?",
		0, NULL },
	[FIND] = { "SELECT " CUSTOMER_COLUMNS " FROM customers u"
		" WHERE u.tenant_id = ? AND u.id = ?", 0, NULL },
	[LIST] = { "SELECT " CUSTOMER_COLUMNS " FROM customers u"
		" WHERE u.tenant_id = ?" PAGE
		" ORDER BY u.id DESC LIMIT ?", 0, NULL },
	/* by either index; who is found by both is found once */
	[SEARCH] = { "SELECT " CUSTOMER_COLUMNS " FROM customers u"
		" JOIN (SELECT id FROM customers u WHERE u.tenant_id = ?"
		"  AND u.email LIKE ? ESCAPE '|'" PAGE
		"  UNION SELECT id FROM customers u WHERE u.tenant_id = ?"
		"  AND u.phone LIKE CONVERT(? USING ascii) ESCAPE '|'" PAGE ") hit"
		" ON u.id = hit.id WHERE u.tenant_id = ?"
		" ORDER BY u.id DESC LIMIT ?", 0, NULL },
};
const size_t store_customer_sql_n = COUNT(store_customer_sql);

static const struct col customer_cols[] = {
	CUSTOMER_COLS(struct customer, ),
	COL_END
};

struct one {
	int64_t	 n;
};

static const struct col one_cols[] = { COL_INT(struct one, n), COL_END };
/* clang-format on */

#define GIVEN(change) INT((change).given), TEXT((change).s)

enum err
store_customer_change(struct ctx *c, struct uuid id, struct uuid session,
    const struct customer_change *to, struct customer *out)
{
	struct uuid audit = uuid_make(c->now), event = uuid_make(c->now);

	return db_one(c, &store_customer_sql[CHANGE],
	    ARGS(UUID(c->tenant_id), UUID(id), INT(c->now), GIVEN(to->phone),
		GIVEN(to->full_name), GIVEN(to->first_name),
		GIVEN(to->last_name), GIVEN(to->address), GIVEN(to->id_number),
		GIVEN(to->date_of_birth), GIVEN(to->nationality),
		GIVEN(to->profile_url), GIVEN(to->locale),
		GIVEN(to->secondary_phone), UUID(audit), UUID(session),
		TEXT(c->address), TEXT(c->id), UUID(event)),
	    customer_cols, out);
}

enum err
store_customer_status(
    struct ctx *c, struct uuid id, const char *status, const char *actor)
{
	struct uuid audit = uuid_make(c->now), event = uuid_make(c->now);
	struct one one;

	return db_one(c, &store_customer_sql[STATUS],
	    ARGS(UUID(c->tenant_id), UUID(id), INT(c->now), TEXT(status),
		UUID(audit), TEXT(actor), TEXT(c->id), UUID(event)),
	    one_cols, &one);
}

enum err
store_customer_by_identity(
    struct ctx *c, const char *kind, const char *value, struct customer *out)
{
	return db_one(c, &store_customer_sql[BY_IDENTITY],
	    ARGS(UUID(c->tenant_id), TEXT(kind), TEXT(value)), customer_cols,
	    out);
}

enum err
store_customer_find(struct ctx *c, struct uuid id, struct customer *out)
{
	return db_one(c, &store_customer_sql[FIND],
	    ARGS(UUID(c->tenant_id), UUID(id)), customer_cols, out);
}

const char *
like_text(struct ctx *c, const char *s, bool prefix)
{
	struct text out = text_new(c->arena);

	for (; *s; s++) {
		if (strchr("%_|", *s))
			text_add_c(&out, '|');
		text_add_c(&out, *s);
	}
	text_add(&out, prefix ? "%" : "");
	return out.s;
}

/* Greater than every id, where a list begins. */
static const struct uuid endless = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

enum err
store_customer_list(struct ctx *c, const struct customer_filter *f,
    struct customer **out, size_t *n)
{
	struct uuid before = uuid_is_nil(f->before) ? endless : f->before;
	const char *like;

	if (f->search == NULL)
		return db_list(c, &store_customer_sql[LIST],
		    ARGS(UUID(c->tenant_id), UUID(before), TEXT(f->status),
			TEXT(f->status), INT(f->most)),
		    customer_cols, sizeof(struct customer), out, n);
	like = like_text(c, f->search, true);
	return db_list(c, &store_customer_sql[SEARCH],
	    ARGS(UUID(c->tenant_id), TEXT(like), UUID(before), TEXT(f->status),
		TEXT(f->status), UUID(c->tenant_id), TEXT(like), UUID(before),
		TEXT(f->status), TEXT(f->status), UUID(c->tenant_id),
		INT(f->most)),
	    customer_cols, sizeof(struct customer), out, n);
}
