/* SPDX-License-Identifier: ISC */
/* What anybody may know of a tenant's keys: the public halves. */

#include "domain/inside.h"

#include <string.h>

static enum err
tenant_by_text(struct ctx *c, const char *text, const struct tenant **out)
{
	struct tenant_row row;
	struct uuid id;
	enum err e;

	if (!uuid_read(text, &id))
		return fail(c, ERR_NOT_FOUND, "not an id");
	e = store_tenant_by_id(c, id, &row);
	if (e == ERR_NOT_FOUND)
		return fail(c, e, "no such tenant");
	return e ? e : tenant_from_row(c, &row, out);
}

enum err
jwks_tenant(struct ctx *c, const char *id, const struct tenant **out)
{
	enum err e = id ? tenant_by_text(c, id, out) : tenant_platform(c, out);

	if (e == ERR_TENANT_UNKNOWN)
		return ERR_NOT_FOUND;
	if (!e && (*out)->suspended)
		return fail(c, ERR_NOT_FOUND, "the tenant is suspended");
	return e;
}

static enum err
public_read(
    struct ctx *c, const struct signing_key_row *row, struct public_key *out)
{
	struct sign_key *key = NULL;
	struct bytes material;
	enum err e;

	if ((e = house_unseal(c, SEAL_AT("signing key", &row->id),
		 row->material, &material)) ||
	    (e = key_load(ALG_ES256, material, &key)))
		return fail(c, e, "signing key %s", row->kid);
	out->kid = row->kid;
	out->alg = row->alg;
	e = key_public(c->arena, key, &out->x, &out->y);
	key_free(key);
	return e;
}

enum err
jwks_list(
    struct ctx *c, const struct tenant *t, struct public_key **out, size_t *n)
{
	struct signing_key_row *rows;
	size_t i, all;
	enum err e;

	*n = 0;
	if ((e = store_signing_key_published(
		 c, t->id, alg_name(ALG_ES256), &rows, &all)))
		return e;
	*out = arena_list(c->arena, all, sizeof(**out));
	for (i = 0; i < all; i++) {
		e = public_read(c, &rows[i], &(*out)[*n]);
		if (e && e != ERR_SEALED)
			return e;
		*n += e == OK;
	}
	return *n == 0 && all > 0 ? ERR_SEALED : OK;
}
