/* SPDX-License-Identifier: ISC */
/* The gate with a database: who comes in, at which limits and at what cost. */

#include "db/db.h"
#include "talk.h"

#define REFRESH "POST /v1/auth/refresh-token"

START_TEST(test_a_request_leaves_nothing_to_the_next)
{
	struct town town;
	struct said said;
	const char *token;

	town_build(&town);
	said = town_sign_in(&town, "ann@example.com", "");
	token = said_text(&said, "data.token");
	said = ask(town.c, "GET /v1/customers/profile",
	    town_headers(&town, token), NULL);
	ck_said(said, 200);
	ck_assert_ptr_nonnull(town.c->who);
	said = ask(town.c, "GET /healthz", "", NULL);
	ck_assert_ptr_null(town.c->who);
	ck_assert_ptr_null(town.c->tenant);
	ck_assert(uuid_is_nil(town.c->tenant_id));
	said = ask(town.c, "GET /v1/cart", town_headers(&town, NULL), NULL);
	ck_code(said, 401, "token_missing");
	town_leave(&town);
}
END_TEST

START_TEST(test_key_and_token_must_agree)
{
	struct town town;
	struct said said;
	const char *token, *headers;

	town_build(&town);
	said = town_sign_in(&town, "ann@example.com", "");
	token = said_text(&said, "data.token");
	headers = arena_print(town.c->arena, "Authorization: Bearer %s", token);
	said = ask(town.c, "GET /v1/customers/profile", headers, NULL);
	ck_said(said, 200);
	said = ask(town.c, "GET /v1/customers/profile",
	    arena_print(
		town.c->arena, "%s\nX-MerchantApiKey: %s", headers, town.other),
	    NULL);
	ck_code(said, 401, "token_invalid");
	said = ask(town.c, "GET /v1/customers/profile",
	    arena_print(
		town.c->arena, "%s\nX-MerchantApiKey: pk_none", headers),
	    NULL);
	ck_code(said, 401, "key_unknown");
	said = ask(town.c, "GET /v1/customers/profile",
	    arena_print(town.c->arena, "%s\nHost: elsewhere.example", headers),
	    NULL);
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_token_expires)
{
	struct town town;
	struct said said;
	const char *headers;

	town_build(&town);
	said = town_sign_in(&town, "ann@example.com", "");
	headers = town_headers(&town, said_text(&said, "data.token"));
	talk_later(DAY_MS + 2 * MINUTE_MS);
	said = ask(town.c, "GET /v1/customers/profile", headers, NULL);
	ck_code(said, 401, "token_expired");
	ck_assert_str_eq(said_header(&said, "WWW-Authenticate"),
	    "Bearer realm=\"doorward\", error=\"invalid_token\"");
	town_leave(&town);
}
END_TEST

START_TEST(test_limits_by_address)
{
	const struct limit *limit = &limits[LIMIT_ADDRESS_SENDS];
	struct town town;
	struct said said;
	int64_t i;

	town_build(&town);
	for (i = 0; i < limit->max; i++) {
		said = ask(town.c, "POST /v1/auth/passwordless/initiate",
		    town_headers(&town, NULL), "{}");
		ck_said(said, 422);
	}
	said = ask(town.c, "POST /v1/auth/passwordless/initiate",
	    town_headers(&town, NULL), "no JSON");
	ck_said(said, 429);
	ck_assert_str_eq(said_header(&said, "Retry-After"), "3600");
	ck_assert_str_eq(said_header(&said, "RateLimit"),
	    arena_print(town.c->arena, "\"%s\";r=0;t=3600", limit->name));
	ck_assert_str_eq(said_header(&said, "RateLimit-Policy"),
	    arena_print(town.c->arena, "\"%s\";q=60;w=3600", limit->name));
	said = ask(town.c, "POST /v1/auth/passwordless/initiate",
	    "!REMOTE_ADDR=198.51.100.7", "{}");
	ck_said(said, 422);
	talk_later(HOUR_MS + SECOND_MS);
	said = ask(town.c, "POST /v1/auth/passwordless/initiate", "", "{}");
	ck_said(said, 422);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_customers_writes)
{
	static const char *const lines[] = {
	    "PATCH /v1/customers/profile/update", "PUT /v1/cart",
	    "PATCH /public-api/v1/customers/profile", "DELETE /v1/sessions"};
	struct town town;
	struct said said;
	const char *headers;
	size_t i;

	town_build(&town);
	said = town_sign_in(&town, "ann@example.com", "");
	headers = arena_print(town.c->arena, "Authorization: Bearer %s",
	    said_text(&said, "data.token"));
	town_set(&town, "shop", "writes_a_minute", "3");
	for (i = 0; i < 3; i++)
		ck_said(ask(town.c, lines[0], headers, "{\"fullName\":\"A\"}"),
		    200);
	talk_later(20 * SECOND_MS);
	for (i = 0; i < COUNT(lines); i++) {
		said = ask(town.c, lines[i], headers, "{\"items\":[]}");
		ck_case(lines[i], said.status == 429);
		ck_assert_str_eq(said_header(&said, "Retry-After"), "40");
		ck_assert_str_eq(said_header(&said, "RateLimit-Policy"),
		    "\"writes-a-minute\";q=3;w=60");
	}
	ck_said(ask(town.c, "GET /v1/customers/profile", headers, NULL), 200);
	ck_said(ask(town.c, "HEAD /v1/cart", headers, NULL), 200);
	talk_later(40 * SECOND_MS);
	ck_said(ask(town.c, lines[0], headers, "{\"fullName\":\"B\"}"), 200);
	town_leave(&town);
}
END_TEST

START_TEST(test_nobody_gets_in_without_a_database)
{
	static const char *const lines[] = {
	    "POST /v1/auth/passwordless/initiate",
	    "POST /v1/auth/passwordless/customer/verify-email", REFRESH,
	    "POST /v1/auth/logout", "PUT /v1/cart"};
	struct ctx *c = test_ctx();
	struct town town;
	struct said said;
	size_t i;

	town_build(&town);
	c->house = town.c->house;
	talk_conf(c)->db_socket = "/nonexistent/server.sock";
	c->db = db_new(c->conf);
	for (i = 0; i < COUNT(lines); i++) {
		said = ask(c, lines[i], "Origin: https://shop.example", "{}");
		ck_case(lines[i], said.status == 503);
		ck_case(lines[i],
		    strcmp(said_header(&said, "Retry-After"), "2") == 0);
		ck_case(lines[i],
		    !said_header(&said, "Access-Control-Allow-Origin"));
	}
	said = ask(c, "OPTIONS /v1/cart", "Origin: https://shop.example", NULL);
	ck_said(said, 204);
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	db_close(c->db);
	c->db = NULL;
	test_done(c);
	town_leave(&town);
}
END_TEST

/* ---- what a request costs ---------------------------------------------------------- */

/* The trips of one request; it must be answered with 200. */
static int
trips(
    struct town *town, const char *line, const char *headers, const char *body)
{
	uint64_t before = db_trips(town->c->db);
	struct said said = ask(town->c, line, headers, body);

	ck_said(said, 200);
	return (int)(db_trips(town->c->db) - before);
}

START_TEST(test_a_profile_costs_one_trip)
{
	struct town town;
	struct said said;
	const char *token;

	town_build(&town);
	said = town_sign_in(&town, "ann@example.com", "");
	token = said_text(&said, "data.token");
	trips(&town, "GET /v1/customers/profile", town_headers(&town, token),
	    NULL);
	ck_assert_int_eq(trips(&town, "GET /v1/customers/profile",
			     town_headers(&town, token), NULL),
	    1);
	ck_assert_int_eq(
	    trips(&town, "GET /v1/customers/profile",
		arena_print(town.c->arena,
		    "Authorization: Bearer %s\nOrigin: https://shop.example",
		    token),
		NULL),
	    1);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_refresh_costs_three_trips)
{
	struct town town;
	struct said said;
	const char *body;
	int i, n = 0;

	town_build(&town);
	said = town_sign_in(&town, "ann@example.com", "");
	for (i = 0; i < 2; i++) {
		uint64_t before = db_trips(town.c->db);

		body = arena_print(town.c->arena, "{\"refreshToken\":\"%s\"}",
		    said_text(&said, i ? "refreshToken" : "data.refreshToken"));
		said = ask(town.c, REFRESH, town_headers(&town, NULL), body);
		ck_said(said, 200);
		n = (int)(db_trips(town.c->db) - before);
	}
	ck_assert_int_le(n, 3);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_code_costs_six_trips_and_its_proof_eight)
{
	struct town town;
	const char *code, *body = "{\"email\":\"ann@example.com\"}";
	int n;

	town_build(&town);
	town_sign_in(&town, "ann@example.com", "");
	talk_later(HOUR_MS);
	n = trips(&town, "POST /v1/auth/passwordless/initiate/email",
	    town_headers(&town, NULL), body);
	ck_assert_int_le(n, 6);
	code = town_letter(&town, "ann@example.com").code;
	n = trips(&town, "POST /v1/auth/passwordless/customer/verify-email",
	    town_headers(&town, NULL),
	    arena_print(town.c->arena,
		"{\"email\":\"ann@example.com\",\"token\":\"%s\"}", code));
	ck_assert_int_le(n, 8);
	town_leave(&town);
}
END_TEST

SUITE(serve, test_a_request_leaves_nothing_to_the_next,
    test_key_and_token_must_agree, test_a_token_expires, test_limits_by_address,
    test_a_customers_writes, test_nobody_gets_in_without_a_database,
    test_a_profile_costs_one_trip, test_a_refresh_costs_three_trips,
    test_a_code_costs_six_trips_and_its_proof_eight)
