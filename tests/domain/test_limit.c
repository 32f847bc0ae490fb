/* SPDX-License-Identifier: ISC */
/* Limits: N are allowed, N + 1 is not, and none is counted when one is over. */

#include "shop.h"

START_TEST(test_n_and_one_more)
{
	struct ctx *c = shop_open();
	int i;

	for (i = 0; i < 60; i++)
		ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	ck_err(limit_address(c, LIMIT_ADDRESS_SENDS), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "sends-per-address");
	ck_assert_int_eq(c->limits->max, 60);
	ck_assert_int_eq(c->limits->window_seconds, 3600);
	ck_assert_int_eq(c->limits->retry_after_seconds, 3600);
	c->address = "192.0.2.2";
	ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	c->address = "192.0.2.1";
	shop_later(c, HOUR_MS);
	ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	shop_close(c);
}
END_TEST

START_TEST(test_a_v6_neighbour_counts_the_same)
{
	struct ctx *c = shop_open();
	int i;

	for (i = 0; i < 60; i++) {
		c->address = arena_print(c->arena, "2001:db8:1:2::%x", i + 1);
		ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	}
	ck_err(limit_address(c, LIMIT_ADDRESS_SENDS), ERR_TOO_MANY);
	c->address = "2001:db8:1:3::1";
	ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	shop_close(c);
}
END_TEST

START_TEST(test_the_factor_is_for_addresses_only)
{
	struct ctx *c = shop_open();
	struct limit_use use = {
	    .kind = LIMIT_SENDS_HOUR, .a = "email:a", .b = NULL, .look = false};
	int i;

	shop_conf(c)->client_address_factor = 2;
	for (i = 0; i < 120; i++)
		ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	ck_err(limit_address(c, LIMIT_ADDRESS_SENDS), ERR_TOO_MANY);
	for (i = 0; i < 20; i++)
		ck_ok(limits_take(c, &use, 1));
	ck_err(limits_take(c, &use, 1), ERR_TOO_MANY);
	shop_close(c);
}
END_TEST

START_TEST(test_all_or_none)
{
	struct ctx *c = shop_open();
	struct limit_use two[] = {{.kind = LIMIT_PAIR_HOUR,
				      .a = "email:a",
				      .b = "192.0.2.1",
				      .look = false},
	    {.kind = LIMIT_SENDS_HOUR,
		.a = "email:a",
		.b = NULL,
		.look = false}};
	struct limit_use look = {
	    .kind = LIMIT_SENDS_HOUR, .a = "email:a", .b = NULL, .look = true};
	int i;

	for (i = 0; i < 5; i++)
		ck_ok(limits_take(c, two, COUNT(two)));
	for (i = 0; i < 30; i++)
		ck_err(limits_take(c, two, COUNT(two)), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "sends-an-hour");
	ck_ok(limits_take(c, &look, 1));
	ck_assert_int_eq(look.n, 5);
	shop_close(c);
}
END_TEST

START_TEST(test_the_pause_doubles)
{
	static const int64_t pauses[] = {30, 60, 120, 240};
	struct ctx *c = shop_open();
	struct limit_use use = {.kind = LIMIT_SEND_PAUSE,
	    .a = "email:a",
	    .b = "192.0.2.1",
	    .look = false};
	struct limit_use pair[2] = {use, use};
	size_t i;

	pair[1].kind = LIMIT_PAIR_DAY;
	ck_ok(limits_take(c, pair, 2));
	for (i = 0; i < COUNT(pauses); i++) {
		shop_later(c, (pauses[i] - 1) * SECOND_MS);
		c->limits = NULL;
		ck_err(limits_take(c, pair, 2), ERR_TOO_MANY);
		ck_assert_int_eq(c->limits->retry_after_seconds, 1);
		shop_later(c, SECOND_MS);
		ck_ok(limits_take(c, pair, 2));
	}
	shop_later(c, HOUR_MS);
	ck_ok(limits_take(c, pair, 2));
	shop_later(c, 30 * SECOND_MS);
	ck_ok(limits_take(c, pair, 2));
	shop_close(c);
}
END_TEST

/* What one shop's server says of a client's address, only that shop believes. */
START_TEST(test_the_clients_of_a_server_are_its_shops)
{
	struct ctx *c = shop_open();
	struct api_key_new new = {
	    .kind = "secret", .name = "x", .scopes = "client:address"};
	struct api_key_made key;
	const char *why = "", *named = "203.0.113.9";
	int i;

	ck_ok(api_key_create(c, c->tenant, &new, &key, &why));
	ck_ok(server_admit(c, "secret", NULL, key.key));
	ck_ok(server_speaks_for(c, named));
	for (i = 0; i < 60; i++)
		ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	ck_err(limit_address(c, LIMIT_ADDRESS_SENDS), ERR_TOO_MANY);
	/* the client itself, at whatever shop */
	c->server = NULL;
	ck_assert_str_eq(c->address, named);
	ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	/* and by another shop's server */
	shop_enter(c, shop_add(c, "other"));
	ck_ok(api_key_create(c, c->tenant, &new, &key, &why));
	ck_ok(server_admit(c, "secret", NULL, key.key));
	ck_ok(server_speaks_for(c, named));
	ck_ok(limit_address(c, LIMIT_ADDRESS_SENDS));
	shop_close(c);
}
END_TEST

START_TEST(test_the_writes_of_a_customer)
{
	struct ctx *c = shop_open();
	struct secret ann = shop_sign_in(c, "ann@x.example").tokens.access;
	struct secret bob = shop_sign_in(c, "bob@x.example").tokens.access;
	struct secret again;
	int i;

	ck_ok(session_admit(c, ann, NULL));
	for (i = 0; i < 60; i++)
		ck_ok(limit_keyed(c, true));
	ck_err(limit_keyed(c, true), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "writes-a-minute");
	ck_assert_int_eq(c->limits->max, 60);
	ck_assert_int_eq(c->limits->retry_after_seconds, 60);
	ck_ok(limit_keyed(c, false));
	ck_ok(session_admit(c, bob, NULL));
	ck_ok(limit_keyed(c, true));
	shop_later(c, MINUTE_MS);
	/* another session of hers is hers, too */
	again = shop_sign_in(c, "ann@x.example").tokens.access;
	for (i = 0; i < 60; i++) {
		ck_ok(session_admit(c, i % 2 ? ann : again, NULL));
		ck_ok(limit_keyed(c, true));
	}
	ck_err(limit_keyed(c, true), ERR_TOO_MANY);
	shop_set(c, "writes_a_minute", "61");
	ck_ok(session_admit(c, ann, NULL));
	ck_err(limit_keyed(c, true), ERR_TOO_MANY);
	shop_set(c, "writes_a_minute", "0");
	ck_ok(session_admit(c, ann, NULL));
	ck_ok(limit_keyed(c, true));
	ck_assert_int_eq(limit_most(c, LIMIT_WRITES, c->tenant), INT32_MAX);
	shop_close(c);
}
END_TEST

/* The first window's worth at once, then one at a time; and it says when. */
START_TEST(test_a_pace)
{
	struct ctx *c = shop_open();
	int64_t most = limits[LIMIT_REFRESHES].max, since = c->now;

	ck_ok(limit_pace(c, LIMIT_REFRESHES, most - 1, since));
	ck_err(limit_pace(c, LIMIT_REFRESHES, most, since), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "refreshes-an-hour");
	ck_assert_int_eq(c->limits->retry_after_seconds, 2);
	shop_later(c, 2 * SECOND_MS - 1);
	ck_err(limit_pace(c, LIMIT_REFRESHES, most, since), ERR_TOO_MANY);
	shop_later(c, 1);
	ck_ok(limit_pace(c, LIMIT_REFRESHES, most, since));
	ck_err(limit_pace(c, LIMIT_REFRESHES, most + 1, since), ERR_TOO_MANY);
	shop_close(c);
}
END_TEST

SUITE(limit, test_a_pace, test_n_and_one_more,
    test_a_v6_neighbour_counts_the_same, test_the_factor_is_for_addresses_only,
    test_all_or_none, test_the_pause_doubles,
    test_the_clients_of_a_server_are_its_shops, test_the_writes_of_a_customer)
