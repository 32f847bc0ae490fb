/* SPDX-License-Identifier: ISC */
/* What another service may ask about a token: is it good; let it be dead. */

#include "domain/inside.h"

#include <string.h>

/* All the ways of not being a good token, which nobody is told apart. */
static bool
is_bad_token(enum err e)
{
	switch (e) {
	case ERR_TOKEN_INVALID:
	case ERR_TOKEN_EXPIRED:
	case ERR_SESSION_ENDED:
	case ERR_REFRESH_WRONG:
	case ERR_REFRESH_OVER:
		return true;
	default:
		return false;
	}
}

static enum err
access_holder(struct ctx *c, struct secret token, struct holder *h)
{
	enum err e;

	if (strchr(token.s, '.') == NULL)
		return ERR_TOKEN_INVALID;
	if ((e = token_holder(c, token, NULL, h)))
		return e;
	if (!uuid_equal(h->tenant->id, c->tenant_id))
		return fail(c, ERR_TOKEN_INVALID, "of another tenant");
	return OK;
}

/* Clocks may differ, but an answer never says that what is past is good. */
static enum err
access_alive(struct ctx *c, const struct holder *h)
{
	const struct json *exp = json_get(h->claims, "exp");

	if (exp != NULL && exp->type == JSON_INT && exp->i > c->now / SECOND_MS)
		return OK;
	return fail(c, ERR_TOKEN_EXPIRED, "exp has just passed");
}

/* Only the present generation of a living session is of use to anybody. */
static enum err
refresh_session(struct ctx *c, struct secret token, struct session *out)
{
	struct refresh_claim claim;
	struct customer u;
	enum err e;

	if ((e = session_named(c, token, &claim, out, &u)))
		return e;
	if (claim.generation != out->generation || out->ended_at != 0 ||
	    out->expires_at <= c->now || out->idle_expires_at <= c->now ||
	    strcmp(u.status, "active") != 0)
		return fail(c, ERR_SESSION_ENDED, "spent, or over");
	return OK;
}

enum err
token_introspect(struct ctx *c, struct secret token, struct introspected *out)
{
	struct holder h;
	enum err e;

	*out = (struct introspected){.active = false};
	if ((e = server_may(c, SCOPE_INTROSPECT)))
		return e;
	e = access_holder(c, token, &h);
	if (e == ERR_TOKEN_INVALID)
		e = refresh_session(c, token, &out->session);
	else if (!e && !(e = access_alive(c, &h)))
		out->claims = h.claims;
	out->active = e == OK;
	return is_bad_token(e) ? OK : e;
}

enum err
token_revoke(struct ctx *c, struct secret token)
{
	struct holder h;
	struct session s;
	struct customer u;
	enum err e;

	if ((e = server_may(c, SCOPE_REVOKE)))
		return e;
	if (!(e = access_holder(c, token, &h)))
		s = h.presence.session;
	else if (e == ERR_TOKEN_INVALID)
		e = session_named(c, token, NULL, &s, &u);
	if (!e)
		e = session_close(c, &s, "revoked", false);
	return is_bad_token(e) ? OK : e;
}
