/* SPDX-License-Identifier: ISC */
/* What others verify our tokens by: RFC 7517's key set, RFC 8414's metadata. */

#include <string.h>

#include "api/api.h"

#define CACHE_CONTROL "public, max-age=300"
#define AUTH_METHOD   "client_secret_basic"
#define TOKEN_TYPE    "Bearer"

enum { ETAG_BYTES = 16 };

/* ---- an answer that may be kept ------------------------------------------------ */

/* Is the tag on the list of If-None-Match? Compared weakly (RFC 9110, 13.1.2). */
static bool
tag_is_known(const struct req *r, const char *tag)
{
	const char *list = request_header(r, "If-None-Match");
	size_t n = strlen(tag);

	if (list == NULL)
		return false;
	for (;;) {
		list += strspn(list, " \t,");
		if (*list == '\0')
			return false;
		if (strcmp(list, "*") == 0)
			return true;
		if (strncmp(list, "W/", 2) == 0)
			list += 2;
		if (strncmp(list, tag, n) == 0 &&
		    strchr(" \t,", list[n]) != NULL)
			return true;
		list += strcspn(list, ",");
	}
}

/* 200, or 304 for who has it already. */
static enum err
keepable_send(struct ctx *c, struct call *call, struct writer *w)
{
	const char *body, *tag;
	struct digest hash;

	write_map_end(w);
	body = writer_text(w);
	hash = digest_text(body);
	tag = arena_print(
	    c->arena, "\"%s\"", hex_text(c->arena, hash.b, ETAG_BYTES));
	response_header(c, call->res, "Cache-Control", CACHE_CONTROL);
	response_header(c, call->res, "ETag", tag);
	if (tag_is_known(call->req, tag))
		response_body(call->res, 304, NULL, NULL);
	else
		response_body(call->res, 200, JSON_TYPE, body);
	return OK;
}

/* ---- /.well-known/jwks.json ------------------------------------------------------ */

static void
key_write(struct writer *w, const struct public_key *k)
{
	write_map(w, NULL);
	write_text(w, "kty", "EC");
	write_text(w, "crv", "P-256");
	write_text(w, "x", k->x);
	write_text(w, "y", k->y);
	write_text(w, "use", "sig");
	write_text(w, "alg", k->alg);
	write_text(w, "kid", k->kid);
	write_map_end(w);
}

/* 200, 304; 404: no such tenant, or a suspended one. */
static enum err
keys_show(struct ctx *c, struct call *call, const void *in)
{
	struct writer w = writer_new(c->arena);
	const struct tenant *tenant;
	struct public_key *keys;
	size_t n;
	enum err e;

	(void)in;
	if ((e = jwks_tenant(c, call->param, &tenant)) ||
	    (e = jwks_list(c, tenant, &keys, &n)))
		return e;
	write_map(&w, NULL);
	write_list(&w, "keys");
	for (; n > 0; n--, keys++)
		key_write(&w, keys);
	write_list_end(&w);
	return keepable_send(c, call, &w);
}

/* ---- /.well-known/oauth-authorization-server --------------------------------------- */

static void
place_write(struct ctx *c, struct writer *w, const char *name, const char *path)
{
	write_text(
	    w, name, arena_print(c->arena, "%s%s", c->conf->public_url, path));
}

/* A list of up to two texts. */
static void
words_write(
    struct writer *w, const char *name, const char *word, const char *another)
{
	write_list(w, name);
	if (word != NULL)
		write_text(w, NULL, word);
	if (another != NULL)
		write_text(w, NULL, another);
	write_list_end(w);
}

/* What signs the access tokens of all doors; the name is not registered. */
static void
algs_write(struct writer *w, const struct tenant *t)
{
	static const enum alg algs[] = {ALG_ES256, ALG_HS512};
	size_t i;

	write_list(w, "access_token_signing_alg_values_supported");
	for (i = 0; i < COUNT(algs); i++)
		if (doors_sign_by(&t->set, algs[i]))
			write_text(w, NULL, alg_name(algs[i]));
	write_list_end(w);
}

/*
 * A key may come as Basic or as Bearer; only for introspection has RFC 8414 a
 * name for the second: that of a token type. There is no authorization and no
 * token endpoint: the two lists stay, and stay empty (against RFC 8414, 3.2),
 * since response_types_supported is required, and grant_types_supported, when
 * it is absent, says authorization_code and implicit.
 */
static void
metadata_write(struct ctx *c, struct writer *w, const struct tenant *t)
{
	write_text(w, "issuer", t->iss);
	write_text(w, "jwks_uri",
	    arena_print(c->arena, "%s/.well-known/jwks.json", t->iss));
	place_write(c, w, "introspection_endpoint", "/oauth/introspect");
	words_write(w, "introspection_endpoint_auth_methods_supported",
	    AUTH_METHOD, TOKEN_TYPE);
	place_write(c, w, "revocation_endpoint", "/oauth/revoke");
	words_write(
	    w, "revocation_endpoint_auth_methods_supported", AUTH_METHOD, NULL);
	words_write(w, "response_types_supported", NULL, NULL);
	words_write(w, "grant_types_supported", NULL, NULL);
	algs_write(w, t);
}

/* 200, 304; 404: no such tenant, or a suspended one. */
static enum err
metadata_show(struct ctx *c, struct call *call, const void *in)
{
	struct writer w = writer_new(c->arena);
	const struct tenant *tenant;
	enum err e;

	(void)in;
	if ((e = jwks_tenant(c, call->param, &tenant)))
		return e;
	write_map(&w, NULL);
	metadata_write(c, &w, tenant);
	return keepable_send(c, call, &w);
}

const struct endpoint wellknown_keys = {keys_show, NULL, 0};
const struct endpoint wellknown_metadata = {metadata_show, NULL, 0};
