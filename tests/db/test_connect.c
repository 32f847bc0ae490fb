/* SPDX-License-Identifier: ISC */
/* Where a connection goes, how it is protected, and what follows its end. */

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "second.h"

static const struct stmt one = {"SELECT 1", 0, ""};
static const struct stmt cipher = {
    "SELECT VARIABLE_VALUE <> '' FROM information_schema.SESSION_STATUS"
    " WHERE VARIABLE_NAME = 'SSL_CIPHER'",
    0, ""};
static const struct stmt session = {
    "SELECT @@sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"
    " AND @@time_zone = '+00:00' AND @@tx_isolation = 'READ-COMMITTED'"
    " AND @@innodb_lock_wait_timeout = 1"
    " AND @@character_set_client = 'utf8mb4'"
    " AND @@character_set_results = 'utf8mb4'",
    0, ""};

START_TEST(test_session)
{
	struct ctx *c = test_db_ctx(false);

	ck_assert_uint_eq(db_trips(c->db), 0);
	ck_assert_int_eq(ask(c, &session), 1);
	ck_assert_uint_eq(db_trips(c->db), 1);
	kill_connection(c);
	ck_assert_msg(ask(c, &session) == 1, "the same on a new connection");
	ck_assert_int_eq(ask(c, &cipher), 0);
	test_done(c);
}
END_TEST

/* ---- over TCP ----------------------------------------------------------- */

/* Somebody who signs in over TCP, and the file that holds the password. */
struct tcp {
	struct ctx *c;
	char user[32], password[64];
	struct conf conf;
};

static void
tcp_new(struct tcp *t, const char *ca)
{
	static const char secret[] = "s3cret word\n";
	int fd;

	t->c = test_db_ctx(false);
	(void)snprintf(t->user, sizeof(t->user), "tcp_%d", (int)getpid());
	(void)snprintf(t->password, sizeof(t->password),
	    "/tmp/doorward-password.%d", (int)getpid());
	fd = open(t->password, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	ck_assert(write(fd, secret, sizeof(secret) - 1) > 0);
	ck_assert(close(fd) == 0);
	say(t->c,
	    "CREATE OR REPLACE USER %s@'127.0.0.1'"
	    " IDENTIFIED BY 's3cret word';\n"
	    "GRANT ALL ON %s.* TO %s@'127.0.0.1';\n",
	    t->user, t->c->conf->db_name, t->user);
	t->conf = *t->c->conf;
	t->conf.db_socket = "";
	t->conf.db_user = t->user;
	t->conf.db_password_file = t->password;
	t->conf.db_tls = true;
	t->conf.db_tls_ca = ca;
}

static void
tcp_done(struct tcp *t)
{
	say(t->c, "DROP USER %s@'127.0.0.1';\n", t->user);
	ck_assert(unlink(t->password) == 0);
	test_done(t->c);
}

/* Ask with this configuration; the error's number is told too. */
static enum err
conf_ask(struct ctx *c, const struct conf *conf, const struct stmt *stmt,
    int64_t *out, unsigned *number)
{
	struct ctx with = *c;
	struct number n = {-1};
	enum err e;

	with.conf = conf;
	with.db = db_new(conf);
	e = db_one(&with, stmt, NO_ARGS, number_cols, &n);
	*number = db_errno(with.db);
	*out = n.i;
	db_close(with.db);
	return e;
}

enum ca { CA_RIGHT, CA_OTHER, CA_NONE };

/* In hosts, P stands for the server's port, X for one where nobody listens. */
static const struct {
	const char *what, *hosts;
	enum ca ca;
	bool plain;
	enum err e;
	bool encrypted;
} places[] = {
    {"verified", "127.0.0.1:P", CA_RIGHT, false, OK, true},
    {"localhost is not a socket", "localhost:P", CA_RIGHT, false, OK, true},
    {"another authority", "127.0.0.1:P", CA_OTHER, false, ERR_DB_AWAY, false},
    {"the system's store does not know it", "127.0.0.1:P", CA_NONE, false,
	ERR_DB_AWAY, false},
    {"plain when told so", "127.0.0.1:P", CA_NONE, true, OK, false},
    {"the second when the first refuses", "127.0.0.1:X,127.0.0.1:P", CA_RIGHT,
	false, OK, true},
    {"blanks and a last comma", " 127.0.0.1:X , 127.0.0.1:P ,", CA_RIGHT, false,
	OK, true},
    {"IPv6, in brackets", "[::1]:X,[127.0.0.1]:P", CA_RIGHT, false, OK, true},
    {"what is no host is passed over",
	"127.0.0.1:0,[::1,[]:P,:P,a:b,"
	"127.0.0.1:99999,127.0.0.1:P",
	CA_RIGHT, false, OK, true},
    {"nobody listens", "127.0.0.1:X", CA_RIGHT, false, ERR_DB_AWAY, false},
    {"no host at all", "", CA_RIGHT, false, ERR_DB_AWAY, false},
    {"only commas", " ,,", CA_RIGHT, false, ERR_DB_AWAY, false},
};

/* P and X become ports. */
static const char *
hosts_print(struct ctx *c, const char *hosts)
{
	struct text out = text_new(c->arena);

	for (; *hosts; hosts++) {
		if (*hosts == 'P')
			text_add(&out, getenv("DW_DB_PORT"));
		else if (*hosts == 'X')
			text_add(&out, "9");
		else
			text_add_c(&out, *hosts);
	}
	return out.len ? out.s : "";
}

START_TEST(test_places)
{
	const char *authorities[] = {
	    [CA_RIGHT] = getenv("DW_DB_CA"),
	    [CA_OTHER] = getenv("DW_DB_CA_OTHER"),
	    [CA_NONE] = "",
	};
	struct tcp t;
	size_t i;
	int64_t n;
	unsigned number;
	enum err e;

	tcp_new(&t, "");
	for (i = 0; i < COUNT(places); i++) {
		t.conf.db_hosts = hosts_print(t.c, places[i].hosts);
		t.conf.db_tls = !places[i].plain;
		t.conf.db_tls_ca = authorities[places[i].ca];
		e = conf_ask(t.c, &t.conf, &cipher, &n, &number);
		ck_case(places[i].what, e == places[i].e);
		ck_case(places[i].what, e || n == places[i].encrypted);
	}
	tcp_done(&t);
}
END_TEST

START_TEST(test_refusals)
{
	struct tcp t;
	int64_t n;
	unsigned number;

	tcp_new(&t, getenv("DW_DB_CA"));
	t.conf.db_hosts = hosts_print(t.c, "127.0.0.1:P");
	ck_assert(!conf_ask(t.c, &t.conf, &one, &n, &number));
	t.conf.db_name = "";
	ck_assert_msg(!conf_ask(t.c, &t.conf, &one, &n, &number), "no name");
	t.conf.db_name = "doorward_nowhere";
	ck_assert(conf_ask(t.c, &t.conf, &one, &n, &number) == ERR_DB_AWAY);
	ck_assert_uint_eq(number, 1044);
	t.conf.db_name = "";
	t.conf.db_password_file = "";
	ck_assert(conf_ask(t.c, &t.conf, &one, &n, &number) == ERR_DB_AWAY);
	ck_assert_uint_eq(number, 1045);
	t.conf.db_password_file = "/nowhere/password";
	ck_assert(conf_ask(t.c, &t.conf, &one, &n, &number) == ERR_DB_AWAY);
	t.conf.db_password_file = t.password;
	ck_assert(chmod(t.password, 0644) == 0);
	ck_assert_msg(conf_ask(t.c, &t.conf, &one, &n, &number) == ERR_DB_AWAY,
	    "a password that others may read is not used");
	tcp_done(&t);
}
END_TEST

static const struct stmt add = {"UPDATE t SET n = n + 1", 0, ""};
static const struct stmt total = {"SELECT n FROM t", 0, ""};

static enum err
step_killed_last(struct ctx *c, void *with)
{
	enum err e = db_change_one(c, &add, NO_ARGS);

	if (++*(int *)with == 1)
		kill_connection(c);
	return e;
}

/* There, writing to a connection that has ended looks well at first. */
START_TEST(test_killed_over_tcp)
{
	struct tcp t;
	struct ctx *c;
	int calls = 0;

	tcp_new(&t, getenv("DW_DB_CA"));
	t.conf.db_hosts = hosts_print(t.c, "127.0.0.1:P");
	say(t.c, "CREATE TABLE t (n INT);\nINSERT INTO t VALUES (0);\n");
	c = second_new(t.c);
	db_close(c->db);
	c->conf = &t.conf;
	c->db = db_new(&t.conf);
	ck_assert_int_eq(ask(c, &cipher), 1);
	kill_connection(c);
	ck_assert(!db_change_one(c, &add, NO_ARGS));
	ck_assert_int_eq(ask(t.c, &total), 1);
	ck_assert(!db_transaction(c, step_killed_last, &calls));
	ck_assert_int_eq(calls, 2);
	ck_assert_int_eq(ask(t.c, &total), 2);
	second_done(c);
	tcp_done(&t);
}
END_TEST

START_TEST(test_unknown_database)
{
	struct ctx *c = test_db_ctx(false);
	struct conf conf = *c->conf;
	int64_t n;
	unsigned number;

	conf.db_name = "doorward_nowhere";
	ck_assert(conf_ask(c, &conf, &one, &n, &number) == ERR_DB_AWAY);
	ck_assert_uint_eq(number, 1049);
	test_done(c);
}
END_TEST

/* ---- processes ---------------------------------------------------------- */

START_TEST(test_forget)
{
	struct ctx *c = test_db_ctx(false);
	int64_t id = connection_id(c);
	pid_t pid = fork();

	ck_assert(pid >= 0);
	if (pid == 0) {
		db_forget(c->db);
		_exit(connection_id(c) == id);
	}
	ck_assert_int_eq(child_status(pid), 0);
	ck_assert_msg(connection_id(c) == id, "the parent's goes on");
	test_done(c);
}
END_TEST

/* ---- another server ----------------------------------------------------- */

static enum err
server_ask(struct ctx *c, const struct server *s, bool tls, int64_t *encrypted)
{
	struct conf conf = *c->conf;
	char hosts[32];
	unsigned number;

	(void)snprintf(hosts, sizeof(hosts), "127.0.0.1:%u", s->port);
	conf.db_socket = "";
	conf.db_hosts = hosts;
	conf.db_name = "";
	conf.db_user = "plain";
	conf.db_tls = tls;
	conf.db_tls_ca = s->ca;
	return conf_ask(c, &conf, &cipher, encrypted, &number);
}

/* A certificate of another name, then a stop, then no TLS at all. */
START_TEST(test_other_server)
{
	struct server s = {.pid = 0};
	struct ctx *c = test_db_ctx(false);
	struct conf conf = *c->conf;
	struct ctx there = *c;
	int64_t n;

	server_start(&s, "wrong");
	conf.db_name = "";
	conf.db_socket = s.socket;
	there.conf = &conf;
	there.db = db_new(&conf);
	say(&there, "CREATE USER plain@'127.0.0.1';\n");
	ck_assert(!server_ask(c, &s, false, &n));
	ck_assert_msg(server_ask(c, &s, true, &n) == ERR_DB_AWAY,
	    "the certificate is for another name");
	server_stop(&s);
	ck_assert(db_prepare(&there, &one) == ERR_DB_AWAY);
	ck_assert(db_prepare(&there, &one) == ERR_DB_AWAY);
	server_start(&s, "no");
	ck_assert_msg(ask(&there, &one) == 1, "it is back");
	ck_assert_msg(server_ask(c, &s, true, &n) == ERR_DB_AWAY,
	    "never plain where TLS is demanded");
	ck_assert(!server_ask(c, &s, false, &n));
	ck_assert_int_eq(n, 0);
	db_close(there.db);
	server_remove(&s);
	test_done(c);
}
END_TEST

SUITE(connect, test_session, test_places, test_refusals, test_killed_over_tcp,
    test_unknown_database, test_forget, test_other_server)
