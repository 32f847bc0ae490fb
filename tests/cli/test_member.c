/* SPDX-License-Identifier: ISC */
/* doorward member */

#include "stage.h"

/* A platform with ann's account, and a shop. */
static void
town_open(struct stage *s)
{
	stage_open(s, true);
	(void)stage_run(s, "tenant create platform --platform");
	(void)stage_run(s, "tenant create shop");
	stage_do(s,
	    "INSERT INTO customers (tenant_id, id, email, email_proven_at,"
	    " created_at, updated_at) SELECT id, 'ann-ann-ann-ann-',"
	    " 'ann@x.example', 1, 1, 1 FROM tenants WHERE slug = 'platform'");
	stage_do(s,
	    "INSERT INTO identities (tenant_id, kind, value, customer_id,"
	    " proven_at, created_at) SELECT tenant_id, 'email', email, id, 1, 1"
	    " FROM customers");
}

START_TEST(test_added_listed_removed)
{
	struct stage s;
	struct ran ran;
	const struct json *json;
	const char *id;

	town_open(&s);
	ran = stage_run(&s, "member add shop Ann@x.example");
	ck_ran(ran, ran.status == 0 && !ran.out[0] && !ran.err[0]);
	ran = stage_run(&s, "member list shop");
	ck_says(ran, "ann@x.example");
	ck_says(ran, "owner");
	id = stage_text(
	    &s, "SELECT LOWER(HEX(id)) FROM tenants WHERE slug = 'shop'");
	ran = stage_run(&s, "member list shop --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json->first, "email"), "ann@x.example");
	ck_assert_str_eq(json_get_text(json->first, "role"), "owner");
	ck_assert_ptr_nonnull(json_get_text(json->first, "since"));
	ck_assert_ptr_null(json->first->next);
	/* a shop is reached by its id as well */
	ran = stage_run(
	    &s, arena_print(s.c->arena,
		    "member remove %.8s-%.4s-%.4s-%.4s-%s ann@x.example", id,
		    id + 8, id + 12, id + 16, id + 20));
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&s, "member list shop --json");
	ck_assert_ptr_null(stage_json(&s, &ran)->first);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM audit_events WHERE event IN"
			    " ('member_added', 'member_removed') AND"
			    " actor = 'operator'"),
	    2);
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
	    {"member add shop bob@x.example", 1,
		"Nobody has signed in to the platform with 'bob@x.example'"},
	    {"member add shop bob", 1, "Nobody has signed in"},
	    {"member add shp ann@x.example", 1, "There is no tenant 'shp'."},
	    {"member add platform ann@x.example", 1,
		"'platform' is the platform; only shops have members."},
	    {"member remove shop ann@x.example", 1,
		"ann@x.example does not run 'shop'."},
	    {"member add shop ann@x.example", 0, ""},
	    {"member add shop ann@x.example", 1,
		"ann@x.example runs 'shop' already."},
	    {"member add shop", 2, "member add SHOP EMAIL"},
	    {"member list shp", 1, "There is no tenant 'shp'."},
	    {"member lst shop", 2, "Did you mean 'member list'?"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	town_open(&s);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == cases[i].status);
		ck_warns(ran, cases[i].says);
	}
	stage_close(&s);
}
END_TEST

START_TEST(test_without_a_platform)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "member add shop ann@x.example");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "Nobody has signed in");
	ran = stage_run(&s, "member list shop");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "There is no platform.");
	stage_close(&s);
}
END_TEST

SUITE(member, test_added_listed_removed, test_refused, test_without_a_platform)
