/* SPDX-License-Identifier: ISC */
/* Questions: prepared once per connection, their values bound. */

#include <stdlib.h>
#include <string.h>

#include <errmsg.h>
#include <mysqld_error.h>

#include "db/inside.h"

/* A prepared statement, kept under the address of its const row. */
struct slot {
	const struct stmt *key;
	MYSQL_STMT *handle;
	struct slot *next;
};

/* Errors whose words name tables, columns and rules, but no value. */
static const unsigned wordy[] = {ER_BAD_NULL_ERROR, ER_BAD_FIELD_ERROR,
    ER_NO_SUCH_TABLE, ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR,
    ER_PROCACCESS_DENIED_ERROR, ER_WARN_DATA_OUT_OF_RANGE,
    ER_NO_DEFAULT_FOR_FIELD, ER_DATA_TOO_LONG, ER_ROW_IS_REFERENCED_2,
    ER_NO_REFERENCED_ROW_2, ER_OPTION_PREVENTS_STATEMENT, ER_SP_DOES_NOT_EXIST,
    ER_RECORD_FILE_FULL, ER_DISK_FULL, ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK,
    ER_QUERY_INTERRUPTED, ER_STATEMENT_TIMEOUT, ER_CONSTRAINT_FAILED,
    ER_CHECKREAD, ER_CONNECTION_KILLED, ER_SERVER_SHUTDOWN};

struct arg
arg_text(const char *s)
{
	if (!s)
		return NONE;
	return (struct arg){ARG_TEXT, 0, s, strlen(s)};
}

struct arg
arg_bytes(const void *p, size_t n)
{
	if (!p)
		return NONE;
	return (struct arg){ARG_BYTES, 0, p, n};
}

struct arg
arg_uuid(const struct uuid *u)
{
	return uuid_is_nil(*u) ? NONE : arg_bytes(u->b, sizeof(u->b));
}

/* ---- handles ------------------------------------------------------------ */

static struct slot **
slot_place(struct db *db, const struct stmt *key)
{
	struct slot **at =
	    &db->slots[(uintptr_t)key / sizeof(*key) % DB_BUCKETS];

	while (*at && (*at)->key != key)
		at = &(*at)->next;
	return at;
}

static void
slot_keep(struct db *db, const struct stmt *key, MYSQL_STMT *handle)
{
	struct slot *slot = calloc(1, sizeof(*slot));

	if (!slot)
		abort();
	slot->key = key;
	slot->handle = handle;
	*slot_place(db, key) = slot;
}

static void
slot_drop(struct slot **at)
{
	struct slot *slot = *at;

	if (!slot)
		return;
	*at = slot->next;
	mysql_stmt_close(slot->handle);
	free(slot);
}

void
stmts_free(struct db *db)
{
	size_t i;

	for (i = 0; i < COUNT(db->slots); i++)
		while (db->slots[i])
			slot_drop(&db->slots[i]);
}

static enum err
stmt_open(struct ctx *c, const struct stmt *stmt, MYSQL_STMT **out)
{
	struct db *db = c->db;
	struct slot *slot = *slot_place(db, stmt);
	enum err e;

	if (slot) {
		*out = slot->handle;
		return OK;
	}
	if (!(*out = mysql_stmt_init(db->my)))
		abort();
	if (mysql_stmt_prepare(*out, stmt->sql, strlen(stmt->sql))) {
		e = db_failed(c, db->tx == TX_OPEN ? PHASE_TX : PHASE_READ,
		    mysql_stmt_errno(*out), mysql_stmt_error(*out));
		mysql_stmt_close(*out);
		return e;
	}
	slot_keep(db, stmt, *out);
	return OK;
}

enum err
db_prepare(struct ctx *c, const struct stmt *stmt)
{
	MYSQL_STMT *handle;
	enum err e;

	c->db->number = 0;
	if ((e = db_reach(c)))
		return e;
	return stmt_open(c, stmt, &handle);
}

/* ---- errors ------------------------------------------------------------- */

static bool
is_wordy(unsigned number)
{
	size_t i;

	for (i = 0; i < COUNT(wordy); i++)
		if (wordy[i] == number)
			return true;
	return number >= CR_MIN_ERROR && number <= CR_MAX_ERROR;
}

enum err
stmt_failed(struct ctx *c, const struct stmt *stmt, MYSQL_STMT *handle)
{
	unsigned number = mysql_stmt_errno(handle);
	const char *message = mysql_stmt_error(handle);
	enum phase phase = db_phase(c->db, stmt);
	enum err e;

	if (!number) {
		number = mysql_errno(c->db->my);
		message = mysql_error(c->db->my);
	}
	e = db_failed(c, phase, number, is_wordy(number) ? message : NULL);
	if (e == ERR_DB)
		log_event(c, LOG_ERROR, "db_statement", "%.200s", stmt->sql);
	slot_drop(slot_place(c->db, stmt));
	if (phase == PHASE_COMPOUND)
		tx_rollback(c);
	return e;
}

/* ---- executing ---------------------------------------------------------- */

/* Only read by the connector, whose struct has no const. */
static void *
unconst(const void *p)
{
	return (void *)(uintptr_t)p;
}

static MYSQL_BIND
arg_bind(const struct arg *arg)
{
	static const enum enum_field_types types[] = {
	    [ARG_NULL] = MYSQL_TYPE_NULL,
	    [ARG_INT] = MYSQL_TYPE_LONGLONG,
	    [ARG_TEXT] = MYSQL_TYPE_STRING,
	    [ARG_BYTES] = MYSQL_TYPE_BLOB};
	MYSQL_BIND bind = {.buffer_type = types[arg->type]};

	if (arg->type == ARG_INT) {
		bind.buffer = unconst(&arg->i);
	} else if (arg->type != ARG_NULL) {
		bind.buffer = unconst(arg->p);
		bind.buffer_length = arg->n;
	}
	return bind;
}

static bool
args_bind(struct ctx *c, struct args args, MYSQL_STMT *handle)
{
	MYSQL_BIND *binds;
	size_t i;

	if (args.n == 0)
		return true;
	binds = arena_list(c->arena, args.n, sizeof(*binds));
	for (i = 0; i < args.n; i++)
		binds[i] = arg_bind(&args.list[i]);
	return mysql_stmt_bind_param(handle, binds) == 0;
}

enum err
stmt_run(
    struct ctx *c, const struct stmt *stmt, struct args args, MYSQL_STMT **out)
{
	enum err e;

	if ((e = stmt_open(c, stmt, out)))
		return e;
	if (mysql_stmt_param_count(*out) != args.n)
		return fail(c, ERR_DB, "%zu values for %lu marks in: %.200s",
		    args.n, mysql_stmt_param_count(*out), stmt->sql);
	if (!args_bind(c, args, *out))
		return stmt_failed(c, stmt, *out);
	c->db->trips++;
	if (mysql_stmt_execute(*out))
		return stmt_failed(c, stmt, *out);
	return OK;
}
