/* SPDX-License-Identifier: ISC */
/* The only gate: every refusal that needs no rule happens here. */

#include <inttypes.h>
#include <string.h>

#include "api/api.h"

/* Said with every answer, save where the handler said another value. */
static const struct header always[] = {
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
};

/* Refusals that touch no account: counted by the hour, not audited. */
static const enum err counted[] = {
    ERR_NO_ROUTE,
    ERR_METHOD,
    ERR_BODY_TYPE,
    ERR_TOO_MANY,
    ERR_TENANT_UNKNOWN,
    ERR_KEY_WRONG,
    ERR_TOKEN_MISSING,
    ERR_TOKEN_INVALID,
};

/* A bearer token came, and was not good (RFC 6750, 3.1). */
static const enum err bad_tokens[] = {
    ERR_TOKEN_INVALID,
    ERR_TOKEN_EXPIRED,
    ERR_SESSION_ENDED,
};

static bool
is_among(enum err e, const enum err *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i] == e)
			return true;
	return false;
}

/* ---- the steps, in the order of the gate ------------------------------------------- */

static enum err
step_route(struct ctx *c, struct call *call, const char **allowed)
{
	call->route = route_find(c, call->req, &call->param, allowed);
	if (call->route && call->route->who == DEVELOPER &&
	    !letterbox_is_open(c, request_is_local(call->req)))
		call->route = NULL;
	if (!call->route)
		return fail(c, ERR_NO_ROUTE, "no such path");
	if (!*allowed)
		return OK;
	response_header(c, call->res, "Allow", *allowed);
	if (call->req->method == OPTIONS)
		return OK;
	return fail(c, ERR_METHOD, "%s", call->route->path);
}

static enum err
step_plain_http(struct ctx *c, const struct call *call)
{
	if (strcmp(c->conf->environment, "production") != 0 ||
	    request_is_safe(call->req, c->conf->trusted_proxies))
		return OK;
	return fail(c, ERR_PLAIN_HTTP, "%s", call->route->path);
}

static enum err
step_limit(struct ctx *c, const struct call *call)
{
	return call->route->limit ? limit_address(c, call->route->limit) : OK;
}

/* A body as its door has it: a form, or JSON. */
static enum err
body_parse(struct ctx *c, const struct call *call, const struct req *r,
    const struct json **tree)
{
	if (call->route->door->forms)
		return request_is_form(r)
			   ? form_parse(c, r->body, r->body_len, tree)
			   : fail(c, ERR_BODY_TYPE, "a body that is no form");
	if (!request_is_json(r))
		return fail(c, ERR_BODY_TYPE, "a body that is not JSON");
	return json_parse(c, r->body, r->body_len, tree);
}

/* No body is an empty map where fields are wanted, so that they are named. */
static enum err
step_body(struct ctx *c, struct call *call, struct req *r)
{
	static const struct json empty = {.type = JSON_MAP};
	const struct json *tree = &empty;
	const char *type;
	enum err e;

	if ((e = request_body(c, r)))
		return e;
	if (r->body_len > 0 && (e = body_parse(c, call, r, &tree)))
		return e;
	if (tree->type != JSON_MAP) {
		field_error(&call->errors, "body", "must be an object");
		return fail(c, ERR_BAD_FIELD, "the body is no object");
	}
	call->body = tree;
	type = json_get_text(tree, "userType");
	call->user_type = type ? type : "";
	return OK;
}

/* Whose token it is decides the tenant, unless it is nobody's. */
static enum err
bearer_admit(struct ctx *c, const struct call *call, struct secret token)
{
	const char *key = call->route->door->key(call->req);
	enum who who = call->route->who;
	enum err e;

	e = who >= ACCOUNT ? merchant_admit(c, token, key, who == MERCHANT)
			   : session_admit(c, token, key);
	if (e) {
		c->tenant = NULL;
		c->who = NULL;
	}
	return e;
}

/* Only in the header: a token in the query too is refused (RFC 6750, 2). */
static enum err
step_token(struct ctx *c, const struct call *call)
{
	struct secret token;
	const char *second;
	enum err e;

	if (call->route->who < SHOP_MAYBE)
		return OK;
	if ((e = request_bearer(c, call->req, &token)) ||
	    (e = request_query(c, call->req, "access_token", &second)))
		return e;
	if (!token.s && call->route->who >= CUSTOMER)
		return fail(c, ERR_TOKEN_MISSING, "%s", call->route->path);
	if (!token.s)
		return OK;
	if (second)
		return fail(c, ERR_BAD_REQUEST, "a token in the query too");
	return bearer_admit(c, call, token);
}

/* A key or token names its tenant; without one the door knows which is meant. */
static enum err
step_tenant(struct ctx *c, struct call *call)
{
	enum who who = call->route->who;
	enum err e;

	if (who <= DEVELOPER)
		return OK;
	e = who >= SERVER && who <= PARTNER_MAYBE ? server_step(c, call)
						  : step_token(c, call);
	if (e || (e = call->route->door->tenant(c, call)) || !c->tenant)
		return e;
	c->tenant_id = c->tenant->id;
	c->log_tenant = c->tenant->text;
	c->locale = request_language(c, call->req, house_locales(c));
	if (c->tenant->suspended)
		return fail(c, ERR_TENANT_SUSPENDED, "the tenant is suspended");
	if (c->server && !uuid_equal(c->server->tenant->id, c->tenant_id))
		return fail(c, ERR_KEY_WRONG, "a key of another tenant");
	return OK;
}

static enum err
step_fields(struct ctx *c, struct call *call, void **in)
{
	const struct endpoint *endpoint = call->route->endpoint;
	struct form form = {.fields = endpoint->fields};

	*in = NULL;
	if (!endpoint->fields)
		return OK;
	form.into = *in = arena_get(c->arena, endpoint->size);
	form.fold_local = c->tenant && c->tenant->set.fold_email_local;
	return fields_read(c, &form, call->body, &call->errors);
}

static enum err
call_serve(struct ctx *c, struct call *call, struct req *r)
{
	const char *allowed;
	void *in;
	enum err e;

	if ((e = step_route(c, call, &allowed)) ||
	    (e = step_plain_http(c, call)))
		return e;
	if (r->method == OPTIONS) {
		cors_preflight(c, call, allowed);
		return OK;
	}
	if ((e = server_client_step(c, call)) || (e = step_limit(c, call)) ||
	    (e = step_body(c, call, r)) || (e = step_tenant(c, call)) ||
	    (e = cors_check(c, call)) || (e = step_fields(c, call, &in)) ||
	    (e = limit_keyed(c, !(r->method & (GET | HEAD)))))
		return e;
	return call->route->endpoint->handle(c, call, in);
}

/* ---- refusals -------------------------------------------------------------------------- */

/* draft-ietf-httpapi-ratelimit-headers */
static void
headers_429(struct ctx *c, struct res *res)
{
	const struct limit_state *l = c->limits;
	int64_t wait = l ? l->retry_after_seconds : 0;

	if (wait < 1)
		wait = 1;
	response_header(
	    c, res, "Retry-After", arena_print(c->arena, "%" PRId64, wait));
	if (!l)
		return;
	response_header(c, res, "RateLimit",
	    arena_print(c->arena, "\"%s\";r=0;t=%" PRId64, l->name, wait));
	response_header(c, res, "RateLimit-Policy",
	    arena_print(c->arena, "\"%s\";q=%" PRId64 ";w=%" PRId64, l->name,
		l->max, l->window_seconds));
}

/* RFC 6750, 3; of a service that may use Basic, the scheme that it used. */
static const char *
challenge_of(struct ctx *c, const struct call *call, enum err e)
{
	struct secret key = {NULL};

	if (call->route && call->route->who == SERVER)
		return request_bearer(c, call->req, &key) || !key.s
			   ? "Basic realm=\"doorward\""
			   : "Bearer realm=\"doorward\", "
			     "error=\"invalid_token\"";
	return is_among(e, bad_tokens, COUNT(bad_tokens))
		   ? "Bearer realm=\"doorward\", error=\"invalid_token\""
		   : "Bearer realm=\"doorward\"";
}

static void
headers_refusal(struct ctx *c, const struct call *call, enum err e)
{
	struct res *res = call->res;

	switch (err_status(e)) {
	case 401:
		response_header(
		    c, res, "WWW-Authenticate", challenge_of(c, call, e));
		break;
	case 429:
		headers_429(c, res);
		break;
	case 503:
		response_header(c, res, "Retry-After", "2");
		break;
	default:
		break;
	}
}

/* In the words of the route's door, or of the one its path would belong to. */
static void
call_refuse(struct ctx *c, struct call *call, enum err e)
{
	const char *path = request_var(call->req, "PATH_INFO");
	const struct door *door =
	    call->route ? call->route->door : door_of(path ? path : "/");

	door->refuse(c, call, e);
	headers_refusal(c, call, e);
	if (!call->route && door != &door_none) /* pages may call it */
		response_header(c, call->res, "Vary", "Origin");
	if (is_among(e, counted, COUNT(counted)))
		count_refusal(e);
}

/* ---- a request, from end to end -------------------------------------------------------- */

static void
ctx_begin(struct ctx *c)
{
	c->now = world_now();
	c->tenant = NULL;
	c->tenant_id = (struct uuid){.b = {0}};
	c->who = NULL;
	c->server = NULL;
	c->limits = NULL;
	c->log_tenant = NULL;
	c->address = "";
	c->locale = NULL;
	c->outbox = (struct uuid){.b = {0}};
}

static enum err
request_begin(
    struct ctx *c, char *const *env, struct source source, struct req *r)
{
	enum err e = request_read(c, env, source, r);
	const char *address = request_address(c, r, c->conf->trusted_proxies);

	c->address = address ? address : "";
	return e;
}

static void
request_log(const struct ctx *c, const struct call *call)
{
	log_event(c, LOG_INFO, "request", "%s %s %d %" PRId64 " ms",
	    method_name(call->req->method),
	    call->route ? call->route->path : "-", call->res->status,
	    world_now() - c->now);
}

void
api_serve(struct ctx *c, char *const *env, struct source source,
    const char **answer, size_t *len)
{
	struct res res = {.status = 0};
	struct req r;
	struct call call = {.req = &r, .user_type = "", .res = &res};
	enum err e;
	size_t i;

	ctx_begin(c);
	if ((e = request_begin(c, env, source, &r)) ||
	    (e = call_serve(c, &call, &r)))
		call_refuse(c, &call, e);
	cors_answer(c, &call, e);
	for (i = 0; i < COUNT(always); i++)
		if (!response_has(&res, always[i].name))
			response_header(
			    c, &res, always[i].name, always[i].value);
	response_header(c, &res, "X-Request-Id", c->id);
	request_log(c, &call);
	*answer = response_text(c, &r, &res, len);
}
