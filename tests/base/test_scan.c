/* SPDX-License-Identifier: ISC */
/* scan: good and bad JSON documents. */

#include "test.h"

#define TEN(x)     x x x x x x x x x x
#define HUNDRED(x) TEN(TEN(x))
#define TWICE(x)   x x
#define DEEP_16(x) TWICE(TWICE(TWICE(TWICE(x))))

/* With the NULs that are in it. */
#define DOC(text) text, sizeof(text) - 1

struct doc {
	const char *what, *text;
	size_t len;
};

static const struct doc good[] = {
    {"an empty map", DOC("{}")},
    {"an empty list", DOC("[]")},
    {"a text alone", DOC("\"a\"")},
    {"a number alone", DOC("0")},
    {"a word alone", DOC("null")},
    {"all blanks that there are", DOC(" \t\r\n{ \t\r\n} \t\r\n")},
    {"blanks around everything",
	DOC(" { \"a\" : [ 1 , true , false , null ] , \"b\" : { } } ")},
    {"an empty name", DOC("{\"\":1}")},
    {"one name in two maps", DOC("{\"a\":{\"a\":1},\"b\":{\"a\":1}}")},
    {"one name in maps side by side", DOC("[{\"a\":1},{\"a\":1}]")},
    {"names that differ in case", DOC("{\"a\":1,\"A\":1}")},
    {"names that begin alike", DOC("{\"a\":1,\"aa\":1,\"aaa\":1}")},
    {"a name like a value", DOC("{\"a\":\"b\",\"b\":\"a\"}")},
    {"e with an accent, composed and not",
	DOC("{\"\\u00e9\":1,\"e\\u0301\":1}")},
    {"all short escapes", DOC("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")},
    {"hex in both cases", DOC("\"\\u00e9\\u00E9\"")},
    {"an escaped control character", DOC("\"\\u0001\\u001f\"")},
    {"a raw DEL", DOC("\"\x7f\"")},
    {"a pair of surrogates", DOC("\"\\ud83d\\ude00\"")},
    {"the first and the last pair", DOC("\"\\ud800\\udc00\\udbff\\udffd\"")},
    {"two, three and four bytes of UTF-8",
	DOC("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"")},
    {"a byte order mark inside of a text", DOC("\"\xef\xbb\xbf\"")},
    {"an integer with a minus", DOC("-1")},
    {"minus zero", DOC("-0")},
    {"the largest integer", DOC("9223372036854775807")},
    {"the smallest integer", DOC("-9223372036854775808")},
    {"a fraction", DOC("0.10")},
    {"exponents", DOC("[1e2,1E2,1e+2,1e-2,-1.5e10,0e0]")},
    {"a real number larger than the largest integer", DOC("1e19")},
    {"a number so small that it is zero", DOC("1e-400")},
    {"the largest real number", DOC("1.7976931348623157e308")},
    {"16 deep", DOC(DEEP_16("[") DEEP_16("]"))},
    {"20 lists side by side", DOC("[" TWICE(TEN("[],")) "0]")},
    {"1024 items", DOC("[" TEN(HUNDRED("1,")) TWICE(TEN("1,")) "1,1,1,1]")},
};

static const struct doc bad[] = {
    {"nothing", DOC("")},
    {"blanks alone", DOC("  \n")},
    {"a byte order mark", DOC("\xef\xbb\xbf{}")},
    {"a map without an end", DOC("{\"a\":1")},
    {"a list without an end", DOC("[1")},
    {"an end too many", DOC("{}}")},
    {"the wrong end", DOC("[1}")},
    {"a second document", DOC("{}{}")},
    {"a word behind the end", DOC("{} x")},
    {"a comma behind the end", DOC("{},")},
    {"bytes behind a raw NUL", DOC("{\"a\":1}\0{\"a\":2}")},
    {"a raw NUL at the end", DOC("{}\0")},
    {"a raw NUL in a name", DOC("{\"a\0b\":1}")},
    {"a raw NUL in a value", DOC("{\"a\":\"b\0c\"}")},
    {"an escaped NUL in a name", DOC("{\"a\\u0000b\":1}")},
    {"an escaped NUL in a value", DOC("{\"a\":\"b\\u0000\"}")},
    {"one name twice", DOC("{\"a\":1,\"a\":2}")},
    {"one name twice, not side by side", DOC("{\"a\":1,\"b\":{},\"a\":2}")},
    {"one name twice, one of them escaped", DOC("{\"a\":1,\"\\u0061\":2}")},
    {"one name twice, beyond ASCII", DOC("{\"\xc3\xa9\":1,\"\\u00e9\":2}")},
    {"one name twice, a pair of surrogates",
	DOC("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}")},
    {"one name twice, a slash", DOC("{\"/\":1,\"\\/\":2}")},
    {"the empty name twice", DOC("{\"\":1,\"\":2}")},
    {"one name twice in an inner map", DOC("[{\"x\":{\"a\":1,\"a\":1}}]")},
    {"one name twice, an inner map with it between",
	DOC("{\"a\":{\"a\":1},\"a\":1}")},
    {"a comma at a map's end", DOC("{\"a\":1,}")},
    {"a comma at a list's end", DOC("[1,]")},
    {"a comma at a list's start", DOC("[,1]")},
    {"two commas", DOC("[1,,2]")},
    {"no comma", DOC("[1 2]")},
    {"no comma in a map", DOC("{\"a\":1 \"b\":2}")},
    {"no colon", DOC("{\"a\" 1}")},
    {"no value", DOC("{\"a\":}")},
    {"a name alone", DOC("{\"a\"}")},
    {"a name that is no text", DOC("{1:2}")},
    {"a name without quotes", DOC("{a:1}")},
    {"single quotes", DOC("{'a':1}")},
    {"a comment", DOC("{/* x */}")},
    {"a comment to the line's end", DOC("{} // x")},
    {"a form feed for a blank", DOC("\f{}")},
    {"a no-break space for a blank", DOC("\xc2\xa0{}")},
    {"a text without an end", DOC("\"a")},
    {"a text that ends in a backslash", DOC("\"a\\")},
    {"a raw line feed in a text", DOC("\"a\nb\"")},
    {"a raw tabulator in a text", DOC("\"a\tb\"")},
    {"a raw 0x1f in a name", DOC("{\"\x1f\":1}")},
    {"an unknown escape", DOC("\"\\x41\"")},
    {"an escaped single quote", DOC("\"\\'\"")},
    {"an escape in upper case", DOC("\"\\U0041\"")},
    {"three hex digits", DOC("\"\\u004\"")},
    {"no hex digits", DOC("\"\\u00g1\"")},
    {"a sign among hex digits", DOC("\"\\u+041\"")},
    {"an escape that is cut by the end", DOC("\"\\u00")},
    {"a lone high surrogate", DOC("\"\\ud800\"")},
    {"a lone high surrogate before a letter", DOC("\"\\ud800a\"")},
    {"a lone low surrogate", DOC("\"\\udc00\"")},
    {"two low surrogates", DOC("\"\\udc00\\udc00\"")},
    {"two high surrogates", DOC("\"\\ud800\\ud800\"")},
    {"a pair the wrong way round", DOC("\"\\ude00\\ud83d\"")},
    {"a high surrogate before another escape", DOC("\"\\ud800\\n\"")},
    {"a high surrogate before a wrong escape", DOC("\"\\ud800\\uxxxx\"")},
    {"a surrogate in raw UTF-8", DOC("\"\xed\xa0\x80\"")},
    {"a pair of surrogates in raw UTF-8", DOC("\"\xed\xa0\xbd\xed\xb8\x80\"")},
    {"an overlong slash", DOC("\"\xc0\xaf\"")},
    {"an overlong NUL", DOC("\"\xc0\x80\"")},
    {"an overlong quote of three bytes", DOC("\"\xe0\x80\xa2\"")},
    {"above the last code point", DOC("\"\xf4\x90\x80\x80\"")},
    {"a lone continuation byte", DOC("\"\x80\"")},
    {"Latin 1", DOC("\"caf\xe9\"")},
    {"a sequence that the quote cuts", DOC("\"\xe2\x82\"")},
    {"a raw noncharacter", DOC("\"\xef\xbf\xbf\"")},
    {"an escaped noncharacter", DOC("\"\\ufdd0\"")},
    {"UTF-16", DOC("{\0}\0")},
    {"NaN", DOC("NaN")},
    {"NaN in a map", DOC("{\"a\":NaN}")},
    {"Infinity", DOC("[Infinity]")},
    {"minus Infinity", DOC("[-Infinity]")},
    {"a word in upper case", DOC("True")},
    {"half a word", DOC("tru")},
    {"a word and more", DOC("truely")},
    {"undefined", DOC("undefined")},
    {"a leading zero", DOC("01")},
    {"a leading zero behind a minus", DOC("-01")},
    {"two zeros", DOC("00")},
    {"a plus", DOC("+1")},
    {"a minus alone", DOC("-")},
    {"two minuses", DOC("--1")},
    {"a point at the end", DOC("1.")},
    {"a point at the end, then an exponent", DOC("1.e1")},
    {"a point at the start", DOC(".5")},
    {"two points", DOC("1.2.3")},
    {"an exponent without digits", DOC("1e")},
    {"an exponent's sign without digits", DOC("1e+")},
    {"hex", DOC("0x10")},
    {"an underscore", DOC("1_000")},
    {"an integer one too large", DOC("9223372036854775808")},
    {"an integer one too small", DOC("-9223372036854775809")},
    {"an integer far too large", DOC(TEN("99999"))},
    {"a real number that is infinite", DOC("1e309")},
    {"a real number that is minus infinity", DOC("[-1e400]")},
    {"a number of 200 digits behind the point", DOC("0." TWICE(HUNDRED("1")))},
    {"17 deep", DOC("[" DEEP_16("[") DEEP_16("]") "]")},
    {"17 deep, maps and lists", DOC("{\"a\":" DEEP_16("[") DEEP_16("]") "}")},
    {"a thousand deep, without an end", DOC(TEN(HUNDRED("[")))},
    {"1025 items", DOC("[" TEN(HUNDRED("1,")) TWICE(TEN("1,")) "1,1,1,1,1]")},
    {"1025 items in several lists",
	DOC("[" TEN("[" HUNDRED("1,") "1],") "1,1,1,1,1]")},
};

/* A copy of its exact length: one byte read behind it is seen by ASan. */
static const char *
scan_copy(const struct doc *doc)
{
	char *copy = malloc(doc->len > 0 ? doc->len : 1);
	const char *wrong;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, doc->text, doc->len);
	wrong = json_scan(copy, doc->len);
	free(copy);
	return wrong;
}

START_TEST(test_good_documents)
{
	const char *wrong;
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		wrong = scan_copy(&good[i]);
		ck_assert_msg(
		    wrong == NULL, "case \"%s\": %s", good[i].what, wrong);
	}
}
END_TEST

START_TEST(test_bad_documents)
{
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		ck_case(bad[i].what, scan_copy(&bad[i]) != NULL);
}
END_TEST

/* Is each refused for the reason that it is here for? */
static const struct {
	struct doc doc;
	const char *why;
} reasons[] = {
    {{"", DOC("{\"a\":1,\"\\u0061\":2}")}, "a name twice in one object"},
    {{"", DOC("\"\\u0000\"")}, "a NUL"},
    {{"", DOC("{}\0")}, "a NUL"},
    {{"", DOC("\"\\ud800\"")}, "a lone surrogate"},
    {{"", DOC("\"\xc0\xaf\"")}, "no UTF-8"},
    {{"", DOC("\"\n\"")}, "a bare control character in a string"},
    {{"", DOC("9223372036854775808")}, "an integer is out of range"},
    {{"", DOC("1e309")}, "a number is out of range"},
    {{"", DOC("01")}, "a number with a leading zero"},
    {{"", DOC("{}x")}, "something behind the end"},
    {{"", DOC("NaN")}, "a value was expected"},
    {{"", DOC("[" DEEP_16("[") DEEP_16("]") "]")}, "too deep"},
    {{"", DOC("[" TEN(HUNDRED("1,1,")) "1]")}, "too many members"},
};

START_TEST(test_reasons)
{
	size_t i;

	for (i = 0; i < COUNT(reasons); i++)
		ck_assert_str_eq(scan_copy(&reasons[i].doc), reasons[i].why);
}
END_TEST

/* start, letters, end: how long may a string be? */
static const struct {
	const char *what, *start, *letter;
	size_t letters;
	const char *end, *wrong;
} strings[] = {
    {"a text of 8192 bytes", "\"", "a", 8192, "\"", NULL},
    {"a text of 8193 bytes", "\"", "a", 8193, "\"", "a string is too long"},
    {"a name of 8192 bytes", "{\"", "a", 8192, "\":1}", NULL},
    {"a name of 8193 bytes", "{\"", "a", 8193, "\":1}", "a string is too long"},
    {"8192 bytes once unescaped", "\"", "\\u00e9", 4096, "\"", NULL},
    {"8193 bytes once unescaped", "\"a", "\\u00e9", 4096, "\"",
	"a string is too long"},
    {"8192 bytes in pairs of surrogates", "\"", "\\ud83d\\ude00", 2048, "\"",
	NULL},
    {"8193 bytes in pairs of surrogates", "\"a", "\\ud83d\\ude00", 2048, "\"",
	"a string is too long"},
    {"8193 raw bytes", "\"", "\xe2\x82\xac", 2731, "\"",
	"a string is too long"},
    {"8190 raw bytes", "\"", "\xe2\x82\xac", 2730, "\"", NULL},
};

START_TEST(test_long_strings)
{
	struct arena *a = arena_new();
	const char *wrong;
	struct text text;
	size_t i, n;

	for (i = 0; i < COUNT(strings); i++) {
		text = text_new(a);
		text_add(&text, strings[i].start);
		for (n = 0; n < strings[i].letters; n++)
			text_add(&text, strings[i].letter);
		text_add(&text, strings[i].end);
		wrong = json_scan(text.s, text.len);
		ck_case(strings[i].what, !wrong == !strings[i].wrong);
		if (wrong != NULL)
			ck_assert_str_eq(wrong, strings[i].wrong);
	}
	arena_free(a);
}
END_TEST

/* Every beginning of a good document is a bad one. */
START_TEST(test_cut_documents)
{
	struct doc doc = {
	    "cut", DOC("{\"a\\u00e9\xc3\xa9\":[1.5e-3,{\"b\":null},"
		       "\"\\ud83d\\ude00\"]}")};
	size_t whole = doc.len;

	ck_assert_ptr_null(scan_copy(&doc));
	for (doc.len = 0; doc.len < whole; doc.len++)
		ck_assert_ptr_nonnull(scan_copy(&doc));
}
END_TEST

/* What the scan takes, the tree takes; nothing crashes. */
START_TEST(test_random_bytes)
{
	static const char *const pieces[] = {"{", "}", "[", "]", ",", ":", "\"",
	    "\"a\"", "\\", "\\u00", "\\ud800", "0", "-1", ".5", "e9", "true",
	    "null", "\xc3\xa9", "\x80", "\n", " ", "{\"a\":", "[[", "]]"};
	struct ctx *c = test_ctx();
	const struct json *tree;
	struct text text;
	char some[24];
	int round, taken = 0;
	uint32_t n;

	for (round = 0; round < 20000; round++) {
		text = text_new(c->arena);
		text_add(&text, "");
		for (n = world_dice(12); n > 0; n--)
			text_add(&text, pieces[world_dice(COUNT(pieces))]);
		world_random(some, sizeof(some));
		if (round % 4 == 0)
			text_add_n(&text, some, world_dice(sizeof(some)));
		if (json_scan(text.s, text.len) == NULL) {
			ck_case(text.s,
			    json_parse(c, text.s, text.len, &tree) == OK);
			taken++;
		}
		arena_wipe(c->arena);
	}
	ck_assert_int_gt(taken, 100);
	test_done(c);
}
END_TEST

SUITE(scan, test_good_documents, test_bad_documents, test_reasons,
    test_long_strings, test_cut_documents, test_random_bytes)
