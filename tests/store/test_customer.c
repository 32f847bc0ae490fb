/* SPDX-License-Identifier: ISC */
/* Customers: what they state, how they are found, how they are disabled. */

#include "street.h"

START_TEST(test_found_by_identity)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u;

	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_customer_by_identity(c, "email", "a@x.example", &u));
	ck_assert(uuid_equal(u.id, s.customer));
	ck_assert_int_eq(
	    store_customer_by_identity(c, "phone", "a@x.example", &u),
	    ERR_NOT_FOUND);
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_customer_by_identity(c, "email", "a@x.example", &u),
	    ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_change)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u = street_sign_in(c, "a@x.example", &s).customer;
	struct customer_change to = {
	    .full_name = {true, "Ann \xf0\x9f\x8c\xb7"},
	    .address = {true, "1 Road"},
	    .phone = {true, "+48600100200"}};

	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	ck_assert_str_eq(u.full_name, "Ann \xf0\x9f\x8c\xb7");
	ck_assert_str_eq(u.phone, "+48600100200");
	ck_assert_int_eq(u.phone_proven_at, 0);
	to = (struct customer_change){.address = {true, NULL}};
	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	ck_assert_ptr_null(u.address);
	ck_assert_str_eq(u.phone, "+48600100200");
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE event = 'profile_changed'"),
	    2);
	ck_ok(db_script(c, "UPDATE customers SET phone_proven_at = 1;\n"));
	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	to.phone = (struct change){true, NULL};
	ck_assert_int_eq(
	    store_customer_change(c, u.id, s.id, &to, &u), ERR_NOT_FOUND);
	to.phone.s = "+48600100200";
	ck_ok(store_customer_change(c, u.id, s.id, &to, &u));
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_customer_change(c, u.id, s.id, &to, &u), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_disabling_ends_sessions)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u = street_sign_in(c, "a@x.example", &s).customer;
	struct uuid nobody = uuid_make(c->now);

	ck_ok(store_customer_status(c, u.id, "disabled", "operator"));
	ck_ok(store_session_find(c, s.id, &s, &u));
	ck_assert_int_ne(s.ended_at, 0);
	ck_assert_str_eq(u.status, "disabled");
	ck_ok(store_customer_status(c, u.id, "active", "operator"));
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE event = 'customer_status'"),
	    2);
	ck_assert_int_eq(
	    store_customer_status(c, nobody, "active", "x"), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

SUITE(
    customer, test_found_by_identity, test_change, test_disabling_ends_sessions)
