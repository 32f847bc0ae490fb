/* SPDX-License-Identifier: ISC */
/* Who may watch, what they are told, and that it is asked for once. */

#include "shop.h"

static int64_t
value(const struct metrics *m, const char *what, const char *label)
{
	int64_t found = -1;
	size_t i;

	for (i = 0; i < m->n; i++)
		if (strcmp(m->list[i].what, what) == 0 &&
		    strcmp(m->list[i].label, label) == 0) {
			ck_assert_int_eq(found, -1);
			found = m->list[i].value;
		}
	return found;
}

START_TEST(test_who_may)
{
	static const struct {
		const char *what, *address, *from;
		bool may;
	} cases[] = {
	    {"nobody is listed", "127.0.0.1", "", false},
	    {"a listed one", "10.1.2.3", "10.0.0.0/8", true},
	    {"another", "11.1.2.3", "10.0.0.0/8", false},
	    {"by IPv6", "2001:db8::7", "10.0.0.0/8 2001:db8::/32", true},
	    {"without an address", "", "0.0.0.0/0, ::/0", false},
	};
	struct ctx *c = shop_open();
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		c->address = cases[i].address;
		shop_conf(c)->metrics_from = cases[i].from;
		ck_case(cases[i].what, metrics_open(c) == cases[i].may);
	}
	shop_close(c);
}
END_TEST

START_TEST(test_asked_for_once_in_ten_seconds)
{
	struct ctx *c = shop_open();
	const struct metrics *m;
	uint64_t trips;

	ck_ok(metrics_read(c, &m));
	ck_assert_int_eq(value(m, "queued", "email"), 0);
	ck_assert_int_eq(value(m, "oldest", ""), 0);
	ck_ok(shop_ask(c, "ann@x.example"));
	shop_later(c, METRICS_KEPT_MS - 1);
	trips = db_trips(c->db);
	ck_ok(metrics_read(c, &m));
	ck_assert_uint_eq(db_trips(c->db), trips);
	ck_assert_int_eq(value(m, "queued", "email"), 0);
	shop_later(c, 1);
	ck_ok(metrics_read(c, &m));
	ck_assert_uint_eq(db_trips(c->db), trips + 1);
	ck_assert_int_eq(value(m, "queued", "email"), 1);
	ck_assert_int_eq(value(m, "queued", "sms"), 0);
	ck_assert_int_eq(value(m, "dead", "whatsapp"), 0);
	ck_assert_int_eq(value(m, "oldest", ""), METRICS_KEPT_MS / SECOND_MS);
	/* a clock that was put back */
	shop_later(c, -HOUR_MS);
	ck_ok(metrics_read(c, &m));
	ck_assert_uint_eq(db_trips(c->db), trips + 2);
	ck_assert_int_eq(value(m, "oldest", ""), 0);
	shop_close(c);
}
END_TEST

START_TEST(test_events_and_refusals_by_name)
{
	struct ctx *c = shop_open();
	const struct metrics *m;

	shop_sign_in(c, "ann@x.example");
	ck_ok(store_counter_add(c, "token_invalid", 5));
	ck_ok(metrics_read(c, &m));
	ck_assert_int_eq(value(m, "ok", "signed_up"), 1);
	ck_assert_int_eq(value(m, "ok", "signed_in"), 0);
	ck_assert_int_eq(value(m, "refused", "signed_in"), 0);
	ck_assert_int_eq(value(m, "gate", "token_invalid"), 5);
	ck_assert_int_eq(value(m, "gate", "no_route"), 0);
	ck_assert_int_eq(value(m, "gate", "method"), -1);
	ck_assert_int_ge(value(m, "rows", "sessions"), 0);
	shop_close(c);
}
END_TEST

/* "The last five minutes" are that. */
START_TEST(test_recent_is_five_minutes)
{
	struct ctx *c = shop_open();
	const struct metrics *m;

	shop_sign_in(c, "ann@x.example");
	shop_later(c, 5 * MINUTE_MS);
	ck_ok(metrics_read(c, &m));
	ck_assert_int_eq(value(m, "ok", "signed_up"), 1);
	shop_later(c, MINUTE_MS);
	ck_ok(metrics_read(c, &m));
	ck_assert_int_eq(value(m, "ok", "signed_up"), 0);
	shop_close(c);
}
END_TEST

/* An age, as the oldest message's is. */
START_TEST(test_what_webhooks_wait_for)
{
	struct ctx *c = shop_open();
	struct webhook w = {.id = uuid_make(c->now),
	    .url = "https://a.example",
	    .secret = {(const unsigned char *)"s", 1},
	    .events = "customer.created"};
	const struct metrics *m;

	ck_ok(metrics_read(c, &m));
	ck_assert_int_eq(value(m, "hooks_queued", ""), 0);
	ck_assert_int_eq(value(m, "hooks_dead", ""), 0);
	ck_assert_int_eq(value(m, "hooks_oldest", ""), 0);
	ck_ok(store_webhook_add(c, &w));
	ck_ok(store_webhook_tell(c, w.id, "webhook.test"));
	shop_later(c, 40 * SECOND_MS);
	ck_ok(metrics_read(c, &m));
	ck_assert_int_eq(value(m, "hooks_queued", ""), 1);
	ck_assert_int_eq(value(m, "hooks_oldest", ""), 40);
	shop_close(c);
}
END_TEST

/* However many names there are, they have their room and no more. */
START_TEST(test_no_more_than_there_is_room_for)
{
	struct ctx *c = shop_open();
	const struct metrics *m;
	int i;

	for (i = 0; i < METRICS_MAX + 8; i++)
		ck_ok(store_counter_add(c,
		    arena_print(
			c->arena, "a_name_of_forty_letters_not_more_%07d", i),
		    1));
	ck_ok(metrics_read(c, &m));
	ck_assert_uint_eq(m->n, METRICS_MAX);
	ck_assert_int_eq(value(m, "schema", ""), 0);
	shop_close(c);
}
END_TEST

struct word {
	const char *s;
};

/* Every kind that the outbox may hold is told from the first day. */
START_TEST(test_no_kind_is_left_out)
{
	static const struct stmt ask = {
	    "SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE"
	    " TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'outbox'"
	    " AND COLUMN_NAME = 'kind'",
	    CROSS_TENANT, "a test"};
	static const struct col cols[] = {COL_TEXT(struct word, s), COL_END};
	struct ctx *c = shop_open();
	const struct metrics *m;
	struct word type;
	const char *s;
	size_t n, kinds = 0;

	ck_ok(db_one(c, &ask, NO_ARGS, cols, &type));
	ck_ok(metrics_read(c, &m));
	for (s = strchr(type.s, '\''); s != NULL; s = strchr(s + n + 2, '\'')) {
		n = strcspn(s + 1, "'");
		ck_assert_int_eq(
		    value(m, "queued", arena_copy(c->arena, s + 1, n)), 0);
		ck_assert_int_eq(
		    value(m, "dead", arena_copy(c->arena, s + 1, n)), 0);
		kinds++;
	}
	ck_assert_uint_ge(kinds, 3);
	shop_close(c);
}
END_TEST

SUITE(metrics, test_recent_is_five_minutes, test_what_webhooks_wait_for,
    test_who_may, test_asked_for_once_in_ten_seconds,
    test_events_and_refusals_by_name, test_no_more_than_there_is_room_for,
    test_no_kind_is_left_out)
