/* SPDX-License-Identifier: ISC */
/* Purging: each kind of row goes when its time is over, and not before. */

#include "street.h"

/* One row whose time is %lld; what counts such rows. */
static const struct {
	const char *what;
	const char *insert;
	const char *count;
	int64_t kept_ms;
} cases[] = {
    {"a limit, a day past its window",
	"INSERT INTO limits VALUES ('t', 1, 's', 1, ?, 0, 0)",
	"SELECT COUNT(*) FROM limits", DAY_MS},
    {"a challenge, a day past its life",
	"INSERT INTO challenges (tenant_id, id, purpose, channel, destination,"
	" begun_from, pepper, link_hash, created_at, code_expires_at,"
	" expires_at) VALUES ('t', 'i', 'signin', 'email', 'd', 'f', 1, 'l', 0,"
	" 0, ?)",
	"SELECT COUNT(*) FROM challenges", DAY_MS},
    {"a session, thirty days past its end",
	"INSERT INTO sessions (tenant_id, id, customer_id, door, amr, idp,"
	" salt, rotated_at, authenticated_at, created_at, seen_at,"
	" idle_expires_at, expires_at) VALUES ('t', 'i', 'c', 'B', 'otp',"
	" 'email', 's', 0, 0, 0, 0, 0, ?)",
	"SELECT COUNT(*) FROM sessions", 30 * DAY_MS},
    {"a cart, at its end",
	"INSERT INTO carts (tenant_id, id, kind, updated_at, expires_at)"
	" VALUES ('t', 'i', 'guest', 0, ?)",
	"SELECT COUNT(*) FROM carts", 0},
    {"a message, seven days past its life",
	"INSERT INTO outbox (id, tenant_id, kind, state, next_at, created_at,"
	" expires_at) VALUES ('i', 't', 'email', 'sent', 0, 0, ?)",
	"SELECT COUNT(*) FROM outbox", 7 * DAY_MS},
    {"an invitation, at its end",
	"INSERT INTO invitations (tenant_id, email, created_at, expires_at)"
	" VALUES ('t', 'e', 0, ?)",
	"SELECT COUNT(*) FROM invitations", 0},
    {"a signing key, a day past its end",
	"INSERT INTO signing_keys (tenant_id, id, kid, alg, material,"
	" signs_from, retires_at, created_at) VALUES ('t', 'i', 'k', 'ES256',"
	" 'm', 0, ?, 0)",
	"SELECT COUNT(*) FROM signing_keys", DAY_MS},
    {"a counter, after ninety days",
	"INSERT INTO event_counters VALUES (?, 'no_route', 1)",
	"SELECT COUNT(*) FROM event_counters", 90 * DAY_MS},
    {"an audit event, after four hundred days",
	"INSERT INTO audit_events (tenant_id, id, at, event, result, actor)"
	" VALUES ('t', 'i', ?, 'e', 'ok', 'customer')",
	"SELECT COUNT(*) FROM audit_events", 400 * DAY_MS},
    {"what a webhook was told, thirty days after",
	"INSERT INTO webhook_events (tenant_id, webhook_id, id, event, at,"
	" state, next_at, done_at) VALUES ('t', 'w', 'i', 'e', 0, 'sent', 0, ?)",
	"SELECT COUNT(*) FROM webhook_events", 30 * DAY_MS},
};

static void
put(struct ctx *c, const struct stmt *insert, int64_t at)
{
	uint64_t changed;

	ck_ok(db_change(c, insert, ARGS(INT(at)), &changed));
	ck_assert_uint_eq(changed, 1);
}

START_TEST(test_each_has_its_time)
{
	struct ctx *c = street_open();
	struct stmt inserts[COUNT(cases)];
	uint64_t gone;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		inserts[i] = (struct stmt){cases[i].insert, 0, NULL};
		put(c, &inserts[i], c->now - cases[i].kept_ms);
		ck_ok(store_purge(c, 500, &gone));
		ck_case(cases[i].what, gone == 0);
		ck_case(cases[i].what, street_count(c, cases[i].count) == 1);
		c->now += 1;
		ck_ok(store_purge(c, 500, &gone));
		ck_case(cases[i].what, gone == 1);
		ck_case(cases[i].what, street_count(c, cases[i].count) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_a_batch_at_a_time)
{
	static const struct stmt five = {
	    "INSERT INTO limits SELECT 't', seq, 's', 1, 0, 0, 0 FROM seq_1_to_5",
	    0, NULL};
	static const uint64_t expected[] = {2, 2, 1, 0};
	struct ctx *c = street_open();
	uint64_t n;
	size_t i;

	ck_ok(db_change(c, &five, NO_ARGS, &n));
	for (i = 0; i < COUNT(expected); i++) {
		ck_ok(store_purge(c, 2, &n));
		ck_assert_uint_eq(n, expected[i]);
	}
	test_done(c);
}
END_TEST

START_TEST(test_a_cart_goes_with_its_lines)
{
	static const struct stmt carts = {
	    "INSERT INTO carts (tenant_id, id, kind, updated_at, expires_at)"
	    " VALUES ('t', 'old', 'guest', 0, 1), ('t', 'new', 'guest', 0, ?)",
	    0, NULL};
	static const struct stmt lines = {
	    "INSERT INTO cart_lines (tenant_id, cart_id, product_id, quantity,"
	    " position) VALUES ('t', RPAD('old', 16, '\\0'), 'a', 1, 0),"
	    " ('t', RPAD('old', 16, '\\0'), 'b', 1, 1),"
	    " ('t', RPAD('new', 16, '\\0'), 'a', 1, 0)",
	    0, NULL};
	struct ctx *c = street_open();
	uint64_t n;

	ck_ok(db_change(c, &carts, ARGS(INT(c->now)), &n));
	ck_ok(db_change(c, &lines, NO_ARGS, &n));
	ck_ok(store_purge(c, 500, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM carts"), 1);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM cart_lines"), 1);
	test_done(c);
}
END_TEST

/* However old it is, while its webhook is there and on, or not off for long. */
START_TEST(test_what_a_webhook_waits_for)
{
	struct ctx *c = street_open();
	struct uuid on = street_webhook(c, NULL), off, gone = street_nth(9);
	int64_t begun = c->now;
	uint64_t n;

	c->now++;
	off = street_webhook(c, NULL);
	street_event(c, on, 1, "on");
	street_event(c, off, 1, "off");
	street_event(c, off, 2, "off");
	street_event(c, gone, 1, "gone");
	ck_ok(store_webhook_active(c, off, false));
	ck_ok(store_purge(c, 500, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(street_told(c), "on -\noff -\noff -\n");
	c->now = begun + 1 + 30 * DAY_MS;
	ck_ok(store_purge(c, 500, &n));
	ck_assert_uint_eq(n, 0);
	c->now++;
	ck_ok(store_purge(c, 1, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_purge(c, 1, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_purge(c, 1, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_str_eq(street_told(c), "on -\n");
	test_done(c);
}
END_TEST

SUITE(purge, test_each_has_its_time, test_a_batch_at_a_time,
    test_a_cart_goes_with_its_lines, test_what_a_webhook_waits_for)
