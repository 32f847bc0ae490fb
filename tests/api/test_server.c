/* SPDX-License-Identifier: ISC */
/* Where servers call: Basic or Bearer, and whose address it then is. */

#include "talk.h"

#define INITIATE "POST /v1/auth/passwordless/initiate/email"
#define CLIENT   "X-Client-Address: 203.0.113.9"

static const char *
secret(struct town *town, const char *scopes, struct uuid *id)
{
	struct api_key_new new = {
	    .kind = "secret", .name = "x", .scopes = scopes};
	struct api_key_made made;
	const char *why = "";

	ck_assert_int_eq(
	    api_key_create(town->c, town->shop_tenant, &new, &made, &why), OK);
	if (id)
		*id = made.id;
	return made.key.s;
}

static const char *
begun_from(struct ctx *c)
{
	static const struct stmt ask = {
	    "SELECT HEX(begun_from) AS s FROM challenges ORDER BY id DESC LIMIT 1",
	    CROSS_TENANT, "a test"};
	static const struct col cols[] = {COL_TEXT(struct change, s), COL_END};
	struct change out = {.s = NULL};

	ck_assert_int_eq(db_one(c, &ask, NO_ARGS, cols, &out), OK);
	return out.s;
}

static struct said
initiate(struct town *town, const char *more, const char *email)
{
	struct arena *a = town->c->arena;

	talk_later(1);
	return ask(town->c, INITIATE,
	    arena_print(a, "X-MerchantApiKey: %s%s", town->shop, more),
	    arena_print(a, "{\"email\":\"%s\"}", email));
}

START_TEST(test_basic_with_the_keys_id)
{
	struct town town;
	struct uuid id, other = {.b = {1}};
	const char *key, *line = "POST /oauth/introspect";
	struct said said;
	struct arena *a;
	size_t i;

	town_build(&town);
	a = town.c->arena;
	key = secret(&town, "*", &id);
	for (i = 0; i < 2; i++) {
		char *pair = arena_print(
		    a, "%s:%s", uuid_text(a, i == 0 ? id : other), key);
		char *url = base64url_text(a, pair, strlen(pair)), *s;

		for (s = url; *s; s++)
			*s = *s == '-' ? '+' : *s == '_' ? '/' : *s;
		said = ask(town.c, line,
		    arena_print(a,
			"Authorization: Basic %s%s\n"
			"Content-Type: application/x-www-form-urlencoded",
			url,
			&"=="[(strlen(url) * 3) % 4 == 1   ? 1
			      : (strlen(url) * 3) % 4 == 2 ? 0
							   : 2]),
		    "token=x");
		ck_said(said, i == 0 ? 200 : 401);
	}
	town_leave(&town);
}
END_TEST

START_TEST(test_the_address_that_a_trusted_server_names)
{
	struct town town;
	const char *key, *plain, *headers;
	struct arena *a;
	struct said said;

	town_build(&town);
	a = town.c->arena;
	key = secret(&town, "client:address", NULL);
	plain = secret(&town, "", NULL);
	headers = arena_print(a, "\nX-API-KEY: %s\n" CLIENT, key);
	ck_said(initiate(&town, headers, "a@example.com"), 200);
	ck_assert_str_eq(
	    begun_from(town.c), "00000000000000000000FFFFCB007109");
	talk_later(SECOND_MS);
	/* without a key the header says nothing */
	talk_later(SECOND_MS);
	ck_said(initiate(&town, "\n" CLIENT, "b@example.com"), 200);
	ck_assert_str_eq(
	    begun_from(town.c), "00000000000000000000FFFFC0000201");
	/* nor does a key without the header */
	headers = arena_print(a, "\nX-API-KEY: %s", plain);
	ck_said(initiate(&town, headers, "c@example.com"), 200);
	headers = arena_print(a, "\nX-API-KEY: %s\n" CLIENT, plain);
	ck_said(initiate(&town, headers, "d@example.com"), 403);
	headers = arena_print(a, "\nX-API-KEY: sk_x\n" CLIENT);
	said = initiate(&town, headers, "e@example.com");
	ck_code(said, 401, "key_unknown");
	headers = arena_print(a, "\nX-API-KEY: %s\nX-Client-Address: x", key);
	ck_said(initiate(&town, headers, "f@example.com"), 400);
	town_leave(&town);
}
END_TEST

/* It counts against its own key, and against no client's address. */
START_TEST(test_a_key_of_another_shop)
{
	struct town town, there;
	const struct tenant *other;
	const char *headers;
	struct said said;
	int i;

	town_build(&town);
	there = town;
	ck_assert_int_eq(tenant_by_slug(town.c, "other", &other), OK);
	there.shop_tenant = other;
	headers = arena_print(town.c->arena, "\nX-API-KEY: %s\n" CLIENT,
	    secret(&there, "client:address", NULL));
	for (i = 0; i < 61; i++) {
		said = initiate(&town, headers, "a@example.com");
		ck_code(said, 401, "key_unknown");
	}
	headers = arena_print(town.c->arena, "\nX-API-KEY: %s\n" CLIENT,
	    secret(&town, "client:address", NULL));
	ck_said(initiate(&town, headers, "a@example.com"), 200);
	town_leave(&town);
}
END_TEST

START_TEST(test_one_shops_clients_are_not_anothers)
{
	struct town town;
	const char *headers;
	int i;

	town_build(&town);
	headers = arena_print(town.c->arena, "\nX-API-KEY: %s\n" CLIENT,
	    secret(&town, "client:address", NULL));
	for (i = 0; i < 60; i++)
		ck_said(initiate(&town, headers, "no address"), 422);
	ck_said(initiate(&town, headers, "a@example.com"), 429);
	ck_said(initiate(&town, "\n!REMOTE_ADDR=203.0.113.9", "a@example.com"),
	    200);
	town_leave(&town);
}
END_TEST

/* The text with this in the place of its %s. */
static const char *
text_with(struct arena *a, const char *text, const char *what)
{
	const char *at = strstr(text, "%s");

	return arena_print(a, "%.*s%s%s", (int)(at - text), text, what, at + 2);
}

/* All of an answer but its request's id. */
static const char *
but_for_id(const struct said *said)
{
	const char *id = strstr(said->head, "X-Request-Id: ");
	const char *rest = strchr(id, '\n');

	return arena_print(said->arena, "%d %.*s%s%s", said->status,
	    (int)(id - said->head), said->head, rest, said->body);
}

/* Only the log and the trail tell a key of ours from nobody's. */
START_TEST(test_known_and_unknown_keys_look_alike)
{
	static const char *const origins[] = {"",
	    "\nOrigin: https://shop.example", "\nOrigin: https://evil.example"};
	static const struct {
		const char *kind, *line, *headers, *body;
	} ways[] = {
	    {"secret", "POST /oauth/introspect",
		"Content-Type: application/x-www-form-urlencoded\n"
		"Authorization: Bearer %s",
		"token=x"},
	    {"publishable", "POST /oauth/introspect",
		"Content-Type: application/x-www-form-urlencoded\n"
		"Authorization: Bearer %s",
		"token=x"},
	    {"partner", "POST /public-api/v1/customers/authenticate",
		"Authorization: Bearer %s", "{}"},
	    {"partner", "POST /public-api/v1/customers/logout",
		"Authorization: Bearer %s", "{\"refresh\":\"x\"}"},
	    {"secret", INITIATE, CLIENT "\nX-API-KEY: %s", "{}"},
	};
	struct town town;
	const struct tenant *other;
	struct api_key_made made;
	struct said said[2];
	const char *why = "", *headers;
	size_t way, origin, known;

	town_build(&town);
	ck_assert_int_eq(tenant_by_slug(town.c, "other", &other), OK);
	for (way = 0; way < COUNT(ways); way++) {
		struct api_key_new new = {.kind = ways[way].kind,
		    .name = "x",
		    .source = strcmp(ways[way].kind, "partner") ? NULL : "m"};

		ck_assert_int_eq(
		    api_key_create(town.c, other, &new, &made, &why), OK);
		if (strcmp(ways[way].kind, "publishable") != 0)
			ck_assert_int_eq(
			    api_key_status(town.c, other, made.id, "inactive"),
			    OK);
		for (origin = 0; origin < COUNT(origins); origin++) {
			for (known = 0; known < 2; known++) {
				headers = arena_print(town.c->arena, "%s%s",
				    ways[way].headers, origins[origin]);
				headers = text_with(town.c->arena, headers,
				    known ? made.key.s : "pt_nobodys");
				said[known] = ask(town.c, ways[way].line,
				    headers, ways[way].body);
			}
			ck_said(said[0], 401);
			ck_assert_str_eq(
			    but_for_id(&said[1]), but_for_id(&said[0]));
		}
	}
	town_leave(&town);
}
END_TEST

SUITE(server, test_basic_with_the_keys_id,
    test_the_address_that_a_trusted_server_names, test_a_key_of_another_shop,
    test_one_shops_clients_are_not_anothers,
    test_known_and_unknown_keys_look_alike)
