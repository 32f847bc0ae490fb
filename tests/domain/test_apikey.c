/* SPDX-License-Identifier: ISC */
/* API keys: shown once, stored as a hash, revoked at once. */

#include "office.h"

static bool
is_base64url(const char *s)
{
	return s[strspn(s,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789-_")] == '\0';
}

START_TEST(test_shape)
{
	static const struct {
		const char *what, *kind, *begins;
		size_t len;
	} cases[] = {
	    {"24 random bytes", "publishable", "pk_", 3 + 32},
	    {"32 random bytes", "secret", "sk_", 3 + 43},
	};
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop");
	struct api_key_made made, again;
	const char *why;
	struct api_key_row *rows;
	size_t i, n;

	for (i = 0; i < COUNT(cases); i++) {
		c->now += 1;
		ck_ok(api_key_create(
		    c, shop, API_KEY(cases[i].kind, "front"), &made, &why));
		ck_ok(api_key_create(
		    c, shop, API_KEY(cases[i].kind, "front"), &again, &why));
		ck_case(cases[i].what, strlen(made.key.s) == cases[i].len);
		ck_case(cases[i].what,
		    strncmp(made.key.s, cases[i].begins, 3) == 0);
		ck_case(cases[i].what, is_base64url(made.key.s + 3));
		ck_case(cases[i].what, strcmp(made.key.s, again.key.s) != 0);
		ck_ok(store_api_key_list(c, shop->id, &rows, &n));
		ck_case(cases[i].what, n == 2 * i + 2);
		ck_case(cases[i].what, strlen(rows[2 * i].prefix) == 8);
		ck_case(cases[i].what,
		    strncmp(rows[2 * i].prefix, cases[i].begins, 3) == 0);
	}
	office_close(c);
}
END_TEST

START_TEST(test_only_its_hash_is_stored)
{
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop"), *found;
	struct api_key_made made, secret;
	const char *why;
	struct digest hash;

	ck_ok(api_key_create(
	    c, shop, API_KEY("publishable", "front"), &made, &why));
	ck_ok(api_key_create(
	    c, shop, API_KEY("secret", "server"), &secret, &why));
	hash = digest_text(made.key.s);
	ck_assert_str_eq(office_text(c, "SELECT LOWER(HEX(secret_hash)) FROM"
					" api_keys WHERE name = 'front'"),
	    hex_text(c->arena, hash.b, sizeof(hash.b)));
	ck_ok(tenant_by_key(c, made.key.s, &found));
	ck_assert(uuid_equal(found->id, shop->id));
	ck_assert(uuid_equal(found->key_id, made.id));
	ck_assert_int_eq(
	    tenant_by_key(c, secret.key.s, &found), ERR_TENANT_UNKNOWN);
	office_close(c);
}
END_TEST

START_TEST(test_revoked_opens_nothing)
{
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop"), *found;
	const struct tenant *other = office_shop(c, "other");
	struct api_key_made made;
	const char *why;

	ck_ok(api_key_create(
	    c, shop, API_KEY("publishable", "front"), &made, &why));
	ck_assert_int_eq(
	    api_key_status(c, other, made.id, "revoked"), ERR_NOT_FOUND);
	ck_ok(tenant_by_key(c, made.key.s, &found));
	c->now += 1;
	ck_ok(api_key_status(c, shop, made.id, "revoked"));
	ck_assert_int_eq(
	    tenant_by_key(c, made.key.s, &found), ERR_TENANT_UNKNOWN);
	ck_assert_int_eq(
	    api_key_status(c, shop, made.id, "revoked"), ERR_NOT_FOUND);
	ck_assert_str_eq(
	    office_text(c, "SELECT GROUP_CONCAT(event, ' ', detail ORDER BY id)"
			   " FROM audit_events WHERE event LIKE 'api_key%'"
			   " AND actor = 'operator'"),
	    arena_print(c->arena, "api_key_created %s,api_key_revoked %s",
		uuid_text(c->arena, made.id), uuid_text(c->arena, made.id)));
	office_close(c);
}
END_TEST

START_TEST(test_refused)
{
	char longest[101 + 1] = "";
	const struct {
		const char *what, *kind, *name;
	} cases[] = {
	    {"no kind", "", "x"},
	    {"another kind", "master", "x"},
	    {"a line break in the name", "secret", "a\nb"},
	    {"a name of 101 letters", "secret", longest},
	    {"a name that is no UTF-8", "secret", "\xff"},
	};
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop");
	struct api_key_made made;
	const char *why;
	size_t i;

	memset(longest, 'a', sizeof(longest) - 1);
	for (i = 0; i < COUNT(cases); i++)
		ck_case(
		    cases[i].what, api_key_create(c, shop,
				       API_KEY(cases[i].kind, cases[i].name),
				       &made, &why) == ERR_USAGE);
	ck_ok(api_key_create(
	    c, shop, API_KEY("secret", longest + 1), &made, &why));
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM api_keys"), 1);
	office_close(c);
}
END_TEST

/* The trail says whose hand it was: a merchant's, by their account. */
START_TEST(test_a_merchants_own)
{
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop");
	struct caller who = {.customer = {.status = "active"}};
	struct api_key_made made;
	const char *why;
	const char *id;

	who.customer.id = uuid_make(c->now);
	c->who = &who;
	ck_ok(
	    api_key_create(c, shop, API_KEY("secret", "server"), &made, &why));
	c->now += 1;
	ck_ok(api_key_status(c, shop, made.id, "revoked"));
	id = uuid_text(c->arena, who.customer.id);
	ck_assert_str_eq(
	    office_text(c, "SELECT GROUP_CONCAT(event, ' ', actor, ' ',"
			   " customer_id IS NULL ORDER BY id SEPARATOR ',')"
			   " FROM audit_events WHERE event LIKE 'api_%'"),
	    arena_print(c->arena,
		"api_key_created merchant:%s 1,api_key_revoked merchant:%s 1",
		id, id));
	office_close(c);
}
END_TEST

SUITE(apikey, test_shape, test_only_its_hash_is_stored,
    test_revoked_opens_nothing, test_refused, test_a_merchants_own)
