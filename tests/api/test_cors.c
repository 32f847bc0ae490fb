/* SPDX-License-Identifier: ISC */
/* Pages of listed origins may call and read; all others may not. */

#include "talk.h"

#define MAKE "GET /v1/generate/session/id"

/* clang-format off */
static const struct {
	const char *what, *origin;
	bool may;
} cases[] = {
	{ "the shop's own",		"https://shop.example", true },
	{ "our own pages",		"https://auth.example.com", true },
	{ "another host",		"https://evil.example", false },
	{ "the same over plain http",	"http://shop.example", false },
	{ "a port",			"https://shop.example:8443", false },
	{ "a subdomain",		"https://a.shop.example", false },
	{ "a longer name",		"https://shop.example.evil", false },
	{ "a shorter name",		"https://shop.exampl", false },
	{ "another case",		"https://SHOP.example", false },
	{ "a slash at the end",		"https://shop.example/", false },
	{ "null",			"null", false },
	{ "any",			"*", false },
	{ "two",			"https://shop.example https://a.example",
	  false },
	{ "no scheme",			"shop.example", false },
};
/* clang-format on */

static const char *
origin_line(struct town *town, const char *origin)
{
	return arena_print(
	    town->c->arena, "%s\nOrigin: %s", town_headers(town, NULL), origin);
}

START_TEST(test_origins)
{
	struct town town;
	struct said said;
	const char *allowed;
	size_t i;

	town_build(&town);
	for (i = 0; i < COUNT(cases); i++) {
		said = ask(
		    town.c, MAKE, origin_line(&town, cases[i].origin), NULL);
		allowed = said_header(&said, "Access-Control-Allow-Origin");
		ck_case(
		    cases[i].what, said.status == (cases[i].may ? 200 : 403));
		ck_case(cases[i].what,
		    cases[i].may
			? allowed && strcmp(allowed, cases[i].origin) == 0
			: allowed == NULL);
	}
	town_leave(&town);
}
END_TEST

/* No header stands twice in an answer. */
static void
ck_once(const struct said *said)
{
	const char *line, *again;
	size_t n;

	for (line = said->head; *line; line = strchr(line, '\n') + 1) {
		n = strcspn(line, ":") + 1;
		for (again = strchr(line, '\n') + 1; *again;
		     again = strchr(again, '\n') + 1)
			ck_assert_msg(strncmp(line, again, n) != 0,
			    "twice: %.*s", (int)n, line);
	}
}

START_TEST(test_an_allowed_page_reads_answers_and_refusals)
{
	struct town town;
	struct said said;

	town_build(&town);
	said =
	    ask(town.c, MAKE, origin_line(&town, "https://shop.example"), NULL);
	ck_assert_str_eq(said_header(&said, "Vary"), "Origin");
	ck_assert_str_eq(said_header(&said, "Access-Control-Expose-Headers"),
	    "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, "
	    "X-Identity-Conflict");
	ck_assert_ptr_null(
	    said_header(&said, "Access-Control-Allow-Credentials"));
	ck_once(&said);
	said = ask(town.c, "PUT /v1/cart",
	    origin_line(&town, "https://shop.example"), "{}");
	ck_said(said, 422);
	ck_assert_ptr_nonnull(
	    said_header(&said, "Access-Control-Allow-Origin"));
	town_leave(&town);
}
END_TEST

/* A page decides by token_expired, which no tenant's list was asked for. */
START_TEST(test_refusals_before_the_tenant_can_be_read)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(
	    town.c, "GET /v1/sessions", "Origin: https://shop.example", NULL);
	ck_code(said, 401, "token_missing");
	ck_assert_str_eq(said_header(&said, "Access-Control-Allow-Origin"),
	    "https://shop.example");
	said = ask(
	    town.c, "GET /v1/sessions", "Origin: https://evil.example", NULL);
	ck_code(said, 401, "token_missing");
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	town_leave(&town);
}
END_TEST

START_TEST(test_another_shops_origin_is_not_this_ones)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(town.c, MAKE,
	    arena_print(town.c->arena,
		"X-MerchantApiKey: %s\nOrigin: https://shop.example",
		town.other),
	    NULL);
	ck_said(said, 403);
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	town_leave(&town);
}
END_TEST

START_TEST(test_a_preflight)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(town.c, "OPTIONS /v1/cart",
	    "Origin: https://shop.example\n"
	    "Access-Control-Request-Method: PUT",
	    NULL);
	ck_said(said, 204);
	ck_assert_str_eq(said.body, "");
	ck_assert_str_eq(
	    said_header(&said, "Allow"), "GET, HEAD, PUT, OPTIONS");
	ck_assert_str_eq(said_header(&said, "Access-Control-Allow-Origin"),
	    "https://shop.example");
	ck_assert_str_eq(said_header(&said, "Access-Control-Allow-Methods"),
	    "GET, HEAD, PUT, OPTIONS");
	ck_assert_str_eq(said_header(&said, "Access-Control-Allow-Headers"),
	    "Authorization, Content-Type, X-MerchantApiKey, X-Session-Id, "
	    "X-SessionId");
	ck_assert_str_eq(said_header(&said, "Access-Control-Max-Age"), "600");
	ck_assert_str_eq(said_header(&said, "Vary"), "Origin");
	ck_assert_ptr_null(
	    said_header(&said, "Access-Control-Allow-Credentials"));
	ck_once(&said);
	town_leave(&town);
}
END_TEST

START_TEST(test_preflights_of_others)
{
	struct town town;
	struct said said;
	size_t i;

	town_build(&town);
	for (i = 0; i < COUNT(cases); i++) {
		if (cases[i].may)
			continue;
		said = ask(town.c, "OPTIONS /v1/cart",
		    arena_print(town.c->arena, "Origin: %s", cases[i].origin),
		    NULL);
		ck_case(cases[i].what, said.status == 204);
		ck_case(cases[i].what,
		    !said_header(&said, "Access-Control-Allow-Origin"));
		ck_case(cases[i].what,
		    !said_header(&said, "Access-Control-Allow-Methods"));
	}
	town_leave(&town);
}
END_TEST

START_TEST(test_options_without_an_origin_asks_nobody)
{
	struct ctx *c = test_ctx();
	struct said said = ask(c, "OPTIONS /v1/sessions", "", NULL);

	ck_said(said, 204);
	ck_assert_str_eq(
	    said_header(&said, "Allow"), "GET, HEAD, DELETE, OPTIONS");
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Methods"));
	said = ask(c, "OPTIONS /healthz", "Origin: https://a.example", NULL);
	ck_said(said, 204);
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	said = ask(c, "OPTIONS /v1/nothing", "", NULL);
	ck_said(said, 404);
	test_done(c);
}
END_TEST

START_TEST(test_health_is_for_no_page)
{
	struct ctx *c = test_ctx();
	struct said said =
	    ask(c, "GET /healthz", "Origin: https://evil.example", NULL);

	ck_said(said, 200);
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	test_done(c);
}
END_TEST

SUITE(cors, test_origins, test_an_allowed_page_reads_answers_and_refusals,
    test_refusals_before_the_tenant_can_be_read,
    test_another_shops_origin_is_not_this_ones, test_a_preflight,
    test_preflights_of_others, test_options_without_an_origin_asks_nobody,
    test_health_is_for_no_page)
