/* SPDX-License-Identifier: ISC */
/* Erasing: of a deleted shop no row is left anywhere, of others every one. */

#include "street.h"

struct name {
	const char *s;
};

/* Every table that has rows of tenants, as the server lists them. */
static size_t
tables(struct ctx *c, struct name **out)
{
	static const struct stmt ask = {
	    "SELECT TABLE_NAME FROM information_schema.COLUMNS WHERE"
	    " TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'tenant_id'"
	    " ORDER BY TABLE_NAME",
	    0, NULL};
	static const struct col cols[] = {COL_TEXT(struct name, s), COL_END};
	size_t n;

	ck_ok(db_list(c, &ask, NO_ARGS, cols, sizeof(**out), out, &n));
	return n;
}

static int64_t
rows_of(struct ctx *c, const char *table, const char *column, struct uuid id)
{
	return street_count(
	    c, arena_print(c->arena,
		   "SELECT COUNT(*) FROM %s WHERE %s = UNHEX('%s')", table,
		   column, hex_text(c->arena, id.b, sizeof(id.b))));
}

/* A shop with something in every room of the house. */
static void
furnish(struct ctx *c, struct uuid shop, unsigned char n)
{
	static const struct stmt others[] = {
	    {"INSERT INTO limits VALUES (?, 1, 's', 1, 0, 0, 0)", 0, NULL},
	    {"INSERT INTO locations (tenant_id, id, customer_id, type,"
	     " created_at, updated_at) VALUES (?, 'l', 'c', 'home', 0, 0)",
		0, NULL},
	    {"INSERT INTO webhooks VALUES (?, 'w', 'https://x.example', 's',"
	     " NULL, 'customer.created', TRUE, 0, 0, 0)",
		0, NULL},
	    {"INSERT INTO webhook_events (tenant_id, webhook_id, id, event, at,"
	     " next_at) VALUES (?, 'w', 'e', 'customer.created', 0, 0)",
		0, NULL},
	};
	unsigned char hash[32] = {n};
	struct api_key_row key = {.kind = "secret",
	    .name = "server",
	    .prefix = "sk_12345",
	    .secret_hash = {hash, sizeof(hash)},
	    .scopes = ""};
	struct signing_key_row signing = {.tenant = shop,
	    .kid = arena_print(c->arena, "kid%d", n),
	    .alg = "HS512",
	    .material = {hash, sizeof(hash)}};
	const char *place = arena_print(c->arena, "shop%d.example", n);
	struct uuid here = c->tenant_id;
	struct session s;
	uint64_t changed;
	size_t i;

	c->tenant_id = shop;
	street_sign_in(c, "a@x.example", &s);
	ck_ok(store_cart_write(c, s.customer, false,
	    "[{\"p\":\"p\",\"v\":\"\",\"q\":1,\"a\":null}]", c->now + DAY_MS));
	key.id = signing.id = uuid_make(c->now);
	ck_ok(store_api_key_add(c, shop, &key));
	ck_ok(store_signing_key_add(c, &signing));
	ck_ok(store_tenant_name_add(c, shop, "host", place));
	ck_ok(store_member_add(c, shop, s.customer, "owner"));
	ck_ok(store_invitation_add(c, shop, "b@x.example", c->now + DAY_MS));
	for (i = 0; i < COUNT(others); i++)
		ck_ok(db_change(c, &others[i], ARGS(UUID(shop)), &changed));
	c->tenant_id = here;
}

START_TEST(test_no_row_is_left_in_any_table)
{
	struct ctx *c = street_open();
	struct uuid other = street_tenant(c, "other");
	int64_t before[64];
	struct name *names;
	size_t i, n = tables(c, &names);
	uint64_t gone;

	ck_assert(n >= 14 && n <= COUNT(before));
	furnish(c, c->tenant_id, 1);
	furnish(c, other, 2);
	for (i = 0; i < n; i++) {
		before[i] = rows_of(c, names[i].s, "tenant_id", other);
		ck_assert_msg(before[i] > 0 &&
				  before[i] == rows_of(c, names[i].s,
						   "tenant_id", c->tenant_id),
		    "furnish() puts nothing into %s", names[i].s);
	}
	ck_ok(store_tenant_status(c, c->tenant_id, "deleting", c->now, false));
	ck_ok(store_tenant_erase(c, c->tenant_id, 500, &gone));
	for (i = 0; i < n; i++) {
		ck_case(names[i].s,
		    rows_of(c, names[i].s, "tenant_id", c->tenant_id) == 0);
		ck_case(names[i].s,
		    rows_of(c, names[i].s, "tenant_id", other) == before[i]);
		gone -= (uint64_t)before[i];
	}
	ck_assert_uint_eq(gone, 1);
	ck_assert_int_eq(rows_of(c, "tenants", "id", c->tenant_id), 0);
	ck_assert_int_eq(rows_of(c, "tenants", "id", other), 1);
	test_done(c);
}
END_TEST

START_TEST(test_one_that_stays_keeps_its_own_row)
{
	struct ctx *c = street_open();
	uint64_t gone;

	ck_ok(store_tenant_erase(c, c->tenant_id, 500, &gone));
	ck_assert_uint_eq(gone, 0);
	ck_assert_int_eq(rows_of(c, "tenants", "id", c->tenant_id), 1);
	test_done(c);
}
END_TEST

/* Its own row is the last, so that what is left is found again. */
START_TEST(test_a_batch_at_a_time)
{
	struct ctx *c = street_open();
	uint64_t gone, all = 0;
	int64_t left;
	struct uuid id;
	int i;

	furnish(c, c->tenant_id, 1);
	ck_ok(db_script(c,
	    "INSERT INTO limits SELECT id, 2, seq, 1, 0, 0, 0 FROM tenants,"
	    " seq_1_to_5;\n"
	    "UPDATE tenants SET status = 'deleting', delete_at = 1;\n"));
	for (i = 0; store_tenant_gone(c, &id) == OK; i++) {
		left = rows_of(c, "audit_events", "tenant_id", c->tenant_id);
		ck_ok(store_tenant_erase(c, c->tenant_id, 2, &gone));
		ck_assert_uint_gt(gone, 0);
		all += gone;
		ck_assert_int_lt(i, 20);
	}
	ck_assert_int_gt(i, 3);
	ck_assert_int_eq(left, 0);
	ck_assert_uint_ge(all, 14 + 5 + 1);
	ck_ok(store_tenant_erase(c, c->tenant_id, 2, &gone));
	ck_assert_uint_eq(gone, 0);
	test_done(c);
}
END_TEST

START_TEST(test_by_keys_among_ten_thousand)
{
	struct ctx *c = street_open();
	struct uuid shop = street_nth(7777);
	const struct stmt_table *t = store_statements;
	size_t i;

	street_crowd(c);
	while (strcmp(t->name, "erase") != 0)
		t++;
	for (i = 0; i < *t->n; i++)
		street_keyed(c, &t->list[i], ARGS(UUID(shop), INT(500)), 1);
	test_done(c);
}
END_TEST

/* A bearer who is deleted meanwhile leaves no address and no session behind. */
START_TEST(test_who_is_gone_comes_not_back)
{
	struct ctx *c = street_open();
	struct session s =
	    street_session(c, street_begin(c, "a@x.example", "1", 1));
	struct signin in = {.session = &s,
	    .kind = "email",
	    .value = "a@x.example",
	    .begun_at = c->tenant_id,
	    .sessions_max = 10};
	struct signed_in out;

	in.bearer = in.new_customer = uuid_make(c->now);
	ck_ok(store_signin(c, &in, &out));
	ck_assert_int_eq(out.outcome, SIGNIN_TAKEN);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM sessions"), 0);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM identities"), 0);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events"), 0);
	test_done(c);
}
END_TEST

SUITE(erase, test_who_is_gone_comes_not_back, test_no_row_is_left_in_any_table,
    test_one_that_stays_keeps_its_own_row, test_a_batch_at_a_time,
    test_by_keys_among_ten_thousand)
