/* SPDX-License-Identifier: ISC */
/* doorward key: the keys that sign access tokens. */

#include <stdio.h>

#include "cli/cli.h"

static const char *const heading[] = {
    "kid", "alg", "signs from", "retires", "created", NULL};

struct making {
	struct uuid tenant;
	enum alg alg;
	const char *kid;
};

static enum err
key_store(struct ctx *c, void *with)
{
	struct making *m = with;
	struct audit audit = {
	    .event = "signing_key_created", .ok = true, .actor = "operator"};
	enum err e;

	if ((e = signing_key_create(c, m->tenant, m->alg, &m->kid)))
		return e;
	audit.detail = m->kid;
	return store_audit(c, m->tenant, &audit);
}

static void
made_print(struct ctx *c, const struct making *m, bool json)
{
	struct writer w = writer_new(c->arena);

	if (!json) {
		puts(m->kid);
		return;
	}
	write_map(&w, NULL);
	write_text(&w, "kid", m->kid);
	write_text(&w, "alg", alg_name(m->alg));
	write_map_end(&w);
	puts(writer_text(&w));
}

enum err
cli_key_create(struct ctx *c, const struct given *in)
{
	struct making m = {.alg = ALG_ES256};
	const struct tenant *t;
	enum err e;

	if (in->alg != NULL && !alg_read(in->alg, &m.alg))
		return say(ERR_USAGE, "--alg is ES256 or HS512.");
	if ((e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	m.tenant = t->id;
	if ((e = db_transaction(c, key_store, &m)))
		return e;
	made_print(c, &m, in->json);
	return OK;
}

enum err
cli_key_list(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, heading);
	const struct tenant *tenant;
	struct signing_key_row *k;
	size_t n;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &tenant)) ||
	    (e = store_signing_key_list(c, tenant->id, &k, &n)))
		return e;
	for (; n > 0; n--, k++)
		table_add(&t, (const char *[]){k->kid, k->alg,
				  table_time(c->arena, k->signs_from),
				  table_time(c->arena, k->retires_at),
				  table_time(c->arena, k->created_at)});
	table_print(&t, in->json);
	return OK;
}
