/* SPDX-License-Identifier: ISC */
/* Carts of guests and customers, and bodies that are no carts. */

#include "talk.h"

#define SHOW "GET /v1/cart"
#define PUT_ "PUT /v1/cart"
#define ONE  "{\"items\":[{\"productId\":\"p1\",\"quantity\":2}]}"

static const char *
guest_headers(struct town *town)
{
	struct said said = ask(town->c, "GET /v1/generate/session/id",
	    town_headers(town, NULL), NULL);

	ck_said(said, 200);
	return arena_print(town->c->arena, "%s\nX-Session-Id: %s",
	    town_headers(town, NULL), said_text(&said, "data"));
}

START_TEST(test_a_guests_cart)
{
	struct town town;
	struct said put, got;
	const char *guest;

	town_build(&town);
	guest = guest_headers(&town);
	got = ask(town.c, SHOW, guest, NULL);
	ck_said(got, 200);
	ck_assert_ptr_nonnull(strstr(got.body, "\"data\":{\"items\":[]}"));
	put = ask(town.c, PUT_, guest,
	    "{\"items\":[{\"productId\":\"p1\",\"variantId\":\"red\","
	    "\"quantity\":2,\"attributes\":{\"note\":\"gift\",\"n\":[1]}},"
	    "{\"productId\":\"p1\",\"quantity\":999}]}");
	ck_said(put, 200);
	got = ask(town.c, SHOW, guest, NULL);
	ck_assert_str_eq(strstr(got.body, "\"data\""),
	    "\"data\":{\"items\":["
	    "{\"productId\":\"p1\",\"variantId\":\"red\",\"quantity\":2,"
	    "\"attributes\":{\"note\":\"gift\",\"n\":[1]}},"
	    "{\"productId\":\"p1\",\"variantId\":null,\"quantity\":999,"
	    "\"attributes\":{}}]}}");
	ck_assert_str_eq(
	    strstr(put.body, "\"data\""), strstr(got.body, "\"data\""));
	town_leave(&town);
}
END_TEST

START_TEST(test_a_put_replaces)
{
	struct town town;
	struct said said;
	const char *guest;

	town_build(&town);
	guest = guest_headers(&town);
	ask(town.c, PUT_, guest, ONE);
	said = ask(town.c, PUT_, guest,
	    "{\"items\":[{\"productId\":\"p2\",\"quantity\":1}]}");
	ck_said(said, 200);
	said = ask(town.c, SHOW, guest, NULL);
	ck_assert_str_eq(said_text(&said, "data.items.0.productId"), "p2");
	ck_assert_ptr_null(said_at(&said, "data.items.1"));
	said = ask(town.c, PUT_, guest, "{\"items\":[]}");
	ck_said(said, 200);
	said = ask(town.c, SHOW, guest, NULL);
	ck_assert_ptr_null(said_at(&said, "data.items.0"));
	town_leave(&town);
}
END_TEST

/* clang-format off */
#define LINE(rest) "{\"items\":[{\"productId\":\"a\",\"quantity\":1}," rest "]}"

static const struct {
	const char *what, *body;
	const char *has;	/* the errors do */
} bad[] = {
	{ "no items", "{}", "{\"items\":\"items is required.\"}" },
	{ "items that are no list", "{\"items\":{}}",
	  "{\"items\":\"items must be a list.\"}" },
	{ "a line that is no map", LINE("7"),
	  "{\"items[1]\":\"items[1] must be an object.\"}" },
	{ "no product", LINE("{\"quantity\":1}"),
	  "{\"items[1].productId\":\"items[1].productId is required.\"}" },
	{ "no quantity", LINE("{\"productId\":\"b\"}"),
	  "{\"items[1].quantity\":\"items[1].quantity is required.\"}" },
	{ "none of it", LINE("{\"productId\":\"b\",\"quantity\":0}"),
	  "items[1].quantity must be between 1 and 999." },
	{ "too much of it", LINE("{\"productId\":\"b\",\"quantity\":1000}"),
	  "items[1].quantity must be between 1 and 999." },
	{ "half of it", LINE("{\"productId\":\"b\",\"quantity\":1.5}"),
	  "items[1].quantity must be a whole number." },
	{ "a number as text", LINE("{\"productId\":\"b\",\"quantity\":\"1\"}"),
	  "items[1].quantity must be a whole number." },
	{ "a product that is no text", LINE("{\"productId\":1,\"quantity\":1}"),
	  "items[1].productId must be text." },
	{ "attributes that are no map",
	  LINE("{\"productId\":\"b\",\"quantity\":1,\"attributes\":[]}"),
	  "items[1].attributes must be an object." },
	{ "the same twice", LINE("{\"productId\":\"a\",\"quantity\":2}"),
	  "{\"items[1]\":\"items[1] is there twice.\"}" },
	{ "the same but for a blank at the end",
	  LINE("{\"productId\":\"a \",\"quantity\":2}"),
	  "{\"items[1]\":\"items[1] is there twice.\"}" },
	{ "the same but for a blank at the end of the first",
	  LINE("{\"productId\":\"b \",\"quantity\":2},"
	  "{\"productId\":\"b\",\"quantity\":2}"),
	  "{\"items[2]\":\"items[2] is there twice.\"}" },
	{ "bad lines are named once each", LINE("7,7"),
	  "{\"items[1]\":\"items[1] must be an object.\","
	  "\"items[2]\":\"items[2] must be an object.\"}" },
	{ "the same with an empty variant",
	  LINE("{\"productId\":\"a\",\"variantId\":\"\",\"quantity\":2}"),
	  "{\"items[1]\":\"items[1] is there twice.\"}" },
};
/* clang-format on */

START_TEST(test_bodies_that_are_no_carts)
{
	struct town town;
	struct said said;
	const char *guest;
	size_t i;

	town_build(&town);
	guest = guest_headers(&town);
	for (i = 0; i < COUNT(bad); i++) {
		said = ask(town.c, PUT_, guest, bad[i].body);
		ck_case(bad[i].what, said.status == 422);
		ck_case(bad[i].what, strstr(said.body, bad[i].has));
	}
	said = ask(town.c, SHOW, guest, NULL);
	ck_assert_ptr_null(said_at(&said, "data.items.0"));
	town_leave(&town);
}
END_TEST

/* A cart of n items: whole lines, or bare numbers. */
static const char *
many(struct ctx *c, int n, bool lines)
{
	struct text body = text_new(c->arena);
	int i;

	text_add(&body, "{\"items\":[");
	for (i = 0; i < n; i++)
		text_addf(&body,
		    lines ? "%s{\"productId\":\"p%d\",\"quantity\":1}" : "%s%d",
		    i ? "," : "", i);
	text_add(&body, "]}");
	return body.s;
}

START_TEST(test_how_many_lines_a_cart_holds)
{
	/* each line is five members of the answer, which is read here */
	int most = (JSON_MEMBERS_MAX - 6) / 5;
	struct town town;
	struct said said;
	const char *guest;

	if (most > CART_LINES_MAX)
		most = CART_LINES_MAX;
	town_build(&town);
	guest = guest_headers(&town);
	said = ask(town.c, PUT_, guest, many(town.c, most, true));
	ck_said(said, 200);
	said = ask(town.c, SHOW, guest, NULL);
	ck_assert_ptr_nonnull(said_at(
	    &said, arena_print(town.c->arena, "data.items.%d", most - 1)));
	said =
	    ask(town.c, PUT_, guest, many(town.c, CART_LINES_MAX + 1, false));
	ck_said(said, 422);
	ck_assert_str_eq(said_text(&said, "errors.items"),
	    "items must have at most 100 members.");
	town_leave(&town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what;
	int letters, status;
} sizes[] = {
	{ "as long as may be",	2040, 200 },
	{ "one byte longer",	2041, 422 },
};
/* clang-format on */

START_TEST(test_how_long_attributes_are)
{
	struct town town;
	struct said said;
	const char *guest;
	char value[2048];
	size_t i;

	town_build(&town);
	guest = guest_headers(&town);
	for (i = 0; i < COUNT(sizes); i++) {
		memset(value, 'a', sizeof(value));
		value[sizes[i].letters] = '\0';
		said = ask(town.c, PUT_, guest,
		    arena_print(town.c->arena,
			"{\"items\":[{\"productId\":\"p\",\"quantity\":1,"
			"\"attributes\":{\"b\":\"%s\"}}]}",
			value));
		ck_case(sizes[i].what, said.status == sizes[i].status);
	}
	ck_assert_str_eq(said_text(&said, "message"), "Validation error");
	town_leave(&town);
}
END_TEST

START_TEST(test_nobodys_cart)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(town.c, SHOW, town_headers(&town, NULL), NULL);
	ck_code(said, 401, "token_missing");
	said = ask(town.c, PUT_, "X-Session-Id: forged", ONE);
	ck_code(said, 401, "token_missing");
	town_leave(&town);
}
END_TEST

START_TEST(test_the_bearer_wins)
{
	struct town town;
	struct said said;
	const char *guest, *both;

	town_build(&town);
	guest = guest_headers(&town);
	ask(town.c, PUT_, guest, ONE);
	said = town_sign_in(&town, "ann@example.com", "");
	both = arena_print(town.c->arena, "%s\nAuthorization: Bearer %s", guest,
	    said_text(&said, "data.token"));
	said = ask(town.c, SHOW, both, NULL);
	ck_said(said, 200);
	ck_assert_ptr_null(said_at(&said, "data.items.0"));
	said = ask(town.c, PUT_, both,
	    "{\"items\":[{\"productId\":\"hers\",\"quantity\":1}]}");
	ck_said(said, 200);
	said = ask(town.c, SHOW, guest, NULL);
	ck_assert_str_eq(said_text(&said, "data.items.0.productId"), "p1");
	town_leave(&town);
}
END_TEST

START_TEST(test_a_guests_cart_is_of_one_shop)
{
	struct town town;
	struct said said;
	const char *guest;

	town_build(&town);
	guest = guest_headers(&town);
	ask(town.c, PUT_, guest, ONE);
	said = ask(town.c, SHOW,
	    arena_print(town.c->arena, "X-MerchantApiKey: %s%s", town.other,
		strstr(guest, "\nX-Session-Id")),
	    NULL);
	ck_code(said, 401, "token_missing");
	town_leave(&town);
}
END_TEST

SUITE(cart, test_a_guests_cart, test_a_put_replaces,
    test_bodies_that_are_no_carts, test_how_many_lines_a_cart_holds,
    test_how_long_attributes_are, test_nobodys_cart, test_the_bearer_wins,
    test_a_guests_cart_is_of_one_shop)
