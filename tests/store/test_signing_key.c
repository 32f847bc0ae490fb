/* SPDX-License-Identifier: ISC */
/* Signing keys: the newest that already signs; a retired one is not found. */

#include "street.h"

static void
key_add(struct ctx *c, const char *kid, int64_t from, int64_t retires)
{
	struct signing_key_row row = {.tenant = c->tenant_id,
	    .kid = kid,
	    .alg = "HS512",
	    .material = {(const unsigned char *)"sealed", 6},
	    .signs_from = from,
	    .retires_at = retires,
	    .created_at = c->now};

	row.id = uuid_make(c->now);
	ck_ok(store_signing_key_add(c, &row));
}

START_TEST(test_current)
{
	struct ctx *c = street_open();
	struct signing_key_row row;

	ck_assert_int_eq(
	    store_signing_key_current(c, c->tenant_id, "HS512", &row),
	    ERR_NOT_FOUND);
	key_add(c, "old", c->now - 2, 0);
	key_add(c, "now", c->now - 1, 0);
	key_add(c, "retired", c->now, c->now);
	key_add(c, "next", c->now + 1, 0);
	ck_ok(store_signing_key_current(c, c->tenant_id, "HS512", &row));
	ck_assert_str_eq(row.kid, "now");
	ck_assert_int_eq(
	    store_signing_key_current(c, c->tenant_id, "ES256", &row),
	    ERR_NOT_FOUND);
	c->now++;
	ck_ok(store_signing_key_current(c, c->tenant_id, "HS512", &row));
	ck_assert_str_eq(row.kid, "next");
	test_done(c);
}
END_TEST

START_TEST(test_by_kid)
{
	struct ctx *c = street_open();
	struct signing_key_row row, *rows;
	size_t n;

	key_add(c, "next", c->now + 1, 0);
	key_add(c, "retired", c->now, c->now);
	ck_ok(store_signing_key_by_kid(c, "next", &row));
	ck_assert(uuid_equal(row.tenant, c->tenant_id));
	ck_assert_uint_eq(row.material.n, 6);
	ck_assert_int_eq(
	    store_signing_key_by_kid(c, "NEXT", &row), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_signing_key_by_kid(c, "retired", &row), ERR_NOT_FOUND);
	ck_ok(store_signing_key_list(c, c->tenant_id, &rows, &n));
	ck_assert_uint_eq(n, 2);
	test_done(c);
}
END_TEST

static size_t
published(struct ctx *c, const char *alg)
{
	struct signing_key_row *rows;
	size_t n;

	ck_ok(store_signing_key_published(c, c->tenant_id, alg, &rows, &n));
	return n;
}

START_TEST(test_published)
{
	struct ctx *c = street_open();

	key_add(c, "now", c->now - 1, 0);
	key_add(c, "next", c->now + 1, 0);
	key_add(c, "ends", c->now - 2, c->now + 1);
	key_add(c, "ended", c->now - 3, c->now);
	ck_assert_uint_eq(published(c, "HS512"), 3);
	ck_assert_uint_eq(published(c, "ES256"), 0);
	c->now++;
	ck_assert_uint_eq(published(c, "HS512"), 2);
	test_done(c);
}
END_TEST

START_TEST(test_retire)
{
	struct ctx *c = street_open();
	struct uuid home = c->tenant_id;

	key_add(c, "now", c->now - 1, 0);
	c->tenant_id = street_tenant(c, "other");
	ck_assert_int_eq(
	    store_signing_key_retire(c, c->tenant_id, "now"), ERR_NOT_FOUND);
	ck_ok(store_signing_key_retire(c, home, "now"));
	ck_assert_int_eq(
	    store_signing_key_retire(c, home, "now"), ERR_NOT_FOUND);
	c->tenant_id = home;
	key_add(c, "later", c->now, c->now + 1);
	ck_ok(store_signing_key_retire(c, home, "later"));
	ck_assert_uint_eq(published(c, "HS512"), 0);
	test_done(c);
}
END_TEST

/* All of its algorithm and tenant but itself and what has an end already. */
START_TEST(test_retire_others)
{
	struct ctx *c = street_open();
	struct signing_key_row *rows, new = {.alg = "HS512"};
	struct uuid home = c->tenant_id;
	size_t i, n;

	key_add(c, "one", c->now - 1, 0);
	key_add(c, "ends", c->now - 1, c->now + 5);
	key_add(c, "new", c->now, 0);
	c->tenant_id = street_tenant(c, "other");
	key_add(c, "others", c->now, 0);
	ck_ok(store_signing_key_list(c, home, &rows, &n));
	ck_assert_uint_eq(n, 3);
	new.tenant = home;
	for (i = 0; i < n; i++)
		if (strcmp(rows[i].kid, "new") == 0)
			new.id = rows[i].id;
	ck_ok(store_signing_key_retire_others(c, &new, c->now + 7, 2));
	ck_assert_int_eq(street_count(c, "SELECT SUM(retires_at) FROM"
					 " signing_keys WHERE kid = 'one'"),
	    c->now + 9);
	ck_assert_int_eq(street_count(c, "SELECT SUM(retires_at) FROM"
					 " signing_keys WHERE kid = 'ends'"),
	    c->now + 5);
	ck_assert_int_eq(street_count(c, "SELECT COUNT(*) FROM signing_keys"
					 " WHERE retires_at IS NULL"),
	    2);
	test_done(c);
}
END_TEST

/* What was signed for a longer life than is set now is waited for. */
START_TEST(test_retire_others_after_their_tokens)
{
	struct ctx *c = street_open();
	struct signing_key_row new = {.alg = "HS512", .tenant = c->tenant_id};

	key_add(c, "one", c->now - 1, 0);
	new.id = uuid_make(c->now);
	ck_ok(db_script(c, "UPDATE tenants SET tokens_until = 700;\n"));
	ck_ok(store_signing_key_retire_others(c, &new, 500, 60));
	ck_assert_int_eq(
	    street_count(c, "SELECT retires_at FROM signing_keys"), 760);
	test_done(c);
}
END_TEST

START_TEST(test_add_unless)
{
	struct ctx *c = street_open();
	struct signing_key_row row = {.tenant = c->tenant_id,
	    .kid = "second",
	    .alg = "HS512",
	    .material = {(const unsigned char *)"sealed", 6},
	    .signs_from = c->now,
	    .created_at = c->now};
	bool added;

	key_add(c, "first", c->now, 0);
	row.id = uuid_make(c->now);
	ck_ok(store_signing_key_add_unless(c, &row, c->now - 1, &added));
	ck_assert(!added);
	ck_ok(store_signing_key_add_unless(c, &row, c->now, &added));
	ck_assert(added);
	row.id = uuid_make(c->now);
	row.kid = "again";
	ck_ok(store_signing_key_add_unless(c, &row, c->now - 1, &added));
	ck_assert(!added);
	ck_ok(store_signing_key_retire(c, c->tenant_id, "first"));
	ck_ok(store_signing_key_retire(c, c->tenant_id, "second"));
	ck_ok(store_signing_key_add_unless(c, &row, c->now - 1, &added));
	ck_assert(added);
	row.id = uuid_make(c->now);
	row.kid = "third";
	row.alg = "ES256";
	ck_ok(store_signing_key_add_unless(c, &row, c->now - 1, &added));
	ck_assert(added);
	ck_ok(store_signing_key_lock(c, c->tenant_id));
	ck_assert_int_eq(
	    store_signing_key_lock(c, uuid_make(c->now)), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

/* Each one is told from the one before, also by a clock that is behind. */
START_TEST(test_the_lock_leaves_a_mark)
{
	struct ctx *c = street_open();
	struct tenant_row row;
	int64_t before, first;

	ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
	before = row.updated_at;
	c->now = before;
	ck_ok(store_signing_key_lock(c, c->tenant_id));
	ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
	first = row.updated_at;
	ck_assert_int_gt(first, before);
	c->now -= HOUR_MS;
	ck_ok(store_signing_key_lock(c, c->tenant_id));
	ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
	ck_assert_int_gt(row.updated_at, first);
	first = row.updated_at;
	ck_ok(store_tenant_set(c, &row, 0));
	ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
	ck_assert_int_gt(row.updated_at, first);
	c->now += DAY_MS;
	ck_ok(store_signing_key_lock(c, c->tenant_id));
	ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
	ck_assert_int_eq(row.updated_at, c->now);
	test_done(c);
}
END_TEST

/* One with an end is the newest only where none is without. */
START_TEST(test_ages_of_what_stays)
{
	struct ctx *c = street_open();
	struct uuid none = {.b = {0}};
	struct key_age *ages;
	int64_t begun = c->now;
	size_t n;

	key_add(c, "old", c->now, 0);
	c->now += 5;
	key_add(c, "retired", c->now, c->now);
	c->now++;
	key_add(c, "ends", c->now, c->now + 9);
	ck_ok(store_signing_key_ages(c, &none, 9, &ages, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(ages->newest, begun);
	ck_assert_int_eq(ages->retires_at, 0);
	ck_ok(store_signing_key_retire(c, c->tenant_id, "old"));
	ck_ok(store_signing_key_ages(c, &none, 9, &ages, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(ages->newest, c->now);
	ck_assert_int_eq(ages->retires_at, c->now + 9);
	test_done(c);
}
END_TEST

START_TEST(test_ages)
{
	struct ctx *c = street_open();
	struct uuid none = {.b = {0}}, home = c->tenant_id, other;
	struct key_age *ages;
	size_t n;

	key_add(c, "old", c->now, 0);
	c->now += 5;
	key_add(c, "new", c->now, 0);
	key_add(c, "twin", c->now, 0);
	other = street_tenant(c, "other");
	ck_ok(store_signing_key_ages(c, &none, 9, &ages, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(uuid_equal(ages[0].tenant.id, home));
	ck_assert_str_eq(ages[0].alg, "HS512");
	ck_assert_int_eq(ages[0].newest, c->now);
	ck_assert(uuid_equal(ages[1].tenant.id, other));
	ck_assert_ptr_null(ages[1].alg);
	ck_ok(store_signing_key_ages(c, &none, 1, &ages, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_signing_key_ages(c, &home, 9, &ages, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(store_signing_key_ages(c, &other, 9, &ages, &n));
	ck_assert_uint_eq(n, 0);
	test_done(c);
}
END_TEST

SUITE(signing_key, test_current, test_by_kid, test_published, test_retire,
    test_retire_others, test_retire_others_after_their_tokens, test_add_unless,
    test_the_lock_leaves_a_mark, test_ages, test_ages_of_what_stays)
