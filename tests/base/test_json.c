/* SPDX-License-Identifier: ISC */
/* json: texts into trees. */

#include "test.h"

static const struct json *
parse(struct ctx *c, const char *text)
{
	const struct json *out = NULL;

	ck_case(text, json_parse(c, text, strlen(text), &out) == OK);
	return out;
}

START_TEST(test_every_type)
{
	struct ctx *c = test_ctx();
	const struct json *map = parse(c,
	    "{\"t\":\"text\",\"i\":-42,\"r\":1.5,\"y\":true,\"n\":false,"
	    "\"z\":null,\"l\":[],\"m\":{}}");

	ck_assert_int_eq(map->type, JSON_MAP);
	ck_assert_ptr_null(map->name);
	ck_assert_int_eq(json_get(map, "t")->type, JSON_TEXT);
	ck_assert_str_eq(json_get(map, "t")->s, "text");
	ck_assert_int_eq(json_get(map, "i")->type, JSON_INT);
	ck_assert_int_eq(json_get(map, "i")->i, -42);
	ck_assert_int_eq(json_get(map, "r")->type, JSON_REAL);
	ck_assert_double_eq(json_get(map, "r")->d, 1.5);
	ck_assert_int_eq(json_get(map, "y")->type, JSON_BOOL);
	ck_assert(json_get(map, "y")->b);
	ck_assert_int_eq(json_get(map, "n")->type, JSON_BOOL);
	ck_assert(!json_get(map, "n")->b);
	ck_assert_int_eq(json_get(map, "z")->type, JSON_NULL);
	ck_assert_int_eq(json_get(map, "l")->type, JSON_LIST);
	ck_assert_ptr_null(json_get(map, "l")->first);
	ck_assert_int_eq(json_get(map, "m")->type, JSON_MAP);
	ck_assert_ptr_null(json_get(map, "m")->first);
	test_done(c);
}
END_TEST

START_TEST(test_order_is_kept)
{
	struct ctx *c = test_ctx();
	struct text seen = text_new(c->arena);

	json_each (item, parse(c, "{\"b\":[3,1,2],\"a\":0,\"c\":0}")) {
		text_addf(&seen, "%s:", item->name);
		json_each (number, item)
			text_addf(&seen, "%d,", (int)number->i);
	}
	ck_assert_str_eq(seen.s, "b:3,1,2,a:c:");
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *text, *s;
} texts[] = {
    {"escapes are undone", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
    {"a code point", "\"\\u00e9\"", "\xc3\xa9"},
    {"a pair of surrogates", "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
    {"raw UTF-8", "\"\xe2\x82\xac\"", "\xe2\x82\xac"},
    {"nothing", "\"\"", ""},
};

START_TEST(test_texts)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		ck_case(texts[i].what,
		    strcmp(parse(c, texts[i].text)->s, texts[i].s) == 0);
	test_done(c);
}
END_TEST

START_TEST(test_numbers)
{
	struct ctx *c = test_ctx();

	ck_assert_int_eq(parse(c, "9223372036854775807")->i, INT64_MAX);
	ck_assert_int_eq(parse(c, "-9223372036854775808")->i, INT64_MIN);
	ck_assert_int_eq(parse(c, "1.0")->type, JSON_REAL);
	ck_assert_int_eq(parse(c, "1e2")->type, JSON_REAL);
	ck_assert_double_eq(parse(c, "1e2")->d, 100);
	ck_assert_double_eq(parse(c, "-0.0")->d, 0);
	test_done(c);
}
END_TEST

/* Whatever json-c would take: bad is bad. */
static const struct {
	const char *what, *text;
	size_t len;
} bad[] = {
    {"nothing", "", 0},
    {"bytes behind a NUL", "{}\0x", 4},
    {"a name twice", "{\"a\":1,\"a\":2}", 13},
    {"NaN", "NaN", 3},
    {"a clamped integer", "99999999999999999999", 20},
    {"a cut document", "{\"a\":1", 6},
};

START_TEST(test_bad_documents)
{
	struct ctx *c = test_ctx();
	const struct json *out;
	size_t i;

	log_level_set(LOG_ERROR);
	for (i = 0; i < COUNT(bad); i++)
		ck_case(bad[i].what, json_parse(c, bad[i].text, bad[i].len,
					 &out) == ERR_BODY_MALFORMED);
	log_level_set(LOG_INFO);
	test_done(c);
}
END_TEST

/* The deepest and the widest that the scan takes. */
START_TEST(test_the_most)
{
	struct ctx *c = test_ctx();
	struct text text = text_new(c->arena);
	const struct json *at;
	int i;

	for (i = 0; i < JSON_DEPTH_MAX; i++)
		text_add(&text, i % 2 ? "{\"a\":" : "[");
	text_add(&text, "7");
	for (i = JSON_DEPTH_MAX; i-- > 0;)
		text_add(&text, i % 2 ? "}" : "]");
	for (at = parse(c, text.s); at->first != NULL; at = at->first)
		;
	ck_assert_int_eq(at->i, 7);
	text = text_new(c->arena);
	for (i = 0; i < JSON_MEMBERS_MAX; i++)
		text_addf(&text, "%s%d", i == 0 ? "[" : ",", i);
	text_add(&text, "]");
	for (at = parse(c, text.s)->first; at->next != NULL; at = at->next)
		;
	ck_assert_int_eq(at->i, JSON_MEMBERS_MAX - 1);
	test_done(c);
}
END_TEST

START_TEST(test_members_are_found)
{
	struct ctx *c = test_ctx();
	const struct json *map = parse(c, "{\"a\":\"x\",\"b\":1,\"c\":null}");

	ck_assert_str_eq(json_get_text(map, "a"), "x");
	ck_assert_ptr_null(json_get_text(map, "b"));
	ck_assert_ptr_null(json_get_text(map, "c"));
	ck_assert_ptr_null(json_get_text(map, "d"));
	ck_assert_ptr_nonnull(json_get(map, "c"));
	ck_assert_ptr_null(json_get(map, "d"));
	ck_assert_ptr_null(json_get(map, "A"));
	ck_assert_ptr_null(json_get(NULL, "a"));
	ck_assert_ptr_null(json_get(parse(c, "[1]"), "a"));
	ck_assert_ptr_null(json_get_text(json_get(map, "d"), "a"));
	test_done(c);
}
END_TEST

SUITE(json, test_every_type, test_order_is_kept, test_texts, test_numbers,
    test_bad_documents, test_the_most, test_members_are_found)
