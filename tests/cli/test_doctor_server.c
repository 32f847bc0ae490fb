/* SPDX-License-Identifier: ISC */
/* Faults of the database server: away, strange, too strict, too generous. */

#include <stdio.h>
#include <unistd.h>

#include "sick.h"

static const char *
user_name(struct sick *k)
{
	return arena_print(k->s.c->arena, "doctor_%d", (int)getpid());
}

/* An account with these rights on our database, in the configuration. */
static void
user_make(struct sick *k, const char *rights)
{
	struct arena *a = k->s.c->arena;
	const char *user = user_name(k);

	stage_do(&k->s,
	    arena_print(a,
		"CREATE OR REPLACE USER %s@localhost IDENTIFIED BY 'word'",
		user));
	stage_do(&k->s, arena_print(a, "GRANT %s ON %s.* TO %s@localhost",
			    rights, k->s.c->conf->db_name, user));
}

static void
user_conf(struct sick *k, const char *password)
{
	struct arena *a = k->s.c->arena;
	const char *well = k->well;

	sick_file(k, "db.password", password, 0600);
	k->well = arena_print(
	    a, "%sdb_password_file = %s\n", well, sick_path(k, "db.password"));
	sick_conf(k, arena_print(a, "db_user = %s", user_name(k)));
	k->well = well;
}

static void
without_insert(struct sick *k)
{
	user_make(k, "SELECT, UPDATE, DELETE");
	user_conf(k, "word\n");
}

static void
without_select(struct sick *k)
{
	user_make(k, "INSERT");
	user_conf(k, "word\n");
}

static void
wrong_password(struct sick *k)
{
	user_make(k, "SELECT, INSERT, UPDATE, DELETE");
	user_conf(k, "another\n");
}

static void
user_drop(struct sick *k)
{
	stage_do(&k->s,
	    arena_print(k->s.c->arena, "DROP USER %s@localhost", user_name(k)));
}

static void
tls_user_drop(struct sick *k)
{
	stage_do(&k->s, arena_print(k->s.c->arena, "DROP USER %s@'127.0.0.1'",
			    user_name(k)));
}

/* The tests' server over TCP, vouched for by somebody else. */
static void
tls_unvouched(struct sick *k)
{
	struct arena *a = k->s.c->arena;
	const char *well = k->well;

	/* or nobody would be let in as far as that */
	stage_do(&k->s, arena_print(a, "CREATE OR REPLACE USER %s@'127.0.0.1'",
			    user_name(k)));
	k->well = arena_print(
	    a, "%sdb_tls_ca = %s\n", well, getenv("DW_DB_CA_OTHER"));
	sick_conf(k, "db_socket =");
	k->well = stage_file(&k->s, "doorward.conf");
	sick_conf(
	    k, arena_print(a, "db_hosts = 127.0.0.1:%s", getenv("DW_DB_PORT")));
	k->well = well;
}

static const struct sickness servers[] = {
    {"a server that does not answer", "db_socket = /nonexistent", NULL,
	"database", "/nonexistent: nobody answers there",
	"Mend: systemctl start mariadb", NULL},
    {"a database that there is not", "db_name = nowhere", NULL, "database",
	"it has no such database", "CREATE DATABASE nowhere", NULL},
    {"a wrong password", NULL, wrong_password, "database", "it refuses us",
	"Mend: correct db_user, and the password", user_drop},
    {"a server that somebody else vouches for", NULL, tls_unvouched, "database",
	"nobody vouches for its certificate", "Mend: name in db_tls_ca",
	tls_user_drop},
    {"a user who may not INSERT", NULL, without_insert, "rights",
	"@localhost may not INSERT", "Mend: mariadb -e 'GRANT INSERT ON ",
	user_drop},
    {"a user who may not SELECT", NULL, without_select, "migrations",
	"may not be read", "Mend: mariadb -e 'GRANT SELECT", user_drop},
};

START_TEST(test_servers)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, servers, COUNT(servers));
	sick_close(&k);
}
END_TEST

/* ---- a server that speaks no TLS ----------------------------------------------- */

static char other_run[] = "/tmp/doorward-sick.XXXXXX";

static void
other_server(const char *script)
{
	const char *src = getenv("DW_SRC");
	char line[256];

	(void)snprintf(line, sizeof(line),
	    "DW_DB_TLS=no DW_RUN=%s sh %s/tests/%s", other_run, src ? src : ".",
	    script);
	ck_assert_int_eq(system(line), 0);
}

/* NAME=value or NAME='value', as db_up.sh wrote it. */
static const char *
other_env(struct sick *k, const char *name)
{
	const char *path, *why;
	char *env, *at;

	path = arena_print(k->s.c->arena, "%s/env", other_run);
	ck_ok(file_read(k->s.c->arena, path, 4096, &env, &why));
	at = strstr(env, name);
	ck_assert_ptr_nonnull(at);
	at += strcspn(at, "=") + 1;
	at += *at == '\'';
	return arena_copy(k->s.c->arena, at, strcspn(at, "';"));
}

/* Somebody is let in over TCP there. */
static void
other_user(struct sick *k)
{
	const char *line = arena_print(k->s.c->arena,
	    "mariadb --no-defaults -uroot -S %s -e \"CREATE USER "
	    "root@'127.0.0.1'\"",
	    other_env(k, "DW_DB_SOCKET"));

	ck_assert_int_eq(system(line), 0);
}

static void
tls_none(struct sick *k)
{
	const char *well = k->well;

	sick_conf(k, "db_socket =");
	k->well = stage_file(&k->s, "doorward.conf");
	sick_conf(k, arena_print(k->s.c->arena, "db_hosts = 127.0.0.1:%s",
			 other_env(k, "DW_DB_PORT")));
	k->well = well;
}

static const struct sickness plain[] = {
    {"a server that speaks no TLS", NULL, tls_none, "database",
	"it speaks no TLS", "ssl_cert and ssl_key", NULL},
};

START_TEST(test_a_server_without_tls)
{
	struct sick k;

	sick_open(&k);
	ck_assert_ptr_nonnull(mkdtemp(other_run));
	other_server("db_up.sh");
	other_user(&k);
	sick_each(&k, plain, COUNT(plain));
	other_server("db_down.sh");
	sick_close(&k);
}
END_TEST

/* ---- clock, warnings ---------------------------------------------------------------- */

static void
clock_off(struct sick *k)
{
	const char *well = k->well;

	sick_file(k, "clock", "-300000", 0600);
	sick_conf(k, "environment = test");
	k->well = stage_file(&k->s, "doorward.conf");
	sick_conf(k, arena_print(k->s.c->arena, "clock_file = %s",
			 sick_path(k, "clock")));
	k->well = well;
}

static const struct sickness clocks[] = {
    {"a clock that is five minutes slow", NULL, clock_off, "clock",
	"This machine's clock is -", "Mend: timedatectl set-ntp true", NULL},
};

START_TEST(test_clock)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, clocks, COUNT(clocks));
	sick_close(&k);
}
END_TEST

/* The tests' own server is careless, and we are root there. */
START_TEST(test_warnings)
{
	struct sick k;

	sick_open(&k);
	sick_warns(&k, "server settings", "innodb_flush_log_at_trx_commit = 0");
	sick_warns(&k, "rights", "may do more than is needed");
	stage_do(&k.s,
	    arena_print(k.s.c->arena, "ALTER DATABASE %s CHARACTER SET latin1",
		k.s.c->conf->db_name));
	sick_warns(&k, "server settings", "New tables would be latin1.");
	user_make(&k, "SELECT, INSERT, UPDATE, DELETE");
	user_conf(&k, "word\n");
	ck_says(stage_run(&k.s, "doctor"), "ok     rights ");
	user_drop(&k);
	sick_close(&k);
}
END_TEST

SUITE(doctor_server, test_servers, test_a_server_without_tls, test_clock,
    test_warnings)
