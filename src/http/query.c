/* SPDX-License-Identifier: ISC */
/* One parameter of a request's query. */

#include <string.h>

#include "http/http.h"

/* A name or value, decoded once; NULL: badly encoded. */
static const char *
part_read(struct ctx *c, const char *s, size_t n)
{
	const char *text = percent_read(c->arena, s, n);

	return text && utf8_valid(text, strlen(text)) ? text : NULL;
}

/* Is this "name=value" ours? A name that cannot be decoded is nobody's. */
static bool
is_named(struct ctx *c, const char *s, size_t n, const char *name)
{
	const char *is = part_read(c, s, n);

	return is && strcmp(is, name) == 0;
}

enum err
request_query(
    struct ctx *c, const struct req *r, const char *name, const char **out)
{
	const char *s = r->query;
	size_t n, eq;

	*out = NULL;
	for (; *s; s += n + (s[n] == '&')) {
		n = strcspn(s, "&");
		eq = strcspn(s, "=&");
		if (!is_named(c, s, eq, name))
			continue;
		if (*out)
			return fail(c, ERR_BAD_REQUEST, "%s twice", name);
		eq += eq < n;
		*out = part_read(c, s + eq, n - eq);
		if (!*out)
			return fail(
			    c, ERR_BAD_REQUEST, "%s badly encoded", name);
	}
	return OK;
}
