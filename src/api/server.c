/* SPDX-License-Identifier: ISC */
/* The gate's steps where servers call: whose key, and for which client. */

#include <string.h>

#include "api/api.h"

static const char *
client_header(const struct call *call)
{
	return request_header(call->req, "X-Client-Address");
}

/* Basic <key id>:<key>, or Bearer <key>. */
static enum err
secret_admit(struct ctx *c, const struct call *call)
{
	struct secret key;
	struct basic basic;
	enum err e;

	if ((e = request_basic(c, call->req, &basic)))
		return e;
	if (basic.user)
		return server_admit(c, "secret", basic.user, basic.password);
	if ((e = request_bearer(c, call->req, &key)))
		return e;
	if (!key.s)
		return fail(c, ERR_KEY_WRONG, "no key");
	return server_admit(c, "secret", NULL, key);
}

/* Bearer <token>, and app-id where it is given. */
static enum err
partner_admit(struct ctx *c, const struct call *call)
{
	struct secret token;
	enum err e;

	if ((e = request_bearer(c, call->req, &token)))
		return e;
	if (!token.s)
		return fail(c, ERR_TOKEN_MISSING, "no API token");
	return server_admit(
	    c, "partner", request_header(call->req, "app-id"), token);
}

/* Another bearer, such as a customer's token that has expired, is no matter. */
static enum err
partner_maybe(struct ctx *c, const struct call *call)
{
	struct secret token;
	enum err e;

	if ((e = request_bearer(c, call->req, &token)))
		return e;
	if (!token.s || strncmp(token.s, "pt_", 3) != 0)
		return OK;
	return partner_admit(c, call);
}

enum err
server_step(struct ctx *c, const struct call *call)
{
	const char *client = client_header(call);
	enum err e;

	switch (call->route->who) {
	case PARTNER:
		e = partner_admit(c, call);
		break;
	case PARTNER_MAYBE:
		e = partner_maybe(c, call);
		break;
	default:
		e = secret_admit(c, call);
		break;
	}
	if (e || !c->server)
		return e;
	tenant_enter(c, c->server->tenant);
	return client ? server_speaks_for(c, client) : OK;
}

/* Where a publishable key says whose door it is, is it the server's own? */
static enum err
own_door(struct ctx *c, const struct call *call)
{
	const char *key = call->route->door->key(call->req);
	enum err e;

	if (!key)
		return OK;
	if ((e = tenant_by_key(c, key, &c->tenant)))
		return e;
	if (!uuid_equal(c->server->tenant->id, c->tenant->id))
		return fail(c, ERR_KEY_WRONG, "a key of another tenant");
	return OK;
}

enum err
server_client_step(struct ctx *c, const struct call *call)
{
	const char *client = client_header(call);
	struct secret key = {request_header(call->req, "X-API-KEY")};
	enum who who = call->route->who;
	enum err e;

	if (!client || !key.s || who <= DEVELOPER ||
	    (who >= SERVER && who <= PARTNER_MAYBE))
		return OK;
	if ((e = server_admit(c, "secret", NULL, key)) ||
	    (e = server_speaks_for(c, client)))
		return e;
	return own_door(c, call);
}
