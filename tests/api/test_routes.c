/* SPDX-License-Identifier: ISC */
/* The poster: every row is sound, and paths find their rows. */

#include "talk.h"

/* clang-format off */
static const struct {
	const char *what;
	enum method method;
	const char *path;
	const char *found;	/* a row's path, or NULL */
	const char *param, *allowed;
} cases[] = {
	{ "a path by its method", POST, "/v1/auth/logout",
	  "/v1/auth/logout", NULL, NULL },
	{ "HEAD where GET is", HEAD, "/healthz", "/healthz", NULL, NULL },
	{ "the second of two methods of one path", PUT, "/v1/cart",
	  "/v1/cart", NULL, NULL },
	{ "what stands at {id}", DELETE, "/v1/sessions/abc",
	  "/v1/sessions/{id}", "abc", NULL },
	{ "the path without its {id}", DELETE, "/v1/sessions",
	  "/v1/sessions", NULL, NULL },
	{ "what stands at {id} before more", PATCH,
	  "/v1/customers/abc/activate", "/v1/customers/{id}/activate", "abc",
	  NULL },
	{ "a word before any {id}", GET, "/v1/customers/profile",
	  "/v1/customers/profile", NULL, NULL },
	{ "an empty {id} is none", DELETE, "/v1/sessions/", NULL, NULL, NULL },
	{ "more after {id}", DELETE, "/v1/sessions/abc/d", NULL, NULL, NULL },
	{ "more after a path", GET, "/v1/cart/x", NULL, NULL, NULL },
	{ "less than a path", GET, "/v1/car", NULL, NULL, NULL },
	{ "another case", GET, "/V1/cart", NULL, NULL, NULL },
	{ "the root", GET, "/", NULL, NULL, NULL },
	{ "a wrong method tells the right ones", POST, "/v1/cart",
	  "/v1/cart", NULL, "GET, HEAD, PUT, OPTIONS" },
	{ "each method is told once", GET, "/v1/auth/logout",
	  "/v1/auth/logout", NULL, "POST, OPTIONS" },
	{ "OPTIONS is told all methods", OPTIONS, "/v1/sessions",
	  "/v1/sessions", NULL, "GET, HEAD, DELETE, OPTIONS" },
	{ "HEAD is wrong where GET is not", HEAD, "/v1/auth/logout",
	  "/v1/auth/logout", NULL, "POST, OPTIONS" },
	{ "a method that nobody knows", METHOD_OTHER, "/healthz",
	  "/healthz", NULL, "GET, HEAD, OPTIONS" },
};
/* clang-format on */

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

START_TEST(test_paths_find_their_rows)
{
	struct ctx *c = test_ctx();
	struct req r = {.method = GET};
	const struct route *route;
	const char *param, *allowed;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		r.method = cases[i].method;
		r.path = cases[i].path;
		route = route_find(c, &r, &param, &allowed);
		ck_case(cases[i].what,
		    same(route ? route->path : NULL, cases[i].found));
		ck_case(cases[i].what, same(param, cases[i].param));
		ck_case(cases[i].what, same(allowed, cases[i].allowed));
	}
	test_done(c);
}
END_TEST

/* All that change something take one, but for what is said by the path. */
static bool
takes_a_body(const struct route *r)
{
	return (r->method & (POST | PUT | PATCH)) != 0 &&
	       !strstr(r->path, "activate");
}

START_TEST(test_each_row_is_sound)
{
	const struct route *r;
	const char *slot;

	for (r = routes; r->path; r++) {
		ck_case(r->path, r->endpoint && r->endpoint->handle);
		ck_case(r->path, door_of(r->path) == r->door);
		ck_case(
		    r->path, (r->who <= DEVELOPER) == (r->door == &door_none));
		ck_case(
		    r->path, takes_a_body(r) == (r->endpoint->fields != NULL));
		ck_case(r->path, !r->endpoint->fields || r->endpoint->size > 0);
		ck_case(r->path, strcmp(method_name(r->method), "other") != 0);
		slot = strchr(r->path, '{');
		ck_case(r->path, !slot || (strncmp(slot, "{id}", 4) == 0 &&
					      !strchr(slot + 1, '{')));
	}
}
END_TEST

START_TEST(test_no_row_stands_twice)
{
	const struct route *r, *other;

	for (r = routes; r->path; r++)
		for (other = r + 1; other->path; other++)
			ck_case(r->path, r->method != other->method ||
					     strcmp(r->path, other->path) != 0);
}
END_TEST

START_TEST(test_sends_and_proofs_cost_an_address)
{
	const struct route *r;
	bool sends, proves;

	for (r = routes; r->path; r++) {
		sends = strstr(r->path, "/initiate") != NULL;
		proves = strstr(r->path, "/verify-") != NULL;
		ck_case(r->path, sends == (r->limit == LIMIT_ADDRESS_SENDS));
		ck_case(r->path, proves == (r->limit == LIMIT_ADDRESS_WRONG));
	}
}
END_TEST

START_TEST(test_methods_have_names)
{
	ck_assert_str_eq(method_name(GET), "GET");
	ck_assert_str_eq(method_name(DELETE), "DELETE");
	ck_assert_str_eq(method_name(METHOD_OTHER), "other");
}
END_TEST

SUITE(routes, test_paths_find_their_rows, test_each_row_is_sound,
    test_no_row_stands_twice, test_sends_and_proofs_cost_an_address,
    test_methods_have_names)
