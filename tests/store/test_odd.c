/* SPDX-License-Identifier: ISC */
/* Odd patterns: found at their number, not below it, and only since then. */

#include "street.h"

static void
leave(struct ctx *c, const char *event, const char *detail, int times)
{
	struct audit audit = {
	    .event = event, .actor = "key:1", .detail = detail};

	for (; times > 0; times--)
		ck_ok(store_audit(c, c->tenant_id, &audit));
}

/* The first to the last address of a partner's customer, in all. */
static void
leave_emails(struct ctx *c, const char *event, int first, int last)
{
	for (; first <= last; first++)
		leave(c, event,
		    arena_print(c->arena, "market email=%016d%s", first,
			first % 2 ? "" : ",name"),
		    1);
}

static size_t
found(struct ctx *c, const struct odd_limits *l, struct odd_row **rows)
{
	size_t n;

	ck_ok(store_odd(c, l, rows, &n));
	return n;
}

START_TEST(test_each_pattern_at_its_number)
{
	static const struct {
		const char *event, *detail, *pattern;
	} cases[] = {
	    {"signed_up", "partner:market", "burst"},
	    {"key_refused", "expired", "refusals"},
	    {"source_refused", "bazaar", "refusals"},
	};
	struct odd_row *rows;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct ctx *c = street_open();
		struct odd_limits l = {c->now, 3, 3, 3};

		leave(c, cases[i].event, cases[i].detail, 2);
		ck_case(cases[i].event, found(c, &l, &rows) == 0);
		leave(c, cases[i].event, cases[i].detail, 1);
		ck_case(cases[i].event, found(c, &l, &rows) == 1);
		ck_case(cases[i].event,
		    strcmp(rows[0].pattern, cases[i].pattern) == 0);
		ck_case(cases[i].event, rows[0].n == 3);
		ck_case(cases[i].event, rows[0].first_at == c->now);
		l.since = c->now + 1;
		ck_case(cases[i].event, found(c, &l, &rows) == 0);
		test_done(c);
	}
}
END_TEST

/* The same again is no other one, nor is it by another's name beside it. */
START_TEST(test_addresses_are_counted_and_not_events)
{
	struct ctx *c = street_open();
	struct odd_limits l = {c->now, 3, 3, 3};
	struct odd_row *rows;

	leave_emails(c, "identity_conflict", 1, 2);
	leave_emails(c, "identity_conflict", 1, 2);
	leave(c, "identity_conflict", "market email=0000000000000001,name", 3);
	leave(c, "identity_conflict", "email-shop name", 1);
	ck_assert_uint_eq(found(c, &l, &rows), 0);
	leave_emails(c, "contacts_updated", 2, 2);
	ck_assert_uint_eq(found(c, &l, &rows), 0);
	leave_emails(c, "contacts_updated", 3, 3);
	ck_assert_uint_eq(found(c, &l, &rows), 1);
	ck_assert_str_eq(rows[0].pattern, "many_emails");
	ck_assert_int_eq(rows[0].n, 3);
	ck_assert_int_eq(rows[0].first_at, c->now);
	l.since = c->now + 1;
	ck_assert_uint_eq(found(c, &l, &rows), 0);
	test_done(c);
}
END_TEST

START_TEST(test_what_is_not_odd)
{
	struct ctx *c = street_open();
	struct odd_limits l = {c->now, 3, 3, 3};
	struct odd_row *rows;

	leave(c, "identity_conflict", "market name", 5);
	leave(c, "contacts_updated", "email-shop name", 5);
	leave(c, "identity_conflict", "email=shop name", 5);
	leave(c, "address_vouched", "market", 5);
	leave(c, "signed_in", "partner:market", 5);
	leave(c, "refreshed", NULL, 5);
	ck_assert_uint_eq(found(c, &l, &rows), 0);
	test_done(c);
}
END_TEST

SUITE(odd, test_each_pattern_at_its_number,
    test_addresses_are_counted_and_not_events, test_what_is_not_odd)
