/* SPDX-License-Identifier: ISC */
/* Letters: what was sealed is what is opened, in its own row only. */

#include "office.h"

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

START_TEST(test_opens_as_it_was_sealed)
{
	const struct {
		const char *what;
		struct letter l;
	} cases[] = {
	    {"all is said",
		{"signin", "en", "The \"Shop\" é", "a@b.example", "123456",
		    "https://x/#token=a&b", "x.example", 10, "sms", "fr"}},
	    {"a link alone", {.name = "signin",
				 .locale = "en",
				 .link = "https://x/",
				 .minutes = 5}},
	    {"nothing is said", {.name = NULL}},
	};
	struct ctx *c = office_open(false);
	struct uuid id = uuid_make(c->now);
	struct letter out;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		ck_ok(letter_open(
		    c, &id, letter_seal(c, &id, &cases[i].l), &out));
		ck_case(cases[i].what, same(out.name, cases[i].l.name));
		ck_case(cases[i].what, same(out.locale, cases[i].l.locale));
		ck_case(cases[i].what, same(out.shop, cases[i].l.shop));
		ck_case(cases[i].what, same(out.from, cases[i].l.from));
		ck_case(cases[i].what, same(out.code, cases[i].l.code));
		ck_case(cases[i].what, same(out.link, cases[i].l.link));
		ck_case(cases[i].what, same(out.host, cases[i].l.host));
		ck_case(cases[i].what, same(out.fallback, cases[i].l.fallback));
		ck_case(cases[i].what, out.minutes == cases[i].l.minutes);
		ck_case(cases[i].what,
		    same(out.shop_locale, cases[i].l.shop_locale));
	}
	office_close(c);
}
END_TEST

static bool
holds(struct bytes b, const char *s)
{
	return memmem(b.p, b.n, s, strlen(s)) != NULL;
}

START_TEST(test_is_for_its_row_and_nobody_else)
{
	const struct letter l = {.name = "signin", .code = "123456"};
	struct ctx *c = office_open(false);
	struct uuid id = uuid_make(c->now), other = uuid_make(c->now);
	struct bytes sealed = letter_seal(c, &id, &l);
	struct letter out;

	ck_assert(!holds(sealed, "123456"));
	ck_assert(!holds(sealed, "signin"));
	ck_assert_int_eq(letter_open(c, &other, sealed, &out), ERR_SEALED);
	sealed.n--;
	ck_assert_int_eq(letter_open(c, &id, sealed, &out), ERR_SEALED);
	sealed =
	    seal(c->arena, house_master(c), SEAL_AT("another", &id), "{}", 2);
	ck_assert_int_eq(letter_open(c, &id, sealed, &out), ERR_SEALED);
	office_close(c);
}
END_TEST

static const struct {
	const char *what, *asked, *customer, *shop, *found;
} languages[] = {
    {"the one that was asked for", "pl", "fr", "ar", "pl"},
    {"else the customer's", NULL, "fr", "ar", "fr"},
    {"else the shop's", NULL, NULL, "ar", "ar"},
    {"the customer's without its region", NULL, "fr-CA", "en", "fr"},
    {"one that has no templates counts for nothing", "de", "ja", "pl", "pl"},
    {"nor does one that is none", "../fr", "", "pl", "pl"},
    {"none of them has", "de", "ja", "xx", "en"},
    {"nobody says any", NULL, NULL, NULL, "en"},
};

START_TEST(test_in_whose_language)
{
	struct ctx *c = office_open(false);
	struct letter l = {.name = "signin"};
	size_t i;

	for (i = 0; i < COUNT(languages); i++) {
		l.locale = languages[i].asked;
		l.shop_locale = languages[i].shop;
		ck_case(languages[i].what,
		    same(letter_language(c, &l, languages[i].customer),
			languages[i].found));
	}
	office_close(c);
}
END_TEST

/* The templates' plurals are right for these, in every language. */
START_TEST(test_minutes_that_templates_are_written_for)
{
	ck_assert_int_eq(CODE_MAIL_MS / MINUTE_MS, 10);
	ck_assert_int_eq(CODE_PHONE_MS / MINUTE_MS, 5);
	ck_assert_int_eq(LINK_MS / MINUTE_MS, 10);
}
END_TEST

SUITE(letter, test_opens_as_it_was_sealed, test_is_for_its_row_and_nobody_else,
    test_in_whose_language, test_minutes_that_templates_are_written_for)
