/* SPDX-License-Identifier: ISC */
/* The keys that name a shop, or prove to be its server. */

#include <string.h>

#include "domain/domain.h"

enum { PREFIX_LEN = 8, NAME_MAX_POINTS = 100, RANDOM_MAX = 32 };

static const struct {
	const char *kind;
	const char *begins;
	size_t random; /* bytes */
} kinds[] = {
    {"publishable", "pk_", 24},
    {"secret", "sk_", 32},
};

/* One key as it is stored, and for whom. */
struct storing {
	struct uuid tenant;
	struct api_key_row row;
	struct audit audit;
};

static enum err
key_store(struct ctx *c, void *with)
{
	struct storing *s = with;
	enum err e;

	if ((e = store_api_key_add(c, s->tenant, &s->row)))
		return e;
	return store_audit(c, s->tenant, &s->audit);
}

static enum err
key_revoke(struct ctx *c, void *with)
{
	struct storing *s = with;
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

static struct audit
audit_of(struct ctx *c, const char *event, struct uuid id)
{
	return (struct audit){
	    .event = event,
	    .ok = true,
	    .actor = "operator",
	    .detail = uuid_text(c->arena, id),
	};
}

enum err
api_key_create(struct ctx *c, const struct tenant *tenant, const char *kind,
    const char *name, struct api_key_made *out)
{
	struct storing s = {.tenant = tenant->id};
	size_t at = kind_find(kind);
	struct digest hash;

	if (at == COUNT(kinds) || has_control(name) ||
	    !utf8_valid(name, strlen(name)) ||
	    utf8_count(name) > NAME_MAX_POINTS)
		return ERR_USAGE;
	out->key = key_make_text(c, at);
	out->id = uuid_make(c->now);
	hash = digest_text(out->key.s);
	s.row = (struct api_key_row){
	    .id = out->id,
	    .kind = kind,
	    .name = name,
	    .prefix = arena_copy(c->arena, out->key.s, PREFIX_LEN),
	    .secret_hash = {hash.b, sizeof(hash.b)},
	    .scopes = "",
	};
	s.audit = audit_of(c, "api_key_created", out->id);
	return db_transaction(c, key_store, &s);
}

enum err
api_key_revoke(struct ctx *c, const struct tenant *tenant, struct uuid id)
{
	struct storing s = {.tenant = tenant->id};

	s.row.id = id;
	s.audit = audit_of(c, "api_key_revoked", id);
	return db_transaction(c, key_revoke, &s);
}
