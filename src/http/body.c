/* SPDX-License-Identifier: ISC */
/* The body of a request: exactly as long as announced, and what it is. */

#include <string.h>
#include <strings.h>

#include "http/http.h"

static const char json_type[] = "application/json";

/* How many variables of this name there are. */
static size_t
var_count(const struct req *r, const char *name)
{
	size_t n = strlen(name), found = 0;
	char *const *e;

	for (e = r->env; *e; e++)
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
			found++;
	return found;
}

/* The announced length; a length of "" is none (nginx sends it so). */
static enum err
length_read(struct ctx *c, const struct req *r, bool *announced, size_t *out)
{
	const char *text = request_header(r, "Content-Length");
	int64_t n;

	*announced = text != NULL;
	*out = 0;
	if (var_count(r, "CONTENT_LENGTH") > 1)
		return fail(c, ERR_BODY_LENGTH, "more than one Content-Length");
	if (!text)
		return OK;
	if (text[strspn(text, "0123456789")])
		return fail(c, ERR_BODY_LENGTH, "Content-Length is no number");
	if (!number_read(text, BODY_MAX, &n))
		return fail(
		    c, ERR_BODY_TOO_LARGE, "more than %d announced", BODY_MAX);
	*out = (size_t)n;
	return OK;
}

/* Up to n bytes, fewer only at the end. */
static size_t
source_fill(const struct source *source, char *into, size_t n)
{
	size_t have = 0, got;

	while (have < n &&
	       (got = source->read(source->from, into + have, n - have)) > 0)
		have += got;
	return have;
}

static enum err
body_announced(struct ctx *c, struct req *r, size_t n)
{
	char *body = arena_get(c->arena, n + 1);
	size_t have = source_fill(&r->source, body, n);

	if (have < n)
		return fail(c, ERR_BODY_LENGTH, "%zu bytes announced, %zu came",
		    n, have);
	r->body = body;
	r->body_len = n;
	return OK;
}

static enum err
body_chunked(struct ctx *c, struct req *r)
{
	char *body = arena_get(c->arena, (size_t)BODY_MAX + 2);
	size_t have = source_fill(&r->source, body, (size_t)BODY_MAX + 1);

	if (have > BODY_MAX)
		return fail(
		    c, ERR_BODY_TOO_LARGE, "more than %d bytes came", BODY_MAX);
	r->body = body;
	r->body_len = have;
	return OK;
}

enum err
request_body(struct ctx *c, struct req *r)
{
	const char *coding = request_header(r, "Transfer-Encoding");
	size_t n;
	bool announced;
	enum err e;

	if ((e = length_read(c, r, &announced, &n)))
		return e;
	if (!announced && coding && ascii_equal_fold(coding, "chunked"))
		return body_chunked(c, r);
	return body_announced(c, r, n);
}

bool
request_is_json(const struct req *r)
{
	const char *s = request_header(r, "Content-Type");

	if (!s || strncasecmp(s, json_type, sizeof(json_type) - 1) != 0)
		return false;
	s += sizeof(json_type) - 1;
	s += strspn(s, " \t");
	if (*s == '\0')
		return true;
	if (*s++ != ';')
		return false;
	s += strspn(s, " \t");
	return ascii_equal_fold(s, "charset=utf-8") ||
	       ascii_equal_fold(s, "charset=\"utf-8\"");
}
