/* SPDX-License-Identifier: ISC */
/* errors: names, statuses and sentences. */

#include <stdint.h>

#include "test.h"

static const struct {
	const char *what;
	enum err e;
	const char *name;
	int status;
	const char *sentence;
} cases[] = {
    {"no error at all", OK, "ok", 200, "Done."},
    {"a name of two words", ERR_CODE_WRONG, "code_wrong", 400,
	"The code or link is wrong, spent or expired."},
    {"the first of the list", ERR_BODY_MALFORMED, "body_malformed", 400,
	"The body is not well-formed JSON."},
    {"the last of the list", ERR_IO, "io", 500,
	"A file could not be read or written."},
    {"a number behind the list is an internal one", ERR_COUNT, "internal", 500,
	"Something went wrong."},
};

START_TEST(test_each_has_its_row)
{
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		ck_case(cases[i].what,
		    strcmp(err_name(cases[i].e), cases[i].name) == 0);
		ck_case(
		    cases[i].what, err_status(cases[i].e) == cases[i].status);
		ck_case(cases[i].what,
		    strcmp(err_sentence(cases[i].e), cases[i].sentence) == 0);
	}
}
END_TEST

START_TEST(test_names_differ)
{
	enum err i, j;

	for (i = 0; i < ERR_COUNT; i++)
		for (j = 0; j < i; j++)
			ck_assert_str_ne(err_name(i), err_name(j));
}
END_TEST

START_TEST(test_names_are_lower_snake_case)
{
	const char *name;
	enum err i;

	for (i = 0; i < ERR_COUNT; i++) {
		name = err_name(i);
		ck_case(name, strspn(name, "abcdefghijklmnopqrstuvwxyz_") ==
				  strlen(name));
		ck_case(name, strlen(name) < 31);
	}
}
END_TEST

SUITE(errors, test_each_has_its_row, test_names_differ,
    test_names_are_lower_snake_case)
