/* SPDX-License-Identifier: ISC */
/* Table challenges: one row per code and link ever sent. */

#include "store/columns.h"
#include "store/store.h"

/* clang-format off */

enum { BEGIN, TRY, BY_LINK, PHONE_STANDING };

#define OF_DESTINATION \
	" tenant_id = v_tenant AND channel = v_channel" \
	" AND destination = v_destination"
#define ALIVE	" AND spent_at IS NULL AND killed_at IS NULL"
#define CODE_KEPT \
	OF_DESTINATION ALIVE " AND code_hash IS NOT NULL" \
	" AND code_expires_at > v_now"
#define CODE_ALIVE CODE_KEPT " AND tries < v_max"

#define BEGIN_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_id BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_max INT DEFAULT ?;" \
	" DECLARE v_channel " TEXT_VAR("8") " DEFAULT ?;" \
	" DECLARE v_destination VARBINARY(320) DEFAULT ?;" \
	" DECLARE v_from BINARY(16) DEFAULT ?;" \
	" DECLARE v_expires BIGINT DEFAULT ?;" \
	" DECLARE v_live_max INT DEFAULT ?;" \
	" DECLARE v_tries, v_live INT DEFAULT 0;" \
	" DECLARE v_customer BINARY(16);" \
	" DECLARE v_status " TEXT_VAR("12") ";" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;" \
	/* the counter is one for all that are alive; an exhausted one starts anew */ \
	" SELECT IFNULL(MAX(IF(tries < v_max, tries, 0)), 0) INTO v_tries" \
	"  FROM challenges WHERE" OF_DESTINATION ALIVE \
	"  AND expires_at > v_now FOR UPDATE;" \
	" UPDATE challenges SET killed_at = v_now WHERE" OF_DESTINATION ALIVE \
	"  AND begun_from = v_from;" \
	/* its message has its id; in somebody's hands it goes out all the same */ \
	" IF ROW_COUNT() > 0 THEN" \
	"  UPDATE challenges h STRAIGHT_JOIN outbox o" \
	"   ON o.id = h.id AND o.tenant_id = h.tenant_id" \
	"   SET o.state = 'suppressed', o.done_at = v_now," \
	"   o.why = 'a newer one took its place'" \
	"   WHERE h.tenant_id = v_tenant AND h.channel = v_channel" \
	"   AND h.destination = v_destination AND h.begun_from = v_from" \
	"   AND h.killed_at = v_now AND o.state = 'queued'" \
	"   AND (o.lease_owner IS NULL OR o.next_at <= v_now);" \
	" END IF;" \
	" SELECT COUNT(*) INTO v_live FROM challenges WHERE" CODE_KEPT ";" \
	" IF v_live >= v_live_max THEN" \
	"  SET v_live = v_live - v_live_max + 1;" \
	"  UPDATE challenges SET code_hash = NULL WHERE" CODE_KEPT \
	"   ORDER BY id LIMIT v_live;" \
	" END IF;" \
	" SELECT u.id, u.status INTO v_customer, v_status" \
	"  FROM identities i JOIN customers u" \
	"  ON u.tenant_id = i.tenant_id AND u.id = i.customer_id" \
	"  WHERE i.tenant_id = v_tenant AND i.kind = v_channel" \
	"  AND i.value = v_destination;" \
	" INSERT INTO challenges (tenant_id, id, purpose, channel, destination," \
	"  user_type, business_name, begun_from, pepper, code_hash, link_hash," \
	"  fresh_number," \
	"  tries, created_at, code_expires_at, expires_at)" \
	"  VALUES (v_tenant, v_id, 'signin', v_channel, v_destination, ?, ?," \
	"  v_from, ?, ?, ?, ?, v_tries, v_now, ?, v_expires);" \
	" INSERT INTO outbox (id, tenant_id, kind, state, challenge_id," \
	"  destination, payload, next_at, created_at, expires_at)" \
	"  VALUES (v_id, v_tenant, ?," \
	"  IF(v_status = 'disabled', 'suppressed', 'queued'), v_id," \
	"  v_destination, ?, v_now, v_now, ?);" \
	" INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	"  customer_id, address, request_id, detail)" \
	"  VALUES (v_tenant, ?, v_now, 'challenge_begun', 'ok', 'anyone'," \
	"  v_customer, ?, ?, v_channel);" \
	" COMMIT;" \
	" END"

#define TRY_SQL \
	"BEGIN NOT ATOMIC" \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_max INT DEFAULT ?;" \
	" DECLARE v_channel " TEXT_VAR("8") " DEFAULT ?;" \
	" DECLARE v_destination VARBINARY(320) DEFAULT ?;" \
	" DECLARE v_subject BINARY(16) DEFAULT ?;" \
	" DECLARE v_hour_kind INT DEFAULT ?;" \
	" DECLARE v_hour_max INT DEFAULT ?;" \
	" DECLARE v_hour_reset BIGINT DEFAULT ?;" \
	" DECLARE v_row_kind INT DEFAULT ?;" \
	" DECLARE v_row_max INT DEFAULT ?;" \
	" DECLARE v_row_reset BIGINT DEFAULT ?;" \
	" DECLARE v_counted INT DEFAULT 0;" \
	" DECLARE v_off BIGINT DEFAULT 0;" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;" \
	" START TRANSACTION;" \
	" SELECT COUNT(*) INTO v_counted FROM challenges WHERE" CODE_ALIVE \
	"  FOR UPDATE;" \
	" IF v_counted > 0 THEN" \
	"  SELECT IFNULL(MAX(resets_at), 0) INTO v_off FROM limits" \
	"   WHERE tenant_id = v_tenant AND kind IN (v_hour_kind, v_row_kind)" \
	"   AND subject = v_subject AND resets_at > v_now" \
	"   AND n >= IF(kind = v_hour_kind, v_hour_max, v_row_max);" \
	" END IF;" \
	" IF v_counted = 0 OR v_off > 0 THEN" \
	"  COMMIT;" \
	"  SELECT NULL, NULL, 0, '', NULL, NULL, v_off FROM (SELECT 1) one WHERE v_off > 0;" \
	" ELSE" \
	"  SELECT id, code_hash, pepper, user_type, business_name, begun_from," \
	"   0 FROM challenges" \
	"   WHERE" CODE_ALIVE ";" \
	"  UPDATE challenges SET tries = tries + 1 WHERE" CODE_ALIVE ";" \
	"  INSERT INTO limits (tenant_id, kind, subject, n, resets_at, last_at," \
	"   prev_at) VALUES" \
	"   (v_tenant, v_hour_kind, v_subject, 1, v_hour_reset, v_now, 0)," \
	"   (v_tenant, v_row_kind, v_subject, 1, v_row_reset, v_now, 0)" \
	"   ON DUPLICATE KEY UPDATE n = IF(resets_at <= v_now, 1, n + 1)," \
	"   resets_at = IF(resets_at <= v_now, VALUES(resets_at), resets_at)," \
	"   last_at = v_now;" \
	"  COMMIT;" \
	" END IF;" \
	" END"

const struct stmt store_challenge_sql[] = {
	[BEGIN] = { BEGIN_SQL, 0, NULL },
	[TRY] = { TRY_SQL, 0, NULL },
	[BY_LINK] = { "SELECT id, channel, destination, user_type,"
		" business_name, begun_from, expires_at"
		" FROM challenges WHERE tenant_id = ? AND link_hash = ?"
		" AND spent_at IS NULL AND killed_at IS NULL"
		" AND expires_at > ?", 0, NULL },
	[PHONE_STANDING] = { "SELECT EXISTS (SELECT 1 FROM identities"
		"  WHERE tenant_id = ? AND kind = 'phone' AND value = ?"
		"  AND proven_at IS NOT NULL),"
		" COUNT(*), IFNULL(SUM(spent_at IS NOT NULL), 0)"
		" FROM (SELECT spent_at FROM challenges"
		"  WHERE tenant_id = ? AND fresh_number = TRUE"
		"  AND (spent_at IS NOT NULL OR code_expires_at <= ?)"
		"  ORDER BY id DESC LIMIT ?) newest", 0, NULL },
};
const size_t store_challenge_sql_n = COUNT(store_challenge_sql);

static const struct col live_cols[] = {
	COL_UUID(struct live_code, id),
	COL_BYTES(struct live_code, code_hash),
	COL_INT(struct live_code, pepper),
	COL_TEXT(struct live_code, user_type),
	COL_TEXT(struct live_code, business_name),
	COL_FIXED(struct live_code, begun_from),
	COL_INT(struct live_code, resets_at),
	COL_END
};

static const struct col link_cols[] = {
	COL_UUID(struct challenge, id),
	COL_TEXT(struct challenge, channel),
	COL_TEXT(struct challenge, destination),
	COL_TEXT(struct challenge, user_type),
	COL_TEXT(struct challenge, business_name),
	COL_FIXED(struct challenge, begun_from),
	COL_INT(struct challenge, expires_at),
	COL_END
};

static const struct col standing_cols[] = {
	COL_BOOL(struct phone_standing, proven),
	COL_INT(struct phone_standing, sent),
	COL_INT(struct phone_standing, used),
	COL_END
};
/* clang-format on */

enum err
store_challenge_begin(
    struct ctx *c, const struct challenge *ch, const struct outgoing *out)
{
	struct uuid audit = uuid_make(c->now);
	uint64_t changed;

	return db_change(c, &store_challenge_sql[BEGIN],
	    ARGS(UUID(c->tenant_id), UUID(ch->id), INT(c->now),
		INT(ch->tries_max), TEXT(ch->channel), TEXT(ch->destination),
		BYTES(ch->begun_from, sizeof(ch->begun_from)),
		INT(ch->expires_at), INT(LIVE_MAX), TEXT(ch->user_type),
		TEXT(ch->business_name), INT(ch->pepper), BLOB(ch->code_hash),
		BLOB(ch->link_hash), INT(ch->fresh_number),
		INT(ch->code_expires_at), TEXT(out->kind), BLOB(out->payload),
		INT(out->expires_at), UUID(audit), TEXT(c->address),
		TEXT(c->id)),
	    &changed);
}

enum err
store_challenge_try(struct ctx *c, const struct challenge_try *t,
    struct live_code **out, size_t *n)
{
	return db_list(c, &store_challenge_sql[TRY],
	    ARGS(UUID(c->tenant_id), INT(c->now), INT(t->tries_max),
		TEXT(t->channel), TEXT(t->destination), BLOB(t->subject),
		INT(t->hour_kind), INT(t->hour_max), INT(c->now + t->hour_ms),
		INT(t->row_kind), INT(t->row_max), INT(c->now + t->row_ms)),
	    live_cols, sizeof(struct live_code), out, n);
}

enum err
store_challenge_by_link(struct ctx *c, struct bytes hash, struct challenge *out)
{
	return db_one(c, &store_challenge_sql[BY_LINK],
	    ARGS(UUID(c->tenant_id), BLOB(hash), INT(c->now)), link_cols, out);
}

enum err
store_phone_standing(struct ctx *c, const char *phone, int64_t of_last,
    struct phone_standing *out)
{
	return db_one(c, &store_challenge_sql[PHONE_STANDING],
	    ARGS(UUID(c->tenant_id), TEXT(phone), UUID(c->tenant_id),
		INT(c->now), INT(of_last)),
	    standing_cols, out);
}
