/* SPDX-License-Identifier: ISC */
/* The herald: who does not answer rests, and holds up nobody. */

#include "crier.h"

/* One customer's, and the receiver is silent twice. */
START_TEST(test_in_order_when_nobody_answers)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	const char *wire;

	office_conf(c)->delivery_timeout_seconds = 1;
	crier_event(c, 1, "first");
	crier_event(c, 1, "second");
	crier_event(c, 2, "other");
	crier_say(c, "slow\nslow");
	ck_assert_uint_eq(crier_run(c).later, 1);
	office_time(c, c->now + MINUTE_MS);
	ck_assert_uint_eq(crier_run(c).later, 1);
	ck_assert_uint_eq(crier_run(c).told, 0);
	office_time(c, c->now + 5 * MINUTE_MS);
	ck_assert_uint_eq(crier_run(c).told, 2);
	ck_assert_uint_eq(crier_run(c).told, 1);
	ck_assert_uint_eq(crier_run(c).told, 0);
	wire = crier_heard(c, "wire");
	ck_assert_uint_eq(crier_times(wire, "\"second\""), 1);
	ck_assert_uint_eq(crier_times(wire, "\"first\""), 3);
	ck_assert_ptr_null(strstr(strstr(wire, "\"second\""), "\"first\""));
	crier_close(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*say;
	int64_t		 least, most;		/* how long it rests, in ms */
	bool		 told;
} rests[] = {
	{ "200",	0, 0, true },
	{ "500",	FAILED_REST_MS, FAILED_REST_MS, false },
	{ "drop",	FAILED_REST_MS, FAILED_REST_MS, false },
	{ "late",	9 * SECOND_MS, 24 * SECOND_MS, true },
	{ "slow",	MINUTE_MS, MINUTE_MS, false },
	{ "trickle",	9 * SECOND_MS, 24 * SECOND_MS, true },
	{ "stall",	9 * SECOND_MS, 24 * SECOND_MS, true },
};
/* clang-format on */

#define BUSY_MS (8 * SECOND_MS) /* what four seconds may be on a busy machine */

/* Whoever does not answer, or slowly, is left alone; no try of others counts. */
START_TEST(test_who_does_not_answer_rests)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	struct herald_round round;
	int64_t rest, begun;
	size_t i;

	office_conf(c)->delivery_timeout_seconds = 4;
	for (i = 0; i < COUNT(rests); i++) {
		office_do(c, "DELETE FROM webhook_events");
		crier_event(c, 1, "a");
		crier_event(c, 2, "b");
		crier_say(c, rests[i].say);
		begun = world_ticks();
		round = crier_run(c);
		ck_case(rests[i].say, world_ticks() - begun < BUSY_MS);
		rest = office_count(c, "SELECT rest_until FROM webhooks");
		rest = rest ? rest - c->now : 0;
		ck_case(rests[i].say, round.later == !rests[i].told);
		ck_case(rests[i].say,
		    rest >= rests[i].least && rest <= rests[i].most);
		if (rest == 0)
			continue;
		ck_assert_int_eq(
		    office_count(c, WHERE("state = 'queued' AND event = 'b'"
					  " AND lease_owner IS NULL"
					  " AND attempts = 0")),
		    1);
		office_time(c, c->now + rest - 1);
		ck_case(rests[i].say, crier_run(c).told == 0);
		office_time(c, c->now + MINUTE_MS);
		ck_case(rests[i].say, crier_run(c).told > 0);
		ck_assert_int_eq(
		    office_count(c, "SELECT rest_until FROM webhooks"), 0);
	}
	crier_close(c);
}
END_TEST

/* What fails for reasons of our own costs no try, and waits for the mend. */
START_TEST(test_our_own_fault_is_no_try)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);

	crier_event(c, 1, "a");
	office_do(c, "UPDATE webhooks SET secret = CONCAT('x', secret)");
	office_time(c, c->now + 4 * DAY_MS);
	ck_assert_uint_eq(crier_run(c).told, 0);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'queued' AND attempts = 0"
				  " AND lease_owner IS NULL")),
	    1);
	office_do(c, "UPDATE webhooks SET secret = SUBSTR(secret, 2)");
	ck_assert_uint_eq(crier_run(c).told, 0);
	office_time(c, c->now + MINUTE_MS);
	ck_assert_uint_eq(crier_run(c).told, 1);
	crier_close(c);
}
END_TEST

/* Two shops: one hangs with many events, and the other hears of its own. */
START_TEST(test_who_hangs_holds_up_nobody)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	struct uuid other = crier_other(c, "/other");
	const char *wire;
	unsigned i;

	for (i = 1; i <= 40; i++)
		crier_event(c, i, "hanging");
	crier_say(c, "slow");
	ck_assert_uint_eq(crier_run(c).later, 1);
	crier_event_for(c, other, 1, "quick");
	ck_assert_uint_eq(crier_run(c).told, 1);
	ck_assert_uint_eq(crier_run(c).told, 0);
	wire = crier_heard(c, "wire");
	ck_assert_uint_eq(crier_times(wire, "POST /told"), 1);
	ck_assert_uint_eq(crier_times(wire, "POST /other"), 1);
	/* after its rest it comes behind the other, whatever their ids are */
	office_time(c, c->now + MINUTE_MS);
	crier_event_for(c, other, 1, "quick");
	crier_say(c, "200\nslow");
	ck_assert_uint_eq(crier_run(c).told, 1);
	wire = crier_heard(c, "wire");
	ck_assert_uint_eq(crier_times(wire, "POST /told"), 2);
	ck_assert_uint_eq(crier_times(wire, "POST /other"), 2);
	crier_close(c);
}
END_TEST

/* Neither has the whole of a round, and whose turn it is goes round. */
START_TEST(test_a_long_queue_holds_up_nobody)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	struct uuid other = crier_other(c, "/other");
	unsigned i;

	for (i = 1; i <= 20; i++) {
		crier_event(c, i, "a");
		crier_event_for(c, other, i, "b");
	}
	ck_assert_uint_eq(crier_run(c).told, 6);
	ck_assert_uint_eq(crier_times(crier_heard(c, "wire"), "POST /told"), 3);
	ck_assert_uint_eq(
	    crier_times(crier_heard(c, "wire"), "POST /other"), 3);
	while (crier_run(c).told > 0)
		;
	ck_assert_int_eq(office_count(c, WHERE("state = 'sent'")), 40);
	crier_close(c);
}
END_TEST

START_TEST(test_what_nobody_hears_for_days_is_dead)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	struct herald_round round;

	crier_event(c, 1, "old");
	crier_event(c, 2, "old");
	office_time(c, c->now + 3 * DAY_MS + 1);
	crier_event(c, 3, "new");
	crier_say(c, "500");
	round = crier_run(c);
	ck_assert_uint_eq(round.later + round.dead, 2);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'dead' AND event = 'old'")), 1);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'queued' AND event = 'new'")), 1);
	crier_close(c);
}
END_TEST

/* ---- the database, between what was told and what is known of it ------------------ */

/* It answers the nth time; how often it was asked is told by the clock. */
static void
hiccups(struct ctx *c, int n, int code)
{
	office_do(c, "CREATE TABLE asked (n INT) ENGINE=Aria TRANSACTIONAL=0");
	office_do(c, "INSERT INTO asked VALUES (0)");
	office_do(
	    c, arena_print(c->arena,
		   "CREATE TRIGGER hiccup BEFORE UPDATE ON webhook_events"
		   " FOR EACH ROW BEGIN IF NEW.state = 'sent' THEN"
		   " UPDATE asked SET n = n + 1;"
		   " IF (SELECT n FROM asked) < %d THEN SIGNAL SQLSTATE '08S01'"
		   " SET MYSQL_ERRNO = %d; END IF; END IF; END",
		   n, code));
}

START_TEST(test_the_database_is_asked_again)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);

	hiccups(c, 20, 1047);
	crier_event(c, 1, "a");
	ck_assert_uint_eq(crier_run(c).told, 1);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'sent' AND attempts = 1")), 1);
	ck_assert_uint_eq(crier_times(crier_heard(c, "wire"), "POST"), 1);
	crier_close(c);
}
END_TEST

/* What was not told is due at once; the one that was comes when its lease ends. */
START_TEST(test_a_fault_parks_no_more_than_one)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	struct herald_round round;

	hiccups(c, 1000, 1146);
	crier_event(c, 1, "a");
	crier_event(c, 2, "b");
	crier_event(c, 3, "c");
	ck_assert(herald_run(c, &round) != OK);
	ck_assert_int_eq(
	    office_count(c, WHERE("event IN ('b', 'c') AND state = 'queued'"
				  " AND lease_owner IS NULL")),
	    2);
	ck_assert_int_eq(
	    office_count(c, WHERE("event = 'a' AND lease_owner IS NOT NULL")),
	    1);
	crier_close(c);
}
END_TEST

SUITE(herald_rest, test_in_order_when_nobody_answers,
    test_who_does_not_answer_rests, test_our_own_fault_is_no_try,
    test_who_hangs_holds_up_nobody, test_a_long_queue_holds_up_nobody,
    test_what_nobody_hears_for_days_is_dead, test_the_database_is_asked_again,
    test_a_fault_parks_no_more_than_one)
