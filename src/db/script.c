/* SPDX-License-Identifier: ISC */
/* Constant text for the server: set-up, schema, migrations, named locks. */

#include <string.h>

#include "db/inside.h"

enum { LOCK_POLL_MS = 100 };

struct answer {
	int64_t yes;
};

static const struct col answer_cols[] = {COL_INT(struct answer, yes), COL_END};

/* The lock is asked for without waiting: a wait would outlast READ_TIMEOUT. */
static const struct stmt lock_take = {
    "SELECT GET_LOCK(?, 0)", CROSS_TENANT, "a lock of the house, no row"};
static const struct stmt lock_leave = {
    "SELECT RELEASE_LOCK(?)", CROSS_TENANT, "a lock of the house, no row"};

enum err
text_run(struct ctx *c, enum phase phase, const char *sql, size_t len)
{
	MYSQL *my = c->db->my;
	MYSQL_RES *rows;

	c->db->trips++;
	if (mysql_real_query(my, sql, len))
		return db_failed(c, phase, mysql_errno(my), mysql_error(my));
	if (mysql_field_count(my) == 0)
		return OK;
	if (!(rows = mysql_store_result(my)))
		return db_failed(c, phase, mysql_errno(my), mysql_error(my));
	mysql_free_result(rows);
	return OK;
}

/* ---- scripts ------------------------------------------------------------ */

/* The line without its end and the blanks before it. */
static size_t
line_len(const char *line)
{
	size_t n = strcspn(line, "\n");

	while (n > 0 && strchr(" \t\r", line[n - 1]))
		n--;
	return n;
}

static bool
is_skipped(const char *line, size_t n)
{
	size_t blanks = strspn(line, " \t");

	return n == 0 || strncmp(line + blanks, "--", 2) == 0;
}

/* Take lines up to the one that ends in ';', which is left out. */
static bool
statement_next(const char **text, struct text *out)
{
	const char *line;
	size_t n;

	while (**text) {
		line = *text;
		n = line_len(line);
		*text += strcspn(line, "\n");
		*text += **text == '\n';
		if (is_skipped(line, n))
			continue;
		if (line[n - 1] == ';') {
			text_add_n(out, line, n - 1);
			return true;
		}
		text_add_n(out, line, n);
		text_add_c(out, '\n');
	}
	return false;
}

enum err
db_script(struct ctx *c, const char *text)
{
	struct text one = text_new(c->arena);
	size_t n = 0;
	enum err e;

	c->db->number = 0;
	for (; statement_next(&text, &one); one = text_new(c->arena)) {
		n++;
		if ((e = db_reach(c)))
			return e;
		if ((e = text_run(c, PHASE_WRITE, one.s, one.len)))
			return fail(c, e, "statement %zu: %.200s", n, one.s);
	}
	if (one.len > 0)
		return fail(c, ERR_DB, "no ';' after: %.200s", one.s);
	return OK;
}

/* ---- locks -------------------------------------------------------------- */

static enum err
lock_wait(struct ctx *c, const char *name, int seconds)
{
	int64_t left = seconds * SECOND_MS;
	struct answer got;
	enum err e;

	for (;; left -= LOCK_POLL_MS) {
		if ((e = db_one(
			 c, &lock_take, ARGS(TEXT(name)), answer_cols, &got)))
			return e;
		if (got.yes)
			return OK;
		if (left <= 0)
			return fail(c, ERR_DB_AWAY, "lock %s is held", name);
		world_sleep(LOCK_POLL_MS);
	}
}

enum err
db_locked(struct ctx *c, const char *name, int seconds,
    enum err (*step)(struct ctx *, void *), void *with)
{
	struct answer left;
	enum err e;

	if ((e = lock_wait(c, name, seconds)))
		return e;
	c->db->pinned = true;
	e = step(c, with);
	if (db_one(c, &lock_leave, ARGS(TEXT(name)), answer_cols, &left) ||
	    !left.yes)
		log_event(c, LOG_WARN, "db_lock_lost", "%s", name);
	c->db->pinned = false;
	return e;
}
