/* SPDX-License-Identifier: ISC */
/* doorward tenant */

#include "stage.h"

START_TEST(test_create)
{
	struct stage s;
	struct ran ran;
	struct uuid id;
	const struct json *json;

	stage_open(&s, true);
	ran = stage_run(&s, "tenant create shop --name The~Shop");
	ck_ran(ran, ran.status == 0 && strlen(ran.out) == 37);
	ck_ran(ran, uuid_read(arena_copy(s.c->arena, ran.out, 36), &id));
	ck_assert_str_eq(
	    stage_text(&s, "SELECT name FROM tenants"), "The Shop");
	ran = stage_run(&s, "tenant create platform --platform --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json, "slug"), "platform");
	ck_assert_str_eq(json_get_text(json, "kind"), "platform");
	ck_ran(ran, ran.err[0] == '\0');
	stage_close(&s);
}
END_TEST

START_TEST(test_not_created)
{
	static const struct {
		const char *words;
		int status;
		const char *says;
	} cases[] = {
	    {"tenant create shop", 1, "There is already a tenant 'shop'."},
	    {"tenant create Shop", 2, "A slug has 2 to 63"},
	    {"tenant create other --name=", 2, "A name is text of 1 to 100"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == cases[i].status);
		ck_warns(ran, cases[i].says);
		ck_ran(ran, ran.out[0] == '\0');
	}
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM tenants"), 1);
	stage_close(&s);
}
END_TEST

START_TEST(test_a_platform_that_is_none)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	ran = stage_run(&s, "tenant create elsewhere --platform");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "platform = platform");
	ran = stage_run(&s, "tenant create platform");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "--platform?");
	stage_close(&s);
}
END_TEST

START_TEST(test_list)
{
	struct stage s;
	struct ran ran;
	const struct json *json;

	stage_open(&s, true);
	ran = stage_run(&s, "tenant list --json");
	ck_assert_ptr_null(stage_json(&s, &ran)->first);
	(void)stage_run(&s, "tenant create one");
	(void)stage_run(&s, "tenant create two");
	ran = stage_run(&s, "tenant list --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json->first, "slug"), "one");
	ck_assert_str_eq(json_get_text(json->first->next, "slug"), "two");
	ck_assert_str_eq(json_get_text(json->first, "status"), "active");
	ck_assert_ptr_null(json->first->next->next);
	ran = stage_run(&s, "tenant list");
	ck_ran(ran, !strncmp(ran.out, "SLUG  NAME  KIND  STATUS  ID", 27));
	ck_says(ran, "\none   one   shop  active  ");
	stage_close(&s);
}
END_TEST

/* The row of this setting. */
static const struct json *
setting_of(const struct json *tenant, const char *name)
{
	json_each (row, json_get(tenant, "settings"))
		if (!strcmp(json_get_text(row, "setting"), name))
			return row;
	ck_abort_msg("no setting %s", name);
	return NULL;
}

START_TEST(test_show_all_settings)
{
	const struct setting *row;
	const struct json *json, *one;
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "tenant set shop mails_a_day 50");
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&s, "tenant show shop --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json, "slug"), "shop");
	ck_assert_str_eq(json_get_text(json, "issuer"),
	    arena_print(s.c->arena, "https://auth.example.com/%s",
		json_get_text(json, "id")));
	for (row = tenant_settings_table; row->name != NULL; row++) {
		one = setting_of(json, row->name);
		ck_case(row->name, json_get(one, "preset")->b ==
				       (strcmp(row->name, "mails_a_day") != 0));
	}
	ck_assert_str_eq(
	    json_get_text(setting_of(json, "mails_a_day"), "value"), "50");
	ran = stage_run(&s, "tenant show shop");
	ck_says(ran, "tries-per-address");
	ck_says(ran, "key-a-minute");
	ck_says(ran, "slug      shop\n");
	for (row = tenant_settings_table; row->name != NULL; row++)
		ck_says(ran, row->name);
	stage_close(&s);
}
END_TEST

START_TEST(test_an_unknown_tenant)
{
	static const char *const commands_of_tenants[] = {"tenant show shp",
	    "tenant set shp name x", "apikey create shp", "apikey list shp",
	    "apikey revoke shp 01a203be-2523-7c9a-9058-72afed60c820",
	    "key create shp", "key list shp", "outbox list shp"};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	for (i = 0; i < COUNT(commands_of_tenants); i++) {
		ran = stage_run(&s, commands_of_tenants[i]);
		ck_case(commands_of_tenants[i], ran.status == 1);
		ck_assert_str_eq(ran.err,
		    "doorward: There is no tenant 'shp'. `doorward tenant "
		    "list` shows those there are.\n");
	}
	stage_close(&s);
}
END_TEST

START_TEST(test_set)
{
	static const struct {
		const char *words;
		int status;
		const char *says;
	} cases[] = {
	    {"tenant set shop name The~New~Name", 0, ""},
	    {"tenant set shop origins https://shop.example", 0, ""},
	    {"tenant set shop colour red", 2,
		"colour is not a known key. `doorward tenant show shop`"},
	    {"tenant set shop mails_a_day many", 2, "whole number"},
	    {"tenant set other origins https://shop.example", 0, ""},
	    {"tenant set shop hosts shop.example", 0, ""},
	    {"tenant set other hosts shop.example", 1,
		"leads to another tenant"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	(void)stage_run(&s, "tenant create other");
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == cases[i].status);
		ck_warns(ran, cases[i].says);
		ck_ran(ran, ran.out[0] == '\0');
	}
	ck_assert_str_eq(
	    stage_text(&s, "SELECT name FROM tenants WHERE slug = 'shop'"),
	    "The New Name");
	stage_close(&s);
}
END_TEST

SUITE(tenant, test_create, test_not_created, test_a_platform_that_is_none,
    test_list, test_show_all_settings, test_an_unknown_tenant, test_set)
