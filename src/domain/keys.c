/* SPDX-License-Identifier: ISC */
/* Signing keys, and the ring of parsed ones that a worker keeps. */

#include "domain/inside.h"

#include <string.h>

enum { KID_MAC_LEN = 6, KID_LEN = 1 + 16 + KID_MAC_LEN };

#define RING_GONE_MS (5 * SECOND_MS)

/* kid: master version, the row's id, and a MAC that shows we made it. */
static enum err
kid_bytes(struct ctx *c, int64_t version, const struct uuid *id,
    unsigned char out[KID_LEN])
{
	unsigned char key[KEY_LEN];
	struct bytes part = MAC_UUID(*id);
	struct digest mac;
	enum err e;

	if ((e = house_derive(c, version, "kid", key)))
		return e;
	mac = mac_parts(key, &part, 1);
	wipe(key, sizeof(key));
	out[0] = (unsigned char)version;
	memcpy(out + 1, id->b, 16);
	memcpy(out + 17, mac.b, KID_MAC_LEN);
	return OK;
}

/* Of a master key that is not here it may be: the database knows. */
static bool
kid_may_be_ours(struct ctx *c, const char *kid)
{
	unsigned char *given, made[KID_LEN];
	struct uuid id;
	size_t n;
	enum err e;

	given = base64url_read(c->arena, kid, strlen(kid), &n);
	if (given == NULL || n != KID_LEN || given[0] == 0)
		return false;
	memcpy(id.b, given + 1, sizeof(id.b));
	e = kid_bytes(c, given[0], &id, made);
	return e == ERR_SEALED || (!e && bytes_equal(given, made, KID_LEN));
}

/* Does this one sign for longer than a new one is only published? */
static bool
key_bridges(const struct ctx *c, const struct signing_key_row *key)
{
	return key->retires_at == 0 ||
	       key->retires_at >
		   c->now + KEY_SIGNS_AFTER_MS + RING_READ_AGAIN_MS;
}

enum err
signing_key_draft(struct ctx *c, struct uuid tenant, enum alg alg,
    struct signing_key_row *row)
{
	const struct master *m = house_master(c);
	struct signing_key_row other;
	unsigned char bytes[KID_LEN];
	struct bytes material = key_make(c->arena, alg);
	enum err e;

	if (material.p == NULL)
		return fail(c, ERR_INTERNAL, "no keys of %s", alg_name(alg));
	*row = (struct signing_key_row){.tenant = tenant};
	row->id = uuid_make(c->now);
	if ((e = kid_bytes(c, m->list[m->newest].version, &row->id, bytes)))
		return e;
	row->kid = base64url_text(c->arena, bytes, sizeof(bytes));
	row->alg = alg_name(alg);
	row->material = seal(c->arena, m, SEAL_AT("signing key", &row->id),
	    material.p, material.n);
	e = store_signing_key_current(c, tenant, row->alg, &other);
	if (e && e != ERR_NOT_FOUND)
		return e;
	row->created_at = c->now;
	row->signs_from = c->now;
	if (!e && key_bridges(c, &other))
		row->signs_from += KEY_SIGNS_AFTER_MS;
	return OK;
}

enum err
signing_key_create(
    struct ctx *c, struct uuid tenant, enum alg alg, const char **kid)
{
	struct signing_key_row row;
	enum err e;

	if ((e = signing_key_draft(c, tenant, alg, &row)))
		return e;
	*kid = row.kid;
	return store_signing_key_add(c, &row);
}

static void
slot_clear(struct ring_slot *slot)
{
	if (slot->key != NULL)
		key_free(slot->key);
	*slot = (struct ring_slot){0};
}

/* Parse it, in the place of whatever was there. */
static enum err
slot_parse(
    struct ctx *c, struct ring_slot *slot, const struct signing_key_row *row)
{
	struct bytes material;
	enum alg alg;
	enum err e;

	slot_clear(slot);
	if (!alg_read(row->alg, &alg) || strlen(row->kid) > KID_MAX)
		return fail(c, ERR_INTERNAL, "signing key %s", row->kid);
	if ((e = house_unseal(c, SEAL_AT("signing key", &row->id),
		 row->material, &material)) ||
	    (e = key_load(alg, material, &slot->key)))
		return fail(c, e, "signing key %s", row->kid);
	memcpy(slot->kid, row->kid, strlen(row->kid) + 1);
	slot->pub = (struct ring_key){
	    slot->kid, row->tenant, slot->key, 0, ++c->house->turns};
	slot->sealed = digest_sha256(row->material.p, row->material.n);
	return OK;
}

/* The same row again needs no second parsing: only its end may be new. */
static enum err
slot_fill(
    struct ctx *c, struct ring_slot *slot, const struct signing_key_row *row)
{
	struct digest sealed = digest_sha256(row->material.p, row->material.n);
	enum err e;

	if ((slot->key == NULL || strcmp(slot->kid, row->kid) != 0 ||
		!uuid_equal(slot->pub.tenant, row->tenant) ||
		!digest_equal(&slot->sealed, &sealed)) &&
	    (e = slot_parse(c, slot, row)))
		return e;
	slot->pub.retires_at = row->retires_at;
	slot->read_at = c->now;
	return OK;
}

/* Has its end come since it was read? */
static bool
slot_retired(const struct ctx *c, const struct ring_slot *slot)
{
	return slot->pub.retires_at != 0 && slot->pub.retires_at <= c->now;
}

/* Read less than so long ago, and not from a time to come? */
static bool
slot_fresh(const struct ctx *c, const struct ring_slot *slot, int64_t ms)
{
	return slot->read_at <= c->now && c->now - slot->read_at < ms;
}

/* Has its tenant changed since, as far as we know of it? */
static bool
slot_outdated(const struct ctx *c, const struct ring_slot *slot)
{
	return c->tenant != NULL &&
	       uuid_equal(c->tenant->id, slot->pub.tenant) &&
	       c->tenant->updated_at != slot->tenant_at;
}

enum err
ring_current(struct ctx *c, struct uuid tenant, enum alg alg,
    const struct ring_key **out)
{
	unsigned at =
	    (tenant.b[14] * 2U + tenant.b[15] * 31U + (alg == ALG_ES256)) %
	    RING_SLOTS;
	struct ring_slot *slot = &c->house->sign[at];
	struct signing_key_row row;
	enum err e;

	if (slot->key == NULL || key_alg(slot->key) != alg ||
	    !uuid_equal(slot->pub.tenant, tenant) || slot_retired(c, slot) ||
	    slot_outdated(c, slot) ||
	    !slot_fresh(c, slot, RING_READ_AGAIN_MS)) {
		e = store_signing_key_current(c, tenant, alg_name(alg), &row);
		if (e == ERR_NOT_FOUND)
			return fail(c, ERR_INTERNAL, "no %s key signs yet",
			    alg_name(alg));
		if (e || (e = slot_fill(c, slot, &row)))
			return e;
		if (c->tenant != NULL && uuid_equal(c->tenant->id, tenant))
			slot->tenant_at = c->tenant->updated_at;
	}
	*out = &slot->pub;
	return OK;
}

/*
 * What a kid that is no longer there leaves behind, for five seconds; but no
 * other key that is in use makes room for it.
 */
static void
slot_gone(struct ctx *c, struct ring_slot *slot, const char *kid)
{
	if (slot->key != NULL && strcmp(slot->kid, kid) != 0 &&
	    slot_fresh(c, slot, RING_READ_AGAIN_MS))
		return;
	slot_clear(slot);
	memcpy(slot->kid, kid, strlen(kid) + 1);
	slot->read_at = c->now;
}

enum err
ring_find(struct ctx *c, const char *kid, const struct ring_key **out)
{
	struct digest hash = digest_text(kid);
	struct ring_slot *slot = &c->house->verify[hash.b[0] % RING_SLOTS];
	struct signing_key_row row;
	bool known = strcmp(slot->kid, kid) == 0;
	enum err e;

	if (known && slot->key == NULL && slot_fresh(c, slot, RING_GONE_MS))
		return fail(c, ERR_TOKEN_INVALID, "kid is gone");
	if (!known || slot->key == NULL || slot_retired(c, slot) ||
	    !slot_fresh(c, slot, RING_READ_AGAIN_MS)) {
		if (strlen(kid) > KID_MAX || !kid_may_be_ours(c, kid))
			return fail(c, ERR_TOKEN_INVALID, "kid is not ours");
		e = store_signing_key_by_kid(c, kid, &row);
		if (e == ERR_NOT_FOUND) {
			slot_gone(c, slot, kid);
			return fail(c, ERR_TOKEN_INVALID, "kid is gone");
		}
		if (e || (e = slot_fill(c, slot, &row)))
			return e;
	}
	*out = &slot->pub;
	return OK;
}

enum err
signing_key_try(struct ctx *c, const struct signing_key_row *row)
{
	struct ring_slot slot = {.key = NULL};
	unsigned char sig[64];
	enum err e;

	if (!(e = slot_fill(c, &slot, row)) &&
	    !(e = key_sign(slot.key, row->kid, strlen(row->kid), sig)) &&
	    !key_verify(slot.key, row->kid, strlen(row->kid), sig, sizeof(sig)))
		e = fail(c, ERR_INTERNAL, "signing key %s signs nothing good",
		    row->kid);
	slot_clear(&slot);
	return e;
}

void
ring_close(struct house *h)
{
	size_t i;

	for (i = 0; i < RING_SLOTS; i++) {
		slot_clear(&h->verify[i]);
		slot_clear(&h->sign[i]);
	}
}
