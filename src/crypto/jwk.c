/* SPDX-License-Identifier: ISC */
/* Other people's keys: a JWK Set (RFC 7517, 7518) read strictly. */

#include "crypto/inside.h"

#include <stdlib.h>
#include <string.h>

/* Of no public key: RFC 7518, 6.2.2, 6.3.2 and 6.4.1. */
/* clang-format off */
static const char *const private_members[] = {
	"d", "p", "q", "dp", "dq", "qi", "oth", "k",
};
/* clang-format on */

static enum err
refuse(struct ctx *c, const char *why)
{
	return fail(c, ERR_UPSTREAM, "jwks: %s", why);
}

/* ---- one key ------------------------------------------------------------- */

/* The member's bytes; {NULL, 0} when it is absent or not base64url. */
static struct bytes
member_bytes(struct ctx *c, const struct json *map, const char *name)
{
	const char *s = json_get_text(map, name);
	struct bytes out = {NULL, 0};

	if (s)
		out.p = base64url_read(c->arena, s, strlen(s), &out.n);
	return out;
}

/* Absent, or just this text. */
static bool
text_fits(const struct json *map, const char *name, const char *want)
{
	const struct json *member = json_get(map, name);

	return !member ||
	       (member->type == JSON_TEXT && !strcmp(member->s, want));
}

/* key_ops absent, or a list with "verify" in it. */
static bool
ops_fit(const struct json *map)
{
	const struct json *ops = json_get(map, "key_ops");

	if (!ops)
		return true;
	if (ops->type != JSON_LIST)
		return false;
	json_each (op, ops)
		if (op->type == JSON_TEXT && strcmp(op->s, "verify") == 0)
			return true;
	return false;
}

static struct sign_key *
ec_read(struct ctx *c, const struct json *map)
{
	const char *curve = json_get_text(map, "crv");
	struct bytes x = member_bytes(c, map, "x");
	struct bytes y = member_bytes(c, map, "y");

	if (!curve || strcmp(curve, "P-256") != 0 || !x.p || !y.p)
		return NULL;
	return public_ec(x, y);
}

static struct sign_key *
rsa_read(struct ctx *c, const struct json *map)
{
	struct bytes n = member_bytes(c, map, "n");
	struct bytes e = member_bytes(c, map, "e");

	return n.p && e.p ? public_rsa(n, e) : NULL;
}

static const struct {
	const char *kty;
	enum alg alg;
	struct sign_key *(*read)(struct ctx *, const struct json *);
} kinds[] = {
    {"EC", ALG_ES256, ec_read},
    {"RSA", ALG_RS256, rsa_read},
};

/* The key, or NULL: not of a kind, or not for a purpose, that we know. */
static struct sign_key *
key_read(struct ctx *c, const struct json *map)
{
	const char *kty = json_get_text(map, "kty");

	if (!text_fits(map, "use", "sig") || !ops_fit(map))
		return NULL;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].kty, kty) == 0)
			return text_fits(map, "alg", alg_name(kinds[i].alg))
				   ? kinds[i].read(c, map)
				   : NULL;
	return NULL;
}

/* ---- the set ------------------------------------------------------------- */

/* What nobody may publish, or NULL. */
static const char *
key_fault(const struct json *map)
{
	const char *kty = json_get_text(map, "kty");

	if (map->type != JSON_MAP || !kty)
		return "a key without a kty";
	if (strcmp(kty, "oct") == 0)
		return "a shared secret";
	for (size_t i = 0; i < COUNT(private_members); i++)
		if (json_get(map, private_members[i]))
			return "a private member";
	return NULL;
}

/* The kid, "" when there is none; NULL: not one that can be kept. */
static const char *
kid_of(const struct json *map)
{
	const struct json *kid = json_get(map, "kid");

	if (!kid)
		return "";
	if (kid->type != JSON_TEXT || strlen(kid->s) > JWK_KID_MAX)
		return NULL;
	return kid->s;
}

/* A kid is optional (RFC 7517, 4.5): without one, keys are alike in nothing. */
static bool
kid_is_there(const struct jwks *set, const char *kid)
{
	if (*kid == '\0')
		return false;
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->list[i].kid, kid) == 0)
			return true;
	return false;
}

static enum err
set_add(struct ctx *c, struct jwks *set, const struct json *map)
{
	const char *why = key_fault(map), *kid;
	struct sign_key *key;

	if (why)
		return refuse(c, why);
	if (!(kid = kid_of(map)) || !(key = key_read(c, map)))
		return OK;
	if (set->n == JWKS_KEYS_MAX || kid_is_there(set, kid)) {
		key_free(key);
		return refuse(c, "too many keys, or two of the same kid");
	}
	memcpy(set->list[set->n].kid, kid, strlen(kid) + 1);
	set->list[set->n++].key = key;
	return OK;
}

static enum err
set_fill(struct ctx *c, const struct json *keys, struct jwks *set)
{
	enum err e;

	json_each (map, keys)
		if ((e = set_add(c, set, map)))
			return e;
	return OK;
}

enum err
jwks_read(struct ctx *c, struct bytes text, struct jwks **out)
{
	const struct json *tree, *keys;
	struct jwks *set;
	const char *why;
	enum err e;

	if (text.n > JWKS_MAX)
		return refuse(c, "longer than 256 KiB");
	if ((why = json_scan((const char *)text.p, text.n)))
		return refuse(c, why);
	if (json_parse(c, (const char *)text.p, text.n, &tree))
		return refuse(c, "not JSON");
	keys = json_get(tree, "keys");
	if (!keys || keys->type != JSON_LIST)
		return refuse(c, "no list of keys");
	if (!(set = calloc(1, sizeof *set)))
		abort();
	if ((e = set_fill(c, keys, set))) {
		jwks_free(set);
		return e;
	}
	*out = set;
	return OK;
}

const struct sign_key *
jwks_find(const struct jwks *set, const char *kid)
{
	const struct sign_key *found = NULL;

	for (size_t i = 0; i < set->n; i++) {
		if (strcmp(set->list[i].kid, kid) != 0)
			continue;
		if (found)
			return NULL;
		found = set->list[i].key;
	}
	return found;
}

void
jwks_free(struct jwks *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n; i++)
		key_free(set->list[i].key);
	free(set);
}
