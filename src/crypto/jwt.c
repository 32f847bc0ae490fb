/* SPDX-License-Identifier: ISC */
/* Tokens: RFC 7515, 7519, 8725, 9068. libjwt only reads and builds claims. */

#include "crypto/crypto.h"

#include <jwt.h>
#include <stdlib.h>
#include <string.h>

#define BASE64URL \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* A header under which libjwt reads claims whatever their token's typ. */
#define HEAD_NONE "eyJhbGciOiJub25lIn0"

enum { SIG_LEN = 64 };

/* Each says where a key is or what else to do; a token may say neither. */
/* clang-format off */
static const char *const headers_refused[] = {
	"jku", "x5u", "jwk", "x5c", "x5t", "x5t#S256",
	"crit", "b64", "zip", "enc",
};
/* clang-format on */

/* ---- shape and header ---------------------------------------------------- */

static enum err
refuse(struct ctx *c, const char *why)
{
	return fail(c, ERR_TOKEN_INVALID, "%s", why);
}

/* A strict JSON map; what names the segment for the log. */
static enum err
map_read(
    struct ctx *c, const char *what, struct bytes text, const struct json **out)
{
	const char *why = json_scan((const char *)text.p, text.n);

	if (why)
		return fail(c, ERR_TOKEN_INVALID, "%s: %s", what, why);
	if (json_parse(c, (const char *)text.p, text.n, out))
		return fail(c, ERR_TOKEN_INVALID, "%s: not JSON", what);
	if ((*out)->type != JSON_MAP)
		return fail(c, ERR_TOKEN_INVALID, "%s: not a map", what);
	return OK;
}

/* Lengths of exactly three non-empty segments, or what is wrong. */
static const char *
segments_measure(const char *token, size_t len[3])
{
	if (strnlen(token, TOKEN_MAX + 1) > TOKEN_MAX)
		return "longer than 8 KiB";
	for (int i = 0; i < 3; i++) {
		len[i] = strspn(token, BASE64URL);
		token += len[i];
		if (*token != (i < 2 ? '.' : '\0'))
			return "not three segments of base64url";
		if (len[i] == 0)
			return "an empty segment";
		token++;
	}
	return NULL;
}

static bool
kid_valid(const char *kid)
{
	size_t n = strnlen(kid, KID_MAX + 1);

	return n > 0 && n <= KID_MAX && strspn(kid, BASE64URL) == n;
}

static enum err
header_read(struct ctx *c, struct bytes text, struct jwt_head *out)
{
	const struct json *map;
	enum err e;

	if ((e = map_read(c, "header", text, &map)))
		return e;
	for (size_t i = 0; i < COUNT(headers_refused); i++)
		if (json_get(map, headers_refused[i]))
			return fail(c, ERR_TOKEN_INVALID,
			    "header: %s is refused", headers_refused[i]);
	out->alg = json_get_text(map, "alg");
	out->kid = json_get_text(map, "kid");
	out->typ = json_get_text(map, "typ");
	if (!out->alg || !out->kid || !out->typ)
		return refuse(c, "header: alg, kid and typ must be texts");
	if (!kid_valid(out->kid))
		return refuse(c, "header: no valid kid");
	return OK;
}

enum err
jwt_peek(struct ctx *c, const char *token, struct jwt_head *out)
{
	struct bytes head;
	const char *why;
	size_t len[3];

	if ((why = segments_measure(token, len)))
		return refuse(c, why);
	*out = (struct jwt_head){
	    .token = token,
	    .signed_len = len[0] + 1 + len[1],
	    .payload_at = len[0] + 1,
	    .payload_len = len[1],
	};
	head.p = base64url_read(c->arena, token, len[0], &head.n);
	out->sig = base64url_read(
	    c->arena, token + out->signed_len + 1, len[2], &out->sig_len);
	if (!head.p || !out->sig)
		return refuse(c, "stray bits at the end of a segment");
	return header_read(c, head, out);
}

/* ---- signature and claims ------------------------------------------------ */

/* The claims as libjwt has them, as JSON. The segment is proven and strict. */
static enum err
grants_read(struct ctx *c, const char *segment, size_t n, struct bytes *out)
{
	struct text t = text_new(c->arena);
	jwt_t *jwt = NULL;
	char *json = NULL;

	*out = (struct bytes){0};
	text_add(&t, HEAD_NONE ".");
	text_add_n(&t, segment, n);
	text_add_c(&t, '.');
	if (jwt_decode(&jwt, t.s, NULL, 0) == 0)
		json = jwt_get_grants_json(jwt, NULL);
	if (json) {
		out->n = strlen(json);
		out->p = (unsigned char *)arena_copy(c->arena, json, out->n);
		wipe(json, out->n);
	}
	free(json);
	jwt_free(jwt);
	return out->p ? OK : refuse(c, "payload: libjwt cannot read it");
}

static enum err
claims_read(struct ctx *c, const struct jwt_head *head, const struct json **out)
{
	const char *segment = head->token + head->payload_at, *why;
	struct bytes text;
	enum err e;

	text.p = base64url_read(c->arena, segment, head->payload_len, &text.n);
	if (!text.p)
		return refuse(c, "stray bits at the end of a segment");
	if ((why = json_scan((const char *)text.p, text.n)))
		return fail(c, ERR_TOKEN_INVALID, "payload: %s", why);
	if ((e = grants_read(c, segment, head->payload_len, &text)))
		return e;
	return map_read(c, "payload", text, out);
}

enum err
jwt_prove(
    struct ctx *c, const struct jwt_head *head, const struct sign_key *key)
{
	if (strcmp(head->alg, alg_name(key_alg(key))) != 0)
		return refuse(c, "alg is not the key's");
	if (!key_verify(
		key, head->token, head->signed_len, head->sig, head->sig_len))
		return refuse(c, "wrong signature");
	return OK;
}

enum err
jwt_claims(struct ctx *c, const struct jwt_head *head, const char *typ,
    const struct json **claims)
{
	if (strcmp(head->typ, typ) != 0)
		return refuse(c, "a token of another typ");
	return claims_read(c, head, claims);
}

enum err
jwt_open(struct ctx *c, const struct jwt_head *head, const struct sign_key *key,
    const char *typ, const struct json **claims)
{
	enum err e = jwt_prove(c, head, key);

	return e ? e : jwt_claims(c, head, typ, claims);
}

/* ---- times --------------------------------------------------------------- */

/* A time in seconds since 1970 (RFC 7519, 2: NumericDate, whole). */
static bool
is_time(const struct json *claim)
{
	return claim->type == JSON_INT && claim->i >= 0;
}

enum err
jwt_times(struct ctx *c, const struct json *claims, int64_t leeway_seconds)
{
	static const char *const past[] = {"iat", "nbf"};
	int64_t now = c->now / SECOND_MS;
	const struct json *exp = json_get(claims, "exp");

	if (!exp || !is_time(exp))
		return refuse(c, "exp is missing or no time");
	for (size_t i = 0; i < COUNT(past); i++) {
		const struct json *t = json_get(claims, past[i]);

		if (t && (!is_time(t) || t->i > now + leeway_seconds))
			return fail(c, ERR_TOKEN_INVALID,
			    "%s is no time or yet to come", past[i]);
	}
	if (exp->i <= now - leeway_seconds)
		return fail(c, ERR_TOKEN_EXPIRED, "exp has passed");
	return OK;
}

/* ---- making -------------------------------------------------------------- */

/* {"name":["word",…]} */
static const char *
list_json(struct arena *a, const char *name, const char *words)
{
	struct writer w = writer_new(a);
	size_t n;

	write_map(&w, NULL);
	write_list(&w, name);
	for (; *(words += strspn(words, " ")); words += n) {
		n = strcspn(words, " ");
		write_text(&w, NULL, arena_copy(a, words, n));
	}
	write_list_end(&w);
	write_map_end(&w);
	return writer_text(&w);
}

/* 0, or libjwt's errno. */
static int
grant_add(struct arena *a, jwt_t *jwt, const struct claim *claim)
{
	const char *name = claim->name, *s = claim->s;
	long i = (long)claim->i;

	switch (claim->type) {
	case CLAIM_TEXT:
		return s ? jwt_add_grant(jwt, name, s) : 0;
	case CLAIM_INT:
		return i == claim->i ? jwt_add_grant_int(jwt, name, i) : -1;
	case CLAIM_BOOL:
		return jwt_add_grant_bool(jwt, name, i != 0);
	case CLAIM_LIST:
		return s ? jwt_add_grants_json(jwt, list_json(a, name, s)) : 0;
	}
	return -1;
}

/* The payload's segment: the middle of what libjwt makes with alg none. */
static enum err
payload_make(struct ctx *c, const struct claim *claims, const char **out)
{
	jwt_t *jwt = NULL;
	char *whole = NULL, *segment;
	int rc = jwt_new(&jwt);

	for (; rc == 0 && claims->name; claims++)
		rc = grant_add(c->arena, jwt, claims);
	if (rc == 0)
		whole = jwt_encode_str(jwt);
	*out = NULL;
	if (whole && (segment = strchr(whole, '.')))
		*out = arena_copy(
		    c->arena, segment + 1, strcspn(segment + 1, "."));
	free(whole);
	jwt_free(jwt);
	return *out ? OK : fail(c, ERR_INTERNAL, "libjwt refuses the claims");
}

static const char *
header_make(struct ctx *c, enum alg alg, const char *kid, const char *typ)
{
	struct writer w = writer_new(c->arena);
	const char *s;

	write_map(&w, NULL);
	write_text(&w, "alg", alg_name(alg));
	write_text(&w, "typ", typ);
	write_text(&w, "kid", kid);
	write_map_end(&w);
	s = writer_text(&w);
	return base64url_text(c->arena, s, strlen(s));
}

enum err
jwt_make(struct ctx *c, struct jwt_signer by, const char *typ,
    const struct claim *claims, struct secret *token)
{
	struct text t = text_new(c->arena);
	const char *payload;
	unsigned char sig[SIG_LEN];
	enum err e;

	if (!kid_valid(by.kid))
		return fail(c, ERR_INTERNAL, "not a kid");
	if ((e = payload_make(c, claims, &payload)))
		return e;
	text_add(&t, header_make(c, key_alg(by.key), by.kid, typ));
	text_add_c(&t, '.');
	text_add(&t, payload);
	if ((e = key_sign(by.key, t.s, t.len, sig)))
		return e;
	text_add_c(&t, '.');
	text_add(&t, base64url_text(c->arena, sig, sizeof sig));
	if (t.len > TOKEN_MAX)
		return fail(c, ERR_INTERNAL, "the token is over 8 KiB");
	token->s = t.s;
	return OK;
}
