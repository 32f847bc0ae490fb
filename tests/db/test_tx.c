/* SPDX-License-Identifier: ISC */
/* Transactions: redone when they may be, once and only once. */

#include <unistd.h>

#include "second.h"

static const char table[] =
    "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB;\n"
    "INSERT INTO t VALUES (1, 0), (2, 0);\n";

static const struct stmt one = {"SELECT 1", 0, ""};
static const struct stmt total = {"SELECT SUM(n) FROM t", 0, ""};
static const struct stmt put = {"INSERT INTO t VALUES (?, 1)", 0, ""};
static const struct stmt count = {"SELECT COUNT(*) FROM t WHERE id > 2", 0, ""};
static const struct stmt add = {"UPDATE t SET n = n + 1 WHERE id = ?", 0, ""};
static const struct stmt in_transaction = {"SELECT @@in_transaction", 0, ""};

/* What a step is to do, and how often it was called. */
struct plan {
	int calls;
	int kill_at;   /* this call loses its connection */
	bool careless; /* goes on after an error */
	enum err answer;
	int first, second;   /* rows to lock, in this order */
	int ready[2], go[2]; /* pipes of two processes */
};

static enum err
step_put(struct ctx *c, void *with)
{
	struct plan *plan = with;
	enum err e;

	plan->calls++;
	e = db_change_one(c, &put, ARGS(INT(3)));
	if (e)
		return e;
	if (plan->calls == plan->kill_at)
		kill_connection(c);
	e = db_change_one(c, &put, ARGS(INT(4)));
	return e && !plan->careless ? e : plan->answer;
}

START_TEST(test_commits)
{
	struct ctx *c = test_db_ctx(false);
	struct plan plan = {0};
	uint64_t trips;

	say(c, table);
	trips = db_trips(c->db);
	ck_assert(!db_transaction(c, step_put, &plan));
	ck_assert_msg(db_trips(c->db) - trips == 4, "begin, two, commit");
	ck_assert_int_eq(plan.calls, 1);
	ck_assert_int_eq(ask(c, &in_transaction), 0);
	ck_assert_int_eq(ask(c, &count), 2);
	test_done(c);
}
END_TEST

START_TEST(test_rolls_back)
{
	struct ctx *c = test_db_ctx(false);
	struct plan plan = {.answer = ERR_CODE_WRONG};

	say(c, table);
	ck_assert(db_transaction(c, step_put, &plan) == ERR_CODE_WRONG);
	ck_assert_int_eq(plan.calls, 1);
	ck_assert_int_eq(ask(c, &in_transaction), 0);
	ck_assert_int_eq(ask(c, &count), 0);
	test_done(c);
}
END_TEST

/* A conflict is the step's to handle: what it did before stays. */
static enum err
step_conflict(struct ctx *c, void *with)
{
	(void)with;
	if (db_change_one(c, &put, ARGS(INT(3))) ||
	    db_change_one(c, &put, ARGS(INT(3))) != ERR_CONFLICT)
		return ERR_INTERNAL;
	return db_change_one(c, &put, ARGS(INT(4)));
}

START_TEST(test_conflict_within)
{
	struct ctx *c = test_db_ctx(false);

	say(c, table);
	ck_assert(!db_transaction(c, step_conflict, NULL));
	ck_assert_int_eq(ask(c, &count), 2);
	test_done(c);
}
END_TEST

static enum err
step_nested(struct ctx *c, void *with)
{
	return db_transaction(c, step_put, with);
}

static enum err
step_settled(struct ctx *c, void *with)
{
	(void)with;
	if (db_change_one(c, &put, ARGS(INT(3))))
		return ERR_DB;
	db_settle(c);
	return OK;
}

START_TEST(test_misuse)
{
	struct ctx *c = test_db_ctx(false);
	struct plan plan = {0};
	uint64_t trips;

	say(c, table);
	ck_assert(db_transaction(c, step_nested, &plan) == ERR_INTERNAL);
	ck_assert_int_eq(plan.calls, 0);
	ck_assert(db_transaction(c, step_settled, NULL) == ERR_INTERNAL);
	ck_assert_int_eq(ask(c, &count), 0);
	trips = db_trips(c->db);
	db_settle(c);
	ck_assert_msg(db_trips(c->db) == trips, "nothing open, nothing to do");
	test_done(c);
}
END_TEST

static enum err
step_retry(struct ctx *c, void *with)
{
	struct plan *plan = with;
	enum err e;

	plan->calls++;
	if ((e = db_change_one(c, &put, ARGS(INT(3)))))
		return e;
	return ERR_DB_RETRY;
}

START_TEST(test_gives_up)
{
	struct ctx *c = test_db_ctx(false);
	struct plan plan = {0};

	say(c, table);
	ck_assert(db_transaction(c, step_retry, &plan) == ERR_DB_RETRY);
	ck_assert_msg(plan.calls == 4, "once, and three times more");
	ck_assert_int_eq(ask(c, &count), 0);
	test_done(c);
}
END_TEST

/* ---- lost connections --------------------------------------------------- */

START_TEST(test_killed_when_idle)
{
	struct ctx *c = test_db_ctx(false);
	int64_t id;

	say(c, table);
	id = connection_id(c);
	kill_connection(c);
	ck_assert_int_eq(ask(c, &one), 1);
	ck_assert(connection_id(c) != id);
	kill_connection(c);
	ck_assert_msg(!db_change_one(c, &add, ARGS(INT(1))),
	    "a change that was not sent is sent once");
	ck_assert_int_eq(ask(c, &total), 1);
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	bool careless;
} kills[] = {
    {"the step hands the error up", false},
    {"the step goes on: nothing of it is committed by itself", true},
};

START_TEST(test_killed_within)
{
	struct ctx *c = test_db_ctx(false);
	struct plan plan;
	size_t i;

	say(c, table);
	for (i = 0; i < COUNT(kills); i++) {
		plan =
		    (struct plan){.kill_at = 1, .careless = kills[i].careless};
		ck_case(kills[i].what, !db_transaction(c, step_put, &plan));
		ck_case(kills[i].what, plan.calls == 2);
		ck_case(kills[i].what, ask(c, &count) == 2);
		say(c, "DELETE FROM t WHERE id > 2;\n");
	}
	test_done(c);
}
END_TEST

static enum err
step_killed_last(struct ctx *c, void *with)
{
	struct plan *plan = with;
	enum err e = db_change_one(c, &add, ARGS(INT(1)));

	if (++plan->calls == 1)
		kill_connection(c);
	return e;
}

START_TEST(test_killed_before_commit)
{
	struct ctx *c = test_db_ctx(false);
	struct plan plan = {0};

	say(c, table);
	ck_assert(!db_transaction(c, step_killed_last, &plan));
	ck_assert_int_eq(plan.calls, 2);
	ck_assert_int_eq(ask(c, &total), 1);
	test_done(c);
}
END_TEST

/* Nobody commits while a backup stands at its last stage. */
START_TEST(test_commit_unanswered)
{
	struct ctx *c = test_db_ctx(false);
	struct conf conf = *c->conf;
	struct ctx *slow = second_new(c);
	struct plan plan = {0};

	say(c, table);
	conf.db_timeout_seconds = 1;
	db_close(slow->db);
	slow->db = db_new(&conf);
	say(c, "BACKUP STAGE START;\nBACKUP STAGE BLOCK_COMMIT;\n");
	ck_assert(db_transaction(slow, step_put, &plan) == ERR_DB_UNKNOWN);
	say(c, "BACKUP STAGE END;\n");
	ck_assert_msg(plan.calls == 1, "what nobody knows is not redone");
	ck_assert_int_eq(ask(slow, &one), 1);
	ck_assert_int_eq(ask(slow, &in_transaction), 0);
	second_done(slow);
	test_done(c);
}
END_TEST

/* ---- two that wait for each other --------------------------------------- */

/* Lock one row, tell the other process, wait for it the first time, go on. */
static enum err
step_cross(struct ctx *c, void *with)
{
	struct plan *plan = with;
	char byte = 0;
	enum err e;

	if ((e = db_change_one(c, &add, ARGS(INT(plan->first)))))
		return e;
	if (plan->calls++ == 0 && (write(plan->go[1], &byte, 1) != 1 ||
				      read(plan->ready[0], &byte, 1) != 1))
		return ERR_IO;
	return db_change_one(c, &add, ARGS(INT(plan->second)));
}

START_TEST(test_deadlock)
{
	struct ctx *c = test_db_ctx(false);
	struct plan here = {.first = 1, .second = 2};
	struct plan there = {.first = 2, .second = 1};
	pid_t pid;

	say(c, table);
	ck_assert(pipe(here.ready) == 0 && pipe(here.go) == 0);
	memcpy(there.ready, here.go, sizeof(there.ready));
	memcpy(there.go, here.ready, sizeof(there.go));
	pid = fork();
	ck_assert(pid >= 0);
	if (pid == 0) {
		db_forget(c->db);
		if (db_transaction(c, step_cross, &there))
			_exit(99);
		_exit(there.calls);
	}
	ck_assert(!db_transaction(c, step_cross, &here));
	ck_assert_int_eq(child_status(pid) + here.calls, 3);
	ck_assert_int_eq(ask(c, &total), 4);
	test_done(c);
}
END_TEST

SUITE(tx, test_commits, test_rolls_back, test_conflict_within, test_misuse,
    test_gives_up, test_killed_when_idle, test_killed_within,
    test_killed_before_commit, test_commit_unanswered, test_deadlock)
