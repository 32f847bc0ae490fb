/* SPDX-License-Identifier: ISC */
/* fuzz: CGI variables, a line each; behind an empty line the body. */

#include "fuzz/fuzz.h"

#include <string.h>

#include "http/http.h"

enum { VARS_MAX = 64 };

#define PROXIES "127.0.0.0/8, ::1/128, 10.0.0.0/8, 2001:db8::/32"

static const char *const headers[] = {"Accept-Language", "Origin",
    "X-Session-Id", "X-MerchantApiKey", "Host", "If-None-Match", "User-Agent"};
static const char *const names[] = {"access_token", "cursor", "limit", "a"};

struct rest {
	const char *p;
	size_t n;
};

static size_t
rest_read(void *from, char *into, size_t n)
{
	struct rest *rest = from;

	if (n > rest->n)
		n = rest->n;
	memcpy(into, rest->p, n);
	rest->p += n;
	rest->n -= n;
	return n;
}

/* Lines before the first empty one; what is behind it is left in *s. */
static void
vars_take(char **s, char *vars[VARS_MAX + 1])
{
	char *line;
	size_t n = 0;

	while ((line = strsep(s, "\n")) != NULL && *line != '\0')
		if (n < VARS_MAX)
			vars[n++] = line;
	vars[n] = NULL;
}

static void
path_ask(const struct req *r)
{
	fuzz_must(r->path[0] == '/' && !has_control(r->path), "a clean path");
	fuzz_must(
	    strstr(r->path, "/../") == NULL && strchr(r->path, '%') == NULL,
	    "a path that climbs nowhere");
}

/* Each member of a form is a text in UTF-8. */
static void
body_ask(struct ctx *c, struct req *r)
{
	const struct json *map;

	if (request_body(c, r) != OK)
		return;
	fuzz_must(r->body_len <= BODY_MAX, "a body with an end");
	(void)request_is_form(r);
	if (form_parse(c, r->body, r->body_len, &map) != OK)
		return;
	json_each (member, map)
		fuzz_must(member->type == JSON_TEXT &&
			      utf8_valid(member->s, strlen(member->s)),
		    "a form of texts");
}

static void
all_ask(struct ctx *c, struct req *r)
{
	struct secret token;
	struct basic basic;
	const char *value;
	struct ip ip;
	size_t i;

	if (request_bearer(c, r, &token) == OK && token.s != NULL)
		fuzz_must(!has_control(token.s), "a clean token");
	if (request_basic(c, r, &basic) == OK && basic.user != NULL)
		fuzz_must(basic.password.s != NULL, "both halves");
	value = request_address(c, r, PROXIES);
	fuzz_must(value == NULL || ip_read(value, &ip), "an IP address");
	for (i = 0; i < COUNT(headers); i++)
		(void)request_header(r, headers[i]);
	for (i = 0; i < COUNT(names); i++)
		if (request_query(c, r, names[i], &value) == OK && value)
			fuzz_must(utf8_valid(value, strlen(value)),
			    "a query in UTF-8");
	(void)request_is_safe(r, PROXIES);
	(void)request_is_json(r);
	body_ask(c, r);
}

int
FUZZ_TARGET(header)(const uint8_t *p, size_t n)
{
	struct ctx *c = fuzz_ctx();
	char *s = fuzz_text(c, p, n), *begin = s, *vars[VARS_MAX + 1];
	struct rest rest = {"", 0};
	struct req r;

	vars_take(&s, vars);
	if (s != NULL)
		rest = (struct rest){s, n - (size_t)(s - begin)};
	if (request_read(c, vars, (struct source){rest_read, &rest}, &r) == OK)
		path_ask(&r);
	all_ask(c, &r);
	return 0;
}
