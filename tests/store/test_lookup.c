/* SPDX-License-Identifier: ISC */
/* Customers are looked up by their own keys, identities before contacts. */

#include "street.h"

static void
partner_add(struct ctx *c, struct uuid customer, const char *value)
{
	static const struct stmt insert = {
	    "INSERT INTO identities (tenant_id, kind, value, customer_id,"
	    " proven_at, created_at) VALUES (?, 'partner', ?, ?, 1, 1)",
	    0, NULL};
	static const struct stmt key = {
	    "INSERT INTO api_keys (tenant_id, id, kind, name, prefix,"
	    " secret_hash, source, created_at) VALUES (?, ?, 'partner', 'n',"
	    " 'p', ?, 'acme', 1)",
	    0, NULL};
	struct uuid id = uuid_make(c->now);
	unsigned char hash[32] = {(unsigned char)strlen(value)};
	uint64_t n;

	ck_ok(db_change(c, &insert,
	    ARGS(UUID(c->tenant_id), TEXT(value), UUID(customer)), &n));
	ck_ok(db_change(c, &key,
	    ARGS(UUID(c->tenant_id), UUID(id), BYTES(hash, sizeof(hash))), &n));
}

static const struct {
	const char *what;
	struct lookup by;
	size_t n;
	bool own;
} cases[] = {
    {"the whole address", {"ann@x.example", false, "", 9}, 1, true},
    {"not its beginning", {"ann@", false, "", 9}, 0, false},
    {"its beginning", {"ann@", true, "", 9}, 1, true},
    {"what two begin with", {"a", true, "", 9}, 2, true},
    {"no more than wanted", {"a", true, "", 1}, 1, true},
    {"a percent sign is one", {"%", true, "", 9}, 0, false},
    {"a contact", {"+4960", true, "", 9}, 1, false},
    {"a letter that no number has", {"\xc3\xa9", true, "", 9}, 0, false},
    {"a username", {"-", false, "u-1", 9}, 1, true},
    {"a username with its source", {"-", false, "acme:u-1", 9}, 1, true},
    {"a username in other letters", {"-", false, "\xd8\xb9-2", 9}, 1, true},
    {"a username of another source", {"-", false, "other:u-1", 9}, 0, false},
    {"not the beginning of one", {"u-", true, "u-", 9}, 0, false},
};

START_TEST(test_each_way)
{
	struct ctx *c = street_open();
	struct session ann, alf;
	struct lookup_row *rows;
	size_t i, n;

	street_sign_in(c, "ann@x.example", &ann);
	street_sign_in(c, "alf@x.example", &alf);
	partner_add(c, ann.customer, "acme:u-1");
	partner_add(c, alf.customer, "acme:\xd8\xb9-2");
	ck_ok(db_script(c, "UPDATE customers SET phone = '+49601234567'"
			   " WHERE email = 'alf@x.example';\n"));
	for (i = 0; i < COUNT(cases); i++) {
		ck_ok(store_lookup(c, &cases[i].by, &rows, &n));
		ck_assert_msg(n == cases[i].n, "%s: %zu", cases[i].what, n);
		ck_case(cases[i].what, n == 0 || rows[0].own == cases[i].own);
	}
	c->tenant_id = street_tenant(c, "other");
	for (i = 0; i < COUNT(cases); i++) {
		ck_ok(store_lookup(c, &cases[i].by, &rows, &n));
		ck_case(cases[i].what, n == 0);
	}
	test_done(c);
}
END_TEST

/* Who only states an address comes after who is found by it. */
START_TEST(test_identities_first)
{
	struct ctx *c = street_open();
	struct lookup by = {"ann@x.example", false, "", 9};
	struct session ann, eve;
	struct lookup_row *rows;
	size_t n;

	street_sign_in(c, "ann@x.example", &ann);
	c->now++;
	street_sign_in(c, "eve@x.example", &eve);
	ck_ok(db_script(c, "UPDATE customers SET email = 'ann@x.example';\n"));
	ck_ok(store_lookup(c, &by, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(rows[0].own && !rows[1].own);
	ck_assert(uuid_equal(rows[0].customer.id, ann.customer));
	test_done(c);
}
END_TEST

START_TEST(test_by_keys_among_ten_thousand)
{
	struct ctx *c = street_open();
	struct lookup by = {"c7777@x.example", false, "c7777", 9};
	struct lookup_row *rows;
	int64_t before;
	size_t n;

	street_crowd(c);
	c->tenant_id = street_nth(7777);
	ck_ok(store_lookup(c, &by, &rows, &n));
	before = street_reads(c);
	ck_ok(store_lookup(c, &by, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_lt(street_reads(c) - before, 1000);
	test_done(c);
}
END_TEST

SUITE(lookup, test_each_way, test_identities_first,
    test_by_keys_among_ten_thousand)
