/* SPDX-License-Identifier: ISC */
/* doorward session: listed, and revoked. */

#include "stage.h"

START_TEST(test_list)
{
	static const struct {
		const char *words;
		size_t n;
	} cases[] = {
	    {"session list shop", 2},
	    {"session list shop ann@x.example", 2},
	    {"session list shop u-1", 2},
	    {"session list shop --limit 1", 1},
	};
	const struct json *list;
	struct stage s;
	struct ran ran;
	size_t i, n;

	stage_open(&s, true);
	(void)stage_people(&s);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == 0);
		ck_says(ran, "ann@x.example  Firefox on Linux  192.0.2.7  20");
		ran = stage_run(
		    &s, arena_print(s.c->arena, "%s --json", cases[i].words));
		list = stage_json(&s, &ran);
		n = 0;
		json_each (row, list)
			n++;
		ck_case(cases[i].words, n == cases[i].n);
		ck_assert_str_eq(json_get_text(list->first, "amr"), "otp");
		ck_assert_str_eq(json_get_text(list->first, "door"), "B");
		ck_ran(ran, strstr(ran.out, "SALT") == NULL);
	}
	stage_do(&s, "UPDATE sessions SET idle_expires_at = 1");
	ran = stage_run(&s, "session list shop");
	ck_ran(ran, ran.status == 0 && !ran.out[0]);
	ck_warns(ran, "Nobody is signed in.");
	ran = stage_run(&s, "session list shop --json");
	ck_assert_ptr_null(stage_json(&s, &ran)->first);
	stage_close(&s);
}
END_TEST

#define ENDED "SELECT COUNT(*) FROM sessions WHERE end_reason = 'by_operator'"
#define TOLD                                                         \
	"SELECT COUNT(*) FROM audit_events WHERE actor = 'operator'" \
	" AND customer_id IS NOT NULL AND event = "

START_TEST(test_revoke)
{
	struct stage s;
	struct ran ran;
	const char *id;

	stage_open(&s, true);
	(void)stage_people(&s);
	ran = stage_run(&s, "session list shop --json");
	id = json_get_text(stage_json(&s, &ran)->first, "id");
	ran = stage_run(
	    &s, arena_print(s.c->arena, "session revoke other %s", id));
	ck_ran(ran, ran.status == 1);
	ck_assert_int_eq(stage_count(&s, ENDED), 0);
	ran = stage_run(
	    &s, arena_print(s.c->arena, "session revoke shop %s", id));
	ck_ran(ran, ran.status == 0 && !ran.out[0] && !ran.err[0]);
	ck_assert_int_eq(stage_count(&s, ENDED), 1);
	ck_assert_int_eq(
	    stage_count(&s, TOLD "'session_ended' AND session_id IS NOT NULL"),
	    1);
	ran = stage_run(
	    &s, arena_print(s.c->arena, "session revoke shop %s", id));
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "'shop' has no such session that lives.");
	ran = stage_run(&s, "session revoke shop --customer ann@x.example");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "1 session ended.");
	ran = stage_run(&s, "session revoke shop --customer ann@x.example");
	ck_warns(ran, "0 sessions ended.");
	ck_assert_int_eq(stage_count(&s, ENDED), 2);
	ck_assert_int_eq(stage_count(&s, TOLD "'sessions_ended'"), 1);
	stage_close(&s);
}
END_TEST

START_TEST(test_refused)
{
	static const struct {
		const char *words;
		int status;
		const char *says;
	} cases[] = {
	    {"session list", 2, "session list SHOP [WHO]"},
	    {"session list shp", 1, "There is no tenant 'shp'."},
	    {"session list shop bob@x.example", 1, "has no customer"},
	    {"session list shop --limit many", 2, "--limit is a number"},
	    {"session revoke shop", 2, "Name either one session"},
	    {"session revoke shop 5", 2, "'5' is no session's id."},
	    {"session revoke shop 5 --customer u-1", 2, "Name either"},
	    {"session revoke shop --customer bob", 1, "has no customer"},
	    {"session revoke shop 00000000-0000-7000-8000-000000000000", 1,
		"'shop' has no such session"},
	    {"session revoke shp --customer u-1", 1, "There is no tenant"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_people(&s);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == cases[i].status && !ran.out[0]);
		ck_warns(ran, cases[i].says);
	}
	stage_close(&s);
}
END_TEST

SUITE(session, test_list, test_revoke, test_refused)
