/* SPDX-License-Identifier: ISC */
/* Door A: a partner signs its customers in, and out. */

#include <string.h>

#include "api/api.h"

struct enter_in {
	struct partner_customer who;
	const char *engine;
};

struct refresh_in {
	struct secret token;
};

/* clang-format off */
static const struct field enter_fields[] = {
	FIELD_TEXT  ("username", REQUIRED, struct enter_in, who.username, 1, 255),
	FIELD_TEXT  ("name",	 REQUIRED, struct enter_in, who.name, 1, 200),
	FIELD_EMAIL ("email",	 REQUIRED, struct enter_in, who.email),
	FIELD_TEXT  ("source",	 REQUIRED, struct enter_in, who.source, 1, 255),
	FIELD_CHOICE("engine",	 REQUIRED, struct enter_in, engine, "direct"),
	FIELD_END
};

static const struct field refresh_fields[] = {
	FIELD_SECRET("refresh", REQUIRED, struct refresh_in, token, 1, REFRESH_MAX),
	FIELD_END
};
/* clang-format on */

static enum err
pair_send(struct ctx *c, struct call *call, const struct tokens *tokens)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_secret(&w, "access", tokens->access);
	write_secret(&w, "refresh", tokens->refresh);
	write_map_end(&w);
	return words_send(call, &w);
}

/* What was stated and is kept otherwise. */
static void
say_conflict(
    struct ctx *c, struct call *call, const struct partner_login *login)
{
	if (!login->email_differs && !login->name_differs)
		return;
	response_header(c, call->res, "X-Identity-Conflict",
	    !login->name_differs    ? "email"
	    : !login->email_differs ? "name"
				    : "email,name");
}

/* What characters alone do not bound. */
static enum err
username_check(struct ctx *c, struct call *call, const char *username)
{
	if (strlen(username) <= PARTNER_USERNAME_MAX)
		return OK;
	field_error(&call->errors, "username",
	    arena_print(c->arena, "must be at most %d bytes of UTF-8",
		PARTNER_USERNAME_MAX));
	return fail(c, ERR_BAD_FIELD, "too long an identity");
}

/* 200 with a pair of tokens; 400, 401, 403; 409 where the tenant refuses. */
static enum err
enter(struct ctx *c, struct call *call, const void *arg)
{
	const struct enter_in *in = arg;
	struct partner_login login;
	enum err e;

	if ((e = username_check(c, call, in->who.username)) ||
	    (e = partner_sign_in(c, &in->who, &login)))
		return e;
	say_conflict(c, call, &login);
	return pair_send(c, call, &login.login.tokens);
}

/* 200 with the next pair; 400, 401. */
static enum err
renew(struct ctx *c, struct call *call, const void *arg)
{
	const struct refresh_in *in = arg;
	struct login login;
	enum err e;

	if ((e = partner_refresh(c, in->token, &login)))
		return e;
	return pair_send(c, call, &login.tokens);
}

/* 204; 400, 401. */
static enum err
leave(struct ctx *c, struct call *call, const void *arg)
{
	const struct refresh_in *in = arg;
	enum err e;

	if ((e = partner_logout(c, in->token)))
		return e;
	response_body(call->res, 204, NULL, NULL);
	return OK;
}

static void
write_scopes(struct ctx *c, struct writer *w, const char *list)
{
	size_t n;

	write_list(w, "scopes");
	for (; *(list += strspn(list, " ")); list += n) {
		n = strcspn(list, " ");
		write_text(w, NULL, arena_copy(c->arena, list, n));
	}
	write_list_end(w);
}

/* 200: what this token is good for; 401, 403. */
static enum err
channel(struct ctx *c, struct call *call, const void *in)
{
	const struct server *s = c->server;
	struct writer w = writer_new(c->arena);
	enum err e;

	(void)in;
	if ((e = server_may(c, SCOPE_CHANNEL)))
		return e;
	write_map(&w, NULL);
	write_uuid(&w, "app_id", s->id);
	write_text(&w, "name", s->name);
	write_text(&w, "source", s->source);
	write_scopes(c, &w, s->scopes);
	if (s->expires_at != 0)
		write_time(&w, "expires_at", s->expires_at);
	else
		write_null(&w, "expires_at");
	write_map_end(&w);
	return words_send(call, &w);
}

/* clang-format off */
const struct endpoint partner_enter = {
	enter, enter_fields, sizeof(struct enter_in)
};
const struct endpoint partner_renew = {
	renew, refresh_fields, sizeof(struct refresh_in)
};
const struct endpoint partner_leave = {
	leave, refresh_fields, sizeof(struct refresh_in)
};
const struct endpoint partner_channel = { channel, NULL, 0 };
/* clang-format on */
