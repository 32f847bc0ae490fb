/* SPDX-License-Identifier: ISC */
/* Guest session ids: new each time, made without a write. */

#include "db/db.h"
#include "talk.h"

#define MAKE "GET /v1/generate/session/id"

START_TEST(test_an_id_is_new_each_time)
{
	struct town town;
	struct said one, two;

	town_build(&town);
	one = ask(town.c, MAKE, town_headers(&town, NULL), NULL);
	two = ask(town.c, MAKE, town_headers(&town, NULL), NULL);
	ck_said(one, 200);
	ck_assert_uint_ge(strlen(said_text(&one, "data")), 22);
	ck_assert_str_ne(said_text(&one, "data"), said_text(&two, "data"));
	ck_assert_str_eq(said_text(&one, "message"), "Session id generated.");
	town_leave(&town);
}
END_TEST

START_TEST(test_it_costs_the_question_for_the_tenant)
{
	struct town town;
	struct said said;
	uint64_t before;

	town_build(&town);
	ask(town.c, MAKE, town_headers(&town, NULL), NULL);
	before = db_trips(town.c->db);
	said = ask(town.c, MAKE, town_headers(&town, NULL), NULL);
	ck_said(said, 200);
	ck_assert_uint_eq(db_trips(town.c->db) - before, 1);
	town_leave(&town);
}
END_TEST

SUITE(guest, test_an_id_is_new_each_time,
    test_it_costs_the_question_for_the_tenant)
