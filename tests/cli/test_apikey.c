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
	ck_warns(ran, "The kind is publishable, secret or partner.");
	stage_close(&s);
}
END_TEST

START_TEST(test_a_partners)
{
	static const struct {
		const char *what, *line, *mend;
	} cases[] = {
	    {"no source", "--kind partner", "needs its source"},
	    {"a source of another shape", "--kind partner --source Market",
		"needs its source"},
	    {"a source for others", "--kind secret --source market",
		"Only a partner's key"},
	    {"a scope of another kind", "--kind secret --scopes vouch_email",
		"cannot hold vouch_email"},
	    {"an unknown scope", "--kind secret --scopes everything",
		"no scope 'everything'"},
	    {"no network", "--kind secret --networks 10.0.0.0/99",
		"no list of"},
	    {"no days", "--days 0", "--days is a number from 1"},
	    {"days that are no number", "--days soon", "--days is a number"},
	    {"no rate", "--per-minute many", "--per-minute is a number"},
	    {"too high a rate", "--per-minute 1000001", "1000000 times"},
	};
	struct stage s;
	struct ran ran;
	const struct json *row;
	size_t i;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	for (i = 0; i < COUNT(cases); i++) {
		ran =
		    stage_run(&s, arena_print(s.c->arena,
				      "apikey create shop %s", cases[i].line));
		ck_case(cases[i].what, ran.status == 2);
		ck_case(cases[i].what, strstr(ran.err, cases[i].mend));
	}
	ran = stage_run(&s, "apikey create shop --kind partner --source market"
			    " --networks 192.0.2.0/24 --days 30"
			    " --per-minute 60 --json");
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&s, "apikey list shop --json");
	row = stage_json(&s, &ran)->first;
	ck_assert_str_eq(
	    json_get_text(row, "scopes"), "customer:authenticate channel:read");
	ck_assert_str_eq(json_get_text(row, "source"), "market");
	ck_assert_str_eq(json_get_text(row, "networks"), "192.0.2.0/24");
	ck_assert_int_eq(json_get(row, "per_minute")->i, 60);
	ck_assert_ptr_nonnull(json_get_text(row, "expires"));
	ck_assert_ptr_null(json_get_text(row, "last_used"));
	stage_close(&s);
}
END_TEST

START_TEST(test_disabled_and_enabled)
{
	struct stage s;
	struct ran ran;
	const char *id;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "apikey create shop --json");
	id = json_get_text(stage_json(&s, &ran), "id");
	ran = stage_run(
	    &s, arena_print(s.c->arena, "apikey disable shop %s", id));
	ck_ran(ran, ran.status == 0);
	ran = stage_run(
	    &s, arena_print(s.c->arena, "apikey disable shop %s", id));
	ck_ran(ran, ran.status == 1);
	ran =
	    stage_run(&s, arena_print(s.c->arena, "apikey enable shop %s", id));
	ck_ran(ran, ran.status == 0);
	ran =
	    stage_run(&s, arena_print(s.c->arena, "apikey revoke shop %s", id));
	ck_ran(ran, ran.status == 0);
	ran =
	    stage_run(&s, arena_print(s.c->arena, "apikey enable shop %s", id));
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "that can become active");
	ran = stage_run(&s, "apikey scopes");
	ck_says(ran, "token:introspect");
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

SUITE(apikey, test_created_and_shown_once, test_a_secret_one, test_a_partners,
    test_disabled_and_enabled, test_revoked)
