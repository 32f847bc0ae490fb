/* SPDX-License-Identifier: ISC */
/* Scripts by statements, and locks held while something runs. */

#include "second.h"

static const struct stmt total = {"SELECT SUM(n) FROM t", 0, ""};
static const struct stmt rows = {"SELECT COUNT(*) FROM t", 0, ""};
static const struct stmt is_held = {
    "SELECT IS_USED_LOCK('doorward_test') IS NOT NULL", 0, ""};

/* clang-format off */
static const struct {
	const char	*what, *text;
	enum err	 e;
	int64_t		 rows, total;
} scripts[] = {
	{"nothing is well", "", OK, 1, 0},
	{"comments alone are well", "-- a;\n  -- b;\n\n", OK, 1, 0},
	{"one statement on one line", "INSERT INTO t VALUES (1);\n", OK, 2, 1},
	{"the last line needs no end", "INSERT INTO t VALUES (1);", OK, 2, 1},
	{"a statement over lines", "INSERT INTO t\n\tVALUES\n(1);\n", OK, 2, 1},
	{"lines of another system", "INSERT INTO t\r\n VALUES (1);\r\n", OK, 2, 1},
	{"blanks past the end", "INSERT INTO t VALUES (1);  \t\n", OK, 2, 1},
	{"two, and comments between", "-- one;\nINSERT INTO t VALUES (1);\n-- two;\n"
	    "INSERT INTO t VALUES (2)\n-- within;\n, (3);\n", OK, 4, 6},
	{"a ';' within a line ends nothing",
	    "INSERT INTO t VALUES (LENGTH('a;b'));\n", OK, 2, 3},
	{"a statement with rows", "SELECT * FROM t;\nINSERT INTO t VALUES (4);\n", OK, 2, 4},
	{"what has no end is not run", "INSERT INTO t VALUES (1)\n", ERR_DB, 1, 0},
	{"the first error stops it", "INSERT INTO t VALUES (1);\nINSERT INTO u VALUES (1);\n"
	    "INSERT INTO t VALUES (2);\n", ERR_DB, 2, 1},
	{"one statement at a time", "INSERT INTO t VALUES (1); INSERT INTO t VALUES (1);\n",
	    ERR_DB, 1, 0},
	{"no file of this machine is read", "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t;\n",
	    ERR_DB, 1, 0},
};
/* clang-format on */

START_TEST(test_scripts)
{
	struct ctx *c = test_db_ctx(false);
	size_t i;
	enum err e;

	for (i = 0; i < COUNT(scripts); i++) {
		say(c, "CREATE OR REPLACE TABLE t (n INT);\n"
		       "INSERT INTO t VALUES (0);\n");
		e = db_script(c, scripts[i].text);
		ck_case(scripts[i].what, e == scripts[i].e);
		ck_case(scripts[i].what, ask(c, &rows) == scripts[i].rows);
		ck_case(scripts[i].what, ask(c, &total) == scripts[i].total);
	}
	test_done(c);
}
END_TEST

/* ---- locks -------------------------------------------------------------- */

struct seen {
	struct ctx *other;
	int calls;
	bool held;
	enum err theirs; /* what the other one's try answered */
	enum err answer;
};

static enum err
step_nothing(struct ctx *c, void *with)
{
	(void)c;
	(*(int *)with)++;
	return OK;
}

static enum err
step_look(struct ctx *c, void *with)
{
	struct seen *seen = with;
	int theirs = 0;

	(void)c;
	seen->calls++;
	seen->held = ask(seen->other, &is_held) == 1;
	seen->theirs =
	    db_locked(seen->other, "doorward_test", 0, step_nothing, &theirs);
	ck_assert_int_eq(theirs, 0);
	return seen->answer;
}

START_TEST(test_locked)
{
	struct ctx *c = test_db_ctx(false);
	struct seen seen = {.other = second_new(c), .answer = ERR_CODE_WRONG};
	int calls = 0;

	ck_assert(db_locked(c, "doorward_test", 1, step_look, &seen) ==
		  ERR_CODE_WRONG);
	ck_assert_int_eq(seen.calls, 1);
	ck_assert(seen.held);
	ck_assert(seen.theirs == ERR_DB_AWAY);
	ck_assert_int_eq(ask(seen.other, &is_held), 0);
	ck_assert(
	    !db_locked(seen.other, "doorward_test", 0, step_nothing, &calls));
	ck_assert_int_eq(calls, 1);
	second_done(seen.other);
	test_done(c);
}
END_TEST

/* The holder's connection ends in a while: waiting is enough. */
static enum err
step_wait(struct ctx *c, void *with)
{
	struct ctx *other = with;
	int child = kill_later(c, 400);
	int calls = 0;

	ck_assert(!db_locked(other, "doorward_test", 5, step_nothing, &calls));
	ck_assert_int_eq(calls, 1);
	child_wait(child);
	return OK;
}

START_TEST(test_waits)
{
	struct ctx *c = test_db_ctx(false);
	struct ctx *other = second_new(c);

	ck_assert(!db_locked(c, "doorward_test", 0, step_wait, other));
	second_done(other);
	test_done(c);
}
END_TEST

/* Who lost the lock must not go on as if it were held. */
static enum err
step_lost(struct ctx *c, void *with)
{
	(void)with;
	kill_connection(c);
	ck_assert(db_script(c, "INSERT INTO t VALUES (1);\n") == ERR_DB_AWAY);
	return ERR_CODE_WRONG;
}

START_TEST(test_lock_lost)
{
	struct ctx *c = test_db_ctx(false);

	say(c, "CREATE TABLE t (n INT);\n");
	ck_assert(db_locked(c, "doorward_test", 0, step_lost, NULL) ==
		  ERR_CODE_WRONG);
	ck_assert_int_eq(ask(c, &rows), 0);
	test_done(c);
}
END_TEST

SUITE(script, test_scripts, test_locked, test_waits, test_lock_lost)
