/* SPDX-License-Identifier: ISC */
/* A second connection, and a second server, for the tests of db. */

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "second.h"

const struct col number_cols[] = {COL_INT(struct number, i), COL_END};

static const struct stmt connection_id_sql = {"SELECT CONNECTION_ID()", 0, ""};
static const struct stmt alive_sql = {
    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = ?", 0, ""};

struct ctx *
second_new(const struct ctx *c)
{
	struct ctx *second = calloc(1, sizeof(*second));

	*second = *c;
	second->arena = arena_new();
	second->db = db_new(c->conf);
	return second;
}

void
second_done(struct ctx *c)
{
	db_close(c->db);
	arena_free(c->arena);
	free(c);
}

void
say(struct ctx *c, const char *script, ...)
{
	char text[4096];
	va_list list;

	va_start(list, script);
	(void)vsnprintf(text, sizeof(text), script, list);
	va_end(list);
	ck_assert_msg(db_script(c, text) == OK, "%s", text);
}

int64_t
ask(struct ctx *c, const struct stmt *stmt)
{
	struct number n = {-1};

	ck_assert_msg(
	    !db_one(c, stmt, NO_ARGS, number_cols, &n), "%s", stmt->sql);
	return n.i;
}

int64_t
connection_id(struct ctx *c)
{
	return ask(c, &connection_id_sql);
}

static void
id_kill(struct ctx *killer, int64_t id)
{
	struct number alive = {1};

	say(killer, "KILL %lld;\n", (long long)id);
	while (alive.i) {
		world_sleep(5);
		ck_assert(!db_one(
		    killer, &alive_sql, ARGS(INT(id)), number_cols, &alive));
	}
}

void
kill_connection(struct ctx *c)
{
	struct ctx *killer = second_new(c);

	id_kill(killer, connection_id(c));
	second_done(killer);
}

int
kill_later(struct ctx *c, int64_t ms)
{
	int64_t id = connection_id(c);
	pid_t pid = fork();

	ck_assert(pid >= 0);
	if (pid > 0)
		return pid;
	world_sleep(ms);
	db_forget(c->db);
	say(c, "KILL %lld;\n", (long long)id);
	_exit(0);
}

int
child_status(int pid)
{
	int status = -1;

	ck_assert(waitpid(pid, &status, 0) == pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

void
child_wait(int pid)
{
	ck_assert_int_eq(child_status(pid), 0);
}

/* ---- a second server ---------------------------------------------------- */

static void
script_run(const struct server *s, const char *name, const char *tls)
{
	const char *src = getenv("DW_SRC");
	char path[512];
	pid_t pid;

	(void)snprintf(
	    path, sizeof(path), "%s/tests/%s", src ? src : ".", name);
	pid = fork();
	ck_assert(pid >= 0);
	if (pid == 0) {
		setenv("DW_RUN", s->run, 1);
		setenv("DW_DB_TLS", tls, 1);
		execl("/bin/sh", "sh", path, (char *)NULL);
		_exit(127);
	}
	child_wait(pid);
}

/* The value of NAME=value or NAME='value' in the file that db_up.sh wrote. */
static void
env_read(const struct server *s, const char *name, char *out, size_t size)
{
	char path[128], line[256];
	bool found = false;
	FILE *in;

	(void)snprintf(path, sizeof(path), "%s/env", s->run);
	in = fopen(path, "r");
	ck_assert(in != NULL);
	while (!found && fgets(line, sizeof(line), in))
		found = strncmp(line, name, strlen(name)) == 0;
	(void)fclose(in);
	ck_assert_msg(found, "%s", name);
	(void)snprintf(out, size, "%s",
	    line + strlen(name) + strspn(line + strlen(name), "='"));
	out[strcspn(out, "';\n")] = '\0';
}

void
server_start(struct server *s, const char *tls)
{
	char pid[16], port[16];

	if (!*s->run) {
		(void)snprintf(
		    s->run, sizeof(s->run), "/tmp/doorward-second.XXXXXX");
		ck_assert(mkdtemp(s->run) != NULL);
	}
	script_run(s, "db_up.sh", tls);
	env_read(s, "DW_DB_SOCKET", s->socket, sizeof(s->socket));
	env_read(s, "DW_DB_CA", s->ca, sizeof(s->ca));
	env_read(s, "DW_DB_PID", pid, sizeof(pid));
	env_read(s, "DW_DB_PORT", port, sizeof(port));
	s->pid = atoi(pid);
	s->port = (unsigned)atoi(port);
}

void
server_stop(struct server *s)
{
	ck_assert(s->pid > 1);
	ck_assert(kill(s->pid, SIGKILL) == 0);
	while (kill(s->pid, 0) == 0)
		world_sleep(10);
	s->pid = 0;
}

void
server_remove(struct server *s)
{
	script_run(s, "db_down.sh", "no");
}
