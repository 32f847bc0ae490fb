/* SPDX-License-Identifier: ISC */
/* doorward courier */

#include <signal.h>
#include <unistd.h>

#include "mailserver.h"
#include "stage.h"

#define SENT "SELECT COUNT(*) FROM outbox WHERE state = 'sent'"

START_TEST(test_once)
{
	struct stage s;
	struct ran ran;
	int i;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "courier --once");
	ck_ran(ran, ran.status == 0);
	for (i = 0; i < COURIER_BATCH + 5; i++)
		(void)stage_message(&s);
	ran = stage_run(&s, "courier --once");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "\"event\":\"message_sent\"");
	ck_ran(ran, strstr(ran.err, "ada@") == NULL);
	ck_assert_int_eq(stage_count(&s, SENT), COURIER_BATCH + 5);
	stage_close(&s);
}
END_TEST

START_TEST(test_refused)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, false);
	ran = stage_run(&s, "courier --once");
	ck_ran(ran, ran.status == 1);
	stage_close(&s);
	stage_open(&s, true);
	s.conf = arena_print(s.c->arena, "%s/smtp.conf", s.dir);
	stage_conf(&s, "public_url = https://auth.example.com");
	stage_conf(&s,
	    arena_print(s.c->arena, "master_key_file = %s/master.key", s.dir));
	ran = stage_run(&s, "courier");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "mail_from is not set");
	stage_close(&s);
}
END_TEST

/* Until it holds, five seconds at most. */
static bool
comes_true(struct stage *s, const char *log, const char *sql, int64_t n)
{
	int i;

	for (i = 0; i < 100; i++) {
		if (sql != NULL && stage_count(s, sql) == n)
			return true;
		if (sql == NULL && strstr(stage_file(s, "log"), log))
			return true;
		world_sleep(50);
	}
	return false;
}

START_TEST(test_runs_until_it_is_told_to_stop)
{
	static const int signals[] = {SIGTERM, SIGINT};
	struct stage s;
	size_t i;
	int pid;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	for (i = 0; i < COUNT(signals); i++) {
		pid = stage_begin(&s, "courier", "log");
		(void)stage_message(&s);
		ck_assert(comes_true(&s, NULL, SENT, (int64_t)(2 * i + 1)));
		(void)stage_message(&s);
		ck_assert(comes_true(&s, NULL, SENT, (int64_t)(2 * i + 2)));
		ck_assert_int_eq(kill(pid, signals[i]), 0);
		ck_assert_int_eq(stage_end(pid), 0);
		ck_assert_ptr_nonnull(
		    strstr(stage_file(&s, "log"), "courier_stopped"));
	}
	stage_close(&s);
}
END_TEST

static size_t
times(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* The database is away at first: it is said once, and then the work is done. */
START_TEST(test_waits_for_the_database)
{
	struct stage s;
	const char *usual, *away, *log;
	int pid;

	stage_open(&s, false);
	ck_assert_int_eq(stage_run(&s, "migrate").status, 0);
	(void)stage_run(&s, "tenant create shop");
	(void)stage_message(&s);
	usual = s.c->conf->db_socket;
	away = arena_print(s.c->arena, "%s/db.sock", s.dir);
	s.conf = arena_print(s.c->arena, "%s/away.conf", s.dir);
	stage_conf(&s, "environment = development");
	stage_conf(&s, "public_url = https://auth.example.com");
	stage_conf(&s,
	    arena_print(s.c->arena,
		"master_key_file = %s/master.key\nmessage_dir = %s/messages\n"
		"email_channel = file\ndb_socket = %s\ndb_user = root\n"
		"db_name = %s\ntemplate_dir = %s/conf/templates",
		s.dir, s.dir, away, s.c->conf->db_name,
		getenv("DW_SRC") ? getenv("DW_SRC") : "."));
	pid = stage_begin(&s, "courier", "log");
	world_sleep(100);
	ck_assert(comes_true(&s, "courier_waits", NULL, 0));
	world_sleep(1000);
	ck_assert_int_eq(symlink(usual, away), 0);
	ck_assert(comes_true(&s, NULL, SENT, 1));
	ck_assert(comes_true(&s, "message_sent", NULL, 0));
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(stage_end(pid), 0);
	log = stage_file(&s, "log");
	/* mail, and beside it WhatsApp, SMS and webhooks */
	ck_assert_uint_eq(times(log, "courier_waits"), 4);
	ck_assert_uint_eq(times(log, "db_away"), 4);
	ck_assert_uint_eq(times(log, "courier_goes_on"), 4);
	stage_close(&s);
}
END_TEST

/* ---- the herald ---------------------------------------------------------------- */

#define IN_HAND \
	"SELECT COUNT(*) FROM webhook_events WHERE lease_owner IS NOT NULL"
#define TOLD "SELECT COUNT(*) FROM webhook_events WHERE state = 'sent'"

/* A shop whose webhook leads to a receiver, and an event that waits. */
static void
receiver_open(struct stage *s, struct mailserver *receiver)
{
	struct ran ran;

	receiver_start(receiver, "none");
	stage_open(s, true);
	stage_conf(s, "outbound_networks = 127.0.0.0/8");
	stage_conf(
	    s, arena_print(s->c->arena, "module_dir = %s", module_dir()));
	(void)stage_run(s, "tenant create shop");
	ran = stage_run(
	    s, arena_print(s->c->arena,
		   "webhook create shop http://127.0.0.1:%s/told --json",
		   receiver->port));
	(void)stage_run(s, arena_print(s->c->arena, "webhook test shop %s",
			       json_get_text(stage_json(s, &ran), "id")));
}

START_TEST(test_once_tells_webhooks)
{
	struct mailserver receiver;
	struct stage s;
	struct ran ran;

	receiver_open(&s, &receiver);
	ran = stage_run(&s, "courier --once");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "\"event\":\"webhook_told\"");
	ck_assert_int_eq(stage_count(&s, TOLD), 1);
	mailserver_stop(&receiver);
	stage_close(&s);
}
END_TEST

/* Slow receivers hold up no message; all processes end at the signal. */
START_TEST(test_the_herald_is_a_process_of_its_own)
{
	struct mailserver receiver;
	struct stage s;
	const char *log;
	int pid;

	receiver_open(&s, &receiver);
	mailserver_write(&receiver, s.c->arena, "say", "slow*");
	pid = stage_begin(&s, "courier", "log");
	ck_assert(comes_true(&s, NULL, IN_HAND, 1));
	(void)stage_message(&s);
	ck_assert(comes_true(&s, NULL, SENT, 1));
	ck_assert_int_eq(stage_count(&s, TOLD), 0);
	ck_assert_int_eq(kill(pid, SIGTERM), 0);
	ck_assert_int_eq(stage_end(pid), 0);
	log = stage_file(&s, "log");
	ck_assert_uint_eq(times(log, "courier_stopped"), 4);
	ck_assert_ptr_nonnull(strstr(log, "herald, by signal"));
	mailserver_stop(&receiver);
	stage_close(&s);
}
END_TEST

/* Keys of last quarter get successors without anybody's asking. */
START_TEST(test_keys_turn)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "courier --once");
	ck_ran(ran, ran.status == 0);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM signing_keys"), 2);
	stage_do(&s, "UPDATE signing_keys SET"
		     " created_at = created_at - 7776000000,"
		     " signs_from = signs_from - 7776000000");
	ran = stage_run(&s, "courier --once");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "signing_keys_rotated");
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM signing_keys"), 4);
	stage_close(&s);
}
END_TEST

SUITE(courier, test_keys_turn, test_once_tells_webhooks,
    test_the_herald_is_a_process_of_its_own, test_once, test_refused,
    test_runs_until_it_is_told_to_stop, test_waits_for_the_database)
