/* SPDX-License-Identifier: ISC */
/* Founding a shop: who may, how often, and under which names. */

#include "talk.h"

#define INITIATE  "POST /v1/auth/passwordless/initiate"
#define VERIFY    "POST /v1/auth/passwordless/merchant/verify-"
#define SHOPS     "POST /v1/merchant/shops"
#define MEG       "meg@example.com"
#define ELSEWHERE "!REMOTE_ADDR=198.51.100.7"

START_TEST(test_a_name_counts_only_from_who_began)
{
	struct town town;
	struct said said;
	const char *more =
	    ",\"userType\":\"MERCHANT\",\"businessName\":\"Not Meg's\"";

	town_build(&town);
	meg_begins(&town, ELSEWHERE, more);
	said = meg_shows(&town, "", town_letter(&town, MEG).code, "");
	ck_said(said, 200);
	ck_assert_ptr_null(said_at(&said, "data.shop"));
	ck_assert(said_null(&said, "data.user.tenantId"));
	town_leave(&town);
}
END_TEST

START_TEST(test_founding_is_off)
{
	struct town town;
	struct said said;

	town_build(&town);
	talk_conf(town.c)->founding = "off";
	meg_begins(&town, "",
	    ",\"userType\":\"MERCHANT\",\"businessName\":\"Meg's Shoes\"");
	said = meg_shows(&town, "", town_letter(&town, MEG).code, "");
	ck_said(said, 200);
	ck_assert(said_null(&said, "data.user.tenantId"));
	said = meg_founds(&town, town_bearer(&town, &said), "Meg's Shoes");
	ck_said(said, 403);
	ck_assert_str_eq(said.body,
	    "{\"status\":false,\"message\":\"You may not do this.\"}");
	town_leave(&town);
}
END_TEST

START_TEST(test_founding_by_invitation)
{
	struct town town;
	struct said said;
	const char *bearer;

	town_build(&town);
	talk_conf(town.c)->founding = "invite";
	said = town_merchant(&town, MEG, "");
	bearer = town_bearer(&town, &said);
	said = meg_founds(&town, bearer, "Meg's Shoes");
	ck_said(said, 403);
	ck_assert_int_eq(shop_invite(town.c, MEG), OK);
	said = meg_founds(&town, bearer, "Meg's Shoes");
	ck_said(said, 200);
	said = meg_founds(&town, bearer, "Meg's Hats");
	ck_said(said, 403);
	town_leave(&town);
}
END_TEST

START_TEST(test_three_foundings_a_day_from_one_address)
{
	struct town town;
	struct said said;
	const char *bearer;
	int i;

	town_build(&town);
	said = town_merchant(&town, MEG, "");
	bearer = town_bearer(&town, &said);
	for (i = 0; i < 3; i++) {
		said = meg_founds(&town, bearer, "Meg's Shoes");
		ck_said(said, 200);
	}
	said = meg_founds(&town, bearer, "Meg's Shoes");
	ck_said(said, 429);
	ck_assert_str_eq(said_header(&said, "Retry-After"), "86400");
	ck_assert_str_eq(said_header(&said, "RateLimit-Policy"),
	    "\"foundings-a-day\";q=3;w=86400");
	/* another account at the same address: signed in, and no more */
	said = ask(town.c, INITIATE "/email", "",
	    "{\"email\":\"moe@example.com\",\"userType\":\"MERCHANT\","
	    "\"businessName\":\"Moe's\"}");
	ck_said(said, 200);
	said = ask(town.c, VERIFY "email", "",
	    arena_print(town.c->arena,
		"{\"email\":\"moe@example.com\",\"token\":\"%s\"}",
		town_letter(&town, "moe@example.com").code));
	ck_said(said, 200);
	ck_assert(said_null(&said, "data.user.tenantId"));
	said = meg_founds(&town,
	    arena_print(town.c->arena, "%s\n" ELSEWHERE, bearer), "Elsewhere");
	ck_said(said, 200);
	talk_later(DAY_MS);
	said = town_merchant(&town, "moe@example.com", "");
	said = meg_founds(&town, town_bearer(&town, &said), "Moe's");
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *name;	/* as JSON has it */
	const char *sentence;
} names[] = {
	{ "a line end", "Meg\\r\\nBcc: all", "must not hold control characters" },
	{ "a tab", "Meg\\tShoes", "must not hold control characters" },
	{ "a delete", "Meg\\u007f", "must not hold control characters" },
	{ "a control beyond ASCII", "Meg\\u0085", "must not hold control characters" },
	{ "letters turned round", "Meg\\u202egem", "must not hold control characters" },
	{ "a web address", "Win at https://evil.example", "must not hold a web or mail address" },
	{ "a web address by its name", "WWW.evil.example", "must not hold a web or mail address" },
	{ "a mail address", "meg@evil.example", "must not hold a web or mail address" },
	{ "markup", "<b>Meg", "must not hold a web or mail address" },
	{ "blanks", "   ", "must have 1 to 100 characters" },
	{ "another type", NULL, "must be text" },
};
/* clang-format on */

static void
ck_name(const struct said *said, const char *what, const char *sentence)
{
	const char *got = said_text(said, "errors.businessName");

	ck_case(what, said->status == 422);
	ck_assert_msg(
	    strncmp(got, "businessName ", 13) == 0 && strstr(got, sentence),
	    "%s: %s", what, said->body);
}

/* Refused when it is asked for, when it is shown, and at founding. */
static void
try_name(struct town *town, const char *bearer, const char *value,
    const char *what, const char *sentence)
{
	struct arena *a = town->c->arena;
	const char *more = arena_print(a, ",\"businessName\":%s", value);
	struct said said;

	said = meg_begins(town, "", more);
	ck_name(&said, what, sentence);
	said = meg_shows(town, "", "123456", more);
	ck_name(&said, what, sentence);
	said = ask(town->c, SHOPS, bearer, arena_print(a, "{%s}", more + 1));
	ck_name(&said, what, sentence);
}

START_TEST(test_names_that_are_none)
{
	struct town town;
	struct said said;
	const char *bearer, *value;
	struct arena *a;
	size_t i;

	town_build(&town);
	a = town.c->arena;
	said = town_merchant(&town, MEG, "");
	bearer = town_bearer(&town, &said);
	for (i = 0; i < COUNT(names); i++) {
		value = names[i].name ? arena_print(a, "\"%s\"", names[i].name)
				      : "7";
		try_name(
		    &town, bearer, value, names[i].what, names[i].sentence);
	}
	try_name(&town, bearer, arena_print(a, "\"%0101d\"", 0),
	    "one character too many", "must be at most 100 characters");
	try_name(&town, bearer, arena_print(a, "\"%08000d\"", 0),
	    "far too many", "must be at most 100 characters");
	said = meg_founds(&town, bearer, "");
	ck_name(&said, "no name", "is required");
	/* longer than any text of a body may be */
	said = meg_founds(&town, bearer, arena_print(a, "%010000d", 0));
	ck_said(said, 400);
	said = meg_founds(&town, bearer, arena_print(a, "%0100d", 0));
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

START_TEST(test_a_customers_business_is_not_looked_at)
{
	struct town town;
	struct said said;

	town_build(&town);
	said = meg_begins(&town, "",
	    ",\"userType\":\"CUSTOMER\",\"businessName\":\"www.meg\"");
	ck_said(said, 200);
	town_leave(&town);
}
END_TEST

SUITE(founding, test_a_name_counts_only_from_who_began, test_founding_is_off,
    test_founding_by_invitation, test_three_foundings_a_day_from_one_address,
    test_names_that_are_none, test_a_customers_business_is_not_looked_at)
