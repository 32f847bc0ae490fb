/* SPDX-License-Identifier: ISC */
/* Showing a code or link: what is taken, what is refused, what is counted. */

#include "shop.h"

static enum err
show(struct ctx *c, const char *email, const char *token)
{
	struct proof proof = shop_proof(email, token);
	struct proven proven;

	c->limits = NULL;
	return challenge_check(c, &proof, &proven);
}

/* A code that is not this one. */
static const char *
wrong(const char *code)
{
	return strcmp(code, "000000") ? "000000" : "000001";
}

START_TEST(test_what_is_taken)
{
	struct ctx *c = shop_open();
	struct letter l;

	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	ck_ok(show(c, "ann@x.example", l.code));
	ck_ok(show(c, "ann@x.example", shop_token(c, &l)));
	ck_err(show(c, "bob@x.example", l.code), ERR_CODE_WRONG);
	ck_err(show(c, "bob@x.example", shop_token(c, &l)), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example", "12345"), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example", "1234567"), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example",
		   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
	    ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_lives)
{
	struct ctx *c = shop_open();
	struct letter l;

	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	shop_later(c, CODE_MAIL_MS - 1);
	ck_ok(show(c, "ann@x.example", l.code));
	ck_ok(show(c, "ann@x.example", shop_token(c, &l)));
	shop_later(c, 1);
	ck_err(show(c, "ann@x.example", l.code), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example", shop_token(c, &l)), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_a_phone_code_lives_five_minutes)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	struct proof proof = {
	    CHANNEL_PHONE, "+2348012345678", {NULL}, "customer"};
	struct proven proven;

	ck_ok(challenge_begin(c, &ask, 1));
	proof.token.s = shop_letter(c, ask.destination).code;
	shop_later(c, CODE_PHONE_MS - 1);
	ck_ok(challenge_check(c, &proof, &proven));
	proof.channel = CHANNEL_EMAIL;
	ck_err(challenge_check(c, &proof, &proven), ERR_CODE_WRONG);
	proof.channel = CHANNEL_PHONE;
	shop_later(c, 1);
	ck_err(challenge_check(c, &proof, &proven), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

struct number {
	int64_t n;
};

START_TEST(test_what_touched_a_challenge_is_kept)
{
	static const struct stmt count = {
	    "SELECT COUNT(*) FROM audit_events WHERE event = 'proof_refused'"
	    " AND result = 'refused' AND detail = 'email wrong code'",
	    CROSS_TENANT, "a test"};
	static const struct col cols[] = {COL_INT(struct number, n), COL_END};
	struct ctx *c = shop_open();
	struct number kept;

	ck_err(show(c, "ann@x.example", "000000"), ERR_CODE_WRONG);
	ck_ok(db_one(c, &count, NO_ARGS, cols, &kept));
	ck_assert_int_eq(kept.n, 0);
	ck_ok(shop_ask(c, "ann@x.example"));
	ck_err(show(c, "ann@x.example",
		   wrong(shop_letter(c, "ann@x.example").code)),
	    ERR_CODE_WRONG);
	ck_ok(db_one(c, &count, NO_ARGS, cols, &kept));
	ck_assert_int_eq(kept.n, 1);
	shop_close(c);
}
END_TEST

START_TEST(test_five_wrong_ones_and_the_right_one_is_dead)
{
	struct ctx *c = shop_open();
	struct letter l;
	int i;

	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	for (i = 0; i < CODE_TRIES_MAX; i++)
		ck_err(show(c, "ann@x.example", wrong(l.code)), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example", l.code), ERR_CODE_WRONG);
	/* the link of the same mail still works */
	ck_ok(show(c, "ann@x.example", shop_token(c, &l)));
	shop_close(c);
}
END_TEST

/* So many wrong guesses, at codes that are asked for as they are used up. */
static void
guess(struct ctx *c, const char *email, int wrong_ones)
{
	struct letter l = {.name = NULL};
	int i;

	for (i = 0; i < wrong_ones; i++) {
		if (i % CODE_TRIES_MAX == 0) {
			c->address = arena_print(c->arena, "192.0.2.%d", i + 9);
			ck_ok(shop_ask(c, email));
			l = shop_letter(c, email);
		}
		ck_err(show(c, email, wrong(l.code)), ERR_CODE_WRONG);
	}
}

START_TEST(test_twenty_wrong_ones_and_only_a_link_is_sent)
{
	struct ctx *c = shop_open();
	struct letter l;

	guess(c, "ann@x.example", 20);
	c->address = "192.0.2.1";
	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	ck_assert_ptr_null(l.code);
	ck_ok(show(c, "ann@x.example", shop_token(c, &l)));
	shop_close(c);
}
END_TEST

START_TEST(test_code_entry_is_off_for_live_codes_too)
{
	struct ctx *c = shop_open();
	struct letter l;

	guess(c, "ann@x.example", 19);
	shop_later(c, LINK_MS);
	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	ck_assert_ptr_nonnull(l.code);
	ck_err(show(c, "ann@x.example", wrong(l.code)), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example", l.code), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "codes-an-hour");
	ck_assert_int_eq(c->limits->retry_after_seconds, 3000);
	ck_ok(show(c, "ann@x.example", shop_token(c, &l)));
	shop_close(c);
}
END_TEST

START_TEST(test_user_types_do_not_cross)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_EMAIL, "ann@x.example", "merchant", NULL};
	struct letter l;

	ck_ok(challenge_begin(c, &ask, 1));
	l = shop_letter(c, "ann@x.example");
	ck_err(show(c, "ann@x.example", l.code), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example", shop_token(c, &l)), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_tenants_do_not_cross)
{
	struct ctx *c = shop_open();
	const struct tenant *other = shop_add(c, "other");
	struct letter l;

	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	shop_enter(c, other);
	ck_err(show(c, "ann@x.example", l.code), ERR_CODE_WRONG);
	ck_err(show(c, "ann@x.example", shop_token(c, &l)), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

SUITE(proof, test_what_is_taken, test_lives,
    test_a_phone_code_lives_five_minutes, test_what_touched_a_challenge_is_kept,
    test_five_wrong_ones_and_the_right_one_is_dead,
    test_twenty_wrong_ones_and_only_a_link_is_sent,
    test_code_entry_is_off_for_live_codes_too, test_user_types_do_not_cross,
    test_tenants_do_not_cross)
