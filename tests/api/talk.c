/* SPDX-License-Identifier: ISC */
/* talk: variables and a body in, an answer taken apart out. */

#include "talk.h"

#include <stdio.h>

enum { VARS_MAX = 40 };

struct vars {
	struct arena *arena;
	char *list[VARS_MAX + 1];
	size_t n;
};

struct reader {
	const char *s;
	size_t left;
};

static size_t
reader_read(void *from, char *into, size_t n)
{
	struct reader *r = from;

	if (n > r->left)
		n = r->left;
	memcpy(into, r->s, n);
	r->s += n;
	r->left -= n;
	return n;
}

static void
var_add(struct vars *vars, const char *name, const char *value)
{
	ck_assert_uint_lt(vars->n, VARS_MAX);
	vars->list[vars->n++] = arena_print(vars->arena, "%s=%s", name, value);
}

/* "X-Session-Id: a" as CGI has it. */
static void
header_add(struct vars *vars, const char *line)
{
	char *name = arena_text(vars->arena, line);
	char *value = strstr(name, ": ");
	char *at;

	ck_assert_msg(value != NULL, "no header: %s", line);
	*value = '\0';
	for (at = name; *at; at++)
		*at = *at == '-' ? '_' : (char)(*at & ~(*at >= 'a' ? 32 : 0));
	if (strcmp(name, "CONTENT_TYPE") != 0 &&
	    strcmp(name, "CONTENT_LENGTH") != 0)
		name = arena_print(vars->arena, "HTTP_%s", name);
	var_add(vars, name, value + 2);
}

static void
lines_add(struct vars *vars, const char *headers, bool raw)
{
	char *rest = arena_text(vars->arena, headers);
	char *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		if (*line == '\0' || (*line == '!') != raw)
			continue;
		if (!raw)
			header_add(vars, line);
		else
			vars->list[vars->n++] =
			    arena_text(vars->arena, line + 1);
	}
}

/* Unless the headers had their own. */
static void
default_add(struct vars *vars, const char *name, const char *value)
{
	struct req have = {.env = vars->list};

	if (!request_var(&have, name))
		var_add(vars, name, value);
}

static void
line_add(struct vars *vars, const char *line)
{
	char *method = arena_text(vars->arena, line);
	char *path = strchr(method, ' ');
	char *query;

	ck_assert_ptr_nonnull(path);
	*path++ = '\0';
	if ((query = strchr(path, '?')) != NULL)
		*query++ = '\0';
	var_add(vars, "REQUEST_METHOD", method);
	var_add(vars, "PATH_INFO", path);
	var_add(vars, "QUERY_STRING", query ? query : "");
	default_add(vars, "REMOTE_ADDR", "192.0.2.1");
	default_add(vars, "HTTPS", "on");
}

static struct said
answer_read(struct ctx *c, const char *answer, size_t len)
{
	struct said said = {.arena = c->arena};
	const char *blank = strstr(answer, "\r\n\r\n");

	ck_assert_uint_eq(strlen(answer), len);
	ck_assert_ptr_nonnull(blank);
	ck_assert_int_eq(strncmp(answer, "Status: ", 8), 0);
	said.status = atoi(answer + 8);
	said.head = arena_copy(c->arena, answer, (size_t)(blank - answer) + 2);
	said.body = blank + 4;
	if (*said.body && strstr(said.head, "json") != NULL &&
	    json_parse(c, said.body, strlen(said.body), &said.json))
		ck_abort_msg("the body is no JSON: %s", said.body);
	return said;
}

struct said
ask(struct ctx *c, const char *line, const char *headers, const char *body)
{
	struct vars vars = {.arena = c->arena};
	struct reader reader = {body, body ? strlen(body) : 0};
	const char *answer;
	size_t len;

	lines_add(&vars, headers, true);
	lines_add(&vars, headers, false);
	line_add(&vars, line);
	if (body) {
		default_add(&vars, "CONTENT_TYPE", "application/json");
		default_add(&vars, "CONTENT_LENGTH",
		    arena_print(c->arena, "%zu", strlen(body)));
	}
	api_serve(
	    c, vars.list, (struct source){reader_read, &reader}, &answer, &len);
	return answer_read(c, answer, len);
}

const char *
said_header(const struct said *said, const char *name)
{
	const char *line = said->head;
	size_t n = strlen(name);

	for (; *line; line += strcspn(line, "\n") + 1)
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			return arena_copy(said->arena, line + n + 2,
			    strcspn(line + n + 2, "\r"));
	return NULL;
}

/* A member of a map by name, or of a list by number. */
static const struct json *
member_at(const struct json *of, const char *name)
{
	int i = atoi(name);

	if (of->type != JSON_LIST)
		return json_get(of, name);
	json_each (item, of)
		if (i-- == 0)
			return item;
	return NULL;
}

const struct json *
said_at(const struct said *said, const char *path)
{
	const struct json *at = said->json;
	char *rest = arena_text(said->arena, path);
	char *name;

	while (at && (name = strsep(&rest, ".")) != NULL)
		at = member_at(at, name);
	return at;
}

const char *
said_text(const struct said *said, const char *path)
{
	const struct json *at = said_at(said, path);

	return at && at->type == JSON_TEXT ? at->s : "(none)";
}

bool
said_null(const struct said *said, const char *path)
{
	const struct json *at = said_at(said, path);

	return at && at->type == JSON_NULL;
}

int64_t
said_int(const struct said *said, const char *path)
{
	const struct json *at = said_at(said, path);

	return at && at->type == JSON_INT ? at->i : -1;
}

struct conf *
talk_conf(struct ctx *c)
{
	return (struct conf *)(uintptr_t)c->conf;
}

void
talk_later(int64_t ms)
{
	world_hold(world_now() + ms);
}
