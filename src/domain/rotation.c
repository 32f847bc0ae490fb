/* SPDX-License-Identifier: ISC */
/* Signing keys turn: a successor in time, an end when nobody needs them. */

#include "domain/inside.h"

#include <string.h>

enum { TENANTS_A_PAGE = 500 };

static enum err
key_audit(struct ctx *c, struct uuid tenant, const char *actor,
    const char *event, const char *kid)
{
	const struct audit audit = {
	    .event = event, .ok = true, .actor = actor, .detail = kid};

	return store_audit(c, tenant, &audit);
}

static bool
key_ended(const struct ctx *c, const struct signing_key_row *k)
{
	return k->retires_at != 0 && k->retires_at <= c->now;
}

/* Till when one of those with an end signs that sign by now. */
static int64_t
last_end(const struct ctx *c, const struct signing_key_row *list, size_t n,
    enum alg alg)
{
	int64_t end = c->now;

	for (; n > 0; n--, list++)
		if (strcmp(list->alg, alg_name(alg)) == 0 &&
		    list->signs_from <= c->now && list->retires_at > end)
			end = list->retires_at;
	return end;
}

bool
signing_key_lasts(const struct ctx *c, const struct signing_key_row *list,
    size_t n, enum alg alg)
{
	int64_t end = last_end(c, list, n, alg);

	for (; n > 0; n--, list++)
		if (strcmp(list->alg, alg_name(alg)) == 0 &&
		    list->retires_at == 0 &&
		    (list->signs_from <= c->now ||
			list->signs_from + RING_READ_AGAIN_MS <= end))
			return true;
	return false;
}

/* A new one, where none of its algorithm signs for good. */
static enum err
key_first(struct ctx *c, struct uuid tenant, enum alg alg, const char **kid)
{
	struct signing_key_row *list;
	size_t n;
	enum err e;

	*kid = NULL;
	if ((e = store_signing_key_list(c, tenant, &list, &n)))
		return e;
	if (signing_key_lasts(c, list, n, alg))
		return OK;
	if ((e = signing_key_create(c, tenant, alg, kid)))
		return e;
	return key_audit(c, tenant, "operator", "signing_key_created", *kid);
}

enum err
signing_key_ensure(struct ctx *c, struct uuid tenant, enum alg alg)
{
	const char *kid;

	return key_first(c, tenant, alg, &kid);
}

/* ---- a successor ------------------------------------------------------------- */

struct turn {
	const struct tenant *tenant;
	enum alg alg;
	const char *actor;
	const char *kid; /* NULL: no new one */
};

/*
 * The keys before this one, when nothing that they signed can be live: workers
 * that read again last sign with them for a minute more.
 */
static enum err
others_retire(
    struct ctx *c, const struct turn *t, const struct signing_key_row *row)
{
	int64_t end = row->signs_from + RING_READ_AGAIN_MS +
		      doors_longest_ms(&t->tenant->set);

	return store_signing_key_retire_others(
	    c, row, end, c->conf->clock_leeway_seconds * SECOND_MS);
}

/* The database decides whose key it is where two rotate at once. */
static enum err
key_turn(struct ctx *c, void *with)
{
	struct turn *t = with;
	struct signing_key_row row;
	bool added;
	enum err e;

	t->kid = NULL;
	if ((e = store_signing_key_lock(c, t->tenant->id)) ||
	    (e = signing_key_draft(c, t->tenant->id, t->alg, &row)) ||
	    (e = store_signing_key_add_unless(
		 c, &row, c->now - KEY_SIGNS_AFTER_MS, &added)))
		return e;
	if (!added)
		return OK;
	t->kid = row.kid;
	if ((e = others_retire(c, t, &row)))
		return e;
	return key_audit(
	    c, t->tenant->id, t->actor, "signing_key_rotated", row.kid);
}

enum err
signing_key_rotate(struct ctx *c, const struct tenant *tenant, enum alg alg,
    const char *actor, const char **kid)
{
	struct turn t = {tenant, alg, actor, NULL};
	enum err e = db_transaction(c, key_turn, &t);

	*kid = t.kid;
	return e;
}

/* Is there a key of this algorithm that is not retired? */
static bool
alg_is_used(const struct ctx *c, const struct signing_key_row *list, size_t n,
    enum alg alg)
{
	for (; n > 0; n--, list++)
		if (strcmp(list->alg, alg_name(alg)) == 0 &&
		    !key_ended(c, list))
			return true;
	return false;
}

enum err
signing_keys_rotate(struct ctx *c, const struct tenant *tenant, int64_t *made)
{
	static const enum alg algs[] = {ALG_ES256, ALG_HS512};
	struct signing_key_row *list;
	const char *kid;
	size_t i, n;
	enum err e;

	if ((e = store_signing_key_list(c, tenant->id, &list, &n)))
		return e;
	for (i = 0; i < COUNT(algs); i++) {
		if (!alg_is_used(c, list, n, algs[i]))
			continue;
		if ((e = signing_key_rotate(
			 c, tenant, algs[i], "operator", &kid)))
			return e;
		*made += kid != NULL;
	}
	return OK;
}

/* ---- by age ------------------------------------------------------------------- */

/* What has an end without a successor is due, however young it is. */
static bool
is_due(const struct ctx *c, const struct key_age *age,
    const struct tenant_settings *set, enum alg alg)
{
	if (age->retires_at != 0)
		return doors_sign_by(set, alg);
	return set->key_rotation_days != 0 &&
	       age->newest + set->key_rotation_days * DAY_MS <= c->now;
}

static enum err
age_see(struct ctx *c, const struct key_age *age, int64_t *made)
{
	const struct tenant *tenant;
	const char *kid;
	enum alg alg;
	enum err e;

	if (age->alg == NULL || !alg_read(age->alg, &alg))
		return OK;
	if ((e = tenant_from_row(c, &age->tenant, &tenant)))
		return e;
	if (!is_due(c, age, &tenant->set, alg))
		return OK;
	if ((e = signing_key_rotate(c, tenant, alg, "schedule", &kid)))
		return e;
	*made += kid != NULL;
	return OK;
}

enum err
signing_keys_turn(struct ctx *c, struct uuid *after, int64_t *made)
{
	struct key_age *ages;
	size_t i, n;
	enum err e;

	if ((e = store_signing_key_ages(c, after, TENANTS_A_PAGE, &ages, &n)))
		return e;
	for (i = 0; i < n; i++)
		if ((e = age_see(c, &ages[i], made)))
			return e;
	*after = n > 0 ? ages[n - 1].tenant.id : (struct uuid){.b = {0}};
	return OK;
}

/* ---- an end --------------------------------------------------------------------- */

/* Its algorithm, or ERR_NOT_FOUND. */
static enum err
key_alg_find(struct ctx *c, struct uuid tenant, const char *kid, enum alg *alg)
{
	struct signing_key_row *list;
	size_t n;
	enum err e;

	if ((e = store_signing_key_list(c, tenant, &list, &n)))
		return e;
	for (; n > 0; n--, list++)
		if (strcmp(list->kid, kid) == 0 && alg_read(list->alg, alg))
			return OK;
	return ERR_NOT_FOUND;
}

struct ending {
	struct turn turn;
	const char *kid;
};

static enum err
key_end(struct ctx *c, void *with)
{
	struct ending *end = with;
	struct turn *t = &end->turn;
	struct uuid tenant = t->tenant->id;
	enum err e;

	if ((e = store_signing_key_lock(c, tenant)) ||
	    (e = key_alg_find(c, tenant, end->kid, &t->alg)) ||
	    (e = store_signing_key_retire(c, tenant, end->kid)) ||
	    (e = key_audit(
		 c, tenant, t->actor, "signing_key_retired", end->kid)))
		return e;
	return key_first(c, tenant, t->alg, &t->kid);
}

enum err
signing_key_retire(struct ctx *c, const struct tenant *tenant, const char *kid,
    const char **successor)
{
	struct ending end = {{tenant, ALG_ES256, "operator", NULL}, kid};
	enum err e = db_transaction(c, key_end, &end);

	*successor = end.turn.kid;
	return e;
}

/* ---- how it stands ---------------------------------------------------------------- */

const char *
signing_key_state(const struct ctx *c, const struct signing_key_row *list,
    size_t n, size_t at)
{
	const struct signing_key_row *k = &list[at], *other;
	size_t i;

	if (key_ended(c, k))
		return "retired";
	if (k->signs_from > c->now)
		return "published";
	for (i = 0; i < n; i++) {
		other = &list[i];
		if (i != at && strcmp(other->alg, k->alg) == 0 &&
		    other->signs_from <= c->now && !key_ended(c, other) &&
		    (other->signs_from > k->signs_from ||
			(other->signs_from == k->signs_from && i > at)))
			return "overlapping";
	}
	return "signs";
}
