/* SPDX-License-Identifier: ISC */
/* A partner's customer sees and changes their profile, but for who they are. */

#include "talk.h"

#define A      "/public-api/v1/customers/"
#define SHOW   "GET " A "profile/"
#define CHANGE "PATCH " A "profile/"

struct buyer {
	struct town town;
	const char *says, *token;
};

static struct said
enter(struct buyer *b)
{
	return ask(b->town.c, "POST " A "authenticate/", b->token,
	    "{\"username\":\"pia\",\"name\":\"Pia\",\"email\":"
	    "\"pia@example.com\",\"source\":\"market\",\"engine\":\"direct\"}");
}

static void
buyer_open(struct buyer *b)
{
	struct said said;

	town_build(&b->town);
	b->token = town_key(&b->town,
	    &(struct api_key_new){.kind = "partner", .source = "market"});
	said = enter(b);
	ck_said(said, 200);
	b->says = arena_print(b->town.c->arena, "Authorization: Bearer %s",
	    said_text(&said, "access"));
}

START_TEST(test_all_of_it_and_back)
{
	struct buyer b;
	struct said said;

	buyer_open(&b);
	said = ask(b.town.c, SHOW, b.says, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(strstr(said.body, "\",\"account\""),
	    "\",\"account\":{\"name\":\"Pia\",\"username\":\"pia\","
	    "\"lang\":null},\"email\":\"pia@example.com\","
	    "\"secondary_mobile_number\":null,\"national_id\":null,"
	    "\"date_of_birth\":null,\"avatar\":null}");
	said = ask(b.town.c, CHANGE, b.says,
	    "{\"account\":{\"name\":\"Pia Obi\",\"lang\":\"pt-br\","
	    "\"username\":\"pia\"},\"email\":\"Pia@Example.com\","
	    "\"secondary_mobile_number\":\"+234 801 234 5678\","
	    "\"national_id\":\"A1\",\"date_of_birth\":\"2000-02-29\","
	    "\"avatar\":\"https://pia.example/\"}");
	ck_said(said, 200);
	said = ask(b.town.c, SHOW, b.says, NULL);
	ck_assert_str_eq(strstr(said.body, "\",\"account\""),
	    "\",\"account\":{\"name\":\"Pia Obi\",\"username\":\"pia\","
	    "\"lang\":\"pt-BR\"},\"email\":\"pia@example.com\","
	    "\"secondary_mobile_number\":\"+2348012345678\","
	    "\"national_id\":\"A1\",\"date_of_birth\":\"2000-02-29\","
	    "\"avatar\":\"https://pia.example/\"}");
	/* and sent back as it is */
	said = ask(b.town.c, CHANGE, b.says, said.body);
	ck_said(said, 200);
	said = ask(b.town.c, CHANGE, b.says,
	    "{\"secondary_mobile_number\":null,\"account\":{\"lang\":\"\"}}");
	ck_said(said, 200);
	ck_assert(said_null(&said, "secondary_mobile_number"));
	ck_assert(said_null(&said, "account.lang"));
	ck_assert_str_eq(said_text(&said, "account.name"), "Pia Obi");
	town_leave(&b.town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *body, *says;
} bad[] = {
	{ "another email", "{\"email\":\"eve@example.com\"}",
	  "{\"email\":[\"This field cannot be changed here, but by proving another.\"]}" },
	{ "no email", "{\"email\":null}", "{\"email\":[\"This field cannot" },
	{ "what is no email", "{\"email\":\"pia\"}", "{\"email\":[\"This field cannot" },
	{ "another username", "{\"account\":{\"username\":\"eve\"}}",
	  "{\"account.username\":[\"This field is the partner's, and cannot be changed.\"]}" },
	{ "an account that is none", "{\"account\":\"pia\"}",
	  "{\"account\":[\"This field must be an object.\"]}" },
	{ "no language", "{\"account\":{\"lang\":\"pt_BR\"}}",
	  "{\"account.lang\":[\"This field must be a language tag such as fr or pt-BR.\"]}" },
	{ "an avatar over http", "{\"avatar\":\"http://pia.example/\"}",
	  "{\"avatar\":[\"This field must be an https address.\"]}" },
	{ "two at once", "{\"account\":{\"name\":7},\"email\":\"eve@example.com\"}",
	  "{\"account.name\":[\"This field must be text or null.\"],\"email\":[" },
	{ "no number", "{\"secondary_mobile_number\":\"0801\"}",
	  "{\"secondary_mobile_number\":[" },
	{ "no date", "{\"date_of_birth\":\"29.2.2000\"}", "{\"date_of_birth\":[" },
};
/* clang-format on */

START_TEST(test_what_is_refused)
{
	struct buyer b;
	struct said said, before;
	size_t i;

	buyer_open(&b);
	before = ask(b.town.c, SHOW, b.says, NULL);
	for (i = 0; i < COUNT(bad); i++) {
		said = ask(b.town.c, CHANGE, b.says, bad[i].body);
		ck_case(bad[i].what, said.status == 400);
		ck_case(bad[i].what,
		    strncmp(said.body, bad[i].says, strlen(bad[i].says)) == 0);
	}
	said = ask(b.town.c, SHOW, b.says, NULL);
	ck_assert_str_eq(said.body, before.body);
	town_leave(&b.town);
}
END_TEST

/* From then on the partner's word for it is another's. */
START_TEST(test_a_name_of_their_own_stays)
{
	struct buyer b;
	struct said said;
	const char *why = "";

	buyer_open(&b);
	ck_assert_int_eq(tenant_set(b.town.c, b.town.shop_tenant,
			     "identity_conflict", "update", &why),
	    OK);
	said = ask(
	    b.town.c, CHANGE, b.says, "{\"account\":{\"name\":\"Pia Obi\"}}");
	ck_said(said, 200);
	said = enter(&b);
	ck_said(said, 200);
	ck_assert_str_eq(said_header(&said, "X-Identity-Conflict"), "name");
	said = ask(b.town.c, SHOW, b.says, NULL);
	ck_assert_str_eq(said_text(&said, "account.name"), "Pia Obi");
	town_leave(&b.town);
}
END_TEST

/* A page that sends all of it back leaves whose word the name is. */
START_TEST(test_a_name_sent_back_is_the_partners_yet)
{
	struct buyer b;
	struct said said;
	const char *why = "";

	buyer_open(&b);
	ck_assert_int_eq(tenant_set(b.town.c, b.town.shop_tenant,
			     "identity_conflict", "update", &why),
	    OK);
	said = ask(b.town.c, CHANGE, b.says,
	    "{\"account\":{\"name\":\"Pia\",\"lang\":\"fr\"}}");
	ck_said(said, 200);
	said = ask(b.town.c, "POST " A "authenticate/", b.token,
	    "{\"username\":\"pia\",\"name\":\"Pia Lund\",\"email\":"
	    "\"pia@example.com\",\"source\":\"market\",\"engine\":\"direct\"}");
	ck_said(said, 200);
	ck_assert_ptr_null(said_header(&said, "X-Identity-Conflict"));
	said = ask(b.town.c, SHOW, b.says, NULL);
	ck_assert_str_eq(said_text(&said, "account.name"), "Pia Lund");
	town_leave(&b.town);
}
END_TEST

/* The token of a partner is nobody's profile. */
START_TEST(test_whose_profile)
{
	struct buyer b;
	struct said said;

	buyer_open(&b);
	said = ask(b.town.c, SHOW, b.token, NULL);
	ck_code(said, 401, "token_invalid");
	said = ask(b.town.c, SHOW, "", NULL);
	ck_code(said, 401, "token_missing");
	said = town_sign_in(&b.town, "ann@example.com", "");
	said = ask(b.town.c, SHOW, town_bearer(&b.town, &said), NULL);
	ck_said(said, 200);
	ck_assert(said_null(&said, "account.username"));
	town_leave(&b.town);
}
END_TEST

SUITE(partner_profile, test_all_of_it_and_back, test_what_is_refused,
    test_a_name_of_their_own_stays, test_a_name_sent_back_is_the_partners_yet,
    test_whose_profile)
