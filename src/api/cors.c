/* SPDX-License-Identifier: ISC */
/* Which pages may call and read answers: exact origins, no credentials. */

#include <string.h>

#include "api/api.h"

enum { ORIGIN_MAX = 255 };

static const struct header preflight_headers[] = {
    {"Access-Control-Allow-Headers",
	"Authorization, Content-Type, X-MerchantApiKey, X-Session-Id, "
	"X-SessionId"},
    {"Access-Control-Max-Age", "600"},
};

static const char exposed[] = "X-Request-Id, Retry-After, RateLimit, "
			      "RateLimit-Policy, X-Identity-Conflict";

static const char *
origin_of(const struct call *call)
{
	return request_header(call->req, "Origin");
}

/* A web page's origin; "null", "*" and lists of origins are none. */
static bool
origin_is_plain(const char *s)
{
	if (strncmp(s, "https://", 8) != 0 && strncmp(s, "http://", 7) != 0)
		return false;
	return strlen(s) <= ORIGIN_MAX && !strpbrk(s, "* ,");
}

enum err
cors_check(struct ctx *c, struct call *call)
{
	const char *origin = origin_of(call);

	if (!origin || !c->tenant)
		return OK;
	if (!origin_is_plain(origin) || !tenant_allows_origin(c, origin))
		return fail(c, ERR_ORIGIN, "%s", origin);
	call->page_let_in = true;
	return OK;
}

void
cors_preflight(struct ctx *c, struct call *call, const char *methods)
{
	const char *origin = origin_of(call);
	size_t i;

	response_body(call->res, 204, NULL, NULL);
	response_header(c, call->res, "Vary", "Origin");
	if (!origin || call->route->who <= DEVELOPER ||
	    !origin_is_plain(origin) || origin_known(c, origin))
		return;
	response_header(c, call->res, "Access-Control-Allow-Origin", origin);
	response_header(c, call->res, "Access-Control-Allow-Methods", methods);
	for (i = 0; i < COUNT(preflight_headers); i++)
		response_header(c, call->res, preflight_headers[i].name,
		    preflight_headers[i].value);
}

/*
 * A page that was let in reads what comes of it. Before that, once the tenant
 * is known its list decides; a refusal before that (a token that expired, a
 * limit) tells nothing but itself, so any tenant's list will do: a page must be
 * able to read it.
 */
static bool
origin_may_read(struct ctx *c, const struct call *call, enum err e)
{
	const char *origin = origin_of(call);

	if (call->page_let_in)
		return true;
	if (!origin_is_plain(origin))
		return false;
	if (c->tenant)
		return tenant_allows_origin(c, origin);
	return err_status(e) < 500 && origin_known(c, origin) == OK;
}

void
cors_answer(struct ctx *c, struct call *call, enum err e)
{
	const char *origin = origin_of(call);

	if (!call->route || call->route->who <= DEVELOPER ||
	    call->req->method == OPTIONS)
		return;
	response_header(c, call->res, "Vary", "Origin");
	if (!origin || e == ERR_ORIGIN || !origin_may_read(c, call, e))
		return;
	response_header(c, call->res, "Access-Control-Allow-Origin", origin);
	response_header(c, call->res, "Access-Control-Expose-Headers", exposed);
}
