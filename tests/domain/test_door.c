/* SPDX-License-Identifier: ISC */
/* Doors: each has its own lives of tokens, and they must fit each other. */

#include "shop.h"

START_TEST(test_presets)
{
	struct ctx *c = shop_open();
	struct door_terms a = door_terms(c->tenant, "A");
	struct door_terms b = door_terms(c->tenant, "B");

	ck_assert_int_eq(a.alg, ALG_ES256);
	ck_assert_int_eq(a.access_ms, 30 * DAY_MS);
	ck_assert_int_eq(a.idle_ms, 90 * DAY_MS);
	ck_assert_int_eq(a.whole_ms, 90 * DAY_MS);
	ck_assert_int_eq(a.sessions_max, 50);
	ck_assert_int_eq(b.alg, ALG_HS512);
	ck_assert_int_eq(b.access_ms, DAY_MS);
	ck_assert_int_eq(b.idle_ms, 14 * DAY_MS);
	ck_assert_int_eq(b.whole_ms, 30 * DAY_MS);
	ck_assert_int_eq(b.sessions_max, 10);
	shop_close(c);
}
END_TEST

START_TEST(test_drafts)
{
	struct ctx *c = shop_open();
	struct session one, two;

	session_draft(c, "A", &one);
	session_draft(c, "A", &two);
	ck_assert_str_eq(one.door, "A");
	ck_assert(!uuid_equal(one.id, two.id));
	ck_assert(memcmp(one.salt, two.salt, sizeof(one.salt)) != 0);
	ck_assert_int_eq(one.generation, 1);
	ck_assert_int_eq(one.expires_at, c->now + 90 * DAY_MS);
	shop_close(c);
}
END_TEST

START_TEST(test_lives_that_do_not_fit)
{
	struct tenant_settings set;

	settings_preset(tenant_settings_table, &set);
	ck_assert_ptr_null(door_terms_fault(&set));
	set.door_a_refresh_idle_seconds = set.door_a_access_seconds;
	ck_assert(strstr(door_terms_fault(&set), "door_a_refresh_idle"));
	settings_preset(tenant_settings_table, &set);
	set.door_a_refresh_seconds = set.door_a_refresh_idle_seconds - 1;
	ck_assert(strstr(door_terms_fault(&set), "door_a_refresh_seconds"));
	settings_preset(tenant_settings_table, &set);
	set.door_b_refresh_idle_seconds = set.door_b_access_seconds;
	ck_assert(strstr(door_terms_fault(&set), "door_b_refresh_idle"));
}
END_TEST

/* Of what is signed: A's refresh tokens are, B's are not. */
START_TEST(test_the_longest_life)
{
	struct tenant_settings set;

	settings_preset(tenant_settings_table, &set);
	ck_assert_int_eq(doors_longest_ms(&set), 90 * DAY_MS);
	set.door_a_refresh_idle_seconds = 7200;
	ck_assert_int_eq(doors_longest_ms(&set), DAY_MS);
	set.door_b_access_seconds = 3600;
	ck_assert_int_eq(doors_longest_ms(&set), 7200 * SECOND_MS);
	set.door_b_access_seconds = 7201;
	ck_assert_int_eq(doors_longest_ms(&set), 7201 * SECOND_MS);
}
END_TEST

START_TEST(test_what_signs)
{
	struct tenant_settings set;

	settings_preset(tenant_settings_table, &set);
	ck_assert(doors_sign_by(&set, ALG_HS512));
	ck_assert(doors_sign_by(&set, ALG_ES256));
	ck_assert(!doors_sign_by(&set, ALG_RS256));
	set.door_b_alg = "ES256";
	ck_assert(!doors_sign_by(&set, ALG_HS512));
}
END_TEST

SUITE(door, test_presets, test_drafts, test_lives_that_do_not_fit,
    test_the_longest_life, test_what_signs)
