/* SPDX-License-Identifier: ISC */
/* doorward audit: the trail, and who has just left it. */

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum {
	LIST_MOST = 50,
	PEOPLE_COLUMNS = 8,
	ROUND_MOST = 10000,
	NAP_MS = 50, /* a stop is heard within */
	ROUND_NAPS = 20,
	OVERLAP_MS = 10 * 1000 /* a row may be committed after its id's time */
};

/* People are shown the first of them; programs all. */
static const char *const heading[] = {"at", "shop", "event", "result", "actor",
    "customer", "address", "detail", "session", "request", "id", NULL};

static const char *
id_text(struct ctx *c, struct uuid id)
{
	return uuid_is_nil(id) ? NULL : uuid_text(c->arena, id);
}

static void
row_add(struct ctx *c, struct table *t, const struct audit_row *row)
{
	table_add(
	    t, (const char *[]){table_time(c->arena, row->at),
		   row->slug ? row->slug : id_text(c, row->tenant), row->event,
		   row->result, row->actor, id_text(c, row->customer),
		   row->address, row->detail, id_text(c, row->session),
		   row->request, id_text(c, row->id)});
}

/* ---- what is wanted -------------------------------------------------------------- */

/* Whom the trail goes on naming when the customer is gone: by id. */
static enum err
customer_read(struct ctx *c, const struct given *in, struct audit_filter *f)
{
	struct customer u;
	enum err e;

	if (in->customer == NULL || uuid_read(in->customer, &f->customer))
		return OK;
	e = cli_customer_named(c, in->operands[0], in->customer, &u);
	if (!e)
		f->customer = u.id;
	return e;
}

static enum err
filter_read(struct ctx *c, const struct given *in, struct audit_filter *f)
{
	enum err e;

	*f = (struct audit_filter){.event = in->event, .result = in->result};
	if (in->result != NULL && strcmp(in->result, "ok") != 0 &&
	    strcmp(in->result, "refused") != 0)
		return say(ERR_USAGE, "--result is ok or refused.");
	if (in->customer != NULL && in->n == 0)
		return say(ERR_USAGE,
		    "--customer needs the SHOP whose customer it is.");
	if ((e = range_since(c, in, &f->since)) ||
	    (e = range_limit(in, LIST_MOST, &f->most)))
		return e;
	if (in->n == 0)
		return OK;
	if ((e = cli_shop_enter(c, in->operands[0])))
		return e;
	f->tenant = c->tenant_id;
	return customer_read(c, in, f);
}

/* ---- --follow: each row once, the oldest first ------------------------------------ */

/* What the last round read: the next one reads some of it again. */
struct tail {
	struct audit_filter filter;
	bool json, full; /* full: there is more of it at once */
	int64_t from;
	struct uuid *seen; /* sorted */
	size_t n;
};

static int
id_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct uuid));
}

static bool
is_seen(const struct tail *tail, const struct audit_row *row)
{
	return tail->n > 0 && bsearch(&row->id, tail->seen, tail->n,
				  sizeof(*tail->seen), id_order) != NULL;
}

static void
see(struct ctx *c, struct tail *tail, const struct audit_row *rows, size_t n)
{
	struct uuid *ids = arena_list(c->arena, n + 1, sizeof(*ids));
	size_t i;

	for (i = 0; i < n; i++)
		ids[i] = rows[i].id;
	qsort(ids, n, sizeof(*ids), id_order);
	tail->seen = ids;
	tail->n = n;
}

/* One line each: JSON, or columns that hold for most. */
static void
row_print(struct ctx *c, const struct tail *tail, const struct audit_row *row)
{
	static const int widths[PEOPLE_COLUMNS] = {
	    24, 12, 16, 7, 10, 36, 15, 0};
	struct table t = table_new(c->arena, heading);
	struct writer w = writer_new(c->arena);
	const char *s;
	int i;

	row_add(c, &t, row);
	if (tail->json) {
		write_map(&w, NULL);
		for (i = 0; heading[i] != NULL; i++)
			write_text(&w, heading[i], t.rows[0][i]);
		write_map_end(&w);
		puts(writer_text(&w));
		return;
	}
	for (i = 0; i < PEOPLE_COLUMNS; i++) {
		s = people_text(c->arena, t.rows[0][i]);
		printf("%-*s%s", widths[i], s,
		    i + 1 < PEOPLE_COLUMNS ? "  " : "\n");
	}
}

/* Never before what was read: seen holds no more than that. */
static int64_t
from_next(const struct ctx *c, const struct tail *tail, int64_t last)
{
	int64_t overlap = c->now - OVERLAP_MS;

	if (last != 0)
		return last;
	return tail->from > overlap ? tail->from : overlap;
}

/* What came since the last round, and again what may have come late to it. */
static enum err
round_run(struct ctx *c, struct tail *tail)
{
	struct audit_filter f = tail->filter;
	struct audit_row *rows;
	size_t i, n;
	enum err e;

	f.oldest = true;
	f.most = ROUND_MOST;
	f.since = f.since > tail->from ? f.since : tail->from;
	if ((e = store_audit_list(c, &f, &rows, &n)))
		return e;
	for (i = 0; i < n; i++)
		if (!is_seen(tail, &rows[i]))
			row_print(c, tail, &rows[i]);
	see(c, tail, rows, n);
	tail->full = n == ROUND_MOST;
	tail->from = from_next(c, tail, tail->full ? rows[n - 1].at : 0);
	return fflush(stdout) ? ERR_IO : OK;
}

/* The newest that are there already, and what counts as seen. */
static enum err
tail_begin(struct ctx *c, struct tail *tail)
{
	struct audit_filter f = tail->filter;
	struct audit_row *shown, *all, *recent;
	size_t i, n, m;
	enum err e;

	tail->from = c->now - OVERLAP_MS;
	f.oldest = true;
	f.most = ROUND_MOST;
	f.since = f.since > tail->from ? f.since : tail->from;
	if ((e = store_audit_list(c, &f, &recent, &m)) ||
	    (e = store_audit_list(c, &tail->filter, &shown, &n)))
		return e;
	all = arena_list(c->arena, n + m + 1, sizeof(*all));
	for (i = 0; i < n; i++) {
		row_print(c, tail, &shown[n - 1 - i]);
		all[i] = shown[i];
	}
	for (i = 0; i < m; i++)
		all[n + i] = recent[i];
	see(c, tail, all, n + m);
	return fflush(stdout) ? ERR_IO : OK;
}

static volatile sig_atomic_t stop;

static void
on_stop(int signo)
{
	(void)signo;
	stop = 1;
}

static void
nap(void)
{
	int i;

	for (i = 0; i < ROUND_NAPS && !stop; i++)
		world_sleep(NAP_MS);
}

/*
 * Until it is told to stop. Each good round takes the other arena: what the one
 * before saw is needed until then.
 */
static enum err
follow(struct ctx *c, struct tail *tail)
{
	struct arena *usual = c->arena, *arenas[2] = {arena_new(), arena_new()};
	struct sigaction leave = {.sa_handler = on_stop};
	enum err e;
	int k = 0;

	leave.sa_flags = SA_RESTART;
	(void)sigaction(SIGTERM, &leave, NULL);
	(void)sigaction(SIGINT, &leave, NULL);
	c->arena = arenas[1];
	e = tail_begin(c, tail);
	while (!stop && (e == OK || e == ERR_DB_AWAY)) {
		if (!tail->full)
			nap();
		c->now = world_now();
		c->arena = arenas[k];
		arena_wipe(c->arena);
		if ((e = round_run(c, tail)) == OK)
			k = !k;
	}
	c->arena = usual;
	arena_free(arenas[0]);
	arena_free(arenas[1]);
	return e;
}

/* ---- --odd ------------------------------------------------------------------------ */

static const char *const odd_heading[] = {
    "pattern", "shop", "who", "#times", "first", "last", NULL};

static enum err
odd_print(struct ctx *c, const struct given *in, int64_t since)
{
	struct table t = table_new(c->arena, odd_heading);
	struct odd_row *rows;
	size_t i, n;
	enum err e;

	if ((e = odd_list(c, since, &rows, &n)))
		return e;
	for (i = 0; i < n; i++)
		table_add(&t, (const char *[]){rows[i].pattern, rows[i].shop,
				  rows[i].subject,
				  arena_print(c->arena, "%" PRId64, rows[i].n),
				  table_time(c->arena, rows[i].first_at),
				  table_time(c->arena, rows[i].last_at)});
	if (n > 0 || in->json)
		table_print(&t, in->json);
	if (n == 0)
		note("Nothing odd.");
	return OK;
}

enum err
cli_audit(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, heading);
	struct tail tail = {.json = in->json};
	struct audit_row *rows;
	size_t i, n;
	enum err e;

	if ((e = filter_read(c, in, &tail.filter)))
		return e;
	if (in->odd && in->n > 0)
		return say(ERR_USAGE, "--odd looks over all shops.");
	if (in->odd)
		return odd_print(c, in, tail.filter.since);
	if (in->follow)
		return follow(c, &tail);
	if ((e = store_audit_list(c, &tail.filter, &rows, &n)))
		return e;
	if (!in->json)
		t.columns = PEOPLE_COLUMNS;
	for (i = 0; i < n; i++)
		row_add(c, &t, &rows[i]);
	if (n > 0 || in->json)
		table_print(&t, in->json);
	if (n == 0)
		note("The trail holds nothing of the kind.");
	if (n == (size_t)tail.filter.most)
		note("These are the newest %" PRId64 "; --limit shows more.",
		    tail.filter.most);
	return OK;
}
