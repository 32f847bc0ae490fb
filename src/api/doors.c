/* SPDX-License-Identifier: ISC */
/* Which door a path belongs to, and the one for paths that belong to none. */

#include <string.h>

#include "api/api.h"

#define PROBLEM_TYPE "application/problem+json"

static const struct door *const doors[] = {&door_b, &door_a, &door_oauth};

const struct door *
door_of(const char *path)
{
	size_t i, n;

	for (i = 0; i < COUNT(doors); i++) {
		n = strlen(doors[i]->prefix);
		if (strncmp(path, doors[i]->prefix, n) == 0 &&
		    (path[n] == '/' || path[n] == '\0'))
			return doors[i];
	}
	return &door_none;
}

/* ---- door_none: problem details (RFC 9457) --------------------------------- */

static const struct {
	int status;
	const char *title;
} titles[] = {
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

static const char *
title_of(int status)
{
	size_t i;

	for (i = 0; i < COUNT(titles); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Error";
}

static void
none_refuse(struct ctx *c, struct call *call, enum err e)
{
	struct writer w = writer_new(c->arena);
	int status = err_status(e);

	write_map(&w, NULL);
	write_text(&w, "type", "about:blank");
	write_text(&w, "title", title_of(status));
	write_int(&w, "status", status);
	write_text(&w, "detail", err_sentence(e));
	write_map_end(&w);
	response_body(call->res, status, PROBLEM_TYPE, writer_text(&w));
}

static enum err
none_tenant(struct ctx *c, struct call *call)
{
	(void)call;
	return fail(c, ERR_TENANT_UNKNOWN, "a path of no door");
}

static const char *
none_key(const struct req *r)
{
	(void)r;
	return NULL;
}

const struct door door_none = {
    .name = "-",
    .prefix = "",
    .tenant = none_tenant,
    .key = none_key,
    .refuse = none_refuse,
};
