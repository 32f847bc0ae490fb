/* SPDX-License-Identifier: ISC */
/* Transactions; what an error means, and what is done once more. */

#include <string.h>

#include <errmsg.h>
#include <mysqld_error.h>

#include "db/inside.h"

enum { PAUSE_MIN_MS = 10, PAUSE_MAX_MS = 50 };

enum fate {
	FATE_OTHER,
	FATE_TAKEN,
	FATE_UNDONE, /* the server gave way to another transaction */
	FATE_UNSENT, /* never executed */
	FATE_CUT,    /* cut short by the server, which says so */
	FATE_HALTED, /* the same, and the connection lives */
	FATE_LOST    /* nobody says how it ended */
};

/* The connection is of no use after these. */
enum { KEEP, DROP };

static const struct {
	unsigned number;
	enum fate fate;
	int connection;
} fates[] = {
    {ER_DUP_ENTRY, FATE_TAKEN, KEEP},
    {ER_LOCK_DEADLOCK, FATE_UNDONE, KEEP},             /* 1213 */
    {ER_LOCK_WAIT_TIMEOUT, FATE_UNDONE, KEEP},         /* 1205 */
    {ER_CHECKREAD, FATE_UNDONE, KEEP},                 /* 1020 */
    {CR_CONNECTION_ERROR, FATE_UNSENT, DROP},          /* 2002 */
    {CR_CONN_HOST_ERROR, FATE_UNSENT, DROP},           /* 2003 */
    {CR_SERVER_GONE_ERROR, FATE_UNSENT, DROP},         /* 2006 */
    {ER_UNKNOWN_COM_ERROR, FATE_UNSENT, DROP},         /* 1047 */
    {ER_CON_COUNT_ERROR, FATE_UNSENT, DROP},           /* 1040 */
    {ER_OPTION_PREVENTS_STATEMENT, FATE_UNSENT, DROP}, /* 1290 */
    {ER_ACCESS_DENIED_ERROR, FATE_UNSENT, DROP},       /* 1045 */
    {ER_DBACCESS_DENIED_ERROR, FATE_UNSENT, DROP},     /* 1044 */
    {ER_BAD_DB_ERROR, FATE_UNSENT, DROP},              /* 1049 */
    {ER_SERVER_SHUTDOWN, FATE_CUT, DROP},              /* 1053 */
    {ER_CONNECTION_KILLED, FATE_CUT, DROP},            /* 1927 */
    {ER_QUERY_INTERRUPTED, FATE_HALTED, KEEP},         /* 1317 */
    {ER_ERROR_DURING_COMMIT, FATE_LOST, DROP},         /* 1180 */
    {CR_SERVER_LOST, FATE_LOST, DROP},                 /* 2013 */
    {CR_COMMANDS_OUT_OF_SYNC, FATE_LOST, DROP},        /* 2014 */
    {CR_MALFORMED_PACKET, FATE_LOST, DROP},            /* 2027 */
};

/* clang-format off */
static const enum err meanings[][PHASE_COUNT] = {
    /*                READ          WRITE           COMPOUND        TX            COMMIT */
    [FATE_OTHER]  = {ERR_DB,       ERR_DB,         ERR_DB,         ERR_DB,       ERR_DB},
    [FATE_TAKEN]  = {ERR_CONFLICT, ERR_CONFLICT,   ERR_CONFLICT,   ERR_CONFLICT, ERR_CONFLICT},
    [FATE_UNDONE] = {ERR_DB_RETRY, ERR_DB_RETRY,   ERR_DB_RETRY,   ERR_DB_RETRY, ERR_DB_RETRY},
    [FATE_UNSENT] = {ERR_DB_AWAY,  ERR_DB_AWAY,    ERR_DB_AWAY,    ERR_DB_RETRY, ERR_DB_RETRY},
    [FATE_CUT]    = {ERR_DB_AWAY,  ERR_DB_AWAY,    ERR_DB_UNKNOWN, ERR_DB_RETRY, ERR_DB_UNKNOWN},
    [FATE_HALTED] = {ERR_DB,       ERR_DB,         ERR_DB_UNKNOWN, ERR_DB,       ERR_DB_UNKNOWN},
    [FATE_LOST]   = {ERR_DB_AWAY,  ERR_DB_UNKNOWN, ERR_DB_UNKNOWN, ERR_DB_RETRY, ERR_DB_UNKNOWN},
};
/* clang-format on */

/* ---- what an error means ------------------------------------------------ */

static size_t
fate_place(unsigned number)
{
	size_t i;

	for (i = 0; i < COUNT(fates) && fates[i].number != number; i++)
		;
	return i;
}

static void
failure_log(struct ctx *c, enum err e, unsigned number, const char *message)
{
	if (e == ERR_DB)
		(void)fail(c, e, "%u %.200s", number, message ? message : "");
	else if (e == ERR_CONFLICT)
		log_event(c, LOG_DEBUG, "db_conflict", "%u", number);
	else
		log_event(c, LOG_WARN, "db_failed", "%u %.200s", number,
		    message ? message : "");
}

enum err
db_failed(struct ctx *c, enum phase phase, unsigned number, const char *message)
{
	struct db *db = c->db;
	size_t i = fate_place(number);
	enum fate fate = i < COUNT(fates) ? fates[i].fate : FATE_OTHER;
	enum err e = meanings[fate][phase];

	db->number = number;
	failure_log(c, e, number, message);
	if (e == ERR_DB_RETRY && db->tx == TX_OPEN)
		db->tx = TX_DOOMED;
	if (i < COUNT(fates) && fates[i].connection == DROP) {
		db->host++;
		db_drop(db);
	}
	return e;
}

enum phase
db_phase(const struct db *db, const struct stmt *stmt)
{
	if (db->tx != TX_NONE)
		return PHASE_TX;
	if (strncmp(stmt->sql, "SELECT", 6) == 0)
		return PHASE_READ;
	if (strncmp(stmt->sql, "BEGIN", 5) == 0)
		return PHASE_COMPOUND;
	return PHASE_WRITE;
}

/* Two that gave way to each other must not meet again at once. */
static void
pause_short(void)
{
	world_sleep(PAUSE_MIN_MS + world_dice(PAUSE_MAX_MS - PAUSE_MIN_MS + 1));
}

bool
redo_left(struct ctx *c, struct redo *redo, enum err e)
{
	if (c->db->tx != TX_NONE)
		return false;
	if (e == ERR_DB_RETRY && redo->retries > 0) {
		redo->retries--;
		pause_short();
		return true;
	}
	if (e == ERR_DB_AWAY && redo->reconnects > 0) {
		redo->reconnects--;
		return true;
	}
	if (e == ERR_DB_RETRY || e == ERR_DB_AWAY || e == ERR_DB_UNKNOWN)
		(void)fail(c, e, "given up at error %u", c->db->number);
	return false;
}

/* ---- transactions ------------------------------------------------------- */

static enum err
tx_say(struct ctx *c, enum phase phase, const char *sql)
{
	return text_run(c, phase, sql, strlen(sql));
}

void
tx_rollback(struct ctx *c)
{
	unsigned number = c->db->number;

	if (c->db->my && tx_say(c, PHASE_READ, "ROLLBACK"))
		db_drop(c->db);
	c->db->number = number;
}

void
db_settle(struct ctx *c)
{
	if (!c->db || c->db->tx == TX_NONE)
		return;
	tx_rollback(c);
	c->db->tx = TX_NONE;
}

static enum err
tx_begin(struct ctx *c)
{
	enum err e;

	if ((e = db_reach(c)))
		return e;
	c->db->tx = TX_OPEN;
	if ((e = tx_say(c, PHASE_TX, "START TRANSACTION")))
		db_settle(c);
	return e;
}

static enum err
tx_commit(struct ctx *c)
{
	enum err e;

	if (!(e = db_reach(c)))
		e = tx_say(c, PHASE_COMMIT, "COMMIT");
	if (e)
		db_settle(c);
	else
		c->db->tx = TX_NONE;
	if (e == ERR_DB_UNKNOWN)
		(void)fail(c, e, "no answer to COMMIT");
	return e;
}

/* What a step answers past its transaction's end is void. */
static enum err
tx_once(struct ctx *c, enum err (*step)(struct ctx *, void *), void *with)
{
	enum err e;

	if ((e = tx_begin(c)))
		return e;
	e = step(c, with);
	if (!e && c->db->tx == TX_OPEN)
		return tx_commit(c);
	if (c->db->tx == TX_DOOMED)
		e = ERR_DB_RETRY;
	else if (!e)
		e = fail(c, ERR_INTERNAL, "settled within a transaction");
	db_settle(c);
	return e;
}

enum err
db_transaction(
    struct ctx *c, enum err (*step)(struct ctx *, void *), void *with)
{
	struct redo redo = REDO_FULL;
	enum err e;

	if (c->db->tx != TX_NONE)
		return fail(c, ERR_INTERNAL, "one transaction in another");
	c->db->number = 0;
	do {
		e = tx_once(c, step, with);
	} while (e == ERR_DB_RETRY && redo_left(c, &redo, e));
	return e;
}
