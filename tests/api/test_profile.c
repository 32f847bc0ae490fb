/* SPDX-License-Identifier: ISC */
/* A customer's own profile: shown, changed, and what may not be. */

#include "talk.h"

#define SHOW   "GET /v1/customers/profile"
#define CHANGE "PATCH /v1/customers/profile/update"

struct ann {
	struct town town;
	const char *headers;
};

static void
ann_arrives(struct ann *ann)
{
	struct said said;

	town_build(&ann->town);
	said = town_sign_in(&ann->town, "ann@example.com", "");
	ann->headers = town_headers(&ann->town, said_text(&said, "data.token"));
}

static struct said
change(struct ann *ann, const char *body)
{
	return ask(ann->town.c, CHANGE, ann->headers, body);
}

START_TEST(test_a_new_customers_profile)
{
	struct ann ann;
	struct said said;

	ann_arrives(&ann);
	said = ask(ann.town.c, SHOW, ann.headers, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.email"), "ann@example.com");
	ck_assert_str_eq(said_text(&said, "data.status"), "active");
	ck_assert_int_eq(said_at(&said, "data.fullName")->type, JSON_NULL);
	ck_assert_int_eq(said_at(&said, "data.dateOfBirth")->type, JSON_NULL);
	ck_assert_int_eq(said_at(&said, "data.locale")->type, JSON_NULL);
	ck_assert(said_at(&said, "data.emailVerified")->b);
	ck_assert(!said_at(&said, "data.phoneVerified")->b);
	town_leave(&ann.town);
}
END_TEST

START_TEST(test_a_change_of_everything)
{
	struct ann ann;
	struct said said, after;

	ann_arrives(&ann);
	talk_later(MINUTE_MS);
	said = change(&ann,
	    "{\"fullName\":\"Ann Lee\",\"firstName\":\"Ann\","
	    "\"lastName\":\"Lee\",\"phoneNumber\":\"+234 801 234 5678\","
	    "\"address\":\"1 Long Road\",\"idNumber\":\"A1\","
	    "\"dateOfBirth\":\"2000-02-29\",\"nationality\":\"NG\","
	    "\"profileUrl\":\"https://ann.example/\",\"locale\":\"pt-br\"}");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.fullName"), "Ann Lee");
	ck_assert_str_eq(said_text(&said, "data.firstName"), "Ann");
	ck_assert_str_eq(said_text(&said, "data.lastName"), "Lee");
	ck_assert_str_eq(
	    said_text(&said, "data.phoneNumber"), "+2348012345678");
	ck_assert_str_eq(said_text(&said, "data.address"), "1 Long Road");
	ck_assert_str_eq(said_text(&said, "data.idNumber"), "A1");
	ck_assert_str_eq(said_text(&said, "data.dateOfBirth"), "2000-02-29");
	ck_assert_str_eq(said_text(&said, "data.nationality"), "NG");
	ck_assert_str_eq(
	    said_text(&said, "data.profileUrl"), "https://ann.example/");
	ck_assert_str_eq(said_text(&said, "data.locale"), "pt-BR");
	ck_assert(!said_at(&said, "data.phoneVerified")->b);
	after = ask(ann.town.c, SHOW, ann.headers, NULL);
	ck_assert_str_eq(
	    strstr(said.body, "\"data\""), strstr(after.body, "\"data\""));
	town_leave(&ann.town);
}
END_TEST

START_TEST(test_absent_stays_and_empty_clears)
{
	struct ann ann;
	struct said said;

	ann_arrives(&ann);
	change(&ann, "{\"fullName\":\"Ann Lee\",\"firstName\":\"Ann\","
		     "\"lastName\":\"Lee\"}");
	said = change(&ann, "{\"firstName\":null,\"lastName\":\"\"}");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.fullName"), "Ann Lee");
	ck_assert_int_eq(said_at(&said, "data.firstName")->type, JSON_NULL);
	ck_assert_int_eq(said_at(&said, "data.lastName")->type, JSON_NULL);
	town_leave(&ann.town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *body, *field, *sentence;
} bad[] = {
	{ "a date that is none", "{\"dateOfBirth\":\"2001-02-29\"}",
	  "errors.dateOfBirth",
	  "dateOfBirth must be a date (YYYY-MM-DD)." },
	{ "a plain http address", "{\"profileUrl\":\"http://ann.example/\"}",
	  "errors.profileUrl", "profileUrl must be an https address." },
	{ "a number of no country", "{\"phoneNumber\":\"0801234\"}",
	  "errors.phoneNumber",
	  "phoneNumber must be a phone number in international form." },
	{ "a language of another kind", "{\"locale\":\"pt_BR.UTF-8\"}",
	  "errors.locale", "locale must be a language tag such as fr or pt-BR." },
	{ "a language too long", "{\"locale\":\"fr-aaaaaaaa-aaaaaaaa-aaaaaaaa"
	  "-aaaaaaaa\"}", "errors.locale",
	  "locale must be a language tag such as fr or pt-BR." },
	{ "another type", "{\"fullName\":7}", "errors.fullName",
	  "fullName must be text or null." },
	{ "a control character", "{\"address\":\"a\\nb\"}", "errors.address",
	  "address must not hold control characters." },
	{ "too long", "{\"nationality\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "errors.nationality",
	  "nationality must be at most 64 characters." },
};
/* clang-format on */

START_TEST(test_bad_values_are_named)
{
	struct ann ann;
	struct said said;
	size_t i;

	ann_arrives(&ann);
	for (i = 0; i < COUNT(bad); i++) {
		said = change(&ann, bad[i].body);
		ck_case(bad[i].what, said.status == 422);
		ck_case(bad[i].what, strcmp(said_text(&said, bad[i].field),
					 bad[i].sentence) == 0);
	}
	town_leave(&ann.town);
}
END_TEST

START_TEST(test_an_email_is_not_changed_here)
{
	struct ann ann;
	struct said said;

	ann_arrives(&ann);
	said = change(&ann, "{\"email\":\"eve@example.com\","
			    "\"status\":\"disabled\",\"id\":\"x\"}");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.email"), "ann@example.com");
	ck_assert_str_eq(said_text(&said, "data.status"), "active");
	town_leave(&ann.town);
}
END_TEST

START_TEST(test_a_proven_number_is_not_changed_here)
{
	struct ann ann;
	struct said said;
	struct ctx *c;

	ann_arrives(&ann);
	c = ann.town.c;
	said = ask(c, "POST /v1/auth/passwordless/initiate/phone",
	    town_headers(&ann.town, NULL),
	    "{\"phoneNumber\":\"+2348012345678\"}");
	ck_said(said, 200);
	said = ask(c, "POST /v1/auth/passwordless/customer/verify-phone",
	    ann.headers,
	    arena_print(c->arena,
		"{\"phoneNumber\":\"+2348012345678\",\"code\":\"%s\"}",
		town_letter(&ann.town, "+2348012345678").code));
	ck_said(said, 200);
	said = change(&ann, "{\"phoneNumber\":\"+2348099999999\"}");
	ck_said(said, 422);
	ck_assert_str_eq(said_text(&said, "errors.phoneNumber"),
	    "phoneNumber is proven, and is changed by proving another.");
	said = ask(c, SHOW, ann.headers, NULL);
	ck_assert_str_eq(
	    said_text(&said, "data.phoneNumber"), "+2348012345678");
	ck_assert(said_at(&said, "data.phoneVerified")->b);
	town_leave(&ann.town);
}
END_TEST

SUITE(profile, test_a_new_customers_profile, test_a_change_of_everything,
    test_absent_stays_and_empty_clears, test_bad_values_are_named,
    test_an_email_is_not_changed_here, test_a_proven_number_is_not_changed_here)
