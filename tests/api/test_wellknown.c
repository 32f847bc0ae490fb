/* SPDX-License-Identifier: ISC */
/* What anybody may know of a tenant: its public keys, and its metadata. */

#include "talk.h"

#define ck_ok(e) ck_assert_msg((e) == OK, "%s", err_name(e))

#define KEYS     "/.well-known/jwks.json"
#define METADATA "/.well-known/oauth-authorization-server"

/* "GET /<tenant id>/.well-known/jwks.json" */
static const char *
of_shop(struct town *town, const char *what)
{
	return arena_print(
	    town->c->arena, "GET /%s%s", town->shop_tenant->text, what);
}

static struct said
shop_keys(struct town *town, const char *headers)
{
	return ask(town->c, of_shop(town, KEYS), headers, NULL);
}

START_TEST(test_public_keys_only)
{
	static const char *const members[] = {
	    "kty", "crv", "x", "y", "use", "alg", "kid"};
	struct town town;
	const struct json *key;
	struct said said;
	size_t n = 0;

	town_build(&town);
	said = shop_keys(&town, "");
	ck_said(said, 200);
	ck_assert_str_eq(said_header(&said, "Content-Type"), JSON_TYPE);
	ck_assert_str_eq(
	    said_header(&said, "Cache-Control"), "public, max-age=300");
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	ck_assert_ptr_nonnull(key = said_at(&said, "keys.0"));
	ck_assert_ptr_null(said_at(&said, "keys.1"));
	json_each (member, key) {
		ck_assert_str_eq(member->name, members[n]);
		n++;
	}
	ck_assert_uint_eq(n, COUNT(members));
	ck_assert_str_eq(json_get_text(key, "kty"), "EC");
	ck_assert_str_eq(json_get_text(key, "alg"), "ES256");
	town_leave(&town);
}
END_TEST

/* What is published verifies what is signed, by our own reader of such sets. */
START_TEST(test_they_verify)
{
	struct town town;
	const struct ring_key *ring;
	struct said said;
	struct jwks *set;
	unsigned char sig[64];

	town_build(&town);
	said = shop_keys(&town, "");
	ck_ok(jwks_read(town.c,
	    (struct bytes){(const unsigned char *)said.body, strlen(said.body)},
	    &set));
	ck_assert_uint_eq(set->n, 1);
	ck_ok(ring_current(town.c, town.shop_tenant->id, ALG_ES256, &ring));
	ck_ok(key_sign(ring->key, "text", 4, sig));
	ck_assert_ptr_nonnull(jwks_find(set, ring->kid));
	ck_assert(
	    key_verify(jwks_find(set, ring->kid), "text", 4, sig, sizeof(sig)));
	jwks_free(set);
	town_leave(&town);
}
END_TEST

START_TEST(test_kept_until_it_changes)
{
	struct town town;
	struct said said, again;
	const char *tag, *kid;
	struct ctx *c;

	town_build(&town);
	c = town.c;
	said = shop_keys(&town, "");
	tag = arena_text(c->arena, said_header(&said, "ETag"));
	ck_assert(tag[0] == '"' && strlen(tag) == 34);
	again =
	    shop_keys(&town, arena_print(c->arena, "If-None-Match: %s", tag));
	ck_said(again, 304);
	ck_assert_str_eq(again.body, "");
	ck_assert_str_eq(said_header(&again, "ETag"), tag);
	ck_assert_str_eq(
	    said_header(&again, "Cache-Control"), "public, max-age=300");
	ck_ok(signing_key_rotate(
	    c, town.shop_tenant, ALG_HS512, "operator", &kid));
	again =
	    shop_keys(&town, arena_print(c->arena, "If-None-Match: %s", tag));
	ck_said(again, 304);
	talk_later(HOUR_MS);
	c->now = world_now();
	ck_ok(signing_key_rotate(
	    c, town.shop_tenant, ALG_ES256, "operator", &kid));
	again =
	    shop_keys(&town, arena_print(c->arena, "If-None-Match: %s", tag));
	ck_said(again, 200);
	ck_assert_ptr_nonnull(said_at(&again, "keys.1"));
	ck_assert_str_ne(said_header(&again, "ETag"), tag);
	town_leave(&town);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *value;		/* %s: the tag */
	int		 status;
} matches[] = {
	{ "the tag",              "%s",                      304 },
	{ "a weak one",           "W/%s",                    304 },
	{ "any",                  "*",                       304 },
	{ "the second of two",    "\"x\", %s",               304 },
	{ "the first of two",     "%s,\"x\"",                304 },
	{ "blanks around it",     " \t%s ",                  304 },
	{ "another",              "\"x\"",                   200 },
	{ "nothing",              "",                        200 },
	{ "commas",               ",,,",                     200 },
	{ "the tag and more",     "%sx",                     200 },
	{ "a star within a list", "\"x\", *, \"y\"",         200 },
	{ "the tag without quotes", "0123456789abcdef0123456789abcdef", 200 },
	{ "a quote without end",  "\"0123",                  200 },
};
/* clang-format on */

static const char *
with_tag(struct ctx *c, const char *value, const char *tag)
{
	const char *at = strstr(value, "%s");

	if (at == NULL)
		return arena_print(c->arena, "If-None-Match: %s", value);
	return arena_print(c->arena, "If-None-Match: %.*s%s%s",
	    (int)(at - value), value, tag, at + 2);
}

START_TEST(test_if_none_match)
{
	struct town town;
	struct said said;
	const char *tag;
	size_t i;

	town_build(&town);
	said = shop_keys(&town, "");
	tag = arena_text(town.c->arena, said_header(&said, "ETag"));
	for (i = 0; i < COUNT(matches); i++) {
		said =
		    shop_keys(&town, with_tag(town.c, matches[i].value, tag));
		ck_case(matches[i].what, said.status == matches[i].status);
	}
	town_leave(&town);
}
END_TEST

START_TEST(test_metadata)
{
	struct town town;
	const char *iss, *one, *other;
	struct said said;

	town_build(&town);
	iss = town.shop_tenant->iss;
	said = ask(town.c, of_shop(&town, METADATA), "", NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "issuer"), iss);
	ck_assert_str_eq(said_text(&said, "jwks_uri"),
	    arena_print(town.c->arena, "%s/.well-known/jwks.json", iss));
	ck_assert_str_eq(said_text(&said, "introspection_endpoint"),
	    "https://auth.example.com/oauth/introspect");
	ck_assert_str_eq(said_text(&said, "revocation_endpoint"),
	    "https://auth.example.com/oauth/revoke");
	ck_assert_str_eq(
	    said_text(&said, "revocation_endpoint_auth_methods_supported.0"),
	    "client_secret_basic");
	ck_assert_ptr_nonnull(said_at(&said, "response_types_supported"));
	ck_assert_ptr_null(said_at(&said, "response_types_supported.0"));
	ck_assert_str_eq(
	    said_text(&said, "access_token_signing_alg_values_supported.1"),
	    "HS512");
	one = arena_text(town.c->arena, said.body);
	ck_assert_str_eq(
	    said_header(&said, "Cache-Control"), "public, max-age=300");
	said = ask(town.c,
	    arena_print(
		town.c->arena, "GET " METADATA "/%s", town.shop_tenant->text),
	    "", NULL);
	ck_said(said, 200);
	other = said.body;
	ck_assert_str_eq(one, other);
	town_leave(&town);
}
END_TEST

START_TEST(test_the_platform_at_the_root)
{
	struct town town;
	const struct tenant *platform;
	struct said said, same;

	town_build(&town);
	ck_ok(tenant_by_slug(town.c, town.c->conf->platform, &platform));
	said = ask(
	    town.c, "GET /.well-known/oauth-authorization-server", "", NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "issuer"), platform->iss);
	said = ask(town.c, "GET /.well-known/jwks.json", "", NULL);
	ck_said(said, 200);
	same = ask(town.c,
	    arena_print(town.c->arena, "GET /%s" KEYS, platform->text), "",
	    NULL);
	ck_assert_str_eq(said.body, same.body);
	ck_assert_str_ne(said.body, shop_keys(&town, "").body);
	talk_conf(town.c)->platform = "nobody";
	said = ask(town.c, "GET /.well-known/jwks.json", "", NULL);
	ck_said(said, 404);
	town_leave(&town);
}
END_TEST

/* clang-format off */
static const char *const nobodys[] = {
	"GET /shop/.well-known/jwks.json",
	"GET /0198b5a0-0000-7000-8000-000000000000/.well-known/jwks.json",
	"GET /x/.well-known/oauth-authorization-server",
	"GET /.well-known/oauth-authorization-server/shop",
	"GET /.well-known/openid-configuration",
	"GET /.well-known/jwks.json/x",
};
/* clang-format on */

START_TEST(test_nobodys)
{
	struct town town;
	struct said said;
	size_t i;

	town_build(&town);
	for (i = 0; i < COUNT(nobodys); i++) {
		said = ask(town.c, nobodys[i], "", NULL);
		ck_case(nobodys[i], said.status == 404);
		ck_case(nobodys[i],
		    !strcmp(said_header(&said, "Cache-Control"), "no-store"));
	}
	said = shop_keys(&town, "");
	ck_said(said, 200);
	ck_ok(shop_suspend(town.c, town.shop_tenant, true));
	said = shop_keys(&town, "");
	ck_said(said, 404);
	said = ask(town.c, of_shop(&town, METADATA), "", NULL);
	ck_said(said, 404);
	town_leave(&town);
}
END_TEST

START_TEST(test_what_it_costs)
{
	struct town town;
	uint64_t trips;

	town_build(&town);
	(void)shop_keys(&town, "");
	trips = db_trips(town.c->db);
	(void)shop_keys(&town, "");
	ck_assert_uint_eq(db_trips(town.c->db) - trips, 2);
	trips = db_trips(town.c->db);
	(void)ask(town.c, of_shop(&town, METADATA), "", NULL);
	ck_assert_uint_eq(db_trips(town.c->db) - trips, 1);
	town_leave(&town);
}
END_TEST

START_TEST(test_other_methods)
{
	struct town town;
	struct said said, head;

	town_build(&town);
	said = ask(town.c, "POST /.well-known/jwks.json", "", "{}");
	ck_said(said, 405);
	ck_assert_str_eq(said_header(&said, "Allow"), "GET, HEAD, OPTIONS");
	said = shop_keys(&town, "");
	head = ask(town.c,
	    arena_print(town.c->arena, "HEAD /%s" KEYS, town.shop_tenant->text),
	    "", NULL);
	ck_said(head, 200);
	ck_assert_str_eq(head.body, "");
	ck_assert_str_eq(
	    said_header(&head, "ETag"), said_header(&said, "ETag"));
	town_leave(&town);
}
END_TEST

SUITE(wellknown, test_public_keys_only, test_they_verify,
    test_kept_until_it_changes, test_if_none_match, test_metadata,
    test_the_platform_at_the_root, test_nobodys, test_what_it_costs,
    test_other_methods)
