/* SPDX-License-Identifier: ISC */
/* Door B: the shapes of its errors, its guests, its tenants. */

#include "db/db.h"
#include "talk.h"

#define CART        "GET /v1/cart"
#define INITIATE    "POST /v1/auth/passwordless/initiate/email"
#define AS_MERCHANT "{\"email\":\"m@example.com\",\"userType\":\"MERCHANT\"}"
#define AS_CUSTOMER "{\"email\":\"m@example.com\",\"userType\":\"CUSTOMER\"}"

#define UNAUTHENTICATED(code, message)                    \
	"{\"error\":\"unauthenticated\",\"code\":\"" code \
	"\",\"message\":\"" message "\",\"status\":false,\"statusCode\":401}"

/* clang-format off */
static const struct {
	enum err e;
	int status;
	const char *body;
} shapes[] = {
	{ ERR_BODY_MALFORMED, 400, "{\"status\":false,"
	  "\"message\":\"The body is not well-formed JSON.\"}" },
	{ ERR_CODE_WRONG, 400, "{\"status\":false,"
	  "\"message\":\"The code or link is wrong, spent or expired.\"}" },
	{ ERR_TOKEN_MISSING, 401,
	  UNAUTHENTICATED("token_missing", "Sign in first.") },
	{ ERR_TOKEN_EXPIRED, 401,
	  UNAUTHENTICATED("token_expired", "The token has expired.") },
	{ ERR_TOKEN_INVALID, 401,
	  UNAUTHENTICATED("token_invalid", "The token is invalid.") },
	{ ERR_SESSION_ENDED, 401,
	  UNAUTHENTICATED("session_ended",
	  "The session has ended. Sign in again.") },
	{ ERR_REFRESH_REUSED, 401,
	  UNAUTHENTICATED("session_ended",
	  "The refresh token was already used.") },
	{ ERR_REFRESH_LATE, 401,
	  UNAUTHENTICATED("token_invalid",
	  "The refresh token was already used.") },
	{ ERR_REFRESH_WRONG, 401,
	  UNAUTHENTICATED("token_invalid", "The refresh token is invalid.") },
	{ ERR_REFRESH_OVER, 401,
	  UNAUTHENTICATED("token_invalid", "The refresh token is invalid.") },
	{ ERR_KEY_WRONG, 401,
	  UNAUTHENTICATED("key_unknown",
	  "The API key is missing or not good here.") },
	{ ERR_TENANT_UNKNOWN, 401,
	  UNAUTHENTICATED("key_unknown",
	  "The shop's key is missing or unknown.") },
	{ ERR_GUEST_SPENT, 401,
	  UNAUTHENTICATED("session_ended", "This guest session has ended.") },
	{ ERR_TENANT_SUSPENDED, 403, "{\"status\":false,"
	  "\"message\":\"This shop is suspended.\"}" },
	{ ERR_REAUTH_REQUIRED, 403, "{\"status\":false,"
	  "\"message\":\"Prove again who you are.\","
	  "\"code\":\"reauth_required\"}" },
	{ ERR_NO_ROUTE, 404, "{\"status\":false,"
	  "\"message\":\"There is nothing here.\"}" },
	{ ERR_METHOD, 405, "{\"status\":false,"
	  "\"message\":\"This method is not served here.\"}" },
	{ ERR_CONFLICT, 409, "{\"status\":false,"
	  "\"message\":\"This already exists.\"}" },
	{ ERR_BODY_TOO_LARGE, 413, "{\"status\":false,"
	  "\"message\":\"The body is too large.\"}" },
	{ ERR_BODY_TYPE, 415, "{\"status\":false,"
	  "\"message\":\"The body must be application/json.\"}" },
	{ ERR_BAD_FIELD, 422, "{\"status\":false,"
	  "\"message\":\"Validation error\",\"errors\":{"
	  "\"email\":\"email is required.\",\"age\":\"age must be 1.\"}}" },
	{ ERR_TOO_MANY, 429, "{\"status\":false,"
	  "\"message\":\"Too many requests. Wait a little.\"}" },
	{ ERR_DB, 500, "{\"status\":false,"
	  "\"message\":\"Something went wrong.\"}" },
	{ ERR_SEALED, 500, "{\"status\":false,"
	  "\"message\":\"Something went wrong.\"}" },
	{ ERR_DB_AWAY, 503, "{\"status\":false,"
	  "\"message\":\"The service is briefly unavailable.\"}" },
};
/* clang-format on */

START_TEST(test_the_shapes_of_errors)
{
	struct ctx *c = test_ctx();
	struct res res;
	struct call call = {.res = &res};
	size_t i;

	field_error(&call.errors, "email", "is required");
	field_error(&call.errors, "age", "must be 1");
	field_error(&call.errors, "email", "is told once only");
	for (i = 0; i < COUNT(shapes); i++) {
		memset(&res, 0, sizeof(res));
		door_b.refuse(c, &call, shapes[i].e);
		ck_assert_int_eq(res.status, shapes[i].status);
		ck_assert_str_eq(res.type, JSON_TYPE);
		ck_assert_str_eq(res.body, shapes[i].body);
	}
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *headers, *body;
	enum err e;
} guests[] = {
	{ "two headers that differ", "X-Session-Id: a\nX-SessionId: b",
	  NULL, ERR_GUEST_MISMATCH },
	{ "a header and a body that differ", "X-Session-Id: a",
	  "{\"sessionId\":\"b\"}", ERR_GUEST_MISMATCH },
	{ "the other header and a body that differ", "X-SessionId: a",
	  "{\"sessionId\":\"b\"}", ERR_GUEST_MISMATCH },
	{ "another case is another id", "X-Session-Id: a\nX-SessionId: A",
	  NULL, ERR_GUEST_MISMATCH },
};
/* clang-format on */

START_TEST(test_guest_ids_must_agree)
{
	struct ctx *c = test_ctx();
	struct said said;
	size_t i;

	for (i = 0; i < COUNT(guests); i++) {
		said = ask(c, "PUT /v1/cart", guests[i].headers,
		    guests[i].body ? guests[i].body : "{}");
		ck_case(guests[i].what, said.status == 400);
		ck_case(guests[i].what, strcmp(said_text(&said, "message"),
					    err_sentence(guests[i].e)) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_guest_ids_that_agree)
{
	struct town town;
	struct said made, said;
	const char *id;

	town_build(&town);
	made = ask(town.c, "GET /v1/generate/session/id", "", NULL);
	id = said_text(&made, "data");
	said = ask(town.c, "PUT /v1/cart",
	    arena_print(
		town.c->arena, "X-Session-Id: %s\nX-SessionId: %s", id, id),
	    arena_print(
		town.c->arena, "{\"items\":[],\"sessionId\":\"%s\"}", id));
	ck_said(said, 200);
	said = ask(town.c, "PUT /v1/cart", "",
	    arena_print(
		town.c->arena, "{\"items\":[],\"sessionId\":\"%s\"}", id));
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

/* Which tenant's guest id is it? The gate tells by the cart it finds. */
START_TEST(test_the_key_says_whose_door_it_is)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(town.c, CART, "X-MerchantApiKey: pk_none", NULL);
	ck_code(said, 401, "key_unknown");
	said = ask(town.c, "GET /v1/generate/session/id",
	    arena_print(town.c->arena,
		"X-MerchantApiKey: %s\nHost: shop.example", town.other),
	    NULL);
	ck_said(said, 200);
	ck_assert_str_eq(town.c->tenant->slug, "other");
	said = ask(town.c, "GET /v1/generate/session/id",
	    "X-MerchantApiKey: pk_none\nHost: shop.example", NULL);
	ck_code(said, 401, "key_unknown");
	town_leave(&town);
}
END_TEST

START_TEST(test_without_a_key_the_host_decides)
{
	struct town town;

	town_build(&town);
	talk_conf(town.c)->default_shop = "other";
	ask(town.c, "GET /v1/generate/session/id", "Host: shop.example", NULL);
	ck_assert_str_eq(town.c->tenant->slug, "shop");
	ask(town.c, "GET /v1/generate/session/id", "Host: SHOP.example:8443",
	    NULL);
	ck_assert_str_eq(town.c->tenant->slug, "shop");
	ask(town.c, "GET /v1/generate/session/id", "Host: unknown.example",
	    NULL);
	ck_assert_str_eq(town.c->tenant->slug, "other");
	ask(town.c, "GET /v1/generate/session/id",
	    "X-Forwarded-Host: shop.example", NULL);
	ck_assert_str_eq(town.c->tenant->slug, "other");
	town_leave(&town);
}
END_TEST

START_TEST(test_without_a_default_shop_nobody_is_meant)
{
	struct town town;
	struct said said;

	town_build(&town);
	talk_conf(town.c)->default_shop = "";
	said = ask(town.c, CART, "", NULL);
	ck_code(said, 401, "key_unknown");
	said = ask(town.c, INITIATE, "", AS_CUSTOMER);
	ck_code(said, 401, "key_unknown");
	town_leave(&town);
}
END_TEST

START_TEST(test_merchants_begin_at_the_platform)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(town.c, INITIATE, "Host: shop.example", AS_MERCHANT);
	ck_said(said, 200);
	ck_assert_str_eq(town.c->tenant->slug, "platform");
	said = ask(town.c, INITIATE, town_headers(&town, NULL), AS_MERCHANT);
	ck_assert_str_eq(town.c->tenant->slug, "shop");
	/* userType counts nowhere else */
	ask(town.c, "PUT /v1/cart", "", "{\"userType\":\"MERCHANT\"}");
	ck_assert_str_eq(town.c->tenant->slug, "shop");
	town_leave(&town);
}
END_TEST

/* clang-format off */
static const char *const for_customers[] = {
	"POST /v1/auth/passwordless/customer/verify-email",
	"POST /v1/auth/passwordless/customer/verify-phone",
	"POST /v1/auth/customer/refresh-token",
	"GET /v1/generate/session/id", "GET /v1/cart", "PUT /v1/cart",
};
/* clang-format on */

START_TEST(test_the_platform_has_no_customers)
{
	struct town town;
	struct said said;
	const char *headers;
	size_t i;

	town_build(&town);
	headers =
	    arena_print(town.c->arena, "X-MerchantApiKey: %s", town.platform);
	for (i = 0; i < COUNT(for_customers); i++) {
		said = ask(town.c, for_customers[i], headers,
		    for_customers[i][0] == 'G' ? NULL : "{}");
		ck_case(for_customers[i], said.status == 404);
	}
	said = ask(town.c, INITIATE, headers, AS_CUSTOMER);
	ck_said(said, 404);
	said = ask(town.c, "POST /v1/auth/refresh-token", headers, "{}");
	ck_said(said, 422);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_suspended_shop_is_shut)
{
	struct town town;
	struct said said;

	town_build(&town);
	ck_assert_int_eq(
	    db_script(town.c, "UPDATE tenants SET status = 'suspended'"
			      " WHERE slug = 'shop';\n"),
	    OK);
	said = ask(town.c, CART, town_headers(&town, NULL), NULL);
	ck_said(said, 403);
	ck_assert_str_eq(
	    said_text(&said, "message"), "This shop is suspended.");
	town_leave(&town);
}
END_TEST

SUITE(door_b, test_the_shapes_of_errors, test_guest_ids_must_agree,
    test_guest_ids_that_agree, test_the_key_says_whose_door_it_is,
    test_without_a_key_the_host_decides,
    test_without_a_default_shop_nobody_is_meant,
    test_merchants_begin_at_the_platform, test_the_platform_has_no_customers,
    test_a_suspended_shop_is_shut)
