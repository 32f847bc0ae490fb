/* SPDX-License-Identifier: ISC */
/* All that is held of one customer: shown, handed out, and deleted. */

#include "domain/domain.h"

enum { FORGET_BATCH = 500 };

enum err
dossier_open(struct ctx *c, const struct customer *of, struct dossier *out)
{
	const struct session *s;
	size_t i;
	enum err e;

	*out = (struct dossier){.customer = *of};
	if ((e = store_dossier_identities(
		 c, of->id, &out->identities, &out->identities_n)) ||
	    (e = store_session_history(
		 c, of->id, &out->sessions, &out->sessions_n)))
		return e;
	for (i = 0; i < out->sessions_n; i++) {
		s = &out->sessions[i].session;
		out->live += session_is_live(c, s);
		if (s->authenticated_at > out->signed_in_at)
			out->signed_in_at = s->authenticated_at;
	}
	return OK;
}

enum err
dossier_export(
    struct ctx *c, const struct customer *of, struct dossier_rest *out)
{
	struct audit_filter all = {.tenant = c->tenant_id,
	    .customer = of->id,
	    .oldest = true,
	    .most = INT32_MAX};
	struct audit told = {.event = "customer_exported",
	    .ok = true,
	    .actor = "operator",
	    .customer = of->id};
	enum err e;

	if ((e = store_dossier_proofs(
		 c, of->id, &out->proofs, &out->proofs_n)) ||
	    (e = store_dossier_places(
		 c, of->id, &out->places, &out->places_n)) ||
	    (e = store_cart_read(c, of->id, &out->cart)) ||
	    (e = store_audit_list(c, &all, &out->events, &out->events_n)))
		return e;
	return store_audit(c, c->tenant_id, &told);
}

/* Whose shop would have nobody left may not go before the shop does. */
static enum err
runs_none(struct ctx *c, struct uuid account)
{
	struct tenant_row *shops;
	size_t n;
	enum err e;

	if (!c->tenant->platform)
		return OK;
	if ((e = store_member_shops(
		 c, account, (struct uuid){{0}}, &shops, &n)))
		return e;
	return n == 0 ? OK : ERR_CONFLICT;
}

/* Their addresses in the trail; *left becomes true if there were any. */
static enum err
trail_forget(struct ctx *c, struct uuid customer, bool *left)
{
	uint64_t n;
	enum err e;

	do {
		if ((e = store_dossier_forget(c, customer, FORGET_BATCH, &n)))
			return e;
		*left = *left || n > 0;
	} while (n == FORGET_BATCH);
	return OK;
}

/*
 * The trail first: who was not erased to the end is still found. And again in
 * the end, for a sign-in may have come between.
 */
enum err
dossier_erase(struct ctx *c, struct uuid customer, bool *left)
{
	int64_t n;
	enum err e;

	*left = false;
	if ((e = runs_none(c, customer)) ||
	    (e = trail_forget(c, customer, left)) ||
	    (e = store_dossier_erase(c, customer, "operator", &n)))
		return e;
	*left = *left || n > 0;
	return trail_forget(c, customer, left);
}
