/* SPDX-License-Identifier: ISC */
/* Table locations: the addresses that a customer keeps. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum { ADD, CHANGE, REMOVE, FIND, LIST };

#define LOCATION_COLUMNS \
	"id, type, address1, address2, city_name, postal_code, country_code," \
	" latitude, longitude, formatted_address, description, created_at," \
	" updated_at"

#define OF_CUSTOMER \
	" WHERE tenant_id = v_tenant AND customer_id = v_customer AND id = v_id"

/* The variables of all, and `more` of one's own. */
#define DECLARE(more) \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_customer BINARY(16) DEFAULT ?;" \
	" DECLARE v_id BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_done, v_live INT DEFAULT 0;" \
	" DECLARE v_owner BINARY(16);" more \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;"

/* That it was done, never where the place is; then the answer. */
#define DONE(event, answer) \
	" IF v_done > 0 THEN" \
	"  INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	"   customer_id, session_id, address, request_id) VALUES (v_tenant, ?," \
	"   v_now, '" event "', 'ok', 'customer', v_customer, ?, ?, ?);" \
	" END IF;" \
	" COMMIT;" \
	answer \
	" END"

#define ANSWER_ROW(when) \
	" SELECT " LOCATION_COLUMNS " FROM locations" OF_CUSTOMER \
	"  AND " when ";"

/* Whoever adds at the same time waits for the owner's row. */
#define ADD_SQL DECLARE("") \
	" SELECT id INTO v_owner FROM customers" \
	"  WHERE tenant_id = v_tenant AND id = v_customer FOR UPDATE;" \
	" SELECT COUNT(*) INTO v_live FROM locations" \
	"  WHERE tenant_id = v_tenant AND customer_id = v_customer;" \
	" IF v_owner IS NOT NULL AND v_live < ? THEN" \
	"  INSERT INTO locations (tenant_id, id, customer_id, type, address1," \
	"   address2, city_name, postal_code, country_code, latitude," \
	"   longitude, formatted_address, description, created_at, updated_at)" \
	"   VALUES (v_tenant, v_id, v_owner, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?," \
	"   v_now, v_now);" \
	"  SET v_done = 1;" \
	" END IF;" \
	DONE("location_added", ANSWER_ROW("v_done > 0"))

/* Each column that may be emptied, and its type. */
#define EACH(DO) \
	DO("address1", TEXT_VAR("200")) DO("address2", TEXT_VAR("200")) \
	DO("city_name", TEXT_VAR("100")) DO("postal_code", TEXT_VAR("20")) \
	DO("country_code", TEXT_VAR("2")) DO("latitude", "DECIMAL(8,6)") \
	DO("longitude", "DECIMAL(9,6)") \
	DO("formatted_address", TEXT_VAR("500")) \
	DO("description", TEXT_VAR("500"))

#define GIVE(column, type) \
	" SET g_" column " = ?, v_" column " = ?;"
#define DECLARE_ONE(column, type) \
	" DECLARE g_" column " BOOL;" \
	" DECLARE v_" column " " type ";"

/* Byte by byte: a blank at the end is a change, too. */
#define OR_DIFFERS(column, type) \
	" OR (g_" column " AND NOT (BINARY " column " <=> BINARY v_" column "))"
#define PUT(column, type) " " column " = IF(g_" column ", v_" column ", " column "),"

/* v_differs is NULL when it is not theirs; where nothing does, nothing is done. */
#define CHANGE_SQL DECLARE(" DECLARE v_type " TEXT_VAR("12") ";" \
	    " DECLARE v_differs BOOL;" EACH(DECLARE_ONE)) \
	" SET v_type = ?;" EACH(GIVE) \
	" SELECT v_type IS NOT NULL AND type <> v_type" EACH(OR_DIFFERS) \
	"  INTO v_differs FROM locations" OF_CUSTOMER " FOR UPDATE;" \
	" IF v_differs THEN" \
	"  UPDATE locations SET type = IFNULL(v_type, type)," EACH(PUT) \
	"   updated_at = v_now" OF_CUSTOMER ";" \
	"  SET v_done = 1;" \
	" END IF;" \
	DONE("location_changed", ANSWER_ROW("v_differs IS NOT NULL"))

#define REMOVE_SQL DECLARE("") \
	" DELETE FROM locations" OF_CUSTOMER ";" \
	" SET v_done = ROW_COUNT();" \
	DONE("location_removed", \
	    " SELECT 1 FROM (SELECT 1) one WHERE v_done > 0;")

const struct stmt store_location_sql[] = {
	[ADD] = { ADD_SQL, 0, NULL },
	[CHANGE] = { CHANGE_SQL, 0, NULL },
	[REMOVE] = { REMOVE_SQL, 0, NULL },
	[FIND] = { "SELECT " LOCATION_COLUMNS " FROM locations"
		" WHERE tenant_id = ? AND customer_id = ? AND id = ?", 0, NULL },
	[LIST] = { "SELECT " LOCATION_COLUMNS " FROM locations"
		" WHERE tenant_id = ? AND customer_id = ?"
		" ORDER BY id DESC LIMIT ? OFFSET ?", 0, NULL },
};
const size_t store_location_sql_n = COUNT(store_location_sql);

static const struct col location_cols[] = {
	COL_UUID(struct location, id),
	COL_TEXT(struct location, type),
	COL_TEXT(struct location, address1),
	COL_TEXT(struct location, address2),
	COL_TEXT(struct location, city_name),
	COL_TEXT(struct location, postal_code),
	COL_TEXT(struct location, country_code),
	COL_TEXT(struct location, latitude),
	COL_TEXT(struct location, longitude),
	COL_TEXT(struct location, formatted_address),
	COL_TEXT(struct location, description),
	COL_INT(struct location, created_at),
	COL_INT(struct location, updated_at),
	COL_END
};

struct removed {
	int64_t	 n;
};

static const struct col removed_cols[] = {
	COL_INT(struct removed, n),
	COL_END
};
/* clang-format on */

#define GIVEN(change) INT((change).given), TEXT((change).s)

enum err
store_location_add(struct ctx *c, const struct location_key *key, int64_t most,
    const struct location_change *to, struct location *out)
{
	struct uuid audit = uuid_make(c->now);

	return db_one(c, &store_location_sql[ADD],
	    ARGS(UUID(c->tenant_id), UUID(key->customer), UUID(key->id),
		INT(c->now), INT(most), TEXT(to->type), TEXT(to->address1.s),
		TEXT(to->address2.s), TEXT(to->city_name.s),
		TEXT(to->postal_code.s), TEXT(to->country_code.s),
		TEXT(to->latitude.s), TEXT(to->longitude.s),
		TEXT(to->formatted_address.s), TEXT(to->description.s),
		UUID(audit), UUID(key->session), TEXT(c->address), TEXT(c->id)),
	    location_cols, out);
}

enum err
store_location_change(struct ctx *c, const struct location_key *key,
    const struct location_change *to, struct location *out)
{
	struct uuid audit = uuid_make(c->now);

	return db_one(c, &store_location_sql[CHANGE],
	    ARGS(UUID(c->tenant_id), UUID(key->customer), UUID(key->id),
		INT(c->now), TEXT(to->type), GIVEN(to->address1),
		GIVEN(to->address2), GIVEN(to->city_name),
		GIVEN(to->postal_code), GIVEN(to->country_code),
		GIVEN(to->latitude), GIVEN(to->longitude),
		GIVEN(to->formatted_address), GIVEN(to->description),
		UUID(audit), UUID(key->session), TEXT(c->address), TEXT(c->id)),
	    location_cols, out);
}

enum err
store_location_remove(struct ctx *c, const struct location_key *key)
{
	struct uuid audit = uuid_make(c->now);
	struct removed removed;

	return db_one(c, &store_location_sql[REMOVE],
	    ARGS(UUID(c->tenant_id), UUID(key->customer), UUID(key->id),
		INT(c->now), UUID(audit), UUID(key->session), TEXT(c->address),
		TEXT(c->id)),
	    removed_cols, &removed);
}

enum err
store_location_find(
    struct ctx *c, const struct location_key *key, struct location *out)
{
	return db_one(c, &store_location_sql[FIND],
	    ARGS(UUID(c->tenant_id), UUID(key->customer), UUID(key->id)),
	    location_cols, out);
}

enum err
store_location_list(struct ctx *c, const struct location_page *page,
    struct location **out, size_t *n)
{
	int64_t before = (page->page - 1) * page->size;

	return db_list(c, &store_location_sql[LIST],
	    ARGS(UUID(c->tenant_id), UUID(page->customer), INT(page->size),
		INT(before)),
	    location_cols, sizeof(struct location), out, n);
}
