/* SPDX-License-Identifier: ISC */
/* mall: a house with a platform, and ann's account there. */

#include "mall.h"

const struct uuid mall_nobody;

struct ctx *
mall_open(const char *founding, struct customer *ann)
{
	struct ctx *c = shop_open();
	struct tenant_new new = {"platform", "Platform", true};
	const struct tenant *platform;
	const char *why = "";
	struct uuid id;

	shop_conf(c)->founding = founding;
	ck_ok(tenant_create(c, &new, &id, &why));
	ck_ok(tenant_by_slug(c, "platform", &platform));
	shop_enter(c, platform);
	*ann = shop_sign_in(c, "ann@x.example").customer;
	return c;
}

struct number {
	int64_t n;
};

int64_t
mall_count(struct ctx *c, const char *sql, struct uuid tenant)
{
	static const struct col cols[] = {COL_INT(struct number, n), COL_END};
	const char *hex = hex_text(c->arena, tenant.b, sizeof(tenant.b));
	const char *at = strstr(sql, "%s");
	struct stmt *stmt = arena_get(c->arena, sizeof(*stmt));
	struct number out = {-1};

	/* its address is the key of the prepared handle */
	stmt->sql = at ? arena_print(c->arena, "%.*sUNHEX('%s')%s",
			     (int)(at - sql), sql, hex, at + 2)
		       : arena_text(c->arena, sql);
	ck_ok(db_one(c, stmt, NO_ARGS, cols, &out));
	return out.n;
}
