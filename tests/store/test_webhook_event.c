/* SPDX-License-Identifier: ISC */
/* What webhooks are told: in turn, by one at a time, until it is done. */

#include <sys/wait.h>
#include <unistd.h>

#include "street.h"

enum { BATCH = 20 };

START_TEST(test_the_first_of_each_customer_and_webhook)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c), other = street_lease(c);
	struct uuid one = street_webhook(c, NULL), two;
	struct webhook_event *rows;
	size_t i;

	c->now++;
	two = street_webhook(c, NULL);
	street_event(c, one, 1, "a");
	street_event(c, one, 1, "b");
	street_event(c, one, 2, "c");
	street_event(c, two, 1, "d");
	street_event(c, two, 1, "e");
	street_event(c, one, 0, "f");
	street_event(c, one, 0, "g");
	/* of nobody there is no order */
	ck_assert_str_eq(street_claimed(c, one, &lease, &rows), "acfg");
	ck_assert(uuid_equal(rows[0].webhook, one));
	ck_assert(uuid_equal(rows[0].tenant, c->tenant_id));
	ck_assert(uuid_equal(rows[0].customer, street_nth(1)));
	ck_assert(uuid_is_nil(rows[2].customer));
	ck_assert_str_eq(rows[0].url, "https://shop.example/hook");
	ck_assert_uint_eq(rows[0].secret.n, 6);
	/* what is in hand holds back, too */
	ck_assert_str_eq(street_claimed(c, one, &other, NULL), "");
	for (i = 0; i < 4; i++)
		ck_ok(
		    store_webhook_done(c, lease.owner, &rows[i], "sent", NULL));
	ck_assert_str_eq(street_claimed(c, one, &other, NULL), "b");
	other = street_lease(c);
	ck_assert_str_eq(street_claimed(c, two, &other, NULL), "d");
	test_done(c);
}
END_TEST

START_TEST(test_no_more_than_asked_for)
{
	struct ctx *c = street_open();
	struct webhook_claim claim = {
	    street_lease(c), street_webhook(c, NULL), 2};
	struct webhook_event *rows;
	size_t n;

	street_event(c, claim.webhook, 1, "a");
	street_event(c, claim.webhook, 2, "b");
	street_event(c, claim.webhook, 3, "c");
	ck_ok(store_webhook_claim(c, &claim, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(rows[0].event, "a");
	ck_assert_str_eq(rows[1].event, "b");
	c->tenant_id = street_tenant(c, "other");
	claim.lease = street_lease(c);
	ck_ok(store_webhook_claim(c, &claim, &rows, &n));
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

START_TEST(test_a_waiting_one_holds_back_and_a_dead_one_does_not)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c);
	struct uuid id = street_webhook(c, NULL);
	struct webhook_event *rows;

	street_event(c, id, 1, "a");
	street_event(c, id, 1, "b");
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "a");
	ck_ok(store_webhook_later(
	    c, lease.owner, rows, c->now + MINUTE_MS, "HTTP 500"));
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "");
	c->now += MINUTE_MS;
	lease = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "a");
	ck_assert_int_eq(rows->attempts, 1);
	ck_assert_str_eq(rows->why, "HTTP 500");
	ck_ok(store_webhook_done(c, lease.owner, rows, "dead", "HTTP 500"));
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "b");
	test_done(c);
}
END_TEST

START_TEST(test_a_lease_that_ends_is_taken_over)
{
	struct ctx *c = street_open();
	struct outbox_lease one = street_lease(c), other;
	struct uuid id = street_webhook(c, NULL);
	struct webhook_event *rows;

	street_event(c, id, 1, "a");
	ck_assert_str_eq(street_claimed(c, id, &one, NULL), "a");
	c->now = one.until - 1;
	other = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &other, NULL), "");
	c->now++;
	other = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &other, &rows), "a");
	ck_assert_int_eq(store_webhook_done(c, one.owner, rows, "sent", NULL),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_webhook_later(c, one.owner, rows, c->now, "x"),
	    ERR_NOT_FOUND);
	ck_ok(store_webhook_done(c, other.owner, rows, "sent", NULL));
	ck_assert_int_eq(store_webhook_done(c, other.owner, rows, "sent", NULL),
	    ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_released_is_due_at_once)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c), other = street_lease(c);
	struct uuid id = street_webhook(c, NULL);
	struct webhook_event *rows;

	street_event(c, id, 1, "a");
	ck_assert_str_eq(street_claimed(c, id, &lease, NULL), "a");
	ck_ok(store_webhook_release(c, other.owner, 0));
	ck_assert_str_eq(street_claimed(c, id, &other, NULL), "");
	ck_ok(store_webhook_release(c, lease.owner, 0));
	ck_assert_str_eq(street_claimed(c, id, &other, &rows), "a");
	ck_assert_int_eq(rows->attempts, 0);
	test_done(c);
}
END_TEST

START_TEST(test_an_inactive_webhook_waits)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c);
	struct uuid id = street_webhook(c, NULL);

	street_event(c, id, 1, "a");
	ck_ok(store_webhook_active(c, id, false));
	ck_assert_str_eq(street_claimed(c, id, &lease, NULL), "");
	ck_ok(store_webhook_active(c, id, true));
	ck_assert_str_eq(street_claimed(c, id, &lease, NULL), "a");
	test_done(c);
}
END_TEST

START_TEST(test_retried_it_is_as_new_and_first)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c);
	struct uuid id = street_webhook(c, NULL), other;
	struct webhook_event *rows;
	uint64_t n;

	c->now++;
	other = street_webhook(c, NULL);
	street_event(c, id, 1, "a");
	street_event(c, other, 1, "x");
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "a");
	ck_ok(store_webhook_done(c, lease.owner, rows, "dead", "HTTP 500"));
	lease = street_lease(c);
	ck_assert_str_eq(street_claimed(c, other, &lease, &rows), "x");
	ck_ok(store_webhook_done(c, lease.owner, rows, "dead", "HTTP 500"));
	street_event(c, id, 1, "b");
	c->now++;
	ck_ok(store_webhook_retry(c, id, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_webhook_retry(c, id, &n));
	ck_assert_uint_eq(n, 0);
	lease = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "a");
	ck_assert_int_eq(rows->attempts, 0);
	ck_assert_ptr_null(rows->why);
	ck_assert_int_eq(rows->done_at, 0);
	test_done(c);
}
END_TEST

/* The one behind it is in hand when it is revived: it waits for that one. */
START_TEST(test_revived_it_waits_for_who_is_in_hand)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c), other;
	struct uuid id = street_webhook(c, NULL);
	struct webhook_event *rows;
	uint64_t n;

	street_event(c, id, 1, "a");
	street_event(c, id, 1, "b");
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "a");
	ck_ok(store_webhook_done(c, lease.owner, rows, "dead", "HTTP 500"));
	lease = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "b");
	ck_ok(store_webhook_retry(c, id, &n));
	other = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &other, NULL), "");
	/* in a hand that is gone it holds back nobody */
	c->now = lease.until;
	other = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &other, NULL), "a");
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *state;
	int64_t		 most;
	const char	*found;
} logs[] = {
	{ "all, the newest first",	NULL,	  10, "cba" },
	{ "no more than asked for",	NULL,	   2, "cb" },
	{ "those that died",		"dead",	  10, "a" },
	{ "those that were told",	"sent",	  10, "b" },
	{ "those that wait",		"queued", 10, "c" },
};
/* clang-format on */

START_TEST(test_log)
{
	struct ctx *c = street_open();
	struct webhook_filter f = {.webhook = street_webhook(c, NULL)};
	struct webhook_event *rows;
	struct text found;
	size_t i, j, n;

	street_event(c, f.webhook, 1, "a");
	street_event(c, f.webhook, 2, "b");
	street_event(c, f.webhook, 3, "c");
	ck_ok(db_script(c,
	    "UPDATE webhook_events SET state = 'dead' WHERE event = 'a';\n"
	    "UPDATE webhook_events SET state = 'sent' WHERE event = 'b';\n"));
	for (i = 0; i < COUNT(logs); i++) {
		f.state = logs[i].state;
		f.most = logs[i].most;
		ck_ok(store_webhook_log(c, &f, &rows, &n));
		found = text_new(c->arena);
		for (j = 0; j < n; j++)
			text_add(&found, rows[j].event);
		ck_case(logs[i].what, strcmp(found.s, logs[i].found) == 0);
	}
	c->tenant_id = street_tenant(c, "other");
	ck_ok(store_webhook_log(c, &f, &rows, &n));
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

/* ---- two at once ------------------------------------------------------------ */

enum { ROWS = 200, COURIERS = 2 };

/* In a process of its own: one byte for each row that it took. */
static void
run_one(struct ctx *c, struct uuid webhook, int fd)
{
	struct webhook_claim claim = {.webhook = webhook, .most = BATCH};
	struct webhook_event *rows;
	size_t i, n;

	db_forget(c->db);
	do {
		claim.lease = street_lease(c);
		if (store_webhook_claim(c, &claim, &rows, &n))
			_exit(1);
		for (i = 0; i < n; i++)
			if (store_webhook_done(c, claim.lease.owner, &rows[i],
				"sent", NULL) == OK)
				(void)!write(fd, "x", 1);
	} while (n > 0);
}

START_TEST(test_two_at_once_take_each_once)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL);
	int i, fds[2], status, taken = 0;
	char said;

	for (i = 1; i <= ROWS; i++)
		street_event(c, id, (unsigned)i, "a");
	ck_assert_int_eq(pipe(fds), 0);
	for (i = 0; i < COURIERS; i++) {
		if (fork() != 0)
			continue;
		run_one(c, id, fds[1]);
		_exit(0);
	}
	(void)close(fds[1]);
	while (read(fds[0], &said, 1) == 1)
		taken++;
	for (i = 0; i < COURIERS; i++) {
		ck_assert_int_gt(wait(&status), 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(taken, ROWS);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events"
			    " WHERE state = 'sent' AND attempts = 1"),
	    ROWS);
	test_done(c);
}
END_TEST

/* ---- among many --------------------------------------------------------------- */

enum { FEW = 100, CLAIM_READS = 1000, HEADS_READS = 100 };

static const char crowd[] =
    "INSERT INTO webhook_events (tenant_id, webhook_id, id, event,"
    " customer_id, at, state, next_at, done_at) SELECT w.tenant_id, w.id,"
    " UNHEX(LPAD(HEX(seq), 32, '0')), 'done', UNHEX(LPAD(HEX(seq % 100), 32,"
    " '0')), 1, IF(seq % 10, 'sent', 'dead'), 9223372036854775807, 1"
    " FROM seq_1_to_100000, webhooks w;\n"
    "INSERT INTO webhooks SELECT UNHEX(LPAD(HEX(seq), 32, '0')),"
    " UNHEX(LPAD(HEX(seq), 32, '0')), 'https://x.example', 's', NULL,"
    " 'customer.created', TRUE, 0, 1, 1 FROM seq_1_to_2000;\n"
    "INSERT INTO webhook_events (tenant_id, webhook_id, id, event,"
    " customer_id, at, next_at) SELECT LPAD(CHAR(seq % 5 + 1), 16, CHAR(0)),"
    " LPAD(CHAR(seq % 5 + 1), 16, CHAR(0)), UNHEX(LPAD(HEX(seq), 32, '0')),"
    " 'late', UNHEX(LPAD(HEX(seq), 32, '0')), 1, 1 FROM seq_1_to_20000;\n"
    "ANALYZE TABLE webhook_events, webhooks;\n";

/* 100,000 that are done cost nothing, nor do 20,000 of others that wait. */
START_TEST(test_by_keys_among_a_hundred_thousand)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL), me = uuid_make(c->now);
	struct outbox_lease lease = street_lease(c);
	struct webhook_head *rows;
	int64_t asking, before;
	unsigned i;
	size_t n;

	ck_ok(db_script(c, crowd));
	for (i = 0; i < BATCH; i++)
		street_event(c, id, i % 10 + 1, "a");
	street_keyed(c, street_stmt("webhook_event", "SET t.lease_owner"),
	    ARGS(INT(c->now), UUID(c->tenant_id), UUID(id), INT(c->now),
		INT(c->now), INT(BATCH), UUID(me), INT(lease.until),
		INT(c->now)),
	    FEW);
	before = street_reads(c);
	asking = street_reads(c) - before;
	before = street_reads(c);
	ck_assert_str_eq(street_claimed(c, id, &lease, NULL), "aaaaaaaaaa");
	ck_assert_int_le(street_reads(c) - before - asking, CLAIM_READS);
	before = street_reads(c);
	ck_ok(store_webhook_heads(c, me, &rows, &n));
	ck_assert_uint_eq(n, 6);
	ck_assert_int_le(street_reads(c) - before - asking, HEADS_READS);
	test_done(c);
}
END_TEST

SUITE(webhook_event, test_the_first_of_each_customer_and_webhook,
    test_no_more_than_asked_for,
    test_a_waiting_one_holds_back_and_a_dead_one_does_not,
    test_a_lease_that_ends_is_taken_over, test_released_is_due_at_once,
    test_an_inactive_webhook_waits, test_retried_it_is_as_new_and_first,
    test_revived_it_waits_for_who_is_in_hand, test_log,
    test_two_at_once_take_each_once, test_by_keys_among_a_hundred_thousand)
