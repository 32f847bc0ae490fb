/* SPDX-License-Identifier: ISC */
/* Table sessions: where a customer is signed in. */

#include "store/steps.h"
#include "store/store.h"

/* clang-format off */

enum { PRESENCE, FIND, ROTATE, END, END_OTHERS, END_ALL, LIST, LIVE, HISTORY,
	LAST_END };

#define AUDIT_HEAD \
	"INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	" customer_id, session_id, address, request_id, detail) VALUES "

#define ROTATE_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_id BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_rotated INT DEFAULT 0;" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;" \
	" UPDATE sessions SET generation = generation + 1," \
	"  rotated_before_at = rotated_at, rotated_at = v_now," \
	"  seen_at = v_now, idle_expires_at = ?" \
	"  WHERE tenant_id = v_tenant AND id = v_id AND generation = ?" \
	"  AND ended_at IS NULL AND expires_at > v_now;" \
	" SET v_rotated = ROW_COUNT();" \
	" IF v_rotated = 1 THEN " \
	   AUDIT_HEAD "(v_tenant, ?, v_now, 'refreshed', 'ok', 'customer', ?," \
	"  v_id, ?, ?, NULL);" \
	" END IF;" \
	" COMMIT;" \
	" SELECT v_rotated, generation, rotated_at, rotated_before_at, ended_at" \
	"  FROM sessions WHERE tenant_id = v_tenant AND id = v_id;" \
	" END"

#define END_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_customer BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_reason " TEXT_VAR("20") " DEFAULT ?;" \
	" DECLARE v_id BINARY(16) DEFAULT ?;" \
	" DECLARE v_ended INT DEFAULT 0;" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;"

#define END_AUDIT \
	" SET v_ended = ROW_COUNT();" \
	" IF v_ended > 0 THEN " \
	   AUDIT_HEAD "(v_tenant, ?, v_now, ?, ?, ?," \
	"  v_customer, v_id, ?, ?, v_reason);" \
	   TELL_ENDED \
	" END IF;" \
	" COMMIT;" \
	" SELECT v_ended;" \
	" END"

#define ROW_COLUMNS SESSION_COLUMNS ", s.end_reason, u.email, u.phone"

const struct stmt store_session_sql[] = {
	[PRESENCE] = { "SELECT " SESSION_COLUMNS ", " CUSTOMER_COLUMNS ","
		" " TENANT_COLUMNS ", k.id, k.tenant_id"
		" FROM sessions s JOIN customers u"
		" ON u.tenant_id = s.tenant_id AND u.id = s.customer_id"
		" JOIN tenants t ON t.id = s.tenant_id"
		" LEFT JOIN api_keys k ON k.secret_hash = ?"
		" AND k.kind = 'publishable' AND k.status = 'active'"
		" AND (k.expires_at IS NULL OR k.expires_at > ?)"
		" WHERE s.tenant_id = ? AND s.id = ?", 0, NULL },
	[FIND] = { "SELECT " SESSION_COLUMNS ", " CUSTOMER_COLUMNS
		" FROM sessions s JOIN customers u"
		" ON u.tenant_id = s.tenant_id AND u.id = s.customer_id"
		" WHERE s.tenant_id = ? AND s.id = ?", 0, NULL },
	[ROTATE] = { ROTATE_SQL, 0, NULL },
	[END] = { END_SQL
		" UPDATE sessions SET ended_at = v_now, end_reason = v_reason"
		"  WHERE tenant_id = v_tenant AND customer_id = v_customer"
		"  AND id = v_id AND ended_at IS NULL AND expires_at > v_now;"
		END_AUDIT, 0, NULL },
	[END_OTHERS] = { END_SQL
		" UPDATE sessions SET ended_at = v_now, end_reason = v_reason"
		"  WHERE tenant_id = v_tenant AND customer_id = v_customer"
		"  AND id <> v_id AND ended_at IS NULL AND expires_at > v_now;"
		END_AUDIT, 0, NULL },
	[END_ALL] = { END_SQL
		" UPDATE sessions SET ended_at = v_now, end_reason = v_reason"
		"  WHERE tenant_id = v_tenant AND customer_id = v_customer"
		"  AND ended_at IS NULL AND expires_at > v_now;"
		END_AUDIT, 0, NULL },
	[LIST] = { "SELECT " SESSION_COLUMNS " FROM sessions s"
		" WHERE s.tenant_id = ? AND s.customer_id = ?"
		" AND s.ended_at IS NULL AND s.expires_at > ?"
		" AND s.idle_expires_at > ? ORDER BY s.id DESC", 0, NULL },
	[LIVE] = { "SELECT " ROW_COLUMNS
		" FROM sessions s FORCE INDEX (PRIMARY) LEFT JOIN customers u"
		" ON u.tenant_id = s.tenant_id AND u.id = s.customer_id"
		" WHERE s.tenant_id = ? AND s.ended_at IS NULL"
		" AND s.expires_at > ? AND s.idle_expires_at > ?"
		" ORDER BY s.id DESC LIMIT ?", 0, NULL },
	[HISTORY] = { "SELECT " ROW_COLUMNS
		" FROM sessions s LEFT JOIN customers u"
		" ON u.tenant_id = s.tenant_id AND u.id = s.customer_id"
		" WHERE s.tenant_id = ? AND s.customer_id = ?"
		" ORDER BY s.id DESC", 0, NULL },
};
const size_t store_session_sql_n = COUNT(store_session_sql);

static const struct col presence_cols[] = {
	SESSION_COLS(struct presence, session.),
	CUSTOMER_COLS(struct presence, customer.),
	TENANT_COLS(struct presence, tenant.),
	COL_UUID(struct presence, tenant.key_id),
	COL_UUID(struct presence, key_tenant),
	COL_END
};

struct found {
	struct session	 session;
	struct customer	 customer;
};

static const struct col found_cols[] = {
	SESSION_COLS(struct found, session.),
	CUSTOMER_COLS(struct found, customer.),
	COL_END
};

static const struct col session_cols[] = {
	SESSION_COLS(struct found, session.),
	COL_END
};

static const struct col row_cols[] = {
	SESSION_COLS(struct session_row, session.),
	COL_TEXT(struct session_row, end_reason),
	COL_TEXT(struct session_row, email),
	COL_TEXT(struct session_row, phone),
	COL_END
};

static const struct col rotation_cols[] = {
	COL_INT(struct rotation, rotated),
	COL_INT(struct rotation, generation),
	COL_INT(struct rotation, rotated_at),
	COL_INT(struct rotation, rotated_before_at),
	COL_INT(struct rotation, ended_at),
	COL_END
};

struct ended {
	int64_t	 n;
};

static const struct col ended_cols[] = { COL_INT(struct ended, n), COL_END };
/* clang-format on */

enum err
store_presence(struct ctx *c, struct uuid tenant, struct uuid session,
    struct bytes key_hash, struct presence *out)
{
	return db_one(c, &store_session_sql[PRESENCE],
	    ARGS(BLOB(key_hash), INT(c->now), UUID(tenant), UUID(session)),
	    presence_cols, out);
}

enum err
store_session_find(struct ctx *c, struct uuid id, struct session *session,
    struct customer *customer)
{
	struct found found;
	enum err e;

	if ((e = db_one(c, &store_session_sql[FIND],
		 ARGS(UUID(c->tenant_id), UUID(id)), found_cols, &found)))
		return e;
	*session = found.session;
	*customer = found.customer;
	return OK;
}

enum err
store_session_rotate(struct ctx *c, const struct session *from,
    int64_t idle_expires_at, struct rotation *out)
{
	struct uuid audit = uuid_make(c->now);

	return db_one(c, &store_session_sql[ROTATE],
	    ARGS(UUID(c->tenant_id), UUID(from->id), INT(c->now),
		INT(idle_expires_at), INT(from->generation), UUID(audit),
		UUID(from->customer), TEXT(c->address), TEXT(c->id)),
	    rotation_cols, out);
}

/* END, END_OTHERS or END_ALL; a refused reuse is audited as such. */
static enum err
end(struct ctx *c, int which, const struct session_ending *ending, int64_t *n)
{
	struct uuid audit = uuid_make(c->now);
	struct ended ended;
	enum err e;

	if ((e = db_one(c, &store_session_sql[which],
		 ARGS(UUID(c->tenant_id), UUID(ending->customer), INT(c->now),
		     TEXT(ending->reason), UUID(ending->id), UUID(audit),
		     TEXT(which == END ? "session_ended" : "sessions_ended"),
		     TEXT(ending->attack ? "refused" : "ok"),
		     TEXT(ending->actor ? ending->actor : "customer"),
		     TEXT(c->address), TEXT(c->id)),
		 ended_cols, &ended)))
		return e;
	*n = ended.n;
	return OK;
}

enum err
store_session_end(
    struct ctx *c, const struct session_ending *ending, int64_t *n)
{
	return end(c, END, ending, n);
}

enum err
store_session_end_others(
    struct ctx *c, const struct session_ending *but, int64_t *n)
{
	return end(c, END_OTHERS, but, n);
}

enum err
store_session_end_all(
    struct ctx *c, const struct session_ending *all, int64_t *n)
{
	return end(c, END_ALL, all, n);
}

enum err
store_session_list(
    struct ctx *c, struct uuid customer, struct session **out, size_t *n)
{
	return db_list(c, &store_session_sql[LIST],
	    ARGS(UUID(c->tenant_id), UUID(customer), INT(c->now), INT(c->now)),
	    session_cols, sizeof(struct session), out, n);
}

enum err
store_session_live(
    struct ctx *c, int64_t most, struct session_row **out, size_t *n)
{
	return db_list(c, &store_session_sql[LIVE],
	    ARGS(UUID(c->tenant_id), INT(c->now), INT(c->now), INT(most)),
	    row_cols, sizeof(struct session_row), out, n);
}

enum err
store_session_history(
    struct ctx *c, struct uuid customer, struct session_row **out, size_t *n)
{
	return db_list(c, &store_session_sql[HISTORY],
	    ARGS(UUID(c->tenant_id), UUID(customer)), row_cols,
	    sizeof(struct session_row), out, n);
}
