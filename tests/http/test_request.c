/* SPDX-License-Identifier: ISC */
/* Requests from CGI variables: what is taken, and what is refused. */

#include "http/http.h"
#include "test.h"

static const struct source nothing = {NULL, NULL};

/* Each case is a GET with one path. */
static const struct {
	const char *what;
	char *given; /* PATH_INFO=…, or another variable alone */
	const char *path;
	enum err e;
	/* clang-format off */
} paths[] = {
	{ "no path is the root", "X=", "/", OK },
	{ "an empty path is the root", "PATH_INFO=", "/", OK },
	{ "the root", "PATH_INFO=/", "/", OK },
	{ "one segment", "PATH_INFO=/healthz", "/healthz", OK },
	{ "a trailing slash is dropped", "PATH_INFO=/a/b/", "/a/b", OK },
	{ "every plain byte", "PATH_INFO=/aZ09._~-", "/aZ09._~-", OK },
	{ "dots within a name", "PATH_INFO=/..a/.well-known/...",
	  "/..a/.well-known/...", OK },
	{ "two slashes alone", "PATH_INFO=//", "/", ERR_NO_ROUTE },
	{ "two slashes at the end", "PATH_INFO=/a//", "/", ERR_NO_ROUTE },
	{ "an empty segment", "PATH_INFO=/a//b", "/", ERR_NO_ROUTE },
	{ "a dot segment", "PATH_INFO=/a/./b", "/", ERR_NO_ROUTE },
	{ "a dot-dot segment", "PATH_INFO=/a/../b", "/", ERR_NO_ROUTE },
	{ "dot-dot at the end", "PATH_INFO=/a/..", "/", ERR_NO_ROUTE },
	{ "dot-dot and a slash", "PATH_INFO=/a/../", "/", ERR_NO_ROUTE },
	{ "no slash first", "PATH_INFO=a", "/", ERR_NO_ROUTE },
	{ "a percent sign", "PATH_INFO=/a%2fb", "/", ERR_NO_ROUTE },
	{ "a blank", "PATH_INFO=/a b", "/", ERR_NO_ROUTE },
	{ "a line feed", "PATH_INFO=/a\nb", "/", ERR_NO_ROUTE },
	{ "a line feed at the end", "PATH_INFO=/a\n", "/", ERR_NO_ROUTE },
	{ "a question mark", "PATH_INFO=/a?b", "/", ERR_NO_ROUTE },
	{ "a backslash", "PATH_INFO=/a\\b", "/", ERR_NO_ROUTE },
	{ "bytes that are no ASCII", "PATH_INFO=/\xc3\xa9", "/", ERR_NO_ROUTE },
	{ "only PATH_INFO counts", "REQUEST_URI=/a", "/", OK },
	{ "SCRIPT_NAME does not count", "SCRIPT_NAME=/a", "/", OK },
};
/* clang-format on */

START_TEST(test_paths)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(paths); i++) {
		char *env[] = {"REQUEST_METHOD=GET", paths[i].given, NULL};

		ck_case(paths[i].what,
		    request_read(c, env, nothing, &r) == paths[i].e);
		ck_case(paths[i].what, strcmp(r.path, paths[i].path) == 0);
		ck_case(paths[i].what, r.method == GET);
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	char *given;
	enum method method;
	/* clang-format off */
} method_cases[] = {
	{ "GET", "REQUEST_METHOD=GET", GET },
	{ "HEAD", "REQUEST_METHOD=HEAD", HEAD },
	{ "POST", "REQUEST_METHOD=POST", POST },
	{ "PUT", "REQUEST_METHOD=PUT", PUT },
	{ "PATCH", "REQUEST_METHOD=PATCH", PATCH },
	{ "DELETE", "REQUEST_METHOD=DELETE", DELETE },
	{ "OPTIONS", "REQUEST_METHOD=OPTIONS", OPTIONS },
	{ "lower case is another method", "REQUEST_METHOD=get", METHOD_OTHER },
	{ "a longer name", "REQUEST_METHOD=GETS", METHOD_OTHER },
	{ "TRACE", "REQUEST_METHOD=TRACE", METHOD_OTHER },
	{ "an empty method", "REQUEST_METHOD=", METHOD_OTHER },
	{ "no method", "X=", METHOD_OTHER },
};
/* clang-format on */

START_TEST(test_methods)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(method_cases); i++) {
		char *env[] = {method_cases[i].given, NULL};

		ck_case(method_cases[i].what,
		    request_read(c, env, nothing, &r) == OK);
		ck_case(
		    method_cases[i].what, r.method == method_cases[i].method);
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	char *given;
	bool https;
	/* clang-format off */
} schemes[] = {
	{ "neither variable", "X=", false },
	{ "HTTPS=on", "HTTPS=on", true },
	{ "HTTPS=ON", "HTTPS=ON", true },
	{ "HTTPS=off", "HTTPS=off", false },
	{ "HTTPS empty", "HTTPS=", false },
	{ "REQUEST_SCHEME=https", "REQUEST_SCHEME=https", true },
	{ "REQUEST_SCHEME=http", "REQUEST_SCHEME=http", false },
	{ "a header named Https", "HTTP_HTTPS=on", false },
	{ "X-Forwarded-Proto alone", "HTTP_X_FORWARDED_PROTO=https", false },
};
/* clang-format on */

START_TEST(test_schemes)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(schemes); i++) {
		char *env[] = {schemes[i].given, NULL};

		ck_case(
		    schemes[i].what, request_read(c, env, nothing, &r) == OK);
		ck_case(schemes[i].what, r.https == schemes[i].https);
	}
	test_done(c);
}
END_TEST

START_TEST(test_plain_variables)
{
	struct ctx *c = test_ctx();
	char query[] = "QUERY_STRING=a=1&b=%2f";
	char *env[] = {query, "REMOTE_ADDR=192.0.2.7", NULL};
	struct req r;

	ck_assert_int_eq(request_read(c, env, nothing, &r), OK);
	ck_assert_str_eq(r.query, "a=1&b=%2f");
	ck_assert_str_eq(r.peer, "192.0.2.7");
	ck_assert_ptr_null(r.body);
	memset(query, 'x', sizeof(query) - 1);
	ck_assert_str_eq(r.query, "a=1&b=%2f");
	ck_assert_ptr_eq(r.env, env);

	ck_assert_int_eq(request_read(c, env + 2, nothing, &r), OK);
	ck_assert_str_eq(r.query, "");
	ck_assert_str_eq(r.peer, "");
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	const char *header;
	const char *value;
	/* clang-format off */
} header_cases[] = {
	{ "dashes and case", "X-Session-Id", "s1" },
	{ "case is free", "x-SESSION-id", "s1" },
	{ "Content-Type has no HTTP_", "Content-Type", "text/plain" },
	{ "Content-Length has no HTTP_", "content-length", "7" },
	{ "an empty header is absent", "X-Empty", NULL },
	{ "an absent header", "X-None", NULL },
	{ "a prefix is no match", "X-Session", NULL },
	{ "two of a name are a list", "X-Two", "one, two" },
	{ "a name too long", "X-234567890123456789012345678901234567890"
	  "12345678901234567890123456", NULL },
};
/* clang-format on */

START_TEST(test_headers)
{
	struct ctx *c = test_ctx();
	char *env[] = {"HTTP_X_SESSION_ID=s1", "CONTENT_TYPE=text/plain",
	    "HTTP_CONTENT_TYPE=no", "CONTENT_LENGTH=7",
	    "HTTP_X_EMPTY=", "HTTP_X_TWO=one", "HTTP_X_TWO=two", NULL};
	const char *value;
	struct req r;
	size_t i;

	ck_assert_int_eq(request_read(c, env, nothing, &r), OK);
	for (i = 0; i < COUNT(header_cases); i++) {
		value = request_header(&r, header_cases[i].header);
		ck_case(header_cases[i].what, !value == !header_cases[i].value);
		ck_case(header_cases[i].what,
		    !value || strcmp(value, header_cases[i].value) == 0);
	}
	ck_assert_str_eq(request_var(&r, "HTTP_X_EMPTY"), "");
	ck_assert_ptr_null(request_var(&r, "HTTP_X"));
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	char *given;
	enum err e;
	/* clang-format off */
} values[] = {
	{ "a line feed in a header", "HTTP_X_A=a\nb", ERR_BAD_REQUEST },
	{ "a carriage return", "HTTP_X_A=a\rb", ERR_BAD_REQUEST },
	{ "an escape", "HTTP_USER_AGENT=\x1b[1m", ERR_BAD_REQUEST },
	{ "a delete", "HTTP_X_A=\x7f", ERR_BAD_REQUEST },
	{ "a line feed in the type", "CONTENT_TYPE=a\nb", ERR_BAD_REQUEST },
	{ "a line feed in the query", "QUERY_STRING=a\nb", ERR_BAD_REQUEST },
	{ "one in the redirected token", "REDIRECT_HTTP_AUTHORIZATION=a\nb",
	  ERR_BAD_REQUEST },
	{ "a tab is allowed", "HTTP_X_A=a\tb", OK },
	{ "bytes over 0x7f are allowed", "HTTP_X_A=\xe9", OK },
	{ "another variable is not the client's", "SOFTWARE=a\nb", OK },
};
/* clang-format on */

START_TEST(test_header_values)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(values); i++) {
		char *env[] = {values[i].given, NULL};

		ck_case(values[i].what,
		    request_read(c, env, nothing, &r) == values[i].e);
	}
	test_done(c);
}
END_TEST

START_TEST(test_header_lengths)
{
	static char var[] = "HTTP_X_LONG=";
	struct ctx *c = test_ctx();
	char *full = arena_get(c->arena, sizeof(var) + HEADER_MAX + 1);
	char *env[] = {full, NULL};
	struct req r;

	memset(full, 'x', sizeof(var) - 1 + HEADER_MAX);
	memcpy(full, var, sizeof(var) - 1);
	ck_assert_int_eq(request_read(c, env, nothing, &r), OK);
	full[sizeof(var) - 1 + HEADER_MAX] = 'x';
	ck_assert_int_eq(request_read(c, env, nothing, &r), ERR_BAD_REQUEST);
	test_done(c);
}
END_TEST

#define TEN "0123456789"

static const struct {
	const char *what;
	char *given[2];
	const char *id; /* NULL: one of our own */
			/* clang-format off */
} ids[] = {
	{ "the server's", { "HTTP_X_REQUEST_ID=abc-DEF_1.2" }, "abc-DEF_1.2" },
	{ "Apache's", { "UNIQUE_ID=ZxY12345" }, "ZxY12345" },
	{ "the header goes first", { "UNIQUE_ID=ZxY12345",
	  "HTTP_X_REQUEST_ID=12345678" }, "12345678" },
	{ "Apache's when the header is bad", { "HTTP_X_REQUEST_ID=<script>",
	  "UNIQUE_ID=ZxY12345" }, "ZxY12345" },
	{ "64 characters", { "HTTP_X_REQUEST_ID=" TEN TEN TEN TEN TEN TEN
	  "1234" }, TEN TEN TEN TEN TEN TEN "1234" },
	{ "65 are too many", { "HTTP_X_REQUEST_ID=" TEN TEN TEN TEN TEN TEN
	  "12345" }, NULL },
	{ "seven are too few", { "HTTP_X_REQUEST_ID=1234567" }, NULL },
	{ "a blank", { "HTTP_X_REQUEST_ID=1234 5678" }, NULL },
	{ "quotes", { "HTTP_X_REQUEST_ID=\"12345678" }, NULL },
	{ "none", { NULL }, NULL },
};
/* clang-format on */

START_TEST(test_request_ids)
{
	struct ctx *c = test_ctx();
	char before[65] = "";
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(ids); i++) {
		char *env[] = {ids[i].given[0], ids[i].given[1], NULL};

		ck_case(ids[i].what, request_read(c, env, nothing, &r) == OK);
		if (ids[i].id) {
			ck_case(ids[i].what, strcmp(c->id, ids[i].id) == 0);
			continue;
		}
		ck_case(ids[i].what, strlen(c->id) == 32);
		ck_case(ids[i].what, strspn(c->id, "0123456789abcdef") == 32);
		ck_case(ids[i].what, strcmp(c->id, before) != 0);
		memcpy(before, c->id, sizeof(before));
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	char *given;
	const char *agent;
	/* clang-format off */
} agents[] = {
	{ "none", "X=", "" },
	{ "plain", "HTTP_USER_AGENT=curl/7.88", "curl/7.88" },
	{ "a tab is replaced", "HTTP_USER_AGENT=a\tb", "a?b" },
	{ "UTF-8 is kept", "HTTP_USER_AGENT=\xc3\xa9\xf0\x9f\x9a\xaa",
	  "\xc3\xa9\xf0\x9f\x9a\xaa" },
	{ "a lone byte is replaced", "HTTP_USER_AGENT=a\xe9z", "a?z" },
	{ "a cut character", "HTTP_USER_AGENT=a\xe2\x82", "a??" },
	{ "an overlong slash", "HTTP_USER_AGENT=\xc0\xaf", "??" },
	{ "a C1 control", "HTTP_USER_AGENT=a\xc2\x9bz", "a??z" },
};
/* clang-format on */

START_TEST(test_agents)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(agents); i++) {
		char *env[] = {agents[i].given, NULL};

		ck_case(
		    agents[i].what, request_read(c, env, nothing, &r) == OK);
		ck_case(agents[i].what, strcmp(c->agent, agents[i].agent) == 0);
	}
	test_done(c);
}
END_TEST

/* At most 200 bytes, and no character is cut in two. */
START_TEST(test_long_agent)
{
	struct ctx *c = test_ctx();
	struct text text = text_new(c->arena);
	struct req r;
	int i;

	text_add(&text, "HTTP_USER_AGENT=x");
	for (i = 0; i < 150; i++)
		text_add(&text, "\xc3\xa9");
	ck_assert_int_eq(
	    request_read(c, (char *[]){text.s, NULL}, nothing, &r), OK);
	ck_assert_uint_eq(strlen(c->agent), 199);
	ck_assert(utf8_valid(c->agent, 199));
	test_done(c);
}
END_TEST

/* A refusal is logged with id and agent, so they come first. */
START_TEST(test_refused_has_id)
{
	struct ctx *c = test_ctx();
	char *env[] = {"HTTP_X_REQUEST_ID=abcdefgh", "HTTP_USER_AGENT=me",
	    "REQUEST_METHOD=HEAD", "HTTP_X=\n", NULL};
	struct req r;

	ck_assert_int_eq(request_read(c, env, nothing, &r), ERR_BAD_REQUEST);
	ck_assert_str_eq(c->id, "abcdefgh");
	ck_assert_str_eq(c->agent, "me");
	ck_assert_int_eq(r.method, HEAD);
	ck_assert_str_eq(r.path, "/");
	test_done(c);
}
END_TEST

SUITE(request, test_paths, test_methods, test_schemes, test_plain_variables,
    test_headers, test_header_values, test_header_lengths, test_request_ids,
    test_agents, test_long_agent, test_refused_has_id)
