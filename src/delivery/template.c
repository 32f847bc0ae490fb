/* SPDX-License-Identifier: ISC */
/* The words of messages: templates by locale, whose slots are filled. */

#include <string.h>
#include <unistd.h>

#include "delivery/delivery.h"

enum { TEMPLATE_MAX = 32 * 1024 }; /* bytes */

static const char *const kind_names[] = {
    [MESSAGE_EMAIL] = "email",
    [MESSAGE_SMS] = "sms",
    [MESSAGE_WHATSAPP] = "whatsapp",
};

/* Which files make up a message of each kind. */
struct part {
	enum message_kind kind;
	const char *ending;
	bool html;
	size_t offset;
};

/* clang-format off */
static const struct part parts[] = {
	{ MESSAGE_EMAIL,    "subject", false, AT(struct message, subject, const char *) },
	{ MESSAGE_EMAIL,    "txt",     false, AT(struct message, text, const char *) },
	{ MESSAGE_EMAIL,    "html",    true,  AT(struct message, html, const char *) },
	{ MESSAGE_SMS,      "txt",     false, AT(struct message, text, const char *) },
	{ MESSAGE_WHATSAPP, "txt",     false, AT(struct message, text, const char *) },
};

static const struct {
	char		 c;
	const char	*entity;
} entities[] = {
	{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
	{ '"', "&quot;" }, { '\'', "&#39;" },
};
/* clang-format on */

/* One template file and what goes into it. */
struct page {
	struct arena *arena;
	const char *path;
	const struct slot *slots;
	bool html;
	const char *why; /* with ERR_IO */
};

const char *
message_kind_name(enum message_kind kind)
{
	return kind_names[kind];
}

bool
message_kind_read(const char *name, enum message_kind *out)
{
	size_t i;

	for (i = 0; i < COUNT(kind_names); i++)
		if (name && !strcmp(name, kind_names[i])) {
			*out = (enum message_kind)i;
			return true;
		}
	return false;
}

static void
add_escaped(struct text *t, const char *s)
{
	size_t i;

	for (; *s; s++) {
		for (i = 0; i < COUNT(entities); i++)
			if (entities[i].c == *s)
				break;
		if (i < COUNT(entities))
			text_add(t, entities[i].entity);
		else
			text_add_c(t, *s);
	}
}

static const struct slot *
slot_find(const struct slot *slots, const char *name, size_t len)
{
	for (; slots->name; slots++)
		if (strlen(slots->name) == len &&
		    !memcmp(slots->name, name, len))
			return slots;
	return NULL;
}

/* The line with its slots filled, or NULL when one of them has no value. */
static enum err
line_fill(struct page *page, const char *line, const char **out)
{
	struct text t = text_new(page->arena);
	const struct slot *slot;
	const char *value;
	bool left_out = false;
	size_t n;

	for (text_add(&t, ""); *line; line += n + 1) {
		n = strcspn(line, "{");
		text_add_n(&t, line, n);
		if (!line[n])
			break;
		line += n + 1;
		n = strcspn(line, "}");
		slot = slot_find(page->slots, line, n);
		if (!line[n] || !slot) {
			page->why = arena_print(page->arena,
			    "%s: there is no slot {%.*s}", page->path, (int)n,
			    line);
			return ERR_IO;
		}
		if (!slot->value) {
			left_out = true;
			continue;
		}
		value = mail_clean(page->arena, slot->value);
		(page->html ? add_escaped : text_add)(&t, value);
	}
	*out = left_out ? NULL : t.s;
	return OK;
}

/* Never two empty lines in a row, where one between them was left out. */
static void
line_add(struct text *t, const char *line)
{
	bool gap = t->len == 0 ||
		   (t->len > 1 && !memcmp(t->s + t->len - 2, "\n\n", 2));

	if (!*line && gap)
		return;
	text_add(t, line);
	text_add_c(t, '\n');
}

static enum err
page_fill(struct page *page, char *body, const char **out)
{
	struct text t = text_new(page->arena);
	const char *line, *filled = NULL;
	bool stands = false, other;
	enum err e;

	text_add(&t, "");
	while ((line = strsep(&body, "\n"))) {
		other = *line == '|';
		if ((e = line_fill(page, line + other, &filled)))
			return e;
		if (other && stands)
			continue;
		stands = filled != NULL;
		if (filled)
			line_add(&t, filled);
	}
	while (t.len > 0 && t.s[t.len - 1] == '\n')
		t.s[--t.len] = '\0';
	*out = t.s;
	return OK;
}

/* Letters, digits, '-' and '_': what may become part of a path. */
static bool
is_word(const char *s)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	return s && *s && s[strspn(s, word)] == '\0';
}

static char *
part_path(struct ctx *c, const char *locale, const char *name,
    const struct part *part)
{
	return arena_print(c->arena, "%s/%s/%s.%s.%s", c->conf->template_dir,
	    locale, name, message_kind_name(part->kind), part->ending);
}

const char *const *
message_paths(
    struct ctx *c, const char *locale, const char *name, enum message_kind kind)
{
	const char **list =
	    arena_list(c->arena, COUNT(parts) + 1, sizeof(*list));
	size_t i, n = 0;

	for (i = 0; i < COUNT(parts); i++)
		if (parts[i].kind == kind)
			list[n++] = part_path(c, locale, name, &parts[i]);
	return list;
}

static enum err
part_render(struct page *page, const struct part *part, struct message *out)
{
	const char *filled;
	char *body;
	enum err e;

	if (file_read(page->arena, page->path, TEMPLATE_MAX, &body, &page->why))
		return ERR_IO;
	if ((e = page_fill(page, body, &filled)))
		return e;
	if (!*filled) {
		page->why =
		    arena_print(page->arena, "%s: no line is left", page->path);
		return ERR_IO;
	}
	memcpy((char *)out + part->offset, &filled, sizeof(filled));
	return OK;
}

/* A locale counts when it has the message whole; else it is English. */
static const char *
locale_find(
    struct ctx *c, const char *locale, const char *name, enum message_kind kind)
{
	size_t i;

	if (!is_word(locale))
		return "en";
	for (i = 0; i < COUNT(parts); i++)
		if (parts[i].kind == kind &&
		    access(part_path(c, locale, name, &parts[i]), R_OK))
			return "en";
	return locale;
}

const char *
template_fault(struct ctx *c, const char *locale, const char *name,
    const struct slot *slots, struct message *out)
{
	struct page page = {.arena = c->arena, .slots = slots};
	size_t i;

	out->subject = out->text = out->html = NULL;
	for (i = 0; i < COUNT(parts); i++) {
		if (parts[i].kind != out->kind)
			continue;
		page.path = part_path(c, locale, name, &parts[i]);
		page.html = parts[i].html;
		if (part_render(&page, &parts[i], out))
			return page.why;
	}
	if (out->subject)
		out->subject = arena_copy(
		    c->arena, out->subject, strcspn(out->subject, "\n"));
	return NULL;
}

enum err
message_render(struct ctx *c, const char *locale, const char *name,
    const struct slot *slots, struct message *out)
{
	const char *why;

	if (!is_word(name))
		return fail(c, ERR_IO, "a template's name is malformed");
	locale = locale_find(c, locale, name, out->kind);
	why = template_fault(c, locale, name, slots, out);
	return why ? fail(c, ERR_IO, "%s", why) : OK;
}
