/* SPDX-License-Identifier: ISC */
/* Authorization: a bearer token (RFC 6750, 2.1), or Basic (RFC 7617). */

#include <string.h>
#include <strings.h>

#include "http/http.h"

static const char bearer[] = "Bearer";
static const char basic[] = "Basic";
static const char token68[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789-._~+/";

/* One or more characters of token68, then any number of "=" (RFC 9110). */
static bool
is_token68(const char *s)
{
	size_t n = strspn(s, token68);

	return n > 0 && s[n + strspn(s + n, "=")] == '\0';
}

/* What stands after this scheme; OK and NULL: none, or another scheme. */
static enum err
credentials_read(
    struct ctx *c, const char *value, const char *scheme, const char **out)
{
	size_t n = strlen(scheme);

	*out = NULL;
	if (strcasestr(value, ", bearer") || strcasestr(value, ", basic"))
		return fail(c, ERR_BAD_REQUEST, "two Authorization headers");
	if (strncasecmp(value, scheme, n) != 0 ||
	    (value[n] != ' ' && value[n] != '\0'))
		return OK;
	*out = value + n + strspn(value + n, " ");
	if (!is_token68(*out))
		return fail(
		    c, ERR_BAD_REQUEST, "the %s token is malformed", scheme);
	return OK;
}

static enum err
credentials_find(
    struct ctx *c, const struct req *r, const char *scheme, const char **out)
{
	const char *one = request_header(r, "Authorization");
	const char *other = request_var(r, "REDIRECT_HTTP_AUTHORIZATION");

	*out = NULL;
	if (other && *other == '\0')
		other = NULL;
	if (one && other && strcmp(one, other) != 0)
		return fail(c, ERR_BAD_REQUEST, "two Authorizations differ");
	if (!one)
		one = other;
	return one ? credentials_read(c, one, scheme, out) : OK;
}

enum err
request_bearer(struct ctx *c, const struct req *r, struct secret *out)
{
	const char *token;
	enum err e;

	out->s = NULL;
	if ((e = credentials_find(c, r, bearer, &token)))
		return e;
	out->s = token ? arena_text(c->arena, token) : NULL;
	return OK;
}

/* base64 with padding, by the reader of its stricter cousin; NULL: not so. */
static char *
base64_text(struct ctx *c, const char *s)
{
	size_t i, n = strcspn(s, "="), len;
	char *url = arena_copy(c->arena, s, n);
	unsigned char *bytes;

	if (strlen(s) % 4 != 0 || strpbrk(s, "-_"))
		return NULL;
	for (i = 0; i < n; i++)
		url[i] = url[i] == '+' ? '-' : url[i] == '/' ? '_' : url[i];
	bytes = base64url_read(c->arena, url, n, &len);
	if (!bytes || memchr(bytes, '\0', len) ||
	    !utf8_valid((char *)bytes, len))
		return NULL;
	return arena_copy(c->arena, (char *)bytes, len);
}

enum err
request_basic(struct ctx *c, const struct req *r, struct basic *out)
{
	const char *token;
	char *text, *colon;
	enum err e;

	*out = (struct basic){.user = NULL};
	if ((e = credentials_find(c, r, basic, &token)) || !token)
		return e;
	text = base64_text(c, token);
	colon = text ? strchr(text, ':') : NULL;
	if (!colon)
		return fail(c, ERR_BAD_REQUEST, "Basic is malformed");
	out->user = percent_read(c->arena, text, (size_t)(colon - text));
	out->password.s = percent_read(c->arena, colon + 1, strlen(colon + 1));
	if (!out->user || !out->password.s)
		return fail(c, ERR_BAD_REQUEST, "Basic is badly encoded");
	return OK;
}
