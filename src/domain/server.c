/* SPDX-License-Identifier: ISC */
/* Who calls with a secret key or a partner's token: servers, not people. */

#include "domain/inside.h"

#include <string.h>

#define USED_LEAST_MS MINUTE_MS

/* ---- is it good here? --------------------------------------------------------- */

static const char *
fault_of(struct ctx *c, const struct api_key_row *k, const char *kind,
    const char *id)
{
	struct uuid named;
	struct ip ip;

	if (strcmp(k->kind, kind) != 0)
		return "of another kind";
	if (strcmp(k->status, "active") != 0)
		return k->status;
	if (k->expires_at != 0 && k->expires_at <= c->now)
		return "expired";
	if (id != NULL && (!uuid_read(id, &named) || !uuid_equal(named, k->id)))
		return "under another id";
	if (k->networks[0] != '\0' &&
	    (!ip_read(c->address, &ip) || !ip_in(&ip, k->networks)))
		return "from a foreign network";
	return NULL;
}

/*
 * The first ones of a minute, enough to look odd (odd.c): who has a leaked key
 * must not fill the trail.
 */
static enum err
refusal_note(struct ctx *c, const struct server *s, const char *why)
{
	struct audit audit = {
	    .event = "key_refused", .actor = server_actor(c, s), .detail = why};
	bool often;
	enum err e;

	if ((e = limit_noted(c, s->id, &often)) || often)
		return e;
	return store_audit(c, s->tenant->id, &audit);
}

/*
 * A key of ours was sent where it is not good: somebody should know. To who
 * sent it this is an unknown key, and its owner's limit is not touched.
 */
static enum err
refuse_known(struct ctx *c, const struct server *s, const char *why)
{
	const struct tenant *tenant = c->tenant;
	const char *log_tenant = c->log_tenant;
	struct uuid id = c->tenant_id;
	enum err e;

	tenant_enter(c, s->tenant);
	if (!(e = refusal_note(c, s, why)) && !(e = limit_wrong(c)))
		e = fail(c, ERR_KEY_WRONG, "a key %s", why);
	c->tenant = tenant;
	c->tenant_id = id;
	c->log_tenant = log_tenant;
	return e;
}

static enum err
refuse_unknown(struct ctx *c)
{
	enum err e = limit_wrong(c);

	return e ? e : fail(c, ERR_KEY_WRONG, "an unknown key");
}

enum err
server_admit(struct ctx *c, const char *kind, const char *id, struct secret key)
{
	struct digest hash = digest_text(key.s);
	struct server *s = arena_get(c->arena, sizeof(*s));
	struct api_key_found found = {.tenant.key_id = {{0}}};
	const char *why;
	enum err e;

	e = store_api_key_find(c, (struct bytes){hash.b, DIGEST_LEN}, &found);
	if (e == ERR_NOT_FOUND)
		return refuse_unknown(c);
	if (e || (e = tenant_from_row(c, &found.tenant, &s->tenant)))
		return e;
	s->id = found.key.id;
	s->kind = found.key.kind;
	s->name = found.key.name;
	s->scopes = found.key.scopes;
	s->source = found.key.source;
	s->per_minute = found.key.per_minute;
	s->expires_at = found.key.expires_at;
	if ((why = fault_of(c, &found.key, kind, id)) != NULL)
		return refuse_known(c, s, why);
	c->server = s;
	return OK;
}

/* ---- what it may do -------------------------------------------------------------- */

const char *
server_actor(struct ctx *c, const struct server *s)
{
	return arena_print(c->arena, "key:%s", uuid_text(c->arena, s->id));
}

enum err
server_may(struct ctx *c, const char *scope)
{
	struct audit audit = {.event = "scope_refused", .detail = scope};
	enum err e;

	if (scopes_hold(c->server->scopes, scope))
		return OK;
	audit.actor = server_actor(c, c->server);
	if ((e = store_audit(c, c->server->tenant->id, &audit)))
		return e;
	return fail(c, ERR_FORBIDDEN, "the key has no scope %s", scope);
}

enum err
server_speaks_for(struct ctx *c, const char *address)
{
	struct server *s = arena_get(c->arena, sizeof(*s));
	struct ip ip;
	enum err e;

	if ((e = limit_key(c, c->server)) ||
	    (e = server_may(c, SCOPE_CLIENT_ADDRESS)))
		return e;
	if (!ip_read(address, &ip))
		return fail(c, ERR_BAD_REQUEST, "X-Client-Address is none");
	*s = *c->server;
	s->names_client = true;
	c->server = s;
	c->address = ip_text(c->arena, &ip);
	return OK;
}

/* ---- when it was used last --------------------------------------------------------- */

void
server_used(struct ctx *c)
{
	const struct tenant *t = c->server ? c->server->tenant : c->tenant;
	struct uuid id, none = {{0}};
	struct key_use *use;

	if (t == NULL)
		return;
	id = c->server ? c->server->id : t->key_id;
	if (uuid_equal(id, none))
		return;
	use = &c->house->used[id.b[15] % KEYS_USED];
	if (uuid_equal(use->id, id) && use->at <= c->now &&
	    c->now - use->at < USED_LEAST_MS)
		return;
	if (!store_api_key_used(c, t->id, id, USED_LEAST_MS))
		*use = (struct key_use){id, c->now};
}
