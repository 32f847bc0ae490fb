/* SPDX-License-Identifier: ISC */
/* A struct with a field of every type: how it is read and shown. */

#include "sample.h"

#define F struct sample
/* clang-format off */
const struct field sample_fields[] = {
	FIELD_TEXT("name", OPTIONAL, F, name, 2, 5),
	FIELD_EMAIL("email", OPTIONAL, F, email),
	FIELD_PHONE("phone", OPTIONAL, F, phone),
	FIELD_CHOICE("kind", OPTIONAL, F, kind, "EMAIL|SMS"),
	{ "born", F_DATE, OPTIONAL, AT(F, born, const char *), 10, 10, NULL },
	{ "site", F_URL, OPTIONAL, AT(F, site, const char *), 0, 2048, NULL },
	FIELD_SECRET("code", OPTIONAL, F, code, 6, 8),
	FIELD_INT("count", OPTIONAL, F, count, 1, 100),
	{ "terms", F_BOOL, OPTIONAL, AT(F, terms, bool), 0, 0, NULL },
	FIELD_CHANGE("nick", F, nick, 4),
	FIELD_CHANGE_PHONE("mobile", F, mobile),
	FIELD_CHANGE_DATE("date", F, date),
	FIELD_CHANGE_URL("page", F, page),
	FIELD_CHANGE_LANGUAGE("spoken", F, spoken),
	FIELD_CHANGE_COUNTRY("land", F, land),
	FIELD_CHANGE_DECIMAL("north", F, north, -90, 90),
	FIELD_MAP("more", OPTIONAL, F, more, 1, 2),
	FIELD_LIST("tags", OPTIONAL, F, tags, 1, 2),
	FIELD_END
};

const struct field sample_required[] = {
	FIELD_TEXT("name", REQUIRED, F, name, 1, 5),
	FIELD_SECRET("code", REQUIRED, F, code, 1, 8),
	FIELD_INT("count", REQUIRED, F, count, 1, 100),
	FIELD_LIST("tags", REQUIRED, F, tags, 0, 2),
	FIELD_END
};
/* clang-format on */
#undef F

enum err
sample_read(struct ctx *c, const struct field *fields, const char *body,
    struct sample *into, struct field_errors *errors)
{
	struct form form = {fields, into, true};
	const struct json *tree = NULL;

	ck_assert_int_eq(json_parse(c, body, strlen(body), &tree), OK);
	return fields_read(c, &form, tree, errors);
}

static void
show_text(struct text *out, const char *name, const char *value)
{
	if (value)
		text_addf(out, "%s=%s;", name, value);
}

static void
show_change(struct text *out, const char *name, const struct change *change)
{
	if (change->given)
		text_addf(out, "%s:%s;", name, change->s ? change->s : "null");
}

const char *
sample_show(struct ctx *c, const struct sample *f)
{
	struct text out = text_new(c->arena);

	text_add(&out, "");
	show_text(&out, "name", f->name);
	show_text(&out, "email", f->email);
	show_text(&out, "phone", f->phone);
	show_text(&out, "kind", f->kind);
	show_text(&out, "born", f->born);
	show_text(&out, "site", f->site);
	show_text(&out, "code", f->code.s);
	if (f->count)
		text_addf(&out, "count=%d;", (int)f->count);
	if (f->terms)
		text_add(&out, "terms;");
	show_change(&out, "nick", &f->nick);
	show_change(&out, "mobile", &f->mobile);
	show_change(&out, "date", &f->date);
	show_change(&out, "page", &f->page);
	show_change(&out, "spoken", &f->spoken);
	show_change(&out, "land", &f->land);
	show_change(&out, "north", &f->north);
	if (f->more)
		text_add(&out, "more;");
	if (f->tags)
		text_add(&out, "tags;");
	return out.s;
}

const char *
sample_errors(struct ctx *c, const struct field_errors *errors)
{
	struct text out = text_new(c->arena);
	size_t i;

	text_add(&out, "");
	for (i = 0; i < errors->n; i++)
		text_addf(&out, "%s %s;", errors->list[i].name,
		    errors->list[i].sentence);
	return out.s;
}
