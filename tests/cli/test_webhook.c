/* SPDX-License-Identifier: ISC */
/* doorward webhook */

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailserver.h"
#include "stage.h"

static const char *
words(struct stage *s, const char *what, const char *id)
{
	return arena_print(s->c->arena, "webhook %s shop %s", what, id);
}

/* NULL: there is none. */
static const char *
header_file(struct stage *s, const char *text, mode_t mode)
{
	const char *path = arena_print(s->c->arena, "%s/headers", s->dir);
	FILE *f;

	(void)unlink(path);
	if (text == NULL)
		return path;
	ck_assert_ptr_nonnull(f = fopen(path, "w"));
	(void)fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
	return path;
}

/* A webhook of a new shop; its id. */
static const char *
founded(struct stage *s)
{
	const struct json *json;
	struct ran ran;

	stage_open(s, true);
	stage_conf(
	    s, arena_print(s->c->arena, "module_dir = %s", module_dir()));
	(void)stage_run(s, "tenant create shop");
	(void)stage_run(s, "tenant create other");
	ran = stage_run(s,
	    arena_print(s->c->arena,
		"webhook create shop https://shop.example/hook --header-file %s"
		" --json",
		header_file(s, "Authorization: Bearer t0p\n", 0600)));
	json = stage_json(s, &ran);
	ck_assert_mem_eq(json_get_text(json, "secret"), "whsec_", 6);
	return json_get_text(json, "id");
}

START_TEST(test_created_and_listed)
{
	struct stage s;
	const char *id = founded(&s);
	const struct json *row;
	struct ran ran;

	ran = stage_run(&s, "webhook list shop --json");
	row = stage_json(&s, &ran)->first;
	ck_assert_ptr_nonnull(row);
	ck_assert_str_eq(json_get_text(row, "id"), id);
	ck_assert_str_eq(
	    json_get_text(row, "url"), "https://shop.example/hook");
	ck_assert_int_eq(json_get(row, "queued")->i, 0);
	ck_ran(ran, strstr(ran.out, "whsec_") == NULL);
	ck_ran(ran, strstr(ran.out, "t0p") == NULL);
	ran = stage_run(&s, "webhook list other --json");
	ck_assert_ptr_null(stage_json(&s, &ran)->first);
	ran = stage_run(&s, "webhook list nobody");
	ck_ran(ran, ran.status != 0);
	ran = stage_run(&s, "webhook create other https://a.example"
			    " --events customer.created,session.merged");
	ck_ran(ran, ran.status == 0);
	ck_says(ran, "whsec_");
	ck_warns(ran, "shown only now");
	ran = stage_run(&s, "webhook list other");
	ck_says(ran, "customer.created,session.merged");
	stage_close(&s);
}
END_TEST

START_TEST(test_not_created)
{
	static const struct {
		const char *words, *says;
	} cases[] = {
	    {"shop http://shop.example/", "must begin with https://"},
	    {"shop https://10.0.0.1/", "not public"},
	    {"shop https://a.example --events cart.moved", "'cart.moved'"},
	    {"shop https://a.example/#b", "no '#'"},
	    {"nobody https://a.example", "nobody"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	(void)founded(&s);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, arena_print(s.c->arena, "webhook create %s",
					cases[i].words));
		ck_ran(ran, ran.status != 0);
		ck_warns(ran, cases[i].says);
	}
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM webhooks"), 1);
	stage_close(&s);
}
END_TEST

START_TEST(test_headers)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *says;
	} cases[] = {
	    {"Host: b", 0600, "Headers are lines"},
	    {"X(Token: b", 0600, "Headers are lines"},
	    {"X-Token: b", 0644, "chmod 600"},
	    {NULL, 0600, "No such file"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	(void)founded(&s);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(
		    &s, arena_print(s.c->arena,
			    "webhook create shop https://a.example"
			    " --header-file %s",
			    header_file(&s, cases[i].text, cases[i].mode)));
		ck_ran(ran, ran.status != 0);
		ck_warns(ran, cases[i].says);
	}
	stage_close(&s);
}
END_TEST

START_TEST(test_events)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	ran = stage_run(&s, "webhook events");
	ck_ran(ran, ran.status == 0);
	ck_says(ran, "customer.signed_in");
	ck_says(ran, "session.merged");
	stage_close(&s);
}
END_TEST

START_TEST(test_tested_logged_and_retried)
{
	struct stage s;
	const char *id = founded(&s);
	const struct json *row;
	struct ran ran;

	ran = stage_run(&s, words(&s, "test", id));
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "Queued.");
	ran = stage_run(&s, words(&s, "log --json", id));
	row = stage_json(&s, &ran)->first;
	ck_assert_str_eq(json_get_text(row, "event"), "webhook.test");
	ck_assert_str_eq(json_get_text(row, "state"), "queued");
	ran = stage_run(&s, words(&s, "log --state dead --json", id));
	ck_assert_ptr_null(stage_json(&s, &ran)->first);
	stage_do(&s, "UPDATE webhook_events SET state = 'dead',"
		     " why = 'HTTP 500', attempts = 5");
	ran = stage_run(&s, words(&s, "log --state dead", id));
	ck_says(ran, "HTTP 500");
	ran = stage_run(&s, words(&s, "log --state asleep", id));
	ck_ran(ran, ran.status == 2);
	ran = stage_run(&s, words(&s, "retry", id));
	ck_warns(ran, "1 queued again.");
	ck_assert_str_eq(
	    stage_text(&s, "SELECT state FROM webhook_events"), "queued");
	stage_close(&s);
}
END_TEST

START_TEST(test_turned_and_deleted)
{
	struct stage s;
	const char *id = founded(&s);
	struct ran ran;

	ran = stage_run(&s, words(&s, "enable", id));
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "enabled already");
	ran = stage_run(&s, words(&s, "disable", id));
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&s, "webhook list shop");
	ck_says(ran, "no");
	ran = stage_run(&s, words(&s, "enable", id));
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&s, words(&s, "delete", id));
	ck_ran(ran, ran.status == 0);
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM webhooks"), 0);
	stage_close(&s);
}
END_TEST

START_TEST(test_another_shops_is_none)
{
	static const char *const acts[] = {
	    "test", "log", "retry", "enable", "disable", "delete"};
	struct stage s;
	const char *id = founded(&s);
	struct ran ran;
	size_t i;

	for (i = 0; i < COUNT(acts); i++) {
		ran = stage_run(&s, arena_print(s.c->arena,
					"webhook %s other %s", acts[i], id));
		ck_ran(ran, ran.status == 1);
		ck_warns(ran, "Shop other has no webhook");
		ran = stage_run(&s, words(&s, acts[i], "5"));
		ck_ran(ran, ran.status == 2);
	}
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM webhooks WHERE active"), 1);
	stage_close(&s);
}
END_TEST

SUITE(webhook, test_created_and_listed, test_not_created, test_headers,
    test_events, test_tested_logged_and_retried, test_turned_and_deleted,
    test_another_shops_is_none)
