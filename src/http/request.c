/* SPDX-License-Identifier: ISC */
/* A request as its CGI variables tell it: method, path, headers, id, agent. */

#include <string.h>

#include "http/http.h"

enum { AGENT_MAX = 200, ID_MIN = 8, ID_MAX = 64, NAME_MAX_BYTES = 64 };

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static const char id_bytes[] = ALNUM "_.-";
static const char path_bytes[] = ALNUM "._~-";

static const struct {
	const char *name;
	enum method method;
	/* clang-format off */
} methods[] = {
	{ "GET", GET }, { "HEAD", HEAD }, { "POST", POST }, { "PUT", PUT },
	{ "PATCH", PATCH }, { "DELETE", DELETE }, { "OPTIONS", OPTIONS },
};
/* clang-format on */

/* Variables that a client fills, beside all that begin with HTTP_. */
static const char *const client_vars[] = {
    "CONTENT_LENGTH=",
    "CONTENT_TYPE=",
    "QUERY_STRING=",
    "REDIRECT_HTTP_AUTHORIZATION=",
};

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

const char *
request_var(const struct req *r, const char *name)
{
	size_t n = strlen(name);
	char *const *e;

	for (e = r->env; *e; e++)
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
			return *e + n + 1;
	return NULL;
}

static char
var_char(char c)
{
	if (c == '-')
		return '_';
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* CGI gives these two without the HTTP_ of all the others. */
static bool
is_content_header(const char *name)
{
	return ascii_equal_fold(name, "Content-Type") ||
	       ascii_equal_fold(name, "Content-Length");
}

const char *
request_header(const struct req *r, const char *name)
{
	char var[5 + NAME_MAX_BYTES + 1] = "";
	const char *value;
	size_t at, i;

	if (strlen(name) > NAME_MAX_BYTES)
		return NULL;
	if (!is_content_header(name))
		memcpy(var, "HTTP_", 6);
	at = strlen(var);
	for (i = 0; name[i]; i++)
		var[at + i] = var_char(name[i]);
	value = request_var(r, var);
	return value && *value ? value : NULL;
}

static enum method
method_read(const char *name)
{
	size_t i;

	for (i = 0; name && i < COUNT(methods); i++)
		if (strcmp(name, methods[i].name) == 0)
			return methods[i].method;
	return METHOD_OTHER;
}

static bool
says_https(const struct req *r)
{
	const char *https = request_var(r, "HTTPS");
	const char *scheme = request_var(r, "REQUEST_SCHEME");

	return (https && ascii_equal_fold(https, "on")) ||
	       (scheme && ascii_equal_fold(scheme, "https"));
}

static bool
id_is_sane(const char *id)
{
	size_t n = id ? strlen(id) : 0;

	return n >= ID_MIN && n <= ID_MAX && strspn(id, id_bytes) == n;
}

/* The web server's request id, or one of our own. */
static void
id_choose(struct ctx *c, const struct req *r)
{
	const char *id = request_var(r, "HTTP_X_REQUEST_ID");
	unsigned char dice[16];

	if (!id_is_sane(id))
		id = request_var(r, "UNIQUE_ID");
	if (!id_is_sane(id)) {
		world_random(dice, sizeof(dice));
		id = hex_text(c->arena, dice, sizeof(dice));
	}
	memcpy(c->id, id, strlen(id) + 1);
}

/* Bytes of the character at s; 0 when it is a control or no UTF-8. */
static size_t
char_len(const char *s)
{
	unsigned char b = (unsigned char)s[0];
	size_t n = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;

	if (b < 0x20 || b == 0x7f || strnlen(s, n) < n || !utf8_valid(s, n))
		return 0;
	return b == 0xc2 && (unsigned char)s[1] < 0xa0 ? 0 : n;
}

/* The User-Agent for logs and session lists: short, and safe to show. */
static const char *
agent_read(struct ctx *c, const char *s)
{
	struct text text = text_new(c->arena);
	size_t n;

	text_add(&text, "");
	while (s && *s) {
		n = char_len(s);
		if (text.len + (n ? n : 1) > AGENT_MAX)
			break;
		text_add_n(&text, n ? s : "?", n ? n : 1);
		s += n ? n : 1;
	}
	return text.s;
}

static bool
is_client_var(const char *var)
{
	size_t i;

	for (i = 0; i < COUNT(client_vars); i++)
		if (has_prefix(var, client_vars[i]))
			return true;
	return has_prefix(var, "HTTP_");
}

/* Short enough, and no control character but the tab (RFC 9110, 5.5). */
static bool
value_is_sane(const char *s)
{
	size_t i;

	for (i = 0; s[i]; i++)
		if (((unsigned char)s[i] < 0x20 && s[i] != '\t') ||
		    s[i] == 0x7f)
			return false;
	return i <= HEADER_MAX;
}

static enum err
headers_check(struct ctx *c, const struct req *r)
{
	char *const *e;
	const char *value;

	for (e = r->env; *e; e++) {
		value = strchr(*e, '=');
		if (value && is_client_var(*e) && !value_is_sane(value + 1))
			return fail(c, ERR_BAD_REQUEST,
			    "a header is too long or has a control character");
	}
	return OK;
}

/* "/" or "/a/b": segments of plain bytes, none empty, "." or "..". */
static bool
path_is_plain(const char *s)
{
	size_t n;

	if (strcmp(s, "/") == 0)
		return true;
	while (*s == '/') {
		s++;
		n = strspn(s, path_bytes);
		if (n == 0 || (s[0] == '.' && n == 1) ||
		    (s[0] == '.' && s[1] == '.' && n == 2))
			return false;
		s += n;
	}
	return *s == '\0';
}

static enum err
path_read(struct ctx *c, struct req *r)
{
	const char *given = request_var(r, "PATH_INFO");
	size_t n = given ? strlen(given) : 0;

	if (n == 0)
		return OK;
	if (n > 1 && given[n - 1] == '/' && given[n - 2] != '/')
		n--;
	given = arena_copy(c->arena, given, n);
	if (!path_is_plain(given))
		return fail(c, ERR_NO_ROUTE, "the path is not plain");
	r->path = given;
	return OK;
}

static const char *
var_copy(struct ctx *c, const struct req *r, const char *name)
{
	const char *value = request_var(r, name);

	return arena_text(c->arena, value ? value : "");
}

/* What a web server says of a header; what has no value is none. */
static bool
is_header(const char *var)
{
	return has_prefix(var, "HTTP_") && strchr(var, '=') != NULL;
}

/* The place in vars of a header of this one's name; n: there is none. */
static size_t
header_find(char *const *vars, size_t n, const char *var)
{
	size_t len = strcspn(var, "=") + 1, i;

	for (i = 0; i < n; i++)
		if (strncmp(vars[i], var, len) == 0)
			break;
	return i;
}

/*
 * Of what a proxy is believed there is one variable, whatever lines it came in.
 * A second is another header, which a client spelt so that the web server
 * makes the same name of it (lighttpd: X.Forwarded.For).
 */
static enum err
forwards_check(struct ctx *c, char *const *env)
{
	static const char *const believed[] = {
	    "HTTP_X_FORWARDED_FOR=", "HTTP_X_FORWARDED_PROTO="};
	char *const *e;
	size_t i, n;

	for (i = 0; i < COUNT(believed); i++) {
		for (n = 0, e = env; *e; e++)
			n += has_prefix(*e, believed[i]);
		if (n > 1)
			return fail(c, ERR_BAD_REQUEST,
			    "%.*s arrives twice: a header is spelt like it",
			    (int)strcspn(believed[i], "="), believed[i]);
	}
	return OK;
}

/*
 * Lines of a header of one name are one list (RFC 9110, 5.2): nginx hands
 * them on one by one, and the first may be a client's, the last a proxy's.
 */
static char *const *
headers_join(struct ctx *c, char *const *env)
{
	char **joined;
	size_t count = 0, n = 0, at;
	char *const *e;

	while (env[count])
		count++;
	joined = arena_get(c->arena, (count + 1) * sizeof(*joined));
	for (e = env; *e; e++) {
		at = is_header(*e) ? header_find(joined, n, *e) : n;
		if (at < n)
			joined[at] = arena_print(c->arena, "%s, %s", joined[at],
			    *e + strcspn(*e, "=") + 1);
		else
			joined[n++] = *e;
	}
	joined[n] = NULL;
	return n == count ? env : joined;
}

enum err
request_read(
    struct ctx *c, char *const *env, struct source source, struct req *out)
{
	char *const *given = env;
	enum err e;

	env = headers_join(c, env);
	*out = (struct req){
	    .env = env, .source = source, .path = "/", .query = "", .peer = ""};
	out->method = method_read(request_var(out, "REQUEST_METHOD"));
	out->https = says_https(out);
	out->peer = var_copy(c, out, "REMOTE_ADDR");
	id_choose(c, out);
	c->agent = agent_read(c, request_var(out, "HTTP_USER_AGENT"));
	if ((e = headers_check(c, out)) || (e = forwards_check(c, given)))
		return e;
	out->query = var_copy(c, out, "QUERY_STRING");
	return path_read(c, out);
}
