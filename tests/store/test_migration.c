/* SPDX-License-Identifier: ISC */
/* Migrations: an empty database is told from one with tables. */

#include "street.h"

START_TEST(test_an_empty_database_has_no_schema)
{
	struct ctx *c = test_db_ctx(false);
	struct migration_row *rows;
	size_t n;

	ck_assert_int_eq(store_schema_exists(c), ERR_NOT_FOUND);
	ck_assert_int_eq(store_migration_list(c, &rows, &n), ERR_DB);
	test_done(c);
}
END_TEST

START_TEST(test_a_step_is_recorded_once)
{
	struct ctx *c = test_db_ctx(true);
	struct migration_row *rows;
	size_t n;

	ck_ok(store_schema_exists(c));
	ck_ok(store_migration_list(c, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_ok(store_migration_add(c, 2, "devices"));
	ck_ok(store_migration_add(c, 1, "schema"));
	ck_assert_int_eq(store_migration_add(c, 1, "schema"), ERR_CONFLICT);
	ck_ok(store_migration_list(c, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(rows[0].id, 1);
	ck_assert_str_eq(rows[0].name, "schema");
	ck_assert_int_eq(rows[1].id, 2);
	ck_assert_int_eq(rows[1].applied_at, c->now);
	test_done(c);
}
END_TEST

SUITE(migration, test_an_empty_database_has_no_schema,
    test_a_step_is_recorded_once)
