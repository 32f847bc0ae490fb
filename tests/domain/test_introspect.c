/* SPDX-License-Identifier: ISC */
/* Introspection and revocation: what is good, and that nothing else is said. */

#include "shop.h"

/* Another process, which has only the first master key. */
static void
house_forget(struct ctx *c)
{
	const char *why = "";

	house_close(c->house);
	shop_master(c, MASTER_1);
	ck_ok(house_open(c->conf, c->arena, &c->house, &why));
}

/* From here on a server of this shop asks. */
static void
serve_with(struct ctx *c, const char *scopes)
{
	struct api_key_new new = {
	    .kind = "secret", .name = "x", .scopes = scopes};
	struct api_key_made made;
	const char *why = "";

	ck_ok(api_key_create(c, c->tenant, &new, &made, &why));
	c->who = NULL;
	ck_ok(server_admit(c, "secret", NULL, made.key));
}

static bool
is_active(struct ctx *c, struct secret token)
{
	struct introspected out;

	ck_ok(token_introspect(c, token, &out));
	return out.active;
}

START_TEST(test_good_tokens)
{
	struct ctx *c = shop_open();
	struct login login = shop_sign_in(c, "ann@x.example");
	struct introspected out;

	serve_with(c, "token:introspect");
	ck_ok(token_introspect(c, login.tokens.access, &out));
	ck_assert(out.active);
	ck_assert_str_eq(json_get_text(out.claims, "email"), "ann@x.example");
	ck_ok(token_introspect(c, login.tokens.refresh, &out));
	ck_assert(out.active);
	ck_assert_ptr_null(out.claims);
	ck_assert(uuid_equal(out.session.customer, login.customer.id));
	shop_close(c);
}
END_TEST

/* A token of ours that this process cannot judge is not called inactive. */
START_TEST(test_a_master_key_that_is_not_here)
{
	struct ctx *c = shop_open();
	struct introspected out;
	struct login login;

	shop_later(c, DAY_MS);
	shop_rotate_by_two(c);
	shop_master(c, MASTER_1 MASTER_2);
	shop_later(c, 7 * MINUTE_MS);
	login = shop_sign_in(c, "ann@x.example");
	house_forget(c);
	serve_with(c, "*");
	ck_err(token_introspect(c, login.tokens.access, &out), ERR_SEALED);
	ck_err(token_revoke(c, login.tokens.access), ERR_SEALED);
	ck_err(session_admit(c, login.tokens.access, NULL), ERR_SEALED);
	shop_later(c, 5 * SECOND_MS);
	shop_master(c, MASTER_1 MASTER_2);
	ck_assert(is_active(c, login.tokens.access));
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

START_TEST(test_tokens_of_another_tenant)
{
	struct ctx *c = shop_open();
	const struct tenant *other;
	struct login login = shop_sign_in(c, "ann@x.example");

	other = shop_add(c, "other");
	shop_enter(c, other);
	serve_with(c, "*");
	ck_assert(!is_active(c, login.tokens.access));
	ck_assert(!is_active(c, login.tokens.refresh));
	ck_ok(token_revoke(c, login.tokens.access));
	ck_ok(token_revoke(c, login.tokens.refresh));
	ck_ok(session_admit(c, login.tokens.access, NULL));
	shop_close(c);
}
END_TEST

START_TEST(test_what_is_not_good)
{
	struct ctx *c = shop_open();
	struct login login = shop_sign_in(c, "ann@x.example"), next;
	struct secret access = login.tokens.access;
	char *changed = arena_text(c->arena, access.s);

	changed[strlen(changed) - 5] ^= 1;
	ck_ok(session_refresh(c, login.tokens.refresh, &next));
	serve_with(c, "*");
	ck_assert(!is_active(c, (struct secret){"x"}));
	ck_assert(!is_active(c, (struct secret){"a.b.c"}));
	ck_assert(!is_active(c, (struct secret){changed}));
	ck_assert(!is_active(c, login.tokens.refresh));
	ck_assert(is_active(c, next.tokens.refresh));
	ck_assert(is_active(c, access));
	shop_later(c, 2 * DAY_MS);
	ck_assert(!is_active(c, access));
	shop_close(c);
}
END_TEST

START_TEST(test_revoked_is_dead_everywhere)
{
	struct ctx *c = shop_open();
	struct login a = shop_sign_in(c, "ann@x.example");
	struct login b = shop_sign_in(c, "bob@x.example");
	struct login next;

	serve_with(c, "*");
	ck_ok(token_revoke(c, a.tokens.access));
	ck_ok(token_revoke(c, b.tokens.refresh));
	ck_assert(!is_active(c, a.tokens.refresh));
	ck_assert(!is_active(c, b.tokens.access));
	ck_err(session_refresh(c, a.tokens.refresh, &next), ERR_SESSION_ENDED);
	ck_err(session_admit(c, b.tokens.access, NULL), ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_without_the_scope)
{
	struct ctx *c = shop_open();
	struct login login = shop_sign_in(c, "ann@x.example");
	struct introspected out;

	serve_with(c, "token:introspect");
	ck_err(token_revoke(c, login.tokens.access), ERR_FORBIDDEN);
	ck_assert(is_active(c, login.tokens.access));
	serve_with(c, "token:revoke");
	ck_err(token_introspect(c, login.tokens.access, &out), ERR_FORBIDDEN);
	shop_close(c);
}
END_TEST

/* The leeway is for those who verify tokens by themselves. */
START_TEST(test_no_leeway)
{
	struct ctx *c = shop_open();
	struct login login = shop_sign_in(c, "ann@x.example");
	struct secret access = login.tokens.access;

	serve_with(c, "*");
	shop_later(c, DAY_MS - SECOND_MS);
	ck_assert(is_active(c, access));
	shop_later(c, SECOND_MS);
	ck_assert(!is_active(c, access));
	ck_ok(session_admit(c, access, NULL));
	shop_close(c);
}
END_TEST

/* Of what could not be asked nothing is said, least of all that it is dead. */
START_TEST(test_the_database_goes_away_after_the_key)
{
	struct ctx *c = shop_open();
	struct login login = shop_sign_in(c, "ann@x.example");
	struct db *here = c->db;
	const char *socket = c->conf->db_socket;
	struct introspected out;
	struct secret tokens[2] = {login.tokens.access, login.tokens.refresh};
	size_t i;

	serve_with(c, "*");
	ck_assert(is_active(c, tokens[0]));
	for (i = 0; i < COUNT(tokens); i++) {
		ck_ok(limit_keyed(c, true));
		shop_conf(c)->db_socket = "/nonexistent/server.sock";
		c->db = db_new(c->conf);
		ck_err(token_introspect(c, tokens[i], &out), ERR_DB_AWAY);
		ck_assert(!out.active);
		ck_err(token_revoke(c, tokens[i]), ERR_DB_AWAY);
		db_close(c->db);
		shop_conf(c)->db_socket = socket;
		c->db = here;
		ck_assert(is_active(c, tokens[i]));
	}
	ck_assert_int_eq(err_status(ERR_DB_AWAY), 503);
	shop_close(c);
}
END_TEST

SUITE(introspect, test_a_master_key_that_is_not_here, test_good_tokens,
    test_tokens_of_another_tenant, test_what_is_not_good,
    test_revoked_is_dead_everywhere, test_without_the_scope, test_no_leeway,
    test_the_database_goes_away_after_the_key)
