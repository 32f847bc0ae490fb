/* SPDX-License-Identifier: ISC */
/* What is asked once more by itself, and what is never: each error's meaning. */

#include "second.h"

static const char table[] =
    "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB;\n"
    "INSERT INTO t VALUES (1, 0), (2, 0);\n";

static const struct stmt one = {"SELECT 1", 0, ""};
static const struct stmt total = {"SELECT SUM(n) FROM t", 0, ""};
static const struct stmt in_transaction = {"SELECT @@in_transaction", 0, ""};

/* clang-format off */
static const struct {
	const char	*what;
	struct stmt	 stmt;
	bool		 limit;		/* by READ_TIMEOUT, else by KILL */
	enum err	 e;
	int64_t		 total;		/* of t.n, after it */
} cuts[] = {
	{"a read that the server cut is read again",
	    {"SELECT SLEEP(0.8)", 0, ""}, false, OK, 0},
	{"nobody knows how a change ended whose connection did",
	    {"UPDATE t SET n = n + 1 + SLEEP(0.8) WHERE id = 1", 0, ""}, false,
	    ERR_DB_UNKNOWN, 0},
	{"nobody knows how far a compound came",
	    {"BEGIN NOT ATOMIC UPDATE t SET n = n + 1 WHERE id = 1; DO SLEEP(0.8);"
	    " SELECT 1; END", 0, ""}, false, ERR_DB_UNKNOWN, 1},
	{"a change without an answer",
	    {"UPDATE t SET n = n + SLEEP(1.4) WHERE id = 1", 0, ""}, true,
	    ERR_DB_UNKNOWN, 0},
	{"a read without an answer is read once more",
	    {"SELECT SLEEP(1.4)", 0, ""}, true, ERR_DB_AWAY, 0},
};
/* clang-format on */

START_TEST(test_cut)
{
	struct ctx *c = test_db_ctx(false);
	struct conf conf = *c->conf;
	struct ctx *cut;
	size_t i;
	int pid;
	uint64_t n;
	enum err e;

	say(c, table);
	conf.db_timeout_seconds = 1;
	for (i = 0; i < COUNT(cuts); i++) {
		cut = second_new(c);
		if (cuts[i].limit) {
			db_close(cut->db);
			cut->db = db_new(&conf);
		}
		ck_assert_int_eq(ask(cut, &one), 1);
		pid = cuts[i].limit ? 0 : kill_later(cut, 300);
		e = db_change(cut, &cuts[i].stmt, NO_ARGS, &n);
		if (pid)
			child_wait(pid);
		ck_assert_msg(e == cuts[i].e, "case \"%s\": %s", cuts[i].what,
		    err_name(e));
		ck_case(cuts[i].what, ask(cut, &one) == 1);
		ck_case(cuts[i].what, ask(c, &total) == cuts[i].total);
		say(c, "UPDATE t SET n = 0;\n");
		second_done(cut);
	}
	test_done(c);
}
END_TEST

/* ---- what the server's errors mean -------------------------------------- */

/* fault() fails its first calls, as the table says; calls outlast a rollback. */
static const char faults[] =
    "CREATE TABLE faults (number INT, times INT) ENGINE=InnoDB;\n"
    "INSERT INTO faults VALUES (0, 0);\n"
    "CREATE SEQUENCE calls NOCACHE;\n"
    "CREATE FUNCTION fault() RETURNS INT NOT DETERMINISTIC BEGIN"
    " DECLARE code, most INT;"
    " SELECT number, times INTO code, most FROM faults;"
    " IF NEXTVAL(calls) <= most THEN"
    "  SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = code;"
    " END IF; RETURN 1; END;\n";

static const struct stmt fault_set = {
    "UPDATE faults SET number = ?, times = ?", 0, ""};
static const struct stmt fault_calls = {"SELECT NEXTVAL(calls) - 1", 0, ""};

enum { BY_READ, BY_WRITE, BY_COMPOUND, BY_STEP };

/* clang-format off */
static const struct stmt fault_sql[] = {
	[BY_READ] = {"SELECT fault()", 0, ""},
	[BY_WRITE] = {"UPDATE t SET n = n + fault() WHERE id = 1", 0, ""},
	[BY_COMPOUND] = {"BEGIN NOT ATOMIC UPDATE t SET n = n + fault() WHERE id = 1;"
	    " END", 0, ""},
};

static const struct {
	const char	*what;
	int		 by, number, times;
	enum err	 e;
	int		 calls;
} meanings[] = {
	{"a deadlock is redone", BY_WRITE, 1213, 1, OK, 2},
	{"three deadlocks are redone", BY_WRITE, 1213, 3, OK, 4},
	{"the fourth is one too many", BY_WRITE, 1213, 4, ERR_DB_RETRY, 4},
	{"a compound is redone", BY_COMPOUND, 1213, 3, OK, 4},
	{"a transaction is redone", BY_STEP, 1213, 3, OK, 4},
	{"at most three times", BY_STEP, 1213, 4, ERR_DB_RETRY, 4},
	{"a lock wait is redone", BY_COMPOUND, 1205, 2, OK, 3},
	{"the whole transaction, though the server would go on", BY_STEP, 1205, 1, OK, 2},
	{"a row that changed since it was read", BY_WRITE, 1020, 2, OK, 3},
	{"a conflict is told", BY_WRITE, 1062, 1, ERR_CONFLICT, 1},
	{"a conflict in a transaction is told", BY_STEP, 1062, 1, ERR_CONFLICT, 1},
	{"a node that is not ready: once more", BY_READ, 1047, 1, OK, 2},
	{"a change there: once more", BY_WRITE, 1047, 1, OK, 2},
	{"but only once", BY_WRITE, 1047, 2, ERR_DB_AWAY, 2},
	{"a transaction there is redone", BY_STEP, 1047, 1, OK, 2},
	{"a server that became read-only: once more", BY_WRITE, 1290, 1, OK, 2},
	{"a read cut short", BY_READ, 1927, 1, OK, 2},
	{"a change cut short left nothing", BY_WRITE, 1927, 1, OK, 2},
	{"a compound cut short may have left something", BY_COMPOUND, 1927, 1,
	    ERR_DB_UNKNOWN, 1},
	{"a transaction cut short is redone", BY_STEP, 1927, 1, OK, 2},
	{"a server going down", BY_COMPOUND, 1053, 1, ERR_DB_UNKNOWN, 1},
	{"a read that was stopped", BY_READ, 1317, 1, ERR_DB, 1},
	{"a compound that was stopped", BY_COMPOUND, 1317, 1, ERR_DB_UNKNOWN, 1},
	{"a transaction that was stopped", BY_STEP, 1317, 1, ERR_DB, 1},
	{"an error during commit", BY_WRITE, 1180, 1, ERR_DB_UNKNOWN, 1},
	{"any other error", BY_WRITE, 1644, 1, ERR_DB, 1},
};
/* clang-format on */

static enum err
step_fault(struct ctx *c, void *with)
{
	return db_change(c, &fault_sql[BY_WRITE], NO_ARGS, with);
}

START_TEST(test_meanings)
{
	struct ctx *c = test_db_ctx(false);
	struct ctx *other = second_new(c);
	const char *what;
	uint64_t n;
	size_t i;
	enum err e;

	say(c, table);
	say(c, faults);
	for (i = 0; i < COUNT(meanings); i++) {
		what = meanings[i].what;
		say(other, "ALTER SEQUENCE calls RESTART;\n");
		ck_case(what,
		    !db_change(other, &fault_set,
			ARGS(INT(meanings[i].number), INT(meanings[i].times)),
			&n));
		if (meanings[i].by == BY_STEP)
			e = db_transaction(c, step_fault, &n);
		else
			e = db_change(
			    c, &fault_sql[meanings[i].by], NO_ARGS, &n);
		ck_case(what, e == meanings[i].e);
		ck_case(what, ask(other, &fault_calls) == meanings[i].calls);
		ck_case(what, ask(c, &in_transaction) == 0);
		ck_case(what,
		    ask(other, &total) == (!e && meanings[i].by != BY_READ));
		say(other, "UPDATE t SET n = 0;\n");
	}
	second_done(other);
	test_done(c);
}
END_TEST

static const struct stmt add_other = {
    "UPDATE t SET n = n + 1 WHERE id = 2", 0, ""};

static enum err
step_careless(struct ctx *c, void *with)
{
	enum err e = db_change(c, &fault_sql[BY_WRITE], NO_ARGS, with);

	ck_assert(e == OK || e == ERR_DB_RETRY);
	return db_change(c, &add_other, NO_ARGS, with);
}

/* What was undone is not committed by halves, whatever the step makes of it. */
START_TEST(test_careless)
{
	struct ctx *c = test_db_ctx(false);
	uint64_t n;

	say(c, table);
	say(c, faults);
	ck_assert(!db_change(c, &fault_set, ARGS(INT(1213), INT(1)), &n));
	ck_assert(!db_transaction(c, step_careless, &n));
	ck_assert_int_eq(ask(c, &fault_calls), 2);
	ck_assert_int_eq(ask(c, &total), 2);
	test_done(c);
}
END_TEST

SUITE(redo, test_cut, test_meanings, test_careless)
