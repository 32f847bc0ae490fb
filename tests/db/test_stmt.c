/* SPDX-License-Identifier: ISC */
/* Questions: prepared once, and whole again after an error. */

#include <stdio.h>
#include <unistd.h>

#include "second.h"

static const char table[] =
    "CREATE TABLE t (id BINARY(16) PRIMARY KEY, n INT NOT NULL DEFAULT 0)"
    " ENGINE=InnoDB;\n";

static const struct stmt one = {"SELECT 1", 0, ""};
static const struct stmt count = {"SELECT COUNT(*) FROM t", 0, ""};
static const struct stmt echo = {"SELECT ? + 0", 0, ""};
static const struct stmt prepared = {
    "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS"
    " WHERE VARIABLE_NAME = 'COM_STMT_PREPARE'",
    0, ""};
static const struct stmt in_transaction = {"SELECT @@in_transaction", 0, ""};
static const struct stmt put_returning = {
    "INSERT INTO t (id, n) VALUES (?, ?) RETURNING n", 0, ""};
static const struct stmt take_returning = {
    "DELETE FROM t WHERE id = ? RETURNING n", 0, ""};

START_TEST(test_prepared_once)
{
	struct ctx *c = test_db_ctx(false);
	struct number n;
	int64_t before;
	uint64_t trips;
	int i;

	ck_assert(!db_one(c, &echo, ARGS(INT(0)), number_cols, &n));
	before = ask(c, &prepared);
	trips = db_trips(c->db);
	for (i = 0; i < 100; i++) {
		ck_assert(!db_one(c, &echo, ARGS(INT(i)), number_cols, &n));
		ck_assert_int_eq(n.i, i);
	}
	ck_assert_uint_eq(db_trips(c->db) - trips, 100);
	ck_assert_int_eq(ask(c, &prepared), before);
	test_done(c);
}
END_TEST

START_TEST(test_values_counted)
{
	struct ctx *c = test_db_ctx(false);
	struct number n;
	uint64_t trips;

	ck_assert_int_eq(ask(c, &one), 1);
	trips = db_trips(c->db);
	ck_assert(db_one(c, &echo, NO_ARGS, number_cols, &n) == ERR_DB);
	ck_assert(
	    db_one(c, &echo, ARGS(INT(1), INT(2)), number_cols, &n) == ERR_DB);
	ck_assert_uint_eq(db_trips(c->db), trips);
	ck_assert(!db_one(c, &echo, ARGS(INT(3)), number_cols, &n));
	ck_assert_int_eq(n.i, 3);
	test_done(c);
}
END_TEST

/* The conflict comes late there, and what follows once waited for ever. */
START_TEST(test_returning)
{
	struct ctx *c = test_db_ctx(false);
	struct uuid a = {{1}}, b = {{2}};
	int64_t id = connection_id(c);
	struct number n = {0};
	uint64_t changed = 0;
	int i;

	say(c, table);
	ck_assert(
	    !db_one(c, &put_returning, ARGS(UUID(a), INT(4)), number_cols, &n));
	ck_assert_int_eq(n.i, 4);
	for (i = 0; i < 3; i++) {
		ck_assert(db_one(c, &put_returning, ARGS(UUID(a), INT(5)),
			      number_cols, &n) == ERR_CONFLICT);
		ck_assert_uint_eq(db_errno(c->db), 1062);
		ck_assert(db_change_one(c, &put_returning,
			      ARGS(UUID(a), INT(5))) == ERR_CONFLICT);
	}
	ck_assert(
	    !db_change(c, &put_returning, ARGS(UUID(b), INT(6)), &changed));
	ck_assert_uint_eq(changed, 1);
	ck_assert(!db_one(c, &take_returning, ARGS(UUID(b)), number_cols, &n));
	ck_assert_int_eq(n.i, 6);
	ck_assert(
	    db_change_one(c, &take_returning, ARGS(UUID(b))) == ERR_NOT_FOUND);
	ck_assert_int_eq(ask(c, &count), 1);
	ck_assert_int_eq(connection_id(c), id);
	test_done(c);
}
END_TEST

static const struct stmt compound = {
    "BEGIN NOT ATOMIC"
    " DECLARE x BINARY(16) DEFAULT ?;"
    " DECLARE EXIT HANDLER FOR SQLEXCEPTION"
    "  BEGIN ROLLBACK; RESIGNAL; END;"
    " START TRANSACTION;"
    " INSERT INTO t (id, n) VALUES (x, 1);"
    " IF ? IS NOT NULL THEN INSERT INTO t (id, n) VALUES (?, 2); END IF;"
    " COMMIT;"
    " SELECT SUM(n) FROM t WHERE id IN (x, ?);"
    " END",
    0, ""};

static enum err
compound_ask(struct ctx *c, struct uuid a, struct uuid b, struct number *n)
{
	return db_one(c, &compound, ARGS(UUID(a), UUID(b), UUID(b), UUID(b)),
	    number_cols, n);
}

START_TEST(test_compound)
{
	struct ctx *c = test_db_ctx(false);
	struct uuid nil = {{0}}, a = {{0xff, 0, 1}}, b = {{0, [15] = 9}};
	struct number n = {0};
	uint64_t trips;

	say(c, table);
	trips = db_trips(c->db);
	ck_assert(!compound_ask(c, a, nil, &n));
	ck_assert_int_eq(n.i, 1);
	ck_assert_uint_eq(db_trips(c->db) - trips, 1);
	ck_assert_msg(compound_ask(c, b, a, &n) == ERR_CONFLICT,
	    "the handler's RESIGNAL keeps the number");
	ck_assert_int_eq(ask(c, &count), 1);
	ck_assert_int_eq(ask(c, &in_transaction), 0);
	ck_assert(!db_change_one(c, &take_returning, ARGS(UUID(a))));
	ck_assert(!compound_ask(c, a, b, &n));
	ck_assert_int_eq(n.i, 3);
	test_done(c);
}
END_TEST

static const struct stmt handlerless = {
    "BEGIN NOT ATOMIC START TRANSACTION;"
    " INSERT INTO t (id) VALUES (?); INSERT INTO t (id) VALUES (?);"
    " COMMIT; END",
    0, ""};

START_TEST(test_compound_without_handler)
{
	struct ctx *c = test_db_ctx(false);
	struct uuid a = {{1}};
	uint64_t n;

	say(c, table);
	ck_assert(db_change(c, &handlerless, ARGS(UUID(a), UUID(a)), &n) ==
		  ERR_CONFLICT);
	ck_assert_int_eq(ask(c, &in_transaction), 0);
	ck_assert_int_eq(ask(c, &count), 0);
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what;
	struct stmt	 stmt;
	enum err	 e;
	unsigned	 number;
} prepares[] = {
	{"a right statement", {"SELECT n FROM t WHERE id = ?", 0, ""}, OK, 0},
	{"no such table", {"UPDATE nowhere SET n = ?", 0, ""}, ERR_DB, 1146},
	{"no such column", {"SELECT m FROM t", 0, ""}, ERR_DB, 1054},
	{"wrong syntax", {"SELECT FROM WHERE", 0, ""}, ERR_DB, 1064},
	{"two statements", {"SELECT 1; SELECT 2", 0, ""}, ERR_DB, 1064},
	{"a compound of wrong syntax", {"BEGIN NOT ATOMIC SELECT; END", 0, ""},
	    ERR_DB, 1064},
	{"a compound is not looked into", {"BEGIN NOT ATOMIC SELECT n FROM"
	    " nowhere; END", 0, ""}, OK, 0},
};
/* clang-format on */

START_TEST(test_prepare)
{
	struct ctx *c = test_db_ctx(false);
	size_t i;

	say(c, table);
	for (i = 0; i < COUNT(prepares); i++) {
		ck_case(prepares[i].what,
		    db_prepare(c, &prepares[i].stmt) == prepares[i].e);
		ck_case(
		    prepares[i].what, db_errno(c->db) == prepares[i].number);
	}
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what;
	struct stmt	 stmt;
} canaries[] = {
	{"a duplicate key", {"INSERT INTO w SELECT CONCAT(?, '') FROM seq_1_to_2", 0, ""}},
	{"a text that is no number", {"UPDATE w SET word = 1 + CAST(? AS INT)",
	    0, ""}},
	{"a text for a number", {"INSERT INTO v VALUES (?)", 0, ""}},
	{"a message of our own", {"BEGIN NOT ATOMIC DECLARE m TEXT DEFAULT ?;"
	    " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = m; END", 0, ""}},
};
/* clang-format on */

/* What stands on stderr while fn's statement runs. */
static size_t
stderr_of(struct ctx *c, const struct stmt *stmt, char *out, size_t size)
{
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);
	uint64_t n;
	enum err e;
	size_t len;

	ck_assert(file != NULL && kept >= 0);
	ck_assert(dup2(fileno(file), STDERR_FILENO) >= 0);
	e = db_change(c, stmt, ARGS(TEXT("canary-4711")), &n);
	(void)fflush(stderr);
	ck_assert(dup2(kept, STDERR_FILENO) >= 0);
	(void)close(kept);
	ck_assert_msg(e != OK, "%s", stmt->sql);
	rewind(file);
	len = fread(out, 1, size - 1, file);
	out[len] = '\0';
	(void)fclose(file);
	return len;
}

START_TEST(test_values_are_not_logged)
{
	struct ctx *c = test_db_ctx(false);
	char log[8192];
	size_t i;

	say(c, "CREATE TABLE w (word VARCHAR(20) PRIMARY KEY);\n"
	       "CREATE TABLE v (n INT);\n"
	       "INSERT INTO w VALUES ('x');\n");
	log_level_set(LOG_DEBUG);
	for (i = 0; i < COUNT(canaries); i++) {
		ck_case(canaries[i].what,
		    stderr_of(c, &canaries[i].stmt, log, sizeof(log)) > 0);
		ck_case(canaries[i].what, strstr(log, "canary") == NULL);
	}
	log_level_set(LOG_INFO);
	test_done(c);
}
END_TEST

SUITE(stmt, test_prepared_once, test_values_counted, test_returning,
    test_compound, test_compound_without_handler, test_prepare,
    test_values_are_not_logged)
