/* SPDX-License-Identifier: ISC */
/* Sessions: refresh one, end it, and see where else one is signed in. */

#include <string.h>

#include "api/api.h"

struct refresh_in {
	struct secret token;
};

/* clang-format off */
static const struct field refresh_fields[] = {
	FIELD_SECRET("refreshToken", REQUIRED, struct refresh_in, token, 1, 1024),
	FIELD_END
};
/* clang-format on */

static enum err
customer_send(struct ctx *c, struct call *call, const struct login *login)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_map(&w, "user");
	words_user(c, &w, &login->customer);
	write_map_end(&w);
	write_map(&w, "customer");
	words_customer(&w, &login->customer);
	write_map_end(&w);
	words_tokens(&w, &login->tokens);
	write_map_end(&w);
	return words_send(call, &w);
}

static enum err
merchant_send(
    struct ctx *c, struct call *call, const struct merchant_login *login)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_map(&w, "user");
	words_merchant(&w, login);
	write_map_end(&w);
	words_tokens(&w, &login->login.tokens);
	write_map_end(&w);
	return words_send(call, &w);
}

/* 200 with the next pair of tokens, bare; 401. */
static enum err
refresh(struct ctx *c, struct call *call, const void *arg)
{
	const struct refresh_in *in = arg;
	struct login login;
	enum err e;

	if ((e = session_refresh(c, in->token, &login)))
		return e;
	return customer_send(c, call, &login);
}

/* As refresh, of a merchant too: a session of the platform is one. */
static enum err
refresh_any(struct ctx *c, struct call *call, const void *arg)
{
	const struct refresh_in *in = arg;
	struct merchant_login login;
	enum err e;

	if ((e = any_refresh(c, in->token, &login)))
		return e;
	if (c->tenant->platform)
		return merchant_send(c, call, &login);
	return customer_send(c, call, &login.login);
}

/* 200, for a token of no session too. */
static enum err
sign_out(struct ctx *c, struct call *call, const void *arg)
{
	const struct refresh_in *in = arg;
	enum err e;

	if ((e = any_logout(c, in->token)))
		return e;
	return words_done(c, call, "Signed out.");
}

static void
write_words(
    struct ctx *c, struct writer *w, const char *name, const char *blanked)
{
	const char *s = blanked ? blanked : "";
	size_t n;

	write_list(w, name);
	for (; *s; s += n + (s[n] == ' ')) {
		n = strcspn(s, " ");
		if (n > 0)
			write_text(w, NULL, arena_copy(c->arena, s, n));
	}
	write_list_end(w);
}

static void
write_session(struct ctx *c, struct writer *w, const struct session *s)
{
	write_map(w, NULL);
	write_uuid(w, "id", s->id);
	write_text(w, "device", s->device);
	write_text(w, "address", s->address);
	write_time(w, "createdAt", s->created_at);
	write_time(w, "lastSeenAt", s->seen_at);
	write_time(w, "expiresAt", session_ends_at(s));
	write_time(w, "authenticatedAt", s->authenticated_at);
	write_words(c, w, "amr", s->amr);
	write_text(w, "idp", s->idp);
	write_bool(w, "current", uuid_equal(s->id, c->who->session.id));
	write_map_end(w);
}

/* 200 with the caller's sessions. */
static enum err
show_all(struct ctx *c, struct call *call, const void *in)
{
	struct session *list;
	struct writer w;
	size_t i, n;
	enum err e;

	(void)in;
	if ((e = session_list(c, &list, &n)))
		return e;
	w = envelope_open(c, "Sessions retrieved successfully.");
	write_list(&w, "data");
	for (i = 0; i < n; i++)
		write_session(c, &w, &list[i]);
	write_list_end(&w);
	return envelope_send(call, &w);
}

/* 200; 404 when it is not one of the caller's; 403 reauth_required. */
static enum err
end_one(struct ctx *c, struct call *call, const void *in)
{
	struct uuid id;
	enum err e;

	(void)in;
	if (!uuid_read(call->param, &id))
		return fail(c, ERR_NOT_FOUND, "the session's id is no UUID");
	if ((e = session_end(c, id)))
		return e;
	return words_done(c, call, "Session ended.");
}

/* 200 with how many ended; 403 reauth_required. */
static enum err
end_rest(struct ctx *c, struct call *call, const void *in)
{
	struct writer w;
	int64_t n;
	enum err e;

	(void)in;
	if ((e = session_end_others(c, &n)))
		return e;
	w = envelope_open(c, "All other sessions ended.");
	write_map(&w, "data");
	write_int(&w, "ended", n);
	write_map_end(&w);
	return envelope_send(call, &w);
}

/* clang-format off */
const struct endpoint session_renew_any = {
	refresh_any, refresh_fields, sizeof(struct refresh_in)
};
const struct endpoint session_renew_customer = {
	refresh, refresh_fields, sizeof(struct refresh_in)
};
const struct endpoint session_sign_out = {
	sign_out, refresh_fields, sizeof(struct refresh_in)
};
const struct endpoint session_show_all = { show_all, NULL, 0 };
const struct endpoint session_end_one = { end_one, NULL, 0 };
const struct endpoint session_end_rest = { end_rest, NULL, 0 };
/* clang-format on */
