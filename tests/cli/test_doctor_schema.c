/* SPDX-License-Identifier: ISC */
/* Faults of the tables: behind, ahead, and not as they should be. */

#include "sick.h"

static void
step_forgotten(struct sick *k)
{
	stage_do(&k->s, "DELETE FROM migrations WHERE id = 3");
}

static void
step_back(struct sick *k)
{
	stage_do(&k->s, "INSERT INTO migrations VALUES (3, 'api-keys', 0)");
}

static void
step_unknown(struct sick *k)
{
	stage_do(&k->s, "INSERT INTO migrations VALUES (999, 'later', 0)");
}

static void
step_undone(struct sick *k)
{
	stage_do(&k->s, "DELETE FROM migrations WHERE id = 999");
}

static void
table_gone(struct sick *k)
{
	stage_do(&k->s, "RENAME TABLE carts TO carts_old");
}

static void
table_back(struct sick *k)
{
	stage_do(&k->s, "RENAME TABLE carts_old TO carts");
}

/* Only a compound asks for it, whose PREPARE does not see it. */
static void
column_gone(struct sick *k)
{
	stage_do(&k->s, "ALTER TABLE challenges CHANGE fresh_number fresh BOOL "
			"NOT NULL DEFAULT FALSE");
}

static void
column_back(struct sick *k)
{
	stage_do(&k->s, "ALTER TABLE challenges CHANGE fresh fresh_number BOOL "
			"NOT NULL DEFAULT FALSE");
}

static void
column_narrow(struct sick *k)
{
	stage_do(&k->s,
	    "ALTER TABLE tenants MODIFY status ENUM('active','suspended') "
	    "NOT NULL DEFAULT 'active'");
}

static void
column_wide(struct sick *k)
{
	stage_do(&k->s,
	    "ALTER TABLE tenants MODIFY status "
	    "ENUM('active','suspended','deleting') NOT NULL DEFAULT 'active'");
}

static void
key_gone(struct sick *k)
{
	stage_do(&k->s, "ALTER TABLE sessions DROP KEY challenge");
}

static void
key_lax(struct sick *k)
{
	key_gone(k);
	stage_do(&k->s, "ALTER TABLE sessions ADD KEY challenge "
			"(tenant_id, challenge_id)");
}

static void
key_back(struct sick *k)
{
	stage_do(&k->s, "ALTER TABLE sessions DROP KEY IF EXISTS challenge");
	stage_do(&k->s, "ALTER TABLE sessions ADD UNIQUE KEY challenge "
			"(tenant_id, challenge_id)");
}

#define MIGRATE "Mend: `doorward migrate`"

static const struct sickness tables[] = {
    {"a migration that is missing", NULL, step_forgotten, "migrations",
	"003-api-keys.sql", MIGRATE, step_back},
    {"a database newer than the program", NULL, step_unknown, "migrations",
	"999-later", "Mend: install the newer Doorward", step_undone},
    {"a table that is missing", NULL, table_gone, "schema",
	"Table carts is missing.", MIGRATE, table_back},
    {"a column that is missing", NULL, column_gone, "schema",
	"Column challenges.fresh_number is missing.", MIGRATE, column_back},
    {"a column of another type", NULL, column_narrow, "schema",
	"Column tenants.status is enum", MIGRATE, column_wide},
    {"a key that is missing", NULL, key_gone, "schema",
	"Key challenge of table sessions is missing.", MIGRATE, key_back},
    {"a key that is not unique", NULL, key_lax, "schema",
	"Key challenge of table sessions is another one", MIGRATE, key_back},
};

START_TEST(test_tables)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, tables, COUNT(tables));
	sick_close(&k);
}
END_TEST

START_TEST(test_no_schema_at_all)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, false);
	stage_conf(&s, "mail_from = shop@shop.example");
	ran = stage_run(&s, "doctor");
	ck_ran(ran, ran.status == 1);
	ck_says(ran, "has no schema.\n       " MIGRATE);
	ck_says(ran, "schema            left out until migrations");
	stage_close(&s);
}
END_TEST

START_TEST(test_no_scripts)
{
	struct sick k;
	struct ran ran;

	sick_open(&k);
	ck_assert_int_eq(setenv("DOORWARD_SQL_DIR", "/nonexistent", 1), 0);
	ran = stage_run(&k.s, "doctor");
	ck_ran(ran, ran.status == 1);
	ck_says(ran, "/nonexistent cannot be read.");
	ck_says(ran, "DOORWARD_SQL_DIR");
	sick_close(&k);
}
END_TEST

SUITE(doctor_schema, test_tables, test_no_schema_at_all, test_no_scripts)
