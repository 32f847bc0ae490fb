/* SPDX-License-Identifier: ISC */
/* Refresh tokens: rotation, grace, replay, forgery. */

#include "office.h"
#include "shop.h"

static struct secret
next(struct ctx *c, struct secret token)
{
	struct login login;

	ck_ok(session_refresh(c, token, &login));
	return login.tokens.refresh;
}

static void
refused(struct ctx *c, struct secret token, enum err how)
{
	struct login login;

	ck_err(session_refresh(c, token, &login), how);
}

START_TEST(test_rotates)
{
	struct ctx *c = shop_open();
	struct secret t1 = shop_sign_in(c, "ann@x.example").tokens.refresh;
	struct secret t2 = next(c, t1), t3 = next(c, t2);
	struct login login;

	ck_assert_str_ne(t1.s, t2.s);
	ck_assert_str_ne(t2.s, t3.s);
	ck_ok(session_refresh(c, t3, &login));
	ck_assert_str_eq(login.customer.email, "ann@x.example");
	ck_ok(session_admit(c, login.tokens.access, NULL));
	shop_close(c);
}
END_TEST

START_TEST(test_the_predecessor_gets_the_same_successor)
{
	struct ctx *c = shop_open();
	struct secret t1 = shop_sign_in(c, "ann@x.example").tokens.refresh;
	struct secret t2 = next(c, t1);

	ck_assert_str_eq(next(c, t1).s, t2.s);
	shop_later(c, 10 * SECOND_MS);
	ck_assert_str_eq(next(c, t1).s, t2.s);
	next(c, t2);
	shop_close(c);
}
END_TEST

START_TEST(test_a_spent_successor_is_late)
{
	struct ctx *c = shop_open();
	struct secret t1 = shop_sign_in(c, "ann@x.example").tokens.refresh;
	struct secret t2 = next(c, t1), t3 = next(c, t2);

	refused(c, t1, ERR_REFRESH_LATE);
	next(c, t3);
	shop_close(c);
}
END_TEST

START_TEST(test_a_replay_after_the_grace_ends_it)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	struct secret t2 = next(c, ann.tokens.refresh);

	shop_later(c, 10 * SECOND_MS + 1);
	refused(c, ann.tokens.refresh, ERR_REFRESH_REUSED);
	refused(c, t2, ERR_SESSION_ENDED);
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_an_old_genuine_one_ends_it)
{
	struct ctx *c = shop_open();
	struct secret t1 = shop_sign_in(c, "ann@x.example").tokens.refresh;
	struct secret t4 = next(c, next(c, next(c, t1)));

	refused(c, t1, ERR_REFRESH_REUSED);
	refused(c, t4, ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_a_forged_one_ends_nothing)
{
	struct ctx *c = shop_open();
	struct secret t1 = shop_sign_in(c, "ann@x.example").tokens.refresh;
	char *forged = arena_text(c->arena, t1.s);
	size_t i;

	for (i = 0; i < strlen(t1.s); i++) {
		forged[i] = t1.s[i] == 'A' ? 'B' : 'A';
		refused(c, (struct secret){forged}, ERR_REFRESH_WRONG);
		forged[i] = t1.s[i];
	}
	refused(c, (struct secret){""}, ERR_REFRESH_WRONG);
	next(c, t1);
	shop_close(c);
}
END_TEST

START_TEST(test_wrong_ones_are_counted_by_address)
{
	struct ctx *c = shop_open();
	struct secret t1 = shop_sign_in(c, "ann@x.example").tokens.refresh;
	int i;

	for (i = 0; i < 100; i++)
		refused(c, (struct secret){"nonsense"}, ERR_REFRESH_WRONG);
	refused(c, (struct secret){"nonsense"}, ERR_TOO_MANY);
	next(c, t1);
	shop_close(c);
}
END_TEST

START_TEST(test_idle_and_absolute_ends)
{
	struct ctx *c = shop_open();
	struct secret t = shop_sign_in(c, "ann@x.example").tokens.refresh;
	int day;

	for (day = 0; day < 29; day++) {
		shop_later(c, DAY_MS);
		t = next(c, t);
	}
	shop_later(c, DAY_MS);
	refused(c, t, ERR_SESSION_ENDED);
	t = shop_sign_in(c, "ann@x.example").tokens.refresh;
	shop_later(c, 14 * DAY_MS);
	refused(c, t, ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_disabled_and_foreign)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	const struct tenant *home = c->tenant;

	shop_enter(c, shop_add(c, "other"));
	refused(c, ann.tokens.refresh, ERR_REFRESH_WRONG);
	shop_enter(c, home);
	ck_ok(store_customer_status(c, ann.customer.id, "disabled", "test"));
	refused(c, ann.tokens.refresh, ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_round_trips)
{
	struct ctx *c = shop_open();
	struct secret t = shop_sign_in(c, "ann@x.example").tokens.refresh;
	uint64_t trips = db_trips(c->db);

	next(c, t);
	ck_assert_uint_eq(db_trips(c->db) - trips, 2);
	shop_close(c);
}
END_TEST

/* Its MAC holds: it is over, but it was not guessed. */
START_TEST(test_genuine_ones_are_not_counted)
{
	struct ctx *c = shop_open();
	struct secret old = shop_sign_in(c, "ann@x.example").tokens.refresh;
	struct secret t = shop_sign_in(c, "bob@x.example").tokens.refresh;
	int i;

	ck_err(session_refresh(c, (struct secret){"x"}, &(struct login){0}),
	    ERR_REFRESH_WRONG);
	shop_later(c, 14 * DAY_MS);
	for (i = 0; i < 101; i++)
		refused(c, i % 2 ? old : t, ERR_SESSION_ENDED);
	/* of a generation that a restored database does not know of */
	t = next(c, next(c, shop_sign_in(c, "eve@x.example").tokens.refresh));
	office_do(c, "UPDATE sessions SET generation = 1");
	for (i = 0; i < 101; i++)
		refused(c, t, ERR_REFRESH_OVER);
	shop_close(c);
}
END_TEST

/* Who holds a token cannot fill the trail with it, living session or not. */
START_TEST(test_a_loop_is_paced)
{
	struct ctx *c = shop_open();
	struct secret t = shop_sign_in(c, "ann@x.example").tokens.refresh;
	int64_t i;

	for (i = 0; i < limits[LIMIT_REFRESHES].max; i++)
		t = next(c, t);
	refused(c, t, ERR_TOO_MANY);
	shop_later(c, 2 * SECOND_MS);
	t = next(c, t);
	refused(c, t, ERR_TOO_MANY);
	shop_later(c, 15 * DAY_MS);
	for (i = 0; i < 2 * ODD_REFUSALS; i++)
		refused(c, t, ERR_SESSION_ENDED);
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM audit_events"
					 " WHERE event = 'refresh_refused'"),
	    ODD_REFUSALS);
	shop_close(c);
}
END_TEST

SUITE(refresh, test_a_loop_is_paced, test_rotates,
    test_the_predecessor_gets_the_same_successor,
    test_a_spent_successor_is_late, test_a_replay_after_the_grace_ends_it,
    test_an_old_genuine_one_ends_it, test_a_forged_one_ends_nothing,
    test_wrong_ones_are_counted_by_address, test_idle_and_absolute_ends,
    test_disabled_and_foreign, test_round_trips,
    test_genuine_ones_are_not_counted)
