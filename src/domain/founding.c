/* SPDX-License-Identifier: ISC */
/* Merchants found shops; the operator lets them, holds them, and ends them. */

#include "domain/inside.h"

#include <string.h>

enum { NAME_MAX_POINTS = 100 };

/* ---- a shop's name ---------------------------------------------------------- */

/* clang-format off */
/* UTF-8 of what is not seen, or turns about what is: the last byte's range. */
static const struct {
	const char	*begins;
	unsigned char	 first, last;
} unseen[] = {
	{ "\xc2",     0x80, 0x9f },	/* controls */
	{ "\xe2\x80", 0x8b, 0x8b },	/* a blank of no width */
	{ "\xe2\x80", 0xa8, 0xae },	/* line and paragraph ends, directions */
	{ "\xe2\x81", 0xa6, 0xa9 },	/* directions */
	{ "\xef\xbb", 0xbf, 0xbf },	/* a mark of byte order */
};
/* clang-format on */

/* What makes a mail program see a link, or a page see markup. */
static const char *const places[] = {"://", "www.", "@", "/", "<", ">"};

static bool
has_unseen(const char *s)
{
	const char *at;
	unsigned char last;
	size_t i;

	for (i = 0; i < COUNT(unseen); i++)
		for (at = s; (at = strstr(at, unseen[i].begins)) != NULL;) {
			at += strlen(unseen[i].begins);
			last = (unsigned char)*at;
			if (last >= unseen[i].first && last <= unseen[i].last)
				return true;
		}
	return false;
}

static bool
has_place(const char *s)
{
	size_t i;

	for (i = 0; i < COUNT(places); i++)
		if (strcasestr(s, places[i]) != NULL)
			return true;
	return false;
}

/* Its bytes without the blanks around it; returns where they begin. */
static const char *
name_trim(const char *name, size_t *n)
{
	name += strspn(name, " ");
	for (*n = strlen(name); *n > 0 && name[*n - 1] == ' ';)
		(*n)--;
	return name;
}

const char *
shop_name_fault(const char *name)
{
	const char *begin;
	size_t n, points;

	if (!utf8_valid(name, strlen(name)))
		return "must be UTF-8";
	begin = name_trim(name, &n);
	points = utf8_count(begin) - (strlen(begin) - n);
	if (points < 1 || points > NAME_MAX_POINTS)
		return "must have 1 to 100 characters";
	if (has_control(name) || has_unseen(name))
		return "must not hold control characters";
	return has_place(name) ? "must not hold a web or mail address" : NULL;
}

/* ---- founding ---------------------------------------------------------------- */

struct founding {
	const struct customer *account;
	const struct tenant *platform;
	const char *invited; /* whose invitation is spent; NULL: none needed */
	struct tenant_row row;
	struct key_draft key;
};

static enum err
founding_allowed(struct ctx *c, struct founding *f)
{
	const struct customer *u = f->account;

	if (strcmp(c->conf->founding, "open") == 0)
		return OK;
	if (strcmp(c->conf->founding, "invite") != 0)
		return fail(c, ERR_FORBIDDEN, "founding is off");
	if (u->email != NULL && u->email_proven_at != 0)
		f->invited = email_normal(
		    c->arena, u->email, f->platform->set.fold_email_local);
	return f->invited ? OK
			  : fail(c, ERR_FORBIDDEN, "no proven mail address");
}

/* Shop, owner and key as they are stored, whoever is at the door. */
static enum err
founding_draft(struct ctx *c, const char *name, struct founding *f,
    struct api_key_made *made)
{
	const char *why;
	enum err e;
	size_t n;

	name = name_trim(name, &n);
	f->row = (struct tenant_row){.name = arena_copy(c->arena, name, n),
	    .kind = "shop",
	    .status = "active",
	    .settings = "",
	    .founded_by = f->account->id,
	    .created_at = c->now};
	f->row.id = uuid_make(c->now);
	f->row.mac_key = mac_key_make(c, &f->row.id);
	if ((e = key_draft(
		 c, API_KEY("publishable", "storefront"), &f->key, made, &why)))
		return e;
	f->key.tenant = f->row.id;
	f->key.audit.actor = merchant_actor(c, f->account);
	return OK;
}

static enum err
invitation_spend(struct ctx *c, const struct founding *f)
{
	enum err e;

	if (f->invited == NULL)
		return OK;
	e = store_invitation_spend(c, f->platform->id, f->invited);
	return e == ERR_NOT_FOUND ? fail(c, ERR_FORBIDDEN, "not invited") : e;
}

static enum err
founding_store(struct ctx *c, void *with)
{
	struct founding *f = with;
	struct audit audit = {.event = "tenant_created",
	    .ok = true,
	    .actor = merchant_actor(c, f->account)};
	enum err e;

	if ((e = invitation_spend(c, f)) ||
	    (e = tenant_add(c, &f->row, &audit)) ||
	    (e = store_member_add(c, f->row.id, f->account->id, "owner")) ||
	    (e = key_store(c, &f->key)))
		return e;
	audit.event = "shop_founded";
	audit.customer = f->account->id; /* of the platform, so of this trail */
	audit.detail = uuid_text(c->arena, f->row.id);
	return store_audit(c, f->platform->id, &audit);
}

/* When nobody knows whether it was written, the shop's id does. */
static enum err
founding_write(struct ctx *c, struct founding *f)
{
	struct tenant_row row;
	enum err e = db_transaction(c, founding_store, f);

	if (e != ERR_DB_UNKNOWN)
		return e;
	e = store_tenant_by_id(c, f->row.id, &row);
	return e == ERR_NOT_FOUND ? db_transaction(c, founding_store, f) : e;
}

enum err
shop_found(struct ctx *c, const struct customer *account, const char *name,
    struct founded *out)
{
	struct founding f = {.account = account};
	const char *fault = shop_name_fault(name);
	enum err e;

	if (fault != NULL)
		return fail(c, ERR_USAGE, "the name %s", fault);
	if ((e = tenant_platform(c, &f.platform)) ||
	    (e = founding_allowed(c, &f)) ||
	    (e = limit_address(c, LIMIT_FOUNDING)) ||
	    (e = founding_draft(c, name, &f, &out->key)) ||
	    (e = founding_write(c, &f)))
		return e;
	log_event(
	    c, LOG_INFO, "shop_founded", "%s", uuid_text(c->arena, f.row.id));
	return tenant_from_row(c, &f.row, &out->shop);
}

/* ---- what the operator does about it -------------------------------------------- */

struct invitation {
	const struct tenant *platform;
	const char *email;
};

static enum err
invitation_store(struct ctx *c, void *with)
{
	const struct invitation *in = with;
	const struct audit audit = {.event = "shop_invited",
	    .ok = true,
	    .actor = "operator",
	    .detail = email_mask(c->arena, in->email)};
	enum err e;

	if ((e = store_invitation_add(
		 c, in->platform->id, in->email, c->now + INVITATION_MS)))
		return e;
	return store_audit(c, in->platform->id, &audit);
}

enum err
shop_invite(struct ctx *c, const char *email)
{
	struct invitation in;
	enum err e;

	if ((e = tenant_platform(c, &in.platform)))
		return e == ERR_TENANT_UNKNOWN ? ERR_NOT_FOUND : e;
	in.email =
	    email_normal(c->arena, email, in.platform->set.fold_email_local);
	return in.email ? db_transaction(c, invitation_store, &in) : ERR_USAGE;
}

/* One change of a shop's standing; status NULL: it is approved. */
struct standing {
	const struct tenant *shop;
	const char *event, *status;
	int64_t delete_at;
	bool kept;
	const struct tenant *also; /* whose trail outlives the shop, or NULL */
};

static enum err
standing_store(struct ctx *c, void *with)
{
	const struct standing *s = with;
	struct audit audit = {
	    .event = s->event, .ok = true, .actor = "operator"};
	enum err e;

	e = s->status ? store_tenant_status(
			    c, s->shop->id, s->status, s->delete_at, s->kept)
		      : store_tenant_approve(c, s->shop->id);
	if (e || (e = store_audit(c, s->shop->id, &audit)) || s->also == NULL)
		return e;
	audit.detail = s->shop->text;
	return store_audit(c, s->also->id, &audit);
}

enum err
shop_approve(struct ctx *c, const struct tenant *shop)
{
	struct standing s = {.shop = shop, .event = "tenant_approved"};

	return db_transaction(c, standing_store, &s);
}

enum err
shop_suspend(struct ctx *c, const struct tenant *shop, bool suspended)
{
	struct standing s = {.shop = shop,
	    .event = suspended ? "tenant_suspended" : "tenant_resumed",
	    .status = suspended ? "suspended" : "active"};

	return db_transaction(c, standing_store, &s);
}

enum err
shop_delete(struct ctx *c, const struct tenant *shop, bool keep)
{
	struct standing s = {.shop = shop,
	    .event = keep ? "tenant_kept" : "tenant_deleted",
	    .status = keep ? "active" : "deleting",
	    .delete_at = keep ? 0 : c->now + SHOP_GRACE_MS,
	    .kept = keep};
	enum err e = tenant_platform(c, &s.also);

	if (e && e != ERR_TENANT_UNKNOWN)
		return e;
	return db_transaction(c, standing_store, &s);
}

/* ---- what stands where ------------------------------------------------------------ */

enum err
tenant_by_name(struct ctx *c, const char *slug_or_id, const struct tenant **out)
{
	struct tenant_row row;
	struct uuid id;
	enum err e;

	e = store_tenant_by_slug(c, slug_or_id, &row);
	if (e == ERR_NOT_FOUND && uuid_read(slug_or_id, &id))
		e = store_tenant_by_id(c, id, &row);
	if (e == ERR_NOT_FOUND)
		return fail(c, ERR_TENANT_UNKNOWN, "no such tenant");
	return e ? e : tenant_from_row(c, &row, out);
}

int64_t
tenant_mails_a_day(const struct tenant *t)
{
	return t->held && t->set.mails_a_day > SHOP_HELD_MAILS
		   ? SHOP_HELD_MAILS
		   : t->set.mails_a_day;
}

int64_t
tenant_sms_a_day(const struct tenant *t)
{
	return t->held ? 0 : t->set.sms_a_day;
}

enum err
tenant_sent_today(
    struct ctx *c, const struct tenant *t, int64_t *mails, int64_t *sms)
{
	struct limit_use uses[] = {{.kind = LIMIT_TENANT_MAILS, .look = true},
	    {.kind = LIMIT_TENANT_SMS, .look = true}};
	struct uuid here = c->tenant_id;
	enum err e;

	c->tenant_id = t->id;
	e = limits_take(c, uses, COUNT(uses));
	c->tenant_id = here;
	*mails = uses[0].n;
	*sms = uses[1].n;
	return e;
}
