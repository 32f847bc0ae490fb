/* SPDX-License-Identifier: ISC */
/* Door A, of partners and their customers: its tenants and its errors. */

#include <string.h>

#include "api/api.h"

/* What clients decide by: refresh, or sign in again. */
static const struct {
	enum err e;
	const char *code;
} codes[] = {
    {ERR_TOKEN_MISSING, "token_missing"},
    {ERR_TOKEN_EXPIRED, "token_expired"},
    {ERR_TOKEN_INVALID, "token_invalid"},
    {ERR_SESSION_ENDED, "session_ended"},
    {ERR_KEY_WRONG, "token_invalid"},
    {ERR_REFRESH_WRONG, "token_not_valid"},
    {ERR_REFRESH_OVER, "token_not_valid"},
    {ERR_REFRESH_LATE, "token_not_valid"},
    {ERR_REFRESH_REUSED, "token_not_valid"},
};

/* What cannot be a refresh token is told as a field's fault, later. */
static enum err
tenant_by_refresh(struct ctx *c, const struct call *call)
{
	struct secret token = {json_get_text(call->body, "refresh")};

	if (!token.s || !*token.s || strlen(token.s) > REFRESH_MAX)
		return OK;
	return partner_tenant(c, token);
}

/* A token said which: at refresh and logout the one in the body. */
static enum err
a_tenant(struct ctx *c, struct call *call)
{
	enum err e;

	if (!c->tenant && call->route->who != PARTNER_MAYBE)
		return fail(c, ERR_KEY_WRONG, "no token");
	if (!c->tenant && ((e = tenant_by_refresh(c, call)) || !c->tenant))
		return e;
	if (c->tenant->platform)
		return fail(c, ERR_NO_ROUTE, "the platform has no customers");
	return OK;
}

static const char *
a_key(const struct req *r)
{
	(void)r;
	return NULL;
}

/* ---- errors --------------------------------------------------------------------- */

/* At refresh and logout every refused refresh token is the same to them. */
static const char *
code_of(const struct call *call, enum err e)
{
	size_t i;

	if (call->route && call->route->who == PARTNER_MAYBE &&
	    e == ERR_SESSION_ENDED)
		return "token_not_valid";
	for (i = 0; i < COUNT(codes); i++)
		if (codes[i].e == e)
			return codes[i].code;
	return err_name(e);
}

/* {"email":["is required."]}: each field once, with all its faults. */
static void
write_fields(struct ctx *c, struct writer *w, const struct field_errors *of)
{
	size_t i, j;

	for (i = 0; i < of->n; i++) {
		for (j = 0; strcmp(of->list[j].name, of->list[i].name); j++)
			;
		if (j != i)
			continue;
		write_list(w, of->list[i].name);
		for (; j < of->n; j++)
			if (strcmp(of->list[j].name, of->list[i].name) == 0)
				write_text(w, NULL,
				    arena_print(c->arena, "This field %s.",
					of->list[j].sentence));
		write_list_end(w);
	}
}

static void
a_refuse(struct ctx *c, struct call *call, enum err e)
{
	struct writer w = writer_new(c->arena);
	int status = e == ERR_BAD_FIELD ? 400 : err_status(e);

	write_map(&w, NULL);
	if (e == ERR_BAD_FIELD) {
		write_fields(c, &w, &call->errors);
	} else {
		write_text(&w, "detail", err_sentence(e));
		write_text(&w, "code", code_of(call, e));
	}
	write_map_end(&w);
	response_body(call->res, status, JSON_TYPE, writer_text(&w));
}

const struct door door_a = {
    .name = "A",
    .prefix = "/public-api",
    .tenant = a_tenant,
    .key = a_key,
    .refuse = a_refuse,
};
