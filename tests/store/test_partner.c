/* SPDX-License-Identifier: ISC */
/* A partner's customer: made once, whoever comes first; webhooks are told. */

#include "street.h"

static void
come_in(struct ctx *c, struct partner_in *out)
{
	struct session s = {.id = uuid_make(c->now),
	    .door = "A",
	    .amr = "fed",
	    .idp = "partner:market",
	    .idle_expires_at = c->now + DAY_MS,
	    .expires_at = c->now + DAY_MS};
	const struct partner_signin in = {.session = &s,
	    .value = "market:pia",
	    .source = "market",
	    .username = "pia",
	    .email = "pia@x.example",
	    .email_mark = "0f1e2d3c4b5a6978",
	    .name = "Pia",
	    .policy = "keep",
	    .actor = "key:x",
	    .new_customer = uuid_make(c->now),
	    .sessions_max = 50};

	ck_ok(store_partner_signin(c, &in, out));
}

START_TEST(test_one_trip_and_one_customer)
{
	struct ctx *c = street_open();
	struct partner_in one, two;
	uint64_t before;

	come_in(c, &one);
	before = db_trips(c->db);
	come_in(c, &two);
	ck_assert_uint_eq(db_trips(c->db) - before, 1);
	ck_assert(one.created && !two.created);
	ck_assert(uuid_equal(one.customer.id, two.customer.id));
	ck_assert_str_eq(one.customer.username, "pia");
	ck_assert_str_eq(one.customer.source, "market");
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM sessions"), 2);
	test_done(c);
}
END_TEST

static int64_t
live(struct ctx *c, const char *door)
{
	return street_count(
	    c, arena_print(c->arena,
		   "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL"
		   " AND door = '%s'",
		   door));
}

/* The most sessions of one door are not the most of the other. */
START_TEST(test_each_door_counts_its_own_sessions)
{
	struct ctx *c = street_open();
	struct partner_in out;
	struct session s;
	int i;

	for (i = 0; i < 12; i++, c->now++)
		come_in(c, &out);
	ck_ok(db_script(c,
	    "INSERT INTO identities SELECT tenant_id, 'email', email, id, 1, 1"
	    " FROM customers;\n"));
	for (i = 0; i < 11; i++, c->now++)
		ck_assert(uuid_equal(
		    street_sign_in(c, "pia@x.example", &s).customer.id,
		    out.customer.id));
	ck_assert_int_eq(live(c, "A"), 12);
	ck_assert_int_eq(live(c, "B"), 10);
	for (i = 0; i < 40; i++, c->now++)
		come_in(c, &out);
	ck_assert_int_eq(live(c, "A"), 50);
	ck_assert_int_eq(live(c, "B"), 10);
	test_done(c);
}
END_TEST

START_TEST(test_webhooks_are_told)
{
	static const struct stmt hook = {
	    "INSERT INTO webhooks VALUES (?, 'w', 'https://x.example', 's',"
	    " NULL, 'customer.created,customer.signed_in', TRUE, 0, 0, 0)",
	    0, NULL};
	struct ctx *c = street_open();
	struct partner_in out;
	uint64_t changed;

	come_in(c, &out);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events"), 0);
	ck_ok(db_change(c, &hook, ARGS(UUID(c->tenant_id)), &changed));
	come_in(c, &out);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events WHERE event"
			    " = 'customer.signed_in' AND customer_id IS NOT"
			    " NULL AND session_id IS NOT NULL"),
	    1);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events"), 1);
	test_done(c);
}
END_TEST

SUITE(partner, test_one_trip_and_one_customer,
    test_each_door_counts_its_own_sessions, test_webhooks_are_told)
