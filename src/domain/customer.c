/* SPDX-License-Identifier: ISC */
/* Customers: what they say of themselves. */

#include "domain/domain.h"

#include <string.h>

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

enum err
customer_update(
    struct ctx *c, const struct customer *whole, struct customer *out)
{
	const struct customer *now = &c->who->customer;
	struct audit audit = {.event = "profile_changed",
	    .ok = true,
	    .actor = "customer",
	    .customer = now->id,
	    .session = c->who->session.id};
	enum err e;

	if (now->phone_proven_at != 0 && !same(whole->phone, now->phone))
		return fail(c, ERR_BAD_FIELD, "the phone is proven");
	if ((e = store_customer_set(c, whole)))
		return e;
	*out = *whole;
	out->updated_at = c->now;
	return store_audit(c, c->tenant_id, &audit);
}
