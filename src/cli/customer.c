/* SPDX-License-Identifier: ISC */
/* doorward customer: find, show, disable, enable, delete. */

#include <stdio.h>

#include "cli/cli.h"

enum { FIND_MOST = 50 };

static const char *const find_heading[] = {
    "id", "email", "phone", "name", "status", "created", NULL};
static const char *const identity_heading[] = {
    "identity", "value", "proven", "since", NULL};

enum err
cli_shop_enter(struct ctx *c, const char *name)
{
	const struct tenant *t;
	enum err e;

	if (!(e = cli_tenant_find(c, name, &t)))
		tenant_enter(c, t);
	return e;
}

enum err
cli_customer_named(
    struct ctx *c, const char *shop, const char *who, struct customer *out)
{
	enum err e = lookup_one(c, who, out);

	if (e == ERR_NOT_FOUND)
		return say(e,
		    "'%s' has no customer '%s'. `doorward customer find %s "
		    "TEXT` looks for the beginning of an address or number.",
		    shop, who, shop);
	if (e == ERR_CONFLICT)
		return say(e,
		    "Several customers of '%s' fit '%s'. Name one by its id: "
		    "`doorward customer find` shows it.",
		    shop, who);
	return e;
}

/* SHOP WHO: stand in the shop, before the customer. */
static enum err
operands_find(struct ctx *c, const struct given *in, struct customer *out)
{
	enum err e;

	if ((e = cli_shop_enter(c, in->operands[0])))
		return e;
	return cli_customer_named(c, in->operands[0], in->operands[1], out);
}

/* ---- find ------------------------------------------------------------------------ */

enum err
cli_customer_find(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, find_heading);
	struct customer *list, *u;
	int64_t most;
	size_t n;
	enum err e;

	if ((e = range_limit(in, FIND_MOST, &most)) ||
	    (e = cli_shop_enter(c, in->operands[0])) ||
	    (e = lookup_search(c, in->operands[1], most, &list, &n)))
		return e;
	for (u = list; u < list + n; u++)
		table_add(&t, (const char *[]){uuid_text(c->arena, u->id),
				  u->email, u->phone, u->full_name, u->status,
				  table_time(c->arena, u->created_at)});
	if (n > 0 || in->json)
		table_print(&t, in->json);
	if (n == 0)
		note("No customer of '%s' fits '%s'.", in->operands[0],
		    in->operands[1]);
	if (n == (size_t)most)
		note("There may be more than these %d: say more of it.",
		    (int)most);
	return OK;
}

/* ---- show ------------------------------------------------------------------------ */

static void
fact_print(struct ctx *c, const char *name, const char *value)
{
	if (value != NULL)
		printf("%-13s %s\n", name, people_text(c->arena, value));
}

static void
address_print(struct ctx *c, const char *name, const char *value, int64_t at)
{
	value = value != NULL ? people_text(c->arena, value) : NULL;
	if (value != NULL && at != 0)
		printf("%-13s %s (proven %s)\n", name, value,
		    time_text(c->arena, at));
	else if (value != NULL)
		printf("%-13s %s (only stated)\n", name, value);
}

static void
profile_print(struct ctx *c, const struct customer *u)
{
	fact_print(c, "id", uuid_text(c->arena, u->id));
	fact_print(c, "status", u->status);
	address_print(c, "email", u->email, u->email_proven_at);
	address_print(c, "phone", u->phone, u->phone_proven_at);
	fact_print(c, "second phone", u->secondary_phone);
	fact_print(c, "name", u->full_name);
	fact_print(c, "first name", u->first_name);
	fact_print(c, "last name", u->last_name);
	fact_print(c, "address", u->address);
	fact_print(c, "id number", u->id_number);
	fact_print(c, "born", u->date_of_birth);
	fact_print(c, "nationality", u->nationality);
	fact_print(c, "picture", u->profile_url);
	fact_print(c, "language", u->locale);
	fact_print(c, "source", u->source);
	fact_print(c, "username", u->username);
	fact_print(c, "created", time_text(c->arena, u->created_at));
	fact_print(c, "changed", time_text(c->arena, u->updated_at));
}

static void
dossier_print(struct ctx *c, const struct dossier *d)
{
	struct table t = table_new(c->arena, identity_heading);
	const struct identity_row *row;

	profile_print(c, &d->customer);
	printf("%-13s %zu live\n", "sessions", d->live);
	fact_print(c, "last sign-in", table_time(c->arena, d->signed_in_at));
	putchar('\n');
	for (row = d->identities; row < d->identities + d->identities_n; row++)
		table_add(&t, (const char *[]){row->kind, row->value,
				  table_time(c->arena, row->proven_at),
				  table_time(c->arena, row->created_at)});
	table_print(&t, false);
}

enum err
cli_customer_show(struct ctx *c, const struct given *in)
{
	struct writer w = writer_new(c->arena);
	struct customer u;
	struct dossier d;
	enum err e;

	if ((e = operands_find(c, in, &u)) || (e = dossier_open(c, &u, &d)))
		return e;
	if (!in->json) {
		dossier_print(c, &d);
		return OK;
	}
	write_map(&w, NULL);
	cli_dossier_write(&w, &d);
	write_int(&w, "live_sessions", (int64_t)d.live);
	cli_write_time(&w, "last_signed_in", d.signed_in_at);
	write_map_end(&w);
	puts(writer_text(&w));
	return OK;
}

/* ---- disable, enable, delete ----------------------------------------------------- */

static enum err
activate(struct ctx *c, const struct given *in, bool active)
{
	struct customer u;
	enum err e;

	if ((e = operands_find(c, in, &u)))
		return e;
	return directory_activate(c, u.id, active, &u);
}

enum err
cli_customer_disable(struct ctx *c, const struct given *in)
{
	return activate(c, in, false);
}

enum err
cli_customer_enable(struct ctx *c, const struct given *in)
{
	return activate(c, in, true);
}

/* By an id also whose own row is gone already, so that it can be repeated. */
static enum err
doomed_find(struct ctx *c, const struct given *in, struct uuid *out)
{
	struct customer u;
	enum err e;

	if ((e = cli_shop_enter(c, in->operands[0])))
		return e;
	if (uuid_read(in->operands[1], out))
		return OK;
	e = cli_customer_named(c, in->operands[0], in->operands[1], &u);
	if (!e)
		*out = u.id;
	return e;
}

enum err
cli_customer_delete(struct ctx *c, const struct given *in)
{
	struct uuid id;
	bool left;
	enum err e;

	if ((e = doomed_find(c, in, &id)))
		return e;
	if (!in->yes)
		return say(ERR_USAGE,
		    "This deletes all that is held of customer %s, for good. "
		    "Say --yes to do it.",
		    uuid_text(c->arena, id));
	if ((e = dossier_erase(c, id, &left)) == ERR_CONFLICT)
		return say(e,
		    "They run a shop. `doorward member remove` or `doorward "
		    "tenant delete` comes first.");
	if (e)
		return e;
	note("%s of customer %s.", left ? "Deleted all" : "Nothing is held",
	    uuid_text(c->arena, id));
	return OK;
}
