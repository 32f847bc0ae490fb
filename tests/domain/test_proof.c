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

/* ---- a phone whose codes were used up by somebody --------------------------------- */

#define ANN "+2348012345678"

static enum err
show_phone(struct ctx *c, const char *token)
{
	struct proof proof = {CHANNEL_PHONE, ANN, {token}, "customer"};
	struct proven proven;

	c->limits = NULL;
	return challenge_check(c, &proof, &proven);
}

/* Somebody guesses until code entry is off; then its owner asks for a code. */
static struct letter
phone_attacked(struct ctx *c)
{
	struct ask ask = {CHANNEL_PHONE, ANN, "customer", NULL};
	struct letter l = {.name = NULL};
	int i;

	for (i = 0; i < 20; i++) {
		if (i % CODE_TRIES_MAX == 0) {
			c->address = arena_print(c->arena, "192.0.2.%d", i + 9);
			ck_ok(challenge_begin(c, &ask, 1));
			l = shop_letter(c, ANN);
		}
		ck_err(show_phone(c, wrong(l.code)), ERR_CODE_WRONG);
	}
	shop_later(c, 1);
	c->address = "192.0.2.1";
	c->limits = NULL;
	ck_ok(challenge_begin(c, &ask, 1));
	return shop_letter(c, ANN);
}

static const char *
newest(struct ctx *c)
{
	struct outbox_filter f = {.most = 1};
	struct outbox_row *row;
	size_t n;

	ck_ok(store_outbox_list(c, &f, &row, &n));
	ck_assert_uint_eq(n, 1);
	return row->kind;
}

START_TEST(test_where_there_are_sms_the_link_goes_by_sms)
{
	struct ctx *c = shop_open();
	struct letter l;

	shop_set(c, "whatsapp_fallback", "none");
	shop_conf(c)->whatsapp_channel = "file";
	shop_conf(c)->sms_channel = "file";
	l = phone_attacked(c);
	ck_assert_str_eq(newest(c), "sms");
	ck_assert_ptr_null(l.code);
	ck_assert_int_eq(l.minutes, 10);
	ck_ok(show_phone(c, shop_token(c, &l)));
	shop_close(c);
}
END_TEST

START_TEST(test_with_whatsapp_alone_a_long_code_stands_for_the_link)
{
	struct ctx *c = shop_open();
	struct proof proof = {CHANNEL_PHONE, ANN, {NULL}, "customer"};
	struct ask ask = {CHANNEL_PHONE, ANN, "", NULL};
	struct login login;
	struct letter l;
	char *other;

	shop_conf(c)->whatsapp_channel = "file";
	shop_conf(c)->sms_channel = "none";
	l = phone_attacked(c);
	ck_assert_str_eq(newest(c), "whatsapp");
	ck_assert_ptr_null(l.link);
	ck_assert_int_eq(l.minutes, 10);
	ck_assert_uint_eq(strlen(l.code), LONG_CODE_LEN);
	ck_assert_uint_eq(strspn(l.code, LONG_CODE_SIGNS), LONG_CODE_LEN);
	other = arena_text(c->arena, l.code);
	other[0] = other[0] == 'A' ? 'B' : 'A';
	ck_err(show_phone(c, other), ERR_CODE_WRONG);
	shop_later(c, LINK_MS - 1);
	proof.token.s = ascii_lower(c->arena, l.code);
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	ck_err(show_phone(c, l.code), ERR_CODE_WRONG);
	/* and codes are six digits again */
	ck_ok(challenge_begin(c, &ask, 1));
	l = shop_letter(c, ANN);
	ck_assert_uint_eq(strlen(l.code), CODE_DIGITS);
	ck_ok(show_phone(c, l.code));
	shop_close(c);
}
END_TEST

START_TEST(test_a_long_code_opens_nothing_else)
{
	struct ctx *c = shop_open();
	struct proof proof = {
	    CHANNEL_PHONE, "+2348012345679", {NULL}, "customer"};
	struct proven proven;

	shop_conf(c)->sms_channel = "none";
	proof.token.s = phone_attacked(c).code;
	ck_err(challenge_check(c, &proof, &proven), ERR_CODE_WRONG);
	proof.destination = ANN;
	proof.user_path = "merchant";
	ck_err(challenge_check(c, &proof, &proven), ERR_CODE_WRONG);
	proof.user_path = "customer";
	proof.channel = CHANNEL_EMAIL;
	ck_err(challenge_check(c, &proof, &proven), ERR_CODE_WRONG);
	proof.channel = CHANNEL_PHONE;
	shop_enter(c, shop_add(c, "other"));
	ck_err(challenge_check(c, &proof, &proven), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

/* A wrong one is counted by its client's address, in the gate, and there alone. */
START_TEST(test_a_wrong_long_code_is_no_try)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, ANN, "", NULL};
	struct letter l;
	int i;

	ck_ok(challenge_begin(c, &ask, 1));
	l = shop_letter(c, ANN);
	for (i = 0; i < 30; i++)
		ck_err(show_phone(c, "ABCDEFGHJKLMNPQ"), ERR_CODE_WRONG);
	ck_ok(show_phone(c, l.code));
	shop_close(c);
}
END_TEST

SUITE(proof, test_where_there_are_sms_the_link_goes_by_sms,
    test_with_whatsapp_alone_a_long_code_stands_for_the_link,
    test_a_long_code_opens_nothing_else, test_a_wrong_long_code_is_no_try,
    test_what_is_taken, test_lives, test_a_phone_code_lives_five_minutes,
    test_what_touched_a_challenge_is_kept,
    test_five_wrong_ones_and_the_right_one_is_dead,
    test_twenty_wrong_ones_and_only_a_link_is_sent,
    test_code_entry_is_off_for_live_codes_too, test_user_types_do_not_cross,
    test_tenants_do_not_cross)
