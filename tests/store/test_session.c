/* SPDX-License-Identifier: ISC */
/* Sessions: found by keys, rotated once per generation, ended and listed. */

#include "street.h"

START_TEST(test_presence)
{
	struct ctx *c = street_open();
	struct bytes none = {NULL, 0};
	struct session s;
	struct presence p;
	struct uuid other;

	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_presence(c, c->tenant_id, s.id, none, &p));
	ck_assert(uuid_equal(p.customer.id, s.customer));
	ck_assert(uuid_equal(p.session.customer, s.customer));
	ck_assert_str_eq(p.tenant.slug, "a-shop");
	ck_assert_str_eq(p.customer.email, "a@x.example");
	ck_assert_str_eq(p.session.amr, "otp");
	ck_assert(uuid_is_nil(p.key_tenant));
	ck_assert_mem_eq(p.session.salt, s.salt, 16);
	other = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_presence(c, other, s.id, none, &p), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_rotates_once_per_generation)
{
	struct ctx *c = street_open();
	struct session s, again;
	struct customer u;
	struct rotation r;
	int64_t begun = c->now;

	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_session_find(c, s.id, &s, &u));
	c->now += 1000;
	ck_ok(store_session_rotate(c, &s, c->now + HOUR_MS, &r));
	ck_assert_int_eq(r.rotated, 1);
	ck_assert_int_eq(r.generation, 2);
	ck_assert_int_eq(r.rotated_at, c->now);
	ck_assert_int_eq(r.rotated_before_at, begun);
	c->now += 1000;
	ck_ok(store_session_rotate(c, &s, c->now + HOUR_MS, &r));
	ck_assert_int_eq(r.rotated, 0);
	ck_assert_int_eq(r.generation, 2);
	ck_ok(store_session_find(c, s.id, &again, &u));
	ck_assert_int_eq(again.idle_expires_at, begun + 1000 + HOUR_MS);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM audit_events "
					 "WHERE event = 'refreshed'"),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_an_ended_one_does_not_rotate)
{
	struct ctx *c = street_open();
	struct session s;
	struct customer u;
	struct rotation r;
	struct session_ending e = {.reason = "signed_out"};
	int64_t n;

	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_session_find(c, s.id, &s, &u));
	e.customer = s.customer;
	e.id = s.id;
	ck_ok(store_session_end(c, &e, &n));
	ck_assert_int_eq(n, 1);
	ck_ok(store_session_end(c, &e, &n));
	ck_assert_int_eq(n, 0);
	ck_ok(store_session_rotate(c, &s, c->now + HOUR_MS, &r));
	ck_assert_int_eq(r.rotated, 0);
	ck_assert_int_eq(r.ended_at, c->now);
	test_done(c);
}
END_TEST

START_TEST(test_list_and_end_others)
{
	struct ctx *c = street_open();
	struct session s[3], stranger, *rows;
	struct session_ending but = {.reason = "by_customer"};
	size_t n;
	int64_t ended;
	int i;

	for (i = 0; i < 3; i++, c->now++)
		street_sign_in(c, "a@x.example", &s[i]);
	street_sign_in(c, "b@x.example", &stranger);
	ck_ok(store_session_list(c, s[0].customer, &rows, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert(uuid_equal(rows[0].id, s[2].id));
	/* another customer's cannot be ended */
	but.customer = stranger.customer;
	but.id = s[0].id;
	ck_ok(store_session_end(c, &but, &ended));
	ck_assert_int_eq(ended, 0);
	but.customer = s[0].customer;
	but.id = s[1].id;
	ck_ok(store_session_end_others(c, &but, &ended));
	ck_assert_int_eq(ended, 2);
	ck_ok(store_session_list(c, s[0].customer, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(uuid_equal(rows[0].id, s[1].id));
	ck_ok(store_session_list(c, stranger.customer, &rows, &n));
	ck_assert_uint_eq(n, 1);
	test_done(c);
}
END_TEST

START_TEST(test_live_ones_history_and_end_of_all)
{
	struct ctx *c = street_open();
	struct session s[3], bob;
	struct session_ending all = {
	    .reason = "by_operator", .actor = "operator"};
	struct session_row *rows;
	int64_t ended;
	size_t n;
	int i;

	for (i = 0; i < 3; i++, c->now++)
		street_sign_in(c, "a@x.example", &s[i]);
	street_sign_in(c, "b@x.example", &bob);
	ck_ok(store_session_live(c, 9, &rows, &n));
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(rows[0].email, "b@x.example");
	ck_assert(uuid_equal(rows[1].session.id, s[2].id));
	ck_ok(store_session_live(c, 2, &rows, &n));
	ck_assert_uint_eq(n, 2);
	all.customer = s[0].customer;
	ck_ok(store_session_end_all(c, &all, &ended));
	ck_assert_int_eq(ended, 3);
	ck_ok(store_session_end_all(c, &all, &ended));
	ck_assert_int_eq(ended, 0);
	ck_ok(store_session_live(c, 9, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(uuid_equal(rows[0].session.id, bob.id));
	ck_ok(store_session_history(c, s[0].customer, &rows, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(rows[0].end_reason, "by_operator");
	ck_assert_int_eq(rows[2].session.ended_at, c->now);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM audit_events WHERE"
			    " event = 'sessions_ended' AND actor = 'operator'"
			    " AND detail = 'by_operator'"),
	    1);
	c->tenant_id = street_tenant(c, "other");
	ck_ok(store_session_live(c, 9, &rows, &n));
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

/* One event for each session, by whichever way it ends; its id is the event's. */
START_TEST(test_webhooks_hear_of_each_end)
{
	struct ctx *c = street_open();
	struct session s[4], stranger;
	struct session_ending e = {.reason = "signed_out"};
	int64_t n;
	int i;

	for (i = 0; i < 4; i++, c->now++)
		street_sign_in(c, "a@x.example", &s[i]);
	street_sign_in(c, "b@x.example", &stranger);
	(void)street_webhook(c, "session.revoked");
	c->now++;
	e.customer = s[0].customer;
	e.id = s[0].id;
	ck_ok(store_session_end(c, &e, &n));
	ck_assert_str_eq(street_told(c), "session.revoked signed_out\n");
	c->now++;
	ck_ok(store_session_end(c, &e, &n));
	e = (struct session_ending){
	    .reason = "by_customer", .customer = s[1].customer, .id = s[1].id};
	ck_ok(store_session_end_others(c, &e, &n));
	ck_assert_int_eq(n, 2);
	ck_assert_str_eq(street_told(c),
	    "session.revoked signed_out\nsession.revoked by_customer\n"
	    "session.revoked by_customer\n");
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(DISTINCT e.session_id) FROM"
			    " webhook_events e JOIN sessions s"
			    " ON s.id = e.session_id AND e.id = s.id"
			    " AND e.customer_id = s.customer_id"
			    " AND e.at = s.ended_at"),
	    3);
	test_done(c);
}
END_TEST

SUITE(session, test_presence, test_rotates_once_per_generation,
    test_an_ended_one_does_not_rotate, test_list_and_end_others,
    test_live_ones_history_and_end_of_all, test_webhooks_hear_of_each_end)
