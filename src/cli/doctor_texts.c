/* SPDX-License-Identifier: ISC */
/* doctor: the words of messages, rendered as they will be sent. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor.h"

#define SAMPLE_CODE "493817"
#define SAMPLE_LINK "https://shop.example/signin#token=sample"

#define MEND_GONE                                                            \
	"write it, or copy it from conf/templates; another folder is named " \
	"by template_dir"
#define MEND_BROKEN "edit it; conf/templates has one of each that can be sent"

/* The slots of a message, as somebody may be sent it. */
struct sample {
	const char *what;
	struct slot slots[6];
};

/* clang-format off */
#define SAMPLE(shop, code, link) { \
	{ "shop", shop }, { "code", code }, { "link", link }, \
	{ "host", "shop.example" }, { "minutes", "10" }, { NULL, NULL } }

static const struct sample mails[] = {
	{ "with code and link", SAMPLE("Shop", SAMPLE_CODE, SAMPLE_LINK) },
	{ "with a link alone",  SAMPLE("Shop", NULL, SAMPLE_LINK) },
	{ "of a shop that is not approved, with code and link",
	    SAMPLE(NULL, SAMPLE_CODE, SAMPLE_LINK) },
	{ "of a shop that is not approved, with a link alone",
	    SAMPLE(NULL, NULL, SAMPLE_LINK) },
	{ .what = NULL },
};

static const struct sample phones[] = {
	{ "with a code",        SAMPLE("Shop", SAMPLE_CODE, NULL) },
	{ "with a link alone",  SAMPLE("Shop", NULL, SAMPLE_LINK) },
	{ "of a shop that is not approved, with a code",
	    SAMPLE(NULL, SAMPLE_CODE, NULL) },
	{ "of a shop that is not approved, with a link alone",
	    SAMPLE(NULL, NULL, SAMPLE_LINK) },
	{ .what = NULL },
};

/* As `doorward channel test` fills it. */
static const struct sample tries[] = {
	{ "as a test", { { "shop", NULL }, { "code", SAMPLE_CODE },
	    { "host", "shop.example" }, { NULL, NULL } } },
	{ .what = NULL },
};

/* What is sent; the first in every language, the others where one has it. */
static const struct template {
	const char		*name;
	enum message_kind	 kind;
	bool			 always, signs_in;
	const struct sample	*samples;
} templates[] = {
	{ "signin", MESSAGE_EMAIL,    true,  true,  mails },
	{ "signin", MESSAGE_SMS,      true,  true,  phones },
	{ "signin", MESSAGE_WHATSAPP, true,  true,  phones },
	{ "test",   MESSAGE_EMAIL,    false, false, tries },
	{ "test",   MESSAGE_SMS,      false, false, tries },
	{ "test",   MESSAGE_WHATSAPP, false, false, tries },
};
/* clang-format on */

/* What one language has, each of them must have. */
static bool
is_demanded(
    struct doctor *d, const struct template *t, const char *const *locales)
{
	const char *const *path;

	if (t->always)
		return true;
	for (; *locales != NULL; locales++)
		for (path = message_paths(d->c, *locales, t->name, t->kind);
		     *path != NULL; path++)
			if (access(*path, F_OK) == 0)
				return true;
	return false;
}

static bool
is_there(struct doctor *d, const struct template *t, const char *locale)
{
	const char *const *path = message_paths(d->c, locale, t->name, t->kind);
	bool all = true;

	for (; *path != NULL; path++)
		if (access(*path, R_OK) != 0) {
			doctor_fault(
			    d, MEND_GONE, "%s: %s.", *path, strerror(errno));
			all = false;
		}
	return all;
}

/* A text that says neither is of no use to who wants to sign in. */
static bool
says_how(const char *text)
{
	return text == NULL || strstr(text, SAMPLE_CODE) != NULL ||
	       strstr(text, SAMPLE_LINK) != NULL;
}

/* The first fault of it: others are mostly the same once more. */
static void
template_try(struct doctor *d, const struct template *t, const char *locale)
{
	const char *kind = message_kind_name(t->kind), *why;
	const struct sample *sample;
	struct message m = {.kind = t->kind};

	for (sample = t->samples; sample->what != NULL; sample++) {
		why = template_fault(d->c, locale, t->name, sample->slots, &m);
		if (why != NULL) {
			doctor_fault(d, MEND_BROKEN, "%s (the message %s %s).",
			    why, t->name, sample->what);
			return;
		}
		if (t->signs_in && (!says_how(m.text) || !says_how(m.html))) {
			doctor_fault(d, MEND_BROKEN,
			    "%s/%s/%s.%s.*: the message %s says neither code "
			    "nor link.",
			    d->conf.template_dir, locale, t->name, kind,
			    sample->what);
			return;
		}
	}
}

/* Stored before it was looked at, or a folder that is gone. */
void
doctor_languages(struct doctor *d)
{
	const char *const *served = house_locales(d->c);
	const struct tenant *t;
	struct tenant_row *rows;
	const char *name;
	size_t i, n;

	if (doctor_failed(d, store_tenant_list(d->c, &rows, &n)))
		return;
	for (i = 0; i < n; i++) {
		if (doctor_failed(d, tenant_from_row(d->c, &rows[i], &t)) ||
		    language_lookup(served, t->set.locale) != NULL)
			continue;
		name = t->slug != NULL ? t->slug : t->text;
		doctor_warn(d,
		    arena_print(d->c->arena,
			"doorward tenant set %s locale en, or another folder "
			"of template_dir",
			name),
		    "locale = %s: there are no templates in the language of "
		    "'%s', which sends in en.",
		    t->set.locale, name);
	}
}

void
doctor_templates(struct doctor *d)
{
	const char *const *locales = locales_read(d->c->arena, &d->conf);
	struct text word = text_new(d->c->arena);
	const char *const *locale;
	const struct template *t;

	for (t = templates; t < templates + COUNT(templates); t++) {
		if (!is_demanded(d, t, locales))
			continue;
		for (locale = locales; *locale != NULL; locale++)
			if (is_there(d, t, *locale))
				template_try(d, t, *locale);
	}
	text_addf(&word, "%s:", d->conf.template_dir);
	for (locale = locales; *locale != NULL; locale++)
		text_addf(&word, " %s", *locale);
	doctor_word(d, "%s", word.s);
}
