/* SPDX-License-Identifier: ISC */
/* doorward tenant: who may found a shop, and whether it may stay. */

#include <string.h>

#include "cli/cli.h"

enum err
cli_no_platform(const struct ctx *c)
{
	return say(ERR_NOT_FOUND,
	    "There is no platform. `doorward tenant create %s --platform` "
	    "makes it.",
	    c->conf->platform);
}

enum err
cli_tenant_invite(struct ctx *c, const struct given *in)
{
	const char *email = in->operands[0];
	enum err e = shop_invite(c, email);

	if (e == ERR_USAGE)
		return say(e, "'%s' is no mail address.", email);
	if (e == ERR_NOT_FOUND)
		return cli_no_platform(c);
	if (e)
		return e;
	note("Who proves to read mail at %s may found one shop until %s.",
	    email, table_time(c->arena, c->now + INVITATION_MS));
	if (strcmp(c->conf->founding, "invite") != 0)
		note("Note: the configuration has founding = %s, so no "
		     "invitation is looked at.",
		    c->conf->founding);
	return OK;
}

enum err
cli_tenant_approve(struct ctx *c, const struct given *in)
{
	const struct tenant *t;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	if ((e = shop_approve(c, t)) == ERR_NOT_FOUND)
		return say(e, "'%s' is approved already.", in->operands[0]);
	return e;
}

/* The platform is no shop, and what is being deleted is only kept or not. */
static enum err
standing_refused(enum err e, const struct tenant *t, const char *name)
{
	if (e != ERR_NOT_FOUND)
		return e;
	if (t->platform)
		return say(e, "'%s' is the platform, and stays.", name);
	return say(e,
	    "'%s' is being deleted. `doorward tenant keep %s` takes that back.",
	    name, name);
}

static enum err
suspend(struct ctx *c, const char *name, bool suspended)
{
	const struct tenant *t;
	enum err e;

	if ((e = cli_tenant_find(c, name, &t)))
		return e;
	return standing_refused(shop_suspend(c, t, suspended), t, name);
}

enum err
cli_tenant_suspend(struct ctx *c, const struct given *in)
{
	return suspend(c, in->operands[0], true);
}

enum err
cli_tenant_resume(struct ctx *c, const struct given *in)
{
	return suspend(c, in->operands[0], false);
}

enum err
cli_tenant_delete(struct ctx *c, const struct given *in)
{
	const char *name = in->operands[0];
	const struct tenant *t;
	enum err e;

	if ((e = cli_tenant_find(c, name, &t)))
		return e;
	if ((e = standing_refused(shop_delete(c, t, false), t, name)))
		return e;
	note("It is closed now, and all that it holds goes at %s. Before then "
	     "`doorward tenant keep %s` opens it again.",
	    table_time(c->arena, c->now + SHOP_GRACE_MS), name);
	return OK;
}

enum err
cli_tenant_keep(struct ctx *c, const struct given *in)
{
	const struct tenant *t;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	if ((e = shop_delete(c, t, true)) == ERR_NOT_FOUND)
		return say(e, "'%s' is not being deleted, or its time is over.",
		    in->operands[0]);
	return e;
}
