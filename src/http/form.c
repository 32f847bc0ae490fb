/* SPDX-License-Identifier: ISC */
/* A form's body, as it is read everywhere else: a map of texts. */

#include <string.h>
#include <strings.h>

#include "http/http.h"

enum { FORM_NAMES_MAX = 64 };

static const char form_type[] = "application/x-www-form-urlencoded";

bool
request_is_form(const struct req *r)
{
	const char *s = request_header(r, "Content-Type");
	size_t n = sizeof(form_type) - 1;

	if (!s || strncasecmp(s, form_type, n) != 0)
		return false;
	s += n + strspn(s + n, " \t");
	return *s == '\0' || *s == ';';
}

/* Decoded, UTF-8 and without NUL; NULL: not so. */
static const char *
part_read(struct ctx *c, const char *s, size_t n)
{
	const char *text = percent_read(c->arena, s, n);

	return text && utf8_valid(text, strlen(text)) ? text : NULL;
}

/* "name=value", or a name alone. */
static enum err
pair_read(struct ctx *c, const char *s, size_t n, struct json *out)
{
	const char *eq = memchr(s, '=', n);
	size_t name = eq ? (size_t)(eq - s) : n;
	size_t value = eq ? name + 1 : n;

	out->type = JSON_TEXT;
	out->name = part_read(c, s, name);
	out->s = part_read(c, s + value, n - value);
	if (!out->name || !out->s || memchr(s, '\0', n))
		return fail(c, ERR_BAD_REQUEST, "a form badly encoded");
	return OK;
}

enum err
form_parse(struct ctx *c, const char *body, size_t len, const struct json **out)
{
	struct json *map = arena_get(c->arena, sizeof(*map)), *pair;
	const struct json **end = &map->first;
	size_t at, n, names = 0;
	const char *amp;
	enum err e;

	map->type = JSON_MAP;
	*out = map;
	for (at = 0; at < len; at += n + 1) {
		amp = memchr(body + at, '&', len - at);
		n = amp ? (size_t)(amp - body) - at : len - at;
		if (n == 0)
			continue;
		pair = arena_get(c->arena, sizeof(*pair));
		if ((e = pair_read(c, body + at, n, pair)))
			return e;
		if (json_get(map, pair->name) || ++names > FORM_NAMES_MAX)
			return fail(c, ERR_BAD_REQUEST,
			    "a form's name twice, or too many");
		*end = pair;
		end = &pair->next;
	}
	return OK;
}
