/* SPDX-License-Identifier: ISC */
/* doorward apikey: make, list, disable, revoke. */

#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"

/* clang-format off */
static const char *const heading[] = {
	"id", "kind", "name", "begins", "status", "scopes", "source",
	"networks", "#per_minute", "created", "expires", "last_used", NULL
};

static const char *const scope_heading[] = { "scope", "kinds", "about", NULL };
/* clang-format on */

enum { DAYS_MAX = 3650 };

static void
made_print(struct ctx *c, const struct api_key_made *made,
    const struct api_key_new *new, bool json)
{
	struct writer w = writer_new(c->arena);

	if (!json) {
		puts(made->key.s);
		return;
	}
	write_map(&w, NULL);
	write_uuid(&w, "id", made->id);
	write_text(&w, "kind", new->kind);
	write_secret(&w, "key", made->key);
	write_map_end(&w);
	puts(writer_text(&w));
}

/* What was typed, as the rule takes it. */
static enum err
new_read(struct ctx *c, const struct given *in, struct api_key_new *out)
{
	int64_t days = 0;

	*out = (struct api_key_new){
	    .kind = in->kind ? in->kind : "publishable",
	    .scopes = in->scopes,
	    .source = in->source,
	    .networks = in->networks,
	};
	out->name = in->name ? in->name : out->kind;
	if (in->days && (!number_read(in->days, DAYS_MAX, &days) || days == 0))
		return say(
		    ERR_USAGE, "--days is a number from 1 to %d.", DAYS_MAX);
	if (in->per_minute &&
	    !number_read(in->per_minute, INT32_MAX, &out->per_minute))
		return say(ERR_USAGE, "--per-minute is a number.");
	out->expires_at = days ? c->now + days * DAY_MS : 0;
	return OK;
}

enum err
cli_apikey_create(struct ctx *c, const struct given *in)
{
	const struct tenant *t;
	struct api_key_made made;
	struct api_key_new new;
	const char *why = NULL;
	enum err e;

	if ((e = new_read(c, in, &new)) ||
	    (e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	e = api_key_create(c, t, &new, &made, &why);
	if (e == ERR_USAGE)
		return say(
		    e, "%s `doorward apikey scopes` lists all scopes.", why);
	if (e)
		return e;
	made_print(c, &made, &new, in->json);
	note("This key is shown only now. `doorward apikey revoke %s %s` ends "
	     "it.",
	    in->operands[0], uuid_text(c->arena, made.id));
	return OK;
}

enum err
cli_apikey_list(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, heading);
	const struct tenant *tenant;
	struct api_key_row *k;
	size_t n;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &tenant)) ||
	    (e = store_api_key_list(c, tenant->id, &k, &n)))
		return e;
	for (; n > 0; n--, k++)
		table_add(&t,
		    (const char *[]){uuid_text(c->arena, k->id), k->kind,
			k->name, k->prefix, api_key_standing(c, k), k->scopes,
			k->source, k->networks,
			k->per_minute
			    ? arena_print(c->arena, "%" PRId64, k->per_minute)
			    : NULL,
			table_time(c->arena, k->created_at),
			table_time(c->arena, k->expires_at),
			table_time(c->arena, k->last_used_at)});
	table_print(&t, in->json);
	return OK;
}

enum err
cli_apikey_scopes(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, scope_heading);
	const struct scope *s;

	for (s = scope_table; s->name; s++)
		table_add(&t, (const char *[]){s->name, s->kinds, s->about});
	table_print(&t, in->json);
	return OK;
}

/* ---- what becomes of it ---------------------------------------------------------- */

static enum err
status_set(struct ctx *c, const struct given *in, const char *status)
{
	const struct tenant *t;
	struct uuid id;
	enum err e;

	if (!uuid_read(in->operands[1], &id))
		return say(ERR_USAGE,
		    "'%s' is no key's id. `doorward apikey list %s` shows them.",
		    in->operands[1], in->operands[0]);
	if ((e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	if ((e = api_key_status(c, t, id, status)) == ERR_NOT_FOUND)
		return say(e,
		    "There is no key with this id that can become %s. "
		    "`doorward apikey list %s` shows all.",
		    status, in->operands[0]);
	return e;
}

enum err
cli_apikey_disable(struct ctx *c, const struct given *in)
{
	return status_set(c, in, "inactive");
}

enum err
cli_apikey_enable(struct ctx *c, const struct given *in)
{
	return status_set(c, in, "active");
}

enum err
cli_apikey_revoke(struct ctx *c, const struct given *in)
{
	return status_set(c, in, "revoked");
}
