/* SPDX-License-Identifier: ISC */
/* An answer, as CGI and FastCGI want it (RFC 3875, 6). */

#include <string.h>

#include "http/http.h"

static const struct {
	int status;
	const char *reason;
	/* clang-format off */
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 207, "Multi-Status" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 423, "Locked" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
};
/* clang-format on */

static const char *
reason_of(int status)
{
	size_t i;

	for (i = 0; i < COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

static bool
header_is_sane(const char *name, const char *value)
{
	return name && value && *name && !has_control(name) &&
	       !strpbrk(name, ": ") && !has_control(value);
}

void
response_header(
    struct ctx *c, struct res *res, const char *name, const char *value)
{
	struct header *h;

	if (!header_is_sane(name, value)) {
		log_event(c, LOG_ERROR, "header_dropped", "control character");
		return;
	}
	if (res->count == RES_HEADERS_MAX) {
		log_event(c, LOG_ERROR, "header_dropped", "%s: too many", name);
		return;
	}
	h = &res->headers[res->count++];
	h->name = arena_text(c->arena, name);
	h->value = arena_text(c->arena, value);
}

bool
response_has(const struct res *res, const char *name)
{
	size_t i;

	for (i = 0; i < res->count; i++)
		if (ascii_equal_fold(res->headers[i].name, name))
			return true;
	return false;
}

void
response_body(struct res *res, int status, const char *type, const char *body)
{
	res->status = status;
	res->type = type;
	res->body = body;
	res->body_len = body ? strlen(body) : 0;
}

static void
header_write(struct ctx *c, struct text *out, const struct header *h)
{
	if (header_is_sane(h->name, h->value))
		text_addf(out, "%s: %s\r\n", h->name, h->value);
	else
		log_event(c, LOG_ERROR, "header_dropped", "control character");
}

/* RFC 9110, 6.4.1: these statuses never have one. */
static bool
has_body(const struct res *res)
{
	return res->type && res->body && res->status != 204 &&
	       res->status != 304;
}

const char *
response_text(
    struct ctx *c, const struct req *r, const struct res *res, size_t *len)
{
	struct text out = text_new(c->arena);
	int status = res->status;
	size_t i;

	if (status < 200 || status > 599) {
		log_event(c, LOG_ERROR, "status_wrong", "%d", status);
		status = 500;
	}
	text_addf(&out, "Status: %d %s\r\n", status, reason_of(status));
	for (i = 0; i < res->count; i++)
		header_write(c, &out, &res->headers[i]);
	if (has_body(res)) {
		header_write(
		    c, &out, &(struct header){"Content-Type", res->type});
		text_addf(&out, "Content-Length: %zu\r\n", res->body_len);
	}
	text_add(&out, "\r\n");
	if (has_body(res) && r->method != HEAD)
		text_add_n(&out, res->body, res->body_len);
	*len = out.len;
	return out.s;
}
