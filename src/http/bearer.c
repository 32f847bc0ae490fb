/* SPDX-License-Identifier: ISC */
/* The bearer token of a request (RFC 6750, 2.1). */

#include <string.h>
#include <strings.h>

#include "http/http.h"

static const char scheme[] = "Bearer";
static const char token68[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789-._~+/";

/* One or more characters of token68, then any number of "=" (RFC 9110). */
static bool
is_token68(const char *s)
{
	size_t n = strspn(s, token68);

	return n > 0 && s[n + strspn(s + n, "=")] == '\0';
}

static enum err
token_read(struct ctx *c, const char *value, struct secret *out)
{
	size_t n = sizeof(scheme) - 1;
	const char *token;

	if (strcasestr(value, ", bearer"))
		return fail(c, ERR_BAD_REQUEST, "two Authorization headers");
	if (strncasecmp(value, scheme, n) != 0 ||
	    (value[n] != ' ' && value[n] != '\0'))
		return OK;
	token = value + n + strspn(value + n, " ");
	if (!is_token68(token))
		return fail(
		    c, ERR_BAD_REQUEST, "the bearer token is malformed");
	out->s = arena_text(c->arena, token);
	return OK;
}

enum err
request_bearer(struct ctx *c, const struct req *r, struct secret *out)
{
	const char *one = request_header(r, "Authorization");
	const char *other = request_var(r, "REDIRECT_HTTP_AUTHORIZATION");

	out->s = NULL;
	if (other && *other == '\0')
		other = NULL;
	if (one && other && strcmp(one, other) != 0)
		return fail(c, ERR_BAD_REQUEST, "two Authorizations differ");
	if (!one)
		one = other;
	return one ? token_read(c, one, out) : OK;
}
