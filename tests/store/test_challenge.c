/* SPDX-License-Identifier: ISC */
/* Challenges: the newest from an address lives; tries are counted first. */

#include "street.h"

static const unsigned char subject[16] = "identifier";

static size_t
try(struct ctx *c, const char *to, struct live_code **live)
{
	struct challenge_try t = {.channel = "email",
	    .destination = to,
	    .subject = {subject, 16},
	    .tries_max = 5,
	    .hour_kind = 1,
	    .hour_max = 20,
	    .hour_ms = HOUR_MS,
	    .row_kind = 2,
	    .row_max = 100,
	    .row_ms = DAY_MS};
	size_t n = 99;

	ck_ok(store_challenge_try(c, &t, live, &n));
	return n;
}

START_TEST(test_newest_from_an_address_lives)
{
	struct ctx *c = street_open();
	struct live_code *live;
	struct uuid second, third;

	street_begin(c, "a@x.example", "1", 1);
	second = street_begin(c, "a@x.example", "2", 1);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 1);
	ck_assert(uuid_equal(live[0].id, second));
	c->now++;
	third = street_begin(c, "a@x.example", "3", 2);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 2);
	ck_assert(
	    uuid_equal(live[0].id, third) || uuid_equal(live[1].id, third));
	ck_assert_uint_eq(try(c, "b@x.example", &live), 0);
	test_done(c);
}
END_TEST

START_TEST(test_three_live_codes_at_most)
{
	struct ctx *c = street_open();
	struct challenge first = street_challenge(c, "a@x.example", "1", 1);
	struct outgoing out = {.kind = "email"};
	struct challenge found;
	struct live_code *live;
	unsigned char from;

	ck_ok(store_challenge_begin(c, &first, &out));
	for (from = 2; from <= 6; from++)
		street_begin(c, "a@x.example", "1", from);
	ck_assert_uint_eq(try(c, "a@x.example", &live), LIVE_MAX);
	/* the links of all of them still open */
	ck_ok(store_challenge_by_link(c, first.link_hash, &found));
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM challenges "
					 "WHERE killed_at IS NOT NULL"),
	    0);
	test_done(c);
}
END_TEST

START_TEST(test_tries_are_bounded_and_kept)
{
	struct ctx *c = street_open();
	struct live_code *live;
	int i;

	street_begin(c, "a@x.example", "1", 1);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(try(c, "a@x.example", &live), 1);
	/* a new one, from there and from elsewhere, counts on */
	street_begin(c, "a@x.example", "2", 1);
	street_begin(c, "a@x.example", "3", 2);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 2);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 2);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 0);
	ck_assert_int_eq(
	    street_count(c, "SELECT n FROM limits WHERE kind = 1"), 5);
	/* once exhausted, the next begins with none */
	street_begin(c, "a@x.example", "4", 1);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 1);
	ck_assert_int_eq(
	    street_count(c, "SELECT n FROM limits WHERE kind = 2"), 6);
	test_done(c);
}
END_TEST

START_TEST(test_code_entry_goes_off)
{
	struct ctx *c = street_open();
	struct live_code *live;
	int i;

	for (i = 0; i < 20; i++) {
		if (i % 5 == 0)
			street_begin(c, "a@x.example", "1", 1);
		ck_assert_uint_eq(try(c, "a@x.example", &live), 1);
		ck_assert_int_eq(live[0].resets_at, 0);
	}
	street_begin(c, "a@x.example", "1", 1);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 1);
	ck_assert_int_eq(live[0].resets_at, c->now + HOUR_MS);
	ck_assert_int_eq(street_count(c, "SELECT SUM(tries) FROM challenges "
					 "WHERE killed_at IS NULL"),
	    0);
	test_done(c);
}
END_TEST

START_TEST(test_links)
{
	struct ctx *c = street_open();
	struct challenge ch = street_challenge(c, "a@x.example", NULL, 1);
	struct outgoing out = {.kind = "email"};
	struct challenge found;
	struct live_code *live;

	ck_ok(store_challenge_begin(c, &ch, &out));
	ck_assert_int_eq(store_challenge_begin(c, &ch, &out), ERR_CONFLICT);
	ck_assert_uint_eq(try(c, "a@x.example", &live), 0);
	ck_ok(store_challenge_by_link(c, ch.link_hash, &found));
	ck_assert_str_eq(found.destination, "a@x.example");
	c->now += 10 * MINUTE_MS;
	ck_assert_int_eq(
	    store_challenge_by_link(c, ch.link_hash, &found), ERR_NOT_FOUND);
	c->now -= 1;
	ck_ok(store_challenge_by_link(c, ch.link_hash, &found));
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_challenge_by_link(c, ch.link_hash, &found), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_disabled_people_get_a_suppressed_row)
{
	struct ctx *c = street_open();
	struct session s;

	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_customer_status(c, s.customer, "disabled", "operator"));
	street_begin(c, "a@x.example", "1", 1);
	street_begin(c, "b@x.example", "1", 1);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM outbox "
			    "WHERE state = 'suppressed' AND destination = "
			    "'a@x.example'"),
	    1);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM challenges WHERE "
			    "spent_at IS NULL"),
	    2);
	test_done(c);
}
END_TEST

START_TEST(test_phone_standing)
{
	struct ctx *c = street_open();
	struct challenge ch = street_challenge(c, "+48600100200", "1", 1);
	struct outgoing out = {.kind = "sms"};
	struct phone_standing standing;

	ch.channel = "phone";
	ch.fresh_number = true;
	ck_ok(store_challenge_begin(c, &ch, &out));
	ck_ok(store_phone_standing(c, "+48600100200", 50, &standing));
	ck_assert(!standing.proven);
	ck_assert_int_eq(standing.sent, 0);
	c->now += 10 * MINUTE_MS;
	ck_ok(store_phone_standing(c, "+48600100200", 50, &standing));
	ck_assert_int_eq(standing.sent, 1);
	ck_assert_int_eq(standing.used, 0);
	test_done(c);
}
END_TEST

/* What is out of our hands arrives; what waits does not come after a newer one. */
START_TEST(test_a_newer_message_takes_the_place_of_one_that_waits)
{
	static const struct {
		const char *what, *lease;
		int64_t suppressed;
	} cases[] = {
	    {"it waits", "lease_owner = NULL", 1},
	    {"in somebody's hands", "lease_owner = id, next_at = next_at + 1",
		0},
	    {"they have died", "lease_owner = id", 1},
	    {"it is gone", "state = 'sent'", 0},
	};
	struct ctx *c = street_open();
	const char *to;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		to = arena_print(c->arena, "u%zu@x.example", i);
		street_begin(c, to, "1", 1);
		ck_ok(db_script(
		    c, arena_print(c->arena,
			   "UPDATE outbox SET %s WHERE destination = '%s';\n",
			   cases[i].lease, to)));
		street_begin(c, to, "2", 2);
		street_begin(c, to, "3", 1);
		ck_case(cases[i].what,
		    street_count(
			c, arena_print(c->arena,
			       "SELECT COUNT(*) FROM outbox WHERE state ="
			       " 'suppressed' AND destination = '%s'"
			       " AND why = 'a newer one took its place'",
			       to)) == cases[i].suppressed);
	}
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM outbox WHERE"
					 " id <> challenge_id"),
	    0);
	test_done(c);
}
END_TEST

SUITE(challenge, test_a_newer_message_takes_the_place_of_one_that_waits,
    test_newest_from_an_address_lives, test_three_live_codes_at_most,
    test_tries_are_bounded_and_kept, test_code_entry_goes_off, test_links,
    test_disabled_people_get_a_suppressed_row, test_phone_standing)
