/* SPDX-License-Identifier: ISC */
/* Whose turn it is to be told something, and who is left alone for a while. */

#include "street.h"

/* Which of these have something due, in the order of their turns: "cab". */
static const char *
heads(struct ctx *c, const struct uuid *hooks, size_t count, struct uuid after)
{
	struct text out = text_new(c->arena);
	struct webhook_head *rows;
	size_t i, j, n;

	ck_ok(store_webhook_heads(c, after, &rows, &n));
	text_add(&out, "");
	for (i = 0; i < n; i++)
		for (j = 0; j < count; j++)
			if (uuid_equal(rows[i].webhook, hooks[j]))
				text_add_c(&out, (char)('a' + j));
	return out.s;
}

START_TEST(test_turns_go_round_and_who_rested_comes_last)
{
	struct ctx *c = street_open();
	struct uuid hooks[5], nobody = {{0}};
	size_t i;

	for (i = 0; i < COUNT(hooks); i++) {
		c->now++;
		hooks[i] = street_webhook(c, NULL);
		street_event(c, hooks[i], 1, "x");
		street_event(c, hooks[i], 1, "y");
	}
	ck_assert_str_eq(heads(c, hooks, 5, nobody), "abcde");
	ck_assert_str_eq(heads(c, hooks, 5, hooks[1]), "cdeab");
	ck_assert_str_eq(heads(c, hooks, 5, hooks[4]), "abcde");
	/* those who rest are left out, and then wait behind the others */
	ck_ok(store_webhook_rest(c, hooks[0], c->now + 2));
	ck_ok(store_webhook_rest(c, hooks[2], c->now + 1));
	ck_assert_str_eq(heads(c, hooks, 5, nobody), "bde");
	c->now += 2;
	ck_assert_str_eq(heads(c, hooks, 5, hooks[1]), "debca");
	ck_ok(store_webhook_rest(c, hooks[2], 0));
	ck_assert_str_eq(heads(c, hooks, 5, nobody), "bcdea");
	/* another shop's hand does not reach them */
	c->tenant_id = street_tenant(c, "other");
	ck_ok(store_webhook_rest(c, hooks[2], c->now + 1));
	ck_assert_str_eq(heads(c, hooks, 5, nobody), "bcdea");
	test_done(c);
}
END_TEST

START_TEST(test_no_turn_without_something_due)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c);
	struct uuid hooks[2], nobody = {{0}};

	hooks[0] = street_webhook(c, NULL);
	c->now++;
	hooks[1] = street_webhook(c, NULL);
	ck_assert_str_eq(heads(c, hooks, 2, nobody), "");
	street_event(c, hooks[0], 1, "x");
	street_event(c, hooks[1], 1, "x");
	ck_ok(store_webhook_active(c, hooks[1], false));
	ck_assert_str_eq(heads(c, hooks, 2, nobody), "a");
	ck_assert_str_eq(street_claimed(c, hooks[0], &lease, NULL), "x");
	ck_assert_str_eq(heads(c, hooks, 2, nobody), "");
	c->now = lease.until;
	ck_assert_str_eq(heads(c, hooks, 2, nobody), "a");
	test_done(c);
}
END_TEST

START_TEST(test_who_rests_is_told_nothing)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c);
	struct uuid id = street_webhook(c, NULL);

	street_event(c, id, 1, "a");
	ck_ok(store_webhook_rest(c, id, c->now + 1));
	ck_assert_str_eq(street_claimed(c, id, &lease, NULL), "");
	/* until it is turned on again, or the time has come */
	ck_ok(store_webhook_active(c, id, false));
	ck_ok(store_webhook_active(c, id, true));
	ck_assert_str_eq(street_claimed(c, id, &lease, NULL), "a");
	ck_ok(store_webhook_release(c, lease.owner, 0));
	ck_ok(store_webhook_rest(c, id, c->now + 1));
	c->now++;
	lease = street_lease(c);
	ck_assert_str_eq(street_claimed(c, id, &lease, NULL), "a");
	test_done(c);
}
END_TEST

START_TEST(test_what_waited_for_too_long_is_dead)
{
	struct ctx *c = street_open();
	struct outbox_lease lease = street_lease(c);
	struct uuid id = street_webhook(c, NULL), other;
	struct webhook_event *rows;
	int64_t old = c->now;
	uint64_t n;

	c->now++;
	other = street_webhook(c, NULL);
	c->now = old;
	street_event(c, id, 1, "a");
	street_event(c, other, 1, "x");
	street_event(c, id, 2, "b");
	ck_assert_str_eq(street_claimed(c, id, &lease, &rows), "ab");
	ck_ok(store_webhook_release(c, lease.owner, rows[1].seq));
	c->now++;
	street_event(c, id, 3, "c");
	ck_ok(store_webhook_stale(c, id, old, &n));
	ck_assert_uint_eq(n, 0);
	ck_ok(store_webhook_stale(c, id, old + 1, &n));
	/* a alone: x is another's, b in hand, c new */
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM webhook_events"
					 " WHERE state = 'dead' AND event = 'a'"
					 " AND why = 'it waited for too long'"
					 " AND done_at IS NOT NULL"),
	    1);
	test_done(c);
}
END_TEST

/* Who begins afresh has as long again, however old what waits is. */
START_TEST(test_afresh_nothing_is_too_old)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL);
	int64_t old = c->now;
	uint64_t n;

	street_event(c, id, 1, "a");
	c->now += 5;
	ck_ok(store_webhook_afresh(c, id));
	ck_ok(store_webhook_stale(c, id, old + 5, &n));
	ck_assert_uint_eq(n, 0);
	ck_ok(store_webhook_stale(c, id, old + 6, &n));
	ck_assert_uint_eq(n, 1);
	test_done(c);
}
END_TEST

SUITE(webhook_turn, test_afresh_nothing_is_too_old,
    test_turns_go_round_and_who_rested_comes_last,
    test_no_turn_without_something_due, test_who_rests_is_told_nothing,
    test_what_waited_for_too_long_is_dead)
