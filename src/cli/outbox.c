/* SPDX-License-Identifier: ISC */
/* doorward outbox: what waits, what went, what did not. */

#include <string.h>

#include "cli/cli.h"

enum { LIST_MAX = 100 };

static const char *const heading[] = {"id", "tenant", "kind", "state", "to",
    "#attempts", "created", "next", "expires", "why", NULL};

static const char *const states[] = {
    "queued", "sent", "dead", "suppressed", "expired"};

static bool
is_state(const char *s)
{
	size_t i;

	for (i = 0; i < COUNT(states); i++)
		if (strcmp(states[i], s) == 0)
			return true;
	return false;
}

/* Enough to recognise somebody who asks about their message. */
static const char *
destination_mask(struct ctx *c, const struct outbox_row *row)
{
	if (row->destination == NULL)
		return NULL;
	return strcmp(row->kind, "email") == 0
		   ? email_mask(c->arena, row->destination)
		   : phone_mask(c->arena, row->destination);
}

static void
row_add(struct ctx *c, struct table *t, const struct outbox_row *row)
{
	bool waits = strcmp(row->state, "queued") == 0;

	table_add(
	    t, (const char *[]){uuid_text(c->arena, row->id), row->tenant_name,
		   row->kind, row->state, destination_mask(c, row),
		   arena_print(c->arena, "%lld", (long long)row->attempts),
		   table_time(c->arena, row->created_at),
		   table_time(c->arena, waits ? row->next_at : 0),
		   table_time(c->arena, row->expires_at), row->why});
}

enum err
cli_outbox_list(struct ctx *c, const struct given *in)
{
	struct outbox_filter f = {.state = in->state, .most = LIST_MAX};
	struct table t = table_new(c->arena, heading);
	const struct tenant *tenant;
	struct outbox_row *rows;
	size_t i, n;
	enum err e;

	if (in->state != NULL && !is_state(in->state))
		return say(ERR_USAGE, "--state is queued, sent, dead, "
				      "suppressed or expired.");
	if (in->n > 0) {
		if ((e = cli_tenant_find(c, in->operands[0], &tenant)))
			return e;
		f.tenant = tenant->id;
	}
	if ((e = store_outbox_list(c, &f, &rows, &n)))
		return e;
	for (i = 0; i < n; i++)
		row_add(c, &t, &rows[i]);
	table_print(&t, in->json);
	if (n == LIST_MAX)
		note("These are the newest %d.", LIST_MAX);
	return OK;
}

enum err
cli_outbox_retry(struct ctx *c, const struct given *in)
{
	struct uuid id;
	enum err e;

	if (!uuid_read(in->operands[0], &id))
		return say(ERR_USAGE,
		    "'%s' is no message's id. `doorward outbox list` shows "
		    "them.",
		    in->operands[0]);
	if ((e = store_outbox_retry(c, id)) == ERR_NOT_FOUND)
		return say(e, "This message is not dead, or has expired. "
			      "`doorward outbox list --state dead` shows those "
			      "that wait for you.");
	return e;
}
