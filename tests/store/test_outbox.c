/* SPDX-License-Identifier: ISC */
/* The outbox: leased to one, done once, emptied in the end. */

#include <stdio.h>

#include "street.h"

#define COUNT_WHERE(text) "SELECT COUNT(*) FROM outbox WHERE " text

static void
queue(struct ctx *c, int n)
{
	char to[32];

	for (; n > 0; n--) {
		(void)snprintf(to, sizeof(to), "u%d@example.com", n);
		(void)street_begin(c, to, "123456", (unsigned char)n);
	}
}

static struct outbox_lease
lease_new(struct ctx *c)
{
	return (struct outbox_lease){uuid_make(c->now), c->now + 2 * MINUTE_MS};
}

/* The only message of a kind, leased. */
static struct outbox_row *
claim_kind(struct ctx *c, const struct outbox_lease *lease, const char *kind)
{
	struct outbox_row *rows;
	size_t n;

	n = street_claim(c, lease, kind, 20, &rows);
	ck_assert_uint_eq(n, 1);
	return rows;
}

static struct outbox_row *
claim_one(struct ctx *c, const struct outbox_lease *lease)
{
	return claim_kind(c, lease, "email");
}

START_TEST(test_one_message_has_one_lease)
{
	struct ctx *c = street_open();
	struct outbox_lease one = lease_new(c), other = lease_new(c);
	struct outbox_row *rows;
	size_t n;

	queue(c, 3);
	n = street_claim(c, &one, "email", 2, &rows);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(rows[0].tenant_name, "A Shop");
	ck_assert(uuid_equal(rows[0].tenant, c->tenant_id));
	ck_assert_str_eq(rows[0].kind, "email");
	ck_assert_uint_eq(rows[0].payload.n, 6);
	ck_assert_int_eq(rows[0].next_at, one.until);
	n = street_claim(c, &other, "sms", 20, &rows);
	ck_assert_uint_eq(n, 0);
	n = street_claim(c, &other, "email", 20, &rows);
	ck_assert_uint_eq(n, 1);
	n = street_claim(c, &other, "email", 20, &rows);
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

START_TEST(test_a_lease_that_ends_is_taken_over)
{
	struct ctx *c = street_open();
	struct outbox_lease one = lease_new(c), other;
	struct uuid id;

	queue(c, 1);
	id = claim_one(c, &one)->id;
	c->now = one.until;
	other = lease_new(c);
	ck_assert(uuid_equal(claim_one(c, &other)->id, id));
	ck_assert_int_eq(
	    store_outbox_done(c, one.owner, id, "sent", NULL), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_outbox_later(c, one.owner, id, c->now, "x"), ERR_NOT_FOUND);
	ck_ok(store_outbox_done(c, other.owner, id, "sent", NULL));
	ck_assert_int_eq(
	    store_outbox_done(c, other.owner, id, "sent", NULL), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_sent_leaves_nobody_and_nothing)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);

	queue(c, 1);
	ck_ok(store_outbox_done(
	    c, lease.owner, claim_one(c, &lease)->id, "sent", NULL));
	ck_assert_int_eq(
	    street_count(
		c, COUNT_WHERE("state = 'sent'"
			       " AND destination IS NULL AND payload IS NULL"
			       " AND lease_owner IS NULL AND attempts = 1"
			       " AND done_at IS NOT NULL")),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_turned_is_due_at_once_and_never_tried)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct uuid id;

	queue(c, 1);
	id = claim_one(c, &lease)->id;
	ck_ok(store_outbox_later(c, lease.owner, id, c->now, "x"));
	lease = lease_new(c);
	ck_assert_int_eq(claim_one(c, &lease)->attempts, 1);
	ck_ok(store_outbox_turn(c, lease.owner, id, "sms", "HTTP 400"));
	ck_assert_int_eq(
	    store_outbox_turn(c, lease.owner, id, "sms", "x"), ERR_NOT_FOUND);
	lease = lease_new(c);
	ck_assert_str_eq(claim_kind(c, &lease, "sms")->kind, "sms");
	ck_assert_int_eq(
	    street_count(c, COUNT_WHERE("attempts = 0 AND why = 'HTTP 400'"
					" AND payload IS NOT NULL")),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_later_is_due_later)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct outbox_row *rows;
	size_t n;

	queue(c, 1);
	ck_ok(store_outbox_later(c, lease.owner, claim_one(c, &lease)->id,
	    c->now + 10 * SECOND_MS, "451 busy"));
	c->now += 10 * SECOND_MS - 1;
	n = street_claim(c, &lease, "email", 20, &rows);
	ck_assert_uint_eq(n, 0);
	c->now += 1;
	rows = claim_one(c, &lease);
	ck_assert_int_eq(rows->attempts, 1);
	ck_assert_str_eq(rows->why, "451 busy");
	test_done(c);
}
END_TEST

START_TEST(test_released_is_due_at_once)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c), other = lease_new(c);
	struct outbox_row *rows, *again;
	size_t n;

	queue(c, 2);
	n = street_claim(c, &lease, "email", 20, &rows);
	ck_assert_uint_eq(n, 2);
	ck_ok(store_outbox_release(c, lease.owner, rows[0].id));
	again = claim_one(c, &other);
	ck_assert_int_eq(again->attempts, 0);
	ck_assert(uuid_equal(again->id, rows[1].id));
	ck_ok(store_outbox_release(c, lease.owner, (struct uuid){{0}}));
	other = lease_new(c);
	again = claim_one(c, &other);
	ck_assert(uuid_equal(again->id, rows[0].id));
	test_done(c);
}
END_TEST

START_TEST(test_expired_is_never_leased_and_is_emptied)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct outbox_row *rows;
	uint64_t expired;
	size_t n;

	queue(c, 2);
	c->now += 10 * MINUTE_MS - 1;
	ck_ok(store_outbox_expire(c, &expired));
	ck_assert_uint_eq(expired, 0);
	c->now += 1;
	lease = lease_new(c);
	n = street_claim(c, &lease, "email", 20, &rows);
	ck_assert_uint_eq(n, 0);
	ck_ok(store_outbox_expire(c, &expired));
	ck_assert_uint_eq(expired, 2);
	ck_ok(store_outbox_expire(c, &expired));
	ck_assert_uint_eq(expired, 0);
	ck_assert_int_eq(
	    street_count(
		c, COUNT_WHERE("state = 'expired'"
			       " AND destination IS NULL AND payload IS NULL")),
	    2);
	test_done(c);
}
END_TEST

/* A message in hand when its time runs out is its courier's to finish. */
START_TEST(test_a_leased_one_does_not_expire)
{
	struct ctx *c = street_open();
	struct outbox_lease lease;
	struct uuid id;
	uint64_t expired;

	queue(c, 1);
	c->now += 9 * MINUTE_MS;
	lease = lease_new(c);
	id = claim_one(c, &lease)->id;
	c->now += MINUTE_MS;
	ck_ok(store_outbox_expire(c, &expired));
	ck_assert_uint_eq(expired, 0);
	ck_ok(store_outbox_done(c, lease.owner, id, "sent", NULL));
	test_done(c);
}
END_TEST

START_TEST(test_dead_keeps_its_payload_until_it_expires)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	uint64_t expired;

	queue(c, 1);
	ck_ok(store_outbox_done(
	    c, lease.owner, claim_one(c, &lease)->id, "dead", "550 no"));
	ck_ok(store_outbox_expire(c, &expired));
	ck_assert_int_eq(
	    street_count(
		c, COUNT_WHERE(
		       "state = 'dead'"
		       " AND destination IS NOT NULL AND payload IS NOT NULL"
		       " AND why = '550 no'")),
	    1);
	c->now += 10 * MINUTE_MS;
	ck_ok(store_outbox_expire(c, &expired));
	ck_assert_uint_eq(expired, 0);
	ck_assert_int_eq(
	    street_count(
		c, COUNT_WHERE("state = 'dead'"
			       " AND destination IS NULL AND payload IS NULL"
			       " AND why = '550 no'")),
	    1);
	test_done(c);
}
END_TEST

START_TEST(test_suppressed_never_goes_and_is_emptied)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct stmt suppress = {
	    "UPDATE outbox SET state = 'suppressed'", CROSS_TENANT, "a test"};
	struct outbox_row *rows;
	uint64_t n;
	size_t found;

	queue(c, 1);
	ck_ok(db_change(c, &suppress, NO_ARGS, &n));
	found = street_claim(c, &lease, "email", 20, &rows);
	ck_assert_uint_eq(found, 0);
	c->now += 10 * MINUTE_MS;
	ck_ok(store_outbox_expire(c, &n));
	ck_assert_int_eq(
	    street_count(
		c, COUNT_WHERE("state = 'suppressed'"
			       " AND destination IS NULL AND payload IS NULL")),
	    1);
	test_done(c);
}
END_TEST

/* Messages of two tenants, one of them dead. */
static struct uuid
two_tenants(struct ctx *c, struct uuid other)
{
	struct outbox_lease lease = lease_new(c);
	struct uuid first = c->tenant_id;

	queue(c, 1);
	ck_ok(store_outbox_done(
	    c, lease.owner, claim_one(c, &lease)->id, "dead", "550 no"));
	c->now += 5;
	c->tenant_id = other;
	queue(c, 1);
	c->tenant_id = first;
	return first;
}

START_TEST(test_list)
{
	struct ctx *c = street_open();
	struct uuid other = street_tenant(c, "other");
	struct uuid first = two_tenants(c, other);
	const struct {
		const char *what;
		struct outbox_filter f;
		size_t n;
		const char *state;
	} cases[] = {
	    {"all, the newest first", {.most = 10}, 2, "queued"},
	    {"no more than asked for", {.most = 1}, 1, "queued"},
	    {"of one tenant", {.tenant = first, .most = 10}, 1, "dead"},
	    {"of the other", {.tenant = other, .most = 10}, 1, "queued"},
	    {"in one state", {.state = "dead", .most = 10}, 1, "dead"},
	    {"of a tenant in a state it has not",
		{.tenant = other, .state = "dead", .most = 10}, 0, NULL},
	};
	struct outbox_row *rows;
	size_t i, n;

	for (i = 0; i < COUNT(cases); i++) {
		ck_ok(store_outbox_list(c, &cases[i].f, &rows, &n));
		ck_case(cases[i].what, n == cases[i].n);
		if (n == 0)
			continue;
		ck_case(cases[i].what, !strcmp(rows[0].state, cases[i].state));
		ck_case(cases[i].what, rows[0].payload.p == NULL);
	}
	test_done(c);
}
END_TEST

START_TEST(test_retry)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c);
	struct uuid id;

	queue(c, 1);
	id = claim_one(c, &lease)->id;
	ck_assert_int_eq(store_outbox_retry(c, id), ERR_NOT_FOUND);
	ck_ok(store_outbox_done(c, lease.owner, id, "dead", "550 no"));
	ck_assert_int_eq(
	    store_outbox_retry(c, uuid_make(c->now)), ERR_NOT_FOUND);
	ck_ok(store_outbox_retry(c, id));
	ck_assert_int_eq(store_outbox_retry(c, id), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM audit_events"
			    " WHERE event = 'outbox_retried' AND"
			    " actor = 'operator' AND detail = 'email'"),
	    1);
	ck_assert_int_eq(claim_one(c, &lease)->attempts, 0);
	ck_ok(store_outbox_done(c, lease.owner, id, "dead", "550 no"));
	c->now += 10 * MINUTE_MS;
	ck_assert_int_eq(store_outbox_retry(c, id), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_one_of_several)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = lease_new(c), other = lease_new(c);
	struct outbox_row *rows, row;
	struct uuid id;

	queue(c, 3);
	ck_assert_uint_eq(street_claim(c, &other, "email", 1, &rows), 1);
	id = rows[0].id;
	ck_assert_int_eq(
	    store_outbox_claim_one(c, &lease, id, &row), ERR_NOT_FOUND);
	ck_ok(store_outbox_release(c, other.owner, (struct uuid){{0}}));
	ck_ok(store_outbox_claim_one(c, &lease, id, &row));
	ck_assert(uuid_equal(row.id, id));
	ck_assert_uint_eq(row.payload.n, 6);
	ck_assert_int_eq(row.next_at, lease.until);
	ck_assert_int_eq(
	    store_outbox_claim_one(c, &other, id, &row), ERR_NOT_FOUND);
	ck_ok(store_outbox_done(c, lease.owner, id, "sent", NULL));
	ck_assert_int_eq(
	    store_outbox_claim_one(c, &lease, id, &row), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_outbox_claim_one(c, &lease, uuid_make(c->now), &row),
	    ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

SUITE(outbox, test_one_message_has_one_lease, test_one_of_several,
    test_a_lease_that_ends_is_taken_over, test_sent_leaves_nobody_and_nothing,
    test_turned_is_due_at_once_and_never_tried, test_later_is_due_later,
    test_released_is_due_at_once, test_expired_is_never_leased_and_is_emptied,
    test_a_leased_one_does_not_expire,
    test_dead_keeps_its_payload_until_it_expires,
    test_suppressed_never_goes_and_is_emptied, test_list, test_retry)
