/* SPDX-License-Identifier: ISC */
/* Who runs which shop: accounts of the platform. */

#include "domain/inside.h"

/* One change of who runs a shop. */
struct membership {
	const struct tenant *shop;
	struct uuid account;
};

/* Without a platform there are no accounts. */
static enum err
platform_find(struct ctx *c, const struct tenant **out)
{
	enum err e = tenant_platform(c, out);

	return e == ERR_TENANT_UNKNOWN ? ERR_NOT_FOUND : e;
}

enum err
account_by_email(struct ctx *c, const char *email, struct customer *out)
{
	const struct tenant *platform;
	struct uuid here = c->tenant_id;
	enum err e;

	if ((e = platform_find(c, &platform)))
		return e;
	email = email_normal(c->arena, email, platform->set.fold_email_local);
	if (email == NULL)
		return ERR_NOT_FOUND;
	c->tenant_id = platform->id;
	e = store_customer_by_identity(c, "email", email, out);
	c->tenant_id = here;
	return e || out->email_proven_at != 0 ? e : ERR_NOT_FOUND;
}

enum err
account_find(struct ctx *c, struct uuid id, struct customer *out)
{
	const struct tenant *platform;
	struct uuid here = c->tenant_id;
	enum err e;

	if ((e = platform_find(c, &platform)))
		return e;
	c->tenant_id = platform->id;
	e = store_customer_find(c, id, out);
	c->tenant_id = here;
	return e;
}

enum err
member_list(struct ctx *c, const struct tenant *shop, struct member_row **out,
    size_t *n)
{
	const struct tenant *platform;
	enum err e;

	if ((e = platform_find(c, &platform)))
		return e;
	return store_member_list(c, shop->id, platform->id, out, n);
}

static enum err
membership_audit(struct ctx *c, const struct membership *m, const char *event)
{
	const struct audit audit = {.event = event,
	    .ok = true,
	    .actor = "operator",
	    .customer = m->account};

	return store_audit(c, m->shop->id, &audit);
}

static enum err
membership_add(struct ctx *c, void *with)
{
	const struct membership *m = with;
	enum err e;

	if ((e = store_member_add(c, m->shop->id, m->account, "owner")))
		return e;
	return membership_audit(c, m, "member_added");
}

static enum err
membership_remove(struct ctx *c, void *with)
{
	const struct membership *m = with;
	enum err e;

	if ((e = store_member_remove(c, m->shop->id, m->account)))
		return e;
	return membership_audit(c, m, "member_removed");
}

enum err
member_add(struct ctx *c, const struct tenant *shop, struct uuid account)
{
	struct membership m = {shop, account};

	return shop->platform ? ERR_NOT_FOUND
			      : db_transaction(c, membership_add, &m);
}

enum err
member_remove(struct ctx *c, const struct tenant *shop, struct uuid account)
{
	struct membership m = {shop, account};

	return db_transaction(c, membership_remove, &m);
}
