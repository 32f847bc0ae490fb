/* SPDX-License-Identifier: ISC */
/* The gate, before anybody is asked: refusals, headers, one line of log. */

#include <fcntl.h>
#include <unistd.h>

#include "talk.h"

#define REFRESH  "POST /v1/auth/refresh-token"
#define SESSIONS "GET /v1/sessions"

/* clang-format off */
/* Refused before anybody is asked: these have no database at all. */
static const struct {
	const char *what, *line, *headers, *body;
	int status;
	const char *has;	/* the body does */
} refusals[] = {
	{ "an unknown path of the door", "GET /v1/nothing", "", NULL, 404,
	  "{\"status\":false,\"message\":\"There is nothing here.\"}" },
	{ "an unknown path of no door", "GET /nothing", "", NULL, 404,
	  "\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404" },
	{ "a path that is not plain, in the door's words", "GET /v1/%2e", "",
	  NULL, 404, "{\"status\":false," },
	{ "dots", "GET /v1/../healthz", "", NULL, 404, "{\"status\":false," },
	{ "a wrong method", "DELETE /v1/cart", "", NULL, 405,
	  "{\"status\":false," },
	{ "a method that nobody knows", "BREW /healthz", "", NULL, 405,
	  "\"title\":\"Method Not Allowed\"" },
	{ "a control character in a header", SESSIONS, "X-Session-Id: a\tb\rc",
	  NULL, 400, "{\"status\":false," },
	{ "no JSON", REFRESH, "", "refresh", 400, "not well-formed" },
	{ "JSON with more behind it", REFRESH, "", "{} {}", 400,
	  "not well-formed" },
	{ "a name twice", REFRESH, "",
	  "{\"refreshToken\":\"a\",\"refreshToken\":\"b\"}", 400,
	  "not well-formed" },
	{ "a list", REFRESH, "", "[1]", 422,
	  "\"errors\":{\"body\":\"body must be an object.\"}" },
	{ "another type of body", REFRESH, "Content-Type: text/plain", "{}",
	  415, "application/json" },
	{ "a form", REFRESH,
	  "Content-Type: application/x-www-form-urlencoded", "a=b", 415,
	  "application/json" },
	{ "another charset", REFRESH,
	  "Content-Type: application/json; charset=latin1", "{}", 415,
	  "application/json" },
	{ "no type where a body is", "GET /healthz",
	  "!CONTENT_LENGTH=2\n!CONTENT_TYPE=", "{}", 415,
	  "Unsupported Media Type" },
	{ "a body shorter than announced", REFRESH, "!CONTENT_LENGTH=9", "{}",
	  400, "announced length" },
	{ "a body that is too large", REFRESH, "!CONTENT_LENGTH=65537", "{}",
	  413, "too large" },
	{ "no token", SESSIONS, "", NULL, 401, "\"code\":\"token_missing\"" },
	{ "another scheme is no token", SESSIONS, "Authorization: Basic YTpi",
	  NULL, 401, "\"code\":\"token_missing\"" },
	{ "a key is no token", SESSIONS, "X-MerchantApiKey: pk_a", NULL, 401,
	  "\"code\":\"token_missing\"" },
	{ "a bearer without a token", SESSIONS, "Authorization: Bearer", NULL,
	  400, "The request is malformed." },
	{ "two tokens that differ", SESSIONS,
	  "Authorization: Bearer a\n!REDIRECT_HTTP_AUTHORIZATION=Bearer b",
	  NULL, 400, "The request is malformed." },
	{ "a token in the query too", "GET /v1/sessions?access_token=a",
	  "Authorization: Bearer a", NULL, 400, "The request is malformed." },
	{ "a token in the query only", "GET /v1/sessions?access_token=a", "",
	  NULL, 401, "\"code\":\"token_missing\"" },
	{ "a token of no shape", SESSIONS, "Authorization: Bearer abc", NULL,
	  401, "\"code\":\"token_invalid\"" },
	{ "a token of no shape, where it need not be", "GET /v1/cart",
	  "Authorization: Bearer abc", NULL, 401,
	  "\"code\":\"token_invalid\"" },
};
/* clang-format on */

START_TEST(test_refusals_that_ask_nobody)
{
	struct ctx *c = test_ctx();
	struct said said;
	size_t i;

	for (i = 0; i < COUNT(refusals); i++) {
		said = ask(
		    c, refusals[i].line, refusals[i].headers, refusals[i].body);
		ck_case(refusals[i].what, said.status == refusals[i].status);
		ck_case(refusals[i].what, strstr(said.body, refusals[i].has));
	}
	test_done(c);
}
END_TEST

static void
ck_common(const struct said *said)
{
	static const struct header common[] = {
	    {"Cache-Control", "no-store"},
	    {"X-Content-Type-Options", "nosniff"},
	    {"Referrer-Policy", "no-referrer"},
	    {"Content-Security-Policy",
		"default-src 'none'; frame-ancestors 'none'"},
	    {"X-Request-Id", "request-of-the-test"},
	};
	size_t i;

	for (i = 0; i < COUNT(common); i++)
		ck_assert_str_eq(
		    said_header(said, common[i].name), common[i].value);
}

START_TEST(test_every_answer_carries)
{
	static const char id[] = "X-Request-Id: request-of-the-test";
	static const char *const lines[] = {"GET /healthz", "GET /v1/nothing",
	    "OPTIONS /v1/cart", "DELETE /healthz", SESSIONS, "HEAD /healthz"};
	struct ctx *c = test_ctx();
	struct said said;
	size_t i;

	for (i = 0; i < COUNT(lines); i++) {
		said = ask(c, lines[i], id, NULL);
		ck_common(&said);
	}
	said = ask(c, REFRESH, id, "[]");
	ck_common(&said);
	test_done(c);
}
END_TEST

START_TEST(test_types_and_allow)
{
	struct ctx *c = test_ctx();
	struct said said;

	said = ask(c, "GET /v1/nothing", "", NULL);
	ck_assert_str_eq(said_header(&said, "Content-Type"),
	    "application/json; charset=utf-8");
	said = ask(c, "GET /nothing", "", NULL);
	ck_assert_str_eq(
	    said_header(&said, "Content-Type"), "application/problem+json");
	said = ask(c, "PUT /v1/sessions", "", NULL);
	ck_said(said, 405);
	ck_assert_str_eq(
	    said_header(&said, "Allow"), "GET, HEAD, DELETE, OPTIONS");
	said = ask(c, "GET /v1/nothing", "", NULL);
	ck_assert_ptr_null(said_header(&said, "Allow"));
	test_done(c);
}
END_TEST

START_TEST(test_head_is_get_without_its_body)
{
	struct ctx *c = test_ctx();
	struct said get = ask(c, "GET /healthz/", "", NULL);
	struct said head = ask(c, "HEAD /healthz", "", NULL);

	ck_said(get, 200);
	ck_said(head, 200);
	ck_assert_str_eq(head.body, "");
	ck_assert_str_eq(said_header(&head, "Content-Length"),
	    said_header(&get, "Content-Length"));
	test_done(c);
}
END_TEST

START_TEST(test_who_is_told_to_authenticate)
{
	static const char plain[] = "Bearer realm=\"doorward\"";
	struct ctx *c = test_ctx();
	struct said said;

	said = ask(c, SESSIONS, "", NULL);
	ck_assert_str_eq(said_header(&said, "WWW-Authenticate"), plain);
	said = ask(c, SESSIONS, "Authorization: Bearer abc", NULL);
	ck_assert_str_eq(said_header(&said, "WWW-Authenticate"),
	    "Bearer realm=\"doorward\", error=\"invalid_token\"");
	said = ask(c, REFRESH, "", "[]");
	ck_assert_ptr_null(said_header(&said, "WWW-Authenticate"));
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char *what, *environment, *headers;
	int status;
} https[] = {
	{ "https",		  "production", "", 200 },
	{ "plain http",		  "production", "!HTTPS=off", 403 },
	{ "plain http elsewhere", "development", "!HTTPS=off", 200 },
	{ "plain http, loopback", "production",
	  "!HTTPS=off\n!REMOTE_ADDR=127.0.0.1", 200 },
	{ "plain http, loopback that forwards", "production",
	  "!HTTPS=off\n!REMOTE_ADDR=127.0.0.1\nX-Forwarded-For: 192.0.2.9",
	  403 },
	{ "a claim of https by nobody's proxy", "production",
	  "!HTTPS=off\nX-Forwarded-Proto: https", 403 },
};
/* clang-format on */

START_TEST(test_plain_http_in_production)
{
	struct ctx *c = test_ctx();
	struct said said;
	size_t i;

	for (i = 0; i < COUNT(https); i++) {
		talk_conf(c)->environment = https[i].environment;
		said = ask(c, "GET /healthz", https[i].headers, NULL);
		ck_case(https[i].what, said.status == https[i].status);
	}
	/* nothing of it is read */
	talk_conf(c)->environment = "production";
	said = ask(c, REFRESH, "!HTTPS=off", "no JSON");
	ck_said(said, 403);
	test_done(c);
}
END_TEST

/* What the gate writes to stderr during one request. */
static const char *
log_of(struct ctx *c, const char *line, const char *headers, const char *body)
{
	char path[] = "/tmp/doorward-log.XXXXXX";
	char *text = arena_get(c->arena, 8192);
	int saved = dup(STDERR_FILENO), fd = mkstemp(path);
	ssize_t n;

	ck_assert_int_ge(fd, 0);
	unlink(path);
	dup2(fd, STDERR_FILENO);
	ask(c, line, headers, body);
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = pread(fd, text, 8191, 0);
	close(fd);
	ck_assert_int_gt(n, 0);
	return text;
}

START_TEST(test_one_line_of_log_and_no_secret_in_it)
{
	static const char *const secrets[] = {"s3cret-query", "s3cret-token",
	    "s3cret-key", "s3cret-guest", "s3cret-refresh", "s3cret-path"};
	struct ctx *c = test_ctx();
	const char *log, *event;
	size_t i;

	log = log_of(c, "DELETE /v1/sessions/s3cret-path?code=s3cret-query",
	    "Authorization: Bearer s3cret-token\n"
	    "X-MerchantApiKey: s3cret-key\nX-Session-Id: s3cret-guest",
	    "{\"refreshToken\":\"s3cret-refresh\"}");
	event = strstr(log, "\"event\":\"request\"");
	ck_assert_ptr_nonnull(event);
	ck_assert_ptr_null(strstr(event + 1, "\"event\":\"request\""));
	ck_assert_ptr_nonnull(
	    strstr(event, "\"detail\":\"DELETE /v1/sessions/{id} 401 0 ms\""));
	ck_assert_ptr_nonnull(strstr(event, "\"address\":\"192.0.2.1\""));
	for (i = 0; i < COUNT(secrets); i++)
		ck_case(secrets[i], strstr(log, secrets[i]) == NULL);
	log = log_of(c, "GET /v1/s3cret-path", "", NULL);
	ck_assert_ptr_nonnull(strstr(log, "\"detail\":\"GET - 404 0 ms\""));
	ck_assert_ptr_null(strstr(log, "s3cret-path"));
	test_done(c);
}
END_TEST

SUITE(refusals, test_refusals_that_ask_nobody, test_every_answer_carries,
    test_types_and_allow, test_head_is_get_without_its_body,
    test_who_is_told_to_authenticate, test_plain_http_in_production,
    test_one_line_of_log_and_no_secret_in_it)
