/* SPDX-License-Identifier: ISC */
/* The courier: each message once, again after a while, or never. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "domain/inside.h"
#include "office.h"

#define WHERE(text) "SELECT COUNT(*) FROM outbox WHERE " text

static const struct letter letter = {
    .name = "signin",
    .locale = "en",
    .shop = "The Shop",
    .code = "123456",
    .link = "https://auth.example.com/signin#token=secret",
    .host = "auth.example.com",
    .minutes = 10,
};

/* A message to somebody, due now, of no use after an hour. */
static struct uuid
queue_sealed(
    struct ctx *c, const char *kind, struct uuid id, struct bytes payload)
{
	static const struct stmt insert = {
	    "INSERT INTO outbox (id, tenant_id, kind, state, destination,"
	    " payload, next_at, created_at, expires_at) SELECT ?, id, ?,"
	    " 'queued', ?, ?, ?, ?, ? FROM tenants LIMIT 1",
	    CROSS_TENANT, "a test"};
	const char *to =
	    strcmp(kind, "email") ? "+2348012345000" : "ada@example.com";
	uint64_t changed;

	ck_ok(db_change(c, &insert,
	    ARGS(UUID(id), TEXT(kind), TEXT(to), BLOB(payload), INT(c->now),
		INT(c->now), INT(c->now + HOUR_MS)),
	    &changed));
	ck_assert_uint_eq(changed, 1);
	return id;
}

static struct uuid
queue(struct ctx *c, const char *kind)
{
	struct uuid id = uuid_make(c->now);

	return queue_sealed(c, kind, id, letter_seal(c, &id, &letter));
}

static struct ctx *
post_open(void)
{
	struct ctx *c = office_open(true);

	(void)office_shop(c, "shop");
	return c;
}

static struct courier_round
run(struct ctx *c)
{
	struct courier_round round;

	ck_ok(courier_all(c, &round));
	return round;
}

START_TEST(test_each_kind_arrives)
{
	static const struct {
		const char *kind, *holds;
	} cases[] = {
	    {"email", "To: ada@example.com\n"},
	    {"email", "123456 is your sign-in code for The Shop."},
	    {"email", "https://auth.example.com/signin#token=secret"},
	    {"email", "within 10 minutes"},
	    {"sms", "To: +2348012345000\n"},
	    {"sms", "\n@auth.example.com #123456\n"},
	    {"whatsapp", "123456 is your sign-in code for The Shop."},
	};
	struct ctx *c = post_open();
	const char *text = "";
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		(void)queue(c, cases[i].kind);
		ck_assert_uint_eq(run(c).sent, 1);
		ck_assert_uint_eq(
		    office_files(c, c->conf->message_dir, &text), 1);
		ck_assert_msg(strstr(text, cases[i].holds), "%s: %s",
		    cases[i].kind, text);
		office_remove(c, c->conf->message_dir);
		office_conf(c)->message_dir = office_folder(c);
	}
	ck_assert_int_eq(
	    office_count(
		c, WHERE("state = 'sent' AND payload IS"
			 " NULL AND destination IS NULL AND why IS NULL")),
	    (int64_t)COUNT(cases));
	ck_assert_uint_eq(run(c).sent, 0);
	office_close(c);
}
END_TEST

/* A code that nobody would take any more is not sent: the queue was long. */
START_TEST(test_what_expires_in_hand_is_not_sent)
{
	struct ctx *c = post_open();

	(void)queue(c, "sms");
	office_do(c, "UPDATE outbox SET next_at = 0, expires_at = created_at");
	c->now--;
	(void)queue(c, "sms");
	ck_assert_uint_eq(run(c).sent, 1);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'expired' AND attempts = 0")), 1);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, NULL), 1);
	office_close(c);
}
END_TEST

START_TEST(test_a_batch_at_a_time)
{
	struct ctx *c = post_open();
	int i;

	for (i = 0; i < COURIER_BATCH + 1; i++)
		(void)queue(c, "email");
	ck_assert_uint_eq(run(c).sent, COURIER_BATCH);
	ck_assert_uint_eq(run(c).sent, 1);
	ck_assert_uint_eq(run(c).sent, 0);
	office_close(c);
}
END_TEST

#define NEXT_AT "SELECT next_at FROM outbox"

START_TEST(test_tried_again_after_longer_and_longer)
{
	static const int64_t pauses_ms[] = {
	    10000, 30000, 60000, 120000, 240000, 480000, 480000};
	struct ctx *c = post_open();
	char *folder = office_folder(c);
	const char *usual = c->conf->message_dir;
	struct courier_round round;
	int64_t pause;
	size_t i;

	office_remove(c, folder);
	office_conf(c)->message_dir = folder;
	(void)queue(c, "email");
	for (i = 0; i < COUNT(pauses_ms); i++) {
		round = run(c);
		ck_assert_uint_eq(round.later, 1);
		ck_assert_uint_eq(run(c).later, 0);
		pause = office_count(c, NEXT_AT) - c->now;
		ck_assert_int_ge(pause, pauses_ms[i] * 9 / 10);
		ck_assert_int_le(pause, pauses_ms[i] * 11 / 10);
		office_time(c, c->now + pause);
	}
	ck_assert_uint_eq(run(c).dead, 1);
	ck_assert_int_eq(
	    office_count(c,
		WHERE(
		    "state = 'dead' AND attempts = 8"
		    " AND payload IS NOT NULL AND why LIKE 'message_dir: No%'")),
	    1);
	office_conf(c)->message_dir = usual;
	office_close(c);
}
END_TEST

START_TEST(test_later_in_the_end_arrives)
{
	struct ctx *c = post_open();
	char *folder = office_folder(c);
	const char *usual = c->conf->message_dir;

	office_remove(c, folder);
	office_conf(c)->message_dir = folder;
	(void)queue(c, "email");
	ck_assert_uint_eq(run(c).later, 1);
	office_conf(c)->message_dir = usual;
	office_time(c, c->now + 11 * SECOND_MS);
	ck_assert_uint_eq(run(c).sent, 1);
	ck_assert_uint_eq(office_files(c, usual, NULL), 1);
	office_close(c);
}
END_TEST

START_TEST(test_given_up_when_it_would_come_too_late)
{
	struct ctx *c = post_open();

	office_conf(c)->template_dir = "/nonexistent";
	(void)queue(c, "email");
	office_time(c, c->now + HOUR_MS - 5 * SECOND_MS);
	ck_assert_uint_eq(run(c).dead, 1);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'dead' AND why = 'no template'")),
	    1);
	office_close(c);
}
END_TEST

START_TEST(test_never)
{
	struct ctx *c = post_open();
	struct uuid id = uuid_make(c->now), other = uuid_make(c->now);

	office_conf(c)->sms_channel = "none";
	(void)queue(c, "sms");
	ck_assert_uint_eq(run(c).dead, 1);
	ck_assert_int_eq(
	    office_count(
		c, WHERE("kind = 'sms' AND"
			 " state = 'dead' AND why = 'sms_channel = none'")),
	    1);
	(void)queue_sealed(c, "email", id, letter_seal(c, &other, &letter));
	ck_assert_uint_eq(run(c).dead, 1);
	ck_assert_int_eq(
	    office_count(
		c, WHERE("kind = 'email' AND"
			 " state = 'dead' AND why LIKE '%cannot be opened'")),
	    1);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, NULL), 0);
	office_close(c);
}
END_TEST

START_TEST(test_expired_is_not_sent_and_old_rows_go)
{
	struct ctx *c = post_open();
	struct courier_round round;

	(void)queue(c, "email");
	office_time(c, c->now + HOUR_MS);
	round = run(c);
	ck_assert_uint_eq(round.sent, 0);
	ck_assert_uint_eq(round.expired, 1);
	ck_assert_uint_eq(round.purged, 0);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, NULL), 0);
	office_time(c, c->now + 7 * DAY_MS + 1);
	round = run(c);
	ck_assert_uint_eq(round.expired, 0);
	ck_assert_uint_eq(round.purged, 1);
	office_close(c);
}
END_TEST

START_TEST(test_retried_by_the_operator)
{
	struct ctx *c = post_open();
	struct uuid id;

	office_conf(c)->email_channel = "none";
	id = queue(c, "email");
	ck_assert_uint_eq(run(c).dead, 1);
	office_conf(c)->email_channel = "file";
	ck_assert_uint_eq(run(c).sent, 0);
	ck_ok(store_outbox_retry(c, id));
	ck_assert_uint_eq(run(c).sent, 1);
	office_close(c);
}
END_TEST

/* ---- two at once ----------------------------------------------------------------- */

static enum err
run_until_done(struct ctx *c)
{
	struct courier_round round;
	enum err e;

	do {
		if ((e = courier_all(c, &round)))
			return e;
	} while (round.sent > 0);
	return round.later + round.dead > 0 ? ERR_INTERNAL : OK;
}

START_TEST(test_two_couriers_send_each_once)
{
	struct ctx *c = post_open();
	int i;

	for (i = 0; i < 100; i++)
		(void)queue(c, "sms");
	office_twice(c, run_until_done);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, NULL), 100);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'sent' AND attempts = 1")), 100);
	office_close(c);
}
END_TEST

/* The rest of the batch waits for no lease to end. */
static enum err
run_stopped(struct ctx *c)
{
	struct courier_round round;
	enum err e;

	courier_stop();
	e = courier_all(c, &round);
	return e ? e : round.sent > 0 ? ERR_INTERNAL : OK;
}

START_TEST(test_stopped_gives_back_what_it_has)
{
	struct ctx *c = post_open();

	(void)queue(c, "email");
	(void)queue(c, "email");
	office_twice(c, run_stopped);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'queued' AND"
				  " lease_owner IS NULL AND attempts = 0")),
	    2);
	ck_assert_uint_eq(run(c).sent, 2);
	office_close(c);
}
END_TEST

/* ---- what is said about it ---------------------------------------------------------- */

/* All that is logged meanwhile. */
static const char *
run_logged(struct ctx *c)
{
	char path[] = "/tmp/doorward-log-XXXXXX";
	int fd = mkstemp(path), usual = dup(STDERR_FILENO);
	const char *why;
	char *text;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(dup2(fd, STDERR_FILENO), 0);
	(void)run(c);
	ck_assert_int_ge(dup2(usual, STDERR_FILENO), 0);
	(void)close(usual);
	(void)close(fd);
	ck_ok(file_read(c->arena, path, 64 * 1024, &text, &why));
	(void)unlink(path);
	return text;
}

START_TEST(test_the_log_names_the_row_and_nobody)
{
	static const char *const secrets[] = {
	    "ada@", "example.com", "+234", "123456", "token=secret"};
	struct ctx *c = post_open();
	struct uuid mail = queue(c, "email"), sms = queue(c, "sms");
	const char *log;
	size_t i;

	office_conf(c)->sms_channel = "none";
	log = run_logged(c);
	ck_assert_ptr_nonnull(strstr(log, "\"event\":\"message_sent\""));
	ck_assert_ptr_nonnull(strstr(log, "\"event\":\"message_dead\""));
	ck_assert_ptr_nonnull(strstr(log, uuid_text(c->arena, mail)));
	ck_assert_ptr_nonnull(strstr(log, uuid_text(c->arena, sms)));
	ck_assert_ptr_nonnull(
	    strstr(log, office_text(c, "SELECT LOWER(CONCAT(LEFT(HEX(id), 8)))"
				       " FROM tenants")));
	for (i = 0; i < COUNT(secrets); i++)
		ck_assert_msg(!strstr(log, secrets[i]), "%s", log);
	office_close(c);
}
END_TEST

/* Whoever wrote it: a column of 200 bytes and a log line take it. */
START_TEST(test_why_is_clean)
{
	struct ctx *c = test_ctx();
	char *longer = arena_get(c->arena, 301);

	memset(longer, 'x', 300);
	memcpy(longer + 199, "\xc3\xa9", 2);
	ck_assert_str_eq(courier_why(c, "Caf\xc3\xa9\n"), "Caf???");
	ck_assert_uint_eq(strlen(courier_why(c, longer)), 200);
	ck_assert_str_eq(courier_why(c, longer) + 198, "x?");
	ck_assert_str_eq(courier_why(c, NULL), "");
	test_done(c);
}
END_TEST

SUITE(courier, test_why_is_clean, test_each_kind_arrives,
    test_what_expires_in_hand_is_not_sent, test_a_batch_at_a_time,
    test_tried_again_after_longer_and_longer, test_later_in_the_end_arrives,
    test_given_up_when_it_would_come_too_late, test_never,
    test_expired_is_not_sent_and_old_rows_go, test_retried_by_the_operator,
    test_two_couriers_send_each_once, test_stopped_gives_back_what_it_has,
    test_the_log_names_the_row_and_nobody)
