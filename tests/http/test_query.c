/* SPDX-License-Identifier: ISC */
/* Query parameters: decoded once, refused when twice or broken. */

#include "http/http.h"
#include "test.h"

static const struct {
	const char *what;
	char *given;
	enum err e;
	const char *value; /* of "q" */
			   /* clang-format off */
} cases[] = {
	{ "no query", "X=", OK, NULL },
	{ "an empty query", "QUERY_STRING=", OK, NULL },
	{ "alone", "QUERY_STRING=q=1", OK, "1" },
	{ "between others", "QUERY_STRING=a=0&q=1&b=2", OK, "1" },
	{ "absent", "QUERY_STRING=a=0&qq=1", OK, NULL },
	{ "a longer name is another", "QUERY_STRING=qq=1&q=2", OK, "2" },
	{ "without a sign", "QUERY_STRING=q", OK, "" },
	{ "without a sign, before another", "QUERY_STRING=q&a=1", OK, "" },
	{ "an empty value", "QUERY_STRING=q=&a=1", OK, "" },
	{ "a sign in the value", "QUERY_STRING=q=a=b", OK, "a=b" },
	{ "decoded", "QUERY_STRING=q=a%26b+c%2Bd", OK, "a&b c+d" },
	{ "decoded once only", "QUERY_STRING=q=%2541", OK, "%41" },
	{ "UTF-8", "QUERY_STRING=q=%C3%A9", OK, "\xc3\xa9" },
	{ "an encoded name", "QUERY_STRING=%71=1", OK, "1" },
	{ "twice", "QUERY_STRING=q=1&q=2", ERR_BAD_REQUEST, "" },
	{ "twice the same", "QUERY_STRING=q=1&q=1", ERR_BAD_REQUEST, "" },
	{ "twice, once encoded", "QUERY_STRING=q=1&%71=1", ERR_BAD_REQUEST, "" },
	{ "another twice", "QUERY_STRING=a=1&a=2&q=3", OK, "3" },
	{ "a cut escape", "QUERY_STRING=q=%4", ERR_BAD_REQUEST, "" },
	{ "no escape", "QUERY_STRING=q=%zz", ERR_BAD_REQUEST, "" },
	{ "a NUL", "QUERY_STRING=q=a%00b", ERR_BAD_REQUEST, "" },
	{ "bad UTF-8", "QUERY_STRING=q=%ff", ERR_BAD_REQUEST, "" },
	{ "overlong UTF-8", "QUERY_STRING=q=%c0%af", ERR_BAD_REQUEST, "" },
	{ "another one is bad", "QUERY_STRING=a=%zz&q=1", OK, "1" },
	{ "another name is bad", "QUERY_STRING=%zz=1&q=1", OK, "1" },
	{ "signs alone", "QUERY_STRING=&&=&", OK, NULL },
};
/* clang-format on */

START_TEST(test_parameters)
{
	struct ctx *c = test_ctx();
	const char *value;
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		char *env[] = {cases[i].given, NULL};

		ck_case(cases[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		ck_case(cases[i].what,
		    request_query(c, &r, "q", &value) == cases[i].e);
		if (cases[i].e)
			continue;
		ck_case(cases[i].what, !value == !cases[i].value);
		ck_case(cases[i].what,
		    !value || strcmp(value, cases[i].value) == 0);
	}
	test_done(c);
}
END_TEST

SUITE(query, test_parameters)
