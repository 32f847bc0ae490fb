/* SPDX-License-Identifier: ISC */
/* A monitor's numbers: right, of the whole house, and without long reads. */

#include "street.h"

static int64_t
value(struct ctx *c, const char *what, const char *label)
{
	struct metric_row *rows;
	int64_t found = -1;
	size_t i, n;

	ck_ok(store_metrics(
	    c, c->now - 5 * MINUTE_MS, c->now - c->now % DAY_MS, &rows, &n));
	for (i = 0; i < n; i++) {
		if (strcmp(rows[i].what, what) || strcmp(rows[i].label, label))
			continue;
		ck_assert_int_eq(found, -1);
		found = rows[i].n;
	}
	return found;
}

START_TEST(test_an_empty_house)
{
	struct ctx *c = street_open();

	ck_assert_int_eq(value(c, "queued", "email"), -1);
	ck_assert_int_eq(value(c, "oldest", ""), 0);
	ck_assert_int_eq(value(c, "ok", "signed_in"), -1);
	ck_assert_int_eq(value(c, "schema", ""), 0);
	ck_assert_int_ge(value(c, "rows", "sessions"), 0);
	test_done(c);
}
END_TEST

START_TEST(test_what_is_counted)
{
	struct ctx *c = street_open();
	int64_t begun = c->now;
	struct session s;

	street_sign_in(c, "a@x.example", &s);
	c->tenant_id = street_tenant(c, "other");
	c->now += MINUTE_MS;
	street_sign_in(c, "a@x.example", &s);
	street_begin(c, "b@x.example", "123456", 1);
	ck_ok(db_script(c,
	    "UPDATE outbox SET state = 'dead' WHERE destination ="
	    " 'b@x.example';\n"
	    "INSERT INTO migrations VALUES (1, 'schema', 1), (4, 'x', 1);\n"));
	ck_ok(store_counter_add(c, "no_route", 3));
	ck_ok(store_counter_add(c, "no_route", 4));
	ck_assert_int_eq(value(c, "queued", "email"), 2);
	ck_assert_int_eq(value(c, "queued", "sms"), -1);
	ck_assert_int_eq(value(c, "dead", "email"), 1);
	ck_assert_int_eq(value(c, "oldest", ""), begun);
	ck_assert_int_eq(value(c, "ok", "signed_up"), 2);
	ck_assert_int_eq(value(c, "refused", "signed_up"), -1);
	ck_assert_int_eq(value(c, "gate", "no_route"), 7);
	ck_assert_int_eq(value(c, "schema", ""), 4);
	c->now += 4 * MINUTE_MS + 1;
	ck_assert_int_eq(value(c, "ok", "signed_up"), 1);
	test_done(c);
}
END_TEST

START_TEST(test_what_webhooks_wait_for)
{
	struct ctx *c = street_open();
	struct uuid on = street_webhook(c, NULL), off;
	int64_t begun = c->now;

	ck_assert_int_eq(value(c, "hooks_queued", ""), 0);
	ck_assert_int_eq(value(c, "hooks_oldest", ""), 0);
	ck_assert_int_eq(value(c, "hooks_dead", ""), 0);
	c->now++;
	off = street_webhook(c, NULL);
	c->now = begun - MINUTE_MS;
	street_event(c, off, 1, "a");
	ck_ok(store_webhook_active(c, off, false));
	c->now = begun;
	street_event(c, on, 1, "b");
	street_event(c, on, 2, "c");
	c->now++;
	street_event(c, on, 3, "d");
	street_event(c, on, 4, "e");
	ck_ok(db_script(c, "UPDATE webhook_events SET state = 'dead'"
			   " WHERE event = 'c';\n"
			   "UPDATE webhook_events SET state = 'sent'"
			   " WHERE event = 'd';\n"));
	ck_assert_int_eq(value(c, "hooks_queued", ""), 2);
	ck_assert_int_eq(value(c, "hooks_oldest", ""), begun);
	ck_assert_int_eq(value(c, "hooks_dead", ""), 1);
	test_done(c);
}
END_TEST

/* Counters begin anew with each day of UTC. */
START_TEST(test_yesterday_is_not_counted)
{
	struct ctx *c = street_open();

	c->now -= c->now % DAY_MS;
	ck_ok(store_counter_add(c, "no_route", 3));
	c->now -= 1;
	ck_ok(store_counter_add(c, "no_route", 5));
	ck_assert_int_eq(value(c, "gate", "no_route"), 8);
	c->now += 1;
	ck_assert_int_eq(value(c, "gate", "no_route"), 3);
	test_done(c);
}
END_TEST

/* What is over is not read, however much of it there is. */
START_TEST(test_reads_only_what_it_tells)
{
	struct ctx *c = street_open();
	int64_t before;

	ck_ok(db_script(c,
	    "INSERT INTO outbox (id, tenant_id, kind, state, next_at,"
	    " created_at, expires_at) SELECT UNHEX(LPAD(HEX(seq), 32, '0')),"
	    " 't', 'email', 'sent', 1, 1, 1 FROM seq_1_to_20000;\n"
	    "INSERT INTO sessions (tenant_id, id, customer_id, door, amr, idp,"
	    " salt, rotated_at, authenticated_at, created_at, seen_at,"
	    " idle_expires_at, expires_at) SELECT t.id,"
	    " UNHEX(LPAD(HEX(seq), 32, '0')), 'c', 'B', 'otp', 'email', 's',"
	    " 1, 1, 1, 1, 9e15, 9e15 FROM tenants t, seq_1_to_20000;\n"
	    "INSERT INTO audit_events (tenant_id, id, at, event, result, actor)"
	    " SELECT 't', UNHEX(LPAD(HEX(seq), 32, '0')), seq, 'old', 'ok',"
	    " 'customer' FROM seq_1_to_20000;\n"
	    "INSERT INTO webhook_events (tenant_id, webhook_id, id, event, at,"
	    " state, next_at) SELECT 't', 'w', 'i', 'e', 1, 'sent', 1"
	    " FROM seq_1_to_20000;\n"
	    "ANALYZE TABLE outbox, sessions, audit_events, webhook_events;\n"));
	ck_assert_int_eq(value(c, "ok", "old"), -1);
	before = street_reads(c);
	ck_assert_int_eq(value(c, "ok", "old"), -1);
	ck_assert_int_lt(street_reads(c) - before, 1500);
	ck_assert_int_gt(value(c, "rows", "sessions"), 10000);
	test_done(c);
}
END_TEST

SUITE(metrics, test_what_webhooks_wait_for, test_an_empty_house,
    test_what_is_counted, test_yesterday_is_not_counted,
    test_reads_only_what_it_tells)
