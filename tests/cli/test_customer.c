/* SPDX-License-Identifier: ISC */
/* doorward customer: found, shown, shut out, let in, deleted. */

#include "stage.h"

START_TEST(test_find)
{
	static const struct {
		const char *words;
		bool found;
	} cases[] = {
	    {"customer find shop ann", true},
	    {"customer find shop ANN@X.Example", true},
	    {"customer find shop +234~803", true},
	    {"customer find shop u-1", true},
	    {"customer find shop acme:u-1", true},
	    {"customer find shop nobody", false},
	    {"customer find shop x.example", false},
	    {"customer find shop %", false},
	    {"customer find shop ann --limit 1", true},
	};
	const struct json *row;
	const char *ann;
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	ann = stage_people(&s);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == 0);
		ck_ran(ran, (strstr(ran.out, ann) != NULL) == cases[i].found);
		if (!cases[i].found)
			ck_warns(ran, "No customer of 'shop' fits '");
		ran = stage_run(
		    &s, arena_print(s.c->arena, "%s --json", cases[i].words));
		row = stage_json(&s, &ran)->first;
		ck_case(cases[i].words, (row != NULL) == cases[i].found);
		ck_case(cases[i].words, row == NULL || row->next == NULL);
	}
	ran = stage_run(
	    &s, arena_print(s.c->arena, "customer find shop %s --json", ann));
	row = stage_json(&s, &ran)->first;
	ck_assert_str_eq(json_get_text(row, "id"), ann);
	ck_assert_str_eq(json_get_text(row, "email"), "ann@x.example");
	ck_assert_str_eq(json_get_text(row, "name"), "Ann Obi");
	ck_assert_str_eq(json_get_text(row, "status"), "active");
	stage_close(&s);
}
END_TEST

START_TEST(test_show)
{
	const struct json *json;
	const char *ann;
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	ann = stage_people(&s);
	ran = stage_run(&s, "customer show shop ann@x.example");
	ck_ran(ran, ran.status == 0 && !ran.err[0]);
	ck_says(ran, arena_print(s.c->arena, "id            %s\n", ann));
	ck_says(ran, "email         ann@x.example (proven 1970-01-01T00:00:01");
	ck_says(ran, "phone         +2348031234567 (only stated)\n");
	ck_says(ran, "sessions      2 live\n");
	ck_says(ran, "last sign-in  20");
	ck_says(ran, "IDENTITY  VALUE");
	ck_says(ran, "partner   acme:u-1");
	ran = stage_run(&s, "customer show shop +2348031234567 --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json_get(json, "profile"), "id"), ann);
	ck_assert_int_eq(json_get(json, "live_sessions")->i, 2);
	ck_assert_str_eq(
	    json_get_text(json_get(json, "identities")->first, "value"),
	    "ann@x.example");
	ck_ran(ran, strstr(ran.out, "SALT") == NULL);
	stage_close(&s);
}
END_TEST

START_TEST(test_disable_and_enable)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_people(&s);
	ran = stage_run(&s, "customer disable shop ann@x.example");
	ck_ran(ran, ran.status == 0 && !ran.out[0] && !ran.err[0]);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM sessions WHERE ended_at > 0"
			    " AND end_reason = 'disabled'"),
	    2);
	ran = stage_run(&s, "customer show shop u-1");
	ck_says(ran, "status        disabled\n");
	ck_says(ran, "sessions      0 live\n");
	ran = stage_run(&s, "customer enable shop acme:u-1");
	ck_ran(ran, ran.status == 0);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM customers WHERE status ="
			    " 'active'"),
	    2);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM audit_events WHERE event ="
			    " 'customer_status' AND actor = 'operator'"
			    " AND customer_id IS NOT NULL AND detail IN"
			    " ('active', 'disabled')"),
	    2);
	stage_close(&s);
}
END_TEST

/* A name from before names were looked at, or from an import. */
START_TEST(test_no_name_moves_the_cursor)
{
	static const char *const ways[] = {"customer show shop ann@x.example",
	    "customer find shop ann@x.example", "tenant show shop",
	    "tenant list", "audit shop"};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_people(&s);
	stage_do(&s, "UPDATE customers SET full_name ="
		     " CONCAT('Ann', X'C29B', '2J', X'E280AE', 'x')");
	stage_do(&s, "UPDATE tenants SET name ="
		     " CONCAT('Ann', X'C29B', '2J', X'E280AE', 'x')");
	stage_do(&s, "UPDATE audit_events SET detail ="
		     " CONCAT('Ann', X'C29B', '2J', X'E280AE', 'x')");
	for (i = 0; i < COUNT(ways); i++) {
		ran = stage_run(&s, ways[i]);
		ck_ran(ran, ran.status == 0);
		ck_says(ran, "Ann?2J?x");
		ck_ran(ran, !strstr(ran.out, "\xc2\x9b") &&
				!strstr(ran.out, "\xe2\x80\xae"));
	}
	ran = stage_run(&s, "tenant show \xc2\x9b"
			    "2J");
	ck_ran(ran, ran.status != 0);
	ck_warns(ran, "?2J");
	stage_close(&s);
}
END_TEST

#define OF_ANN "SELECT COUNT(*) FROM audit_events WHERE customer_id IS NOT NULL"

START_TEST(test_delete)
{
	const char *ann, *again;
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	ann = stage_people(&s);
	ran = stage_run(&s, "customer delete shop ann@x.example");
	ck_ran(ran, ran.status == 2);
	ck_warns(ran, "--yes");
	ck_warns(ran, ann);
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM customers"), 2);
	ran = stage_run(&s, "customer delete shop ann@x.example --yes");
	ck_ran(ran, ran.status == 0 && !ran.out[0]);
	ck_warns(ran, "Deleted all of customer");
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM customers"), 1);
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM sessions"), 2);
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM cart_lines"), 1);
	ck_assert_int_eq(stage_count(&s, OF_ANN " AND address IS NULL"), 2);
	ran = stage_run(&s, "customer delete shop ann@x.example --yes");
	ck_ran(ran, ran.status == 1);
	again = arena_print(s.c->arena, "customer delete shop %s --yes", ann);
	ran = stage_run(&s, again);
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "Nothing is held of customer");
	ck_assert_int_eq(stage_count(&s, OF_ANN
			     " AND event = 'customer_deleted'"
			     " AND actor = 'operator' AND detail IS NULL"),
	    1);
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
	    {"customer find", 2, "customer find SHOP TEXT"},
	    {"customer find shop", 2, "customer find SHOP TEXT"},
	    {"customer find shp ann", 1, "There is no tenant 'shp'."},
	    {"customer find shop ann --limit 0", 2, "--limit is a number"},
	    {"customer find shop ann --yes", 2, "--yes is not for this"},
	    {"customer show shop bob@x.example", 1,
		"'shop' has no customer 'bob@x.example'."},
	    {"customer show shop ann", 1, "'shop' has no customer 'ann'."},
	    {"customer show shop 00000000-0000-7000-8000-000000000000", 1,
		"'shop' has no customer"},
	    {"customer disable shop bob@x.example", 1, "has no customer"},
	    {"customer enable shp ann@x.example", 1, "There is no tenant"},
	    {"customer delete shop bob@x.example --yes", 1, "has no customer"},
	    {"customer export shop bob@x.example", 1, "has no customer"},
	    {"customer shw shop", 2, "Did you mean 'customer show'?"},
	    {"customer show shop twin@x.example", 1,
		"Several customers of 'shop' fit 'twin@x.example'."},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_people(&s);
	stage_do(&s, "INSERT INTO customers (tenant_id, id, email, created_at,"
		     " updated_at) SELECT id, seq, 'twin@x.example', 1, 1"
		     " FROM tenants, seq_1_to_2");
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == cases[i].status && !ran.out[0]);
		ck_warns(ran, cases[i].says);
	}
	stage_close(&s);
}
END_TEST

SUITE(customer, test_find, test_show, test_disable_and_enable,
    test_no_name_moves_the_cursor, test_delete, test_refused)
