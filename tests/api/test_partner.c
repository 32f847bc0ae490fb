/* SPDX-License-Identifier: ISC */
/* A partner's server talks: in, again, out, and about its channel. */

#include "talk.h"

#define A     "/public-api/v1/customers/"
#define ENTER "POST " A "authenticate/"

struct market {
	struct town town;
	const char *token;
};

static void
market_open(struct market *m, const char *scopes)
{
	town_build(&m->town);
	m->token = town_key(&m->town, &(struct api_key_new){.kind = "partner",
					  .name = "The Market",
					  .source = "market",
					  .scopes = scopes});
}

static struct said
enter(struct market *m, const char *source, const char *name)
{
	return ask(m->town.c, ENTER, m->token,
	    arena_print(m->town.c->arena,
		"{\"username\":\"pia\",\"name\":\"%s\",\"email\":"
		"\"pia@example.com\",\"source\":\"%s\",\"engine\":\"direct\"}",
		name, source));
}

static struct said
with_refresh(struct market *m, const char *line, const char *refresh)
{
	return ask(m->town.c, line, "",
	    arena_print(m->town.c->arena, "{\"refresh\":\"%s\"}", refresh));
}

START_TEST(test_in_again_and_out)
{
	struct market m;
	struct said said, next;

	market_open(&m, NULL);
	said = enter(&m, "market", "Pia");
	ck_said(said, 200);
	ck_assert_ptr_null(said_header(&said, "X-Identity-Conflict"));
	next = with_refresh(
	    &m, "POST " A "token/refresh/", said_text(&said, "refresh"));
	ck_said(next, 200);
	ck_assert(strchr(said_text(&next, "refresh"), '.'));
	said = ask(m.town.c, "GET /v1/customers/profile",
	    arena_print(m.town.c->arena, "Authorization: Bearer %s",
		said_text(&next, "access")),
	    NULL);
	ck_said(said, 200);
	said =
	    with_refresh(&m, "POST " A "logout/", said_text(&next, "refresh"));
	ck_said(said, 204);
	ck_assert_str_eq(said.body, "");
	said = with_refresh(
	    &m, "POST " A "token/refresh", said_text(&next, "refresh"));
	ck_code(said, 401, "token_not_valid");
	said = with_refresh(&m, "POST " A "logout", "x.y.z");
	ck_code(said, 401, "token_not_valid");
	town_leave(&m.town);
}
END_TEST

/* A partner's token may come along, and must then be of the same shop. */
START_TEST(test_refresh_with_a_partners_token)
{
	struct market m, there;
	const struct tenant *other;
	struct said said, next;
	const char *refresh;

	market_open(&m, NULL);
	there = m;
	ck_assert_int_eq(tenant_by_slug(m.town.c, "other", &other), OK);
	there.town.shop_tenant = other;
	there.token = town_key(&there.town,
	    &(struct api_key_new){.kind = "partner", .source = "market"});
	said = enter(&m, "market", "Pia");
	refresh = arena_print(m.town.c->arena, "{\"refresh\":\"%s\"}",
	    said_text(&said, "refresh"));
	next = ask(m.town.c, "POST " A "token/refresh", there.token, refresh);
	ck_code(next, 401, "token_not_valid");
	next = ask(m.town.c, "POST " A "token/refresh",
	    "Authorization: Bearer pt_wrong", refresh);
	ck_code(next, 401, "token_invalid");
	next = ask(m.town.c, "POST " A "token/refresh", m.token, refresh);
	ck_said(next, 200);
	town_leave(&m.town);
}
END_TEST

START_TEST(test_refusals)
{
	struct market m;
	struct said said;

	market_open(&m, NULL);
	said = enter(&m, "bazaar", "Pia");
	ck_code(said, 403, "forbidden");
	ck_said(enter(&m, "market", "Pia"), 200);
	said = enter(&m, "market", "Another");
	ck_said(said, 200);
	ck_assert_str_eq(said_header(&said, "X-Identity-Conflict"), "name");
	town_leave(&m.town);
}
END_TEST

/* n of a letter of this many bytes, then the letters of more. */
static const char *
name_of(struct market *m, const char *letter, int n, const char *more)
{
	struct text out = text_new(m->town.c->arena);

	while (n-- > 0)
		text_add(&out, letter);
	text_add(&out, more);
	return out.s;
}

/* 255 characters, and not more than 287 bytes. */
START_TEST(test_how_long_a_username_is)
{
	static const struct {
		const char *what, *letter;
		int n;
		const char *more, *says;
	} cases[] = {
	    {"255 bytes", "a", 255, "", NULL},
	    {"256 characters", "a", 256, "",
		"{\"username\":[\"This field must be at most 255 characters.\"]}"},
	    {"287 bytes", "\xe0\xb8\x81", 95, "ab", NULL},
	    {"288 bytes", "\xe0\xb8\x81", 96, "",
		"{\"username\":[\"This field must be at most 287 bytes of"
		" UTF-8.\"]}"},
	    {"255 characters of four bytes", "\xf0\x9f\x8c\xb7", 255, "",
		"{\"username\":[\"This field must be at most 287 bytes of"
		" UTF-8.\"]}"},
	};
	struct market m;
	struct said said;
	size_t i;

	market_open(&m, NULL);
	for (i = 0; i < COUNT(cases); i++) {
		said = ask(m.town.c, ENTER, m.token,
		    arena_print(m.town.c->arena,
			"{\"username\":\"%s\",\"name\":\"Pia\",\"email\":"
			"\"pia@example.com\",\"source\":\"market\","
			"\"engine\":\"direct\"}",
			name_of(
			    &m, cases[i].letter, cases[i].n, cases[i].more)));
		ck_case(
		    cases[i].what, said.status == (cases[i].says ? 400 : 200));
		ck_case(cases[i].what,
		    !cases[i].says || strcmp(said.body, cases[i].says) == 0);
	}
	town_leave(&m.town);
}
END_TEST

START_TEST(test_the_channel)
{
	struct market m;
	struct said said;

	market_open(&m, NULL);
	said = ask(m.town.c, "GET /public-api/v1/channel/", m.token, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "name"), "The Market");
	ck_assert_str_eq(said_text(&said, "source"), "market");
	ck_assert_str_eq(said_text(&said, "scopes.1"), "channel:read");
	ck_assert(said_null(&said, "expires_at"));
	m.token = town_key(&m.town, &(struct api_key_new){.kind = "partner",
					.source = "market",
					.scopes = "customer:authenticate"});
	said = ask(m.town.c, "GET /public-api/v1/channel/", m.token, NULL);
	ck_code(said, 403, "forbidden");
	town_leave(&m.town);
}
END_TEST

/* A page of somebody else's must not use up a customer's token. */
START_TEST(test_pages_of_other_origins)
{
	static const struct {
		const char *origin;
		int status;
	} cases[] = {
	    {"https://other.example", 403},
	    {"https://evil.example", 403},
	    {"null", 403},
	    {"https://shop.example", 200},
	};
	struct market m;
	struct said said, next;
	const char *body, *headers;
	size_t i;

	market_open(&m, NULL);
	town_set(&m.town, "other", "origins", "https://other.example");
	said = enter(&m, "market", "Pia");
	body = arena_print(m.town.c->arena, "{\"refresh\":\"%s\"}",
	    said_text(&said, "refresh"));
	for (i = 0; i < COUNT(cases); i++) {
		/* past the grace of a token that was spent */
		talk_later(MINUTE_MS);
		headers =
		    arena_print(m.town.c->arena, "Origin: %s", cases[i].origin);
		if (cases[i].status == 403)
			ck_said(
			    ask(m.town.c, "POST " A "logout", headers, body),
			    403);
		next = ask(m.town.c, "POST " A "token/refresh", headers, body);
		ck_said(next, cases[i].status);
		ck_assert(!said_header(&next, "Access-Control-Allow-Origin") ==
			  (cases[i].status == 403));
	}
	town_leave(&m.town);
}
END_TEST

START_TEST(test_a_refresh_is_a_request_to_its_shop)
{
	struct market m;
	struct said said;

	market_open(&m, NULL);
	said = enter(&m, "market", "Pia");
	talk_later(MINUTE_MS);
	town_set(&m.town, "shop", "requests_a_minute", "2");
	said = with_refresh(
	    &m, "POST " A "token/refresh", said_text(&said, "refresh"));
	ck_said(said, 200);
	said = with_refresh(
	    &m, "POST " A "token/refresh", said_text(&said, "refresh"));
	ck_said(said, 200);
	talk_later(25 * SECOND_MS);
	ck_said(
	    with_refresh(&m, "POST " A "logout", said_text(&said, "refresh")),
	    429);
	talk_later(35 * SECOND_MS);
	ck_assert_int_eq(shop_suspend(m.town.c, m.town.shop_tenant, true), OK);
	ck_said(
	    with_refresh(&m, "POST " A "logout", said_text(&said, "refresh")),
	    403);
	ck_assert_int_eq(shop_suspend(m.town.c, m.town.shop_tenant, false), OK);
	ck_said(
	    with_refresh(&m, "POST " A "logout", said_text(&said, "refresh")),
	    204);
	town_leave(&m.town);
}
END_TEST

/* An expired one is refused as a wrong one is, but was not guessed. */
START_TEST(test_an_expired_refresh_token)
{
	struct market m;
	struct said said, next;
	const char *wrong;
	int i;

	market_open(&m, NULL);
	said = enter(&m, "market", "Pia");
	next = with_refresh(&m, "POST " A "token/refresh", "x.y.z");
	wrong = next.body;
	talk_later(91 * DAY_MS);
	for (i = 0; i < 101; i++) {
		next = with_refresh(
		    &m, "POST " A "token/refresh", said_text(&said, "refresh"));
		ck_code(next, 401, "token_not_valid");
		ck_assert_str_eq(next.body, wrong);
	}
	next = with_refresh(&m, "POST " A "token/refresh", "x.y.z");
	ck_said(next, 401);
	town_leave(&m.town);
}
END_TEST

/* The whole request, with the gate: who comes for the first time, and again. */
START_TEST(test_a_sign_in_costs_five_trips)
{
	struct market m;
	struct said said;
	uint64_t before;
	int i;

	market_open(&m, NULL);
	for (i = 0; i < 2; i++) {
		before = db_trips(m.town.c->db);
		said = enter(&m, "market", "Pia");
		ck_said(said, 200);
		ck_assert_int_le((int)(db_trips(m.town.c->db) - before), 5);
	}
	town_leave(&m.town);
}
END_TEST

SUITE(partner, test_a_sign_in_costs_five_trips, test_in_again_and_out,
    test_refresh_with_a_partners_token, test_refusals,
    test_how_long_a_username_is, test_the_channel, test_pages_of_other_origins,
    test_a_refresh_is_a_request_to_its_shop, test_an_expired_refresh_token)
