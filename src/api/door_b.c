/* SPDX-License-Identifier: ISC */
/* Door B, passwordless: its tenants, its guests and the shape of its errors. */

#include <string.h>

#include "api/api.h"

enum { HOST_MAX = 253 };

/* What clients decide by. */
static const struct {
	enum err e;
	const char *code;
} codes[] = {
    {ERR_TOKEN_MISSING, "token_missing"},
    {ERR_TOKEN_EXPIRED, "token_expired"},
    {ERR_TOKEN_INVALID, "token_invalid"},
    {ERR_SESSION_ENDED, "session_ended"},
    {ERR_REFRESH_WRONG, "token_invalid"},
    {ERR_REFRESH_OVER, "token_invalid"},
    {ERR_REFRESH_LATE, "token_invalid"},
    {ERR_REFRESH_REUSED, "session_ended"},
    {ERR_TENANT_UNKNOWN, "key_unknown"},
    {ERR_KEY_WRONG, "key_unknown"},
    {ERR_GUEST_SPENT, "session_ended"},
    {ERR_REAUTH_REQUIRED, "reauth_required"},
};

static const char *
b_key(const struct req *r)
{
	return request_header(r, "X-MerchantApiKey");
}

/* ---- guests --------------------------------------------------------------------- */

/* The guest session id may come three ways, but must be the same in all. */
static enum err
guest_read(struct ctx *c, struct call *call)
{
	const char *ways[] = {
	    request_header(call->req, "X-Session-Id"),
	    request_header(call->req, "X-SessionId"),
	    json_get_text(call->body, "sessionId"),
	};
	size_t i;

	for (i = 0; i < COUNT(ways); i++) {
		if (!ways[i] || !*ways[i])
			continue;
		if (call->guest && strcmp(call->guest, ways[i]) != 0)
			return fail(c, ERR_GUEST_MISMATCH, "ids differ");
		call->guest = ways[i];
	}
	return OK;
}

/* ---- tenants -------------------------------------------------------------------- */

/* The Host header without its port, in lower case; "" when it is no name. */
static const char *
host_read(struct ctx *c, const struct req *r)
{
	const char *host = request_header(r, "Host");
	size_t n = host ? strcspn(host, ":") : 0;

	if (n == 0 || n > HOST_MAX)
		return "";
	return ascii_lower(c->arena, arena_copy(c->arena, host, n));
}

static bool
asks_as(const struct call *call, const char *user_type)
{
	return call->route->who == ASKER &&
	       strcmp(call->user_type, user_type) == 0;
}

static bool
is_for_merchants(const struct call *call)
{
	return call->route->who == PLATFORM || asks_as(call, "MERCHANT");
}

static bool
is_for_customers(const struct call *call)
{
	enum who who = call->route->who;

	return who == SHOP || who == SHOP_MAYBE || who == CUSTOMER ||
	       asks_as(call, "CUSTOMER");
}

/* By the key; else merchants mean the platform, and customers the Host's. */
static enum err
tenant_find(struct ctx *c, const struct call *call)
{
	const char *key = b_key(call->req);
	enum err e;

	if (c->tenant)
		return OK;
	if (key)
		return tenant_by_key(c, key, &c->tenant);
	if (is_for_merchants(call))
		return tenant_by_slug(c, c->conf->platform, &c->tenant);
	e = tenant_by_host(
	    c, host_read(c, call->req), c->conf->default_shop, &c->tenant);
	if (e == ERR_TENANT_UNKNOWN && call->route->who == EITHER)
		return tenant_by_slug(c, c->conf->platform, &c->tenant);
	return e;
}

static enum err
b_tenant(struct ctx *c, struct call *call)
{
	enum err e;

	if ((e = guest_read(c, call)) || (e = tenant_find(c, call)))
		return e;
	if (c->tenant->platform && is_for_customers(call))
		return fail(c, ERR_NO_ROUTE, "the platform has no customers");
	return OK;
}

/* ---- errors --------------------------------------------------------------------- */

static const char *
code_of(enum err e)
{
	size_t i;

	for (i = 0; i < COUNT(codes); i++)
		if (codes[i].e == e)
			return codes[i].code;
	return NULL;
}

static void
write_401(struct writer *w, enum err e)
{
	const char *code = code_of(e);

	write_text(w, "error", "unauthenticated");
	write_text(w, "code", code ? code : "token_invalid");
	write_text(w, "message", err_sentence(e));
	write_bool(w, "status", false);
	write_int(w, "statusCode", 401);
}

/* {"email":"email is required."}: each field once, by its first fault. */
static void
write_fields(struct ctx *c, struct writer *w, const struct field_errors *of)
{
	size_t i, j;

	write_map(w, "errors");
	for (i = 0; i < of->n; i++) {
		for (j = 0; strcmp(of->list[j].name, of->list[i].name); j++)
			;
		if (j == i)
			write_text(w, of->list[i].name,
			    arena_print(c->arena, "%s %s.", of->list[i].name,
				of->list[i].sentence));
	}
	write_map_end(w);
}

static void
write_refusal(
    struct ctx *c, struct writer *w, const struct call *call, enum err e)
{
	const char *code = code_of(e);

	write_bool(w, "status", false);
	write_text(w, "message", err_sentence(e));
	if (code)
		write_text(w, "code", code);
	if (e == ERR_BAD_FIELD)
		write_fields(c, w, &call->errors);
}

static void
b_refuse(struct ctx *c, struct call *call, enum err e)
{
	struct writer w = writer_new(c->arena);
	int status = err_status(e);

	write_map(&w, NULL);
	if (status == 401)
		write_401(&w, e);
	else
		write_refusal(c, &w, call, e);
	write_map_end(&w);
	response_body(call->res, status, JSON_TYPE, writer_text(&w));
}

const struct door door_b = {
    .name = "B",
    .prefix = "/v1",
    .tenant = b_tenant,
    .key = b_key,
    .refuse = b_refuse,
};
