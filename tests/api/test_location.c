/* SPDX-License-Identifier: ISC */
/* Locations at door A: a list in pages, one by one, and what they may not be. */

#include "talk.h"

#define L   "/public-api/v1/customers/locations/"
#define ADD "POST " L

struct buyer {
	struct town town;
	const char *says;
};

static void
buyer_open(struct buyer *b)
{
	struct said said;

	town_build(&b->town);
	said = town_sign_in(&b->town, "ann@example.com", "");
	b->says = town_bearer(&b->town, &said);
}

static struct said
at(struct buyer *b, const char *method, const char *id, const char *body)
{
	return ask(b->town.c,
	    arena_print(b->town.c->arena, "%s " L "%s/", method, id), b->says,
	    body);
}

START_TEST(test_one_from_its_first_to_its_last)
{
	struct buyer b;
	struct said said, got;
	const char *id;

	buyer_open(&b);
	said = ask(b.town.c, ADD, b.says,
	    "{\"type\":\"friend_house\",\"address1\":\"1 Road\","
	    "\"address2\":\"Flat 2\",\"city_name\":\"Lagos\","
	    "\"postal_code\":\"100001\",\"country_code\":\"ng\","
	    "\"latitude\":6.4540701,\"longitude\":3,"
	    "\"formatted_address\":\"1 Road, Lagos\","
	    "\"description\":\"blue door\"}");
	ck_said(said, 201);
	id = said_text(&said, "id");
	ck_assert_str_eq(said_text(&said, "type"), "friend_house");
	ck_assert_str_eq(said_text(&said, "country_code"), "NG");
	ck_assert_ptr_nonnull(
	    strstr(said.body, "\"latitude\":6.45407,\"longitude\":3,"));
	got = at(&b, "GET", id, NULL);
	ck_said(got, 200);
	ck_assert_str_eq(got.body, said.body);
	got = at(&b, "PATCH", id,
	    "{\"type\":\"work\",\"latitude\":null,\"address2\":\"\"}");
	ck_said(got, 200);
	ck_assert_str_eq(said_text(&got, "type"), "work");
	ck_assert(said_null(&got, "latitude"));
	ck_assert(said_null(&got, "address2"));
	ck_assert_str_eq(said_text(&got, "address1"), "1 Road");
	got = at(&b, "DELETE", id, NULL);
	ck_said(got, 204);
	ck_assert_str_eq(got.body, "");
	got = at(&b, "GET", id, NULL);
	ck_code(got, 404, "not_found");
	ck_assert_str_eq(said_text(&got, "detail"), "Not found.");
	town_leave(&b.town);
}
END_TEST

START_TEST(test_pages)
{
	struct buyer b;
	struct said said;
	int i;

	buyer_open(&b);
	said = ask(b.town.c, "GET " L, b.says, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said.body, "[]");
	for (i = 0; i < 25; i++) {
		talk_later(1);
		said = ask(b.town.c, ADD, b.says,
		    arena_print(b.town.c->arena,
			"{\"type\":\"home\",\"description\":\"%d\"}", i));
		ck_said(said, 201);
	}
	said = ask(b.town.c, "GET " L, b.says, NULL);
	ck_assert_str_eq(said_text(&said, "0.description"), "24");
	ck_assert_str_eq(said_text(&said, "19.description"), "5");
	ck_assert_ptr_null(said_at(&said, "20"));
	said = ask(b.town.c, "GET " L "?page=2", b.says, NULL);
	ck_assert_str_eq(said_text(&said, "0.description"), "4");
	ck_assert_ptr_null(said_at(&said, "5"));
	said = ask(b.town.c, "GET " L "?page=5&page_size=5", b.says, NULL);
	ck_assert_str_eq(said_text(&said, "4.description"), "0");
	said = ask(b.town.c, "GET " L "?page=99&page_size=", b.says, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said.body, "[]");
	town_leave(&b.town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *query, *has;
} queries[] = {
	{ "page 0", "?page=0",
	  "{\"page\":[\"This field must be a whole number between 1 and 1000000.\"]}" },
	{ "pages of none", "?page_size=0", "between 1 and 100.\"]}" },
	{ "pages of 101", "?page_size=101", "{\"page_size\":[" },
	{ "no numbers", "?page=x&page_size=-1", "\"],\"page_size\":[" },
};

static const struct {
	const char *what, *body, *has;
} bodies[] = {
	{ "no type", "{}", "{\"type\":[\"This field is required.\"]}" },
	{ "another type", "{\"type\":\"villa\"}",
	  "must be one of home, work, friend_house, other." },
	{ "off the globe", "{\"type\":\"home\",\"latitude\":90.1,\"longitude\":-181}",
	  "{\"latitude\":[\"This field must be a number between -90 and 90.\"],"
	  "\"longitude\":[\"This field must be a number between -180 and 180.\"]}" },
	{ "a latitude as text", "{\"type\":\"home\",\"latitude\":\"6\"}", "{\"latitude\":[" },
	{ "no country", "{\"type\":\"home\",\"country_code\":\"Nigeria\"}",
	  "such as NG (ISO 3166)." },
	{ "too long a code", "{\"type\":\"home\",\"postal_code\":\"123456789012345678901\"}",
	  "must be at most 20 characters." },
	{ "no object", "[]", "{\"body\":[" },
};
/* clang-format on */

START_TEST(test_what_is_refused)
{
	struct buyer b;
	struct said said;
	size_t i;

	buyer_open(&b);
	for (i = 0; i < COUNT(queries); i++) {
		said = ask(b.town.c,
		    arena_print(
			b.town.c->arena, "GET " L "%s", queries[i].query),
		    b.says, NULL);
		ck_case(queries[i].what, said.status == 400);
		ck_case(queries[i].what, strstr(said.body, queries[i].has));
	}
	for (i = 0; i < COUNT(bodies); i++) {
		said = ask(b.town.c, ADD, b.says, bodies[i].body);
		ck_case(bodies[i].what, said.status == 400);
		ck_case(bodies[i].what, strstr(said.body, bodies[i].has));
	}
	town_leave(&b.town);
}
END_TEST

START_TEST(test_fifty_and_no_more)
{
	struct buyer b;
	struct said said;
	int i;

	buyer_open(&b);
	for (i = 0; i < 50; i++) {
		said = ask(b.town.c, ADD, b.says, "{\"type\":\"home\"}");
		ck_said(said, 201);
	}
	said = ask(b.town.c, ADD, b.says, "{\"type\":\"home\"}");
	ck_code(said, 409, "locations_full");
	town_leave(&b.town);
}
END_TEST

START_TEST(test_another_customers_is_none)
{
	struct buyer ann, there;
	struct said said;
	const char *id;
	size_t i;

	buyer_open(&ann);
	said = ask(ann.town.c, ADD, ann.says, "{\"type\":\"home\"}");
	id = said_text(&said, "id");
	there = ann;
	for (i = 0; i < 2; i++) {
		/* bob of this shop, then ann of another */
		said = town_sign_in(
		    &there.town, i ? "ann@example.com" : "bob@example.com", "");
		there.says = town_bearer(&there.town, &said);
		ck_said(at(&there, "GET", id, NULL), 404);
		ck_said(at(&there, "PATCH", id, "{}"), 404);
		ck_said(at(&there, "DELETE", id, NULL), 404);
		there.town.shop = there.town.other;
	}
	ck_said(at(&ann, "GET", id, NULL), 200);
	ck_said(at(&ann, "GET", "7", NULL), 404);
	town_leave(&ann.town);
}
END_TEST

/* Two each, and one more to count a write. */
START_TEST(test_at_most_three_trips)
{
	struct buyer b;
	uint64_t before;
	struct said said;
	const char *id;

	buyer_open(&b);
	/* the first one reads the keys */
	ck_said(ask(b.town.c, "GET " L, b.says, NULL), 200);
	before = db_trips(b.town.c->db);
	said = ask(b.town.c, ADD, b.says, "{\"type\":\"home\"}");
	id = said_text(&said, "id");
	ck_said(at(&b, "GET", id, NULL), 200);
	ck_said(at(&b, "PATCH", id, "{}"), 200);
	ck_said(ask(b.town.c, "GET " L, b.says, NULL), 200);
	ck_said(at(&b, "DELETE", id, NULL), 204);
	ck_assert_uint_eq(db_trips(b.town.c->db) - before, 13);
	town_leave(&b.town);
}
END_TEST

SUITE(location, test_one_from_its_first_to_its_last, test_pages,
    test_what_is_refused, test_fifty_and_no_more,
    test_another_customers_is_none, test_at_most_three_trips)
