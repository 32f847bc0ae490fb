/* SPDX-License-Identifier: ISC */
/* doorward migrate: the schema, created or brought forward. */

#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

#ifndef PKGDATADIR
#define PKGDATADIR "/usr/local/share/doorward"
#endif

/* A step over large tables takes its time; requests do not. */
enum { STATEMENT_SECONDS = 3600 };

const char *
cli_sql_dir(void)
{
	const char *dir = getenv("DOORWARD_SQL_DIR");

	return dir && *dir ? dir : PKGDATADIR "/sql";
}

/* Over a connection that waits for long. */
static enum err
migrate_patiently(struct ctx *c, int64_t *applied)
{
	struct conf patient = *c->conf;
	struct db *usual = c->db;
	enum err e;

	patient.db_timeout_seconds = STATEMENT_SECONDS;
	c->db = db_new(&patient);
	e = migrate(c, cli_sql_dir(), applied);
	db_close(c->db);
	c->db = usual;
	return e;
}

enum err
cli_migrate(struct ctx *c, const struct given *in)
{
	int64_t applied;
	enum err e;

	(void)in;
	e = migrate_patiently(c, &applied);
	if (e == ERR_CONFLICT)
		return say(e,
		    "The database '%s' holds tables, but no finished schema of "
		    "Doorward. Name an empty one in db_name.",
		    c->conf->db_name);
	if (e == ERR_IO)
		return say(e,
		    "A script of %s could not be read. DOORWARD_SQL_DIR names "
		    "their folder.",
		    cli_sql_dir());
	if (e)
		return e;
	printf("The schema is up to date; scripts applied: %lld.\n",
	    (long long)applied);
	return OK;
}
