/* SPDX-License-Identifier: ISC */
/* doorward tenant: found, list, show, set. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const char *const list_heading[] = {
    "slug", "name", "kind", "status", "id", "created", "approved", NULL};
static const char *const show_heading[] = {
    "setting", "value", "preset", "about", NULL};
static const char *const limits_heading[] = {
    "limit", "#most", "#in_seconds", "counted_by", NULL};

enum err
cli_tenant_find(struct ctx *c, const char *name, const struct tenant **out)
{
	enum err e = tenant_by_name(c, name, out);

	if (e == ERR_TENANT_UNKNOWN)
		return say(ERR_NOT_FOUND,
		    "There is no tenant '%s'. `doorward tenant list` shows "
		    "those there are.",
		    name);
	return e;
}

/* ---- create -------------------------------------------------------------------- */

static void
created_print(
    struct ctx *c, const struct tenant_new *new, struct uuid id, bool json)
{
	struct writer w = writer_new(c->arena);

	if (!json) {
		puts(uuid_text(c->arena, id));
		return;
	}
	write_map(&w, NULL);
	write_uuid(&w, "id", id);
	write_text(&w, "slug", new->slug);
	write_text(&w, "name", new->name);
	write_text(&w, "kind", new->platform ? "platform" : "shop");
	write_map_end(&w);
	puts(writer_text(&w));
}

/* The configuration says by its slug which tenant is the platform. */
static void
platform_note(const struct conf *conf, const struct tenant_new *new)
{
	bool named = strcmp(conf->platform, new->slug) == 0;

	if (named && !new->platform)
		note("Note: the configuration has platform = %s, but this is "
		     "a shop. Should it have been --platform?",
		    new->slug);
	if (!named && new->platform)
		note("Note: the configuration has platform = %s, so this one "
		     "is not in use.",
		    conf->platform);
}

enum err
cli_tenant_create(struct ctx *c, const struct given *in)
{
	struct tenant_new new = {.slug = in->operands[0],
	    .name = in->name ? in->name : in->operands[0],
	    .platform = in->platform};
	const char *why = NULL;
	struct uuid id;
	enum err e;

	if ((e = tenant_create(c, &new, &id, &why)))
		return why ? say(e, "%s", why) : e;
	created_print(c, &new, id, in->json);
	platform_note(c->conf, &new);
	return OK;
}

/* ---- list and show --------------------------------------------------------------- */

enum err
cli_tenant_list(struct ctx *c, const struct given *in)
{
	struct table t = table_new(c->arena, list_heading);
	struct tenant_row *rows;
	size_t i, n;
	enum err e;

	if ((e = store_tenant_list(c, &rows, &n)))
		return e;
	for (i = 0; i < n; i++)
		table_add(&t,
		    (const char *[]){rows[i].slug, rows[i].name, rows[i].kind,
			rows[i].status, uuid_text(c->arena, rows[i].id),
			table_time(c->arena, rows[i].created_at),
			table_time(c->arena, rows[i].approved_at)});
	table_print(&t, in->json);
	return OK;
}

/* A tenant with what is known of it beside its settings. */
struct facts {
	const struct tenant *t;
	struct tenant_row row;
	struct customer founder; /* no email: gone, or signed in by phone */
	int64_t mails, sms;
};

static enum err
facts_find(struct ctx *c, const char *name, struct facts *out)
{
	enum err e;

	if ((e = cli_tenant_find(c, name, &out->t)) ||
	    (e = store_tenant_by_id(c, out->t->id, &out->row)) ||
	    (e = tenant_sent_today(c, out->t, &out->mails, &out->sms)))
		return e;
	out->founder = (struct customer){.email = NULL};
	if (uuid_is_nil(out->row.founded_by))
		return OK;
	e = account_find(c, out->row.founded_by, &out->founder);
	return e == ERR_NOT_FOUND ? OK : e;
}

static void
founding_print(struct ctx *c, const struct facts *f)
{
	const struct tenant_row *row = &f->row;

	if (f->t->held)
		printf("approved  no: held back until `doorward tenant approve "
		       "%s`\n",
		    f->t->slug ? f->t->slug : f->t->text);
	else
		printf("approved  %s\n",
		    row->approved_at ? time_text(c->arena, row->approved_at)
				     : "-");
	if (!uuid_is_nil(row->founded_by))
		printf("founded   by %s (%s)\n",
		    people_text(c->arena, f->founder.email),
		    uuid_text(c->arena, row->founded_by));
	if (row->delete_at != 0)
		printf(
		    "deleted   at %s\n", time_text(c->arena, row->delete_at));
}

/* What stands for itself, beside the settings. */
static void
facts_print(struct ctx *c, const struct facts *f)
{
	const struct tenant *t = f->t;

	printf("id        %s\n", t->text);
	printf("slug      %s\n", t->slug ? t->slug : "-");
	printf("name      %s\n", people_text(c->arena, t->name));
	printf("kind      %s\n", t->platform ? "platform" : "shop");
	printf("status    %s\n", f->row.status);
	founding_print(c, f);
	printf("issuer    %s\n", people_text(c->arena, t->iss));
	printf("budget    mails today %" PRId64 " of %" PRId64
	       ", messages today %" PRId64 " of %" PRId64 "\n\n",
	    f->mails, tenant_mails_a_day(t), f->sms, tenant_sms_a_day(t));
}

static const char *
is_preset(struct ctx *c, const struct setting *row, const char *value)
{
	struct tenant_settings preset;

	settings_preset(tenant_settings_table, &preset);
	return strcmp(value, settings_show(c->arena, row, &preset)) == 0 ? "yes"
									 : "no";
}

static void
settings_print(struct ctx *c, const struct tenant *tenant)
{
	struct table t = table_new(c->arena, show_heading);
	const struct setting *row;
	const char *value;

	for (row = tenant_settings_table; row->name != NULL; row++) {
		value = settings_show(c->arena, row, &tenant->set);
		table_add(&t, (const char *[]){row->name, value,
				  is_preset(c, row, value), row->about});
	}
	table_print(&t, false);
}

/* The table of limits, with what this tenant makes of it. */
static void
limits_print(struct ctx *c, const struct tenant *tenant)
{
	struct table t = table_new(c->arena, limits_heading);
	const struct limit *l;
	int64_t most;
	int kind;

	for (kind = 1; kind < LIMIT_COUNT; kind++) {
		l = &limits[kind];
		most = limit_most(c, (enum limit_kind)kind, tenant);
		if (most == INT32_MAX && l->pause_ms == 0)
			continue;
		table_add(
		    &t, (const char *[]){l->name,
			    most == INT32_MAX
				? "1"
				: arena_print(c->arena, "%" PRId64, most),
			    arena_print(c->arena, "%" PRId64,
				(l->pause_ms ? l->pause_ms : l->window_ms) /
				    SECOND_MS),
			    l->by_address ? "client address" : "tenant"});
	}
	putchar('\n');
	table_print(&t, false);
}

static void
settings_write(struct ctx *c, struct writer *w, const struct tenant *tenant)
{
	const struct setting *row;
	const char *value;

	write_list(w, "settings");
	for (row = tenant_settings_table; row->name != NULL; row++) {
		value = settings_show(c->arena, row, &tenant->set);
		write_map(w, NULL);
		write_text(w, "setting", row->name);
		write_text(w, "value", value);
		write_bool(w, "preset", *is_preset(c, row, value) == 'y');
		write_map_end(w);
	}
	write_list_end(w);
}

static void
founding_write(struct writer *w, const struct facts *f)
{
	write_bool(w, "held", f->t->held);
	if (f->row.approved_at != 0)
		write_time(w, "approved", f->row.approved_at);
	else
		write_null(w, "approved");
	if (uuid_is_nil(f->row.founded_by))
		write_null(w, "founded_by");
	else
		write_uuid(w, "founded_by", f->row.founded_by);
	write_text(w, "founder_email", f->founder.email);
	if (f->row.delete_at != 0)
		write_time(w, "deleted", f->row.delete_at);
	else
		write_null(w, "deleted");
	write_int(w, "mails_today", f->mails);
	write_int(w, "mails_a_day", tenant_mails_a_day(f->t));
	write_int(w, "messages_today", f->sms);
	write_int(w, "messages_a_day", tenant_sms_a_day(f->t));
}

static void
tenant_write(struct ctx *c, const struct facts *f)
{
	struct writer w = writer_new(c->arena);
	const struct tenant *t = f->t;

	write_map(&w, NULL);
	write_text(&w, "id", t->text);
	write_text(&w, "slug", t->slug);
	write_text(&w, "name", t->name);
	write_text(&w, "kind", t->platform ? "platform" : "shop");
	write_text(&w, "status", f->row.status);
	write_text(&w, "issuer", t->iss);
	founding_write(&w, f);
	settings_write(c, &w, t);
	write_map_end(&w);
	puts(writer_text(&w));
}

enum err
cli_tenant_show(struct ctx *c, const struct given *in)
{
	struct facts f;
	enum err e;

	if ((e = facts_find(c, in->operands[0], &f)))
		return e;
	if (in->json) {
		tenant_write(c, &f);
		return OK;
	}
	facts_print(c, &f);
	settings_print(c, f.t);
	limits_print(c, f.t);
	return OK;
}

/* ---- set --------------------------------------------------------------------------- */

enum err
cli_tenant_set(struct ctx *c, const struct given *in)
{
	const char *const *o = in->operands, *why = NULL;
	const struct tenant *t;
	enum err e;

	if ((e = cli_tenant_find(c, o[0], &t)))
		return e;
	if ((e = tenant_set(c, t, o[1], o[2], &why)) && why != NULL)
		return say(e,
		    "%s `doorward tenant show %s` shows all settings.", why,
		    o[0]);
	return e;
}
