/* SPDX-License-Identifier: ISC */
/* Tenants: found by key, host, slug and id; names are replaced as a whole. */

#include "street.h"

static struct bytes
hash(const char *word)
{
	static unsigned char b[32];

	memset(b, 0, sizeof(b));
	memcpy(b, word, strlen(word));
	return (struct bytes){b, 32};
}

static void
key_add(struct ctx *c, const char *word, const char *kind, int64_t expires_at)
{
	struct api_key_row row = {.kind = kind,
	    .name = word,
	    .prefix = "pk_abcde",
	    .secret_hash = hash(word),
	    .scopes = "",
	    .expires_at = expires_at};

	row.id = uuid_make(c->now);
	ck_ok(store_api_key_add(c, c->tenant_id, &row));
}

START_TEST(test_found_by_key)
{
	struct ctx *c = street_open();
	struct tenant_row row;

	key_add(c, "good", "publishable", 0);
	key_add(c, "late", "publishable", c->now);
	key_add(c, "server", "secret", 0);
	ck_ok(store_tenant_by_key(c, hash("good"), &row));
	ck_assert(uuid_equal(row.id, c->tenant_id));
	ck_assert(!uuid_is_nil(row.key_id));
	ck_assert_str_eq(row.slug, "a-shop");
	ck_assert_int_eq(
	    store_tenant_by_key(c, hash("late"), &row), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_tenant_by_key(c, hash("server"), &row), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_tenant_by_key(c, hash("none"), &row), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_found_by_host_before_slug)
{
	struct ctx *c = street_open();
	struct uuid other = street_tenant(c, "other");
	struct tenant_row row;

	ck_ok(store_tenant_name_add(c, other, "host", "other.example"));
	ck_ok(store_tenant_by_host(c, "other.example", "a-shop", &row));
	ck_assert(uuid_equal(row.id, other));
	ck_ok(store_tenant_by_host(c, "else.example", "a-shop", &row));
	ck_assert(uuid_equal(row.id, c->tenant_id));
	ck_assert_int_eq(
	    store_tenant_by_host(c, "else.example", "", &row), ERR_NOT_FOUND);
	ck_ok(store_tenant_by_slug(c, "other", &row));
	ck_ok(store_tenant_by_id(c, other, &row));
	ck_assert_str_eq(row.slug, "other");
	test_done(c);
}
END_TEST

START_TEST(test_names)
{
	struct ctx *c = street_open();
	struct uuid other = street_tenant(c, "other");

	ck_ok(store_tenant_name_add(c, c->tenant_id, "origin", "https://a"));
	ck_ok(store_tenant_name_add(c, other, "origin", "https://a"));
	ck_ok(store_tenant_name_add(c, c->tenant_id, "host", "a.example"));
	ck_assert_int_eq(
	    store_tenant_name_add(c, other, "host", "a.example"), ERR_CONFLICT);
	ck_ok(store_origin_known(c, "https://a"));
	ck_ok(store_tenant_names_clear(c, c->tenant_id));
	ck_ok(store_origin_known(c, "https://a"));
	ck_ok(store_tenant_names_clear(c, other));
	ck_assert_int_eq(store_origin_known(c, "https://a"), ERR_NOT_FOUND);
	ck_assert_int_eq(store_origin_known(c, "https://A"), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

/* Somebody sent them; they are no name of anybody, and no fault of ours. */
START_TEST(test_names_of_other_letters)
{
	static const char *const names[] = {"caf\xc3\xa9", "\xf0\x9f\x8c\xb7",
	    "?", "https://caf\xc3\xa9", "\xff"};
	struct ctx *c = street_open();
	struct tenant_row row;
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		ck_case(names[i],
		    store_tenant_by_slug(c, names[i], &row) == ERR_NOT_FOUND);
		ck_case(names[i], store_tenant_by_host(c, names[i], names[i],
				      &row) == ERR_NOT_FOUND);
		ck_case(
		    names[i], store_origin_known(c, names[i]) == ERR_NOT_FOUND);
	}
	test_done(c);
}
END_TEST

START_TEST(test_add_list_set)
{
	struct ctx *c = street_open();
	struct tenant_row *rows, row = {.slug = "a-shop",
				     .name = "Twice",
				     .kind = "shop",
				     .settings = ""};
	size_t n;

	row.id = uuid_make(c->now);
	row.mac_key = (struct bytes){(const unsigned char *)"x", 1};
	ck_assert_int_eq(store_tenant_add(c, &row), ERR_CONFLICT);
	row.id = c->tenant_id;
	row.name = "New";
	row.settings = "locale = en\n";
	ck_ok(store_tenant_set(c, &row, 9));
	ck_ok(store_tenant_set(c, &row, 5));
	ck_assert_int_eq(
	    street_count(c, "SELECT MAX(tokens_until) FROM tenants"), 9);
	ck_ok(store_tenant_list(c, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(rows[0].name, "New");
	ck_assert_str_eq(rows[0].settings, "locale = en\n");
	row.id = uuid_make(c->now);
	ck_assert_int_eq(store_tenant_set(c, &row, 0), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_ping_wants_a_schema)
{
	struct ctx *c = street_open();

	ck_assert_int_eq(store_ping(c), ERR_DB_AWAY);
	ck_ok(store_migration_add(c, 1, "schema"));
	ck_ok(store_ping(c));
	test_done(c);
}
END_TEST

SUITE(tenant, test_found_by_key, test_found_by_host_before_slug, test_names,
    test_names_of_other_letters, test_add_list_set, test_ping_wants_a_schema)
