/* SPDX-License-Identifier: ISC */
/* Door A's errors: a sentence and a code, or faults by field. */

#include "talk.h"

#define ENTER "POST /public-api/v1/customers/authenticate/"

START_TEST(test_faults_by_field)
{
	struct town town;
	struct said said;
	const char *token;

	town_build(&town);
	token = town_key(&town,
	    &(struct api_key_new){.kind = "partner", .source = "market"});
	said = ask(town.c, ENTER, token,
	    "{\"username\":7,\"email\":\"x\",\"engine\":\"other\"}");
	ck_said(said, 400);
	ck_assert_str_eq(said_text(&said, "name.0"), "This field is required.");
	ck_assert_str_eq(
	    said_text(&said, "source.0"), "This field is required.");
	ck_assert(said_at(&said, "username.0"));
	ck_assert(said_at(&said, "email.0"));
	ck_assert(said_at(&said, "engine.0"));
	ck_assert_ptr_null(said_at(&said, "detail"));
	said = ask(town.c, ENTER, token, "{");
	ck_code(said, 400, "body_malformed");
	town_leave(&town);
}
END_TEST

START_TEST(test_who_is_calling)
{
	struct town town;
	struct said said, ann;
	const char *token;

	town_build(&town);
	token = town_key(&town,
	    &(struct api_key_new){.kind = "partner", .source = "market"});
	said = ask(town.c, ENTER, "", "{}");
	ck_code(said, 401, "token_missing");
	said = ask(town.c, ENTER, "Authorization: Bearer pt_x", "{}");
	ck_code(said, 401, "token_invalid");
	/* a customer's token is none of a partner's, nor the other way round */
	ann = town_sign_in(&town, "ann@example.com", "");
	said = ask(town.c, ENTER, town_bearer(&town, &ann), "{}");
	ck_code(said, 401, "token_invalid");
	said = ask(town.c, "GET /v1/customers/profile", token, NULL);
	ck_code(said, 401, "token_invalid");
	said = ask(town.c, ENTER,
	    arena_print(town.c->arena, "%s\napp-id: %s", token,
		"01890000-0000-7000-8000-00000000abcd"),
	    "{}");
	ck_code(said, 401, "token_invalid");
	said = ask(town.c, "GET /public-api/v1/nothing", token, NULL);
	ck_code(said, 404, "no_route");
	town_leave(&town);
}
END_TEST

SUITE(door_a, test_faults_by_field, test_who_is_calling)
