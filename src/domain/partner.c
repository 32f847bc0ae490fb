/* SPDX-License-Identifier: ISC */
/* Customers whom a marketplace has already signed in, on its word. */

#include "domain/inside.h"

#include <string.h>

enum { SIGNIN_TRIES = 5 };

/* ---- signing in ------------------------------------------------------------- */

static bool
differs(const char *kept, const char *stated)
{
	return kept == NULL || strcmp(kept, stated) != 0;
}

/* Was our session opened after all? Then what is kept says what differs. */
static enum err
opened_already(
    struct ctx *c, const struct partner_signin *in, struct partner_in *out)
{
	struct session opened;
	enum err e;

	*out = (struct partner_in){.outcome = PARTNER_OPENED};
	if ((e = store_session_find(
		 c, in->session->id, &opened, &out->customer)))
		return e;
	out->email_differs = differs(out->customer.email, in->email);
	out->name_differs = differs(out->customer.full_name, in->name);
	return OK;
}

/*
 * Once, and again when the same customer came in just now: then they are found.
 * When nobody knows whether it was committed, the session's id does, now or
 * when the next try meets it.
 */
static enum err
sign_in(struct ctx *c, const struct partner_signin *in, struct partner_in *out)
{
	enum err e = ERR_CONFLICT;
	bool unknown = false;
	int tries;

	for (tries = 0; tries < SIGNIN_TRIES; tries++) {
		e = store_partner_signin(c, in, out);
		if (e != ERR_CONFLICT && e != ERR_DB_UNKNOWN)
			return e;
		unknown = unknown || e == ERR_DB_UNKNOWN;
		if (unknown &&
		    (e = opened_already(c, in, out)) != ERR_NOT_FOUND)
			return e;
	}
	return e == ERR_NOT_FOUND ? ERR_DB_UNKNOWN : e;
}

/*
 * What stands in the trail for the address that this customer's partner stated:
 * the same for the same as long as the master key is, and of no use to anybody
 * who has not got that.
 */
static const char *
email_mark(struct ctx *c, const struct partner_signin *in)
{
	const char *whose =
	    arena_print(c->arena, "%s %s", c->tenant->text, in->value);

	return hex_text(c->arena, limit_subject(c, whose, in->email).p, 8);
}

static enum err
outcome(struct ctx *c, const struct partner_in *in)
{
	switch (in->outcome) {
	case PARTNER_OPENED:
		return OK;
	case PARTNER_CONFLICT:
		return fail(c, ERR_IDENTITY_CONFLICT, "another email or name");
	default:
		return fail(
		    c, ERR_CUSTOMER_DISABLED, "the customer is disabled");
	}
}

/* Only its own customers: another source is another partner's affair. */
static enum err
source_check(struct ctx *c, const char *source)
{
	struct audit audit = {.event = "source_refused", .detail = source};
	enum err e;

	if (strcmp(c->server->source, source) == 0)
		return OK;
	audit.actor = server_actor(c, c->server);
	if (strlen(source) > 32)
		audit.detail = "one that is too long";
	if ((e = store_audit(c, c->tenant_id, &audit)))
		return e;
	return fail(c, ERR_FORBIDDEN, "a token of another source");
}

static void
partner_session(struct ctx *c, struct session *out)
{
	session_draft(c, "A", out);
	out->client = c->server->id;
	out->amr = "fed";
	out->idp = arena_print(c->arena, "partner:%s", c->server->source);
}

enum err
partner_sign_in(struct ctx *c, const struct partner_customer *who,
    struct partner_login *out)
{
	struct partner_signin in = {.source = who->source,
	    .username = who->username,
	    .email = who->email,
	    .name = who->name,
	    .policy = c->tenant->set.identity_conflict,
	    .vouched = scopes_hold(c->server->scopes, SCOPE_VOUCH_EMAIL),
	    .new_customer = uuid_make(c->now),
	    .sessions_max = door_terms(c->tenant, "A").sessions_max};
	struct session session;
	struct partner_in done;
	enum err e;

	if ((e = server_may(c, SCOPE_SIGN_IN)) ||
	    (e = source_check(c, who->source)))
		return e;
	partner_session(c, &session);
	in.session = &session;
	in.actor = server_actor(c, c->server);
	in.value = arena_print(c->arena, "%s:%s", who->source, who->username);
	in.email_mark = email_mark(c, &in);
	if ((e = sign_in(c, &in, &done)) || (e = outcome(c, &done)))
		return e;
	*out = (struct partner_login){.email_differs = done.email_differs,
	    .name_differs = done.name_differs};
	out->login.customer = done.customer;
	out->login.created = done.created;
	session.customer = done.customer.id;
	log_event(c, LOG_INFO, done.created ? "signed_up" : "signed_in",
	    "by %s", session.idp);
	if ((e = token_access(c, &session, &done.customer, &out->login.tokens)))
		return e;
	return token_refresh(c, &session, &out->login.tokens.refresh);
}

/* ---- refresh and logout -------------------------------------------------------- */

/* The tenant that the token names, unless a partner at the door named it. */
static enum err
tenant_of(struct ctx *c, struct secret token)
{
	const struct tenant *tenant;
	struct tenant_row row;
	struct secret jti;
	struct uuid id;
	enum err e;

	if (c->tenant != NULL)
		return OK;
	if ((e = token_unwrap(c, token, &id, &jti)))
		return e;
	e = store_tenant_by_id(c, id, &row);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_REFRESH_WRONG : e;
	if ((e = tenant_from_row(c, &row, &tenant)))
		return e;
	if (tenant->suspended)
		return fail(c, ERR_TENANT_SUSPENDED, "the tenant is suspended");
	tenant_enter(c, tenant);
	return OK;
}

enum err
partner_tenant(struct ctx *c, struct secret token)
{
	enum err e = tenant_of(c, token), over;

	if (e == ERR_REFRESH_WRONG)
		return (over = limit_wrong(c)) ? over : e;
	return e;
}

enum err
partner_refresh(struct ctx *c, struct secret token, struct login *out)
{
	enum err e;

	if ((e = partner_tenant(c, token)))
		return e;
	return session_refresh(c, token, out);
}

enum err
partner_logout(struct ctx *c, struct secret token)
{
	struct session s;
	struct customer u;
	enum err e, over;

	if ((e = partner_tenant(c, token)))
		return e;
	e = session_named(c, token, NULL, &s, &u);
	if (e == ERR_REFRESH_WRONG)
		return (over = limit_wrong(c)) ? over : e;
	if (!e && s.ended_at != 0)
		return fail(c, ERR_SESSION_ENDED, "signed out before");
	return e ? e : session_close(c, &s, "signed_out", false);
}
