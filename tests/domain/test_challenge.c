/* SPDX-License-Identifier: ISC */
/* Asking for a code: what is sent, to whom, and what is never told. */

#include "shop.h"

START_TEST(test_a_mail_holds_link_and_code)
{
	struct ctx *c = shop_open();
	struct letter l;

	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	ck_assert_uint_eq(strlen(l.code), CODE_DIGITS);
	ck_assert_uint_eq(strspn(l.code, "0123456789"), CODE_DIGITS);
	ck_assert_uint_eq(strlen(shop_token(c, &l)), 43);
	ck_assert_ptr_nonnull(
	    strstr(l.link, "https://auth.example.com/signin#token="));
	ck_assert_ptr_nonnull(strstr(l.link, "&email=ann%40x.example"));
	ck_assert_int_eq(l.minutes, 10);
	ck_assert_str_eq(l.shop, "The Shop");
	shop_close(c);
}
END_TEST

START_TEST(test_a_phone_gets_a_code)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	struct letter l;

	ck_ok(challenge_begin(c, &ask, 1));
	l = shop_letter(c, "+2348012345678");
	ck_assert_ptr_nonnull(l.code);
	ck_assert_ptr_null(l.link);
	ck_assert_int_eq(l.minutes, 5);
	ck_assert_str_eq(l.host, "auth.example.com");
	ck_assert_str_eq(l.fallback, "sms");
	shop_set(c, "whatsapp_fallback", "none");
	ask.destination = "+2348012345679";
	ck_ok(challenge_begin(c, &ask, 1));
	l = shop_letter(c, "+2348012345679");
	ck_assert_ptr_null(l.fallback);
	shop_close(c);
}
END_TEST

START_TEST(test_the_link_is_the_tenants)
{
	struct ctx *c = shop_open();
	struct letter l;

	shop_set(c, "link_url", "https://shop.example/in?t={token}&e={email}");
	ck_ok(shop_ask(c, "ann+b@x.example"));
	l = shop_letter(c, "ann+b@x.example");
	ck_assert_ptr_nonnull(strstr(l.link, "https://shop.example/in?t="));
	ck_assert_ptr_nonnull(strstr(l.link, "&e=ann%2Bb%40x.example"));
	shop_close(c);
}
END_TEST

/* Who asks may be anybody: what is written down is the same for all. */
START_TEST(test_the_language_asked_for_is_in_it)
{
	struct ctx *c = shop_open();
	struct letter l;

	shop_set(c, "locale", "fr");
	c->locale = "pl";
	ck_ok(shop_ask(c, "ann@x.example"));
	l = shop_letter(c, "ann@x.example");
	ck_assert_str_eq(l.locale, "pl");
	ck_assert_str_eq(l.shop_locale, "fr");
	c->locale = NULL;
	ck_ok(shop_ask(c, "bob@x.example"));
	l = shop_letter(c, "bob@x.example");
	ck_assert_ptr_null(l.locale);
	ck_assert_str_eq(l.shop_locale, "fr");
	shop_close(c);
}
END_TEST

START_TEST(test_the_first_message_is_remembered)
{
	struct ctx *c = shop_open();
	struct ask asks[] = {{CHANNEL_EMAIL, "ann@x.example", "", NULL},
	    {CHANNEL_PHONE, "+2348012345678", "", NULL}};
	struct outbox_filter f = {.most = 3};
	struct outbox_row *rows;
	size_t n;

	ck_assert(uuid_is_nil(c->outbox));
	ck_ok(challenge_begin(c, asks, 2));
	ck_ok(store_outbox_list(c, &f, &rows, &n));
	ck_assert_uint_eq(n, 2);
	n = strcmp(rows[0].kind, "email") == 0 ? 0 : 1;
	ck_assert(uuid_equal(c->outbox, rows[n].id));
	c->outbox = (struct uuid){.b = {0}};
	ck_err(challenge_begin(c, asks, 2), ERR_TOO_MANY);
	ck_assert(uuid_is_nil(c->outbox));
	shop_close(c);
}
END_TEST

START_TEST(test_both_or_neither)
{
	struct ctx *c = shop_open();
	struct ask asks[] = {{CHANNEL_EMAIL, "ann@x.example", "", NULL},
	    {CHANNEL_PHONE, "+2348012345678", "", NULL}};

	ck_ok(challenge_begin(c, asks, 2));
	shop_letter(c, "ann@x.example");
	shop_later(c, 31 * SECOND_MS);
	ck_ok(challenge_begin(c, asks, 1));
	/* the phone is free, the mail is not: neither goes, neither counts */
	shop_later(c, 31 * SECOND_MS);
	ck_err(challenge_begin(c, asks, 2), ERR_TOO_MANY);
	c->limits = NULL;
	ck_ok(challenge_begin(c, asks + 1, 1));
	shop_close(c);
}
END_TEST

/* The kind of the message that asking now brings. */
static const char *
kind_of(struct ctx *c, const struct ask *ask)
{
	shop_later(c, 4 * MINUTE_MS);
	ck_ok(challenge_begin(c, ask, 1));
	return shop_sent_by(c, ask->destination);
}

/* Whoever has no WhatsApp learns of it from nobody, and asks again. */
START_TEST(test_who_asks_again_is_sent_an_sms)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	struct proof proof = {CHANNEL_PHONE, ask.destination, {0}, "customer"};
	struct login login;

	c->address = "192.0.2.7";
	ck_assert_str_eq(kind_of(c, &ask), "whatsapp");
	ck_assert_str_eq(kind_of(c, &ask), "whatsapp"); /* there is no SMS */
	shop_conf(c)->sms_channel = "file";
	ck_assert_str_eq(kind_of(c, &ask), "sms");
	c->address = "198.51.100.7";
	ck_assert_str_eq(kind_of(c, &ask), "whatsapp");
	shop_set(c, "whatsapp_fallback", "none");
	ck_assert_str_eq(kind_of(c, &ask), "whatsapp");
	shop_set(c, "whatsapp_fallback", "sms");
	proof.token.s = shop_letter(c, ask.destination).code;
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	ck_assert_str_eq(kind_of(c, &ask), "whatsapp");
	shop_close(c);
}
END_TEST

START_TEST(test_countries)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	struct ask other = {CHANNEL_PHONE, "+48600100200", "", NULL};

	shop_set(c, "phone_countries", "1 234");
	ck_ok(challenge_begin(c, &ask, 1));
	ck_err(challenge_begin(c, &other, 1), ERR_BAD_FIELD);
	shop_set(c, "phone_countries", "");
	shop_later(c, HOUR_MS);
	ck_err(challenge_begin(c, &ask, 1), ERR_BAD_FIELD);
	shop_close(c);
}
END_TEST

START_TEST(test_numbers_alike)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, NULL, "", NULL};
	int i;

	for (i = 0; i < 5; i++) {
		ask.destination = arena_print(c->arena, "+234801234567%d", i);
		ck_ok(challenge_begin(c, &ask, 1));
	}
	ask.destination = "+2348012345699";
	ck_err(challenge_begin(c, &ask, 1), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "numbers-alike");
	shop_close(c);
}
END_TEST

START_TEST(test_a_used_code_makes_room)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, "+2348012345670", "", NULL};
	struct proof proof = {CHANNEL_PHONE, ask.destination, {0}, "customer"};
	struct login login;
	int i;

	ck_ok(challenge_begin(c, &ask, 1));
	proof.token.s = shop_letter(c, ask.destination).code;
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	for (i = 1; i <= 5; i++) {
		ask.destination = arena_print(c->arena, "+234801234567%d", i);
		ck_ok(challenge_begin(c, &ask, 1));
	}
	/* a number that was proven before is not counted, nor gives back */
	ask.destination = proof.destination;
	ck_ok(challenge_begin(c, &ask, 1));
	proof.token.s = shop_letter(c, ask.destination).code;
	ck_ok(login_by_proof(c, &proof, NULL, NULL, &login));
	ask.destination = "+2348012345679";
	ck_err(challenge_begin(c, &ask, 1), ERR_TOO_MANY);
	shop_close(c);
}
END_TEST

START_TEST(test_the_breaker)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, NULL, "", NULL};
	enum err e = OK;
	int i;

	for (i = 0; i < 51 && e == OK; i++) {
		ask.destination = arena_print(c->arena, "+23480%02d345678", i);
		shop_later(c, 11 * MINUTE_MS);
		c->address = arena_print(c->arena, "192.0.2.%d", i + 1);
		e = challenge_begin(c, &ask, 1);
	}
	ck_assert_int_eq(i, 51);
	ck_err(e, ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "fresh-numbers");
	/* mail goes on */
	ck_ok(shop_ask(c, "ann@x.example"));
	shop_close(c);
}
END_TEST

START_TEST(test_round_trips)
{
	struct ctx *c = shop_open();
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	uint64_t trips = db_trips(c->db);

	ck_ok(shop_ask(c, "ann@x.example"));
	ck_assert_uint_eq(db_trips(c->db) - trips, 2);
	trips = db_trips(c->db);
	ck_ok(challenge_begin(c, &ask, 1));
	ck_assert_uint_eq(db_trips(c->db) - trips, 3);
	shop_close(c);
}
END_TEST

/* A text message has no use without its code; a mail has its link. */
START_TEST(test_no_message_outlives_its_use)
{
	static const struct stmt ask_lives = {
	    "SELECT SUM(kind = 'email' AND expires_at = created_at + 600000),"
	    " SUM(kind = 'whatsapp' AND expires_at = created_at + 300000)"
	    " FROM outbox",
	    CROSS_TENANT, "a test"};
	struct lives {
		int64_t mails, texts;
	} lives;
	static const struct col cols[] = {COL_INT(struct lives, mails),
	    COL_INT(struct lives, texts), COL_END};
	struct ask asks[] = {{CHANNEL_EMAIL, "ann@x.example", "", NULL},
	    {CHANNEL_PHONE, "+2348012345678", "", NULL}};
	struct ctx *c = shop_open();

	ck_ok(challenge_begin(c, asks, 2));
	ck_ok(db_one(c, &ask_lives, NO_ARGS, cols, &lives));
	ck_assert_int_eq(lives.mails, 1);
	ck_assert_int_eq(lives.texts, 1);
	shop_close(c);
}
END_TEST

SUITE(challenge, test_no_message_outlives_its_use,
    test_a_mail_holds_link_and_code, test_a_phone_gets_a_code,
    test_the_link_is_the_tenants, test_the_language_asked_for_is_in_it,
    test_the_first_message_is_remembered, test_both_or_neither,
    test_who_asks_again_is_sent_an_sms, test_countries, test_numbers_alike,
    test_a_used_code_makes_room, test_the_breaker, test_round_trips)
