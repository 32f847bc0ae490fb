/* SPDX-License-Identifier: ISC */
/* Servers: which keys are good here, what they may do, and what is noted. */

#include "office.h"
#include "shop.h"

static struct api_key_made
made(struct ctx *c, const struct api_key_new *new)
{
	struct api_key_made out;
	const char *why = "";

	ck_assert_msg(
	    api_key_create(c, c->tenant, new, &out, &why) == OK, "%s", why);
	return out;
}

static const char *
refusals(struct ctx *c)
{
	return office_text(c,
	    "SELECT IFNULL(GROUP_CONCAT(event, ' ', detail ORDER BY id"
	    " SEPARATOR ','), '') FROM audit_events"
	    " WHERE result = 'refused'");
}

START_TEST(test_a_good_key)
{
	struct ctx *c = shop_open();
	struct api_key_made key =
	    made(c, &(struct api_key_new){.kind = "secret",
			.name = "back end",
			.scopes = "token:introspect",
			.per_minute = 7});
	const char *id = uuid_text(c->arena, key.id);

	ck_ok(server_admit(c, "secret", NULL, key.key));
	ck_assert(uuid_equal(c->server->id, key.id));
	ck_assert_str_eq(c->server->name, "back end");
	ck_assert_int_eq(c->server->per_minute, 7);
	ck_assert(uuid_equal(c->server->tenant->id, c->tenant_id));
	ck_ok(server_admit(c, "secret", id, key.key));
	ck_ok(server_may(c, SCOPE_INTROSPECT));
	ck_err(server_may(c, SCOPE_REVOKE), ERR_FORBIDDEN);
	ck_assert_str_eq(refusals(c), "scope_refused token:revoke");
	shop_close(c);
}
END_TEST

/* Told apart only in the audit trail, and unknown ones not even there. */
START_TEST(test_bad_keys)
{
	static const struct {
		const char *what, *kind, *sql, *detail;
		int64_t later;
	} cases[] = {
	    {"of another kind", "partner", "DO 0", "of another kind", 0},
	    {"inactive", "secret", "UPDATE api_keys SET status = 'inactive'",
		"inactive", 0},
	    {"revoked", "secret", "UPDATE api_keys SET status = 'revoked'",
		"revoked", 0},
	    {"expired", "secret", "DO 0", "expired", DAY_MS},
	    {"from a foreign network", "secret",
		"UPDATE api_keys SET networks = '198.51.100.0/24 2001:db8::/32'",
		"from a foreign network", 0},
	    {"unknown", "secret", "DELETE FROM api_keys", NULL, 0},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct ctx *c = shop_open();
		struct api_key_made key =
		    made(c, &(struct api_key_new){.kind = "secret",
				.name = "x",
				.expires_at = c->now + DAY_MS});
		const char *want = cases[i].detail
				       ? arena_print(c->arena, "key_refused %s",
					     cases[i].detail)
				       : "";

		office_do(c, cases[i].sql);
		shop_later(c, cases[i].later);
		ck_case(cases[i].what, server_admit(c, cases[i].kind, NULL,
					   key.key) == ERR_KEY_WRONG);
		ck_case(cases[i].what, c->server == NULL);
		ck_case(cases[i].what, strcmp(refusals(c), want) == 0);
		shop_close(c);
	}
}
END_TEST

START_TEST(test_the_id_must_be_its_own)
{
	struct ctx *c = shop_open();
	struct api_key_made one = made(c, API_KEY("secret", "one"));
	struct api_key_made two = made(c, API_KEY("secret", "two"));

	ck_err(server_admit(c, "secret", uuid_text(c->arena, two.id), one.key),
	    ERR_KEY_WRONG);
	ck_err(server_admit(c, "secret", "", one.key), ERR_KEY_WRONG);
	ck_err(server_admit(c, "secret", "no id", one.key), ERR_KEY_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_networks)
{
	struct ctx *c = shop_open();
	struct api_key_made key = made(
	    c, &(struct api_key_new){
		   .kind = "secret", .name = "x", .networks = "192.0.2.0/24"});

	ck_ok(server_admit(c, "secret", NULL, key.key));
	c->address = "192.0.3.1";
	ck_err(server_admit(c, "secret", NULL, key.key), ERR_KEY_WRONG);
	c->address = "";
	ck_err(server_admit(c, "secret", NULL, key.key), ERR_KEY_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_who_may_speak_for_a_client)
{
	struct ctx *c = shop_open();
	struct api_key_made trusted = made(
	    c, &(struct api_key_new){
		   .kind = "secret", .name = "x", .scopes = "client:address"});
	struct api_key_made other = made(c, API_KEY("secret", "y"));

	ck_ok(server_admit(c, "secret", NULL, trusted.key));
	ck_err(server_speaks_for(c, "no address"), ERR_BAD_REQUEST);
	ck_ok(server_speaks_for(c, "2001:DB8::0:1"));
	ck_assert_str_eq(c->address, "2001:db8::1");
	ck_ok(server_admit(c, "secret", NULL, other.key));
	ck_err(server_speaks_for(c, "192.0.2.77"), ERR_FORBIDDEN);
	ck_assert_str_eq(c->address, "2001:db8::1");
	shop_close(c);
}
END_TEST

START_TEST(test_uses_are_remembered_once_a_minute)
{
	static const char last[] = "SELECT last_used_at FROM api_keys";
	struct ctx *c = shop_open();
	struct api_key_made key = made(c, API_KEY("secret", "x"));
	int64_t first = c->now;

	ck_ok(server_admit(c, "secret", NULL, key.key));
	server_used(c);
	ck_assert_int_eq(office_count(c, last), first);
	shop_later(c, 59 * SECOND_MS);
	server_used(c);
	ck_assert_int_eq(office_count(c, last), first);
	shop_later(c, 2 * SECOND_MS);
	server_used(c);
	ck_assert_int_eq(office_count(c, last), c->now);
	shop_close(c);
}
END_TEST

START_TEST(test_each_key_has_its_own_limit)
{
	struct ctx *c = shop_open();
	struct api_key_made few =
	    made(c, &(struct api_key_new){
			.kind = "secret", .name = "few", .per_minute = 2});
	struct api_key_made many = made(c, API_KEY("secret", "many"));
	int i;

	ck_ok(server_admit(c, "secret", NULL, few.key));
	ck_ok(limit_keyed(c, false));
	ck_ok(limit_keyed(c, false));
	ck_err(limit_keyed(c, false), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "key-a-minute");
	ck_assert_int_eq(c->limits->retry_after_seconds, 60);
	ck_ok(server_admit(c, "secret", NULL, many.key));
	for (i = 0; i < 5; i++)
		ck_ok(limit_keyed(c, false));
	shop_later(c, MINUTE_MS);
	ck_ok(server_admit(c, "secret", NULL, few.key));
	ck_ok(limit_keyed(c, false));
	shop_close(c);
}
END_TEST

START_TEST(test_a_tenants_limit)
{
	struct ctx *c = shop_open();

	shop_set(c, "requests_a_minute", "2");
	ck_ok(limit_keyed(c, false));
	ck_ok(limit_keyed(c, false));
	ck_err(limit_keyed(c, false), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "tenant-a-minute");
	shop_set(c, "requests_a_minute", "0");
	ck_ok(limit_keyed(c, false));
	shop_close(c);
}
END_TEST

static int64_t
refusals_kept(struct ctx *c)
{
	return office_count(c, "SELECT COUNT(*) FROM audit_events"
			       " WHERE event = 'key_refused'");
}

/* Who has a leaked key, bound to a network, cannot use up its owner's limit. */
START_TEST(test_refusals_leave_the_keys_limit_alone)
{
	struct ctx *c = shop_open();
	struct api_key_made key =
	    made(c, &(struct api_key_new){.kind = "secret",
			.name = "x",
			.per_minute = 2,
			.networks = "192.0.2.0/24"});
	int i;

	c->address = "198.51.100.7";
	for (i = 0; i < 10; i++)
		ck_err(server_admit(c, "secret", NULL, key.key), ERR_KEY_WRONG);
	c->address = "192.0.2.1";
	ck_ok(server_admit(c, "secret", NULL, key.key));
	ck_ok(limit_keyed(c, false));
	ck_ok(limit_keyed(c, false));
	ck_err(limit_keyed(c, false), ERR_TOO_MANY);
	shop_close(c);
}
END_TEST

START_TEST(test_refusals_do_not_fill_the_trail)
{
	struct ctx *c = shop_open();
	struct api_key_made key = made(c, API_KEY("publishable", "x"));
	int i;

	for (i = 0; i < 2 * ODD_REFUSALS; i++)
		ck_err(server_admit(c, "secret", NULL, key.key), ERR_KEY_WRONG);
	ck_assert_int_eq(refusals_kept(c), ODD_REFUSALS);
	shop_later(c, MINUTE_MS);
	ck_err(server_admit(c, "secret", NULL, key.key), ERR_KEY_WRONG);
	ck_assert_int_eq(refusals_kept(c), ODD_REFUSALS + 1);
	shop_close(c);
}
END_TEST

/* The 101st of either kind is one too many of its address. */
START_TEST(test_known_and_unknown_keys_are_counted_alike)
{
	struct ctx *c = shop_open();
	struct api_key_made key = made(c, API_KEY("secret", "x"));
	const struct tenant *shop = c->tenant;
	struct uuid none = {{0}};
	int known, i;

	ck_ok(api_key_status(c, shop, key.id, "inactive"));
	for (known = 0; known < 2; known++) {
		struct secret sent = {known ? key.key.s : "sk_nobodys"};

		c->address = known ? "198.51.100.7" : "198.51.100.8";
		c->tenant = NULL;
		c->tenant_id = none;
		c->log_tenant = NULL;
		for (i = 0; i < 100; i++)
			ck_err(server_admit(c, "secret", NULL, sent),
			    ERR_KEY_WRONG);
		ck_err(server_admit(c, "secret", NULL, sent), ERR_TOO_MANY);
		ck_assert_str_eq(c->limits->name, "tries-per-address");
		ck_assert_ptr_null(c->tenant);
		ck_assert_ptr_null(c->log_tenant);
		ck_assert(uuid_is_nil(c->tenant_id));
		ck_assert_ptr_null(c->server);
	}
	shop_close(c);
}
END_TEST

/* Its key's uses are counted first, so that refusals are, too, and only once. */
START_TEST(test_naming_a_client_is_a_use_of_the_key)
{
	struct ctx *c = shop_open();
	struct api_key_made key =
	    made(c, &(struct api_key_new){.kind = "secret",
			.name = "x",
			.scopes = "client:address",
			.per_minute = 3});
	const struct tenant *shop = c->tenant;

	ck_ok(server_admit(c, "secret", NULL, key.key));
	/* as in the gate, before the tenant is known */
	c->tenant = NULL;
	c->tenant_id = (struct uuid){{0}};
	ck_err(server_speaks_for(c, "no address"), ERR_BAD_REQUEST);
	ck_ok(server_speaks_for(c, "203.0.113.9"));
	shop_enter(c, shop);
	ck_ok(limit_keyed(c, false));
	ck_ok(server_admit(c, "secret", NULL, key.key));
	ck_ok(limit_keyed(c, false));
	ck_err(server_speaks_for(c, "203.0.113.9"), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "key-a-minute");
	shop_close(c);
}
END_TEST

SUITE(server, test_a_good_key, test_bad_keys, test_the_id_must_be_its_own,
    test_networks, test_who_may_speak_for_a_client,
    test_uses_are_remembered_once_a_minute, test_each_key_has_its_own_limit,
    test_a_tenants_limit, test_refusals_leave_the_keys_limit_alone,
    test_refusals_do_not_fill_the_trail,
    test_known_and_unknown_keys_are_counted_alike,
    test_naming_a_client_is_a_use_of_the_key)
