/* SPDX-License-Identifier: ISC */
/* doorward tenant: found, list, show, set. */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static const char *const list_heading[] = {
    "slug", "name", "kind", "status", "id", "created", NULL};
static const char *const show_heading[] = {
    "setting", "value", "preset", "about", NULL};

enum err
cli_tenant_find(struct ctx *c, const char *slug, const struct tenant **out)
{
	enum err e = tenant_by_slug(c, slug, out);

	if (e == ERR_TENANT_UNKNOWN)
		return say(ERR_NOT_FOUND,
		    "There is no tenant '%s'. `doorward tenant list` shows "
		    "those there are.",
		    slug);
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
			table_time(c->arena, rows[i].created_at)});
	table_print(&t, in->json);
	return OK;
}

/* What stands for itself, beside the settings. */
static void
facts_print(const struct tenant *t)
{
	printf("id      %s\n", t->text);
	printf("slug    %s\n", t->slug ? t->slug : "-");
	printf("name    %s\n", t->name);
	printf("kind    %s\n", t->platform ? "platform" : "shop");
	printf("status  %s\n", t->suspended ? "suspended" : "active");
	printf("issuer  %s\n\n", t->iss);
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
tenant_write(struct ctx *c, const struct tenant *t)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_text(&w, "id", t->text);
	write_text(&w, "slug", t->slug);
	write_text(&w, "name", t->name);
	write_text(&w, "kind", t->platform ? "platform" : "shop");
	write_text(&w, "status", t->suspended ? "suspended" : "active");
	write_text(&w, "issuer", t->iss);
	settings_write(c, &w, t);
	write_map_end(&w);
	puts(writer_text(&w));
}

enum err
cli_tenant_show(struct ctx *c, const struct given *in)
{
	const struct tenant *t;
	enum err e;

	if ((e = cli_tenant_find(c, in->operands[0], &t)))
		return e;
	if (in->json) {
		tenant_write(c, t);
		return OK;
	}
	facts_print(t);
	settings_print(c, t);
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
