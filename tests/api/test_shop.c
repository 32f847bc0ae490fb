/* SPDX-License-Identifier: ISC */
/* Whose page: by key, by host, else the default shop; and nothing secret. */

#include "db/db.h"
#include "talk.h"

#define SHOW "GET /v1/shop"

START_TEST(test_a_page_asks_by_its_key)
{
	struct town town;
	struct said said;

	town_build(&town);
	talk_conf(town.c)->email_channel = "file";
	talk_conf(town.c)->sms_channel = "file";
	said = ask(town.c, SHOW, town_headers(&town, NULL), NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said.body,
	    "{\"status\":true,\"message\":\"Shop retrieved successfully.\","
	    "\"data\":{\"name\":\"The Shop\",\"locale\":\"en\","
	    "\"channels\":[\"email\",\"phone\"]}}");
	town.shop = town.other; /* which sends to no country */
	said = ask(town.c, SHOW, town_headers(&town, NULL), NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.channels.0"), "email");
	ck_assert_ptr_null(said_at(&said, "data.channels.1"));
	town_leave(&town);
}
END_TEST

START_TEST(test_without_a_key_the_host_decides)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = ask(town.c, SHOW, "Host: nobody.example", NULL);
	ck_said(said, 200); /* the default shop */
	talk_conf(town.c)->default_shop = "";
	said = ask(town.c, SHOW, "Host: nobody.example", NULL);
	ck_code(said, 401, "key_unknown");
	said = ask(town.c, SHOW, "Host: Shop.Example:8443", NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.name"), "The Shop");
	town_leave(&town);
}
END_TEST

START_TEST(test_a_shop_that_waits_for_approval_has_no_name)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = town_merchant(&town, "meg@example.com", "");
	said = meg_founds(&town, town_bearer(&town, &said), "Meg's Shop");
	ck_said(said, 200);
	town.shop = said_text(&said, "data.apiKey");
	said = ask(town.c, SHOW, town_headers(&town, NULL), NULL);
	ck_said(said, 200);
	ck_assert(said_null(&said, "data.name"));
	town_leave(&town);
}
END_TEST

START_TEST(test_it_costs_the_question_for_the_tenant)
{
	struct town town;
	struct said said;
	uint64_t before;

	town_build(&town);
	ask(town.c, SHOW, town_headers(&town, NULL), NULL);
	before = db_trips(town.c->db);
	said = ask(town.c, SHOW, town_headers(&town, NULL), NULL);
	ck_said(said, 200);
	ck_assert_uint_eq(db_trips(town.c->db) - before, 1);
	town_leave(&town);
}
END_TEST

SUITE(shop, test_a_page_asks_by_its_key, test_without_a_key_the_host_decides,
    test_a_shop_that_waits_for_approval_has_no_name,
    test_it_costs_the_question_for_the_tenant)
