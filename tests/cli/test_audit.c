/* SPDX-License-Identifier: ISC */
/* doorward audit: listed by what is wanted, and followed. */

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "stage.h"

enum { PATIENCE = 200, NAP_MS = 50, FLOOD = 15000 };

static const struct {
	const char *words;
	size_t n;
} cases[] = {
    /* each shop's founding, and each ann's sign-in two hours ago */
    {"audit", 4},
    {"audit shop", 2},
    {"audit shop --event signed_in", 1},
    {"audit --event signed_in", 2},
    {"audit shop --event signed_on", 0},
    {"audit shop --customer ann@x.example", 1},
    {"audit shop --customer u-1 --since 3h", 1},
    {"audit shop --customer u-1 --since 1h", 0},
    {"audit --since 1h", 2},
    {"audit shop --since 1h", 1},
    {"audit --since 3d --limit 3", 3},
    {"audit --result ok", 4},
    {"audit --result refused", 0},
    {"audit shop --customer 00000000-0000-7000-8000-000000000000", 0},
};

START_TEST(test_list)
{
	struct stage s;
	struct ran ran;
	size_t i, n;

	stage_open(&s, true);
	(void)stage_people(&s);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(
		    &s, arena_print(s.c->arena, "%s --json", cases[i].words));
		n = 0;
		json_each (row, stage_json(&s, &ran))
			n++;
		ck_assert_msg(
		    n == cases[i].n, "%s: %zu\n%s", cases[i].words, n, ran.out);
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == 0 && (ran.out[0] != '\0') == (n > 0));
		if (n == 0)
			ck_warns(ran, "The trail holds nothing of the kind.");
	}
	ran = stage_run(&s, "audit shop");
	ck_says(ran, "AT                        SHOP  EVENT");
	ck_ran(ran,
	    strstr(ran.out, "tenant_created") < strstr(ran.out, "signed_in"));
	ran = stage_run(&s, "audit --limit 1");
	ck_warns(ran, "These are the newest 1;");
	stage_close(&s);
}
END_TEST

/* Who was deleted is still named by the id, and by nothing else. */
START_TEST(test_a_deleted_customers_trail)
{
	struct stage s;
	struct ran ran;
	const char *ann;

	stage_open(&s, true);
	ann = stage_people(&s);
	(void)stage_run(&s, "customer delete shop u-1 --yes");
	ran = stage_run(
	    &s, arena_print(s.c->arena, "audit shop --customer %s", ann));
	ck_says(ran, "customer_deleted");
	ck_says(ran, "signed_in");
	ck_ran(ran,
	    !strstr(ran.out, "192.0.2.7") && !strstr(ran.out, "x.example"));
	stage_close(&s);
}
END_TEST

START_TEST(test_refused)
{
	static const struct {
		const char *words;
		int status;
		const char *says;
	} wrong[] = {
	    {"audit shp", 1, "There is no tenant 'shp'."},
	    {"audit --customer u-1", 2, "--customer needs the SHOP"},
	    {"audit shop --customer bob@x.example", 1, "has no customer"},
	    {"audit --since yesterday", 2, "--since is how long ago"},
	    {"audit --result maybe", 2, "--result is ok or refused."},
	    {"audit --limit 0", 2, "--limit is a number"},
	    {"audit shop more", 2, "'more' is too much"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	(void)stage_people(&s);
	for (i = 0; i < COUNT(wrong); i++) {
		ran = stage_run(&s, wrong[i].words);
		ck_ran(ran, ran.status == wrong[i].status && !ran.out[0]);
		ck_warns(ran, wrong[i].says);
	}
	stage_close(&s);
}
END_TEST

static size_t
times(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

/* What the follower has said, once it has said this word so often. */
static const char *
said(struct stage *s, const char *word, size_t n)
{
	const char *out = "";
	int i;

	for (i = 0; i < PATIENCE && times(out, word) < n; i++) {
		world_sleep(NAP_MS);
		out = stage_file(s, "out");
	}
	ck_assert_msg(times(out, word) == n, "%s: %s", word, out);
	return out;
}

/* An event that is committed now, of so many milliseconds ago. */
static void
event(struct stage *s, const char *name, int64_t ago)
{
	struct ctx *c = s->c;
	struct audit a = {.event = name, .ok = true, .actor = "customer"};
	struct uuid shop;
	const char *hex =
	    stage_text(s, "SELECT HEX(id) FROM tenants WHERE slug = 'shop'");

	ck_assert(hex_read(hex, shop.b, sizeof(shop.b)));
	c->now = world_now() - ago;
	ck_ok(store_audit(c, shop, &a));
}

/* Each row once: also one whose transaction began before others were shown. */
static void
try_follow(struct stage *s, const char *words)
{
	const char *out;
	int pid;

	/* nothing is in the file that the last one wrote */
	(void)stage_run(s, "tenant list");
	pid = stage_begin(s, words, "err");
	out = said(s, "signed_in", 1);
	event(s, "first_word", 0);
	out = said(s, "first_word", 1);
	event(s, "late_word", 5 * SECOND_MS);
	out = said(s, "late_word", 1);
	event(s, "last_word", 0);
	out = said(s, "last_word", 1);
	ck_assert_uint_eq(times(out, "first_word"), 1);
	ck_assert_uint_eq(times(out, "late_word"), 1);
	ck_assert_uint_eq(times(out, "signed_in"), 1);
	ck_assert(strstr(out, "signed_in") < strstr(out, "first_word"));
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(stage_end(pid), 0);
}

START_TEST(test_follow)
{
	const struct json *row;
	struct stage s;
	char *out, *line;
	size_t n = 0;

	stage_open(&s, true);
	(void)stage_people(&s);
	try_follow(&s, "audit shop --follow");
	stage_do(&s, "DELETE FROM audit_events WHERE event LIKE '%word'");
	try_follow(&s, "audit shop --follow --json");
	out = arena_text(s.c->arena, stage_file(&s, "out"));
	while ((line = strsep(&out, "\n")) != NULL && *line) {
		ck_ok(json_parse(s.c, line, strlen(line), &row));
		ck_assert_str_eq(json_get_text(row, "shop"), "shop");
		n++;
	}
	ck_assert_uint_eq(n, 5);
	stage_close(&s);
}
END_TEST

START_TEST(test_follow_all_shops)
{
	struct stage s;

	stage_open(&s, true);
	(void)stage_people(&s);
	stage_do(&s, "DELETE e FROM audit_events e JOIN tenants t"
		     " ON t.id = e.tenant_id WHERE t.slug = 'other'");
	try_follow(&s, "audit --follow");
	stage_close(&s);
}
END_TEST

/* The same of more than can be kept in memory each time: how many lines. */
static size_t
lines_said(struct stage *s, const char *word, size_t n)
{
	const char *path = arena_print(s->c->arena, "%s/out", s->dir);
	char line[512];
	size_t found = 0;
	FILE *f;
	int i;

	for (i = 0; i < PATIENCE && found < n; i++) {
		world_sleep(NAP_MS);
		ck_assert_ptr_nonnull(f = fopen(path, "r"));
		for (found = 0; fgets(line, sizeof(line), f);)
			found += strstr(line, word) != NULL;
		ck_assert_int_eq(fclose(f), 0);
	}
	return found;
}

/* More at once than a page holds: each row once all the same. */
START_TEST(test_follow_a_flood)
{
	struct stage s;
	int pid;

	stage_open(&s, true);
	(void)stage_people(&s);
	(void)stage_run(&s, "tenant list");
	pid = stage_begin(&s, "audit --follow", "err");
	(void)said(&s, "signed_in", 2);
	stage_do(&s, arena_print(s.c->arena,
			 "INSERT INTO audit_events (tenant_id, id, at, event,"
			 " result, actor) SELECT t.id,"
			 " UNHEX(LPAD(HEX(seq), 32, '0')), %lld + seq, 'flood',"
			 " 'ok', 'customer' FROM tenants t JOIN seq_1_to_%d"
			 " WHERE t.slug = 'shop'",
			 (long long)(world_now() + MINUTE_MS), FLOOD));
	ck_assert_uint_eq(lines_said(&s, "flood", FLOOD), FLOOD);
	event(&s, "after", -2 * MINUTE_MS);
	ck_assert_uint_eq(lines_said(&s, "after", 1), 1);
	event(&s, "the_end", -2 * MINUTE_MS);
	ck_assert_uint_eq(lines_said(&s, "the_end", 1), 1);
	ck_assert_uint_eq(lines_said(&s, "flood", FLOOD), FLOOD);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(stage_end(pid), 0);
	stage_close(&s);
}
END_TEST

START_TEST(test_odd)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "audit --odd");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "Nothing odd.");
	ran = stage_run(&s, "audit --odd --json");
	ck_ran(ran, strcmp(ran.out, "[]\n") == 0);
	ran = stage_run(&s, "audit shop --odd");
	ck_ran(ran, ran.status == 2);
	stage_close(&s);
}
END_TEST

/* A trail so long that it takes its time is read all the same. */
START_TEST(test_an_operator_waits)
{
	struct stage s;
	struct ran ran;
	pid_t pid;

	stage_open(&s, true);
	(void)stage_people(&s);
	stage_conf(&s, "db_timeout_seconds = 1");
	if ((pid = fork()) == 0) {
		db_forget(s.c->db);
		_exit(db_script(s.c, "LOCK TABLES audit_events WRITE;\n"
				     "DO SLEEP(3);\n") != OK);
	}
	while (stage_count(&s, "SELECT COUNT(*) FROM"
			       " information_schema.processlist"
			       " WHERE info LIKE 'DO SLEEP%'") == 0)
		world_sleep(NAP_MS);
	ran = stage_run(&s, "audit shop");
	ck_ran(ran, ran.status == 0);
	ck_assert_int_eq(stage_end(pid), 0);
	stage_close(&s);
}
END_TEST

SUITE(audit, test_an_operator_waits, test_odd, test_list,
    test_a_deleted_customers_trail, test_refused, test_follow,
    test_follow_all_shops, test_follow_a_flood)
