/* SPDX-License-Identifier: ISC */
/* db: MariaDB as we use it: prepared statements, rows into structs, redo. */

#ifndef DB_H
#define DB_H

#include "base/base.h"

/* ---- connect.c ---------------------------------------------------------- */

/* One connection of one process; connects at the first question. */
struct db;

/* The configuration must outlive it. */
struct db	*db_new(const struct conf *);
void		 db_close(struct db *);
/* Round trips so far (tests assert them). */
uint64_t	 db_trips(const struct db *);
/* The last error's number of the server or of Connector/C (0: none). */
unsigned	 db_errno(const struct db *);
/* In the child after fork(): forget the parent's connection, do not close it. */
void		 db_forget(struct db *);

/* ---- stmt.c: questions --------------------------------------------------- */

enum {
	CROSS_TENANT = 1	/* names no tenant; why says the reason */
};

/* A const row in store/; its address is the key of the prepared handle. */
struct stmt {
	const char	*sql;
	int		 flags;
	const char	*why;
};

enum arg_type { ARG_NULL, ARG_INT, ARG_TEXT, ARG_BYTES };

struct arg {
	enum arg_type	 type;
	int64_t		 i;
	const void	*p;
	size_t		 n;
};

struct args {
	const struct arg	*list;
	size_t			 n;
};

static inline struct arg
arg_int(int64_t i)
{
	return (struct arg){ARG_INT, i, NULL, 0};
}

/* A NULL text is NULL in the database. */
struct arg	 arg_text(const char *);
struct arg	 arg_bytes(const void *, size_t);
/* The nil UUID is NULL in the database. */
struct arg	 arg_uuid(const struct uuid *);

#define INT(i)		 arg_int(i)
#define TEXT(s)		 arg_text(s)
#define BYTES(p, n)	 arg_bytes(p, n)
#define BLOB(b)		 arg_bytes((b).p, (b).n)	/* struct bytes */
#define UUID(u)		 arg_uuid(&(u))
#define NONE		 ((struct arg){ARG_NULL, 0, NULL, 0})
#define ARGS(...) \
	((struct args){(const struct arg[]){__VA_ARGS__}, \
	    sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)})
#define NO_ARGS		 ((struct args){NULL, 0})

/* Is its syntax right, and do its tables exist (compounds: syntax only)? */
enum err	 db_prepare(struct ctx *, const struct stmt *) MUST_USE;

/* ---- row.c: columns into structs, in the order of the SELECT ------------- */

enum col_type { C_INT, C_BOOL, C_TEXT, C_SECRET, C_UUID, C_BYTES, C_FIXED };

struct col {
	enum col_type	 type;
	size_t		 offset, size;
};

/* NULL reads as 0, false, a NULL text, the nil UUID, {NULL, 0}, all zeros. */
#define COL_INT(T, m)	 { C_INT, AT(T, m, int64_t), 0 }
#define COL_BOOL(T, m)	 { C_BOOL, AT(T, m, bool), 0 }
#define COL_TEXT(T, m)	 { C_TEXT, AT(T, m, const char *), 0 }
#define COL_SECRET(T, m) { C_SECRET, AT(T, m, struct secret), 0 }
#define COL_UUID(T, m)	 { C_UUID, AT(T, m, struct uuid), 0 }
#define COL_BYTES(T, m)	 { C_BYTES, AT(T, m, struct bytes), 0 }
/* Exactly sizeof m bytes, into an array of unsigned char; another length: ERR_DB. */
#define COL_FIXED(T, m) \
	{ C_FIXED, offsetof(T, m) + \
	  0 * sizeof(_Generic(&((T *)0)->m[0], unsigned char *: 1)), \
	  sizeof(((T *)0)->m) }
#define COL_END		 { .size = (size_t)-1 }

/* The first row of the first result that has columns. ERR_NOT_FOUND: no row. */
enum err	 db_one(struct ctx *, const struct stmt *, struct args,
		    const struct col *, void *out) MUST_USE;
/*
 * All rows, as an array of structs of this size in the arena: args, cols, size,
 * out_rows, out_n.
 */
#define db_list(c, stmt, ...) \
	db_rows(c, stmt, &(struct rows){__VA_ARGS__})

struct rows {
	struct args		 args;
	const struct col	*cols;
	size_t			 size;
	void			*out_rows;	/* a pointer to such structs */
	size_t			*out_n;
};

enum err	 db_rows(struct ctx *, const struct stmt *,
		    const struct rows *) MUST_USE;

/*
 * How many rows were changed (matched rows with the same value count, as with
 * CLIENT_FOUND_ROWS). ERR_CONFLICT: a unique key stood in the way.
 */
enum err	 db_change(struct ctx *, const struct stmt *, struct args,
		    uint64_t *changed) MUST_USE;
/* Exactly one row or more, else ERR_NOT_FOUND. */
enum err	 db_change_one(struct ctx *, const struct stmt *,
		    struct args) MUST_USE;

/* ---- tx.c: transactions -------------------------------------------------- */

/*
 * Run step within a transaction and commit. Server errors 1213, 1205 and 1020,
 * and a connection lost before COMMIT, redo the whole (at most 3 times, with
 * jitter). ERR_DB_UNKNOWN: the COMMIT may or may not have happened: look up by
 * the operation's unique key. Any other error of step rolls back.
 */
enum err	 db_transaction(struct ctx *, enum err (*step)(struct ctx *,
		    void *), void *with) MUST_USE;
/* At the end of a request: roll back what an early return left open. */
void		 db_settle(struct ctx *);

/*
 * A single statement outside a transaction, compounds included, is redone by
 * itself under the same rules. A lost connection answers ERR_DB_AWAY when the
 * statement was not executed, ERR_DB_UNKNOWN when nobody knows.
 */

/* ---- script.c: schema and migrations, as their owner --------------------- */

/* Run the statements of one file's text (';' ends one, at a line's end). */
enum err	 db_script(struct ctx *, const char *text) MUST_USE;
/* Hold the named lock of the server while fn runs. ERR_DB_AWAY after seconds. */
enum err	 db_locked(struct ctx *, const char *name, int seconds,
		    enum err (*step)(struct ctx *, void *), void *with) MUST_USE;

#endif
