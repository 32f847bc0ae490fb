/* SPDX-License-Identifier: ISC */
/* Merchants: they sign in at the platform, found a shop and run it. */

#include "talk.h"

#define INITIATE    "POST /v1/auth/passwordless/initiate"
#define VERIFY      "POST /v1/auth/passwordless/merchant/verify-"
#define AS_CUSTOMER "POST /v1/auth/passwordless/customer/verify-email"
#define SHOPS       "POST /v1/merchant/shops"
#define REFRESH     "POST /v1/auth/refresh-token"
#define MEG         "meg@example.com"
#define PHONE       "+2348012345678"
#define ELSEWHERE   "!REMOTE_ADDR=198.51.100.7"

/* ---- the story ---------------------------------------------------------------- */

START_TEST(test_a_new_merchant_founds_a_shop)
{
	struct town town;
	struct said said;
	const char *id;

	town_build(&town);
	said = meg_begins(&town, "",
	    ",\"userType\":\"MERCHANT\",\"businessName\":\"Meg & Söhne\"");
	ck_said(said, 200);
	said = meg_shows(&town, "", town_letter(&town, MEG).code, "");
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "message"), "Email verified successfully.");
	id = said_text(&said, "data.user.id");
	ck_assert_uint_eq(strlen(id), 36);
	ck_assert_str_eq(said_text(&said, "data.user.email"), MEG);
	ck_assert_str_eq(said_text(&said, "data.user.role.slug"), "merchant");
	ck_assert_str_eq(said_text(&said, "data.user.role.name"), "Merchant");
	ck_assert_str_eq(said_text(&said, "data.user.merchantId"), id);
	ck_assert_str_eq(said_text(&said, "data.user.tenantId"),
	    said_text(&said, "data.shop.id"));
	ck_assert_ptr_null(said_at(&said, "data.customer"));
	ck_assert_int_eq(said_int(&said, "data.expiresIn"), DAY_MS);
	ck_assert_str_eq(said_text(&said, "data.shop.name"), "Meg & Söhne");
	ck_assert(!said_at(&said, "data.shop.approved")->b);
	ck_assert_int_eq(
	    strncmp(said_text(&said, "data.shop.apiKey"), "pk_", 3), 0);
	/* the next time the shop is there, and its key is not shown again */
	said = meg_begins(&town, "", ",\"businessName\":\"Another\"");
	ck_said(said, 200);
	said = town_merchant(&town, MEG, "");
	ck_assert_ptr_null(said_at(&said, "data.shop"));
	ck_assert_uint_eq(strlen(said_text(&said, "data.user.tenantId")), 36);
	town_leave(&town);
}
END_TEST

/* Meg signs in and founds a shop; the town's shop is hers from now on. */
static const char *
meg_settles(struct town *town)
{
	struct said said = town_merchant(town, MEG, "");
	const char *bearer = town_bearer(town, &said);

	said = meg_founds(town, bearer, "Meg's Shoes");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.name"), "Meg's Shoes");
	ck_assert(!said_at(&said, "data.approved")->b);
	town->shop = said_text(&said, "data.apiKey");
	return bearer;
}

START_TEST(test_from_founding_to_a_customer_who_is_shut_out)
{
	struct town town;
	struct said said, ann, list;
	const char *bearer, *line, *profile, *code;

	town_build(&town);
	bearer = meg_settles(&town);
	said = ask(town.c, "GET /v1/merchant/api-keys", bearer, NULL);
	ck_said(said, 200);
	ck_assert_int_eq(strncmp(said_text(&said, "data.0.prefix"), town.shop,
			     strlen(said_text(&said, "data.0.prefix"))),
	    0);
	ck_assert_ptr_null(said_at(&said, "data.1"));
	ann = town_sign_in(&town, "ann@example.com", "");
	profile = town_headers(&town, said_text(&ann, "data.token"));
	list = ask(town.c, "GET /v1/customers?search=Ann", bearer, NULL);
	ck_said(list, 200);
	ck_assert_str_eq(said_text(&list, "data.data.0.id"),
	    said_text(&ann, "data.customer.id"));
	line = arena_print(town.c->arena, "PATCH /v1/customers/%s",
	    said_text(&list, "data.data.0.id"));
	code = town_code(&town, "ann@example.com");
	said = ask(town.c, arena_print(town.c->arena, "%s/deactivate", line),
	    bearer, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.status"), "disabled");
	said = ask(town.c, "GET /v1/customers/profile", profile, NULL);
	ck_code(said, 401, "session_ended");
	said = ask(town.c, AS_CUSTOMER, town_headers(&town, NULL),
	    arena_print(town.c->arena,
		"{\"email\":\"ann@example.com\",\"token\":\"%s\"}", code));
	ck_said(said, 400);
	said = ask(town.c, arena_print(town.c->arena, "%s/activate", line),
	    bearer, "{}");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.status"), "active");
	town_sign_in(&town, "ann@example.com", "");
	town_leave(&town);
}
END_TEST

START_TEST(test_several_shops_want_a_key)
{
	struct town town;
	struct said said;
	const char *bearer, *headers;

	town_build(&town);
	bearer = meg_settles(&town);
	said = meg_founds(&town, bearer, "Meg's Hats");
	ck_said(said, 200);
	headers = arena_print(town.c->arena, "%s\nX-MerchantApiKey: %s", bearer,
	    said_text(&said, "data.apiKey"));
	said = ask(town.c, "GET /v1/customers", bearer, NULL);
	ck_said(said, 403);
	said = ask(town.c, "GET /v1/customers", headers, NULL);
	ck_said(said, 200);
	ck_assert_ptr_null(said_at(&said, "data.data.0"));
	town_leave(&town);
}
END_TEST

/* ---- signing in ------------------------------------------------------------------- */

START_TEST(test_without_a_name_no_shop_is_founded)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = town_merchant(&town, MEG, "");
	ck_assert(said_null(&said, "data.user.tenantId"));
	ck_assert_ptr_null(said_at(&said, "data.shop"));
	said =
	    ask(town.c, "GET /v1/customers", town_bearer(&town, &said), NULL);
	ck_said(said, 403);
	meg_begins(&town, "", ",\"userType\":\"MERCHANT\"");
	said = meg_shows(&town, "", town_letter(&town, MEG).code,
	    ",\"businessName\":\"Meg's Shoes\"");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.shop.name"), "Meg's Shoes");
	town_leave(&town);
}
END_TEST

START_TEST(test_no_shop_is_needed_to_sign_in)
{
	struct town town;
	struct said said;

	town_build(&town);
	ck_assert_int_eq(shop_suspend(town.c, town.shop_tenant, true), OK);
	said = town_merchant(&town, MEG, "");
	ck_assert_str_eq(said_text(&said, "data.user.email"), MEG);
	talk_conf(town.c)->default_shop = "";
	said = town_merchant(&town, MEG, "Host: shop.example");
	ck_assert_str_eq(said_text(&said, "data.user.email"), MEG);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_phone_will_do)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(town.c, INITIATE "/phone", "",
	    "{\"phoneNumber\":\"" PHONE "\",\"userType\":\"MERCHANT\","
	    "\"businessName\":\"Meg's Shoes\"}");
	ck_said(said, 200);
	said = ask(town.c, VERIFY "phone", "",
	    arena_print(town.c->arena,
		"{\"phoneNumber\":\"" PHONE "\",\"code\":\"%s\"}",
		town_letter(&town, PHONE).code));
	ck_said(said, 200);
	ck_assert_str_eq(
	    said_text(&said, "message"), "Phone verified successfully.");
	ck_assert_str_eq(said_text(&said, "data.user.phoneNumber"), PHONE);
	ck_assert(said_null(&said, "data.user.email"));
	ck_assert_str_eq(said_text(&said, "data.shop.name"), "Meg's Shoes");
	town_leave(&town);
}
END_TEST

/* clang-format off */
/* Where a challenge is begun and as what, and where it is shown. */
static const struct {
	const char *what, *begun, *as, *shown;	/* P, S, O: whose key; "": none */
	int status;
} ways[] = {
	{ "the platform's, without a key", "", ",\"userType\":\"MERCHANT\"", "", 200 },
	{ "the platform's, at a shop", "", ",\"userType\":\"MERCHANT\"", "O", 200 },
	{ "the platform's, by its key", "P", "", "P", 200 },
	{ "a shop's, by its key", "O", ",\"userType\":\"MERCHANT\"", "O", 200 },
	{ "a shop's, for either", "O", "", "O", 200 },
	{ "the default shop's, without a key", "S", "", "", 200 },
	{ "a customer's", "O", ",\"userType\":\"CUSTOMER\"", "O", 400 },
	{ "a customer's, without a key", "S", ",\"userType\":\"CUSTOMER\"", "", 400 },
	{ "a shop's, at another", "O", "", "S", 400 },
	{ "a shop's, without a key", "O", "", "", 400 },
};
/* clang-format on */

static const char *
key_line(struct town *town, const char *whose)
{
	const char *key = *whose == 'P'   ? town->platform
			  : *whose == 'S' ? town->shop
					  : town->other;

	return *whose == '\0'
		   ? ""
		   : arena_print(town->c->arena, "X-MerchantApiKey: %s", key);
}

START_TEST(test_where_a_challenge_may_be_begun_and_shown)
{
	struct town town;
	struct said said;
	const char *code;
	size_t i;

	town_build(&town);
	for (i = 0; i < COUNT(ways); i++) {
		talk_later(DAY_MS);
		said = meg_begins(
		    &town, key_line(&town, ways[i].begun), ways[i].as);
		ck_case(ways[i].what, said.status == 200);
		code = town_letter(&town, MEG).code;
		said =
		    meg_shows(&town, key_line(&town, ways[i].shown), code, "");
		ck_case(ways[i].what, said.status == ways[i].status);
		if (said.status == 200) {
			said = meg_shows(
			    &town, key_line(&town, ways[i].shown), code, "");
			ck_case(ways[i].what, said.status == 400);
		}
	}
	town_leave(&town);
}
END_TEST

START_TEST(test_a_merchants_challenge_opens_no_customers_path)
{
	struct town town;
	struct said said;

	town_build(&town);
	meg_begins(
	    &town, town_headers(&town, NULL), ",\"userType\":\"MERCHANT\"");
	said = ask(town.c, AS_CUSTOMER, town_headers(&town, NULL),
	    arena_print(town.c->arena,
		"{\"email\":\"" MEG "\",\"token\":\"%s\"}",
		town_letter(&town, MEG).code));
	ck_said(said, 400);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_founded_shops_key_opens_nothing_with_a_merchants_token)
{
	struct town town;
	struct said said;
	const char *bearer, *headers;

	town_build(&town);
	bearer = meg_settles(&town);
	headers = arena_print(
	    town.c->arena, "%s\nX-MerchantApiKey: %s", bearer, town.shop);
	said = ask(town.c, "GET /v1/customers/profile", headers, NULL);
	ck_code(said, 401, "token_invalid");
	said = ask(town.c, "GET /v1/cart", headers, NULL);
	ck_code(said, 401, "token_invalid");
	said = ask(town.c, "GET /v1/sessions", headers, NULL);
	ck_code(said, 401, "token_invalid");
	said = ask(town.c, "GET /v1/customers", headers, NULL);
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

/* The tenant changes on the way; the page was let in at the shop's door. */
START_TEST(test_the_shops_page_reads_a_merchants_answers)
{
	struct town town;
	struct said said;
	const char *page;

	town_build(&town);
	page = arena_print(town.c->arena, "%s\nOrigin: https://shop.example",
	    town_headers(&town, NULL));
	meg_begins(&town, page, "");
	said = meg_shows(&town, page, town_letter(&town, MEG).code, "");
	ck_said(said, 200);
	ck_assert_str_eq(said_header(&said, "Access-Control-Allow-Origin"),
	    "https://shop.example");
	said = ask(town.c, REFRESH, page,
	    arena_print(town.c->arena, "{\"refreshToken\":\"%s\"}",
		said_text(&said, "data.refreshToken")));
	ck_said(said, 200);
	ck_assert_str_eq(said_header(&said, "Access-Control-Allow-Origin"),
	    "https://shop.example");
	said = ask(town.c, "GET /v1/customers",
	    arena_print(town.c->arena,
		"Authorization: Bearer %s\nOrigin: https://shop.example",
		said_text(&said, "token")),
	    NULL);
	ck_said(said, 403);
	ck_assert_str_eq(said_header(&said, "Access-Control-Allow-Origin"),
	    "https://shop.example");
	said = meg_shows(&town,
	    arena_print(town.c->arena, "%s\nOrigin: https://evil.example",
		town_headers(&town, NULL)),
	    "123456", "");
	ck_said(said, 403);
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	town_leave(&town);
}
END_TEST

SUITE(merchant, test_a_new_merchant_founds_a_shop,
    test_from_founding_to_a_customer_who_is_shut_out,
    test_several_shops_want_a_key, test_without_a_name_no_shop_is_founded,
    test_no_shop_is_needed_to_sign_in, test_a_phone_will_do,
    test_where_a_challenge_may_be_begun_and_shown,
    test_a_merchants_challenge_opens_no_customers_path,
    test_a_founded_shops_key_opens_nothing_with_a_merchants_token,
    test_the_shops_page_reads_a_merchants_answers)
