/* SPDX-License-Identifier: ISC */
/* Which door a path belongs to, and problem details where it has none. */

#include "talk.h"

/* clang-format off */
static const struct {
	const char *what, *path;
	const struct door *door;
} cases[] = {
	{ "the passwordless door",	"/v1/cart",	&door_b },
	{ "its root",			"/v1",		&door_b },
	{ "an unknown path of it",	"/v1/nothing",	&door_b },
	{ "its name with more",		"/v11/cart",	&door_none },
	{ "its name within",		"/a/v1/cart",	&door_none },
	{ "another case",		"/V1/cart",	&door_none },
	{ "health",			"/healthz",	&door_none },
	{ "the root",			"/",		&door_none },
	{ "nothing",			"",		&door_none },
};

static const struct {
	enum err e;
	int status;
	const char *title;
} problems[] = {
	{ ERR_BAD_REQUEST,	400, "Bad Request" },
	{ ERR_TOKEN_MISSING,	401, "Unauthorized" },
	{ ERR_PLAIN_HTTP,	403, "Forbidden" },
	{ ERR_NO_ROUTE,		404, "Not Found" },
	{ ERR_METHOD,		405, "Method Not Allowed" },
	{ ERR_BODY_TOO_LARGE,	413, "Content Too Large" },
	{ ERR_BODY_TYPE,	415, "Unsupported Media Type" },
	{ ERR_BAD_FIELD,	422, "Unprocessable Content" },
	{ ERR_TOO_MANY,		429, "Too Many Requests" },
	{ ERR_INTERNAL,		500, "Internal Server Error" },
	{ ERR_UPSTREAM,		502, "Bad Gateway" },
	{ ERR_DB_AWAY,		503, "Service Unavailable" },
	{ ERR_UPSTREAM_TIMEOUT,	504, "Gateway Timeout" },
	{ ERR_CONFLICT,		409, "Conflict" },
};
/* clang-format on */

START_TEST(test_paths_and_their_doors)
{
	size_t i;

	for (i = 0; i < COUNT(cases); i++)
		ck_case(cases[i].what, door_of(cases[i].path) == cases[i].door);
}
END_TEST

START_TEST(test_problems)
{
	struct ctx *c = test_ctx();
	struct res res;
	struct call call = {.res = &res};
	size_t i;

	for (i = 0; i < COUNT(problems); i++) {
		memset(&res, 0, sizeof(res));
		door_none.refuse(c, &call, problems[i].e);
		ck_assert_int_eq(res.status, problems[i].status);
		ck_assert_str_eq(res.type, "application/problem+json");
		ck_assert_str_eq(
		    res.body, arena_print(c->arena,
				  "{\"type\":\"about:blank\",\"title\":\"%s\","
				  "\"status\":%d,\"detail\":\"%s\"}",
				  problems[i].title, problems[i].status,
				  err_sentence(problems[i].e)));
	}
	test_done(c);
}
END_TEST

START_TEST(test_every_error_of_the_list_has_a_title)
{
	struct ctx *c = test_ctx();
	struct res res;
	struct call call = {.res = &res};
	int e;

	for (e = OK + 1; e < ERR_COUNT; e++) {
		memset(&res, 0, sizeof(res));
		door_none.refuse(c, &call, (enum err)e);
		ck_case(err_name((enum err)e),
		    strstr(res.body, "\"title\":\"Error\"") == NULL);
	}
	test_done(c);
}
END_TEST

START_TEST(test_no_door_knows_no_tenant)
{
	struct ctx *c = test_ctx();
	struct req r = {.env = (char *[]){NULL}};
	struct call call = {.req = &r};

	ck_assert_int_eq(door_none.tenant(c, &call), ERR_TENANT_UNKNOWN);
	ck_assert_ptr_null(door_none.key(&r));
	test_done(c);
}
END_TEST

SUITE(doors, test_paths_and_their_doors, test_problems,
    test_every_error_of_the_list_has_a_title, test_no_door_knows_no_tenant)
