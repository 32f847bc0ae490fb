/* SPDX-License-Identifier: ISC */
/* Authorization: where it is looked for, and what is refused. */

#include "http/http.h"
#include "test.h"

#define AUTH     "HTTP_AUTHORIZATION="
#define REDIRECT "REDIRECT_HTTP_AUTHORIZATION="

static const struct {
	const char *what;
	char *env[2];
	enum err e;
	const char *token;
	/* clang-format off */
} cases[] = {
	{ "none", { "X=" }, OK, NULL },
	{ "empty", { AUTH }, OK, NULL },
	{ "both empty", { AUTH, REDIRECT }, OK, NULL },
	{ "a token", { AUTH "Bearer abc.DEF-1_2~3+4/5==" }, OK,
	  "abc.DEF-1_2~3+4/5==" },
	{ "the scheme in any case", { AUTH "bEARER abc" }, OK, "abc" },
	{ "more than one blank", { AUTH "Bearer   abc" }, OK, "abc" },
	{ "the redirected one", { REDIRECT "Bearer abc" }, OK, "abc" },
	{ "the redirected one beside an empty one",
	  { AUTH, REDIRECT "Bearer abc" }, OK, "abc" },
	{ "an empty redirected one", { AUTH "Bearer abc", REDIRECT }, OK, "abc" },
	{ "both alike", { AUTH "Bearer abc", REDIRECT "Bearer abc" }, OK, "abc" },
	{ "two that differ", { AUTH "Bearer abc", REDIRECT "Bearer abd" },
	  ERR_BAD_REQUEST, NULL },
	{ "two schemes that differ", { AUTH "Bearer abc", REDIRECT "Basic YTpi" },
	  ERR_BAD_REQUEST, NULL },
	{ "Basic", { AUTH "Basic YTpi" }, OK, NULL },
	{ "a longer scheme", { AUTH "Bearers abc" }, OK, NULL },
	{ "a digest with commas", { AUTH "Digest a=\"b\", c=\"d\"" }, OK, NULL },
	{ "joined by lighttpd", { AUTH "Bearer a, Bearer b" }, ERR_BAD_REQUEST,
	  NULL },
	{ "the same twice, joined", { AUTH "Bearer a, Bearer a" },
	  ERR_BAD_REQUEST, NULL },
	{ "Basic and Bearer, joined", { AUTH "Basic YTpi, Bearer a" },
	  ERR_BAD_REQUEST, NULL },
	{ "Bearer and Basic, joined", { AUTH "Bearer a, Basic YTpi" },
	  ERR_BAD_REQUEST, NULL },
	{ "no token", { AUTH "Bearer" }, ERR_BAD_REQUEST, NULL },
	{ "blanks alone", { AUTH "Bearer  " }, ERR_BAD_REQUEST, NULL },
	{ "padding alone", { AUTH "Bearer ==" }, ERR_BAD_REQUEST, NULL },
	{ "padding within", { AUTH "Bearer a=b" }, ERR_BAD_REQUEST, NULL },
	{ "a blank within", { AUTH "Bearer a b" }, ERR_BAD_REQUEST, NULL },
	{ "a blank at the end", { AUTH "Bearer a " }, ERR_BAD_REQUEST, NULL },
	{ "a tab before", { AUTH "Bearer \ta" }, ERR_BAD_REQUEST, NULL },
	{ "quotes", { AUTH "Bearer \"a\"" }, ERR_BAD_REQUEST, NULL },
	{ "a byte over 0x7f", { AUTH "Bearer a\xc3\xa9" }, ERR_BAD_REQUEST, NULL },
};
/* clang-format on */

START_TEST(test_tokens)
{
	struct ctx *c = test_ctx();
	struct secret got;
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		char *env[] = {cases[i].env[0], cases[i].env[1], NULL};

		got.s = "left over";
		ck_case(cases[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		ck_case(
		    cases[i].what, request_bearer(c, &r, &got) == cases[i].e);
		ck_case(cases[i].what, !got.s == !cases[i].token);
		ck_case(cases[i].what,
		    !got.s || strcmp(got.s, cases[i].token) == 0);
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	char *env;
	enum err e;
	const char *user, *password;
	/* clang-format off */
} basics[] = {
	{ "none", "X=", OK, NULL, NULL },
	{ "a bearer", AUTH "Bearer abc", OK, NULL, NULL },
	{ "user and password", AUTH "Basic dTpwYXNz", OK, "u", "pass" },
	{ "the scheme in any case", AUTH "bASIC dTpwYXNz", OK, "u", "pass" },
	{ "one padding character", AUTH "Basic dTpwYXM=", OK, "u", "pas" },
	{ "two of them", AUTH "Basic dTpwYQ==", OK, "u", "pa" },
	{ "a colon in the password", AUTH "Basic dTpwOmE=", OK, "u", "p:a" },
	{ "an empty password", AUTH "Basic dTo=", OK, "u", "" },
	{ "form-encoded halves", AUTH "Basic YSUzQWI6YyUyQmQ=", OK, "a:b", "c+d" },
	{ "the bytes of another alphabet", AUTH "Basic dTo_Pz8_", ERR_BAD_REQUEST,
	  NULL, NULL },
	{ "plus and slash", AUTH "Basic dTo/fn5+", OK, "u", "?~~~" },
	{ "no padding", AUTH "Basic dTpwYXM", ERR_BAD_REQUEST, NULL, NULL },
	{ "no colon", AUTH "Basic dQ==", ERR_BAD_REQUEST, NULL, NULL },
	{ "NUL within", AUTH "Basic dTpwAGE=", ERR_BAD_REQUEST, NULL, NULL },
	{ "no UTF-8", AUTH "Basic dTr/", ERR_BAD_REQUEST, NULL, NULL },
	{ "badly encoded", AUTH "Basic dTolZw==", ERR_BAD_REQUEST, NULL, NULL },
	{ "two of them joined", AUTH "Basic dTpw, Basic dTpw", ERR_BAD_REQUEST,
	  NULL, NULL },
	{ "nothing", AUTH "Basic", ERR_BAD_REQUEST, NULL, NULL },
};
/* clang-format on */

START_TEST(test_basic)
{
	struct ctx *c = test_ctx();
	struct basic got;
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(basics); i++) {
		char *env[] = {basics[i].env, NULL};

		ck_case(basics[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		ck_case(
		    basics[i].what, request_basic(c, &r, &got) == basics[i].e);
		if (basics[i].e)
			continue;
		ck_case(basics[i].what, !got.user == !basics[i].user);
		if (!basics[i].user)
			continue;
		ck_case(basics[i].what, strcmp(got.user, basics[i].user) == 0);
		ck_case(basics[i].what,
		    strcmp(got.password.s, basics[i].password) == 0);
	}
	test_done(c);
}
END_TEST

SUITE(authorization, test_tokens, test_basic)
