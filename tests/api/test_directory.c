/* SPDX-License-Identifier: ISC */
/* A shop's customers: found, paged through, shut out and let in again. */

#include "talk.h"

#define LIST "GET /v1/customers"

/* A merchant of a shop with three customers: ann, bob and cy, the newest. */
struct meg {
	struct town town;
	const char *bearer;
	const char *ann, *bob, *cy; /* their ids */
};

static const char *
customer_arrives(struct meg *meg, const char *email)
{
	struct said said = town_sign_in(&meg->town, email, "");

	return said_text(&said, "data.customer.id");
}

static void
meg_arrives(struct meg *meg)
{
	struct said said;

	town_build(&meg->town);
	meg->ann = customer_arrives(meg, "ann@example.com");
	meg->bob = customer_arrives(meg, "bob_b@example.com");
	meg->cy = customer_arrives(meg, "cy@example.com");
	said = town_merchant(&meg->town, "meg@example.com", "");
	town_runs(&meg->town, &said, "shop");
	meg->bearer = town_bearer(&meg->town, &said);
}

static struct said
meg_asks(struct meg *meg, const char *line)
{
	return ask(meg->town.c, line, meg->bearer, NULL);
}

static struct said
meg_does(struct meg *meg, const char *id, const char *what)
{
	return meg_asks(meg, arena_print(meg->town.c->arena,
				 "PATCH /v1/customers/%s/%s", id, what));
}

START_TEST(test_a_page_at_a_time)
{
	struct meg meg;
	struct said said;

	meg_arrives(&meg);
	said = meg_asks(&meg, LIST "?limit=2");
	ck_said(said, 200);
	ck_assert(said_at(&said, "status")->b);
	ck_assert_str_eq(said_text(&said, "data.data.0.id"), meg.cy);
	ck_assert_str_eq(said_text(&said, "data.data.1.id"), meg.bob);
	ck_assert_ptr_null(said_at(&said, "data.data.2"));
	said = meg_asks(
	    &meg, arena_print(meg.town.c->arena, LIST "?limit=2&cursor=%s",
		      said_text(&said, "data.nextCursor")));
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.data.0.id"), meg.ann);
	ck_assert_ptr_null(said_at(&said, "data.data.1"));
	ck_assert_int_eq(said_at(&said, "data.nextCursor")->type, JSON_NULL);
	said = meg_asks(&meg, LIST "?limit=3");
	ck_assert_int_eq(said_at(&said, "data.nextCursor")->type, JSON_NULL);
	town_leave(&meg.town);
}
END_TEST

/* So many more customers, without their asking. */
static void
crowd_arrives(struct meg *meg, int n)
{
	struct text sql = text_new(meg->town.c->arena);
	int i;

	for (i = 0; i < n; i++)
		text_addf(&sql,
		    "INSERT INTO customers (tenant_id, id, created_at,"
		    " updated_at) SELECT id, UNHEX('%032x'), 1, 1"
		    " FROM tenants WHERE slug = 'shop';\n",
		    i + 1);
	ck_assert_int_eq(db_script(meg->town.c, sql.s), OK);
}

static int
items_of(const struct said *said)
{
	const char *at = said->body;
	int n = 0;

	while ((at = strstr(at, "\"emailVerified\"")) != NULL) {
		at++;
		n++;
	}
	return n;
}

START_TEST(test_twenty_unless_more_are_wanted)
{
	struct meg meg;
	struct said said;

	meg_arrives(&meg);
	crowd_arrives(&meg, 30);
	said = meg_asks(&meg, LIST);
	ck_assert_int_eq(items_of(&said), 20);
	said = meg_asks(&meg, LIST "?limit=&cursor=&search=&status=");
	ck_assert_int_eq(items_of(&said), 20);
	said = meg_asks(&meg, LIST "?limit=33");
	ck_assert_int_eq(items_of(&said), 33);
	ck_assert_int_eq(said_at(&said, "data.nextCursor")->type, JSON_NULL);
	town_leave(&meg.town);
}
END_TEST

START_TEST(test_what_is_shown_of_one)
{
	struct meg meg;
	struct said list, said;

	meg_arrives(&meg);
	said =
	    meg_asks(&meg, arena_print(meg.town.c->arena, LIST "/%s", meg.ann));
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "data.email"), "ann@example.com");
	ck_assert_str_eq(said_text(&said, "data.status"), "active");
	ck_assert(said_at(&said, "data.emailVerified")->b);
	ck_assert(!said_at(&said, "data.phoneVerified")->b);
	ck_assert_ptr_null(said_at(&said, "data.idNumber"));
	list = meg_asks(&meg, LIST "?search=ann");
	ck_assert_ptr_nonnull(strstr(list.body,
	    arena_print(meg.town.c->arena, "{\"id\":\"%s\"", meg.ann)));
	ck_assert(said_at(&list, "data.data.0.emailVerified")->b);
	town_leave(&meg.town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *query;
	const char *found;	/* the first letters of who, the newest first */
} searches[] = {
	{ "the beginning of an address", "search=bob", "b" },
	{ "in another case", "search=BOB_B%40Example", "b" },
	{ "not its middle", "search=example", "" },
	{ "nobody", "search=zoe", "" },
	{ "a sign that stands for any", "search=%25", "" },
	{ "a sign that stands for one", "search=_", "" },
	{ "that sign where it is", "search=bob_", "b" },
	{ "a sign that escapes", "search=%7C", "" },
	{ "a letter that no address has", "search=%C3%A9", "" },
	{ "a number", "search=%2B234801", "a" },
	{ "a number whose plus was not encoded", "search=+234801", "a" },
	{ "all who are active", "status=active", "ca" },
	{ "all who are not", "status=disabled", "b" },
	{ "both at once", "status=disabled&search=ann", "" },
	{ "what nobody knows", "colour=blue", "cba" },
};
/* clang-format on */

static const char *
initials(struct ctx *c, const struct said *said)
{
	struct text out = text_new(c->arena);
	const struct json *list = said_at(said, "data.data");

	text_add(&out, "");
	json_each (item, list)
		text_add_n(&out, json_get_text(item, "email"), 1);
	return out.s;
}

START_TEST(test_searches)
{
	struct meg meg;
	struct said said;
	struct ctx *c;
	size_t i;

	meg_arrives(&meg);
	c = meg.town.c;
	ck_assert_int_eq(db_script(c, "UPDATE customers SET"
				      " phone = '+2348012345678'"
				      " WHERE email = 'ann@example.com';\n"),
	    OK);
	said = meg_does(&meg, meg.bob, "deactivate");
	ck_said(said, 200);
	for (i = 0; i < COUNT(searches); i++) {
		said = meg_asks(
		    &meg, arena_print(c->arena, LIST "?%s", searches[i].query));
		ck_case(searches[i].what, said.status == 200);
		ck_assert_msg(
		    strcmp(initials(c, &said), searches[i].found) == 0,
		    "%s: %s", searches[i].what, said.body);
	}
	town_leave(&meg.town);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *query, *field, *sentence;
} bad[] = {
	{ "none", "limit=0", "errors.limit",
	  "limit must be a whole number between 1 and 100." },
	{ "too many", "limit=101", "errors.limit",
	  "limit must be a whole number between 1 and 100." },
	{ "less than none", "limit=-1", "errors.limit",
	  "limit must be a whole number between 1 and 100." },
	{ "no number", "limit=ten", "errors.limit",
	  "limit must be a whole number between 1 and 100." },
	{ "a state that there is not", "status=gone", "errors.status",
	  "status must be one of active, disabled." },
	{ "a cursor of another length", "cursor=AAAA", "errors.cursor",
	  "cursor must be a nextCursor of this list." },
	{ "a cursor of other letters", "cursor=%3Cscript%3E", "errors.cursor",
	  "cursor must be a nextCursor of this list." },
	{ "a cursor that names nobody", "cursor=AAAAAAAAAAAAAAAAAAAAAA",
	  "errors.cursor", "cursor must be a nextCursor of this list." },
	{ "a control character", "search=a%0Ab", "errors.search",
	  "search must not hold control characters." },
	{ "two at once", "limit=x&status=x", "errors.status",
	  "status must be one of active, disabled." },
};

static const char *const malformed[] = {
	"limit=1&limit=2", "search=%FF", "search=%0", "search=%00", "status=%zz",
};
/* clang-format on */

START_TEST(test_bad_values_are_named)
{
	struct meg meg;
	struct said said;
	struct arena *a;
	size_t i;

	meg_arrives(&meg);
	a = meg.town.c->arena;
	for (i = 0; i < COUNT(bad); i++) {
		said = meg_asks(&meg, arena_print(a, LIST "?%s", bad[i].query));
		ck_case(bad[i].what, said.status == 422);
		ck_case(bad[i].what, strcmp(said_text(&said, bad[i].field),
					 bad[i].sentence) == 0);
	}
	for (i = 0; i < COUNT(malformed); i++) {
		said = meg_asks(&meg, arena_print(a, LIST "?%s", malformed[i]));
		ck_case(malformed[i], said.status == 400);
	}
	said = meg_asks(&meg, arena_print(a, LIST "?search=%0254d", 0));
	ck_said(said, 200);
	said = meg_asks(&meg, arena_print(a, LIST "?search=%0255d", 0));
	ck_said(said, 422);
	ck_assert_str_eq(said_text(&said, "errors.search"),
	    "search must be at most 254 characters.");
	town_leave(&meg.town);
}
END_TEST

START_TEST(test_customers_of_another_shop)
{
	struct meg meg;
	struct town there;
	struct said zoe, said;
	const char *id;

	meg_arrives(&meg);
	there = meg.town;
	there.shop = meg.town.other;
	zoe = town_sign_in(&there, "zoe@example.com", "");
	id = said_text(&zoe, "data.customer.id");
	said = meg_asks(&meg, arena_print(meg.town.c->arena, LIST "/%s", id));
	ck_said(said, 404);
	ck_assert_str_eq(
	    said.body, "{\"status\":false,\"message\":\"Not found.\"}");
	said = meg_does(&meg, id, "deactivate");
	ck_said(said, 404);
	said = meg_does(&meg, id, "activate");
	ck_said(said, 404);
	said = meg_asks(&meg, LIST "?search=zoe");
	ck_assert_ptr_null(said_at(&said, "data.data.0"));
	said = ask(meg.town.c, "GET /v1/customers/profile",
	    town_headers(&there, said_text(&zoe, "data.token")), NULL);
	ck_said(said, 200);
	/* the account of a merchant is no customer */
	said = meg_asks(&meg, LIST "?search=meg");
	ck_assert_ptr_null(said_at(&said, "data.data.0"));
	town_leave(&meg.town);
}
END_TEST

START_TEST(test_shut_out_and_let_in_again)
{
	struct meg meg;
	struct said said;

	meg_arrives(&meg);
	said = meg_does(&meg, meg.ann, "deactivate");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "message"), "Customer deactivated.");
	ck_assert_str_eq(said_text(&said, "data.id"), meg.ann);
	ck_assert_str_eq(said_text(&said, "data.status"), "disabled");
	said = meg_does(&meg, meg.ann, "deactivate");
	ck_said(said, 200);
	said = meg_does(&meg, meg.ann, "activate");
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "message"), "Customer activated.");
	ck_assert_str_eq(said_text(&said, "data.status"), "active");
	town_sign_in(&meg.town, "ann@example.com", "");
	said = meg_does(&meg, "profile", "activate");
	ck_said(said, 404);
	said = meg_asks(&meg, LIST "/not-an-id");
	ck_said(said, 404);
	town_leave(&meg.town);
}
END_TEST

SUITE(directory, test_a_page_at_a_time, test_twenty_unless_more_are_wanted,
    test_what_is_shown_of_one, test_searches, test_bad_values_are_named,
    test_customers_of_another_shop, test_shut_out_and_let_in_again)
