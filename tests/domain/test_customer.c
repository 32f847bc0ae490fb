/* SPDX-License-Identifier: ISC */
/* Customers: what they say of themselves is written whole. */

#include "shop.h"

START_TEST(test_update)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	struct customer_change to = {
	    .full_name = {true, "Ann"}, .phone = {true, "+48600100200"}};
	struct customer out;

	ck_ok(session_admit(c, ann.tokens.access, NULL));
	shop_later(c, 1000);
	ck_ok(customer_update(c, &to, &out));
	ck_assert_int_eq(out.updated_at, c->now);
	ck_assert_str_eq(out.full_name, "Ann");
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	ck_assert_str_eq(c->who->customer.full_name, "Ann");
	ck_assert_str_eq(c->who->customer.phone, "+48600100200");
	ck_assert_str_eq(c->who->customer.email, "ann@x.example");
	shop_close(c);
}
END_TEST

START_TEST(test_a_proven_phone_stays)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	struct proof proof = {
	    CHANNEL_PHONE, "+2348012345678", {NULL}, "customer"};
	struct customer_change to = {.phone = {true, "+48600100200"}};
	struct customer out;
	struct login login;

	ck_ok(challenge_begin(c, &ask, 1));
	proof.token.s = shop_letter(c, ask.destination).code;
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	ck_ok(session_admit(c, login.tokens.access, NULL));
	ck_err(customer_update(c, &to, &out), ERR_BAD_FIELD);
	to.phone.s = NULL;
	ck_err(customer_update(c, &to, &out), ERR_BAD_FIELD);
	to.phone.s = "+2348012345678";
	ck_ok(customer_update(c, &to, &out));
	shop_close(c);
}
END_TEST

SUITE(customer, test_update, test_a_proven_phone_stays)
