/* SPDX-License-Identifier: ISC */
/* doorward outbox */

#include "stage.h"

START_TEST(test_list)
{
	static const struct {
		const char *words;
		bool found;
	} cases[] = {
	    {"outbox list --json", true},
	    {"outbox list shop --json", true},
	    {"outbox list other --json", false},
	    {"outbox list --state queued --json", true},
	    {"outbox list --state dead --json", false},
	    {"outbox list shop --state queued --json", true},
	};
	const struct json *row;
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	(void)stage_message(&s);
	(void)stage_run(&s, "tenant create other");
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		row = stage_json(&s, &ran)->first;
		ck_case(cases[i].words, (row != NULL) == cases[i].found);
		ck_ran(ran, strstr(ran.out, "ada@") == NULL);
		if (row == NULL)
			continue;
		ck_assert_str_eq(json_get_text(row, "tenant"), "shop");
		ck_assert_str_eq(json_get_text(row, "state"), "queued");
		ck_assert_int_eq(json_get(row, "attempts")->i, 0);
	}
	ran = stage_run(&s, "outbox list");
	ck_says(ran, "@example.com");
	ran = stage_run(&s, "outbox list --state waiting");
	ck_ran(ran, ran.status == 2);
	stage_close(&s);
}
END_TEST

START_TEST(test_retry)
{
	struct stage s;
	struct ran ran;
	const char *retry;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	retry = arena_print(s.c->arena, "outbox retry %s",
	    uuid_text(s.c->arena, stage_message(&s)));
	ran = stage_run(&s, retry);
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "`doorward outbox list --state dead`");
	stage_do(&s, "UPDATE outbox SET state = 'dead', why = '550 no'");
	ran = stage_run(&s, "outbox list --state dead");
	ck_says(ran, "550 no");
	ran = stage_run(&s, retry);
	ck_ran(ran, ran.status == 0);
	ck_assert_str_eq(stage_text(&s, "SELECT state FROM outbox"), "queued");
	ran = stage_run(&s, "outbox retry 5");
	ck_ran(ran, ran.status == 2);
	stage_close(&s);
}
END_TEST

SUITE(outbox, test_list, test_retry)
