/* SPDX-License-Identifier: ISC */
/* Signing in: spend, admit, open, move the cart; one transaction, one trip. */

#include "store/steps.h"
#include "store/store.h"

#include <string.h>

/* clang-format off */

/*
 * The statement is written in the order of the story. Each parameter is named
 * once, by a variable; the steps speak of nothing else.
 */

#define DECLARE \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_begun_at BINARY(16) DEFAULT ?;" \
	" DECLARE v_challenge BINARY(16) DEFAULT ?;" \
	" DECLARE v_kind " TEXT_VAR("8") " DEFAULT ?;" \
	" DECLARE v_value VARBINARY(320) DEFAULT ?;" \
	" DECLARE v_bearer BINARY(16) DEFAULT ?;" \
	" DECLARE v_new BINARY(16) DEFAULT ?;" \
	" DECLARE v_stated_phone " TEXT_VAR("16") " DEFAULT ?;" \
	" DECLARE v_guest BINARY(16) DEFAULT ?;" \
	" DECLARE v_cart_expires BIGINT DEFAULT ?;" \
	" DECLARE v_session BINARY(16) DEFAULT ?;" \
	" DECLARE v_address " TEXT_VAR("45") " DEFAULT ?;" \
	" DECLARE v_request " TEXT_VAR("64") " DEFAULT ?;" \
	" DECLARE v_idp " TEXT_VAR("64") " DEFAULT ?;" \
	" DECLARE v_sessions_max INT DEFAULT ?;" \
	" DECLARE v_event BINARY(16) DEFAULT ?;" \
	" DECLARE v_locale, v_known_locale " TEXT_VAR("35") ";" \
	" DECLARE v_hour, v_pause, v_prefix, v_row, v_wrong INT;" \
	" DECLARE v_subject, v_pair, v_phone_prefix BINARY(16);" \
	" DECLARE v_outcome, v_created, v_added, v_live INT DEFAULT 0;" \
	" DECLARE v_moved, v_clamped, v_free, v_last INT DEFAULT 0;" \
	" DECLARE v_customer BINARY(16);" \
	" DECLARE v_proven BIGINT;" \
	DECLARE_DOOR \
	" DECLARE v_status " TEXT_VAR("12") ";" \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;"

/* 1: somebody else spent it. The others of that destination die with it. */
#define SPEND \
	" UPDATE challenges SET spent_at = v_now" \
	"  WHERE tenant_id = v_begun_at AND id = v_challenge" \
	"  AND spent_at IS NULL AND killed_at IS NULL AND expires_at > v_now;" \
	" IF ROW_COUNT() = 0 THEN SET v_outcome = 1; ELSE" \
	"  UPDATE challenges SET killed_at = v_now" \
	"   WHERE tenant_id = v_begun_at AND channel = v_kind" \
	"   AND destination = v_value" \
	"   AND spent_at IS NULL AND killed_at IS NULL;" \
	" END IF;"

/*
 * Who is found by this value? Nobody: the bearer, or a new customer. Somebody
 * who never proved it: it is taken over, and that one's sessions end. 3: it is
 * another customer's than the bearer.
 */
#define ADMIT \
	" IF v_outcome = 0 THEN" \
	"  SELECT customer_id, proven_at INTO v_customer, v_proven" \
	"   FROM identities WHERE tenant_id = v_tenant AND kind = v_kind" \
	"   AND value = v_value FOR UPDATE;" \
	"  IF v_customer IS NULL THEN" \
	"   SET v_customer = IFNULL(v_bearer, v_new), v_added = 1;" \
	"   IF v_bearer IS NULL THEN" \
	"    SET v_created = 1;" \
	"    INSERT INTO customers (tenant_id, id, locale, created_at," \
	"     updated_at) VALUES (v_tenant, v_customer, v_locale, v_now, v_now);" \
	"   END IF;" \
	"   INSERT INTO identities (tenant_id, kind, value, customer_id," \
	"    proven_at, created_at) VALUES (v_tenant, v_kind, v_value," \
	"    v_customer, v_now, v_now);" \
	"  ELSEIF v_bearer IS NOT NULL AND v_bearer <> v_customer THEN" \
	"   SET v_outcome = 3;" \
	"  ELSEIF v_proven IS NULL THEN" \
	"   SET v_added = 1;" \
	"   UPDATE identities SET proven_at = v_now WHERE tenant_id = v_tenant" \
	"    AND kind = v_kind AND value = v_value;" \
	"   UPDATE sessions SET ended_at = v_now, end_reason = 'taken_over'" \
	"    WHERE tenant_id = v_tenant AND customer_id = v_customer" \
	"    AND ended_at IS NULL;" \
	"  END IF;" \
	" END IF;" \
	" IF v_outcome = 0 THEN" \
	"  SELECT status, locale INTO v_status, v_known_locale FROM customers" \
	"   WHERE tenant_id = v_tenant AND id = v_customer FOR UPDATE;" \
	"  IF v_status IS NULL THEN SET v_outcome = 3;" \
	"  ELSEIF v_status <> 'active' THEN SET v_outcome = 2; END IF;" \
	" END IF;"

#define CONTACTS \
	"  IF v_added = 1 AND v_kind = 'email' THEN" \
	"   UPDATE customers SET email = v_value, email_proven_at = v_now," \
	"    updated_at = v_now WHERE tenant_id = v_tenant AND id = v_customer;" \
	"  ELSEIF v_added = 1 THEN" \
	"   UPDATE customers SET phone = v_value, phone_proven_at = v_now," \
	"    updated_at = v_now WHERE tenant_id = v_tenant AND id = v_customer;" \
	"  END IF;" \
	"  IF v_locale IS NOT NULL AND v_known_locale IS NULL THEN" \
	"   UPDATE customers SET locale = v_locale, updated_at = v_now" \
	"    WHERE tenant_id = v_tenant AND id = v_customer;" \
	"  END IF;" \
	"  IF v_stated_phone IS NOT NULL THEN" \
	"   UPDATE customers SET phone = v_stated_phone, updated_at = v_now" \
	"    WHERE tenant_id = v_tenant AND id = v_customer AND phone IS NULL;" \
	"  END IF;"

/*
 * A guest's cart moves once: its row says so, written even when it never held
 * a line. Same product and variant: quantities add, to 999 at most; new lines
 * fill up to 100.
 */
#define MOVE_CART \
	"  IF v_guest IS NOT NULL THEN" \
	"   INSERT INTO carts (tenant_id, id, kind, moved_to, moved_at," \
	"    updated_at, expires_at) VALUES (v_tenant, v_guest, 'guest'," \
	"    v_customer, v_now, v_now, v_cart_expires)" \
	"    ON DUPLICATE KEY UPDATE" \
	"    moved_to = IF(moved_at IS NULL, v_customer, moved_to)," \
	"    moved_at = IFNULL(moved_at, v_now);" \
	"   SELECT COUNT(*) INTO v_moved FROM cart_lines" \
	"    WHERE tenant_id = v_tenant AND cart_id = v_guest;" \
	"   IF v_moved > 0 THEN" \
	"    INSERT INTO carts (tenant_id, id, kind, updated_at, expires_at)" \
	"     VALUES (v_tenant, v_customer, 'customer', v_now, v_cart_expires)" \
	"     ON DUPLICATE KEY UPDATE updated_at = v_now," \
	"     expires_at = v_cart_expires;" \
	"    SELECT GREATEST(100 - COUNT(*), 0), IFNULL(MAX(position), 0)" \
	"     INTO v_free, v_last FROM cart_lines" \
	"     WHERE tenant_id = v_tenant AND cart_id = v_customer;" \
	"    SELECT IFNULL(SUM(g.quantity + m.quantity > 999), 0)," \
	"     GREATEST(SUM(m.quantity IS NULL) - v_free, 0)" \
	"     INTO v_clamped, v_live FROM cart_lines g LEFT JOIN cart_lines m" \
	"     ON m.tenant_id = g.tenant_id AND m.cart_id = v_customer" \
	"     AND m.product_id = g.product_id AND m.variant_id = g.variant_id" \
	"     WHERE g.tenant_id = v_tenant AND g.cart_id = v_guest;" \
	"    SET v_clamped = v_clamped + v_live, v_moved = v_moved - v_live;" \
	"    UPDATE cart_lines m JOIN cart_lines g" \
	"     ON g.tenant_id = m.tenant_id AND g.cart_id = v_guest" \
	"     AND g.product_id = m.product_id AND g.variant_id = m.variant_id" \
	"     SET m.quantity = LEAST(m.quantity + g.quantity, 999)" \
	"     WHERE m.tenant_id = v_tenant AND m.cart_id = v_customer;" \
	"    INSERT IGNORE INTO cart_lines (tenant_id, cart_id, product_id," \
	"     variant_id, quantity, attributes, position)" \
	"     SELECT v_tenant, v_customer, g.product_id, g.variant_id," \
	"     g.quantity, g.attributes, g.position + v_last" \
	"     FROM cart_lines g LEFT JOIN cart_lines m" \
	"     ON m.tenant_id = g.tenant_id AND m.cart_id = v_customer" \
	"     AND m.product_id = g.product_id AND m.variant_id = g.variant_id" \
	"     WHERE g.tenant_id = v_tenant AND g.cart_id = v_guest" \
	"     AND m.cart_id IS NULL ORDER BY g.position LIMIT v_free;" \
	"    DELETE FROM cart_lines" \
	"     WHERE tenant_id = v_tenant AND cart_id = v_guest;" \
	"   END IF;" \
	"  END IF;"

#define AUDIT \
	" INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	"  customer_id, session_id, address, request_id, detail) VALUES" \
	"  (v_tenant, ?, v_now, IF(v_created, 'signed_up', 'signed_in')," \
	"  IF(v_outcome = 0, 'ok', 'refused'), 'customer', v_customer," \
	"  IF(v_outcome = 0, v_session, NULL), v_address, v_request," \
	"  CONCAT(v_idp, ELT(v_outcome + 1, '', ' spent', ' disabled')));"

/* A shop that keeps carts of its own hears which guest became whom. */
#define TELL_ALL \
	" IF v_outcome = 0 THEN" \
	"  IF v_created THEN" TELL("customer.created", "v_event", \
	   "v_customer", "NULL", "v_idp") \
	"  ELSEIF v_added THEN" TELL("customer.updated", "v_event", \
	   "v_customer", "NULL", "v_idp") " END IF;" \
	   TELL("customer.signed_in", EVENT_ID("v_event", "1"), \
	   "v_customer", "v_session", "v_idp") \
	"  IF v_guest IS NOT NULL THEN" TELL("session.merged", \
	   EVENT_ID("v_event", "2"), "v_customer", "v_session", \
	   "LOWER(HEX(v_guest))") " END IF;" \
	   TELL_ENDED \
	" END IF;"

/*
 * A right code gives its try back; a sign-in forgets the rest. What many clients
 * share comes last, and who is in already does not wait for it for long.
 */
#define GIVE_BACK \
	" SET v_hour = ?, v_row = ?, v_pause = ?, v_prefix = ?, v_wrong = ?," \
	"  v_subject = ?, v_pair = ?, v_phone_prefix = ?;" \
	" UPDATE limits SET n = CASE" \
	"  WHEN kind = v_hour AND v_outcome = 0 THEN IF(n > ?, n - ?, 0)" \
	"  WHEN kind = v_hour OR kind = v_prefix OR v_outcome <> 0" \
	"   THEN IF(n > 1, n - 1, 0)" \
	"  ELSE 0 END" \
	"  WHERE tenant_id = v_begun_at AND ((kind = v_hour AND" \
	"  subject = v_subject) OR (kind = v_row AND subject = v_subject)" \
	"  OR (v_outcome = 0 AND kind = v_pause AND subject = v_pair)" \
	"  OR (v_added = 1 AND kind = v_prefix" \
	"  AND subject = v_phone_prefix));" \
	" IF v_outcome = 0 AND v_pair IS NOT NULL THEN" \
	"  INSERT INTO limits (tenant_id, kind, subject, n, resets_at, last_at," \
	"   prev_at) VALUES (v_begun_at, ?, v_pair, 1, ?, v_now, 0)" \
	"   ON DUPLICATE KEY UPDATE n = 1, resets_at = VALUES(resets_at)," \
	"   last_at = v_now;" \
	" END IF;" \
	" COMMIT;" \
	" BEGIN" \
	"  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END;" \
	"  UPDATE limits SET n = IF(n > 1, n - 1, 0)" \
	"   WHERE tenant_id = REPEAT('\\0', 16) AND kind = v_wrong" \
	"   AND subject = ?;" \
	" END;"

#define ANSWER \
	" SELECT v_outcome, v_created, v_moved, v_clamped, " CUSTOMER_COLUMNS \
	"  FROM (SELECT 1) one LEFT JOIN customers u" \
	"  ON u.tenant_id = v_tenant AND u.id = v_customer;"

enum { SIGNIN };

const struct stmt store_signin_sql[] = {
	[SIGNIN] = { "BEGIN NOT ATOMIC" DECLARE
		" SET v_locale = ?;"
		" START TRANSACTION;"
		SPEND ADMIT
		" IF v_outcome = 3 THEN ROLLBACK; ELSE"
		"  IF v_outcome = 0 THEN" CONTACTS OPEN_SESSION("v_challenge") MOVE_CART " END IF;"
		AUDIT TELL_ALL GIVE_BACK
		" END IF;"
		ANSWER
		" END", 0, NULL },
};
const size_t store_signin_sql_n = COUNT(store_signin_sql);

static const struct col signed_in_cols[] = {
	COL_INT(struct signed_in, outcome),
	COL_BOOL(struct signed_in, created),
	COL_INT(struct signed_in, moved),
	COL_INT(struct signed_in, clamped),
	CUSTOMER_COLS(struct signed_in, customer.),
	COL_END
};
/* clang-format on */

/* 16 bytes, or NULL. */
static struct arg
subject(const unsigned char *p)
{
	return p == NULL ? NONE : arg_bytes(p, 16);
}

enum err
store_signin(struct ctx *c, const struct signin *in, struct signed_in *out)
{
	const struct session *s = in->session;
	const struct signin_limits *g = &in->give;
	struct uuid audit = uuid_make(c->now), event = uuid_make(c->now);

	return db_one(c, &store_signin_sql[SIGNIN],
	    ARGS(UUID(c->tenant_id), INT(c->now), UUID(in->begun_at),
		UUID(s->challenge), TEXT(in->kind), TEXT(in->value),
		UUID(in->bearer), UUID(in->new_customer),
		TEXT(in->stated_phone), UUID(in->guest_cart),
		INT(in->cart_expires_at), UUID(s->id), TEXT(c->address),
		TEXT(c->id), TEXT(s->idp), INT(in->sessions_max), UUID(event),
		TEXT(in->locale),
		/* OPEN_SESSION */
		TEXT(s->door), UUID(s->client), TEXT(s->amr),
		BYTES(s->salt, sizeof(s->salt)), TEXT(s->device),
		INT(s->idle_expires_at), INT(s->expires_at),
		/* AUDIT */
		UUID(audit),
		/* GIVE_BACK */
		INT(g->hour), INT(g->row), INT(g->pause), INT(g->prefix),
		INT(g->address), subject(g->subject), subject(g->pair),
		subject(g->phone_prefix), INT(g->back), INT(g->back),
		INT(g->known), INT(g->known_until), subject(g->client)),
	    signed_in_cols, out);
}
