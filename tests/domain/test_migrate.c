/* SPDX-License-Identifier: ISC */
/* Migrating: once, in order, whoever comes first. */

#include "office.h"

#define TABLE                                                              \
	"CREATE TABLE migrations (id INT UNSIGNED NOT NULL PRIMARY KEY,\n" \
	"    name VARCHAR(100) NOT NULL, applied_at BIGINT NOT NULL);\n"
#define RECORDED \
	"SELECT GROUP_CONCAT(id, ' ', name ORDER BY id) FROM migrations"

static const char *
sql_dir(struct ctx *c)
{
	const char *src = getenv("DW_SRC");

	return arena_print(c->arena, "%s/sql", src ? src : ".");
}

START_TEST(test_an_empty_database_gets_the_whole)
{
	struct ctx *c = office_open(false);
	const char *recorded;
	int64_t applied;

	ck_ok(migrate(c, sql_dir(c), &applied));
	ck_assert_int_eq(applied, 1);
	recorded = office_text(c, RECORDED);
	ck_assert(strncmp(recorded, "1 schema,2 locale", 17) == 0);
	ck_ok(house_ready(c));
	ck_ok(migrate(c, sql_dir(c), &applied));
	ck_assert_int_eq(applied, 0);
	ck_assert_str_eq(office_text(c, RECORDED), recorded);
	office_close(c);
}
END_TEST

static enum err
migrate_real(struct ctx *c)
{
	int64_t applied;

	return migrate(c, sql_dir(c), &applied);
}

START_TEST(test_two_at_once)
{
	struct ctx *c = office_open(false);

	office_twice(c, migrate_real);
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM migrations"
					 " WHERE name = 'schema'"),
	    1);
	ck_ok(house_ready(c));
	office_close(c);
}
END_TEST

/* What the tables are made of: columns, then keys, as one text. */
static const char *
schema_text(struct ctx *c)
{
	return arena_print(c->arena, "%s\n%s",
	    office_text(c,
		"SELECT GROUP_CONCAT(table_name, '.', ordinal_position, ' ',"
		" column_name, ' ', column_type, ' ', is_nullable, ' ',"
		" IFNULL(column_default, ''), ' ', IFNULL(collation_name, ''),"
		" ' ', extra ORDER BY table_name, ordinal_position"
		" SEPARATOR '\n') FROM information_schema.columns"
		" WHERE table_schema = DATABASE()"),
	    office_text(c,
		"SELECT GROUP_CONCAT(table_name, '.', index_name, ' ',"
		" seq_in_index, ' ', column_name, ' ', non_unique"
		" ORDER BY table_name, index_name, seq_in_index"
		" SEPARATOR '\n') FROM information_schema.statistics"
		" WHERE table_schema = DATABASE()"));
}

/* schema-1.sql is what the first release had. */
START_TEST(test_steps_from_the_first_schema_lead_to_todays)
{
	struct ctx *whole = office_open(false), *c;
	const char *from = getenv("DW_SRC"), *dir, *want, *why;
	char *first;
	int64_t applied;

	ck_ok(migrate(whole, sql_dir(whole), &applied));
	want = arena_text(whole->arena, schema_text(whole));
	c = office_open(false);
	dir = office_folder(c);
	ck_ok(file_read(c->arena,
	    arena_print(
		c->arena, "%s/tests/domain/schema-1.sql", from ? from : "."),
	    1 << 20, &first, &why));
	office_write(c, dir, "schema.sql", first);
	ck_ok(migrate(c, dir, &applied));
	ck_assert_str_ne(schema_text(c), want);
	ck_ok(migrate(c, sql_dir(c), &applied));
	ck_assert_int_ge(applied, 3);
	ck_assert_str_eq(schema_text(c), want);
	office_remove(c, dir);
	office_close(c);
	office_close(whole);
}
END_TEST

START_TEST(test_steps_in_order_and_once)
{
	struct ctx *c = office_open(false);
	const char *dir = office_folder(c);
	int64_t applied;

	office_write(c, dir, "schema.sql", TABLE);
	ck_ok(migrate(c, dir, &applied));
	office_write(c, dir, "010-second.sql", "DROP TABLE first;\n");
	office_write(c, dir, "002-first.sql", "CREATE TABLE first (i INT);\n");
	office_write(c, dir, "notes.txt", "nothing of ours");
	office_write(c, dir, "03-short.sql", "not sql");
	ck_ok(migrate(c, dir, &applied));
	ck_assert_int_eq(applied, 2);
	ck_assert_str_eq(
	    office_text(c, RECORDED), "1 schema,2 first,10 second");
	ck_ok(migrate(c, dir, &applied));
	ck_assert_int_eq(applied, 0);
	office_remove(c, dir);
	office_close(c);
}
END_TEST

START_TEST(test_the_whole_has_the_steps_behind_it)
{
	struct ctx *c = office_open(false);
	const char *dir = office_folder(c);
	int64_t applied;

	office_write(c, dir, "schema.sql", TABLE);
	office_write(c, dir, "002-first.sql", "DROP TABLE not_there;\n");
	ck_ok(migrate(c, dir, &applied));
	ck_assert_int_eq(applied, 1);
	ck_assert_str_eq(office_text(c, RECORDED), "1 schema,2 first");
	office_remove(c, dir);
	office_close(c);
}
END_TEST

START_TEST(test_a_broken_step_is_not_recorded)
{
	struct ctx *c = office_open(false);
	const char *dir = office_folder(c);
	int64_t applied;

	office_write(c, dir, "schema.sql", TABLE);
	ck_ok(migrate(c, dir, &applied));
	office_write(c, dir, "002-fine.sql", "CREATE TABLE fine (i INT);\n");
	office_write(c, dir, "003-broken.sql", "DROP TABLE not_there;\n");
	ck_assert_int_eq(migrate(c, dir, &applied), ERR_DB);
	ck_assert_int_eq(applied, 1);
	ck_assert_str_eq(office_text(c, RECORDED), "1 schema,2 fine");
	office_write(
	    c, dir, "003-broken.sql", "CREATE TABLE mended (i INT);\n");
	ck_ok(migrate(c, dir, &applied));
	ck_assert_str_eq(office_text(c, RECORDED), "1 schema,2 fine,3 broken");
	office_remove(c, dir);
	office_close(c);
}
END_TEST

START_TEST(test_what_is_there_already)
{
	static const struct {
		const char *what, *sql;
	} cases[] = {
	    {"tables of somebody else", "CREATE TABLE theirs (i INT)"},
	    {"a schema that was begun and not finished",
		"CREATE TABLE migrations (id INT UNSIGNED NOT NULL PRIMARY KEY,"
		" name VARCHAR(100) NOT NULL, applied_at BIGINT NOT NULL)"},
	};
	int64_t applied;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct ctx *c = office_open(false);

		office_do(c, cases[i].sql);
		ck_case(cases[i].what,
		    migrate(c, sql_dir(c), &applied) == ERR_CONFLICT);
		office_close(c);
	}
}
END_TEST

START_TEST(test_folders_that_will_not_do)
{
	struct ctx *c = office_open(false);
	const char *dir = office_folder(c);
	int64_t applied;

	ck_assert_int_eq(migrate(c, "/nonexistent", &applied), ERR_IO);
	ck_assert_int_eq(migrate(c, dir, &applied), ERR_IO);
	office_write(c, dir, "schema.sql", TABLE);
	office_write(c, dir, "002-one.sql", "DO 1;\n");
	office_write(c, dir, "002-other.sql", "DO 1;\n");
	ck_assert_int_eq(migrate(c, dir, &applied), ERR_IO);
	ck_assert_int_eq(store_schema_exists(c), ERR_NOT_FOUND);
	office_remove(c, dir);
	office_close(c);
}
END_TEST

START_TEST(test_what_is_behind_and_what_is_ahead)
{
	struct ctx *c = office_open(false);
	const char *missing, *unknown;
	int64_t applied;

	ck_ok(migrate(c, sql_dir(c), &applied));
	ck_ok(migrations_compare(c, sql_dir(c), &missing, &unknown));
	ck_assert_ptr_null(missing);
	ck_assert_ptr_null(unknown);
	office_do(c, "DELETE FROM migrations WHERE id IN (1, 2)");
	office_do(c, "INSERT INTO migrations VALUES (998, 'later', 0),"
		     " (999, 'last', 0)");
	ck_ok(migrations_compare(c, sql_dir(c), &missing, &unknown));
	ck_assert_str_eq(missing, "schema.sql, 002-locale.sql");
	ck_assert_str_eq(unknown, "998-later, 999-last");
	ck_assert_str_eq(
	    err_name(migrations_compare(c, "/nonexistent", &missing, &unknown)),
	    err_name(ERR_IO));
	office_close(c);
}
END_TEST

SUITE(migrate, test_what_is_behind_and_what_is_ahead,
    test_an_empty_database_gets_the_whole, test_two_at_once,
    test_steps_from_the_first_schema_lead_to_todays,
    test_steps_in_order_and_once, test_the_whole_has_the_steps_behind_it,
    test_a_broken_step_is_not_recorded, test_what_is_there_already,
    test_folders_that_will_not_do)
