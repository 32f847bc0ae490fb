/* SPDX-License-Identifier: ISC */
/* What other services ask about tokens: RFC 7662 and RFC 7009. */

#include <string.h>

#include "api/api.h"

struct token_in {
	struct secret token;
};

/* clang-format off */
/*
 * token_type_hint is no more than a hint, and we see which it is. What is too
 * long for a token is none, which is no fault of who asks.
 */
static const struct field token_fields[] = {
	FIELD_SECRET("token", REQUIRED, struct token_in, token, 1, BODY_MAX),
	FIELD_END
};

/* RFC 6749, 5.2; RFC 7009, 2.2.1. */
static const struct {
	enum err	 e;
	const char	*error;
} errors[] = {
	{ ERR_KEY_WRONG,	"invalid_client" },
	{ ERR_FORBIDDEN,	"unauthorized_client" },
	{ ERR_TENANT_SUSPENDED,	"unauthorized_client" },
	{ ERR_TOO_MANY,		"slow_down" },
	{ ERR_DB_AWAY,		"temporarily_unavailable" },
	{ ERR_DB_UNKNOWN,	"temporarily_unavailable" },
	{ ERR_DB_RETRY,		"temporarily_unavailable" },
	{ ERR_DB,		"server_error" },
	{ ERR_SEALED,		"server_error" },
	{ ERR_INTERNAL,		"server_error" },
};
/* clang-format on */

/* ---- the door ------------------------------------------------------------------ */

/* The key said which tenant it is. */
static enum err
oauth_tenant(struct ctx *c, struct call *call)
{
	(void)call;
	return c->tenant ? OK : fail(c, ERR_KEY_WRONG, "no key");
}

static const char *
oauth_key(const struct req *r)
{
	(void)r;
	return NULL;
}

static const char *
error_of(enum err e)
{
	size_t i;

	for (i = 0; i < COUNT(errors); i++)
		if (errors[i].e == e)
			return errors[i].error;
	return "invalid_request";
}

static void
oauth_refuse(struct ctx *c, struct call *call, enum err e)
{
	struct writer w = writer_new(c->arena);
	int status = e == ERR_BAD_FIELD ? 400 : err_status(e);

	write_map(&w, NULL);
	write_text(&w, "error", error_of(e));
	write_text(&w, "error_description",
	    e == ERR_BAD_FIELD ? "token is required." : err_sentence(e));
	write_map_end(&w);
	response_body(call->res, status, JSON_TYPE, writer_text(&w));
}

const struct door door_oauth = {
    .name = "E",
    .prefix = "/oauth",
    .tenant = oauth_tenant,
    .key = oauth_key,
    .refuse = oauth_refuse,
    .forms = true,
};

/* ---- introspection -------------------------------------------------------------- */

/* An access token's claims stand for themselves (RFC 7662, 2.2). */
static void
write_claims(struct writer *w, const struct json *claims)
{
	write_text(w, "token_type", "Bearer");
	json_each (claim, claims)
		write_tree(w, claim->name, claim);
}

static void
write_refresh(struct ctx *c, struct writer *w, const struct session *s)
{
	int64_t exp = s->idle_expires_at < s->expires_at ? s->idle_expires_at
							 : s->expires_at;

	write_text(w, "iss", c->tenant->iss);
	write_text(w, "sub", uuid_text(c->arena, s->customer));
	write_text(w, "sid", uuid_text(c->arena, s->id));
	write_int(w, "exp", exp / SECOND_MS);
	write_int(w, "iat", s->rotated_at / SECOND_MS);
}

/* 200, {"active":false} and nothing else for what is not good; 400, 401, 403. */
static enum err
introspect(struct ctx *c, struct call *call, const void *arg)
{
	const struct token_in *in = arg;
	struct introspected found;
	struct writer w = writer_new(c->arena);
	enum err e;

	if ((e = token_introspect(c, in->token, &found)))
		return e;
	write_map(&w, NULL);
	write_bool(&w, "active", found.active);
	if (found.claims)
		write_claims(&w, found.claims);
	else if (found.active)
		write_refresh(c, &w, &found.session);
	write_map_end(&w);
	return words_send(call, &w);
}

/* 200, also for what is no token; 400, 401, 403; 503. */
static enum err
revoke(struct ctx *c, struct call *call, const void *arg)
{
	const struct token_in *in = arg;
	enum err e;

	if ((e = token_revoke(c, in->token)))
		return e;
	response_body(call->res, 200, JSON_TYPE, "{}");
	return OK;
}

/* clang-format off */
const struct endpoint oauth_introspect = {
	introspect, token_fields, sizeof(struct token_in)
};
const struct endpoint oauth_revoke = {
	revoke, token_fields, sizeof(struct token_in)
};
/* clang-format on */
