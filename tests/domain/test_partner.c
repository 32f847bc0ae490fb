/* SPDX-License-Identifier: ISC */
/* Partners: their word makes and finds their own customers, and nobody else. */

#include "office.h"
#include "shop.h"

static const struct partner_customer pia = {
    "pia", "Pia Lund", "pia@x.example", "market"};

static struct partner_login
enter(struct ctx *c, const char *username, const char *email, const char *name)
{
	struct partner_customer who = pia;
	struct partner_login out;

	who.username = username;
	who.email = email;
	who.name = name;
	ck_ok(partner_sign_in(c, &who, &out));
	return out;
}

START_TEST(test_the_first_call_makes_and_later_ones_find)
{
	struct ctx *c = shop_open();
	struct partner_login first, again;

	shop_partner(c, "market", NULL);
	ck_ok(partner_sign_in(c, &pia, &first));
	ck_assert(first.login.created);
	ck_assert_str_eq(first.login.customer.email, "pia@x.example");
	ck_assert_int_eq(first.login.customer.email_proven_at, 0);
	shop_later(c, DAY_MS);
	ck_ok(partner_sign_in(c, &pia, &again));
	ck_assert(!again.login.created);
	ck_assert(uuid_equal(first.login.customer.id, again.login.customer.id));
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM customers"), 1);
	ck_ok(session_admit(c, again.login.tokens.access, NULL));
	ck_assert_str_eq(c->who->session.idp, "partner:market");
	ck_assert_str_eq(c->who->session.amr, "fed");
	ck_assert_str_eq(c->who->session.door, "A");
	shop_close(c);
}
END_TEST

START_TEST(test_at_most_five_trips)
{
	struct ctx *c = shop_open();
	struct api_key_new new = {
	    .kind = "partner", .name = "m", .source = "market"};
	struct partner_login out;
	struct api_key_made made;
	const char *why = "";
	uint64_t before;
	int i;

	ck_ok(api_key_create(c, c->tenant, &new, &made, &why));
	for (i = 0; i < 2; i++) {
		before = db_trips(c->db);
		ck_ok(server_admit(c, "partner", NULL, made.key));
		ck_ok(limit_keyed(c, false));
		ck_ok(partner_sign_in(c, &pia, &out));
		ck_assert_uint_le(db_trips(c->db) - before, 5);
	}
	ck_assert_uint_eq(db_trips(c->db) - before, 3);
	shop_close(c);
}
END_TEST

START_TEST(test_conflicts)
{
	static const struct {
		const char *what, *policy, *email, *name;
		enum err e;
		bool email_differs, name_differs;
		const char *kept_email, *kept_name;
	} cases[] = {
	    {"keep, another email", "keep", "p@y.example", "Pia Lund", OK, true,
		false, "pia@x.example", "Pia Lund"},
	    {"keep, both", "keep", "p@y.example", "P", OK, true, true,
		"pia@x.example", "Pia Lund"},
	    {"keep, the same", "keep", "pia@x.example", "Pia Lund", OK, false,
		false, "pia@x.example", "Pia Lund"},
	    {"update, both", "update", "p@y.example", "P", OK, false, false,
		"p@y.example", "P"},
	    {"refuse, another name", "refuse", "pia@x.example", "P",
		ERR_IDENTITY_CONFLICT, false, true, "pia@x.example",
		"Pia Lund"},
	    {"refuse, the same", "refuse", "pia@x.example", "Pia Lund", OK,
		false, false, "pia@x.example", "Pia Lund"},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct ctx *c = shop_open();
		struct partner_customer who = pia;
		struct partner_login out = {.email_differs = false};
		const char *want = arena_print(
		    c->arena, "%s %s", cases[i].kept_email, cases[i].kept_name);
		enum err e;

		shop_set(c, "identity_conflict", cases[i].policy);
		shop_partner(c, "market", NULL);
		ck_ok(partner_sign_in(c, &pia, &out));
		who.email = cases[i].email;
		who.name = cases[i].name;
		e = partner_sign_in(c, &who, &out);
		ck_case(cases[i].what, e == cases[i].e);
		ck_case(cases[i].what,
		    e || (out.email_differs == cases[i].email_differs &&
			     out.name_differs == cases[i].name_differs));
		ck_case(cases[i].what,
		    strcmp(office_text(c, "SELECT CONCAT(email, ' ', full_name)"
					  " FROM customers"),
			want) == 0);
		ck_case(cases[i].what,
		    office_count(c, "SELECT COUNT(*) FROM sessions") ==
			(e ? 1 : 2));
		shop_close(c);
	}
}
END_TEST

/* What the customer changed or proved is theirs, whatever the policy. */
START_TEST(test_update_leaves_what_is_the_customers)
{
	struct ctx *c = shop_open();
	struct customer_change change = {.full_name = {true, "Pia L."}};
	struct partner_login out;
	struct customer now;
	struct login own;
	struct proof proof;
	struct letter letter;

	shop_set(c, "identity_conflict", "update");
	shop_partner(c, "market", NULL);
	out = enter(c, "pia", "pia@x.example", "Pia Lund");
	ck_ok(session_admit(c, out.login.tokens.access, NULL));
	ck_ok(customer_update(c, &change, &now));
	/* and adds an address of their own, by a proof; the word of a
	   partner is none, so that the clock must say they just did */
	c->who = NULL;
	out = enter(c, "pia", "pia@x.example", "Other");
	ck_assert(out.name_differs);
	ck_assert_str_eq(out.login.customer.full_name, "Pia L.");
	ck_ok(shop_ask(c, "own@x.example"));
	letter = shop_letter(c, "own@x.example");
	proof = shop_proof("own@x.example", letter.code);
	ck_ok(session_admit(c, out.login.tokens.access, NULL));
	ck_err(
	    login_by_proof(c, &proof, NULL, NULL, &own), ERR_REAUTH_REQUIRED);
	shop_close(c);
}
END_TEST

/* A username of both bounds is an identity, and fits. */
START_TEST(test_the_longest_username)
{
	struct ctx *c = shop_open();
	struct text name = text_new(c->arena);
	struct partner_customer who = pia;
	struct partner_login out;

	text_add(&name, "");
	while (strlen(name.s) + 3 <= PARTNER_USERNAME_MAX)
		text_add(&name, "\xe0\xb8\x81");
	while (strlen(name.s) < PARTNER_USERNAME_MAX)
		text_add(&name, "a");
	who.username = name.s;
	who.source = "a-source-of-two-and-thirty-bytes";
	ck_assert_uint_eq(strlen(who.source), 32);
	shop_partner(c, who.source, NULL);
	ck_ok(partner_sign_in(c, &who, &out));
	ck_assert_str_eq(out.login.customer.username, name.s);
	shop_close(c);
}
END_TEST

START_TEST(test_who_may_not)
{
	struct ctx *c = shop_open();
	struct partner_customer other = pia;
	struct partner_login out;

	shop_partner(c, "market", "channel:read");
	ck_err(partner_sign_in(c, &pia, &out), ERR_FORBIDDEN);
	shop_partner(c, "market", NULL);
	other.source = "bazaar";
	ck_err(partner_sign_in(c, &other, &out), ERR_FORBIDDEN);
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM audit_events"
					 " WHERE event = 'source_refused'"),
	    1);
	ck_ok(partner_sign_in(c, &pia, &out));
	ck_ok(store_customer_status(
	    c, out.login.customer.id, "disabled", "operator"));
	ck_err(partner_sign_in(c, &pia, &out), ERR_CUSTOMER_DISABLED);
	shop_close(c);
}
END_TEST

/* Two partners may call different people by the same name. */
START_TEST(test_each_source_has_its_own_names)
{
	struct ctx *c = shop_open();
	struct partner_customer other = pia;
	struct partner_login one, two;

	shop_partner(c, "market", NULL);
	ck_ok(partner_sign_in(c, &pia, &one));
	shop_partner(c, "bazaar", NULL);
	other.source = "bazaar";
	ck_ok(partner_sign_in(c, &other, &two));
	ck_assert(!uuid_equal(one.login.customer.id, two.login.customer.id));
	shop_close(c);
}
END_TEST

/* Its word finds nobody but those whom it brought. */
START_TEST(test_vouching_reaches_nobody_from_elsewhere)
{
	struct ctx *c = shop_open();
	struct login victim = shop_sign_in(c, "pia@x.example"), again;
	struct partner_login out;

	shop_partner(c, "market", "*");
	ck_ok(partner_sign_in(c, &pia, &out));
	ck_assert(!uuid_equal(out.login.customer.id, victim.customer.id));
	ck_assert_int_eq(out.login.customer.email_proven_at, 0);
	/* the address still leads its owner to their own account */
	c->who = NULL;
	shop_later(c, HOUR_MS);
	again = shop_sign_in(c, "pia@x.example");
	ck_assert(uuid_equal(again.customer.id, victim.customer.id));
	/* and by another word for the same customer nothing moves, either */
	shop_set(c, "identity_conflict", "update");
	shop_partner(c, "market", "*");
	enter(c, "pia", "else@x.example", "Pia");
	out = enter(c, "pia", "pia@x.example", "Pia");
	ck_assert_int_eq(out.login.customer.email_proven_at, 0);
	shop_close(c);
}
END_TEST

START_TEST(test_vouched_for)
{
	struct ctx *c = shop_open();
	struct partner_login out;
	struct login owner;
	struct secret before;

	shop_partner(c, "market", "customer:authenticate vouch_email");
	ck_ok(partner_sign_in(c, &pia, &out));
	ck_assert_int_eq(out.login.customer.email_proven_at, c->now);
	before = out.login.tokens.access;
	/* who reads the mail is let into it, and all others are let out */
	c->who = NULL;
	owner = shop_sign_in(c, "pia@x.example");
	ck_assert(uuid_equal(owner.customer.id, out.login.customer.id));
	ck_err(session_admit(c, before, NULL), ERR_SESSION_ENDED);
	ck_ok(session_admit(c, owner.tokens.access, NULL));
	shop_close(c);
}
END_TEST

START_TEST(test_a_word_that_is_not_vouched_for_is_a_contact)
{
	struct ctx *c = shop_open();
	struct partner_login out;
	struct login owner;

	shop_partner(c, "market", NULL);
	ck_ok(partner_sign_in(c, &pia, &out));
	c->who = NULL;
	owner = shop_sign_in(c, "pia@x.example");
	ck_assert(!uuid_equal(owner.customer.id, out.login.customer.id));
	shop_close(c);
}
END_TEST

START_TEST(test_refresh_and_logout)
{
	struct ctx *c = shop_open();
	const struct tenant *shop = c->tenant;
	struct partner_login in;
	struct secret old;
	struct login next;

	shop_partner(c, "market", NULL);
	ck_ok(partner_sign_in(c, &pia, &in));
	ck_assert_int_eq(in.login.tokens.access_ms, 30 * DAY_MS);
	ck_assert_int_eq(in.login.tokens.refresh_ms, 90 * DAY_MS);
	c->tenant = NULL;
	c->server = NULL;
	shop_later(c, 40 * DAY_MS);
	ck_ok(partner_refresh(c, in.login.tokens.refresh, &next));
	ck_assert(uuid_equal(c->tenant_id, shop->id));
	ck_assert(strchr(next.tokens.refresh.s, '.') != NULL);
	ck_ok(session_admit(c, next.tokens.access, NULL));
	c->who = NULL;
	c->tenant = NULL;
	ck_err(
	    partner_refresh(c, (struct secret){"x"}, &next), ERR_REFRESH_WRONG);
	ck_err(
	    partner_refresh(c, next.tokens.access, &next), ERR_REFRESH_WRONG);
	/* long after its grace a spent one ends the session, the newest too */
	old = in.login.tokens.refresh;
	shop_later(c, MINUTE_MS);
	ck_err(partner_refresh(c, old, &in.login), ERR_REFRESH_REUSED);
	ck_err(partner_refresh(c, next.tokens.refresh, &in.login),
	    ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_logout_once)
{
	struct ctx *c = shop_open();
	struct partner_login in;

	shop_partner(c, "market", NULL);
	ck_ok(partner_sign_in(c, &pia, &in));
	ck_ok(partner_logout(c, in.login.tokens.refresh));
	ck_err(partner_logout(c, in.login.tokens.refresh), ERR_SESSION_ENDED);
	ck_err(
	    session_admit(c, in.login.tokens.access, NULL), ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

/* Its signature was proven: nobody guesses who shows it. */
START_TEST(test_an_expired_one_is_no_guess)
{
	struct ctx *c = shop_open();
	const struct tenant *shop = c->tenant;
	struct partner_login in;
	struct secret old, forged;
	struct login next;
	int i;

	shop_partner(c, "market", NULL);
	ck_ok(partner_sign_in(c, &pia, &in));
	old = in.login.tokens.refresh;
	forged.s = arena_print(
	    c->arena, "%.*s%s", (int)strlen(old.s) - 8, old.s, "AAAAAAAA");
	c->server = NULL;
	/* nor who shows it to the shop next door */
	shop_enter(c, shop_add(c, "other"));
	for (i = 0; i < 101; i++)
		ck_err(session_refresh(c, old, &next), ERR_REFRESH_OVER);
	ck_ok(any_logout(c, old));
	shop_later(c, 91 * DAY_MS);
	for (i = 0; i < 101; i++) {
		c->tenant = NULL;
		ck_err(partner_refresh(c, old, &next), ERR_REFRESH_OVER);
		ck_err(partner_logout(c, old), ERR_REFRESH_OVER);
	}
	shop_enter(c, shop);
	/* while what was forged counts */
	for (i = 0; i < 100; i++) {
		c->tenant = NULL;
		ck_err(partner_refresh(c, forged, &next), ERR_REFRESH_WRONG);
	}
	c->tenant = NULL;
	ck_err(partner_refresh(c, forged, &next), ERR_TOO_MANY);
	ck_err(partner_refresh(c, old, &next), ERR_REFRESH_OVER);
	shop_close(c);
}
END_TEST

SUITE(partner, test_the_first_call_makes_and_later_ones_find,
    test_at_most_five_trips, test_conflicts,
    test_update_leaves_what_is_the_customers, test_the_longest_username,
    test_who_may_not, test_each_source_has_its_own_names,
    test_vouching_reaches_nobody_from_elsewhere, test_vouched_for,
    test_a_word_that_is_not_vouched_for_is_a_contact, test_refresh_and_logout,
    test_logout_once, test_an_expired_one_is_no_guess)
