/* SPDX-License-Identifier: ISC */
/* The audit trail: a row says who did what, from where. */

#include "street.h"

START_TEST(test_a_row)
{
	struct ctx *c = street_open();
	struct audit a = {
	    .event = "key_revoked", .actor = "operator", .detail = "pk_1"};

	ck_ok(store_audit(c, c->tenant_id, &a));
	a.ok = true;
	ck_ok(store_audit(c, c->tenant_id, &a));
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM audit_events WHERE "
			    "event = 'key_revoked' AND actor = 'operator' "
			    "AND address = '192.0.2.1' AND customer_id IS "
			    "NULL AND request_id = 'test-request'"),
	    2);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE result = 'refused'"),
	    1);
	test_done(c);
}
END_TEST

SUITE(audit, test_a_row)
