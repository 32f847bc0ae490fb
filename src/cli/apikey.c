/* SPDX-License-Identifier: ISC */
/* doorward apikey: make, list, revoke. */

#include <stdio.h>

#include "cli/cli.h"

static const char *const heading[] = {
    "id", "kind", "name", "begins", "status", "created", "expires", NULL};

static void
made_print(
    struct ctx *c, const struct api_key_made *made, const char *kind, bool json)
{
	struct writer w = writer_new(c->arena);

	if (!json) {
		puts(made->key.s);
		return;
	}
	write_map(&w, NULL);
	write_uuid(&w, "id", made->id);
	write_text(&w, "kind", kind);
	write_secret(&w, "key", made->key);
	write_map_end(&w);
	puts(writer_text(&w));
}

enum err
cli_apikey_create(struct ctx *c, const struct given *in)
{
	const char *kind = in->kind ? in->kind : "publishable";
	const struct tenant *t;
	struct api_key_made made;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	e = api_key_create(c, t, kind, in->name ? in->name : kind, &made);
	if (e == ERR_USAGE)
		return say(e, "--kind is publishable or secret, and --name has "
			      "at most 100 characters.");
	if (e)
		return e;
	made_print(c, &made, kind, in->json);
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
		table_add(&t, (const char *[]){uuid_text(c->arena, k->id),
				  k->kind, k->name, k->prefix, k->status,
				  table_time(c->arena, k->created_at),
				  table_time(c->arena, k->expires_at)});
	table_print(&t, in->json);
	return OK;
}

enum err
cli_apikey_revoke(struct ctx *c, const struct given *in)
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
	if ((e = api_key_revoke(c, t, id)) == ERR_NOT_FOUND)
		return say(e,
		    "There is no active key with this id. `doorward apikey list "
		    "%s` shows all.",
		    in->operands[0]);
	return e;
}
