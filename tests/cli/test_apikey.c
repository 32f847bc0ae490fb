/* SPDX-License-Identifier: ISC */
/* doorward apikey */

#include "stage.h"

/* The key alone, so that a script can take it. */
START_TEST(test_created_and_shown_once)
{
	struct stage s;
	struct ran ran;
	const char *key;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "apikey create shop --name front");
	ck_ran(ran, ran.status == 0);
	ck_ran(ran, strlen(ran.out) == 3 + 32 + 1 && ran.out[35] == '\n');
	ck_warns(ran, "shown only now");
	key = arena_copy(s.c->arena, ran.out, 35);
	ck_ran(ran, strstr(ran.err, key) == NULL);
	ran = stage_run(&s, "apikey list shop");
	ck_says(ran, arena_copy(s.c->arena, key, 8));
	ck_says(ran, "front");
	ck_ran(ran, strstr(ran.out, key) == NULL);
	ck_ran(ran, strstr(ran.out, key + 3) == NULL);
	stage_close(&s);
}
END_TEST

START_TEST(test_a_secret_one)
{
	struct stage s;
	struct ran ran;
	const struct json *json;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "apikey create shop --kind secret --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json, "kind"), "secret");
	ck_assert_uint_eq(strlen(json_get_text(json, "key")), 3 + 43);
	ran = stage_run(&s, "apikey create shop --kind master");
	ck_ran(ran, ran.status == 2);
	ck_assert_str_eq(ran.err, "doorward: --kind is publishable or secret, "
				  "and --name has at most 100 characters.\n");
	stage_close(&s);
}
END_TEST

START_TEST(test_revoked)
{
	struct stage s;
	struct ran ran;
	const struct json *json;
	const char *id;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	(void)stage_run(&s, "tenant create other");
	ran = stage_run(&s, "apikey create shop --json");
	id = json_get_text(stage_json(&s, &ran), "id");
	ran = stage_run(
	    &s, arena_print(s.c->arena, "apikey revoke other %s", id));
	ck_ran(ran, ran.status == 1);
	ran =
	    stage_run(&s, arena_print(s.c->arena, "apikey revoke shop %s", id));
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&s, "apikey list shop --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json->first, "status"), "revoked");
	ran =
	    stage_run(&s, arena_print(s.c->arena, "apikey revoke shop %s", id));
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "`doorward apikey list shop`");
	ran = stage_run(&s, "apikey revoke shop pk_12345");
	ck_ran(ran, ran.status == 2);
	ck_warns(ran, "'pk_12345' is no key's id");
	stage_close(&s);
}
END_TEST

SUITE(apikey, test_created_and_shown_once, test_a_secret_one, test_revoked)
