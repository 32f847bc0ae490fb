/* SPDX-License-Identifier: ISC */
/* What the two tokens of a session hold. */

#include "domain/inside.h"

#include <string.h>

enum { REFRESH_LEN = 16 + 4 + DIGEST_LEN };

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static const char *
text_or_null(struct ctx *c, struct uuid id)
{
	return uuid_is_nil(id) ? NULL : uuid_text(c->arena, id);
}

/* Claims after RFC 9068, 2.2, and ours (API.md, "Access tokens"). */
static enum err
sign(struct ctx *c, const struct ring_key *ring, const struct session *s,
    const struct customer *u, struct tokens *out)
{
	int64_t now_s = c->now / SECOND_MS;
	int64_t exp_ms = c->now + out->access_ms;
	const char *client = text_or_null(c, s->client);
	struct claim claims[] = {CLAIM_T("iss", c->tenant->iss),
	    CLAIM_T("sub", uuid_text(c->arena, u->id)),
	    CLAIM_T("aud", c->tenant->aud),
	    CLAIM_T("client_id", client ? client : c->tenant->text),
	    CLAIM_I("exp", exp_ms / SECOND_MS), CLAIM_I("iat", now_s),
	    CLAIM_T("jti", uuid_text(c->arena, uuid_make(c->now))),
	    CLAIM_T("tid", c->tenant->text),
	    CLAIM_T("sid", uuid_text(c->arena, s->id)),
	    CLAIM_T("role", c->tenant->platform ? "merchant" : "customer"),
	    CLAIM_T("scope", c->tenant->platform ? "merchant" : "customer"),
	    CLAIM_L("amr", s->amr), CLAIM_T("idp", s->idp),
	    CLAIM_I("auth_time", s->authenticated_at / SECOND_MS),
	    CLAIM_T("email", u->email), CLAIM_T("phone_number", u->phone),
	    CLAIM_T("name", u->full_name),
	    CLAIM_B("email_verified", u->email_proven_at != 0), CLAIM_END};

	if (u->email == NULL)
		claims[COUNT(claims) - 2] = (struct claim)CLAIM_END;
	return jwt_make(
	    c, SIGNER(ring->key, ring->kid), "at+jwt", claims, &out->access);
}

enum err
token_access(struct ctx *c, const struct session *s, const struct customer *u,
    struct tokens *out)
{
	struct door_terms terms = door_terms(c->tenant, s->door);
	const struct ring_key *ring;
	enum err e;

	out->access_ms = least(terms.access_ms, s->expires_at - c->now);
	out->refresh_ms = least(s->idle_expires_at, s->expires_at) - c->now;
	if ((e = ring_current(c, c->tenant->id, terms.alg, &ring)))
		return e;
	if (ring->retires_at != 0)
		out->access_ms =
		    least(out->access_ms, ring->retires_at - c->now);
	return sign(c, ring, s, u, out);
}

static enum err
refresh_mac(struct ctx *c, const struct session *s, int64_t generation,
    struct digest *out)
{
	unsigned char number[4] = {(unsigned char)(generation >> 24),
	    (unsigned char)(generation >> 16), (unsigned char)(generation >> 8),
	    (unsigned char)generation};
	struct bytes parts[] = {MAC_UUID(s->id), {number, sizeof(number)},
	    {s->salt, sizeof(s->salt)}};

	return tenant_mac(c, "refresh", parts, COUNT(parts), out);
}

/* Ours: session, generation, MAC. */
static enum err
refresh_make(struct ctx *c, const struct session *s, struct secret *out)
{
	unsigned char bytes[REFRESH_LEN];
	int64_t g = s->generation;
	struct digest mac;
	enum err e;

	if ((e = refresh_mac(c, s, g, &mac)))
		return e;
	memcpy(bytes, s->id.b, 16);
	bytes[16] = (unsigned char)(g >> 24);
	bytes[17] = (unsigned char)(g >> 16);
	bytes[18] = (unsigned char)(g >> 8);
	bytes[19] = (unsigned char)g;
	memcpy(bytes + 20, mac.b, DIGEST_LEN);
	out->s = base64url_text(c->arena, bytes, sizeof(bytes));
	wipe(bytes, sizeof(bytes));
	return OK;
}

/* Door A's clients expect a JWT: its jti is ours (API.md, A). */
static enum err
wrap(struct ctx *c, const struct ring_key *ring, const struct session *s,
    int64_t exp, struct secret *token)
{
	const struct claim claims[] = {CLAIM_T("iss", c->tenant->iss),
	    CLAIM_T("sub", uuid_text(c->arena, s->customer)),
	    CLAIM_T("aud", c->tenant->iss), CLAIM_I("exp", exp),
	    CLAIM_I("iat", c->now / SECOND_MS), CLAIM_T("jti", token->s),
	    CLAIM_T("tid", c->tenant->text),
	    CLAIM_T("sid", uuid_text(c->arena, s->id)), CLAIM_END};

	return jwt_make(
	    c, SIGNER(ring->key, ring->kid), "refresh+jwt", claims, token);
}

static enum err
refresh_wrap(struct ctx *c, const struct session *s, struct secret *token)
{
	int64_t exp = least(s->idle_expires_at, s->expires_at);
	const struct ring_key *ring;
	enum err e;

	if ((e = ring_current(
		 c, c->tenant->id, door_terms(c->tenant, s->door).alg, &ring)))
		return e;
	if (ring->retires_at != 0)
		exp = least(exp, ring->retires_at);
	return wrap(c, ring, s, exp / SECOND_MS, token);
}

enum err
token_refresh(struct ctx *c, const struct session *s, struct secret *out)
{
	enum err e;

	if ((e = refresh_make(c, s, out)) || strcmp(s->door, "A") != 0)
		return e;
	return refresh_wrap(c, s, out);
}

static bool
is_bad_token(enum err e)
{
	return e == ERR_TOKEN_INVALID || e == ERR_TOKEN_EXPIRED;
}

enum err
token_unwrap(
    struct ctx *c, struct secret token, struct uuid *tenant, struct secret *jti)
{
	const struct ring_key *ring;
	const struct json *claims;
	struct jwt_head head;
	enum err e;

	if ((e = jwt_peek(c, token.s, &head)) ||
	    (e = ring_find(c, head.kid, &ring)) ||
	    (e = jwt_open(c, &head, ring->key, "refresh+jwt", &claims)))
		return is_bad_token(e) ? ERR_REFRESH_WRONG : e;
	if ((e = jwt_times(c, claims, c->conf->clock_leeway_seconds)))
		return is_bad_token(e) ? ERR_REFRESH_OVER : e;
	jti->s = json_get_text(claims, "jti");
	*tenant = ring->tenant;
	return jti->s ? OK : fail(c, ERR_REFRESH_WRONG, "no jti");
}

enum err
token_refresh_read(
    struct ctx *c, struct secret token, struct refresh_claim *out)
{
	struct uuid tenant;
	unsigned char *b;
	size_t n;
	enum err e;

	if (strchr(token.s, '.') != NULL) {
		if ((e = token_unwrap(c, token, &tenant, &token)))
			return e;
		if (!uuid_equal(tenant, c->tenant_id))
			return fail(c, ERR_REFRESH_OVER, "of another tenant");
	}
	b = base64url_read(c->arena, token.s, strlen(token.s), &n);
	if (b == NULL || n != REFRESH_LEN)
		return fail(
		    c, ERR_REFRESH_WRONG, "not of a refresh token's shape");
	memcpy(out->session.b, b, 16);
	out->generation = (int64_t)b[16] << 24 | (int64_t)b[17] << 16 |
			  (int64_t)b[18] << 8 | (int64_t)b[19];
	memcpy(out->mac, b + 20, DIGEST_LEN);
	return OK;
}

enum err
token_refresh_check(
    struct ctx *c, const struct refresh_claim *claim, const struct session *s)
{
	struct digest mac;
	enum err e;

	if ((e = refresh_mac(c, s, claim->generation, &mac)))
		return e;
	if (!bytes_equal(mac.b, claim->mac, DIGEST_LEN))
		return fail(c, ERR_REFRESH_WRONG, "forged refresh token");
	if (claim->generation > s->generation)
		return fail(c, ERR_REFRESH_OVER, "of a lost generation");
	return OK;
}
