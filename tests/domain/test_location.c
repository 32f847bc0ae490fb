/* SPDX-License-Identifier: ISC */
/* Locations: each customer's own, fifty at most, one trip each. */

#include "shop.h"

static const struct location_change home = {
    .type = "home", .city_name = {true, "Lagos"}};

/* This one is at the door now. */
static void
enter(struct ctx *c, const char *email)
{
	struct login login = shop_sign_in(c, email);

	ck_ok(session_admit(c, login.tokens.access, NULL));
}

START_TEST(test_their_own_and_nobody_elses)
{
	struct ctx *c = shop_open();
	struct location_change to = {.type = "work"};
	struct location home_is, at, *list;
	uint64_t before;
	size_t n;

	enter(c, "ann@x.example");
	before = db_trips(c->db);
	ck_ok(location_add(c, &home, &home_is));
	ck_ok(location_find(c, home_is.id, &at));
	ck_ok(location_change(c, home_is.id, &to, &at));
	ck_ok(location_list(c, 1, 20, &list, &n));
	ck_assert_uint_eq(db_trips(c->db) - before, 4);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(list[0].type, "work");
	enter(c, "bob@x.example");
	ck_err(location_find(c, home_is.id, &at), ERR_NOT_FOUND);
	ck_err(location_change(c, home_is.id, &to, &at), ERR_NOT_FOUND);
	ck_err(location_remove(c, home_is.id), ERR_NOT_FOUND);
	ck_ok(location_list(c, 1, 20, &list, &n));
	ck_assert_uint_eq(n, 0);
	shop_close(c);
}
END_TEST

START_TEST(test_fifty_are_enough)
{
	struct ctx *c = shop_open();
	struct location at;
	int i;

	enter(c, "ann@x.example");
	for (i = 0; i < LOCATIONS_MAX; i++)
		ck_ok(location_add(c, &home, &at));
	ck_err(location_add(c, &home, &at), ERR_LOCATIONS_FULL);
	ck_assert_int_eq(err_status(ERR_LOCATIONS_FULL), 409);
	enter(c, "bob@x.example");
	ck_ok(location_add(c, &home, &at));
	shop_close(c);
}
END_TEST

START_TEST(test_one_less_makes_room)
{
	struct ctx *c = shop_open();
	struct location at;
	int i;

	enter(c, "ann@x.example");
	for (i = 0; i < LOCATIONS_MAX; i++)
		ck_ok(location_add(c, &home, &at));
	ck_ok(location_remove(c, at.id));
	ck_err(location_remove(c, at.id), ERR_NOT_FOUND);
	ck_ok(location_add(c, &home, &at));
	shop_close(c);
}
END_TEST

SUITE(location, test_their_own_and_nobody_elses, test_fifty_are_enough,
    test_one_less_makes_room)
