/* SPDX-License-Identifier: ISC */
/* Columns into structs: values come back as they went in. */

#include "second.h"

struct row {
	struct uuid id;
	int64_t n;
	bool yes;
	const char *word;
	struct secret secret;
	struct bytes blob;
	unsigned char hash[8];
};

static const struct col row_cols[] = {COL_UUID(struct row, id),
    COL_INT(struct row, n), COL_BOOL(struct row, yes),
    COL_TEXT(struct row, word), COL_SECRET(struct row, secret),
    COL_BYTES(struct row, blob), COL_FIXED(struct row, hash), COL_END};

static const char table[] =
    "CREATE TABLE t (id BINARY(16) NULL, n BIGINT NULL, yes BOOLEAN NULL,"
    " word MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,"
    " secret VARCHAR(100) NULL, blob_ VARBINARY(300) NULL,"
    " hash BINARY(8) NULL, UNIQUE KEY n (n)) ENGINE=InnoDB;\n";

static const struct stmt put = {
    "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", 0, ""};
static const struct stmt get = {"SELECT * FROM t", 0, ""};
static const struct stmt get_by_id = {"SELECT * FROM t WHERE id = ?", 0, ""};
static const struct stmt get_by_word = {
    "SELECT * FROM t WHERE word = ?", 0, ""};
static const struct stmt empty = {"DELETE FROM t", 0, ""};
static const struct stmt set_n = {"UPDATE t SET n = ? WHERE n = ?", 0, ""};
static const struct stmt list = {"SELECT n FROM t ORDER BY n", 0, ""};
static const struct stmt one = {"SELECT 1", 0, ""};

static const unsigned char odd_bytes[] = {0xff, 0x00, 0x27, 0x5c, 0x0a, 0x80};

/* clang-format off */
static const struct {
	const char	*what;
	struct row	 row;
} cases[] = {
	{"plain values come back",
	    {{{1}}, 7, true, "word", {"hidden"}, {odd_bytes, 6}, "12345678"}},
	{"the least int64 comes back",
	    {{{1}}, INT64_MIN, false, "a", {"b"}, {odd_bytes, 1}, "12345678"}},
	{"the greatest int64 comes back",
	    {{{1}}, INT64_MAX, true, "a", {"b"}, {odd_bytes, 2}, "12345678"}},
	{"texts beyond the basic plane come back",
	    {{{1}}, -1, true, "na\xc3\xafve \xf0\x9f\x9a\xaa", {"\xe2\x82\xac"},
	    {odd_bytes, 3}, "12345678"}},
	{"ids and hashes of 0xff and NUL come back",
	    {{{0xff, 0, 0xff, [15] = 0xff}}, 0, false, "a", {"b"},
	    {odd_bytes, 6}, {0, 0xff, 0, 0, 0xff, 0, 0, 0}}},
	{"blanks at the ends come back",
	    {{{1}}, 1, true, "  word  ", {"a "}, {odd_bytes + 4, 1}, "       "}},
	{"empty is not NULL",
	    {{{1}}, 0, false, "", {""}, {odd_bytes, 0}, "12345678"}},
};
/* clang-format on */

static enum err
row_put(struct ctx *c, const struct row *row)
{
	return db_change_one(c, &put,
	    ARGS(UUID(row->id), INT(row->n), INT(row->yes), TEXT(row->word),
		TEXT(row->secret.s), BLOB(row->blob),
		BYTES(row->hash, sizeof(row->hash))));
}

static void
row_check(const char *what, const struct row *want, const struct row *got)
{
	ck_case(what, uuid_equal(got->id, want->id));
	ck_case(what, got->n == want->n);
	ck_case(what, got->yes == want->yes);
	ck_case(what, strcmp(got->word, want->word) == 0);
	ck_case(what, strcmp(got->secret.s, want->secret.s) == 0);
	ck_case(what, got->blob.p != NULL);
	ck_case(what, got->blob.n == want->blob.n);
	ck_case(what, memcmp(got->blob.p, want->blob.p, got->blob.n) == 0);
	ck_case(what, memcmp(got->hash, want->hash, sizeof(got->hash)) == 0);
}

START_TEST(test_values)
{
	struct ctx *c = test_db_ctx(false);
	struct row got;
	uint64_t n;
	size_t i;

	say(c, table);
	for (i = 0; i < COUNT(cases); i++) {
		memset(&got, 0xa5, sizeof(got));
		ck_case(cases[i].what, !row_put(c, &cases[i].row));
		ck_case(cases[i].what,
		    !db_one(c, &get_by_id, ARGS(UUID(cases[i].row.id)),
			row_cols, &got));
		row_check(cases[i].what, &cases[i].row, &got);
		ck_case(cases[i].what,
		    !db_one(c, &get_by_word, ARGS(TEXT(cases[i].row.word)),
			row_cols, &got));
		ck_case(cases[i].what, !db_change(c, &empty, NO_ARGS, &n));
		ck_case(cases[i].what, n == 1);
	}
	test_done(c);
}
END_TEST

START_TEST(test_nulls)
{
	struct ctx *c = test_db_ctx(false);
	struct uuid nil = {{0}};
	struct row got;

	say(c, table);
	memset(&got, 0xa5, sizeof(got));
	ck_assert(!db_change_one(c, &put,
	    ARGS(UUID(nil), NONE, NONE, TEXT(NULL), NONE, BYTES(NULL, 0),
		NONE)));
	ck_assert(!db_one(c, &get, NO_ARGS, row_cols, &got));
	ck_assert(uuid_is_nil(got.id));
	ck_assert_int_eq(got.n, 0);
	ck_assert(!got.yes);
	ck_assert(got.word == NULL);
	ck_assert(got.secret.s == NULL);
	ck_assert(got.blob.p == NULL);
	ck_assert_uint_eq(got.blob.n, 0);
	ck_assert(memcmp(got.hash, "\0\0\0\0\0\0\0", 8) == 0);
	test_done(c);
}
END_TEST

START_TEST(test_long_text)
{
	enum { LONG = 60 * 1024 };
	struct ctx *c = test_db_ctx(false);
	struct row in = cases[0].row;
	struct row got;
	char *text = arena_get(c->arena, LONG + 1);
	size_t i;

	say(c, table);
	for (i = 0; i < LONG; i++)
		text[i] = (char)('a' + i % 23);
	in.word = text;
	ck_assert(!row_put(c, &in));
	ck_assert(!db_one(c, &get, NO_ARGS, row_cols, &got));
	row_check("60 KiB come back", &in, &got);
	test_done(c);
}
END_TEST

struct fixed {
	unsigned char four[4];
};

static const struct col fixed_cols[] = {COL_FIXED(struct fixed, four), COL_END};
static const struct col uuid_cols[] = {COL_UUID(struct row, id), COL_END};
static const struct col two_cols[] = {
    COL_INT(struct row, n), COL_TEXT(struct row, word), COL_END};

/* clang-format off */
static const struct {
	const char		*what;
	struct stmt		 stmt;
	const struct col	*cols;
	enum err		 e;
} fits[] = {
	{"an array takes just its length", {"SELECT 'abcd'", 0, ""}, fixed_cols, OK},
	{"an array takes no less", {"SELECT 'abc'", 0, ""}, fixed_cols, ERR_DB},
	{"an array takes no more", {"SELECT 'abcde'", 0, ""}, fixed_cols, ERR_DB},
	{"an array takes no empty text", {"SELECT ''", 0, ""}, fixed_cols, ERR_DB},
	{"a UUID has 16 bytes", {"SELECT '0123456789abcde'", 0, ""}, uuid_cols, ERR_DB},
	{"too few columns", {"SELECT 1", 0, ""}, two_cols, ERR_DB},
	{"too many columns", {"SELECT 1, 'a', 2", 0, ""}, two_cols, ERR_DB},
	{"just as many columns", {"SELECT 1, 'a'", 0, ""}, two_cols, OK},
	{"past int64", {"SELECT 9223372036854775808", 0, ""}, number_cols, ERR_DB},
	{"a sum is a number", {"SELECT SUM(i) FROM (SELECT 3 AS i UNION SELECT 4) AS x",
	    0, ""}, number_cols, OK},
	{"words are no number", {"SELECT 'x1'", 0, ""}, number_cols, ERR_DB},
	{"no row", {"SELECT 1 FROM DUAL WHERE 1 = 0", 0, ""}, number_cols, ERR_NOT_FOUND},
	{"no columns", {"DO 1", 0, ""}, number_cols, ERR_NOT_FOUND},
	{"only the first result counts", {"BEGIN NOT ATOMIC DO 1; SELECT 1; SELECT 2, 3; END",
	    0, ""}, number_cols, OK},
	{"only the first row counts", {"SELECT 1 UNION ALL SELECT 2", 0, ""}, number_cols, OK},
};
/* clang-format on */

/* Whatever came, the connection answers the next question. */
START_TEST(test_fits)
{
	struct ctx *c = test_db_ctx(false);
	int64_t id = connection_id(c);
	struct row out;
	size_t i;

	for (i = 0; i < COUNT(fits); i++) {
		ck_case(fits[i].what, db_one(c, &fits[i].stmt, NO_ARGS,
					  fits[i].cols, &out) == fits[i].e);
		ck_case(fits[i].what, ask(c, &one) == 1);
		ck_case(fits[i].what, db_one(c, &fits[i].stmt, NO_ARGS,
					  fits[i].cols, &out) == fits[i].e);
	}
	ck_assert_int_eq(connection_id(c), id);
	test_done(c);
}
END_TEST

START_TEST(test_list)
{
	enum { ROWS = 1000 };
	struct ctx *c = test_db_ctx(false);
	const struct number *rows = NULL;
	size_t n = 9, i;

	say(c, table);
	ck_assert(
	    !db_list(c, &list, NO_ARGS, number_cols, sizeof(*rows), &rows, &n));
	ck_assert_uint_eq(n, 0);
	say(c, "INSERT INTO t (n) SELECT seq * 3 FROM seq_1_to_%d;\n", ROWS);
	ck_assert(
	    !db_list(c, &list, NO_ARGS, number_cols, sizeof(*rows), &rows, &n));
	ck_assert_uint_eq(n, ROWS);
	for (i = 0; i < n; i++)
		ck_assert_int_eq(rows[i].i, (int64_t)(i + 1) * 3);
	test_done(c);
}
END_TEST

START_TEST(test_changes)
{
	struct ctx *c = test_db_ctx(false);
	uint64_t n = 9;

	say(c, table);
	say(c, "INSERT INTO t (n) VALUES (5), (6);\n");
	ck_assert(!db_change(c, &set_n, ARGS(INT(5), INT(5)), &n));
	ck_assert_msg(n == 1, "a matched row of the same value counts");
	ck_assert(!db_change(c, &set_n, ARGS(INT(7), INT(8)), &n));
	ck_assert_uint_eq(n, 0);
	ck_assert(!db_change_one(c, &set_n, ARGS(INT(5), INT(5))));
	ck_assert(
	    db_change_one(c, &set_n, ARGS(INT(7), INT(8))) == ERR_NOT_FOUND);
	ck_assert(
	    db_change(c, &set_n, ARGS(INT(6), INT(5)), &n) == ERR_CONFLICT);
	ck_assert_uint_eq(db_errno(c->db), 1062);
	ck_assert(!db_change(c, &empty, NO_ARGS, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(db_errno(c->db), 0);
	test_done(c);
}
END_TEST

SUITE(row, test_values, test_nulls, test_long_text, test_fits, test_list,
    test_changes)
