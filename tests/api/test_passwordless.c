/* SPDX-License-Identifier: ISC */
/* Asking for codes and links, and trading them for a session. */

#include "db/db.h"
#include "talk.h"

#define INITIATE "POST /v1/auth/passwordless/initiate"
#define VERIFY   "POST /v1/auth/passwordless/customer/verify-"
#define ANN      "ann@example.com"
#define PHONE    "+2348012345678"

static struct said
begin(struct town *town, const char *way, const char *body)
{
	return ask(town->c, arena_print(town->c->arena, INITIATE "%s", way),
	    town_headers(town, NULL), body);
}

static struct said
verify_email(struct town *town, const char *token, const char *headers)
{
	return ask(town->c, VERIFY "email",
	    arena_print(
		town->c->arena, "%s\n%s", town_headers(town, NULL), headers),
	    arena_print(town->c->arena,
		"{\"email\":\"" ANN "\",\"token\":\"%s\"}", token));
}

static struct said
verify_phone(struct town *town, const char *code, const char *headers)
{
	return ask(town->c, VERIFY "phone",
	    arena_print(
		town->c->arena, "%s\n%s", town_headers(town, NULL), headers),
	    arena_print(town->c->arena,
		"{\"phoneNumber\":\"" PHONE "\",\"code\":\"%s\"}", code));
}

START_TEST(test_both_are_sent)
{
	struct town town;
	struct said said;
	struct letter mail;

	town_build(&town);
	said = begin(&town, "",
	    "{\"email\":\"ANN@Example.com\",\"phoneNumber\":\"" PHONE
	    "\",\"userType\":\"CUSTOMER\",\"businessName\":\"Ann's\"}");
	ck_said(said, 200);
	ck_assert_str_eq(said.body,
	    "{\"status\":true,"
	    "\"message\":\"Verification email and code sent.\",\"data\":{}}");
	mail = town_letter(&town, ANN);
	ck_assert_str_eq(mail.name, "signin");
	ck_assert_uint_eq(strlen(mail.code), CODE_DIGITS);
	ck_assert_ptr_nonnull(mail.link);
	town_leave(&town);
}
END_TEST

START_TEST(test_each_alone)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = begin(&town, "/email", "{\"email\":\"" ANN "\"}");
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "message"), "Verification email sent.");
	town_letter(&town, ANN);
	said = begin(&town, "/phone", "{\"phoneNumber\":\"" PHONE "\"}");
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "message"), "Verification code sent.");
	ck_assert_uint_eq(strlen(town_letter(&town, PHONE).code), CODE_DIGITS);
	town_leave(&town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *way, *body, *has;
} bad[] = {
	{ "nothing", "", NULL, "\"errors\":{\"email\":\"email is required.\","
	  "\"phoneNumber\":\"phoneNumber is required.\"}" },
	{ "one of two", "", "{\"email\":\"" ANN "\"}",
	  "\"errors\":{\"phoneNumber\":\"phoneNumber is required.\"}" },
	{ "no address", "/email", "{\"email\":\"ann\"}",
	  "\"errors\":{\"email\":\"email must be an e-mail address.\"}" },
	{ "a header in an address", "/email",
	  "{\"email\":\"ann@example.com\\r\\nBcc: x\"}", "\"email\":" },
	{ "a number of no country", "/phone", "{\"phoneNumber\":\"08012\"}",
	  "phoneNumber must be a phone number in international form." },
	{ "another type of user", "/email",
	  "{\"email\":\"" ANN "\",\"userType\":\"ADMIN\"}",
	  "userType must be one of MERCHANT, CUSTOMER." },
	{ "another case of it", "/email",
	  "{\"email\":\"" ANN "\",\"userType\":\"customer\"}",
	  "userType must be one of MERCHANT, CUSTOMER." },
};
/* clang-format on */

START_TEST(test_bad_requests_are_named)
{
	struct town town;
	struct said said;
	size_t i;

	town_build(&town);
	for (i = 0; i < COUNT(bad); i++) {
		said = begin(&town, bad[i].way, bad[i].body);
		ck_case(bad[i].what, said.status == 422);
		ck_case(bad[i].what, strstr(said.body, bad[i].has));
	}
	town_leave(&town);
}
END_TEST

START_TEST(test_a_country_nobody_sends_to)
{
	struct town town;
	struct said said;
	const char *why = "";

	town_build(&town);
	ck_assert_int_eq(tenant_set(town.c, town.shop_tenant, "phone_countries",
			     "234", &why),
	    OK);
	said = begin(&town, "/phone", "{\"phoneNumber\":\"+4915112345678\"}");
	ck_said(said, 422);
	ck_assert_str_eq(said_text(&said, "errors.phoneNumber"),
	    "phoneNumber is of a country that this shop does not send to.");
	said = begin(&town, "/phone", "{\"phoneNumber\":\"" PHONE "\"}");
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

/* The whole answer, but for what time and dice make of it. */
static struct said
begin_named(struct town *town, const char *email)
{
	talk_later(HOUR_MS);
	return ask(town->c, INITIATE "/email",
	    arena_print(town->c->arena, "%s\nX-Request-Id: one-and-the-same",
		town_headers(town, NULL)),
	    arena_print(town->c->arena, "{\"email\":\"%s\"}", email));
}

START_TEST(test_known_unknown_and_disabled_are_answered_alike)
{
	struct town town;
	struct said known, unknown, disabled;

	town_build(&town);
	town_sign_in(&town, ANN, "");
	town_sign_in(&town, "bob@example.com", "");
	ck_assert_int_eq(
	    db_script(town.c, "UPDATE customers SET status = 'disabled'"
			      " WHERE email = 'bob@example.com';\n"),
	    OK);
	known = begin_named(&town, ANN);
	unknown = begin_named(&town, "nobody@example.com");
	disabled = begin_named(&town, "bob@example.com");
	ck_said(known, 200);
	ck_assert_str_eq(known.head, unknown.head);
	ck_assert_str_eq(known.body, unknown.body);
	ck_assert_str_eq(known.head, disabled.head);
	ck_assert_str_eq(known.body, disabled.body);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_code_opens_a_session)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = verify_email(&town, town_code(&town, ANN), "");
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "message"), "Email verified successfully.");
	ck_assert_str_eq(said_text(&said, "data.user.email"), ANN);
	ck_assert_str_eq(said_text(&said, "data.user.role"), "customer");
	ck_assert_str_eq(
	    said_text(&said, "data.user.tenantId"), town.shop_tenant->text);
	ck_assert_str_eq(said_text(&said, "data.customer.id"),
	    said_text(&said, "data.user.id"));
	ck_assert_int_eq(said_int(&said, "data.expiresIn"), 86400000);
	ck_assert_int_eq(
	    said_int(&said, "data.refreshTokenExpiresIn"), 1209600000);
	ck_assert_ptr_null(said_at(&said, "data.cart"));
	town_leave(&town);
}
END_TEST

START_TEST(test_a_link_opens_a_session)
{
	struct town town;
	struct said said;
	struct letter letter;
	const char *token;

	town_build(&town);
	begin(&town, "/email", "{\"email\":\"" ANN "\"}");
	letter = town_letter(&town, ANN);
	token = letter_token(town.c, &letter);
	said = verify_email(&town, token, "");
	ck_said(said, 200);
	said = verify_email(&town, token, "");
	ck_said(said, 400);
	said = verify_email(&town, letter.code, "");
	ck_said(said, 400);
	town_leave(&town);
}
END_TEST

START_TEST(test_codes_that_are_none)
{
	struct town town;
	struct said said;
	char *code;

	town_build(&town);
	code = arena_text(town.c->arena, town_code(&town, ANN));
	code[5] = code[5] == '0' ? '1' : '0';
	said = verify_email(&town, code, "");
	ck_said(said, 400);
	ck_assert_str_eq(said.body,
	    "{\"status\":false,\"message\":"
	    "\"The code or link is wrong, spent or expired.\"}");
	said = verify_email(&town, "12345", "");
	ck_said(said, 422);
	ck_assert_ptr_null(strstr(said.body, "12345"));
	said = verify_email(&town, "a-word-of-another-shape", "");
	ck_said(said, 400);
	code = arena_text(town.c->arena, town_code(&town, ANN));
	said = verify_email(&town, code, "");
	ck_said(said, 200);
	said = verify_email(&town, code, "");
	ck_said(said, 400);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_code_expires)
{
	struct town town;
	struct said said;
	const char *code;

	town_build(&town);
	code = town_code(&town, ANN);
	talk_later(CODE_MAIL_MS + SECOND_MS);
	said = verify_email(&town, code, "");
	ck_said(said, 400);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_phone_opens_a_session)
{
	struct town town;
	struct said said;

	town_build(&town);
	begin(&town, "/phone", "{\"phoneNumber\":\"" PHONE "\"}");
	said = verify_phone(&town, town_letter(&town, PHONE).code, "");
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "message"), "Phone verified successfully.");
	ck_assert_str_eq(said_text(&said, "data.user.phoneNumber"), PHONE);
	ck_assert_int_eq(said_at(&said, "data.user.email")->type, JSON_NULL);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_stated_number_is_a_contact_at_most)
{
	struct town town;
	struct said said, other;
	const char *code;

	town_build(&town);
	code = town_code(&town, ANN);
	said = ask(town.c, VERIFY "email", town_headers(&town, NULL),
	    arena_print(town.c->arena,
		"{\"email\":\"" ANN "\",\"token\":\"%s\","
		"\"phoneNumber\":\"" PHONE "\"}",
		code));
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.customer.phoneNumber"), PHONE);
	begin(&town, "/phone", "{\"phoneNumber\":\"" PHONE "\"}");
	other = verify_phone(&town, town_letter(&town, PHONE).code, "");
	ck_said(other, 200);
	ck_assert_str_ne(said_text(&said, "data.user.id"),
	    said_text(&other, "data.user.id"));
	town_leave(&town);
}
END_TEST

START_TEST(test_a_bearer_adds_what_is_proven)
{
	struct town town;
	struct said mail, said;
	const char *bearer;

	town_build(&town);
	mail = town_sign_in(&town, ANN, "");
	bearer = arena_print(town.c->arena, "Authorization: Bearer %s",
	    said_text(&mail, "data.token"));
	begin(&town, "/phone", "{\"phoneNumber\":\"" PHONE "\"}");
	said = verify_phone(&town, town_letter(&town, PHONE).code, bearer);
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "data.user.id"), said_text(&mail, "data.user.id"));
	ck_assert_str_eq(said_text(&said, "data.user.phoneNumber"), PHONE);
	talk_later(REAUTH_MS + SECOND_MS);
	begin(&town, "/phone", "{\"phoneNumber\":\"" PHONE "\"}");
	said = verify_phone(&town, town_letter(&town, PHONE).code, bearer);
	ck_code(said, 403, "reauth_required");
	town_leave(&town);
}
END_TEST

START_TEST(test_a_merchants_code_opens_no_customers_path)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = begin(&town, "/email",
	    "{\"email\":\"" ANN "\",\"userType\":\"MERCHANT\"}");
	ck_said(said, 200);
	said = verify_email(&town, town_letter(&town, ANN).code, "");
	ck_said(said, 400);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_guests_cart_comes_along_once)
{
	struct town town;
	struct said said;
	const char *guest, *token;

	town_build(&town);
	said = ask(town.c, "GET /v1/generate/session/id",
	    town_headers(&town, NULL), NULL);
	guest = arena_print(
	    town.c->arena, "X-Session-Id: %s", said_text(&said, "data"));
	said = ask(town.c, "PUT /v1/cart", guest,
	    "{\"items\":[{\"productId\":\"p1\",\"quantity\":2},"
	    "{\"productId\":\"p2\",\"quantity\":1}]}");
	ck_said(said, 200);
	said = verify_email(&town, town_code(&town, ANN), guest);
	ck_said(said, 200);
	ck_assert_int_eq(said_int(&said, "data.cart.migrated"), 2);
	ck_assert_int_eq(said_int(&said, "data.cart.clamped"), 0);
	token = said_text(&said, "data.token");
	said = ask(town.c, "GET /v1/cart", town_headers(&town, token), NULL);
	ck_assert_ptr_nonnull(said_at(&said, "data.items.1"));
	said = ask(town.c, "GET /v1/cart", guest, NULL);
	ck_said(said, 200);
	ck_assert_ptr_null(said_at(&said, "data.items.0"));
	said = ask(town.c, "PUT /v1/cart", guest, "{\"items\":[]}");
	ck_code(said, 401, "session_ended");
	said = verify_email(&town, town_code(&town, ANN), guest);
	ck_said(said, 200);
	ck_assert_int_eq(said_int(&said, "data.cart.migrated"), 0);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_forged_guest_id_changes_nothing)
{
	struct town town;
	struct said said;

	town_build(&town);
	said =
	    verify_email(&town, town_code(&town, ANN), "X-Session-Id: forged");
	ck_said(said, 200);
	ck_assert_int_eq(said_int(&said, "data.cart.migrated"), 0);
	town_leave(&town);
}
END_TEST

SUITE(passwordless, test_both_are_sent, test_each_alone,
    test_bad_requests_are_named, test_a_country_nobody_sends_to,
    test_known_unknown_and_disabled_are_answered_alike,
    test_a_code_opens_a_session, test_a_link_opens_a_session,
    test_codes_that_are_none, test_a_code_expires, test_a_phone_opens_a_session,
    test_a_stated_number_is_a_contact_at_most,
    test_a_bearer_adds_what_is_proven,
    test_a_merchants_code_opens_no_customers_path,
    test_a_guests_cart_comes_along_once, test_a_forged_guest_id_changes_nothing)
