/* SPDX-License-Identifier: ISC */
/* The keys that name a shop, or prove to be its server. */

#include "domain/inside.h"

#include <string.h>

enum { PREFIX_LEN = 8, NAME_MAX_POINTS = 100, RANDOM_MAX = 32 };

static const struct {
	const char *kind;
	const char *begins;
	size_t random; /* bytes */
} kinds[] = {
    {"publishable", "pk_", 24},
    {"secret", "sk_", 32},
};

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
key_revoke(struct ctx *c, void *with)
{
	struct key_draft *s = with;
	enum err e;

	if ((e = store_api_key_revoke(c, s->tenant, s->row.id)))
		return e;
	return store_audit(c, s->tenant, &s->audit);
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

enum err
key_draft(struct ctx *c, const char *kind, const char *name,
    struct key_draft *out, struct api_key_made *made)
{
	size_t at = kind_find(kind);
	struct digest *hash = arena_get(c->arena, sizeof(*hash));

	if (at == COUNT(kinds) || has_control(name) ||
	    !utf8_valid(name, strlen(name)) ||
	    utf8_count(name) > NAME_MAX_POINTS)
		return ERR_USAGE;
	made->key = key_make_text(c, at);
	made->id = uuid_make(c->now);
	*hash = digest_text(made->key.s);
	out->row = (struct api_key_row){
	    .id = made->id,
	    .kind = kind,
	    .name = name,
	    .prefix = arena_copy(c->arena, made->key.s, PREFIX_LEN),
	    .secret_hash = {hash->b, sizeof(hash->b)},
	    .scopes = "",
	};
	out->audit = audit_of(c, "api_key_created", made->id);
	return OK;
}

enum err
api_key_create(struct ctx *c, const struct tenant *tenant, const char *kind,
    const char *name, struct api_key_made *out)
{
	struct key_draft draft = {.tenant = tenant->id};
	enum err e;

	if ((e = key_draft(c, kind, name, &draft, out)))
		return e;
	return db_transaction(c, key_store, &draft);
}

enum err
api_key_revoke(struct ctx *c, const struct tenant *tenant, struct uuid id)
{
	struct key_draft draft = {.tenant = tenant->id};

	draft.row.id = id;
	draft.audit = audit_of(c, "api_key_revoked", id);
	return db_transaction(c, key_revoke, &draft);
}
