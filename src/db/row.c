/* SPDX-License-Identifier: ISC */
/* Columns into structs: what a statement answers, read to its end. */

#include <string.h>

#include "db/inside.h"

struct question {
	const struct stmt *stmt;
	struct args args;
	const struct col *cols; /* NULL: no rows are wanted */
	size_t size;            /* of a row's struct */
	bool one;               /* the first row only, into rows */
	/* answers */
	void *rows;
	size_t n;
	uint64_t changed;
	bool read;      /* a result with columns was there */
	enum err wrong; /* it did not fit the columns */
};

/* Where the connector puts a number, or a value's length. */
struct cell {
	int64_t i;
	unsigned long len;
	my_bool null, cut;
};

struct result {
	MYSQL_STMT *handle;
	struct cell *cells;
	MYSQL_BIND *binds;
	size_t n;
};

static size_t
cols_count(const struct col *cols)
{
	size_t n;

	for (n = 0; cols[n].size != (size_t)-1; n++)
		;
	return n;
}

static bool
is_number(enum col_type type)
{
	return type == C_INT || type == C_BOOL;
}

/* ---- one value ---------------------------------------------------------- */

/* The bytes of column i with a NUL past their end; NULL if there are none. */
static unsigned char *
cell_bytes(struct ctx *c, struct result *r, size_t i)
{
	struct cell *cell = &r->cells[i];
	MYSQL_BIND bind = r->binds[i];
	unsigned long len = cell->len;
	unsigned char *p;

	if (cell->null)
		return NULL;
	p = arena_get(c->arena, len + 1);
	bind.buffer = p;
	bind.buffer_length = len;
	if (len > 0 &&
	    mysql_stmt_fetch_column(r->handle, &bind, (unsigned)i, 0))
		return NULL;
	return p;
}

/* NULL leaves the zeros; another length is wrong. */
static bool
fixed_read(struct ctx *c, struct result *r, size_t i, size_t size, void *to)
{
	const unsigned char *p = cell_bytes(c, r, i);

	memset(to, 0, size);
	if (!p)
		return r->cells[i].null;
	if (r->cells[i].len != size)
		return false;
	memcpy(to, p, size);
	return true;
}

static bool
varying_read(
    struct ctx *c, struct result *r, size_t i, enum col_type type, void *to)
{
	const unsigned char *p = cell_bytes(c, r, i);

	if (!p && !r->cells[i].null)
		return false;
	if (type == C_BYTES)
		*(struct bytes *)to =
		    (struct bytes){p, p ? r->cells[i].len : 0};
	else if (type == C_SECRET)
		((struct secret *)to)->s = (const char *)p;
	else
		*(const char **)to = (const char *)p;
	return true;
}

static bool
number_put(const struct cell *cell, enum col_type type, void *to)
{
	int64_t i = cell->null ? 0 : cell->i;

	if (type == C_BOOL)
		*(bool *)to = i != 0;
	else
		*(int64_t *)to = i;
	return cell->null || !cell->cut;
}

static bool
value_read(
    struct ctx *c, struct result *r, size_t i, const struct col *col, void *to)
{
	switch (col->type) {
	case C_INT:
	case C_BOOL:
		return number_put(&r->cells[i], col->type, to);
	case C_UUID:
		return fixed_read(c, r, i, sizeof(struct uuid), to);
	case C_FIXED:
		return fixed_read(c, r, i, col->size, to);
	case C_TEXT:
	case C_SECRET:
	case C_BYTES:
		return varying_read(c, r, i, col->type, to);
	}
	return false;
}

/* ---- one result --------------------------------------------------------- */

/* Numbers land in their cell; of all else only the length, at first. */
static void
cells_bind(struct ctx *c, const struct col *cols, struct result *r)
{
	MYSQL_BIND *bind;
	size_t i;

	r->cells = arena_list(c->arena, r->n, sizeof(*r->cells));
	r->binds = arena_list(c->arena, r->n, sizeof(*r->binds));
	for (i = 0; i < r->n; i++) {
		bind = &r->binds[i];
		bind->length = &r->cells[i].len;
		bind->is_null = &r->cells[i].null;
		bind->error = &r->cells[i].cut;
		if (is_number(cols[i].type)) {
			bind->buffer_type = MYSQL_TYPE_LONGLONG;
			bind->buffer = &r->cells[i].i;
			bind->buffer_length = sizeof(r->cells[i].i);
		} else if (cols[i].type == C_TEXT || cols[i].type == C_SECRET) {
			bind->buffer_type = MYSQL_TYPE_STRING;
		} else {
			bind->buffer_type = MYSQL_TYPE_BLOB;
		}
	}
}

static enum err
row_read(struct ctx *c, const struct question *q, struct result *r, char *row)
{
	int rc = mysql_stmt_fetch(r->handle);
	size_t i;

	if (rc && rc != MYSQL_DATA_TRUNCATED)
		return fail(c, ERR_DB, "fetch answers %d", rc);
	for (i = 0; i < r->n; i++)
		if (!value_read(c, r, i, &q->cols[i], row + q->cols[i].offset))
			return fail(c, ERR_DB,
			    "column %zu does not fit in: %.200s", i + 1,
			    q->stmt->sql);
	return OK;
}

static enum err
rows_read(struct ctx *c, struct question *q, struct result *r)
{
	size_t n = (size_t)mysql_stmt_num_rows(r->handle);
	size_t i;
	enum err e;

	if (q->one)
		n = n > 0;
	else
		q->rows = arena_list(c->arena, n, q->size);
	q->n = n;
	for (i = 0; i < n; i++)
		if ((e = row_read(c, q, r, (char *)q->rows + i * q->size)))
			return e;
	return OK;
}

/* Is this the result that is asked for, and has it the columns' number? */
static bool
result_fits(struct ctx *c, struct question *q, struct result *r)
{
	if (!q->cols || q->read)
		return false;
	q->read = true;
	if (cols_count(q->cols) == r->n)
		return true;
	q->wrong = fail(c, ERR_DB, "%zu columns for a table of %zu in: %.200s",
	    r->n, cols_count(q->cols), q->stmt->sql);
	return false;
}

/* A row that does not fit is remembered: the results must be read to the end. */
static enum err
result_read(struct ctx *c, struct question *q, MYSQL_STMT *handle)
{
	struct result r = {.handle = handle};
	bool fits;

	r.n = mysql_stmt_field_count(handle);
	if (r.n == 0) {
		q->changed = mysql_stmt_affected_rows(handle);
		return OK;
	}
	if ((fits = result_fits(c, q, &r))) {
		cells_bind(c, q->cols, &r);
		if (mysql_stmt_bind_result(handle, r.binds))
			return stmt_failed(c, q->stmt, handle);
	}
	if (mysql_stmt_store_result(handle))
		return stmt_failed(c, q->stmt, handle);
	if (fits)
		q->wrong = rows_read(c, q, &r);
	q->changed = mysql_stmt_num_rows(handle);
	mysql_stmt_free_result(handle);
	return OK;
}

/* ---- one question ------------------------------------------------------- */

static enum err
question_once(struct ctx *c, struct question *q)
{
	MYSQL_STMT *handle;
	enum err e;
	int more;

	q->n = 0;
	q->changed = 0;
	q->read = false;
	q->wrong = OK;
	if ((e = stmt_run(c, q->stmt, q->args, &handle)))
		return e;
	do {
		if ((e = result_read(c, q, handle)))
			return e;
	} while ((more = mysql_stmt_next_result(handle)) == 0);
	return more > 0 ? stmt_failed(c, q->stmt, handle) : q->wrong;
}

static enum err
question_ask(struct ctx *c, struct question *q)
{
	struct redo redo = REDO_FULL;
	enum err e;

	c->db->number = 0;
	do {
		if ((e = db_reach(c)))
			return e;
		e = question_once(c, q);
	} while (redo_left(c, &redo, e));
	return e;
}

enum err
db_one(struct ctx *c, const struct stmt *stmt, struct args args,
    const struct col *cols, void *out)
{
	struct question q = {
	    .stmt = stmt, .args = args, .cols = cols, .one = true, .rows = out};
	enum err e;

	if ((e = question_ask(c, &q)))
		return e;
	return q.n ? OK : ERR_NOT_FOUND;
}

enum err
db_rows(struct ctx *c, const struct stmt *stmt, const struct rows *rows)
{
	struct question q = {.stmt = stmt,
	    .args = rows->args,
	    .cols = rows->cols,
	    .size = rows->size};
	enum err e;

	if ((e = question_ask(c, &q)))
		return e;
	memcpy(rows->out_rows, &q.rows, sizeof(q.rows));
	*rows->out_n = q.n;
	return OK;
}

enum err
db_change(
    struct ctx *c, const struct stmt *stmt, struct args args, uint64_t *changed)
{
	struct question q = {.stmt = stmt, .args = args};
	enum err e;

	if ((e = question_ask(c, &q)))
		return e;
	*changed = q.changed;
	return OK;
}

enum err
db_change_one(struct ctx *c, const struct stmt *stmt, struct args args)
{
	uint64_t changed;
	enum err e;

	if ((e = db_change(c, stmt, args, &changed)))
		return e;
	return changed ? OK : ERR_NOT_FOUND;
}
