/* SPDX-License-Identifier: ISC */
/* Sessions: who bears a token, how it is refreshed, how it ends. */

#include "domain/inside.h"

#include <string.h>

/* The session and customer that verified claims name, by one question. */
static enum err
presence(struct ctx *c, const struct json *claims, const char *key,
    struct presence *out)
{
	const char *tid = json_get_text(claims, "tid");
	const char *sid = json_get_text(claims, "sid");
	struct uuid tenant, session;
	struct digest hash;
	struct bytes key_hash = {NULL, 0};
	enum err e;

	if (!uuid_read(tid ? tid : "", &tenant) ||
	    !uuid_read(sid ? sid : "", &session))
		return fail(c, ERR_TOKEN_INVALID, "tid or sid is no id");
	if (key != NULL) {
		hash = digest_text(key);
		key_hash = (struct bytes){hash.b, DIGEST_LEN};
	}
	e = store_presence(c, tenant, session, key_hash, out);
	return e == ERR_NOT_FOUND
		   ? fail(c, ERR_SESSION_ENDED, "no such session")
		   : e;
}

/* iss, aud and sub are just what we would write today. */
static bool
claims_fit(struct ctx *c, const struct json *claims, const struct tenant *t,
    const struct presence *p)
{
	const char *iss = json_get_text(claims, "iss");
	const char *aud = json_get_text(claims, "aud");
	const char *sub = json_get_text(claims, "sub");

	return iss != NULL && aud != NULL && sub != NULL &&
	       strcmp(iss, t->iss) == 0 && strcmp(aud, t->aud) == 0 &&
	       strcmp(sub, uuid_text(c->arena, p->customer.id)) == 0;
}

static bool
session_lives(
    const struct ctx *c, const struct session *s, const struct customer *u)
{
	return s->ended_at == 0 && s->expires_at > c->now &&
	       strcmp(u->status, "active") == 0;
}

static enum err
token_claims(struct ctx *c, struct secret token, const struct ring_key **ring,
    const struct json **claims)
{
	struct jwt_head head;
	enum err e;

	if ((e = jwt_peek(c, token.s, &head)) ||
	    (e = ring_find(c, head.kid, ring)) ||
	    (e = token_prove(c, &head, *ring)) ||
	    (e = jwt_claims(c, &head, "at+jwt", claims)))
		return e;
	return jwt_times(c, *claims, c->conf->clock_leeway_seconds);
}

enum err
token_holder(
    struct ctx *c, struct secret token, const char *key, struct holder *out)
{
	const struct ring_key *ring;
	struct presence *p = &out->presence;
	enum err e;

	*out = (struct holder){.claims = NULL};
	if ((e = token_claims(c, token, &ring, &out->claims)) ||
	    (e = presence(c, out->claims, key, p)) ||
	    (e = tenant_from_row(c, &p->tenant, &out->tenant)))
		return e;
	if (!uuid_equal(out->tenant->id, ring->tenant) ||
	    !claims_fit(c, out->claims, out->tenant, p))
		return fail(c, ERR_TOKEN_INVALID, "claims of another tenant");
	if (key != NULL && uuid_is_nil(p->key_tenant))
		return fail(c, ERR_TENANT_UNKNOWN, "no such key");
	if (!session_lives(c, &p->session, &p->customer))
		return fail(c, ERR_SESSION_ENDED, "the session is over");
	return OK;
}

enum err
token_admit(struct ctx *c, struct secret token, const char *key,
    struct uuid *key_tenant)
{
	struct caller *who = arena_get(c->arena, sizeof(*who));
	struct holder h;
	enum err e;

	if ((e = token_holder(c, token, key, &h)))
		return e;
	*who = (struct caller){h.presence.session, h.presence.customer};
	tenant_enter(c, h.tenant);
	c->who = who;
	*key_tenant = h.presence.key_tenant;
	return OK;
}

enum err
session_admit(struct ctx *c, struct secret token, const char *key)
{
	struct uuid key_tenant;
	enum err e;

	if ((e = token_admit(c, token, key, &key_tenant)))
		return e;
	if (key == NULL || uuid_equal(key_tenant, c->tenant_id))
		return OK;
	c->tenant = NULL;
	c->who = NULL;
	return fail(c, ERR_TOKEN_INVALID, "key and token disagree");
}

enum err
session_fresh(struct ctx *c)
{
	const struct session *s = &c->who->session;

	if (strncmp(s->idp, "partner:", 8) == 0)
		return fail(c, ERR_REAUTH_REQUIRED, "by a partner's word");
	if (c->now - s->authenticated_at <= REAUTH_MS)
		return OK;
	return fail(c, ERR_REAUTH_REQUIRED, "signed in too long ago");
}

int64_t
session_ends_at(const struct session *s)
{
	return s->idle_expires_at < s->expires_at ? s->idle_expires_at
						  : s->expires_at;
}

bool
session_is_live(const struct ctx *c, const struct session *s)
{
	return s->ended_at == 0 && session_ends_at(s) > c->now;
}

enum err
session_list(struct ctx *c, struct session **out, size_t *n)
{
	return store_session_list(c, c->who->customer.id, out, n);
}

enum err
session_close(
    struct ctx *c, const struct session *s, const char *reason, bool attack)
{
	struct session_ending ending = {.customer = s->customer,
	    .id = s->id,
	    .reason = reason,
	    .attack = attack};
	int64_t n;

	if (c->server != NULL)
		ending.actor = server_actor(c, c->server);
	return store_session_end(c, &ending, &n);
}

enum err
session_end(struct ctx *c, struct uuid id)
{
	struct session_ending ending = {
	    .customer = c->who->customer.id, .id = id, .reason = "by_customer"};
	int64_t n;
	enum err e;

	if (!uuid_equal(id, c->who->session.id) && (e = session_fresh(c)))
		return e;
	if ((e = store_session_end(c, &ending, &n)))
		return e;
	return n > 0 ? OK : fail(c, ERR_NOT_FOUND, "no such session");
}

enum err
session_end_others(struct ctx *c, int64_t *n)
{
	struct session_ending but = {.customer = c->who->customer.id,
	    .id = c->who->session.id,
	    .reason = "by_customer"};
	enum err e;

	if ((e = session_fresh(c)))
		return e;
	return store_session_end_others(c, &but, n);
}

/* ---- the operator ------------------------------------------------------------ */

enum err
session_revoke(struct ctx *c, struct uuid id)
{
	struct session_ending ending = {
	    .id = id, .reason = "by_operator", .actor = "operator"};
	struct session s;
	struct customer u;
	int64_t n = 0;
	enum err e;

	if ((e = store_session_find(c, id, &s, &u)))
		return e;
	ending.customer = s.customer;
	if ((e = store_session_end(c, &ending, &n)))
		return e;
	return n > 0 ? OK : ERR_NOT_FOUND;
}

enum err
session_revoke_all(struct ctx *c, struct uuid customer, int64_t *n)
{
	struct session_ending all = {
	    .customer = customer, .reason = "by_operator", .actor = "operator"};

	return store_session_end_all(c, &all, n);
}
