/* SPDX-License-Identifier: ISC */
/* support_db: a database of this program's own on the tests' server. */

#include <stdio.h>
#include <unistd.h>

#include "db/db.h"
#include "test.h"

enum { SCHEMA_MAX = 1024 * 1024 };

/* Before main(), for Check would take a skip within a test for a failure. */
__attribute__((constructor)) static void
server_demand(void)
{
	if (getenv("DW_DB_SOCKET"))
		return;
	(void)fprintf(stderr, "skipped: no DW_DB_SOCKET; run tests/db_up.sh "
			      "and take what it wrote to $DW_RUN/env\n");
	exit(77);
}

static void
must(enum err e, const char *what)
{
	if (!e)
		return;
	(void)fprintf(stderr, "test_db_ctx: %s: %s\n", what, err_name(e));
	abort();
}

static void
schema_load(struct ctx *c)
{
	const char *src = getenv("DW_SRC");
	const char *path, *why = "";
	char *text;

	path = arena_print(c->arena, "%s/sql/schema.sql", src ? src : ".");
	must(file_read(c->arena, path, SCHEMA_MAX, &text, &why), path);
	must(db_script(c, text), "sql/schema.sql");
}

/* test_ctx() made it, and made it to be written to. */
static struct conf *
conf_of(struct ctx *c)
{
	return (struct conf *)(uintptr_t)c->conf;
}

struct ctx *
test_db_ctx(bool with_schema)
{
	struct ctx *c = test_ctx();
	struct conf *conf = conf_of(c);
	char name[64];

	(void)snprintf(name, sizeof(name), "doorward_test_%d", (int)getpid());
	conf->db_socket = getenv("DW_DB_SOCKET");
	conf->db_user = "root";
	conf->db_password_file = "";
	conf->db_timeout_seconds = 60; /* a busy machine is no lost one */
	conf->db_name = "";
	c->db = db_new(conf);
	must(db_script(c, arena_print(c->arena,
			      "CREATE OR REPLACE DATABASE %s;\n", name)),
	    "CREATE DATABASE");
	db_close(c->db);
	/* the context's memory may be wiped by a test; the name must stay */
	conf->db_name = strdup(name);
	c->db = db_new(conf);
	if (with_schema)
		schema_load(c);
	return c;
}

void
test_db_done(struct ctx *c)
{
	struct conf *conf = conf_of(c);
	char *name = (char *)(uintptr_t)conf->db_name;

	db_close(c->db);
	conf->db_name = "";
	c->db = db_new(conf);
	must(db_script(c,
		 arena_print(c->arena, "DROP DATABASE IF EXISTS %s;\n", name)),
	    "DROP DATABASE");
	db_close(c->db);
	c->db = NULL;
	free(name);
}
