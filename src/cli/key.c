/* SPDX-License-Identifier: ISC */
/* doorward key: the keys that sign access tokens. */

#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"

static const char *const heading[] = {
    "kid", "alg", "state", "age", "signs from", "retires", "created", NULL};

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

/* "3 d", or in hours or minutes when it is young. */
static const char *
age_text(struct ctx *c, int64_t since)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = {{DAY_MS, "d"}, {HOUR_MS, "h"}, {MINUTE_MS, "min"}};
	int64_t age = c->now - since;
	size_t i;

	for (i = 0; i < COUNT(units) - 1; i++)
		if (age >= units[i].ms)
			break;
	return arena_print(
	    c->arena, "%" PRId64 " %s", age / units[i].ms, units[i].unit);
}

enum err
cli_key_list(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, heading);
	const struct tenant *tenant;
	struct signing_key_row *list;
	size_t i, n;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &tenant)) ||
	    (e = store_signing_key_list(c, tenant->id, &list, &n)))
		return e;
	for (i = 0; i < n; i++)
		table_add(&t, (const char *[]){list[i].kid, list[i].alg,
				  signing_key_state(c, list, n, i),
				  age_text(c, list[i].created_at),
				  table_time(c->arena, list[i].signs_from),
				  table_time(c->arena, list[i].retires_at),
				  table_time(c->arena, list[i].created_at)});
	table_print(&t, in->json);
	return OK;
}

/* ---- rotate ------------------------------------------------------------------- */

static enum err
tenant_rotate(struct ctx *c, const struct given *in,
    const struct tenant *tenant, int64_t *made)
{
	const char *kid;
	enum alg alg;
	enum err e;

	if (in->alg == NULL)
		return signing_keys_rotate(c, tenant, made);
	if (!alg_read(in->alg, &alg))
		return say(ERR_USAGE, "--alg is ES256 or HS512.");
	e = signing_key_rotate(c, tenant, alg, "operator", &kid);
	*made += !e && kid != NULL;
	return e;
}

static enum err
all_rotate(struct ctx *c, const struct given *in, int64_t *made)
{
	const struct tenant *tenant;
	struct tenant_row *rows;
	size_t n;
	enum err e;

	if ((e = store_tenant_list(c, &rows, &n)))
		return e;
	for (; n > 0; n--, rows++) {
		c->now = world_now(); /* the last of many waits for long */
		if ((e = tenant_from_row(c, rows, &tenant)) ||
		    (e = tenant_rotate(c, in, tenant, made)))
			return e;
	}
	return OK;
}

static enum err
old_rotate(struct ctx *c, int64_t *made)
{
	struct uuid after = {.b = {0}};
	enum err e;

	do {
		c->now = world_now();
		if ((e = signing_keys_turn(c, &after, made)))
			return e;
	} while (!uuid_is_nil(after));
	return OK;
}

static enum err
whose_rotate(struct ctx *c, const struct given *in, int64_t *made)
{
	const struct tenant *tenant;
	enum err e;

	if ((in->n == 1) + in->all + in->schedule != 1 ||
	    (in->schedule && in->alg != NULL))
		return say(ERR_USAGE,
		    "Whose keys? One of SHOP, --all and --schedule; --alg goes "
		    "with the first two.");
	if (in->schedule)
		return old_rotate(c, made);
	if (in->all)
		return all_rotate(c, in, made);
	if ((e = cli_tenant_find(c, in->operands[0], &tenant)))
		return e;
	return tenant_rotate(c, in, tenant, made);
}

enum err
cli_key_rotate(struct ctx *c, const struct given *in)
{
	int64_t made = 0;
	enum err e;

	if ((e = whose_rotate(c, in, &made)))
		return e;
	if (made > 0)
		note("New keys: %" PRId64 ". They sign in six minutes; those "
		     "before them verify until their tokens have expired.",
		    made);
	else if (!in->schedule)
		note("There are keys of the last six minutes; they are it.");
	return OK;
}

/* ---- retire -------------------------------------------------------------------- */

/* Who signs from here on, and who learns of it when. */
static enum err
successor_tell(struct ctx *c, const char *kid)
{
	struct signing_key_row row;
	enum err e;

	if ((e = store_signing_key_by_kid(c, kid, &row)))
		return e;
	if (row.signs_from > c->now)
		note("%s signs in its place in six minutes; until then the "
		     "key before it does.",
		    kid);
	else
		note("%s signs in its place from now on; who verifies off line "
		     "may refuse what it signs until the JWKS is read again.",
		    kid);
	return OK;
}

enum err
cli_key_retire(struct ctx *c, const struct given *in)
{
	const struct tenant *tenant;
	const char *kid = in->operands[1], *successor;
	enum err e;

	if (!in->now)
		return say(ERR_USAGE,
		    "Its tokens die with it: say --now. `key rotate` ends keys "
		    "without a loss.");
	if ((e = cli_tenant_find(c, in->operands[0], &tenant)))
		return e;
	e = signing_key_retire(c, tenant, kid, &successor);
	if (e == ERR_NOT_FOUND)
		return say(e, "There is no such key, or it is retired.");
	if (e)
		return e;
	note(
	    "It signs no more. Within 60 seconds its tokens are dead here; who "
	    "verifies off line keeps the JWKS, and takes them, for up to 5 "
	    "minutes.");
	return successor != NULL ? successor_tell(c, successor) : OK;
}
