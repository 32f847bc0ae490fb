/* SPDX-License-Identifier: ISC */
/* doctor: the tables, and the questions that are asked of them. */

#include <stdlib.h>

#include "cli/doctor.h"

enum {
	SCRIPT_MAX = 1024 * 1024,
	/* numbers of the server */
	TABLE_DENIED = 1142,
	COLUMN_DENIED = 1143,
	TOO_MANY_PREPARED = 1461
};

#define MEND_MIGRATE "`doorward migrate`, as the tables' owner"
#define MEND_DIR     "`make install`, or name the folder in DOORWARD_SQL_DIR"

static bool
is_denied(unsigned number)
{
	return number == TABLE_DENIED || number == COLUMN_DENIED;
}

static const char *
grant_mend(struct doctor *d)
{
	return arena_print(d->c->arena,
	    "mariadb -e 'GRANT SELECT, INSERT, UPDATE, DELETE ON %s.* TO "
	    "%s'",
	    d->conf.db_name, doctor_account(d));
}

static void
migrations_tell(struct doctor *d, const char *missing, const char *unknown)
{
	d->grounds |= ON_TABLES;
	if (missing != NULL)
		doctor_fault(d, MEND_MIGRATE,
		    "The schema is behind this program: %s.", missing);
	if (unknown != NULL)
		doctor_fault(d, "install the newer Doorward here, too",
		    "The database is newer than this program, which does not "
		    "know %s.",
		    unknown);
}

void
doctor_migrations(struct doctor *d)
{
	const char *dir = cli_sql_dir(), *missing, *unknown;
	enum err e = migrations_compare(d->c, dir, &missing, &unknown);

	doctor_word(d, "all of %s", dir);
	if (e == ERR_IO)
		doctor_fault(d, MEND_DIR, "%s cannot be read.", dir);
	else if (e == ERR_DB && is_denied(db_errno(d->c->db)))
		doctor_fault(
		    d, grant_mend(d), "The table migrations may not be read.");
	else if (e == ERR_DB)
		doctor_fault(d, MEND_MIGRATE,
		    "The database '%s' has no schema.", d->conf.db_name);
	else if (!doctor_failed(d, e))
		migrations_tell(d, missing, unknown);
}

void
doctor_schema(struct doctor *d)
{
	struct schema_faults faults;
	const char *path, *why;
	char *script;
	size_t i;

	path = arena_print(d->c->arena, "%s/schema.sql", cli_sql_dir());
	if (file_read(d->c->arena, path, SCRIPT_MAX, &script, &why)) {
		doctor_fault(d, MEND_DIR, "%s.", why);
		return;
	}
	if (doctor_failed(d, schema_compare(d->c, script, &faults)))
		return;
	doctor_word(
	    d, "%zu tables, %zu columns", faults.tables, faults.columns);
	for (i = 0; i < faults.n; i++)
		doctor_fault(d,
		    MEND_MIGRATE "; if it stays, put it back from a backup",
		    "%s", faults.list[i]);
	if (faults.n == 0)
		d->grounds |= ON_SCHEMA;
}

static const char *
statement_mend(struct doctor *d, unsigned number)
{
	if (is_denied(number))
		return grant_mend(d);
	if (number == TOO_MANY_PREPARED)
		return "raise max_prepared_stmt_count of the server";
	return MEND_MIGRATE;
}

void
doctor_statements(struct doctor *d)
{
	const struct stmt_table *t;
	unsigned number;
	size_t i, n = 0;

	for (t = store_statements; t->name != NULL; t++)
		for (i = 0; i < *t->n; i++, n++) {
			if (!db_prepare(d->c, &t->list[i]))
				continue;
			number = db_errno(d->c->db);
			doctor_fault(d, statement_mend(d, number),
			    "Statement %zu of '%s' is refused (error %u): "
			    "%.60s…",
			    i, t->name, number, t->list[i].sql);
		}
	doctor_word(d, "%zu are known to the server", n);
}
