/* SPDX-License-Identifier: ISC */
/* What webhooks hear of sign-ins, in the same transaction. */

#include "street.h"

static struct signin
signin_of(struct ctx *c, const char *to, struct session *s)
{
	struct signin in = {.session = s,
	    .kind = "email",
	    .value = to,
	    .begun_at = c->tenant_id,
	    .sessions_max = 10,
	    .cart_expires_at = c->now + DAY_MS};

	in.new_customer = uuid_make(c->now);
	return in;
}

START_TEST(test_a_first_and_a_next_one)
{
	struct ctx *c = street_open();
	struct session s;
	struct uuid id = street_webhook(c, NULL);

	street_sign_in(c, "a@x.example", &s);
	ck_assert_str_eq(street_told(c),
	    "customer.created email\ncustomer.signed_in email\n");
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(DISTINCT id) FROM webhook_events"
			    " WHERE LENGTH(id) = 16 AND next_at = at"
			    " AND state = 'queued' AND attempts = 0"),
	    2);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events e JOIN"
			    " sessions s ON s.id = e.session_id"
			    " AND s.customer_id = e.customer_id"
			    " WHERE e.event = 'customer.signed_in'"),
	    1);
	c->now++;
	street_sign_in(c, "a@x.example", &s);
	ck_assert_str_eq(street_told(c),
	    "customer.created email\ncustomer.signed_in email\n"
	    "customer.signed_in email\n");
	/* who is turned off hears nothing, nor does another shop */
	ck_ok(store_webhook_active(c, id, false));
	c->now++;
	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_webhook_active(c, id, true));
	c->tenant_id = street_tenant(c, "other");
	street_sign_in(c, "a@x.example", &s);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events"), 3);
	test_done(c);
}
END_TEST

/* Each hears what it wants; the same event has the same id for both. */
START_TEST(test_each_webhook_hears_what_it_wants)
{
	struct ctx *c = street_open();
	struct session s;

	(void)street_webhook(c, "customer.signed_in");
	c->now++;
	(void)street_webhook(c, "session.merged,customer.signed_in");
	c->now++;
	(void)street_webhook(c, "customer.updated");
	street_sign_in(c, "a@x.example", &s);
	ck_assert_str_eq(street_told(c),
	    "customer.signed_in email\ncustomer.signed_in email\n");
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(DISTINCT id) FROM webhook_events"),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_of_an_address_more)
{
	struct ctx *c = street_open();
	struct session s, t;
	struct signin in;
	struct signed_in out;

	street_sign_in(c, "a@x.example", &s);
	(void)street_webhook(c, NULL);
	c->now++;
	t = street_session(c, street_begin(c, "b@x.example", "1", 1));
	in = signin_of(c, "b@x.example", &t);
	in.bearer = s.customer;
	ck_ok(store_signin(c, &in, &out));
	ck_assert_str_eq(street_told(c),
	    "customer.updated email\ncustomer.signed_in email\n");
	test_done(c);
}
END_TEST

START_TEST(test_of_sessions_that_end)
{
	struct ctx *c = street_open();
	struct session first, s;
	int i;

	street_sign_in(c, "a@x.example", &first);
	for (i = 0; i < 9; i++) {
		c->now++;
		street_sign_in(c, "a@x.example", &s);
	}
	(void)street_webhook(c, "session.revoked");
	c->now++;
	street_sign_in(c, "a@x.example", &s);
	ck_assert_str_eq(street_told(c), "session.revoked too_many\n");
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events WHERE"
			    " session_id = (SELECT MIN(id) FROM sessions)"),
	    1);
	ck_ok(db_script(c, "UPDATE identities SET proven_at = NULL;\n"
			   "DELETE FROM webhook_events;\n"));
	c->now++;
	street_sign_in(c, "a@x.example", &s);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(DISTINCT session_id) FROM"
			    " webhook_events WHERE detail = 'taken_over'"),
	    10);
	test_done(c);
}
END_TEST

/* A shop that keeps the carts knows the guest by this hash. */
START_TEST(test_of_a_guest_who_signed_in)
{
	struct ctx *c = street_open();
	struct uuid guest = uuid_make(c->now);
	struct session t;
	struct signin in;
	struct signed_in out;

	(void)street_webhook(c, NULL);
	t = street_session(c, street_begin(c, "a@x.example", "1", 1));
	in = signin_of(c, "a@x.example", &t);
	in.guest_cart = guest;
	ck_ok(store_signin(c, &in, &out));
	ck_assert_str_eq(street_told(c),
	    arena_print(c->arena,
		"customer.created email\ncustomer.signed_in email\n"
		"session.merged %s\n",
		hex_text(c->arena, guest.b, sizeof(guest.b))));
	test_done(c);
}
END_TEST

/* A code that is spent, or a customer who is disabled, opened nothing. */
START_TEST(test_what_was_refused_is_not_told)
{
	struct ctx *c = street_open();
	struct session s, t;
	struct signin in;
	struct signed_in out;

	street_sign_in(c, "a@x.example", &s);
	(void)street_webhook(c, NULL);
	c->now++;
	t = street_session(c, s.challenge);
	in = signin_of(c, "a@x.example", &t);
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_SPENT);
	ck_ok(db_script(c, "UPDATE customers SET status = 'disabled';\n"));
	out = street_sign_in(c, "a@x.example", &s);
	ck_assert_int_eq(out.outcome, SIGNIN_DISABLED);
	ck_assert_str_eq(street_told(c), "");
	test_done(c);
}
END_TEST

SUITE(told, test_a_first_and_a_next_one, test_each_webhook_hears_what_it_wants,
    test_of_an_address_more, test_of_sessions_that_end,
    test_of_a_guest_who_signed_in, test_what_was_refused_is_not_told)
