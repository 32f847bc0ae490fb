/* SPDX-License-Identifier: ISC */
/* A partner's customer comes in: found or made, compared, let in; one trip. */

#include "store/steps.h"
#include "store/store.h"

/* clang-format off */

enum { SIGNIN };

#define DECLARE \
	" DECLARE v_tenant BINARY(16) DEFAULT ?;" \
	" DECLARE v_now BIGINT DEFAULT ?;" \
	" DECLARE v_value VARBINARY(320) DEFAULT ?;" \
	" DECLARE v_source " TEXT_VAR("32") " DEFAULT ?;" \
	" DECLARE v_username " TEXT_VAR("255") " DEFAULT ?;" \
	" DECLARE v_email " TEXT_VAR("254") " DEFAULT ?;" \
	" DECLARE v_email_mark CHAR(16) CHARACTER SET ascii DEFAULT ?;" \
	" DECLARE v_name " TEXT_VAR("200") " DEFAULT ?;" \
	" DECLARE v_policy " TEXT_VAR("8") " DEFAULT ?;" \
	" DECLARE v_vouched BOOL DEFAULT ?;" \
	" DECLARE v_new BINARY(16) DEFAULT ?;" \
	" DECLARE v_session BINARY(16) DEFAULT ?;" \
	" DECLARE v_actor " TEXT_VAR("64") " DEFAULT ?;" \
	" DECLARE v_address " TEXT_VAR("45") " DEFAULT ?;" \
	" DECLARE v_request " TEXT_VAR("64") " DEFAULT ?;" \
	" DECLARE v_idp " TEXT_VAR("64") " DEFAULT ?;" \
	" DECLARE v_sessions_max INT DEFAULT ?;" \
	" DECLARE v_event BINARY(16) DEFAULT ?;" \
	" DECLARE v_outcome, v_created, v_live INT DEFAULT 0;" \
	" DECLARE v_email_differs, v_name_differs INT DEFAULT 0;" \
	" DECLARE v_email_put, v_name_put, v_proofs INT DEFAULT 0;" \
	" DECLARE v_customer BINARY(16);" \
	" DECLARE v_status " TEXT_VAR("12") ";" \
	" DECLARE v_old_email " TEXT_VAR("254") ";" \
	" DECLARE v_old_name " TEXT_VAR("200") ";" \
	" DECLARE v_made_by, v_email_by, v_name_by " TEXT_VAR("32") ";" \
	DECLARE_DOOR \
	" DECLARE EXIT HANDLER FOR SQLEXCEPTION" \
	"  BEGIN ROLLBACK; RESIGNAL; END;"

/* Found by nothing but this partner's own name for them. */
#define FIND \
	" SELECT customer_id INTO v_customer FROM identities" \
	"  WHERE tenant_id = v_tenant AND kind = 'partner'" \
	"  AND value = v_value FOR UPDATE;" \
	" IF v_customer IS NULL THEN" \
	"  SET v_customer = v_new, v_created = 1, v_made_by = v_source;" \
	"  INSERT INTO customers (tenant_id, id, email, full_name, source," \
	"   username, email_source, name_source, created_at, updated_at)" \
	"   VALUES (v_tenant, v_customer, v_email, v_name, v_source," \
	"   v_username, v_source, v_source, v_now, v_now);" \
	"  INSERT INTO identities (tenant_id, kind, value, customer_id," \
	"   proven_at, created_at) VALUES (v_tenant, 'partner', v_value," \
	"   v_customer, v_now, v_now);" \
	" ELSE" \
	"  SELECT status, email, full_name, source, email_source, name_source" \
	"   INTO v_status, v_old_email, v_old_name, v_made_by, v_email_by," \
	"   v_name_by FROM customers" \
	"   WHERE tenant_id = v_tenant AND id = v_customer FOR UPDATE;" \
	"  SET v_email_differs = NOT (v_old_email <=> v_email)," \
	"   v_name_differs = NOT (v_old_name <=> v_name);" \
	"  IF NOT (v_status <=> 'active') THEN SET v_outcome = 1;" \
	"  ELSEIF v_policy = 'refuse' AND v_email_differs + v_name_differs > 0" \
	"   THEN SET v_outcome = 2;" \
	"  END IF;" \
	" END IF;"

/*
 * Policy update: only what this source said before, and never what the customer
 * proved; a word that was vouched for is not their proof.
 */
#define UPDATE_CONTACTS \
	" IF v_outcome = 0 AND v_policy = 'update' AND v_name_differs" \
	"  AND v_name_by = v_source THEN" \
	"  UPDATE customers SET full_name = v_name, updated_at = v_now" \
	"   WHERE tenant_id = v_tenant AND id = v_customer;" \
	"  SET v_name_put = 1, v_name_differs = 0;" \
	" END IF;" \
	" IF v_outcome = 0 AND v_policy = 'update' AND v_email_differs" \
	"  AND v_email_by = v_source AND NOT EXISTS (SELECT 1 FROM identities" \
	"  WHERE tenant_id = v_tenant AND kind = 'email'" \
	"  AND customer_id = v_customer AND proven_at IS NOT NULL) THEN" \
	"  DELETE FROM identities WHERE tenant_id = v_tenant" \
	"   AND kind = 'email' AND customer_id = v_customer;" \
	"  UPDATE customers SET email = v_email, email_proven_at = NULL," \
	"   updated_at = v_now WHERE tenant_id = v_tenant AND id = v_customer;" \
	"  SET v_email_put = 1, v_email_differs = 0;" \
	" END IF;"

/*
 * Vouched for, of a customer whom this source made, and nobody else's: they are
 * found by it, and it counts as proven until its owner proves otherwise.
 */
#define VOUCH \
	" IF v_outcome = 0 AND v_vouched AND v_made_by = v_source" \
	"  AND v_email_differs = 0 THEN" \
	"  INSERT IGNORE INTO identities (tenant_id, kind, value, customer_id," \
	"   proven_at, created_at) VALUES (v_tenant, 'email', v_email," \
	"   v_customer, NULL, v_now);" \
	"  SET v_proofs = ROW_COUNT();" \
	"  UPDATE customers u JOIN identities i ON i.tenant_id = u.tenant_id" \
	"   AND i.kind = 'email' AND i.value = v_email" \
	"   AND i.customer_id = u.id SET u.email_proven_at = v_now" \
	"   WHERE u.tenant_id = v_tenant AND u.id = v_customer" \
	"   AND u.email_proven_at IS NULL;" \
	"  SET v_proofs = v_proofs + ROW_COUNT();" \
	" END IF;"

/* "market email=0f1e2d3c4b5a6978,name": by whom, and which; odd.c reads it. */
#define WHICH(email, name) \
	"CONCAT(v_source, ' ', CONCAT_WS(','," \
	" IF(" email ", CONCAT('email=', v_email_mark), NULL)," \
	" IF(" name ", 'name', NULL)))"

#define AUDIT_ROW \
	" INSERT INTO audit_events (tenant_id, id, at, event, result, actor," \
	"  customer_id, session_id, address, request_id, detail) VALUES "

#define AUDIT_MORE(event, result, detail) \
	AUDIT_ROW "(v_tenant, ?, v_now, '" event "', " result ", v_actor," \
	"  v_customer, NULL, v_address, v_request, " detail ");"

/*
 * A first sign-in says who. What differs and is kept, what was taken in, and
 * what was vouched for are events of their own.
 */
#define AUDIT \
	AUDIT_ROW "(v_tenant, ?, v_now, IF(v_created, 'signed_up'," \
	"  'signed_in'), IF(v_outcome = 0, 'ok', 'refused'), v_actor," \
	"  v_customer, IF(v_outcome = 0, v_session, NULL), v_address," \
	"  v_request, CONCAT(v_idp, ELT(v_outcome + 1, '', ' disabled'," \
	"  ' conflict')));" \
	" IF v_email_differs + v_name_differs > 0 THEN" \
	   AUDIT_MORE("identity_conflict", \
	   "IF(v_outcome = 0, 'ok', 'refused')", \
	   WHICH("v_email_differs", "v_name_differs")) \
	" END IF;" \
	" IF v_email_put + v_name_put > 0 THEN" \
	   AUDIT_MORE("contacts_updated", "'ok'", \
	   WHICH("v_email_put", "v_name_put")) \
	" END IF;" \
	" IF v_proofs > 0 THEN" \
	   AUDIT_MORE("address_vouched", "'ok'", "v_source") \
	" END IF;"

#define TELL_ALL \
	" IF v_outcome = 0 THEN" \
	"  IF v_created THEN" TELL("customer.created", "v_event", \
	   "v_customer", "NULL", "v_idp") " END IF;" \
	"  IF v_email_put + v_name_put > 0 THEN" \
	   TELL("customer.updated", EVENT_ID("v_event", "1"), \
	   "v_customer", "NULL", "v_idp") " END IF;" \
	   TELL("customer.signed_in", EVENT_ID("v_event", "2"), \
	   "v_customer", "v_session", "v_idp") \
	   TELL_ENDED \
	" END IF;"

const struct stmt store_partner_sql[] = {
	[SIGNIN] = { "BEGIN NOT ATOMIC" DECLARE
		" START TRANSACTION;"
		FIND UPDATE_CONTACTS VOUCH
		" IF v_outcome = 0 THEN" OPEN_SESSION("NULL") " END IF;"
		AUDIT TELL_ALL
		" COMMIT;"
		" SELECT v_outcome, v_created, v_email_differs, v_name_differs,"
		" " CUSTOMER_COLUMNS " FROM customers u"
		" WHERE u.tenant_id = v_tenant AND u.id = v_customer;"
		" END", 0, NULL },
};
const size_t store_partner_sql_n = COUNT(store_partner_sql);

static const struct col partner_cols[] = {
	COL_INT(struct partner_in, outcome),
	COL_BOOL(struct partner_in, created),
	COL_BOOL(struct partner_in, email_differs),
	COL_BOOL(struct partner_in, name_differs),
	CUSTOMER_COLS(struct partner_in, customer.),
	COL_END
};
/* clang-format on */

enum err
store_partner_signin(
    struct ctx *c, const struct partner_signin *in, struct partner_in *out)
{
	const struct session *s = in->session;
	struct uuid audit = uuid_make(c->now), conflict = uuid_make(c->now);
	struct uuid update = uuid_make(c->now), vouch = uuid_make(c->now);
	struct uuid event = uuid_make(c->now);

	return db_one(c, &store_partner_sql[SIGNIN],
	    ARGS(UUID(c->tenant_id), INT(c->now), TEXT(in->value),
		TEXT(in->source), TEXT(in->username), TEXT(in->email),
		TEXT(in->email_mark), TEXT(in->name), TEXT(in->policy),
		INT(in->vouched), UUID(in->new_customer), UUID(s->id),
		TEXT(in->actor), TEXT(c->address), TEXT(c->id), TEXT(s->idp),
		INT(in->sessions_max), UUID(event),
		/* OPEN_SESSION */
		TEXT(s->door), UUID(s->client), TEXT(s->amr),
		BYTES(s->salt, sizeof(s->salt)), TEXT(s->device),
		INT(s->idle_expires_at), INT(s->expires_at),
		/* AUDIT */
		UUID(audit), UUID(conflict), UUID(update), UUID(vouch)),
	    partner_cols, out);
}
