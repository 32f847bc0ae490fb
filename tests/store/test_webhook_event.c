/* SPDX-License-Identifier: ISC */
/* What webhooks are told: in turn, by one at a time, until it is done. */

#include <sys/wait.h>
#include <unistd.h>

#include "street.h"

enum { BATCH = 20 };

static struct outbox_lease
lease_new(struct ctx *c)
{
	return (struct outbox_lease){uuid_make(c->now), c->now + 5 * MINUTE_MS};
}

/* An event of this customer (0: of nobody), due now; its seq is written. */
static void
queue(struct ctx *c, struct uuid webhook, unsigned customer, const char *name)
{
	static const struct stmt insert = {
	    "INSERT INTO webhook_events (tenant_id, webhook_id, id, event,"
	    " customer_id, at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
	    0, NULL};
	struct uuid id = uuid_make(c->now), who = street_nth(customer);
	uint64_t n;

	ck_ok(db_change(c, &insert,
	    ARGS(UUID(c->tenant_id), UUID(webhook), UUID(id), TEXT(name),
		UUID(who), INT(c->now), INT(c->now)),
	    &n));
}

/* Their names, in the order in which they were leased. */
static const char *
claimed(struct ctx *c, const struct outbox_lease *lease,
    struct webhook_event **rows)
{
	struct text out = text_new(c->arena);
	struct webhook_event *own;
	size_t i, n;

	rows = rows ? rows : &own;
	ck_ok(store_webhook_claim(c, lease, BATCH, rows, &n));
	text_add(&out, "");
	for (i = 0; i < n; i++)
		text_add(&out, (*rows)[i].event);
	return out.s;
}

START_TEST(test_the_first_of_each_customer_and_webhook)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c), other = lease_new(c);
	struct uuid one = street_webhook(c, NULL), two;
	struct webhook_event *rows;
	size_t i;

	c->now++;
	two = street_webhook(c, NULL);
	queue(c, one, 1, "a");
	queue(c, one, 1, "b");
	queue(c, one, 2, "c");
	queue(c, two, 1, "d");
	queue(c, two, 1, "e");
	queue(c, one, 0, "f");
	queue(c, one, 0, "g");
	/* of nobody there is no order */
	ck_assert_str_eq(claimed(c, &lease, &rows), "acdfg");
	ck_assert(uuid_equal(rows[0].webhook, one));
	ck_assert(uuid_equal(rows[0].tenant, c->tenant_id));
	ck_assert(uuid_equal(rows[0].customer, street_nth(1)));
	ck_assert(uuid_is_nil(rows[3].customer));
	ck_assert_str_eq(rows[0].url, "https://shop.example/hook");
	ck_assert_uint_eq(rows[0].secret.n, 6);
	/* what is in hand holds back, too */
	ck_assert_str_eq(claimed(c, &other, NULL), "");
	for (i = 0; i < 5; i++)
		ck_ok(
		    store_webhook_done(c, lease.owner, &rows[i], "sent", NULL));
	ck_assert_str_eq(claimed(c, &other, NULL), "be");
	test_done(c);
}
END_TEST

START_TEST(test_a_waiting_one_holds_back_and_a_dead_one_does_not)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct uuid id = street_webhook(c, NULL);
	struct webhook_event *rows;

	queue(c, id, 1, "a");
	queue(c, id, 1, "b");
	ck_assert_str_eq(claimed(c, &lease, &rows), "a");
	ck_ok(store_webhook_later(
	    c, lease.owner, rows, c->now + MINUTE_MS, "HTTP 500"));
	ck_assert_str_eq(claimed(c, &lease, &rows), "");
	c->now += MINUTE_MS;
	lease = lease_new(c);
	ck_assert_str_eq(claimed(c, &lease, &rows), "a");
	ck_assert_int_eq(rows->attempts, 1);
	ck_assert_str_eq(rows->why, "HTTP 500");
	ck_ok(store_webhook_done(c, lease.owner, rows, "dead", "HTTP 500"));
	ck_assert_str_eq(claimed(c, &lease, &rows), "b");
	test_done(c);
}
END_TEST

START_TEST(test_a_lease_that_ends_is_taken_over)
{
	struct ctx *c = street_open();
	struct outbox_lease one = lease_new(c), other;
	struct uuid id = street_webhook(c, NULL);
	struct webhook_event *rows;

	queue(c, id, 1, "a");
	ck_assert_str_eq(claimed(c, &one, NULL), "a");
	c->now = one.until - 1;
	other = lease_new(c);
	ck_assert_str_eq(claimed(c, &other, NULL), "");
	c->now++;
	other = lease_new(c);
	ck_assert_str_eq(claimed(c, &other, &rows), "a");
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
	struct outbox_lease lease = lease_new(c), other = lease_new(c);
	struct uuid id = street_webhook(c, NULL);
	struct webhook_event *rows;

	queue(c, id, 1, "a");
	ck_assert_str_eq(claimed(c, &lease, NULL), "a");
	ck_ok(store_webhook_release(c, other.owner));
	ck_assert_str_eq(claimed(c, &other, NULL), "");
	ck_ok(store_webhook_release(c, lease.owner));
	ck_assert_str_eq(claimed(c, &other, &rows), "a");
	ck_assert_int_eq(rows->attempts, 0);
	test_done(c);
}
END_TEST

START_TEST(test_an_inactive_webhook_waits)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct uuid id = street_webhook(c, NULL);

	queue(c, id, 1, "a");
	ck_ok(store_webhook_active(c, id, false));
	ck_assert_str_eq(claimed(c, &lease, NULL), "");
	ck_ok(store_webhook_active(c, id, true));
	ck_assert_str_eq(claimed(c, &lease, NULL), "a");
	test_done(c);
}
END_TEST

START_TEST(test_retried_it_is_as_new_and_first)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct uuid id = street_webhook(c, NULL), other;
	struct webhook_event *rows;
	uint64_t n;

	other = street_webhook(c, NULL);
	queue(c, id, 1, "a");
	queue(c, other, 1, "x");
	ck_assert_str_eq(claimed(c, &lease, &rows), "ax");
	ck_ok(store_webhook_done(c, lease.owner, &rows[0], "dead", "HTTP 500"));
	ck_ok(store_webhook_done(c, lease.owner, &rows[1], "dead", "HTTP 500"));
	queue(c, id, 1, "b");
	c->now++;
	ck_ok(store_webhook_retry(c, id, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_webhook_retry(c, id, &n));
	ck_assert_uint_eq(n, 0);
	lease = lease_new(c);
	ck_assert_str_eq(claimed(c, &lease, &rows), "a");
	ck_assert_int_eq(rows->attempts, 0);
	ck_assert_ptr_null(rows->why);
	ck_assert_int_eq(rows->done_at, 0);
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

	queue(c, f.webhook, 1, "a");
	queue(c, f.webhook, 2, "b");
	queue(c, f.webhook, 3, "c");
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
run_one(struct ctx *c, int fd)
{
	struct outbox_lease lease;
	struct webhook_event *rows;
	size_t i, n;

	db_forget(c->db);
	c->db = db_new(c->conf);
	do {
		lease = lease_new(c);
		if (store_webhook_claim(c, &lease, BATCH, &rows, &n))
			_exit(1);
		for (i = 0; i < n; i++)
			if (store_webhook_done(
				c, lease.owner, &rows[i], "sent", NULL) == OK)
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
		queue(c, id, (unsigned)i, "a");
	ck_assert_int_eq(pipe(fds), 0);
	for (i = 0; i < COURIERS; i++) {
		if (fork() != 0)
			continue;
		run_one(c, fds[1]);
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

enum { FEW = 100, CLAIM_READS = 1000 };

static const char crowd[] =
    "INSERT INTO webhook_events (tenant_id, webhook_id, id, event,"
    " customer_id, at, state, next_at, done_at) SELECT w.tenant_id, w.id,"
    " UNHEX(LPAD(HEX(seq), 32, '0')), 'done', UNHEX(LPAD(HEX(seq % 100), 32,"
    " '0')), 1, IF(seq % 10, 'sent', 'dead'), 9223372036854775807, 1"
    " FROM seq_1_to_100000, webhooks w;\n"
    "INSERT INTO webhooks SELECT UNHEX(LPAD(HEX(seq), 32, '0')),"
    " UNHEX(LPAD(HEX(seq), 32, '0')), 'https://x.example', 's', NULL,"
    " 'customer.created', TRUE, 1, 1 FROM seq_1_to_2000;\n"
    "ANALYZE TABLE webhook_events, webhooks;\n";

/* 100,000 that are done cost nothing. */
START_TEST(test_by_keys_among_a_hundred_thousand)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL), me = uuid_make(c->now);
	struct outbox_lease lease = lease_new(c);
	int64_t asking, before;
	unsigned i;

	ck_ok(db_script(c, crowd));
	for (i = 0; i < BATCH; i++)
		queue(c, id, i % 10 + 1, "a");
	street_keyed(c, street_stmt("webhook_event", "SET t.lease_owner"),
	    ARGS(INT(c->now), INT(BATCH), UUID(me), INT(lease.until),
		INT(c->now)),
	    FEW);
	before = street_reads(c);
	asking = street_reads(c) - before;
	before = street_reads(c);
	ck_assert_str_eq(claimed(c, &lease, NULL), "aaaaaaaaaa");
	ck_assert_int_le(street_reads(c) - before - asking, CLAIM_READS);
	test_done(c);
}
END_TEST

SUITE(webhook_event, test_the_first_of_each_customer_and_webhook,
    test_a_waiting_one_holds_back_and_a_dead_one_does_not,
    test_a_lease_that_ends_is_taken_over, test_released_is_due_at_once,
    test_an_inactive_webhook_waits, test_retried_it_is_as_new_and_first,
    test_log, test_two_at_once_take_each_once,
    test_by_keys_among_a_hundred_thousand)
