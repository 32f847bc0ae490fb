/* SPDX-License-Identifier: ISC */
/* Sessions: who bears a token; how they are listed and ended. */

#include "shop.h"

START_TEST(test_admit)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	const char *key = shop_key(c);
	const struct tenant *other;
	const char *other_key;

	ck_ok(session_admit(c, ann.tokens.access, NULL));
	ck_assert(uuid_equal(c->who->customer.id, ann.customer.id));
	ck_assert_str_eq(c->tenant->slug, "shop");
	ck_ok(session_admit(c, ann.tokens.access, key));
	ck_err(session_admit(c, ann.tokens.access, "pk_unknown"),
	    ERR_TENANT_UNKNOWN);
	other = shop_add(c, "other");
	shop_enter(c, other);
	other_key = shop_key(c);
	ck_err(
	    session_admit(c, ann.tokens.access, other_key), ERR_TOKEN_INVALID);
	ck_err(session_admit(c, ann.tokens.refresh, NULL), ERR_TOKEN_INVALID);
	shop_close(c);
}
END_TEST

START_TEST(test_one_round_trip)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	const char *key = shop_key(c);
	uint64_t trips;

	ck_ok(session_admit(c, ann.tokens.access, NULL));
	trips = db_trips(c->db);
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	ck_ok(session_admit(c, ann.tokens.access, key));
	ck_assert_uint_eq(db_trips(c->db) - trips, 2);
	shop_close(c);
}
END_TEST

START_TEST(test_expired_and_ended_are_told_apart)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");

	shop_later(c, DAY_MS + 59 * SECOND_MS);
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	shop_later(c, SECOND_MS);
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_TOKEN_EXPIRED);
	ann = shop_sign_in(c, "ann@x.example");
	ck_ok(any_logout(c, ann.tokens.refresh));
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_SESSION_ENDED);
	ann = shop_sign_in(c, "ann@x.example");
	ck_ok(store_customer_status(c, ann.customer.id, "disabled", "test"));
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_a_moved_audience_refuses)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");

	shop_set(c, "audience", "https://elsewhere.example");
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_TOKEN_INVALID);
	shop_close(c);
}
END_TEST

START_TEST(test_list_and_end)
{
	struct ctx *c = shop_open();
	struct login a = shop_sign_in(c, "ann@x.example"), b, bob;
	struct session *list;
	struct uuid first;
	size_t n;
	int64_t ended;

	bob = shop_sign_in(c, "bob@x.example");
	shop_later(c, MINUTE_MS);
	b = shop_sign_in(c, "ann@x.example");
	ck_ok(session_admit(c, a.tokens.access, NULL));
	first = c->who->session.id;
	ck_ok(session_admit(c, b.tokens.access, NULL));
	ck_ok(session_list(c, &list, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(uuid_equal(list[1].id, first));
	ck_ok(session_end(c, first));
	ck_err(session_end(c, first), ERR_NOT_FOUND);
	ck_err(session_admit(c, a.tokens.access, NULL), ERR_SESSION_ENDED);
	/* bob's is not ann's to end */
	ck_ok(session_admit(c, bob.tokens.access, NULL));
	first = c->who->session.id;
	ck_ok(session_admit(c, b.tokens.access, NULL));
	ck_err(session_end(c, first), ERR_NOT_FOUND);
	ck_ok(session_end_others(c, &ended));
	ck_assert_int_eq(ended, 0);
	shop_later(c, 5 * MINUTE_MS + 1);
	ck_err(session_end_others(c, &ended), ERR_REAUTH_REQUIRED);
	ck_err(session_end(c, first), ERR_REAUTH_REQUIRED);
	ck_ok(session_end(c, c->who->session.id));
	shop_close(c);
}
END_TEST

START_TEST(test_logout_of_nonsense_is_no_error)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	char *forged = arena_text(c->arena, ann.tokens.refresh.s);

	forged[60] = forged[60] == 'A' ? 'B' : 'A';
	ck_ok(any_logout(c, (struct secret){"nonsense"}));
	ck_ok(any_logout(c, (struct secret){forged}));
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	shop_close(c);
}
END_TEST

START_TEST(test_the_operator_ends_them)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example"), bob;
	struct session *list;
	struct uuid first;
	size_t count;
	int64_t n;

	shop_later(c, HOUR_MS);
	shop_sign_in(c, "ann@x.example");
	bob = shop_sign_in(c, "bob@x.example");
	ck_ok(store_session_list(c, ann.customer.id, &list, &count));
	first = list[1].id;
	shop_enter(c, shop_add(c, "other"));
	ck_err(session_revoke(c, first), ERR_NOT_FOUND);
	ck_ok(session_revoke_all(c, ann.customer.id, &n));
	ck_assert_int_eq(n, 0);
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	c->who = NULL;
	ck_ok(session_revoke(c, first));
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_SESSION_ENDED);
	ck_err(session_revoke(c, first), ERR_NOT_FOUND);
	ck_ok(session_revoke_all(c, ann.customer.id, &n));
	ck_assert_int_eq(n, 1);
	ck_ok(session_admit(c, bob.tokens.access, NULL));
	shop_close(c);
}
END_TEST

SUITE(session, test_the_operator_ends_them, test_admit, test_one_round_trip,
    test_expired_and_ended_are_told_apart, test_a_moved_audience_refuses,
    test_list_and_end, test_logout_of_nonsense_is_no_error)
