/* SPDX-License-Identifier: ISC */
/* writer: a JSON document by steps. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

struct writer
writer_new(struct arena *a)
{
	return (struct writer){.out = text_new(a)};
}

/* One character that JSON or a script around it would misread, escaped. */
static void
add_escape(struct text *out, unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		text_add_c(out, '\\');
		text_add_c(out, (char)c);
		break;
	case '\n':
		text_add(out, "\\n");
		break;
	case '\r':
		text_add(out, "\\r");
		break;
	case '\t':
		text_add(out, "\\t");
		break;
	default:
		text_addf(out, "\\u%04x", c);
		break;
	}
}

static bool
needs_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\' || c == '<' || c == 0x7f;
}

/* The bytes from s on that stand for themselves. */
static size_t
plain_len(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0' && !needs_escape((unsigned char)s[n]) &&
	       strncmp(s + n, "\xe2\x80\xa8", 3) != 0 &&
	       strncmp(s + n, "\xe2\x80\xa9", 3) != 0)
		n++;
	return n;
}

static void
add_string(struct text *out, const char *s)
{
	size_t n;

	text_add_c(out, '"');
	for (;;) {
		n = plain_len(s);
		text_add_n(out, s, n);
		s += n;
		if (*s == '\0')
			break;
		if (*s == '\xe2') {
			text_add(out, s[2] == '\xa8' ? "\\u2028" : "\\u2029");
			s += 3;
		} else {
			add_escape(out, (unsigned char)*s++);
		}
	}
	text_add_c(out, '"');
}

/* The comma before, and the name if there is one; a value follows. */
static void
write_name(struct writer *w, const char *name)
{
	if (w->comma)
		text_add_c(&w->out, ',');
	if (name != NULL) {
		add_string(&w->out, name);
		text_add_c(&w->out, ':');
	}
	w->comma = true;
}

static void
write_begin(struct writer *w, const char *name, char open)
{
	write_name(w, name);
	text_add_c(&w->out, open);
	w->comma = false;
}

static void
write_end(struct writer *w, char close)
{
	text_add_c(&w->out, close);
	w->comma = true;
}

void
write_map(struct writer *w, const char *name)
{
	write_begin(w, name, '{');
}

void
write_map_end(struct writer *w)
{
	write_end(w, '}');
}

void
write_list(struct writer *w, const char *name)
{
	write_begin(w, name, '[');
}

void
write_list_end(struct writer *w)
{
	write_end(w, ']');
}

void
write_text(struct writer *w, const char *name, const char *s)
{
	write_name(w, name);
	if (s == NULL)
		text_add(&w->out, "null");
	else
		add_string(&w->out, s);
}

void
write_secret(struct writer *w, const char *name, struct secret secret)
{
	write_text(w, name, secret.s);
}

void
write_int(struct writer *w, const char *name, int64_t i)
{
	write_name(w, name);
	text_addf(&w->out, "%" PRId64, i);
}

void
write_bool(struct writer *w, const char *name, bool b)
{
	write_name(w, name);
	text_add(&w->out, b ? "true" : "false");
}

void
write_null(struct writer *w, const char *name)
{
	write_text(w, name, NULL);
}

void
write_uuid(struct writer *w, const char *name, struct uuid u)
{
	write_text(w, name, uuid_text(w->out.arena, u));
}

void
write_time(struct writer *w, const char *name, int64_t ms)
{
	write_text(w, name, time_text(w->out.arena, ms));
}

/* 15 to 17 digits that read as the same number, and as a real one. */
static void
write_real(struct writer *w, const char *name, double d)
{
	char s[40];
	int digits;

	for (digits = 15; digits <= 17; digits++) {
		(void)snprintf(s, sizeof(s), "%.*g", digits, d);
		if (strtod(s, NULL) >= d && strtod(s, NULL) <= d)
			break;
	}
	write_name(w, name);
	text_add(&w->out, s);
	if (strpbrk(s, ".e") == NULL)
		text_add(&w->out, ".0");
}

void
write_decimal(struct writer *w, const char *name, const char *s)
{
	size_t n = s ? strlen(s) : 0;

	if (s == NULL) {
		write_null(w, name);
		return;
	}
	while (strchr(s, '.') != NULL && n > 1 && s[n - 1] == '0')
		n--;
	write_name(w, name);
	text_add_n(&w->out, s, s[n - 1] == '.' ? n - 1 : n);
}

static void
write_items(struct writer *w, const struct json *of)
{
	json_each (item, of)
		write_tree(w, item->name, item);
}

void
write_tree(struct writer *w, const char *name, const struct json *tree)
{
	switch (tree->type) {
	case JSON_NULL:
		write_null(w, name);
		break;
	case JSON_BOOL:
		write_bool(w, name, tree->b);
		break;
	case JSON_INT:
		write_int(w, name, tree->i);
		break;
	case JSON_REAL:
		write_real(w, name, tree->d);
		break;
	case JSON_TEXT:
		write_text(w, name, tree->s);
		break;
	case JSON_LIST:
		write_list(w, name);
		write_items(w, tree);
		write_list_end(w);
		break;
	case JSON_MAP:
		write_map(w, name);
		write_items(w, tree);
		write_map_end(w);
		break;
	}
}

const char *
writer_text(const struct writer *w)
{
	return w->out.s != NULL ? w->out.s : "";
}
