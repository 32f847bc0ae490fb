/* SPDX-License-Identifier: ISC */
/* What the files of db share, and nobody else sees. */

#ifndef DB_INSIDE_H
#define DB_INSIDE_H

#include <mysql.h>

#include "db/db.h"

enum { DB_BUCKETS = 64 };

/* A doomed transaction answers ERR_DB_RETRY to all that is still asked in it. */
enum tx { TX_NONE, TX_OPEN, TX_DOOMED };

struct slot;

struct db {
	const struct conf	*conf;
	MYSQL			*my;	/* NULL: not connected */
	struct slot		*slots[DB_BUCKETS];
	uint64_t		 trips;
	unsigned		 number;	/* the last error's */
	unsigned		 host;	/* where the next connect begins */
	enum tx			 tx;
	bool			 pinned;	/* holds a lock: no reconnect */
};

/* What was going on when an error came. */
enum phase { PHASE_READ, PHASE_WRITE, PHASE_COMPOUND, PHASE_TX, PHASE_COMMIT };
enum { PHASE_COUNT = PHASE_COMMIT + 1 };

/* ---- connect.c ---------------------------------------------------------- */

/*
 * Have a live connection. ERR_DB_AWAY: no host answers; ERR_DB_RETRY: it was
 * lost and a transaction with it.
 */
enum err	 db_reach(struct ctx *) MUST_USE;
/* Let go of the connection and all that was prepared on it. */
void		 db_drop(struct db *);

/* ---- stmt.c -------------------------------------------------------------- */

/* Bind and execute; the handle's results are then to be read to their end. */
enum err	 stmt_run(struct ctx *, const struct stmt *, struct args,
		    MYSQL_STMT **out) MUST_USE;
/* Name the error that this handle met, and forget the handle. */
enum err	 stmt_failed(struct ctx *, const struct stmt *, MYSQL_STMT *)
		    MUST_USE;
/* All handles, once their connection is closed or forgotten. */
void		 stmts_free(struct db *);

/* ---- tx.c ---------------------------------------------------------------- */

/* What is left to try for one question or transaction. */
struct redo {
	unsigned	 retries;	/* after 1213 and the like */
	unsigned	 reconnects;
};

#define REDO_FULL	((struct redo){3, 1})

/* Once more, after a little while? */
bool		 redo_left(struct ctx *, struct redo *, enum err);
/*
 * What the server's or the connector's error means in this phase. Lets go of a
 * connection that is of no more use. message NULL: it may hold values.
 */
enum err	 db_failed(struct ctx *, enum phase, unsigned number,
		    const char *message) MUST_USE;
enum phase	 db_phase(const struct db *, const struct stmt *);

/* End what is open on the server, or else the connection. */
void		 tx_rollback(struct ctx *);

/* ---- script.c ------------------------------------------------------------ */

/* One constant statement as text; what it answers is dropped. */
enum err	 text_run(struct ctx *, enum phase, const char *sql, size_t)
		    MUST_USE;

#endif
