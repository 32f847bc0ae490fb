/* SPDX-License-Identifier: ISC */
/* Tables: columns for people, maps for programs. */

#include <stdio.h>
#include <unistd.h>

#include "stage.h"

/* Five letters of two bytes each. */
#define E5 "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"

static const char *const heading[] = {"name", "#n", "last", NULL};

/* What is printed on stdout. */
static const char *
printed(struct ctx *c, const struct table *t, bool json)
{
	char path[] = "/tmp/doorward-table-XXXXXX";
	int fd = mkstemp(path), usual = dup(STDOUT_FILENO);
	const char *why;
	char *text;

	ck_assert_int_ge(fd, 0);
	(void)fflush(stdout);
	ck_assert_int_ge(dup2(fd, STDOUT_FILENO), 0);
	table_print(t, json);
	(void)fflush(stdout);
	ck_assert_int_ge(dup2(usual, STDOUT_FILENO), 0);
	(void)close(usual);
	(void)close(fd);
	ck_ok(file_read(c->arena, path, 64 * 1024, &text, &why));
	(void)unlink(path);
	return text;
}

START_TEST(test_prints)
{
	static const struct {
		const char *what;
		const char *cells[2][3];
		size_t n;
		const char *people, *json;
	} cases[] = {
	    {"no row", {{NULL}}, 0, "NAME  N  LAST\n", "[]\n"},
	    {"columns as wide as they must be",
		{{"a", "5", "x"}, {"longer", "1000", "y"}}, 2,
		"NAME       N  LAST\n"
		"a          5  x\n"
		"longer  1000  y\n",
		"[{\"name\":\"a\",\"n\":5,\"last\":\"x\"},"
		"{\"name\":\"longer\",\"n\":1000,\"last\":\"y\"}]\n"},
	    {"an empty cell", {{NULL, NULL, ""}}, 1,
		"NAME  N  LAST\n-     -  -\n",
		"[{\"name\":null,\"n\":null,\"last\":\"\"}]\n"},
	    {"what a terminal would obey",
		{{"a\xc2\x9b"
		  "2Jb",
		    "1", "\xe2\x80\xaex\xe2\x80\xa8"}},
		1, "NAME   N  LAST\na?2Jb  1  ?x?\n",
		"[{\"name\":\"a\xc2\x9b"
		"2Jb\",\"n\":1,"
		"\"last\":\"\xe2\x80\xaex\\u2028\"}]\n"},
	    {"letters of two bytes", {{E5, "1", "x"}}, 1,
		"NAME   N  LAST\n" E5 "  1  x\n",
		"[{\"name\":\"" E5 "\",\"n\":1,\"last\":\"x\"}]\n"},
	};
	struct ctx *c = test_ctx();
	struct table t;
	size_t i, k;

	for (i = 0; i < COUNT(cases); i++) {
		t = table_new(c->arena, heading);
		for (k = 0; k < cases[i].n; k++)
			table_add(&t, cases[i].cells[k]);
		ck_assert_str_eq(printed(c, &t, false), cases[i].people);
		ck_assert_str_eq(printed(c, &t, true), cases[i].json);
	}
	test_done(c);
}
END_TEST

START_TEST(test_grows)
{
	struct ctx *c = test_ctx();
	struct table t = table_new(c->arena, heading);
	int i;

	for (i = 0; i < 100; i++)
		table_add(
		    &t, (const char *[]){
			    arena_print(c->arena, "row %d", i), "1", NULL});
	ck_assert_uint_eq(t.n, 100);
	ck_assert_str_eq(t.rows[0][0], "row 0");
	ck_assert_str_eq(t.rows[99][0], "row 99");
	test_done(c);
}
END_TEST

START_TEST(test_times)
{
	struct ctx *c = test_ctx();

	ck_assert_ptr_null(table_time(c->arena, 0));
	ck_assert_str_eq(
	    table_time(c->arena, c->now), "2026-11-22T10:00:00.000Z");
	test_done(c);
}
END_TEST

SUITE(table, test_prints, test_grows, test_times)
