/* SPDX-License-Identifier: ISC */
/* Refresh, sign-out and the list of sessions, through the gate. */

#include "talk.h"

#define REFRESH          "POST /v1/auth/refresh-token"
#define CUSTOMER_REFRESH "POST /v1/auth/customer/refresh-token"
#define LOGOUT           "POST /v1/auth/logout"
#define SESSIONS         "/v1/sessions"
#define PROFILE          "GET /v1/customers/profile"

static struct said
refresh(struct town *town, const char *line, const char *token)
{
	return ask(town->c, line, town_headers(town, NULL),
	    arena_print(town->c->arena, "{\"refreshToken\":\"%s\"}", token));
}

static struct said
with_token(struct town *town, const char *line, const char *token)
{
	return ask(town->c, line, town_headers(town, token), NULL);
}

START_TEST(test_a_refresh_answers_bare)
{
	struct town town;
	struct said in, out;

	town_build(&town);
	in = town_sign_in(&town, "ann@example.com", "");
	talk_later(MINUTE_MS);
	out = refresh(&town, REFRESH, said_text(&in, "data.refreshToken"));
	ck_said(out, 200);
	ck_assert_ptr_null(said_at(&out, "data"));
	ck_assert_str_eq(
	    said_text(&out, "user.id"), said_text(&in, "data.user.id"));
	ck_assert_str_eq(said_text(&out, "customer.email"), "ann@example.com");
	ck_assert_str_ne(said_text(&out, "refreshToken"),
	    said_text(&in, "data.refreshToken"));
	ck_assert_int_eq(said_int(&out, "expiresIn"), 86400000);
	ck_assert_int_eq(said_int(&out, "refreshTokenExpiresIn"), 1209600000);
	in = with_token(&town, PROFILE, said_text(&out, "token"));
	ck_said(in, 200);
	in = refresh(&town, CUSTOMER_REFRESH, said_text(&out, "refreshToken"));
	ck_said(in, 200);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_spent_token)
{
	struct town town;
	struct said in, next, again;
	const char *first;

	town_build(&town);
	in = town_sign_in(&town, "ann@example.com", "");
	first = said_text(&in, "data.refreshToken");
	next = refresh(&town, REFRESH, first);
	again = refresh(&town, REFRESH, first);
	ck_said(again, 200);
	ck_assert_str_eq(said_text(&again, "refreshToken"),
	    said_text(&next, "refreshToken"));
	talk_later(MINUTE_MS);
	again = refresh(&town, REFRESH, first);
	ck_code(again, 401, "session_ended");
	again = refresh(&town, REFRESH, said_text(&next, "refreshToken"));
	ck_code(again, 401, "session_ended");
	again = with_token(&town, PROFILE, said_text(&next, "token"));
	ck_code(again, 401, "session_ended");
	town_leave(&town);
}
END_TEST

START_TEST(test_tokens_that_are_none)
{
	struct town town;
	struct said in, said;
	char *forged;

	town_build(&town);
	in = town_sign_in(&town, "ann@example.com", "");
	forged = arena_text(town.c->arena, said_text(&in, "data.refreshToken"));
	forged[strlen(forged) / 2] ^= 1;
	said = refresh(&town, REFRESH, forged);
	ck_code(said, 401, "token_invalid");
	said = refresh(&town, REFRESH, said_text(&in, "data.token"));
	ck_said(said, 401);
	said = refresh(&town, REFRESH, "");
	ck_said(said, 422);
	ck_assert_str_eq(said_text(&said, "errors.refreshToken"),
	    "refreshToken is required.");
	said = ask(town.c, REFRESH,
	    arena_print(town.c->arena, "X-MerchantApiKey: %s", town.other),
	    arena_print(town.c->arena, "{\"refreshToken\":\"%s\"}",
		said_text(&in, "data.refreshToken")));
	ck_code(said, 401, "token_invalid");
	said = refresh(&town, REFRESH, said_text(&in, "data.refreshToken"));
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

START_TEST(test_signing_out)
{
	struct town town;
	struct said in, said;

	town_build(&town);
	in = town_sign_in(&town, "ann@example.com", "");
	said = refresh(&town, LOGOUT, "unknown");
	ck_said(said, 200);
	ck_assert_str_eq(said.body,
	    "{\"status\":true,\"message\":\"Signed out.\",\"data\":{}}");
	said = with_token(&town, PROFILE, said_text(&in, "data.token"));
	ck_said(said, 200);
	said = refresh(&town, LOGOUT, said_text(&in, "data.refreshToken"));
	ck_said(said, 200);
	said = with_token(&town, PROFILE, said_text(&in, "data.token"));
	ck_code(said, 401, "session_ended");
	said = refresh(&town, LOGOUT, said_text(&in, "data.refreshToken"));
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

/* The answer to a merchant's next pair, at whichever door it is asked for. */
static struct said
refresh_at(
    struct town *town, const char *line, const char *headers, const char *token)
{
	return ask(town->c, line, headers,
	    arena_print(town->c->arena, "{\"refreshToken\":\"%s\"}", token));
}

START_TEST(test_a_merchants_refresh)
{
	struct town town;
	struct said in, said;
	const char *key;

	town_build(&town);
	key = arena_print(town.c->arena, "X-MerchantApiKey: %s", town.other);
	in = town_merchant(&town, "meg@example.com", "");
	said = refresh_at(&town, "POST /v1/auth/customer/refresh-token", key,
	    said_text(&in, "data.refreshToken"));
	ck_code(said, 401, "token_invalid");
	said = refresh_at(
	    &town, REFRESH, key, said_text(&in, "data.refreshToken"));
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "user.id"), said_text(&in, "data.user.id"));
	ck_assert_str_eq(said_text(&said, "user.role.slug"), "merchant");
	ck_assert_ptr_null(said_at(&said, "customer"));
	ck_assert_ptr_null(said_at(&said, "data"));
	ck_assert_int_eq(said_int(&said, "refreshTokenExpiresIn"), 14 * DAY_MS);
	/* nobody's door is the platform's */
	talk_conf(town.c)->default_shop = "";
	said = refresh_at(&town, REFRESH, "", said_text(&said, "refreshToken"));
	ck_said(said, 200);
	said = refresh_at(&town, LOGOUT, "", said_text(&said, "refreshToken"));
	ck_said(said, 200);
	said = ask(
	    town.c, "GET /v1/merchant/api-keys", town_bearer(&town, &in), NULL);
	ck_code(said, 401, "session_ended");
	town_leave(&town);
}
END_TEST

/* The place of the caller's own session in its list. */
static const char *
own_place(const struct said *list)
{
	const struct json *current = said_at(list, "data.0.current");

	ck_assert_ptr_nonnull(current);
	ck_assert_int_eq(current->type, JSON_BOOL);
	return current->b ? "0" : "1";
}

static const char *
session_id(struct town *town, const struct said *list, bool own)
{
	const char *place = own_place(list);

	if (!own)
		place = *place == '0' ? "1" : "0";
	return said_text(
	    list, arena_print(town->c->arena, "data.%s.id", place));
}

START_TEST(test_the_list)
{
	struct town town;
	struct said phone, list;
	const char *at;

	town_build(&town);
	town_sign_in(&town, "ann@example.com", "User-Agent: a desk");
	phone = town_sign_in(&town, "ann@example.com",
	    "User-Agent: a phone\n!REMOTE_ADDR=198.51.100.7");
	list =
	    with_token(&town, "GET " SESSIONS, said_text(&phone, "data.token"));
	ck_said(list, 200);
	ck_assert_ptr_nonnull(said_at(&list, "data.1"));
	ck_assert_ptr_null(said_at(&list, "data.2"));
	at = arena_print(town.c->arena, "data.%s.", own_place(&list));
#define OWN(member) \
	said_text(&list, arena_print(town.c->arena, "%s" member, at))
	ck_assert_str_eq(OWN("device"), "a phone");
	ck_assert_str_eq(OWN("address"), "198.51.100.7");
	ck_assert_str_eq(OWN("amr.0"), "otp");
	ck_assert_str_eq(OWN("idp"), "email");
	ck_assert_str_eq(
	    OWN("createdAt"), time_text(town.c->arena, world_now()));
	ck_assert_str_eq(OWN("authenticatedAt"), OWN("createdAt"));
	ck_assert_str_eq(OWN("lastSeenAt"), OWN("createdAt"));
	ck_assert_str_eq(OWN("expiresAt"),
	    time_text(town.c->arena, world_now() + 14 * DAY_MS));
	town_leave(&town);
}
END_TEST

START_TEST(test_ending_one)
{
	struct town town;
	struct said desk, phone, list, said;
	const char *other;

	town_build(&town);
	desk = town_sign_in(&town, "ann@example.com", "");
	phone = town_sign_in(&town, "ann@example.com", "");
	list =
	    with_token(&town, "GET " SESSIONS, said_text(&phone, "data.token"));
	other = arena_print(town.c->arena, "DELETE " SESSIONS "/%s",
	    session_id(&town, &list, false));
	said = with_token(&town, "DELETE " SESSIONS "/not-an-id",
	    said_text(&phone, "data.token"));
	ck_said(said, 404);
	said = with_token(&town, other, said_text(&phone, "data.token"));
	ck_said(said, 200);
	said = with_token(&town, PROFILE, said_text(&desk, "data.token"));
	ck_code(said, 401, "session_ended");
	said = with_token(&town, other, said_text(&phone, "data.token"));
	ck_said(said, 404);
	town_leave(&town);
}
END_TEST

START_TEST(test_ending_the_others)
{
	struct town town;
	struct said desk, phone, said;

	town_build(&town);
	desk = town_sign_in(&town, "ann@example.com", "");
	phone = town_sign_in(&town, "ann@example.com", "");
	said = with_token(
	    &town, "DELETE " SESSIONS, said_text(&phone, "data.token"));
	ck_said(said, 200);
	ck_assert_int_eq(said_int(&said, "data.ended"), 1);
	said = with_token(&town, PROFILE, said_text(&desk, "data.token"));
	ck_code(said, 401, "session_ended");
	said = with_token(&town, PROFILE, said_text(&phone, "data.token"));
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

START_TEST(test_others_are_ended_only_just_after_signing_in)
{
	struct town town;
	struct said phone, list, said;
	const char *token;

	town_build(&town);
	town_sign_in(&town, "ann@example.com", "");
	phone = town_sign_in(&town, "ann@example.com", "");
	token = said_text(&phone, "data.token");
	talk_later(REAUTH_MS + SECOND_MS);
	said = with_token(&town, "DELETE " SESSIONS, token);
	ck_code(said, 403, "reauth_required");
	list = with_token(&town, "GET " SESSIONS, token);
	said = with_token(&town,
	    arena_print(town.c->arena, "DELETE " SESSIONS "/%s",
		session_id(&town, &list, false)),
	    token);
	ck_code(said, 403, "reauth_required");
	said = with_token(&town,
	    arena_print(town.c->arena, "DELETE " SESSIONS "/%s",
		session_id(&town, &list, true)),
	    token);
	ck_said(said, 200);
	said = with_token(&town, PROFILE, token);
	ck_code(said, 401, "session_ended");
	town_leave(&town);
}
END_TEST

START_TEST(test_sessions_of_another_customer)
{
	struct town town;
	struct said ann, bob, list, said;

	town_build(&town);
	ann = town_sign_in(&town, "ann@example.com", "");
	bob = town_sign_in(&town, "bob@example.com", "");
	list =
	    with_token(&town, "GET " SESSIONS, said_text(&ann, "data.token"));
	said = with_token(&town,
	    arena_print(town.c->arena, "DELETE " SESSIONS "/%s",
		said_text(&list, "data.0.id")),
	    said_text(&bob, "data.token"));
	ck_said(said, 404);
	said = with_token(&town, PROFILE, said_text(&ann, "data.token"));
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

SUITE(session, test_a_refresh_answers_bare, test_a_spent_token,
    test_tokens_that_are_none, test_signing_out, test_a_merchants_refresh,
    test_the_list, test_ending_one, test_ending_the_others,
    test_others_are_ended_only_just_after_signing_in,
    test_sessions_of_another_customer)
