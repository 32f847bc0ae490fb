/* SPDX-License-Identifier: ISC */
/* A signing key ends before its time: some other one always signs. */

#include "office.h"
#include "shop.h"

#define AFTER_MS   SHOP_KEY_AFTER_MS
#define OVERLAP_MS SHOP_KEY_OVERLAP_MS

static const char *
retired(struct ctx *c, const char *kid)
{
	const char *successor;

	ck_ok(signing_key_retire(c, c->tenant, kid, &successor));
	return successor;
}

/* At each hour of three days some key signs; the last one that does. */
static const char *
signs_on(struct ctx *c)
{
	const char *kid = "";
	int i;

	for (i = 0; i < 3 * 24; i++) {
		shop_later(c, HOUR_MS);
		kid = shop_signs(c, ALG_ES256);
	}
	return kid;
}

/* Whether it signs by then, or is only published. */
START_TEST(test_the_newest_retired_leaves_no_gap)
{
	static const int64_t waits[] = {MINUTE_MS, HOUR_MS};
	struct ctx *c;
	const char *old, *new, *next;
	size_t i;

	for (i = 0; i < COUNT(waits); i++) {
		c = shop_day_open();
		shop_later(c, DAY_MS);
		old = shop_signs(c, ALG_ES256);
		new = shop_rotated(c, ALG_ES256);
		shop_later(c, waits[i]);
		next = retired(c, new);
		ck_assert_ptr_nonnull(next);
		ck_assert_str_eq(shop_key_state(c, next), "published");
		ck_assert_str_eq(shop_signs(c, ALG_ES256), old);
		shop_later(c, AFTER_MS + MINUTE_MS);
		ck_assert_str_eq(shop_signs(c, ALG_ES256), next);
		ck_assert_str_eq(signs_on(c), next);
		shop_close(c);
	}
}
END_TEST

/* What is left of the old one is too short to publish another under it. */
START_TEST(test_the_newest_retired_near_the_end_of_the_old)
{
	struct ctx *c = shop_day_open();
	const char *new, *next;

	shop_later(c, DAY_MS);
	new = shop_rotated(c, ALG_ES256);
	shop_later(c, OVERLAP_MS - 7 * MINUTE_MS);
	next = retired(c, new);
	ck_assert_ptr_nonnull(next);
	ck_assert_str_eq(shop_key_state(c, next), "signs");
	shop_later(c, MINUTE_MS);
	ck_assert_str_eq(signs_on(c), next);
	shop_close(c);
}
END_TEST

/* The published one would leave nobody to sign until then. */
START_TEST(test_the_old_one_retired_before_the_new_one_signs)
{
	struct ctx *c = shop_day_open();
	const char *old, *new, *next;

	shop_later(c, DAY_MS);
	old = shop_signs(c, ALG_ES256);
	new = shop_rotated(c, ALG_ES256);
	shop_later(c, MINUTE_MS);
	next = retired(c, old);
	ck_assert_ptr_nonnull(next);
	shop_later(c, 1);
	ck_assert_str_eq(shop_key_state(c, next), "signs");
	ck_assert_str_eq(shop_key_state(c, new), "published");
	(void)signs_on(c);
	shop_close(c);
}
END_TEST

START_TEST(test_a_published_one_is_enough)
{
	struct ctx *c = shop_day_open();

	shop_later(c, DAY_MS);
	(void)shop_rotated(c, ALG_ES256);
	shop_set(c, "door_b_alg", "ES256");
	ck_assert_int_eq(
	    office_count(c, "SELECT COUNT(*) FROM signing_keys"), 3);
	shop_close(c);
}
END_TEST

SUITE(retire, test_the_newest_retired_leaves_no_gap,
    test_the_newest_retired_near_the_end_of_the_old,
    test_the_old_one_retired_before_the_new_one_signs,
    test_a_published_one_is_enough)
