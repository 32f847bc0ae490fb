/* SPDX-License-Identifier: ISC */
/* What other services ask about tokens: the words of RFC 7662 and 7009. */

#include "talk.h"

#define INTROSPECT "POST /oauth/introspect"
#define REVOKE     "POST /oauth/revoke"
#define FORM       "\nContent-Type: application/x-www-form-urlencoded"

struct service {
	struct town town;
	struct said ann;
	const char *headers, *token;
};

static void
service_begin(struct service *s)
{
	town_build(&s->town);
	s->ann = town_sign_in(&s->town, "ann@example.com", "");
	s->token = said_text(&s->ann, "data.token");
	s->headers = arena_print(s->town.c->arena, "%s" FORM,
	    town_key(&s->town,
		&(struct api_key_new){.kind = "secret", .scopes = "*"}));
}

static struct said
about(struct service *s, const char *line, const char *token)
{
	return ask(s->town.c, line, s->headers,
	    arena_print(s->town.c->arena, "token=%s", token));
}

START_TEST(test_an_active_token)
{
	struct service s;
	struct said said;

	service_begin(&s);
	said = about(&s, INTROSPECT, s.token);
	ck_said(said, 200);
	ck_assert(said_at(&said, "active")->b);
	ck_assert_str_eq(said_text(&said, "token_type"), "Bearer");
	ck_assert_str_eq(said_text(&said, "email"), "ann@example.com");
	ck_assert_str_eq(said_text(&said, "amr.0"), "otp");
	ck_assert_str_eq(said_text(&said, "scope"), "customer");
	ck_assert_int_gt(said_int(&said, "exp"), said_int(&said, "iat"));
	said = about(&s, INTROSPECT, said_text(&s.ann, "data.refreshToken"));
	ck_said(said, 200);
	ck_assert(said_at(&said, "active")->b);
	ck_assert_int_gt(said_int(&said, "exp"), 0);
	town_leave(&s.town);
}
END_TEST

START_TEST(test_nothing_is_said_of_others)
{
	static const char *const tokens[] = {
	    "x", "a.b.c", "%20", "e30.e30.e30"};
	struct service s;
	struct said said;
	size_t i;

	service_begin(&s);
	for (i = 0; i < COUNT(tokens); i++) {
		said = about(&s, INTROSPECT, tokens[i]);
		ck_said(said, 200);
		ck_assert_str_eq(said.body, "{\"active\":false}");
		said = about(&s, REVOKE, tokens[i]);
		ck_said(said, 200);
	}
	ck_said(about(&s, REVOKE, s.token), 200);
	said = about(&s, INTROSPECT, s.token);
	ck_assert_str_eq(said.body, "{\"active\":false}");
	town_leave(&s.town);
}
END_TEST

START_TEST(test_refusals)
{
	static const struct {
		const char *what, *headers, *body;
		int status;
		const char *error;
	} cases[] = {
	    {"no token", "", "", 400, "invalid_request"},
	    {"an empty token", "", "token=", 400, "invalid_request"},
	    {"two tokens", "", "token=a&token=b", 400, "invalid_request"},
	    {"JSON", "\nContent-Type: application/json", "{\"token\":\"x\"}",
		415, "invalid_request"},
	};
	struct service s;
	struct said said;
	size_t i;

	service_begin(&s);
	for (i = 0; i < COUNT(cases); i++) {
		said = ask(s.town.c, INTROSPECT,
		    *cases[i].headers ? arena_print(s.town.c->arena, "%.*s%s",
					    (int)strcspn(s.headers, "\n"),
					    s.headers, cases[i].headers)
				      : s.headers,
		    cases[i].body);
		ck_case(cases[i].what, said.status == cases[i].status);
		ck_case(cases[i].what,
		    strcmp(said_text(&said, "error"), cases[i].error) == 0);
	}
	said = ask(s.town.c, INTROSPECT, &FORM[1], "token=x");
	ck_said(said, 401);
	ck_assert_str_eq(said_text(&said, "error"), "invalid_client");
	ck_assert_str_eq(
	    said_header(&said, "WWW-Authenticate"), "Basic realm=\"doorward\"");
	/* in the scheme that was used (RFC 6749, 5.2; RFC 6750, 3) */
	said = ask(
	    s.town.c, INTROSPECT, "Authorization: Bearer sk_x" FORM, "token=x");
	ck_said(said, 401);
	ck_assert_str_eq(said_header(&said, "WWW-Authenticate"),
	    "Bearer realm=\"doorward\", error=\"invalid_token\"");
	said =
	    ask(s.town.c, REVOKE, "Authorization: Basic eDp5" FORM, "token=x");
	ck_said(said, 401);
	ck_assert_str_eq(
	    said_header(&said, "WWW-Authenticate"), "Basic realm=\"doorward\"");
	town_leave(&s.town);
}
END_TEST

static void
ck_inactive(struct service *s, const char *token)
{
	struct said said = about(s, INTROSPECT, token);

	ck_said(said, 200);
	ck_assert_str_eq(said.body, "{\"active\":false}");
}

START_TEST(test_no_tokens_of_anybody)
{
	struct service s;
	struct town there;
	struct said bob;
	char *lengthy;

	service_begin(&s);
	there = s.town;
	there.shop = there.other;
	bob = town_sign_in(&there, "bob@example.com", "");
	ck_inactive(&s, said_text(&bob, "data.token"));
	ck_inactive(&s, said_text(&bob, "data.refreshToken"));
	/* too long for any token, and no fault of who asks */
	lengthy = arena_get(s.town.c->arena, 9001);
	memset(lengthy, 'a', 9000);
	lengthy[9000] = '\0';
	ck_inactive(&s, lengthy);
	ck_said(about(&s, REVOKE, lengthy), 200);
	lengthy[10] = lengthy[20] = '.';
	ck_inactive(&s, lengthy);
	ck_said(about(&s, REVOKE, lengthy), 200);
	talk_later(DAY_MS);
	ck_inactive(&s, s.token);
	talk_later(13 * DAY_MS);
	ck_inactive(&s, said_text(&s.ann, "data.refreshToken"));
	town_leave(&s.town);
}
END_TEST

START_TEST(test_a_tenants_limit)
{
	struct service s;
	struct said said;

	service_begin(&s);
	talk_later(MINUTE_MS);
	town_set(&s.town, "shop", "requests_a_minute", "2");
	ck_said(about(&s, INTROSPECT, s.token), 200);
	ck_said(about(&s, REVOKE, "x"), 200);
	talk_later(15 * SECOND_MS + 1);
	said = about(&s, INTROSPECT, s.token);
	ck_said(said, 429);
	ck_assert_str_eq(said_text(&said, "error"), "slow_down");
	ck_assert_str_eq(said_header(&said, "Retry-After"), "45");
	ck_assert_str_eq(
	    said_header(&said, "RateLimit"), "\"tenant-a-minute\";r=0;t=45");
	ck_assert_str_eq(said_header(&said, "RateLimit-Policy"),
	    "\"tenant-a-minute\";q=2;w=60");
	/* a guest is a request, too; a customer with a token is none */
	ck_said(ask(s.town.c, "GET /v1/generate/session/id",
		    town_headers(&s.town, NULL), NULL),
	    429);
	ck_said(ask(s.town.c, "GET /v1/customers/profile",
		    town_headers(&s.town, s.token), NULL),
	    200);
	talk_later(45 * SECOND_MS);
	ck_said(about(&s, INTROSPECT, s.token), 200);
	town_leave(&s.town);
}
END_TEST

START_TEST(test_a_key_without_the_scope)
{
	struct service s;
	struct said said;

	service_begin(&s);
	s.headers = arena_print(s.town.c->arena, "%s" FORM,
	    town_key(&s.town, API_KEY("secret", "x")));
	said = about(&s, INTROSPECT, s.token);
	ck_said(said, 403);
	ck_assert_str_eq(said_text(&said, "error"), "unauthorized_client");
	town_leave(&s.town);
}
END_TEST

/* N are allowed, one more is told when to come back. */
START_TEST(test_a_keys_own_limit)
{
	struct service s;
	struct said said;
	int i;

	service_begin(&s);
	s.headers = arena_print(s.town.c->arena, "%s" FORM,
	    town_key(&s.town, &(struct api_key_new){.kind = "secret",
				  .scopes = "token:introspect",
				  .per_minute = 3}));
	for (i = 0; i < 3; i++)
		ck_said(about(&s, INTROSPECT, s.token), 200);
	talk_later(20 * SECOND_MS);
	said = about(&s, INTROSPECT, s.token);
	ck_said(said, 429);
	ck_assert_str_eq(said_header(&said, "Retry-After"), "40");
	ck_assert_str_eq(said_header(&said, "RateLimit-Policy"),
	    "\"key-a-minute\";q=3;w=60");
	talk_later(40 * SECOND_MS);
	ck_said(about(&s, INTROSPECT, s.token), 200);
	town_leave(&s.town);
}
END_TEST

SUITE(oauth, test_an_active_token, test_nothing_is_said_of_others,
    test_refusals, test_no_tokens_of_anybody, test_a_tenants_limit,
    test_a_key_without_the_scope, test_a_keys_own_limit)
