/* SPDX-License-Identifier: ISC */
/* Accept-Language: which of ours is chosen, and what junk cannot do. */

#include "http/http.h"
#include "test.h"

static const struct source nothing = {NULL, NULL};
static const char *const served[] = {"en", "ar", "fr", "pl", "zh-Hant", NULL};

/* found NULL: no wish, or none of ours */
static const struct {
	const char *what, *said, *found;
	/* clang-format off */
} wishes[] = {
	{ "one", "fr", "fr" },
	{ "in capitals", "FR", "fr" },
	{ "the first of two", "pl, fr", "pl" },
	{ "the first is not ours", "de, pl", "pl" },
	{ "by weight", "en;q=0.5, ar;q=0.8, fr;q=0.7", "ar" },
	{ "no weight is the whole", "en;q=0.9, fr", "fr" },
	{ "weights in thousandths", "en;q=0.998, fr;q=0.999", "fr" },
	{ "1.000 is the whole", "en;q=1.000, fr;q=0.999", "en" },
	{ "Chrome's", "pl-PL,pl;q=0.9,en-US;q=0.8,en;q=0.7", "pl" },
	{ "Safari's", "ar-EG", "ar" },
	{ "a region of ours", "fr-CA;q=0.8, en;q=0.7", "fr" },
	{ "a region that is not ours is its language",
	  "fr-CA, en;q=0.8, fr;q=0.5", "fr" },
	{ "so is the first of two languages", "en-US,fr;q=0.7,en;q=0.3", "en" },
	{ "and a later one that weighs more", "pl;q=0.4, fr-CA;q=0.9", "fr" },
	{ "but not one that is not wanted",
	  "fr-CA, en;q=0.8, fr;q=0", "en" },
	{ "a script that is wanted, of a language that is not",
	  "zh;q=0, zh-Hant;q=0.5, en;q=0.1", "zh-Hant" },
	{ "the better of two regions", "fr-CA;q=0.3, pl;q=0.5, fr-FR;q=0.6", "fr" },
	{ "a range finds what is within it", "zh", "zh-Hant" },
	{ "not another script", "zh-Hans", NULL },
	{ "a longer tag's shorter one", "zh-Hant-TW", "zh-Hant" },
	{ "none of ours", "de, ja;q=0.5", NULL },
	{ "any", "*", NULL },
	{ "any, after ours", "fr, *;q=0.5", "fr" },
	{ "any, alike", "fr, *", "fr" },
	{ "any, before ours", "*, fr;q=0.5", NULL },
	{ "any, with a weight of none", "fr;q=0.5, *;q=0", "fr" },
	{ "not this one", "fr;q=0, en;q=0.1", "en" },
	{ "nor by its region", "fr;q=0, fr-CA, en;q=0.1", "en" },
	{ "another region is not forbidden by one", "fr-CA;q=0, fr;q=0.5", "fr" },
	{ "none at all", "fr;q=0", NULL },
	{ "none, in three digits", "fr;q=0.000", NULL },
	{ "blanks and tabs", " \t fr\t;\tq=0.5 , pl ; q=0.6 ", "pl" },
	{ "Q", "fr;Q=0.5, pl;q=0.4", "fr" },
	{ "empty members", ",, ,fr,,", "fr" },
	{ "nothing", "", NULL },
	{ "a comma", ",", NULL },
	{ "junk is left out", "fr;;q=1, pl", "pl" },
	{ "a weight above one", "fr;q=1.1, pl;q=0.1", "pl" },
	{ "a weight of 1.001", "fr;q=1.001, pl;q=0.1", "pl" },
	{ "a weight of four decimals", "fr;q=0.9999, pl;q=0.1", "pl" },
	{ "a negative weight", "fr;q=-1, pl;q=0.1", "pl" },
	{ "no weight after q", "fr;q=, pl;q=0.1", "pl" },
	{ "a word for a weight", "fr;q=high, pl;q=0.1", "pl" },
	{ "another parameter", "fr;level=1, pl;q=0.1", "pl" },
	{ "more after the weight", "fr;q=1;x=y, pl;q=0.1", "pl" },
	{ "a locale of another kind", "fr_FR.UTF-8, pl;q=0.1", "pl" },
	{ "an extended range", "*-CA, pl;q=0.1", "pl" },
	{ "a way out of a folder", "../../etc, pl;q=0.1", "pl" },
	{ "no ASCII", "\xff\xfe, pl;q=0.1", "pl" },
	{ "a tag too long", "fr-aaaaaaaa-aaaaaaaa-aaaaaaaa-aaaaaaaa, pl", "pl" },
};
/* clang-format on */

static const char *
choose(struct ctx *c, const char *said)
{
	char *env[] = {"REQUEST_METHOD=GET", "PATH_INFO=/",
	    arena_print(c->arena, "HTTP_ACCEPT_LANGUAGE=%s", said), NULL};
	struct req r;

	ck_assert_int_eq(request_read(c, env, nothing, &r), OK);
	return request_language(c, &r, served);
}

START_TEST(test_wishes)
{
	struct ctx *c = test_ctx();
	const char *found;
	size_t i;

	for (i = 0; i < COUNT(wishes); i++) {
		found = choose(c, wishes[i].said);
		ck_assert_msg(found && wishes[i].found
				  ? !strcmp(found, wishes[i].found)
				  : found == wishes[i].found,
		    "%s: %s, not %s", wishes[i].what, found, wishes[i].found);
	}
	test_done(c);
}
END_TEST

START_TEST(test_none_is_said)
{
	char *env[] = {"REQUEST_METHOD=GET", "PATH_INFO=/", NULL};
	struct ctx *c = test_ctx();
	struct req r;

	ck_assert_int_eq(request_read(c, env, nothing, &r), OK);
	ck_assert_ptr_null(request_language(c, &r, served));
	test_done(c);
}
END_TEST

/* Eight KiB of each, and ours at its end. */
START_TEST(test_endless_ones_cost_little)
{
	static const char *const pieces[] = {"de,", ",", " ", "x", "de;q=0.5,",
	    ";", "de-", "*,", "de;q=0.0000000", "\xff,"};
	struct ctx *c = test_ctx();
	struct text said;
	size_t i, before;

	for (i = 0; i < COUNT(pieces); i++) {
		said = text_new(c->arena);
		while (said.len < HEADER_MAX - 16)
			text_add(&said, pieces[i]);
		text_add(&said, ", fr");
		before = arena_used(c->arena);
		(void)choose(c, said.s);
		ck_case(pieces[i],
		    arena_used(c->arena) - before < (size_t)4 * HEADER_MAX);
	}
	test_done(c);
}
END_TEST

START_TEST(test_32_count)
{
	struct ctx *c = test_ctx();
	struct text said = text_new(c->arena);
	int i;

	for (i = 0; i < 31; i++)
		text_add(&said, "de,");
	ck_assert_str_eq(
	    choose(c, arena_print(c->arena, "%sfr", said.s)), "fr");
	ck_assert_ptr_null(choose(c, arena_print(c->arena, "%sde,fr", said.s)));
	test_done(c);
}
END_TEST

SUITE(language, test_wishes, test_none_is_said, test_endless_ones_cost_little,
    test_32_count)
