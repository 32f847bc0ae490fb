/* SPDX-License-Identifier: ISC */
/* Steps that several compound statements of this room take. */

#ifndef STORE_STEPS_H
#define STORE_STEPS_H

#include "store/columns.h"

/* What OPEN_SESSION declares for itself. */
#define DECLARE_DOOR \
	" DECLARE v_door CHAR(1) CHARACTER SET ascii COLLATE ascii_bin;"

/* The oldest of that door makes room; 7 parameters: door to expires_at. */
#define OPEN_SESSION(challenge) \
	"  SET v_door = ?;" \
	"  SELECT COUNT(*) INTO v_live FROM sessions" \
	"   WHERE tenant_id = v_tenant AND customer_id = v_customer" \
	"   AND ended_at IS NULL AND expires_at > v_now AND door = v_door;" \
	"  IF v_live >= v_sessions_max THEN" \
	"   SET v_live = v_live - v_sessions_max + 1;" \
	"   UPDATE sessions SET ended_at = v_now, end_reason = 'too_many'" \
	"    WHERE tenant_id = v_tenant AND customer_id = v_customer" \
	"    AND ended_at IS NULL AND expires_at > v_now AND door = v_door" \
	"    ORDER BY id LIMIT v_live;" \
	"  END IF;" \
	"  INSERT INTO sessions (tenant_id, id, customer_id, challenge_id, door," \
	"   client_id, amr, idp, salt, rotated_at, device, address," \
	"   authenticated_at, created_at, seen_at, idle_expires_at, expires_at)" \
	"   VALUES (v_tenant, v_session, v_customer, " challenge ", v_door, ?, ?," \
	"   v_idp, ?, v_now, ?, v_address, v_now, v_now, v_now, ?, ?);"

/* The same ids differ by their last byte, so that one parameter makes several. */
#define EVENT_ID(base, n) \
	"INSERT(" base ", 16, 1, CHAR(ORD(SUBSTR(" base ", 16)) ^ " n "))"

/*
 * Tell the webhooks that want this event (a constant), in the same transaction.
 * id, customer, session and detail are SQL; v_tenant and v_now are meant.
 */
#define TELL(event, id, customer, session, detail) \
	" INSERT INTO webhook_events (tenant_id, webhook_id, id, event," \
	"  customer_id, session_id, detail, at, next_at)" \
	"  SELECT v_tenant, w.id, " id ", '" event "', " customer ", " session \
	",  " detail ", v_now, v_now FROM webhooks w" \
	"  WHERE w.tenant_id = v_tenant AND w.active" \
	"  AND FIND_IN_SET('" event "', w.events);"

/* The same of every session of v_customer that ended just now, v_now. */
#define TELL_ENDED \
	" INSERT INTO webhook_events (tenant_id, webhook_id, id, event," \
	"  customer_id, session_id, detail, at, next_at)" \
	"  SELECT v_tenant, w.id, s.id, 'session.revoked', s.customer_id, s.id," \
	"  s.end_reason, v_now, v_now FROM webhooks w JOIN sessions s" \
	"  ON s.tenant_id = w.tenant_id WHERE w.tenant_id = v_tenant" \
	"  AND w.active AND FIND_IN_SET('session.revoked', w.events)" \
	"  AND s.customer_id = v_customer AND s.ended_at = v_now;"

#endif
