/* SPDX-License-Identifier: ISC */
/* Accept-Language: the letter's language, and at first the customer's. */

#include "talk.h"

#define ANN "ann@example.com"

static struct said
initiate(struct town *town, const char *languages)
{
	return ask(town->c, "POST /v1/auth/passwordless/initiate/email",
	    arena_print(town->c->arena, "%s\nAccept-Language: %s",
		town_headers(town, NULL), languages),
	    "{\"email\":\"" ANN "\"}");
}

/* The profile's, after a sign-in with this header. */
static const char *
spoken(struct town *town, const char *header)
{
	struct said said;

	talk_later(HOUR_MS);
	said = town_sign_in(town, ANN, header);
	ck_said(said, 200);
	said = ask(town->c, "GET /v1/customers/profile",
	    town_headers(town, said_text(&said, "data.token")), NULL);
	ck_said(said, 200);
	return said_text(&said, "data.locale");
}

START_TEST(test_a_letter_is_in_the_requests_language)
{
	struct town town;
	struct said said, plain;

	town_build(&town);
	said = initiate(&town, "de, pl-PL;q=0.9, fr;q=0.8");
	ck_said(said, 200);
	ck_assert_str_eq(town_letter(&town, ANN).locale, "pl");
	talk_later(MINUTE_MS);
	plain = initiate(&town, "de;;;q=7, \xff, *");
	ck_said(plain, 200);
	ck_assert_ptr_null(town_letter(&town, ANN).locale);
	ck_assert_str_eq(said.body, plain.body);
	town_leave(&town);
}
END_TEST

START_TEST(test_the_first_language_said_is_the_customers)
{
	struct town town;

	town_build(&town);
	ck_assert_str_eq(spoken(&town, ""), "(none)");
	ck_assert_str_eq(spoken(&town, "Accept-Language: fr-CA"), "fr");
	ck_assert_str_eq(spoken(&town, "Accept-Language: ar"), "fr");
	town_leave(&town);
}
END_TEST

SUITE(language, test_a_letter_is_in_the_requests_language,
    test_the_first_language_said_is_the_customers)
