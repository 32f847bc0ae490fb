/* SPDX-License-Identifier: ISC */
/* Signing in: the first proof creates a customer, the next ones find them. */

#include "shop.h"

START_TEST(test_first_and_next)
{
	struct ctx *c = shop_open();
	struct login first = shop_sign_in(c, "ann@x.example");
	struct login next;

	ck_assert(first.created);
	ck_assert_int_eq(first.tokens.access_ms, 86400000);
	ck_assert_int_eq(first.tokens.refresh_ms, 14 * DAY_MS);
	ck_assert_ptr_nonnull(first.tokens.access.s);
	ck_assert(!first.cart);
	next = shop_sign_in(c, "ann@x.example");
	ck_assert(!next.created);
	ck_assert(uuid_equal(first.customer.id, next.customer.id));
	ck_assert_str_ne(first.tokens.refresh.s, next.tokens.refresh.s);
	shop_close(c);
}
END_TEST

START_TEST(test_code_and_link_end_each_other)
{
	struct ctx *c = shop_open();
	struct letter l;
	struct proof proof;
	struct login login;

	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	proof = shop_proof("ann@x.example", shop_token(c, &l));
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	ck_err(login_by_proof(c, &proof, NULL, NULL, &login), ERR_CODE_WRONG);
	proof.token.s = l.code;
	ck_err(login_by_proof(c, &proof, NULL, NULL, &login), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_disabled)
{
	struct ctx *c = shop_open();
	struct login login = shop_sign_in(c, "ann@x.example");
	struct proof proof;

	ck_ok(shop_ask(c, "ann@x.example"));
	proof =
	    shop_proof("ann@x.example", shop_letter(c, "ann@x.example").code);
	ck_ok(store_customer_status(c, login.customer.id, "disabled", "test"));
	ck_err(login_by_proof(c, &proof, NULL, NULL, &login), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_a_bearer_adds_a_phone_while_fresh)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example"), login;
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	struct proof proof = {
	    CHANNEL_PHONE, "+2348012345678", {NULL}, "customer"};

	ck_ok(challenge_begin(c, &ask, 1));
	proof.token.s = shop_letter(c, ask.destination).code;
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	shop_later(c, 1);
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	ck_assert(uuid_equal(login.customer.id, ann.customer.id));
	ck_assert_str_eq(login.customer.phone, "+2348012345678");
	ck_assert_str_eq(login.customer.email, "ann@x.example");
	/* five minutes later the bearer must prove who they are again */
	shop_later(c, 5 * MINUTE_MS);
	ck_err(
	    login_by_proof(c, &proof, NULL, NULL, &login), ERR_REAUTH_REQUIRED);
	shop_close(c);
}
END_TEST

START_TEST(test_a_stated_phone_is_a_contact_at_most)
{
	struct ctx *c = shop_open();
	struct proof proof;
	struct login login;
	struct customer u;

	ck_ok(shop_ask(c, "ann@x.example"));
	proof =
	    shop_proof("ann@x.example", shop_letter(c, "ann@x.example").code);
	ck_ok(login_by_proof(c, &proof, NULL, "+48600100200", &login));
	ck_assert_str_eq(login.customer.phone, "+48600100200");
	ck_assert_int_eq(login.customer.phone_proven_at, 0);
	ck_err(store_customer_by_identity(c, "phone", "+48600100200", &u),
	    ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

START_TEST(test_a_victim_still_signs_in)
{
	struct ctx *c = shop_open();
	struct letter l = {.name = NULL};
	struct proof proof;
	struct login login;
	enum err e;
	int i, sent = 0;

	/* everybody asks for the victim, and guesses */
	for (i = 0; i < 60; i++) {
		c->address = arena_print(c->arena, "198.51.100.%d", i + 1);
		e = shop_ask(c, "ann@x.example");
		if (e == OK && ++sent)
			l = shop_letter(c, "ann@x.example");
		proof = shop_proof("ann@x.example", "000000");
		ck_assert_int_ne(
		    login_by_proof(c, &proof, NULL, NULL, &login), OK);
	}
	ck_assert_int_eq(sent, 20);
	c->address = "192.0.2.1";
	proof = shop_proof("ann@x.example", shop_token(c, &l));
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	/* and code entry is on again */
	shop_later(c, HOUR_MS);
	shop_sign_in(c, "ann@x.example");
	shop_close(c);
}
END_TEST

START_TEST(test_a_known_address_is_never_shut_out)
{
	struct ctx *c = shop_open();
	struct letter l;
	struct proof proof;
	struct login login;
	int i;

	shop_sign_in(c, "ann@x.example");
	shop_later(c, HOUR_MS);
	for (i = 0; i < 60; i++) {
		shop_later(c, 2 * MINUTE_MS);
		c->address = arena_print(c->arena, "198.51.100.%d", i + 1);
		(void)!shop_ask(c, "ann@x.example");
	}
	c->address = "198.51.100.200";
	ck_err(shop_ask(c, "ann@x.example"), ERR_TOO_MANY);
	c->address = "192.0.2.1";
	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	proof = shop_proof("ann@x.example", shop_token(c, &l));
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	shop_close(c);
}
END_TEST

START_TEST(test_round_trips)
{
	struct ctx *c = shop_open();
	struct proof proof;
	struct login login;
	uint64_t trips;

	shop_sign_in(c, "bob@x.example");
	ck_ok(shop_ask(c, "ann@x.example"));
	proof =
	    shop_proof("ann@x.example", shop_letter(c, "ann@x.example").code);
	trips = db_trips(c->db);
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	ck_assert_uint_eq(db_trips(c->db) - trips, 2);
	shop_close(c);
}
END_TEST

SUITE(login, test_first_and_next, test_code_and_link_end_each_other,
    test_disabled, test_a_bearer_adds_a_phone_while_fresh,
    test_a_stated_phone_is_a_contact_at_most, test_a_victim_still_signs_in,
    test_a_known_address_is_never_shut_out, test_round_trips)
