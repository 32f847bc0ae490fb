/* SPDX-License-Identifier: ISC */
/* doorward member: who runs a shop. */

#include "cli/cli.h"

static const char *const heading[] = {
    "email", "phone", "role", "account", "since", NULL};

enum err
cli_member_list(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, heading);
	const struct tenant *shop;
	struct member_row *m;
	size_t n;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &shop)))
		return e;
	if ((e = member_list(c, shop, &m, &n)) == ERR_NOT_FOUND)
		return cli_no_platform(c);
	if (e)
		return e;
	for (; n > 0; n--, m++)
		table_add(&t, (const char *[]){m->email, m->phone, m->role,
				  uuid_text(c->arena, m->account),
				  table_time(c->arena, m->created_at)});
	table_print(&t, in->json);
	return OK;
}

/* The shop and the account that were named. */
static enum err
both_find(struct ctx *c, const struct given *in, const struct tenant **shop,
    struct customer *account)
{
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], shop)))
		return e;
	if ((e = account_by_email(c, in->operands[1], account)) ==
	    ERR_NOT_FOUND)
		return say(e,
		    "Nobody has signed in to the platform with '%s' yet. An "
		    "account is made when they do.",
		    in->operands[1]);
	return e;
}

enum err
cli_member_add(struct ctx *c, const struct given *in)
{
	const struct tenant *shop;
	struct customer account;
	enum err e;

	if ((e = both_find(c, in, &shop, &account)))
		return e;
	e = member_add(c, shop, account.id);
	if (e == ERR_NOT_FOUND)
		return say(e, "'%s' is the platform; only shops have members.",
		    in->operands[0]);
	if (e == ERR_CONFLICT)
		return say(e, "%s runs '%s' already.", in->operands[1],
		    in->operands[0]);
	return e;
}

enum err
cli_member_remove(struct ctx *c, const struct given *in)
{
	const struct tenant *shop;
	struct customer account;
	enum err e;

	if ((e = both_find(c, in, &shop, &account)))
		return e;
	if ((e = member_remove(c, shop, account.id)) == ERR_NOT_FOUND)
		return say(e, "%s does not run '%s'.", in->operands[1],
		    in->operands[0]);
	return e;
}
