/* SPDX-License-Identifier: ISC */
/* writer: JSON documents, step by step. */

#include "test.h"

START_TEST(test_commas_and_nesting)
{
	struct ctx *c = test_ctx();
	struct writer w = writer_new(c->arena);

	ck_assert_str_eq(writer_text(&w), "");
	write_map(&w, NULL);
	write_text(&w, "a", "x");
	write_list(&w, "l");
	write_int(&w, NULL, 1);
	write_map(&w, NULL);
	write_map_end(&w);
	write_list(&w, NULL);
	write_list_end(&w);
	write_bool(&w, NULL, true);
	write_list_end(&w);
	write_map(&w, "m");
	write_bool(&w, "b", false);
	write_null(&w, "n");
	write_map_end(&w);
	write_int(&w, "z", INT64_MIN);
	write_map_end(&w);
	ck_assert_str_eq(writer_text(&w),
	    "{\"a\":\"x\",\"l\":[1,{},[],true],\"m\":{\"b\":false,\"n\":null},"
	    "\"z\":-9223372036854775808}");
	test_done(c);
}
END_TEST

START_TEST(test_values_of_our_own)
{
	struct ctx *c = test_ctx();
	struct writer w = writer_new(c->arena);
	struct uuid u;

	ck_assert(uuid_read("0192f0c1-7b3a-7c44-9e1f-0123456789ab", &u));
	write_map(&w, NULL);
	write_uuid(&w, "u", u);
	write_time(&w, "t", c->now);
	write_secret(&w, "s", (struct secret){"hush\""});
	write_secret(&w, "none", (struct secret){NULL});
	write_text(&w, "nothing", NULL);
	write_map_end(&w);
	ck_assert_str_eq(writer_text(&w),
	    "{\"u\":\"0192f0c1-7b3a-7c44-9e1f-0123456789ab\","
	    "\"t\":\"2026-11-22T10:00:00.000Z\",\"s\":\"hush\\\"\","
	    "\"none\":null,\"nothing\":null}");
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *s, *written;
} strings[] = {
    {"nothing", "", "\"\""},
    {"quote and backslash", "a\"b\\c", "\"a\\\"b\\\\c\""},
    {"a slash stays", "/", "\"/\""},
    {"line ends and tabulators", "\r\n\t", "\"\\r\\n\\t\""},
    {"other control characters", "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
    {"a script cannot end", "</script>", "\"\\u003c/script>\""},
    {"line separators of scripts", "a\xe2\x80\xa8\xe2\x80\xa9z",
	"\"a\\u2028\\u2029z\""},
    {"their neighbours stay", "\xe2\x80\xa7\xe2\x80\xaa",
	"\"\xe2\x80\xa7\xe2\x80\xaa\""},
    {"UTF-8 stays", "\xc3\xa9\xf0\x9f\x98\x80", "\"\xc3\xa9\xf0\x9f\x98\x80\""},
};

static const struct {
	const char *what, *s, *written;
} decimals[] = {
    {"all its digits", "52.229676", "52.229676"},
    {"zeros at its end", "-0.120000", "-0.12"},
    {"nothing but zeros behind the point", "90.000000", "90"},
    {"a whole number", "100", "100"},
    {"zero", "0.000000", "0"},
    {"none", NULL, "null"},
};

START_TEST(test_decimals)
{
	struct ctx *c = test_ctx();
	struct writer w;
	size_t i;

	for (i = 0; i < COUNT(decimals); i++) {
		w = writer_new(c->arena);
		write_decimal(&w, NULL, decimals[i].s);
		ck_case(decimals[i].what,
		    strcmp(writer_text(&w), decimals[i].written) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_strings)
{
	struct ctx *c = test_ctx();
	const struct json *back;
	struct writer w;
	size_t i;

	for (i = 0; i < COUNT(strings); i++) {
		w = writer_new(c->arena);
		write_text(&w, NULL, strings[i].s);
		ck_case(strings[i].what,
		    strcmp(writer_text(&w), strings[i].written) == 0);
		ck_case(strings[i].what,
		    json_parse(c, writer_text(&w), w.out.len, &back) == OK);
		ck_case(strings[i].what, strcmp(back->s, strings[i].s) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_names_are_escaped)
{
	struct ctx *c = test_ctx();
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_int(&w, "a\"b\n", 1);
	write_map_end(&w);
	ck_assert_str_eq(writer_text(&w), "{\"a\\\"b\\n\":1}");
	test_done(c);
}
END_TEST

/* A tree that was read is written as it was. */
static const char *const trees[] = {
    "null",
    "[]",
    "{\"a\":{},\"b\":[[],{\"c\":\"\\\"\"}]}",
    "[0,-1,9223372036854775807,-9223372036854775808]",
    "[true,false,null,\"\"]",
    "[0.1,1.5,-2.0,100.0,1e+300,4.94065645841247e-324,1.7976931348623157e+308]",
    "[0.30000000000000004,123456789.12345679]",
};

START_TEST(test_trees_there_and_back)
{
	struct ctx *c = test_ctx();
	const struct json *tree;
	struct writer w;
	size_t i;

	for (i = 0; i < COUNT(trees); i++) {
		ck_case(trees[i],
		    json_parse(c, trees[i], strlen(trees[i]), &tree) == OK);
		w = writer_new(c->arena);
		write_tree(&w, NULL, tree);
		ck_assert_str_eq(writer_text(&w), trees[i]);
	}
	w = writer_new(c->arena);
	write_map(&w, NULL);
	write_bool(&w, "first", true);
	write_tree(&w, "tree", tree);
	write_map_end(&w);
	ck_assert_str_eq(writer_text(&w),
	    "{\"first\":true,\"tree\":[0.30000000000000004,"
	    "123456789.12345679]}");
	test_done(c);
}
END_TEST

SUITE(writer, test_commas_and_nesting, test_values_of_our_own, test_decimals,
    test_strings, test_names_are_escaped, test_trees_there_and_back)
