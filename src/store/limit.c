/* SPDX-License-Identifier: ISC */
/* Table limits: one row per counted thing and window. */

#include "store/store.h"

/* clang-format off */

/*
 * The order of the assignments matters: each still sees the old columns to its
 * right. n is what to add: 0 only looks, -1 gives one back, and then last_at is
 * again what it was before. A row whose window ends more than two of its windows
 * from now was begun by a clock that has since been set back: it is over, too.
 */
#define OVER \
	"resets_at <= VALUES(last_at) OR (VALUES(n) <> 0 AND" \
	" resets_at > 2 * VALUES(resets_at) - VALUES(last_at))"
#define TAKE_HEAD \
	"INSERT INTO limits (tenant_id, kind, subject, n, resets_at, last_at," \
	" prev_at) VALUES "
#define TAKE_ROW "(?, ?, ?, ?, ?, ?, 0)"
#define TAKE_TAIL \
	" ON DUPLICATE KEY UPDATE" \
	" prev_at = IF(VALUES(n) = 0, prev_at," \
	"  IF(" OVER ", 0," \
	"   IF(VALUES(n) < 0, prev_at, last_at)))," \
	" last_at = IF(VALUES(n) = 0, last_at," \
	"  IF(VALUES(n) < 0, prev_at, VALUES(last_at)))," \
	" n = GREATEST(0, IF(" OVER ", 0, n) + VALUES(n))," \
	" resets_at = IF(" OVER ", VALUES(resets_at), resets_at)" \
	" RETURNING n, resets_at, last_at, prev_at"
#define TAKE_2	TAKE_ROW ", " TAKE_ROW
#define TAKE_4	TAKE_2 ", " TAKE_2
#define TAKE_8	TAKE_4 ", " TAKE_4
#define TAKE_16	TAKE_8 ", " TAKE_8

/* Row n - 1 takes n limits. */
const struct stmt store_limit_sql[] = {
	{ TAKE_HEAD TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_2 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_2 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_4 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_4 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_4 ", " TAKE_2 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_4 ", " TAKE_2 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 ", " TAKE_2 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 ", " TAKE_2 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 ", " TAKE_4 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 ", " TAKE_4 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 ", " TAKE_4 ", " TAKE_2 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_8 ", " TAKE_4 ", " TAKE_2 ", " TAKE_ROW TAKE_TAIL,
		0, NULL },
	{ TAKE_HEAD TAKE_16 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_16 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_16 ", " TAKE_2 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_16 ", " TAKE_2 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_16 ", " TAKE_4 TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_16 ", " TAKE_4 ", " TAKE_ROW TAKE_TAIL, 0, NULL },
	{ TAKE_HEAD TAKE_16 ", " TAKE_4 ", " TAKE_2 TAKE_TAIL, 0, NULL },
};
const size_t store_limit_sql_n = COUNT(store_limit_sql);

_Static_assert(COUNT(store_limit_sql) == LIMIT_ROWS_MAX,
    "one statement for each number of rows");

struct answer {
	int64_t	 n, resets_at, last_at, prev_at;
};

static const struct col answer_cols[] = {
	COL_INT(struct answer, n),
	COL_INT(struct answer, resets_at),
	COL_INT(struct answer, last_at),
	COL_INT(struct answer, prev_at),
	COL_END
};

enum { ROW_ARGS = 6 };
/* clang-format on */

static void
row_args(const struct ctx *c, const struct limit_row *row, struct arg *args)
{
	args[0] = arg_bytes(row->tenant.b, sizeof(row->tenant.b));
	args[1] = arg_int(row->kind);
	args[2] = arg_bytes(row->subject, sizeof(row->subject));
	args[3] = arg_int(row->add);
	args[4] = arg_int(c->now + row->window_ms);
	args[5] = arg_int(c->now);
}

enum err
store_limits_take(struct ctx *c, struct limit_row *rows, size_t n)
{
	struct arg args[LIMIT_ROWS_MAX * ROW_ARGS];
	struct answer *answers;
	struct args all;
	size_t found, i;
	enum err e;

	if (n == 0 || n > LIMIT_ROWS_MAX)
		return fail(c, ERR_INTERNAL, "%zu limits at once", n);
	for (i = 0; i < n; i++)
		row_args(c, &rows[i], args + i * ROW_ARGS);
	all = (struct args){args, n * ROW_ARGS};
	if ((e = db_list(c, &store_limit_sql[n - 1], all, answer_cols,
		 sizeof(struct answer), &answers, &found)))
		return e;
	if (found != n)
		return fail(c, ERR_DB, "%zu limits answered for %zu", found, n);
	for (i = 0; i < n; i++) {
		rows[i].n = answers[i].n;
		rows[i].resets_at = answers[i].resets_at;
		rows[i].last_at = answers[i].last_at;
		rows[i].prev_at = answers[i].prev_at;
	}
	return OK;
}
