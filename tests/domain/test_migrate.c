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
	int64_t applied;

	ck_ok(migrate(c, sql_dir(c), &applied));
	ck_assert_int_eq(applied, 1);
	ck_assert_str_eq(office_text(c, RECORDED), "1 schema");
	ck_ok(house_ready(c));
	ck_ok(migrate(c, sql_dir(c), &applied));
	ck_assert_int_eq(applied, 0);
	ck_assert_str_eq(office_text(c, RECORDED), "1 schema");
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
	ck_assert_str_eq(office_text(c, RECORDED), "1 schema");
	ck_ok(house_ready(c));
	office_close(c);
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

SUITE(migrate, test_an_empty_database_gets_the_whole, test_two_at_once,
    test_steps_in_order_and_once, test_the_whole_has_the_steps_behind_it,
    test_a_broken_step_is_not_recorded, test_what_is_there_already,
    test_folders_that_will_not_do)
