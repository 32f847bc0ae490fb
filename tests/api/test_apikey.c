/* SPDX-License-Identifier: ISC */
/* The keys of a shop, in the hands of its merchant. */

#include "talk.h"

#define KEYS "/v1/merchant/api-keys"
#define MAKE "GET /v1/generate/session/id"

struct meg {
	struct town town;
	const char *bearer;
};

static void
meg_arrives(struct meg *meg)
{
	struct said said;

	town_build(&meg->town);
	said = town_merchant(&meg->town, "meg@example.com", "");
	town_runs(&meg->town, &said, "shop");
	meg->bearer = town_bearer(&meg->town, &said);
}

static struct said
meg_asks(struct meg *meg, const char *line, const char *body)
{
	return ask(meg->town.c, line, meg->bearer, body);
}

static struct said
end(struct meg *meg, const char *id)
{
	return meg_asks(meg,
	    arena_print(meg->town.c->arena, "DELETE " KEYS "/%s", id), NULL);
}

/* Does this key name a shop? */
static int
key_opens(struct meg *meg, const char *key)
{
	return ask(meg->town.c, MAKE,
	    arena_print(meg->town.c->arena, "X-MerchantApiKey: %s", key), NULL)
	    .status;
}

START_TEST(test_a_key_is_made_shown_once_and_ended)
{
	struct meg meg;
	struct said made, list, said;
	const char *key, *id;

	meg_arrives(&meg);
	made = meg_asks(&meg, "POST " KEYS, "{\"name\":\"the new page\"}");
	ck_said(made, 200);
	key = said_text(&made, "data.key");
	id = said_text(&made, "data.id");
	ck_assert_str_eq(said_text(&made, "data.name"), "the new page");
	ck_assert_str_eq(said_text(&made, "data.kind"), "publishable");
	ck_assert_int_eq(key_opens(&meg, key), 200);
	ck_assert_str_eq(meg.town.c->tenant->slug, "shop");
	list = meg_asks(&meg, "GET " KEYS, NULL);
	ck_said(list, 200);
	ck_assert_ptr_nonnull(said_at(&list, "data.1"));
	ck_assert_ptr_null(said_at(&list, "data.2"));
	ck_assert_str_eq(said_text(&list, "data.1.id"), id);
	ck_assert_str_eq(said_text(&list, "data.1.name"), "the new page");
	ck_assert_str_eq(said_text(&list, "data.1.status"), "active");
	ck_assert_str_eq(said_text(&list, "data.1.createdAt"),
	    time_text(meg.town.c->arena, world_now()));
	ck_assert_ptr_null(strstr(list.body, key));
	said = end(&meg, id);
	ck_said(said, 200);
	ck_assert_str_eq(said.body, "{\"status\":true,\"message\":"
				    "\"API key revoked.\",\"data\":{}}");
	ck_assert_int_eq(key_opens(&meg, key), 401);
	said = end(&meg, id);
	ck_said(said, 404);
	list = meg_asks(&meg, "GET " KEYS, NULL);
	ck_assert_str_eq(said_text(&list, "data.1.status"), "revoked");
	town_leave(&meg.town);
}
END_TEST

START_TEST(test_a_name_is_optional)
{
	struct meg meg;
	struct said said;

	meg_arrives(&meg);
	said = meg_asks(&meg, "POST " KEYS, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.name"), "publishable");
	said = meg_asks(&meg, "POST " KEYS, "{\"name\":\"a\\nb\"}");
	ck_said(said, 422);
	ck_assert_str_eq(said_text(&said, "errors.name"),
	    "name must not hold control characters.");
	said = meg_asks(&meg, "POST " KEYS,
	    arena_print(meg.town.c->arena, "{\"name\":\"%0101d\"}", 0));
	ck_said(said, 422);
	/* what else is said grants nothing */
	said = meg_asks(
	    &meg, "POST " KEYS, "{\"kind\":\"secret\",\"scopes\":\"*\"}");
	ck_said(said, 200);
	ck_assert_int_eq(strncmp(said_text(&said, "data.key"), "pk_", 3), 0);
	town_leave(&meg.town);
}
END_TEST

START_TEST(test_secret_keys_are_the_operators)
{
	struct meg meg;
	struct api_key_made made;
	const char *why;
	struct said said;

	meg_arrives(&meg);
	ck_assert_int_eq(api_key_create(meg.town.c, meg.town.shop_tenant,
			     API_KEY("secret", "till"), &made, &why),
	    OK);
	said = meg_asks(&meg, "GET " KEYS, NULL);
	ck_assert_ptr_null(strstr(said.body, "secret"));
	said = end(&meg, uuid_text(meg.town.c->arena, made.id));
	ck_said(said, 404);
	town_leave(&meg.town);
}
END_TEST

START_TEST(test_keys_of_another_shop)
{
	struct meg meg;
	struct api_key_made made;
	const char *why;
	const struct tenant *other;
	struct said said;

	meg_arrives(&meg);
	ck_assert_int_eq(tenant_by_slug(meg.town.c, "other", &other), OK);
	ck_assert_int_eq(api_key_create(meg.town.c, other,
			     API_KEY("publishable", "page"), &made, &why),
	    OK);
	said = end(&meg, uuid_text(meg.town.c->arena, made.id));
	ck_said(said, 404);
	said = end(&meg, "no-uuid");
	ck_said(said, 404);
	ck_assert_int_eq(key_opens(&meg, made.key.s), 200);
	town_leave(&meg.town);
}
END_TEST

SUITE(apikey, test_a_key_is_made_shown_once_and_ended, test_a_name_is_optional,
    test_secret_keys_are_the_operators, test_keys_of_another_shop)
