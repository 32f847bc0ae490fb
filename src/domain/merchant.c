/* SPDX-License-Identifier: ISC */
/* Merchants: accounts of the platform, and the shops they run. */

#include "domain/inside.h"

const char *
merchant_actor(struct ctx *c, const struct customer *account)
{
	return arena_print(
	    c->arena, "merchant:%s", uuid_text(c->arena, account->id));
}

/* ---- signing in ------------------------------------------------------------- */

/* At this tenant's door, whichever was open before. */
static enum err
check_at(struct ctx *c, const struct tenant *t, const struct proof *p,
    struct proven *out)
{
	const struct tenant *before = c->tenant;
	enum err e;

	tenant_enter(c, t);
	e = challenge_check(c, p, out);
	tenant_enter(c, before);
	return e;
}

/* The shop in which it may have been begun, beside the platform; or NULL. */
static enum err
shop_beside(struct ctx *c, const struct tenant **out)
{
	enum err e;

	*out = c->tenant->platform ? NULL : c->tenant;
	if (!c->tenant->platform || c->conf->default_shop[0] == '\0')
		return OK;
	e = tenant_by_slug(c, c->conf->default_shop, out);
	return e == ERR_TENANT_UNKNOWN ? OK : e;
}

static enum err
check_anywhere(struct ctx *c, const struct tenant *platform,
    const struct proof *p, struct proven *out)
{
	const struct tenant *shop;
	enum err e;

	if ((e = check_at(c, platform, p, out)) != ERR_CODE_WRONG)
		return e;
	if ((e = shop_beside(c, &shop)))
		return e;
	return shop == NULL ? ERR_CODE_WRONG : check_at(c, shop, p, out);
}

/* The first shop that this account runs; NULL: none. */
static enum err
shop_of(struct ctx *c, struct uuid account, const struct tenant **out)
{
	struct tenant_row *rows;
	size_t n;
	enum err e;

	*out = NULL;
	if ((e = store_member_shops(
		 c, account, (struct uuid){{0}}, &rows, &n)) ||
	    n == 0)
		return e;
	return tenant_from_row(c, &rows[0], out);
}

/* A name was said and no shop is there: found one, if that is allowed. */
static enum err
found_or_not(struct ctx *c, const char *name, struct merchant_login *out)
{
	struct founded founded;
	enum err e;

	if (out->shop != NULL || name == NULL || shop_name_fault(name) != NULL)
		return OK;
	e = shop_found(c, &out->login.customer, name, &founded);
	if (e == ERR_FORBIDDEN || e == ERR_TOO_MANY)
		return OK;
	if (e)
		return e;
	out->shop = founded.shop;
	out->key = founded.key.key;
	return OK;
}

enum err
merchant_login(struct ctx *c, const struct proof *p, const char *business_name,
    struct merchant_login *out)
{
	const struct tenant *platform;
	struct signin in = {.stated_phone = NULL};
	struct proven proven;
	enum err e;

	*out = (struct merchant_login){.shop = NULL};
	if ((e = tenant_platform(c, &platform)) ||
	    (e = check_anywhere(c, platform, p, &proven)))
		return e;
	tenant_enter(c, platform);
	if ((e = login_open(c, p, &proven, &in, &out->login)) ||
	    (e = shop_of(c, out->login.customer.id, &out->shop)))
		return e;
	return found_or_not(
	    c, business_name ? business_name : proven.business_name, out);
}

/* ---- at the door of a shop ---------------------------------------------------- */

enum err
merchant_admit(
    struct ctx *c, struct secret token, const char *key, bool shop_needed)
{
	const struct tenant *shop;
	struct tenant_row *rows;
	struct uuid key_tenant;
	size_t n;
	enum err e;

	if ((e = token_admit(c, token, key, &key_tenant)))
		return e;
	if (!c->tenant->platform) {
		c->who = NULL;
		return fail(c, ERR_TOKEN_INVALID, "not of the platform");
	}
	if (!shop_needed)
		return OK;
	if (uuid_equal(key_tenant, c->tenant_id))
		key_tenant = (struct uuid){{0}};
	if ((e = store_member_shops(
		 c, c->who->customer.id, key_tenant, &rows, &n)))
		return e;
	if (n != 1)
		return fail(c, ERR_FORBIDDEN,
		    n ? "which of their shops?" : "runs no such shop");
	if ((e = tenant_from_row(c, &rows[0], &shop)))
		return e;
	tenant_enter(c, shop);
	return OK;
}

/* ---- refresh and logout, of either kind ------------------------------------------ */

enum err
any_refresh(struct ctx *c, struct secret token, struct merchant_login *out)
{
	enum err e;

	*out = (struct merchant_login){.shop = NULL};
	if ((e = session_refresh_any(c, token, &out->login)) ||
	    !c->tenant->platform)
		return e;
	return shop_of(c, out->login.customer.id, &out->shop);
}

enum err
any_logout(struct ctx *c, struct secret token)
{
	struct session s;
	struct customer u;
	enum err e;

	if ((e = session_named_anywhere(c, token, NULL, &s, &u)) == OK)
		e = session_close(c, &s, "signed_out", false);
	return e == ERR_REFRESH_WRONG || e == ERR_REFRESH_OVER ? OK : e;
}
