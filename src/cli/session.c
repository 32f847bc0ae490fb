/* SPDX-License-Identifier: ISC */
/* doorward session: who is signed in where, and no longer. */

#include <inttypes.h>

#include "cli/cli.h"

enum { LIST_MOST = 100, PEOPLE_COLUMNS = 10 };

/* People are shown the first of them; programs all. */
static const char *const heading[] = {"id", "customer", "device", "address",
    "created", "seen", "expires", "amr", "idp", "door", "customer_id", "agent",
    NULL};

static void
row_add(struct ctx *c, struct table *t, const struct session_row *row)
{
	const struct session *s = &row->session;
	const char *id = uuid_text(c->arena, s->customer);
	const char *who = row->email ? row->email : row->phone;

	table_add(t, (const char *[]){uuid_text(c->arena, s->id),
			 who ? who : id, device_name(c->arena, s->device),
			 s->address, table_time(c->arena, s->created_at),
			 table_time(c->arena, s->seen_at),
			 table_time(c->arena, session_ends_at(s)), s->amr,
			 s->idp, s->door, id, s->device});
}

/* The shop's newest, or those of one customer. */
static enum err
rows_find(
    struct ctx *c, const struct given *in, struct session_row **rows, size_t *n)
{
	struct customer u;
	int64_t most;
	enum err e;

	if ((e = range_limit(in, LIST_MOST, &most)) ||
	    (e = cli_shop_enter(c, in->operands[0])))
		return e;
	if (in->n == 1) {
		if (!(e = store_session_live(c, most, rows, n)) &&
		    *n == (size_t)most)
			note("These are the newest %" PRId64 ".", most);
		return e;
	}
	if ((e = cli_customer_named(c, in->operands[0], in->operands[1], &u)))
		return e;
	return store_session_history(c, u.id, rows, n);
}

enum err
cli_session_list(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, heading);
	struct session_row *rows;
	size_t i, n;
	enum err e;

	if ((e = rows_find(c, in, &rows, &n)))
		return e;
	if (!in->json)
		t.columns = PEOPLE_COLUMNS;
	for (i = 0; i < n; i++)
		if (session_is_live(c, &rows[i].session))
			row_add(c, &t, &rows[i]);
	if (t.n > 0 || in->json)
		table_print(&t, in->json);
	if (t.n == 0)
		note("Nobody is signed in.");
	return OK;
}

/* ---- revoke ---------------------------------------------------------------------- */

static enum err
revoke_all(struct ctx *c, const struct given *in)
{
	struct customer u;
	int64_t n;
	enum err e;

	if ((e = cli_customer_named(c, in->operands[0], in->customer, &u)) ||
	    (e = session_revoke_all(c, u.id, &n)))
		return e;
	note("%" PRId64 " %s.", n, n == 1 ? "session ended" : "sessions ended");
	return OK;
}

static enum err
revoke_one(struct ctx *c, const struct given *in)
{
	struct uuid id;
	enum err e;

	if (!uuid_read(in->operands[1], &id))
		return say(ERR_USAGE,
		    "'%s' is no session's id. `doorward session list %s` "
		    "shows them; --customer WHO ends all of theirs.",
		    in->operands[1], in->operands[0]);
	if ((e = session_revoke(c, id)) == ERR_NOT_FOUND)
		return say(
		    e, "'%s' has no such session that lives.", in->operands[0]);
	return e;
}

enum err
cli_session_revoke(struct ctx *c, const struct given *in)
{
	enum err e;

	if ((in->n == 2) == (in->customer != NULL))
		return say(ERR_USAGE,
		    "Name either one session by its id, or --customer WHO.");
	if ((e = cli_shop_enter(c, in->operands[0])))
		return e;
	return in->customer ? revoke_all(c, in) : revoke_one(c, in);
}
