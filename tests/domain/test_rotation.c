/* SPDX-License-Identifier: ISC */
/* Signing keys turn: when a new one signs, when an old one ends. */

#include "office.h"
#include "shop.h"

#define AFTER_MS   SHOP_KEY_AFTER_MS
#define OVERLAP_MS SHOP_KEY_OVERLAP_MS

static bool
is_known(struct ctx *c, const char *kid)
{
	const struct ring_key *ring;
	enum err e = ring_find(c, kid, &ring);

	ck_assert(e == OK || e == ERR_TOKEN_INVALID);
	return e == OK;
}

static size_t
published(struct ctx *c)
{
	struct public_key *keys;
	size_t n;

	ck_ok(jwks_list(c, c->tenant, &keys, &n));
	return n;
}

static void
purge(struct ctx *c)
{
	uint64_t n;

	ck_ok(store_purge(c, 500, &n));
}

START_TEST(test_a_key_from_begin_to_end)
{
	struct ctx *c = shop_day_open();
	const char *old = shop_signs(c, ALG_ES256), *new;

	shop_later(c, DAY_MS);
	ck_assert_str_eq(shop_key_state(c, old), "signs");
	new = shop_rotated(c, ALG_ES256);
	ck_assert_ptr_nonnull(new);
	ck_assert_str_eq(shop_key_state(c, new), "published");
	ck_assert_str_eq(shop_key_state(c, old), "signs");
	ck_assert_uint_eq(published(c), 2);
	shop_later(c, AFTER_MS - 1);
	ck_assert_str_eq(shop_signs(c, ALG_ES256), old);
	shop_later(c, 60 * SECOND_MS + 1);
	ck_assert_str_eq(shop_signs(c, ALG_ES256), new);
	ck_assert_str_eq(shop_key_state(c, new), "signs");
	ck_assert_str_eq(shop_key_state(c, old), "overlapping");
	shop_later(c, OVERLAP_MS - AFTER_MS - 60 * SECOND_MS - 1);
	ck_assert(is_known(c, old));
	ck_assert_uint_eq(published(c), 2);
	shop_later(c, 1);
	ck_assert(!is_known(c, old));
	ck_assert_str_eq(shop_key_state(c, old), "retired");
	ck_assert_uint_eq(published(c), 1);
	shop_later(c, DAY_MS + 1);
	purge(c);
	ck_assert_str_eq(shop_key_state(c, old), "gone");
	ck_assert_str_eq(shop_key_state(c, new), "signs");
	ck_assert_str_eq(shop_signs(c, ALG_ES256), new);
	shop_close(c);
}
END_TEST

START_TEST(test_no_token_dies_by_it)
{
	struct ctx *c = shop_day_open();
	struct login ann, last;

	shop_set(c, "door_b_alg", "ES256");
	shop_later(c, DAY_MS);
	(void)shop_rotated(c, ALG_ES256);
	ann = shop_sign_in(c, "ann@x.example");
	/* a worker that read just before it signs a minute longer */
	shop_later(c, AFTER_MS - 1);
	(void)shop_signs(c, ALG_ES256);
	shop_later(c, 59 * SECOND_MS);
	last = shop_sign_in(c, "bob@x.example");
	shop_later(c, DAY_MS - AFTER_MS - 60 * SECOND_MS);
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	shop_later(c, AFTER_MS + 60 * SECOND_MS);
	ck_ok(session_admit(c, last.tokens.access, NULL));
	shop_later(c, 60 * SECOND_MS);
	ck_err(session_admit(c, last.tokens.access, NULL), ERR_TOKEN_EXPIRED);
	shop_close(c);
}
END_TEST

START_TEST(test_within_six_minutes_it_is_the_same)
{
	struct ctx *c = shop_open();

	ck_assert_ptr_null(shop_rotated(c, ALG_ES256));
	shop_later(c, DAY_MS);
	ck_assert_ptr_nonnull(shop_rotated(c, ALG_ES256));
	ck_assert_ptr_null(shop_rotated(c, ALG_ES256));
	ck_assert_ptr_nonnull(shop_rotated(c, ALG_HS512));
	shop_later(c, AFTER_MS - 1);
	ck_assert_ptr_null(shop_rotated(c, ALG_ES256));
	shop_later(c, 1);
	ck_assert_ptr_nonnull(shop_rotated(c, ALG_ES256));
	ck_assert_int_eq(
	    office_count(c, "SELECT COUNT(*) FROM audit_events WHERE"
			    " event = 'signing_key_rotated'"),
	    3);
	shop_close(c);
}
END_TEST

static enum err
rotate_both(struct ctx *c)
{
	int64_t made = 0;

	return signing_keys_rotate(c, c->tenant, &made);
}

START_TEST(test_two_at_once_make_one)
{
	struct ctx *c = shop_open();
	int i;

	for (i = 1; i <= 5; i++) {
		shop_later(c, DAY_MS);
		office_twice(c, rotate_both);
		ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM"
						 " signing_keys"),
		    2 + 2 * i);
		ck_assert_int_eq(
		    office_count(c, "SELECT COUNT(*) FROM signing_keys"
				    " WHERE retires_at IS NULL"),
		    2);
	}
	shop_close(c);
}
END_TEST

/* Even where there is none at all, and the first signs at once. */
START_TEST(test_two_firsts_at_once)
{
	struct ctx *c = shop_open();

	office_do(c, "DELETE FROM signing_keys WHERE alg = 'ES256'");
	shop_later(c, DAY_MS);
	ck_assert_ptr_nonnull(shop_rotated(c, ALG_ES256));
	ck_assert_ptr_null(shop_rotated(c, ALG_ES256));
	ck_assert_str_ne(shop_signs(c, ALG_ES256), "");
	shop_close(c);
}
END_TEST

/* ---- by age ------------------------------------------------------------------- */

static int64_t
turned(struct ctx *c)
{
	struct uuid after = {.b = {0}};
	int64_t made = 0;

	do
		ck_ok(signing_keys_turn(c, &after, &made));
	while (!uuid_is_nil(after));
	return made;
}

START_TEST(test_by_age)
{
	struct ctx *c = shop_open();
	const struct tenant *shop = c->tenant;

	ck_assert_int_eq(turned(c), 0);
	shop_enter(c, shop_add(c, "other"));
	shop_set(c, "key_rotation_days", "0");
	shop_enter(c, shop_add(c, "third"));
	shop_set(c, "key_rotation_days", "100");
	shop_later(c, 90 * DAY_MS - 1);
	ck_assert_int_eq(turned(c), 0);
	shop_later(c, 1);
	ck_assert_int_eq(turned(c), 2);
	ck_assert_int_eq(turned(c), 0);
	shop_later(c, 10 * DAY_MS);
	ck_assert_int_eq(turned(c), 2);
	shop_later(c, 3650 * DAY_MS);
	ck_assert_int_eq(turned(c), 4);
	ck_assert_int_eq(
	    office_count(c, "SELECT COUNT(*) FROM audit_events WHERE"
			    " event = 'signing_key_rotated'"
			    " AND actor = 'schedule'"),
	    8);
	ck_ok(shop_delete(c, shop, false));
	shop_later(c, 90 * DAY_MS);
	ck_assert_int_eq(turned(c), 0);
	shop_later(c, 10 * DAY_MS);
	ck_assert_int_eq(turned(c), 2);
	shop_close(c);
}
END_TEST

START_TEST(test_many_tenants)
{
	enum { PAGE = 500 };
	struct ctx *c = shop_open();
	struct uuid after = {.b = {0}};
	int64_t made = 0;

	office_do(c, arena_print(c->arena,
			 "INSERT INTO tenants SELECT"
			 " UNHEX(LPAD(HEX(seq), 32, '0')), NULL, 'x', 'shop',"
			 " 'active', '', 0, '', NULL, NULL, NULL, 0, 0"
			 " FROM seq_1_to_%d",
			 PAGE));
	shop_later(c, 90 * DAY_MS);
	ck_ok(signing_keys_turn(c, &after, &made));
	ck_assert_int_eq(made, 0);
	ck_assert(!uuid_is_nil(after));
	ck_ok(signing_keys_turn(c, &after, &made));
	ck_assert_int_eq(made, 2);
	ck_ok(signing_keys_turn(c, &after, &made));
	ck_assert_int_eq(made, 2);
	ck_assert(uuid_is_nil(after));
	shop_close(c);
}
END_TEST

/* ---- an end --------------------------------------------------------------------- */

START_TEST(test_retired_at_once)
{
	struct ctx *c = shop_open();
	const char *old = shop_signs(c, ALG_ES256), *new;

	ck_ok(signing_key_retire(c, c->tenant, old, &new));
	ck_assert_ptr_nonnull(new);
	ck_assert_str_eq(shop_key_state(c, old), "retired");
	ck_assert_str_eq(shop_key_state(c, new), "signs");
	ck_assert_uint_eq(published(c), 1);
	shop_later(c, 60 * SECOND_MS);
	ck_assert(!is_known(c, old));
	ck_assert_str_eq(shop_signs(c, ALG_ES256), new);
	ck_err(signing_key_retire(c, c->tenant, old, &new), ERR_NOT_FOUND);
	ck_err(signing_key_retire(c, c->tenant, "k1", &new), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    office_count(c, "SELECT COUNT(*) FROM audit_events WHERE"
			    " event = 'signing_key_retired'"),
	    1);
	shop_close(c);
}
END_TEST

START_TEST(test_another_tenants_key)
{
	struct ctx *c = shop_open();
	const char *kid = shop_signs(c, ALG_ES256), *new;

	ck_err(signing_key_retire(c, shop_add(c, "other"), kid, &new),
	    ERR_NOT_FOUND);
	ck_assert_str_eq(shop_key_state(c, kid), "signs");
	shop_close(c);
}
END_TEST

START_TEST(test_where_another_signs_no_new_one_is_made)
{
	struct ctx *c = shop_open();
	const char *old = shop_signs(c, ALG_ES256), *new, *more;

	shop_later(c, DAY_MS);
	new = shop_rotated(c, ALG_ES256);
	shop_later(c, HOUR_MS);
	ck_ok(signing_key_retire(c, c->tenant, old, &more));
	ck_assert_ptr_null(more);
	ck_assert_str_eq(shop_signs(c, ALG_ES256), new);
	shop_close(c);
}
END_TEST

/* A shop that an older release left so is mended, whatever its settings. */
START_TEST(test_an_end_without_a_successor_is_due)
{
	struct ctx *c = shop_day_open();

	shop_set(c, "key_rotation_days", "0");
	shop_later(c, DAY_MS);
	office_do(c, arena_print(c->arena,
			 "UPDATE signing_keys SET retires_at = %lld"
			 " WHERE alg = 'ES256'",
			 (long long)(c->now + DAY_MS)));
	ck_assert_int_eq(turned(c), 1);
	ck_assert_int_eq(turned(c), 0);
	shop_later(c, 2 * DAY_MS);
	(void)shop_signs(c, ALG_ES256);
	shop_set(c, "door_a_alg", "HS512");
	office_do(c, "UPDATE signing_keys SET retires_at = 1"
		     " WHERE alg = 'ES256'");
	ck_assert_int_eq(turned(c), 0);
	shop_close(c);
}
END_TEST

/* ---- lives ------------------------------------------------------------------------ */

/* A longer life set after the rotation does not outlive the key. */
START_TEST(test_a_token_never_outlives_its_key)
{
	struct ctx *c = shop_day_open();
	struct login ann;

	shop_set(c, "door_b_alg", "ES256");
	shop_later(c, DAY_MS);
	(void)shop_signs(c, ALG_ES256);
	(void)shop_rotated(c, ALG_ES256);
	shop_later(c, 60 * SECOND_MS);
	shop_set(c, "door_b_access_seconds", "172800");
	ann = shop_sign_in(c, "ann@x.example");
	ck_assert_int_eq(ann.tokens.access_ms, OVERLAP_MS - 60 * SECOND_MS);
	shop_later(c, AFTER_MS);
	ann = shop_sign_in(c, "ann@x.example");
	ck_assert_int_eq(ann.tokens.access_ms, 2 * DAY_MS);
	shop_close(c);
}
END_TEST

/* Nor does one signed before lives were shortened, whichever door's it was. */
START_TEST(test_lives_that_were_longer)
{
	struct ctx *c = shop_day_open();
	const char *old;
	int64_t end;

	shop_set(c, "door_b_refresh_idle_seconds", "864000");
	shop_set(c, "door_b_access_seconds", "259200");
	shop_later(c, HOUR_MS);
	end = c->now + 3 * DAY_MS;
	shop_set(c, "door_b_access_seconds", "3600");
	shop_later(c, DAY_MS);
	shop_set(c, "door_b_access_seconds", "1800");
	old = shop_signs(c, ALG_ES256);
	(void)shop_rotated(c, ALG_ES256);
	c->now = end + 60 * SECOND_MS - 1;
	ck_assert_str_eq(shop_key_state(c, old), "overlapping");
	shop_later(c, 1);
	ck_assert_str_eq(shop_key_state(c, old), "retired");
	shop_close(c);
}
END_TEST

/* A tenant from before, whose keys of that algorithm are gone. */
START_TEST(test_another_algorithm_works_at_once)
{
	struct ctx *c = shop_open();
	struct login ann;

	office_do(c, "DELETE FROM signing_keys WHERE alg = 'ES256'");
	shop_set(c, "door_b_alg", "ES256");
	ann = shop_sign_in(c, "ann@x.example");
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	shop_set(c, "door_b_alg", "ES256");
	ck_assert_int_eq(
	    office_count(c, "SELECT COUNT(*) FROM signing_keys"), 2);
	shop_close(c);
}
END_TEST

SUITE(rotation, test_a_key_from_begin_to_end, test_no_token_dies_by_it,
    test_within_six_minutes_it_is_the_same, test_two_at_once_make_one,
    test_two_firsts_at_once, test_by_age, test_many_tenants,
    test_retired_at_once, test_another_tenants_key,
    test_where_another_signs_no_new_one_is_made,
    test_an_end_without_a_successor_is_due, test_lives_that_were_longer,
    test_a_token_never_outlives_its_key, test_another_algorithm_works_at_once)
