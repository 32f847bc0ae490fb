/* SPDX-License-Identifier: ISC */
/* Webhooks: whom a shop wants told of what. */

#include "delivery/delivery.h"
#include "domain/inside.h"

#include <string.h>

enum {
	URL_MAX = 2048,
	EVENTS_BYTES = 500,
	HEADERS_BYTES = 2000,
	SECRET_BYTES = 32
};

/* clang-format off */
const struct webhook_event_kind webhook_event_kinds[] = {
	{ "customer.created",	"Somebody was there for the first time." },
	{ "customer.updated",	"A profile, a mail address, a number or a status changed." },
	{ "customer.signed_in",	"A session was opened." },
	{ "customer.deleted",	"All that was kept of them is gone." },
	{ "session.revoked",	"A session ended before its time." },
	{ "session.merged",	"A guest signed in, and their cart is the customer's." },
	{ .name = NULL }
};
/* clang-format on */

/* ---- making one -------------------------------------------------------------- */

static bool
is_event(const char *s, size_t n)
{
	const struct webhook_event_kind *k;

	for (k = webhook_event_kinds; k->name; k++)
		if (strlen(k->name) == n && strncmp(k->name, s, n) == 0)
			return true;
	return false;
}

static const char *
events_fault(struct ctx *c, const char *list)
{
	size_t n;

	if (strlen(list) > EVENTS_BYTES)
		return "A list of events has at most 500 bytes.";
	for (;; list += n + 1) {
		n = strcspn(list, ",");
		if (!is_event(list, n))
			return arena_print(c->arena, "There is no event '%s'.",
			    arena_copy(c->arena, list, n));
		if (list[n] == '\0')
			return NULL;
	}
}

/* Names, or beginnings of names, that are ours or the connection's. */
static const char *const headers_of_ours[] = {"content-",
    "host:", "x-signature:", "x-webhook-id:", "transfer-encoding:",
    "connection:", "expect:"};

static bool
is_header(const char *line)
{
	size_t i, n = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789-_");

	if (n == 0 || line[n] != ':' || has_control(line))
		return false;
	for (i = 0; i < COUNT(headers_of_ours); i++)
		if (strncasecmp(line, headers_of_ours[i],
			strlen(headers_of_ours[i])) == 0)
			return false;
	return true;
}

void
webhook_headers(struct ctx *c, char *lines, struct net_header *out)
{
	size_t n = 0;
	char *line, *colon;

	while ((line = strsep(&lines, "\n")) != NULL && n < WEBHOOK_HEADERS) {
		if ((colon = strchr(line, ':')) == NULL)
			continue;
		out[n++] = (struct net_header){
		    arena_copy(c->arena, line, (size_t)(colon - line)),
		    colon + 1 + strspn(colon + 1, " ")};
	}
	out[n] = (struct net_header){NULL, NULL};
}

/* "Name: value" lines, of names that are not ours. */
static const char *
headers_fault(struct ctx *c, const char *lines)
{
	char *rest = arena_text(c->arena, lines), *line;
	size_t n = 0;

	if (strlen(lines) > HEADERS_BYTES)
		return "Headers have at most 2000 bytes.";
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (!is_header(line))
			return "Headers are lines 'Name: value', and none of "
			       "them is X-Signature, X-Webhook-Id, Host, "
			       "Content-* or the connection's.";
		if (++n > WEBHOOK_HEADERS)
			return "There are at most 16 headers.";
	}
	return NULL;
}

/* Whose password would be shown in lists. */
static bool
names_user(const char *url)
{
	const char *host = strstr(url, "://");

	return host && memchr(host + 3, '@', strcspn(host + 3, "/?#"));
}

/* By the rule of those who will send it. */
static const char *
sending_fault(struct ctx *c, const struct webhook_new *new)
{
	struct net_header *headers =
	    arena_list(c->arena, WEBHOOK_HEADERS + 1, sizeof(*headers));
	struct outbound o = {.url = new->url, .headers = headers};
	const char *why;

	if (new->headers)
		webhook_headers(c, arena_text(c->arena, new->headers), headers);
	if ((why = outbound_bad(c, &o)) == NULL)
		return NULL;
	return arena_print(c->arena, "It could never be told: %s.", why);
}

static const char *
new_fault(struct ctx *c, const struct webhook_new *new)
{
	const char *why;

	if (strlen(new->url) > URL_MAX || has_control(new->url) ||
	    strchr(new->url, ' '))
		return "A URL has at most 2048 bytes, and no blank.";
	if (names_user(new->url))
		return "A URL has no user and password: a header may have.";
	if ((why = outbound_fault(c->arena, c->conf, "URL", new->url)))
		return arena_print(c->arena, "The %s.", why);
	if (new->events && (why = events_fault(c, new->events)))
		return why;
	if (new->headers && (why = headers_fault(c, new->headers)))
		return why;
	return sending_fault(c, new);
}

static const char *
events_all(struct ctx *c)
{
	const struct webhook_event_kind *k;
	struct text list = text_new(c->arena);

	for (k = webhook_event_kinds; k->name; k++) {
		text_add(&list, list.len ? "," : "");
		text_add(&list, k->name);
	}
	return list.s;
}

/* What is stored, and what the trail says of it. */
struct task {
	struct webhook row;
	struct audit audit;
	uint64_t n;
};

static void
audit_set(struct ctx *c, struct task *t, const char *event, struct uuid id)
{
	t->row.id = id;
	t->audit = (struct audit){.event = event,
	    .ok = true,
	    .actor = "operator",
	    .detail = uuid_text(c->arena, id)};
}

static enum err
add(struct ctx *c, void *with)
{
	struct task *t = with;
	enum err e;

	if ((e = store_webhook_add(c, &t->row)))
		return e;
	return store_audit(c, c->tenant_id, &t->audit);
}

static struct secret
secret_make(struct ctx *c)
{
	unsigned char random[SECRET_BYTES];
	struct secret out;

	world_random(random, sizeof(random));
	out.s = arena_print(c->arena, "whsec_%s",
	    base64url_text(c->arena, random, sizeof(random)));
	wipe(random, sizeof(random));
	return out;
}

enum err
webhook_create(struct ctx *c, const struct webhook_new *new,
    struct webhook_made *out, const char **why)
{
	const struct master *m = house_master(c);
	struct task t = {.n = 0};

	if ((*why = new_fault(c, new)))
		return ERR_USAGE;
	out->id = uuid_make(c->now);
	out->secret = secret_make(c);
	audit_set(c, &t, "webhook_created", out->id);
	t.row.url = new->url;
	t.row.events = new->events ? new->events : events_all(c);
	t.row.secret = seal(c->arena, m, SEAL_AT("webhook secret", &out->id),
	    out->secret.s, strlen(out->secret.s));
	if (new->headers)
		t.row.headers =
		    seal(c->arena, m, SEAL_AT("webhook headers", &out->id),
			new->headers, strlen(new->headers));
	return db_transaction(c, add, &t);
}

/* ---- what becomes of it ---------------------------------------------------------- */

static enum err
turn(struct ctx *c, void *with)
{
	struct task *t = with;
	enum err e;

	if ((e = store_webhook_active(c, t->row.id, t->row.active)))
		return e;
	return store_audit(c, c->tenant_id, &t->audit);
}

enum err
webhook_active(struct ctx *c, struct uuid id, bool active)
{
	struct task t = {.n = 0};

	audit_set(c, &t, active ? "webhook_enabled" : "webhook_disabled", id);
	t.row.active = active;
	return db_transaction(c, turn, &t);
}

static enum err
take_away(struct ctx *c, void *with)
{
	struct task *t = with;
	enum err e;

	if ((e = store_webhook_remove(c, t->row.id)))
		return e;
	return store_audit(c, c->tenant_id, &t->audit);
}

enum err
webhook_remove(struct ctx *c, struct uuid id)
{
	struct task t = {.n = 0};

	audit_set(c, &t, "webhook_deleted", id);
	return db_transaction(c, take_away, &t);
}

static enum err
again(struct ctx *c, void *with)
{
	struct task *t = with;
	enum err e;

	if ((e = store_webhook_retry(c, t->row.id, &t->n)) ||
	    (e = store_webhook_afresh(c, t->row.id)))
		return e;
	return store_audit(c, c->tenant_id, &t->audit);
}

enum err
webhook_retry(struct ctx *c, struct uuid id, uint64_t *n)
{
	struct task t = {.n = 0};
	enum err e;

	audit_set(c, &t, "webhook_retried", id);
	e = db_transaction(c, again, &t);
	*n = t.n;
	return e;
}
