/* SPDX-License-Identifier: ISC */
/* doorward key */

#include "stage.h"

START_TEST(test_create_and_list)
{
	struct stage s;
	struct ran ran;
	const struct json *json;
	const char *kid;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "key create shop --alg HS512 --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json, "alg"), "HS512");
	kid = json_get_text(json, "kid");
	ran = stage_run(&s, "key create shop");
	ck_ran(ran, ran.status == 0 && strlen(ran.out) == strlen(kid) + 1);
	ran = stage_run(&s, "key list shop");
	ck_says(ran, kid);
	ran = stage_run(&s, "key list shop --json");
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM signing_keys"
					 " WHERE signs_from > created_at"),
	    2);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM audit_events"
			    " WHERE event = 'signing_key_created'"),
	    2);
	ck_assert_ptr_nonnull(
	    json_get_text(stage_json(&s, &ran)->first, "signs from"));
	stage_close(&s);
}
END_TEST

START_TEST(test_another_algorithm)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "key create shop --alg none");
	ck_ran(ran, ran.status == 2);
	ck_warns(ran, "--alg is ES256 or HS512.");
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM signing_keys"), 2);
	stage_close(&s);
}
END_TEST

/* How many keys stand so in `key list`. */
static int
listed(struct stage *s, const char *state)
{
	struct ran ran = stage_run(s, "key list shop --json");
	const struct json *list = stage_json(s, &ran);
	int n = 0;

	json_each (key, list)
		n += strcmp(json_get_text(key, "state"), state) == 0;
	return n;
}

/* As if all keys had been made so long ago. */
static void
age(struct stage *s, const char *ms)
{
	stage_do(s, arena_print(s->c->arena,
			"UPDATE signing_keys SET created_at = created_at - %s,"
			" signs_from = signs_from - %s,"
			" retires_at = retires_at - %s",
			ms, ms, ms));
}

START_TEST(test_rotate)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	(void)stage_run(&s, "tenant set shop door_a_access_seconds 3600");
	(void)stage_run(&s, "tenant set shop door_a_refresh_idle_seconds 7200");
	stage_do(&s, "UPDATE tenants SET tokens_until = 0"); /* none is older */
	ck_assert_int_eq(listed(&s, "signs"), 2);
	ran = stage_run(&s, "key rotate shop");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "keys of the last six minutes");
	age(&s, "360000");
	ran = stage_run(&s, "key rotate shop --alg ES256");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "New keys: 1.");
	ck_assert_int_eq(listed(&s, "signs"), 2);
	ck_assert_int_eq(listed(&s, "published"), 1);
	age(&s, "360000");
	ck_assert_int_eq(listed(&s, "overlapping"), 1);
	ran = stage_run(&s, "key rotate --all");
	ck_warns(ran, "New keys: 2.");
	age(&s, "90000000");
	ck_assert_int_eq(listed(&s, "retired"), 3);
	ck_assert_int_eq(listed(&s, "signs"), 2);
	ran = stage_run(&s, "key list shop");
	ck_says(ran, " 1 d ");
	stage_close(&s);
}
END_TEST

START_TEST(test_rotate_by_age)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	(void)stage_run(&s, "tenant create other");
	(void)stage_run(&s, "tenant set other key_rotation_days 0");
	ran = stage_run(&s, "key rotate --schedule");
	ck_ran(ran, ran.status == 0 && *ran.err == '\0');
	age(&s, "7776000000");
	ran = stage_run(&s, "key rotate --schedule");
	ck_warns(ran, "New keys: 2.");
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM signing_keys"), 6);
	stage_close(&s);
}
END_TEST

START_TEST(test_rotate_whose)
{
	static const char *const wrong[] = {"key rotate",
	    "key rotate shop --all", "key rotate --all --schedule",
	    "key rotate --schedule --alg ES256", "key rotate shop --schedule",
	    "key rotate shop --alg RS256", "key rotate --all --alg none"};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	for (i = 0; i < COUNT(wrong); i++) {
		ran = stage_run(&s, wrong[i]);
		ck_ran(ran, ran.status == 2);
	}
	ran = stage_run(&s, "key rotate nobody");
	ck_ran(ran, ran.status == 1);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM signing_keys"), 2);
	stage_close(&s);
}
END_TEST

START_TEST(test_retire)
{
	struct stage s;
	struct ran ran;
	const char *kid;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	kid =
	    stage_text(&s, "SELECT kid FROM signing_keys WHERE alg = 'ES256'");
	ran = stage_run(&s, arena_print(s.c->arena, "key retire shop %s", kid));
	ck_ran(ran, ran.status == 2);
	ck_warns(ran, "say --now");
	ck_assert_int_eq(listed(&s, "retired"), 0);
	ran = stage_run(
	    &s, arena_print(s.c->arena, "key retire shop --now %s", kid));
	ck_ran(ran, ran.status == 0);
	ck_warns(ran,
	    "Within 60 seconds its tokens are dead here; who verifies "
	    "off line");
	ck_warns(ran, "signs in its place from now on; who verifies off line");
	ck_assert_int_eq(listed(&s, "retired"), 1);
	ck_assert_int_eq(listed(&s, "signs"), 2);
	ran = stage_run(
	    &s, arena_print(s.c->arena, "key retire shop --now %s", kid));
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "There is no such key, or it is retired.");
	stage_close(&s);
}
END_TEST

SUITE(key, test_create_and_list, test_another_algorithm, test_rotate,
    test_rotate_by_age, test_rotate_whose, test_retire)
