/* SPDX-License-Identifier: ISC */
/* Forms: read as maps of texts, or refused. */

#include "http/http.h"
#include "test.h"

/* clang-format off */
static const struct {
	const char	*what, *body;
	enum err	 e;
	const char	*name, *value;	/* one that is there, or not: NULL */
} cases[] = {
	{ "nothing", "", OK, "a", NULL },
	{ "a pair", "a=b", OK, "a", "b" },
	{ "two pairs", "a=b&c=d", OK, "c", "d" },
	{ "a name alone", "a", OK, "a", "" },
	{ "an empty value", "a=&b=c", OK, "a", "" },
	{ "an equals sign in the value", "a=b=c", OK, "a", "b=c" },
	{ "a plus is a blank", "a=b+c", OK, "a", "b c" },
	{ "percent-encoded", "%61=%62%2B", OK, "a", "b+" },
	{ "UTF-8", "a=%C5%82", OK, "a", "\xc5\x82" },
	{ "empty pairs", "&&a=b&", OK, "a", "b" },
	{ "a name twice", "a=b&a=b", ERR_BAD_REQUEST, NULL, NULL },
	{ "the same name in two spellings", "a=b&%61=c", ERR_BAD_REQUEST, NULL, NULL },
	{ "a lone percent sign", "a=%", ERR_BAD_REQUEST, NULL, NULL },
	{ "no hex digits", "a=%zz", ERR_BAD_REQUEST, NULL, NULL },
	{ "a NUL", "a=%00", ERR_BAD_REQUEST, NULL, NULL },
	{ "no UTF-8", "a=%ff", ERR_BAD_REQUEST, NULL, NULL },
};

static const struct {
	const char	*type;
	bool		 form;
} types[] = {
	{ "application/x-www-form-urlencoded", true },
	{ "Application/X-WWW-Form-URLencoded", true },
	{ "application/x-www-form-urlencoded;charset=UTF-8", true },
	{ "application/x-www-form-urlencoded ; charset=utf-8", true },
	{ "application/x-www-form-urlencodedx", false },
	{ "application/json", false },
	{ "multipart/form-data", false },
	{ "", false },
};
/* clang-format on */

START_TEST(test_forms)
{
	struct ctx *c = test_ctx();
	const struct json *map;
	const char *got;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		ck_case(cases[i].what,
		    form_parse(c, cases[i].body, strlen(cases[i].body), &map) ==
			cases[i].e);
		if (cases[i].e)
			continue;
		got = json_get_text(map, cases[i].name);
		ck_case(cases[i].what, !got == !cases[i].value);
		ck_case(
		    cases[i].what, !got || strcmp(got, cases[i].value) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_no_more_than_64_names)
{
	struct ctx *c = test_ctx();
	struct text body = text_new(c->arena);
	const struct json *map;
	int i;

	for (i = 0; i < 64; i++)
		text_addf(&body, "n%d=v&", i);
	ck_assert_int_eq(form_parse(c, body.s, body.len, &map), OK);
	text_add(&body, "one=more");
	ck_assert_int_eq(
	    form_parse(c, body.s, body.len, &map), ERR_BAD_REQUEST);
	test_done(c);
}
END_TEST

START_TEST(test_types)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		char *env[] = {
		    arena_print(c->arena, "CONTENT_TYPE=%s", types[i].type),
		    NULL};

		ck_assert_int_eq(
		    request_read(c, env, (struct source){0}, &r), OK);
		ck_case(types[i].type, request_is_form(&r) == types[i].form);
	}
	test_done(c);
}
END_TEST

SUITE(form, test_forms, test_no_more_than_64_names, test_types)
