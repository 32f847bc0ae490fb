/* SPDX-License-Identifier: ISC */
/* language: what a tag looks like, and which of several serves one. */

#include "test.h"

/* normal NULL: no tag */
static const struct {
	const char *what, *tag, *normal;
} tags[] = {
    {"a language", "fr", "fr"},
    {"of three letters", "gsw", "gsw"},
    {"in capitals", "FR", "fr"},
    {"with a region", "pt-br", "pt-BR"},
    {"with a script and a region", "ZH-hANT-tw", "zh-Hant-TW"},
    {"with a region of digits", "es-419", "es-419"},
    {"with a variant", "sl-ROZAJ-biske", "sl-rozaj-biske"},
    {"an extension", "ar-EG-u-nu-latn", "ar-EG-u-NU-Latn"},
    {"35 bytes", "ar-abcdefgh-abcdefgh-abcdefgh-abcde",
	"ar-abcdefgh-abcdefgh-abcdefgh-abcde"},
    {"36 bytes", "ar-abcdefgh-abcdefgh-abcdefgh-abcdef", NULL},
    {"nothing", "", NULL},
    {"one letter", "f", NULL},
    {"a private one", "x-klingon", NULL},
    {"a first part of nine letters", "abcdefghi", NULL},
    {"a first part with a digit", "f2", NULL},
    {"a later part of nine letters", "fr-abcdefghi", NULL},
    {"a hyphen at the end", "fr-", NULL},
    {"two hyphens", "fr--CA", NULL},
    {"a hyphen first", "-fr", NULL},
    {"an underscore", "pt_BR", NULL},
    {"a star", "*", NULL},
    {"a blank", "fr CA", NULL},
    {"a way out of a folder", "fr/../en", NULL},
    {"dots", "..", NULL},
    {"no ASCII",
	"fran\xc3\xa7"
	"ais",
	NULL},
};

START_TEST(test_tags)
{
	struct ctx *c = test_ctx();
	const char *normal;
	size_t i;

	for (i = 0; i < COUNT(tags); i++) {
		normal = language_normal(c->arena, tags[i].tag);
		ck_case(tags[i].what, !normal == !tags[i].normal);
		if (normal)
			ck_assert_str_eq(normal, tags[i].normal);
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *tag, *range;
	bool within;
} ranges[] = {
    {"itself", "fr", "fr", true},
    {"itself, whatever the case", "fr-CA", "FR-ca", true},
    {"with a region", "fr-CA", "fr", true},
    {"with more", "zh-Hant-TW", "zh-Hant", true},
    {"less than the range", "fr", "fr-CA", false},
    {"another that begins alike", "frs", "fr", false},
    {"another region", "fr-CA", "fr-FR", false},
    {"another", "en", "fr", false},
    {"a star is no tag", "fr", "*", false},
};

START_TEST(test_ranges)
{
	size_t i;

	for (i = 0; i < COUNT(ranges); i++)
		ck_case(ranges[i].what,
		    language_within(ranges[i].tag, ranges[i].range) ==
			ranges[i].within);
}
END_TEST

static const struct {
	const char *what, *tag, *found;
} lookups[] = {
    {"itself", "fr", "fr"},
    {"without its region", "fr-CA", "fr"},
    {"the nearest", "pt-BR-abl1943", "pt-BR"},
    {"not another region's", "pt-PT", NULL},
    {"nor what is more than was said", "pt", NULL},
    {"in any case", "PL-pl", "pl"},
    {"one that nobody serves", "de", NULL},
    {"nothing", "", NULL},
    {"no tag at all", NULL, NULL},
};

START_TEST(test_lookups)
{
	static const char *const served[] = {"en", "fr", "pl", "pt-BR", NULL};
	const char *found;
	size_t i;

	for (i = 0; i < COUNT(lookups); i++) {
		found = language_lookup(served, lookups[i].tag);
		ck_case(lookups[i].what, !found == !lookups[i].found);
		if (found)
			ck_assert_str_eq(found, lookups[i].found);
	}
}
END_TEST

SUITE(language, test_tags, test_ranges, test_lookups)
