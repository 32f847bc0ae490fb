/* SPDX-License-Identifier: ISC */
/* doorward webhook: whom a shop wants told, and what became of it. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { LOG_MOST = 50, HEADERS_MAX = 4096 };

/* clang-format off */
static const char *const heading[] = {
	"id", "url", "events", "active", "#queued", "#dead", "created", NULL
};
static const char *const log_heading[] = {
	"id", "event", "at", "state", "#attempts", "next", "done", "why", NULL
};
static const char *const event_heading[] = { "event", "about", NULL };
/* clang-format on */

static const char *
number(struct ctx *c, int64_t n)
{
	return arena_print(c->arena, "%" PRId64, n);
}

/* Another shop's is none. */
static enum err
webhook_look(struct ctx *c, const struct given *in, struct uuid id)
{
	struct webhook *w;
	size_t n;
	enum err e;

	if ((e = store_webhook_list(c, &w, &n)))
		return e;
	for (; n > 0; n--, w++)
		if (uuid_equal(w->id, id))
			return OK;
	return say(ERR_NOT_FOUND,
	    "Shop %s has no webhook %s. `doorward webhook list %s` shows all.",
	    in->operands[0], in->operands[1], in->operands[0]);
}

/* Stands at the shop's door; *id is what the second operand names. */
static enum err
webhook_named(struct ctx *c, const struct given *in, struct uuid *id)
{
	const struct tenant *t;
	enum err e;

	if (!uuid_read(in->operands[1], id))
		return say(ERR_USAGE,
		    "'%s' is no webhook's id. `doorward webhook list %s` shows "
		    "them.",
		    in->operands[1], in->operands[0]);
	if ((e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	tenant_enter(c, t);
	return webhook_look(c, in, *id);
}

/*
 * Lines "Name: value"; NULL: no file was named. They may well be secrets, which
 * a command line would show to everybody on the machine.
 */
static enum err
headers_read(struct ctx *c, const char *path, const char **out)
{
	const char *why = NULL;
	char *lines;

	*out = NULL;
	if (path == NULL)
		return OK;
	if (file_read_secret(c->arena, path, HEADERS_MAX, &lines, &why))
		return say(ERR_USAGE, "%s: %s.", path, why);
	*out = lines;
	return OK;
}

enum err
cli_webhook_create(struct ctx *c, const struct given *in)
{
	struct webhook_new new = {.url = in->operands[1], .events = in->events};
	struct writer w = writer_new(c->arena);
	struct webhook_made made;
	const struct tenant *t;
	const char *why = NULL;
	enum err e;

	if ((e = headers_read(c, in->header_file, &new.headers)) ||
	    (e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	tenant_enter(c, t);
	e = webhook_create(c, &new, &made, &why);
	if (e == ERR_USAGE)
		return say(
		    e, "%s `doorward webhook events` lists all events.", why);
	if (e)
		return e;
	write_map(&w, NULL);
	write_uuid(&w, "id", made.id);
	write_secret(&w, "secret", made.secret);
	write_map_end(&w);
	puts(in->json ? writer_text(&w) : made.secret.s);
	note("This secret is shown only now; X-Signature is made with it. The "
	     "webhook's id is %s.",
	    uuid_text(c->arena, made.id));
	return OK;
}

enum err
cli_webhook_list(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, heading);
	const struct tenant *tenant;
	struct webhook *w;
	size_t n;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &tenant)))
		return e;
	tenant_enter(c, tenant);
	if ((e = store_webhook_list(c, &w, &n)))
		return e;
	for (; n > 0; n--, w++)
		table_add(&t, (const char *[]){uuid_text(c->arena, w->id),
				  w->url, w->events, w->active ? "yes" : "no",
				  number(c, w->queued), number(c, w->dead),
				  table_time(c->arena, w->created_at)});
	table_print(&t, in->json);
	return OK;
}

enum err
cli_webhook_events(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, event_heading);
	const struct webhook_event_kind *k;

	for (k = webhook_event_kinds; k->name; k++)
		table_add(&t, (const char *[]){k->name, k->about});
	table_print(&t, in->json);
	return OK;
}

/* NULL is any. */
static bool
is_state(const char *s)
{
	return !s || !strcmp(s, "queued") || !strcmp(s, "sent") ||
	       !strcmp(s, "dead");
}

enum err
cli_webhook_log(struct ctx *c, const struct given *in)
{
	struct webhook_filter f = {.state = in->state, .most = LOG_MOST};
	struct table t = table_new(c->arena, log_heading);
	struct webhook_event *ev;
	size_t n;
	enum err e;

	if (!is_state(f.state))
		return say(ERR_USAGE,
		    "'%s' is no state: these are queued, sent and dead.",
		    f.state);
	if ((e = webhook_named(c, in, &f.webhook)) ||
	    (e = store_webhook_log(c, &f, &ev, &n)))
		return e;
	for (; n > 0; n--, ev++)
		table_add(&t, (const char *[]){uuid_text(c->arena, ev->id),
				  ev->event, table_time(c->arena, ev->at),
				  ev->state, number(c, ev->attempts),
				  strcmp(ev->state, "queued") == 0
				      ? table_time(c->arena, ev->next_at)
				      : NULL,
				  table_time(c->arena, ev->done_at), ev->why});
	table_print(&t, in->json);
	return OK;
}

enum err
cli_webhook_test(struct ctx *c, const struct given *in)
{
	struct uuid id;
	enum err e;

	if ((e = webhook_named(c, in, &id)) ||
	    (e = store_webhook_tell(c, id, "webhook.test")))
		return e;
	note("Queued. `doorward webhook log %s %s` shows what became of it.",
	    in->operands[0], in->operands[1]);
	return OK;
}

enum err
cli_webhook_retry(struct ctx *c, const struct given *in)
{
	struct uuid id;
	uint64_t n;
	enum err e;

	if ((e = webhook_named(c, in, &id)) || (e = webhook_retry(c, id, &n)))
		return e;
	note("%" PRIu64 " queued again.", n);
	return OK;
}

static enum err
active_set(struct ctx *c, const struct given *in, bool active)
{
	struct uuid id;
	enum err e;

	if ((e = webhook_named(c, in, &id)))
		return e;
	if ((e = webhook_active(c, id, active)) == ERR_NOT_FOUND)
		return say(
		    e, "It is %s already.", active ? "enabled" : "disabled");
	return e;
}

enum err
cli_webhook_enable(struct ctx *c, const struct given *in)
{
	return active_set(c, in, true);
}

enum err
cli_webhook_disable(struct ctx *c, const struct given *in)
{
	return active_set(c, in, false);
}

enum err
cli_webhook_delete(struct ctx *c, const struct given *in)
{
	struct uuid id;
	enum err e;

	if ((e = webhook_named(c, in, &id)))
		return e;
	return webhook_remove(c, id);
}
