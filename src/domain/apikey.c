/* SPDX-License-Identifier: ISC */
/* The keys that name a shop, or prove to be its server. */

#include "domain/inside.h"

#include <string.h>

enum {
	PREFIX_LEN = 8,
	NAME_MAX_POINTS = 100,
	RANDOM_MAX = 32,
	SOURCE_MAX = 32,
	LIST_MAX = 1000, /* bytes of scopes, and of networks */
	PER_MINUTE_MAX = 1000000
};

#define SOURCE_BYTES "abcdefghijklmnopqrstuvwxyz0123456789-"

/* clang-format off */
static const struct {
	const char	*kind;
	const char	*begins;
	size_t		 random;	/* bytes */
	const char	*scopes;	/* where none are named */
} kinds[] = {
	{ "publishable", "pk_", 24, "" },
	{ "secret",	 "sk_", 32, "" },
	{ "partner",	 "pt_", 32, SCOPE_SIGN_IN " " SCOPE_CHANNEL },
};
/* clang-format on */

enum err
key_store(struct ctx *c, void *with)
{
	struct key_draft *s = with;
	enum err e;

	if ((e = store_api_key_add(c, s->tenant, &s->row)))
		return e;
	return store_audit(c, s->tenant, &s->audit);
}

static enum err
key_turn(struct ctx *c, void *with)
{
	struct key_draft *s = with;
	enum err e;

	e = store_api_key_status(c, s->tenant, s->row.id, s->row.status);
	return e ? e : store_audit(c, s->tenant, &s->audit);
}

static size_t
kind_find(const char *kind)
{
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			break;
	return i;
}

static struct secret
key_make_text(struct ctx *c, size_t kind)
{
	unsigned char random[RANDOM_MAX];
	struct secret key;

	world_random(random, sizeof(random));
	key.s = arena_print(c->arena, "%s%s", kinds[kind].begins,
	    base64url_text(c->arena, random, kinds[kind].random));
	wipe(random, sizeof(random));
	return key;
}

/* A merchant's own account, where one is at the door; else the operator. */
static struct audit
audit_of(struct ctx *c, const char *event, struct uuid id)
{
	return (struct audit){.event = event,
	    .ok = true,
	    .actor = c->who ? merchant_actor(c, &c->who->customer) : "operator",
	    .detail = uuid_text(c->arena, id)};
}

/* ---- making one ------------------------------------------------------------ */

static bool
is_name(const char *s)
{
	return !has_control(s) && utf8_valid(s, strlen(s)) &&
	       utf8_count(s) <= NAME_MAX_POINTS;
}

static bool
is_source(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= SOURCE_MAX && s[0] != '-' &&
	       strspn(s, SOURCE_BYTES) == n;
}

static const char *
source_fault(const struct api_key_new *k)
{
	bool partner = strcmp(k->kind, "partner") == 0;

	if (!partner && k->source != NULL)
		return "Only a partner's key has a source.";
	if (partner && (k->source == NULL || !is_source(k->source)))
		return "A partner's key needs its source: at most 32 of a-z, "
		       "0-9 and -.";
	return NULL;
}

/* NULL, or what is wrong with it. */
static const char *
new_fault(struct ctx *c, const struct api_key_new *k)
{
	const char *list = k->scopes ? k->scopes : "";
	const char *networks = k->networks ? k->networks : "", *why;

	if (kind_find(k->kind) == COUNT(kinds))
		return "The kind is publishable, secret or partner.";
	if (!is_name(k->name))
		return "The name has at most 100 characters.";
	if (strlen(list) > LIST_MAX || strlen(networks) > LIST_MAX)
		return "Scopes and networks have at most 1000 bytes.";
	if ((why = source_fault(k)) != NULL ||
	    (why = scopes_fault(c->arena, list, k->kind)) != NULL)
		return why;
	if (!ip_networks_valid(networks))
		return "The networks are no list of a.b.c.d/n and x::/n.";
	if (k->per_minute < 0 || k->per_minute > PER_MINUTE_MAX)
		return "It may be used up to 1000000 times a minute.";
	if (k->expires_at != 0 && k->expires_at <= c->now)
		return "It would have expired already.";
	return NULL;
}

enum err
key_draft(struct ctx *c, const struct api_key_new *new, struct key_draft *out,
    struct api_key_made *made, const char **why)
{
	struct digest *hash = arena_get(c->arena, sizeof(*hash));
	size_t at = kind_find(new->kind);

	if ((*why = new_fault(c, new)) != NULL)
		return ERR_USAGE;
	made->key = key_make_text(c, at);
	made->id = uuid_make(c->now);
	*hash = digest_text(made->key.s);
	out->row = (struct api_key_row){
	    .id = made->id,
	    .kind = new->kind,
	    .name = new->name,
	    .prefix = arena_copy(c->arena, made->key.s, PREFIX_LEN),
	    .secret_hash = {hash->b, sizeof(hash->b)},
	    .scopes = new->scopes ? new->scopes : kinds[at].scopes,
	    .source = new->source,
	    .networks = new->networks,
	    .per_minute = new->per_minute,
	    .expires_at = new->expires_at,
	};
	out->audit = audit_of(c, "api_key_created", made->id);
	return OK;
}

enum err
api_key_create(struct ctx *c, const struct tenant *tenant,
    const struct api_key_new *new, struct api_key_made *out, const char **why)
{
	struct key_draft draft = {.tenant = tenant->id};
	enum err e;

	if ((e = key_draft(c, new, &draft, out, why)))
		return e;
	return db_transaction(c, key_store, &draft);
}

/* ---- what becomes of it -------------------------------------------------------- */

enum err
api_key_status(struct ctx *c, const struct tenant *tenant, struct uuid id,
    const char *status)
{
	struct key_draft draft = {.tenant = tenant->id};

	draft.row.id = id;
	draft.row.status = status;
	draft.audit =
	    audit_of(c, arena_print(c->arena, "api_key_%s", status), id);
	return db_transaction(c, key_turn, &draft);
}

const char *
api_key_standing(const struct ctx *c, const struct api_key_row *k)
{
	bool active = strcmp(k->status, "active") == 0;

	return active && k->expires_at != 0 && k->expires_at <= c->now
		   ? "expired"
		   : k->status;
}
