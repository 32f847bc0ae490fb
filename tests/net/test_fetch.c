/* SPDX-License-Identifier: ISC */
/* fetch.c: what may be asked of whom, and what the answers mean. */

#include "mailserver.h"
#include "net/net.h"
#include "test.h"

static struct ctx *c;
static struct conf conf;
static struct mailserver server;
static const struct net_table *net;
static char into[4096];

static void
begin(const char *tls)
{
	conf.module_dir = module_dir();
	c = test_ctx();
	c->conf = &conf;
	ck_assert_int_eq(net_load(c, &net), OK);
	receiver_start(&server, tls);
}

static void
end(void)
{
	mailserver_stop(&server);
	test_done(c);
}

static const char *
url(const char *scheme, const char *host, const char *path)
{
	return arena_print(
	    c->arena, "%s://%s:%s%s", scheme, host, server.port, path);
}

/* A request that nothing speaks against. */
static struct net_request
request(const char *scheme)
{
	return (struct net_request){
	    .method = "GET",
	    .url = url(scheme, "127.0.0.1", "/path?a=b"),
	    .allow = "127.0.0.0/8",
	    .ca_file = mailserver_path(&server, c->arena, "ca.pem"),
	    .timeout_ms = 10000,
	    .into = into,
	    .room = sizeof(into),
	};
}

static struct net_answer
asked(const struct net_request *r)
{
	struct net_answer answer = {.result = NET_BAD, .code = -1};

	memset(into, 'x', sizeof(into));
	net->fetch(r, &answer);
	ck_assert(!net->fetch_fault(r) == (answer.result != NET_BAD));
	return answer;
}

static const char *
wire(void)
{
	return mailserver_read(&server, c->arena, "wire");
}

/* ---- a request as it should be ---------------------------------------------- */

START_TEST(test_get)
{
	struct net_request r;
	struct net_answer answer;

	begin("implicit");
	r = request("https");
	answer = asked(&r);
	ck_assert_str_eq(answer.why, "");
	ck_assert_int_eq(answer.result, NET_OK);
	ck_assert_int_eq(answer.code, 200);
	ck_assert_str_eq(into, "GET /path?a=b\n");
	ck_assert_uint_eq(answer.len, strlen(into));
	ck_assert_ptr_nonnull(strstr(wire(), "\nUser-Agent: Doorward\n"));
	end();
}
END_TEST

START_TEST(test_post)
{
	static const struct net_header headers[] = {
	    {"Content-Type", "application/json"},
	    {"Authorization", "Bearer abc"},
	    {"X-Empty", ""},
	    {NULL, NULL},
	};
	struct net_request r;

	begin("implicit");
	r = request("https");
	r.method = "POST";
	r.headers = headers;
	r.body = "{\"a\":1}";
	r.body_len = 7;
	ck_assert_int_eq(asked(&r).result, NET_OK);
	ck_assert_str_eq(into, "POST /path?a=b\n{\"a\":1}");
	ck_assert_ptr_nonnull(
	    strstr(wire(), "\nContent-Type: application/json\n"));
	ck_assert_ptr_nonnull(strstr(wire(), "\nAuthorization: Bearer abc\n"));
	ck_assert_ptr_nonnull(strstr(wire(), "\nX-Empty:"));
	ck_assert_ptr_null(strstr(wire(), "Expect"));
	end();
}
END_TEST

START_TEST(test_other_methods)
{
	static const char *const methods[] = {"PUT", "DELETE", "PATCH", "POST"};
	struct net_request r;
	size_t i;

	begin("none");
	for (i = 0; i < COUNT(methods); i++) {
		r = request("http");
		r.method = methods[i];
		ck_case(methods[i], asked(&r).result == NET_OK);
		ck_case(
		    methods[i], !strncmp(into, methods[i], strlen(methods[i])));
	}
	r.method = "HEAD";
	ck_assert_int_eq(asked(&r).result, NET_OK);
	ck_assert_str_eq(into, "");
	end();
}
END_TEST

START_TEST(test_basic)
{
	struct net_request r;

	begin("implicit");
	r = request("https");
	r.user = "AC1";
	r.password.s = "s3cret";
	ck_assert_int_eq(asked(&r).result, NET_OK);
	ck_assert_ptr_nonnull(
	    strstr(wire(), "\nAuthorization: Basic QUMxOnMzY3JldA==\n"));
	end();
}
END_TEST

/* ---- nonsense ---------------------------------------------------------------- */

static const struct net_header bad_value[] = {
    {"X-A", "b\r\nX-Evil: 1"}, {NULL, NULL}};
static const struct net_header bad_name[] = {
    {"X-A: b\r\nX-Evil", "1"}, {NULL, NULL}};
static const struct net_header bad_bytes[] = {
    {"X-A", "Caf\xc3\xa9"}, {NULL, NULL}};
static const struct net_header no_value[] = {{"X-A", NULL}, {NULL, NULL}};

/* clang-format off */
static const struct {
	const char		*what, *method, *url, *user, *password;
	const struct net_header *headers;
} nonsense[] = {
	{ "no method",		 "",	NULL, NULL, NULL, NULL },
	{ "a method of two lines", "GET / HTTP/1.0\r\n", NULL, NULL, NULL, NULL },
	{ "a method in lower case", "get", NULL, NULL, NULL, NULL },
	{ "an empty URL",	 NULL,	"", NULL, NULL, NULL },
	{ "no scheme",		 NULL,	"127.0.0.1/x", NULL, NULL, NULL },
	{ "a file",		 NULL,	"file:///etc/passwd", NULL, NULL, NULL },
	{ "another protocol",	 NULL,	"gopher://127.0.0.1/x", NULL, NULL, NULL },
	{ "no host",		 NULL,	"https:///x", NULL, NULL, NULL },
	{ "a user in the URL",	 NULL,	"https://u@127.0.0.1/", NULL, NULL, NULL },
	{ "a password in the URL", NULL, "https://u:p@127.0.0.1/", NULL, NULL, NULL },
	{ "CRLF in the URL",	 NULL,	"https://127.0.0.1/\r\nX: y", NULL, NULL, NULL },
	{ "a blank in the URL",	 NULL,	"https://127.0.0.1/a b", NULL, NULL, NULL },
	{ "a backslash in the URL", NULL, "https:\\\\127.0.0.1/", NULL, NULL, NULL },
	{ "a fragment",		 NULL,	"https://127.0.0.1/#x", NULL, NULL, NULL },
	{ "a port too large",	 NULL,	"https://127.0.0.1:65536/", NULL, NULL, NULL },
	{ "CRLF in a header",	 NULL,	NULL, NULL, NULL, bad_value },
	{ "CRLF in a header's name", NULL, NULL, NULL, NULL, bad_name },
	{ "8-bit bytes in a header", NULL, NULL, NULL, NULL, bad_bytes },
	{ "a header without a value", NULL, NULL, NULL, NULL, no_value },
	{ "a user with a colon", NULL,	NULL, "a:b", "s3cret", NULL },
	{ "a user without a password", NULL, NULL, "a", NULL, NULL },
	{ "LF in the password",	 NULL,	NULL, "a", "s3\ncret", NULL },
};
/* clang-format on */

START_TEST(test_nonsense_never_leaves)
{
	struct net_answer answer;
	struct net_request r;
	size_t i;

	begin("none");
	for (i = 0; i < COUNT(nonsense); i++) {
		r = request("http");
		r.method = nonsense[i].method ? nonsense[i].method : r.method;
		r.url = nonsense[i].url ? nonsense[i].url : r.url;
		r.headers = nonsense[i].headers;
		r.user = nonsense[i].user;
		r.password.s = nonsense[i].password;
		answer = asked(&r);
		ck_case(nonsense[i].what, answer.result == NET_BAD);
		ck_case(nonsense[i].what, *answer.why && answer.code == 0);
		ck_case(nonsense[i].what, *into == '\0');
	}
	ck_assert_str_eq(wire(), "");
	end();
}
END_TEST

/* ---- where it may go ---------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char	*what, *scheme, *host, *allow;
	bool		 reached;
} places[] = {
	{ "https to a listed address", "https", "127.0.0.1", "127.0.0.1/32", true },
	{ "https to an unlisted one",  "https", "127.0.0.1", "", false },
	{ "no list is an empty list",  "https", "127.0.0.1", NULL, false },
	{ "another network is listed", "https", "127.0.0.1", "10.0.0.0/8 ::1", false },
	{ "in IPv6's clothes",	       "https", "[::ffff:127.0.0.1]", "", false },
	{ "as one number",	       "https", "2130706433", "", false },
	{ "in octal",		       "https", "0177.0.0.1", "", false },
	{ "by a name",		       "https", "localhost", "", false },
	{ "nowhere is this machine",   "https", "0.0.0.0", "127.0.0.0/8", false },
	{ "http to a listed address",  "http", "127.0.0.1", "127.0.0.0/8", true },
	{ "http by a name",	       "http", "localhost", "127.0.0.0/8 ::1", true },
	{ "http to an unlisted one",   "http", "127.0.0.1", "", false },
	{ "http to a listed address that is not loopback", "http", "0.0.0.0",
	    "0.0.0.0/0 ::/0", false },
};
/* clang-format on */

static void
places_try(const char *scheme)
{
	struct net_answer answer;
	struct net_request r;
	size_t i;

	for (i = 0; i < COUNT(places); i++) {
		if (strcmp(places[i].scheme, scheme) != 0)
			continue;
		r = request(scheme);
		r.url = url(scheme, places[i].host, "/");
		r.allow = places[i].allow;
		answer = asked(&r);
		if (places[i].reached)
			ck_case(places[i].what, answer.result == NET_OK);
		else
			ck_case(
			    places[i].what, strstr(answer.why, "not public") &&
						answer.result == NET_TEMPORARY);
	}
}

START_TEST(test_places)
{
	begin("implicit");
	places_try("https");
	end();
	begin("none");
	places_try("http");
	end();
}
END_TEST

START_TEST(test_trust)
{
	struct net_request r;

	begin("implicit");
	r = request("https");
	r.ca_file = mailserver_path(&server, c->arena, "other.pem");
	ck_assert_int_eq(asked(&r).result, NET_TEMPORARY);
	r.ca_file = "";
	ck_assert_int_eq(asked(&r).result, NET_TEMPORARY);
	r.ca_file = "/nonexistent";
	ck_assert_int_eq(asked(&r).result, NET_TEMPORARY);
	r = request("https");
	r.url = url("https", "localhost", "/");
	ck_assert_int_eq(asked(&r).result, NET_TEMPORARY);
	ck_assert_str_eq(wire(), "");
	end();
}
END_TEST

START_TEST(test_no_proxy)
{
	struct net_request r;

	begin("none");
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	r = request("http");
	ck_assert_int_eq(asked(&r).result, NET_OK);
	unsetenv("ALL_PROXY");
	end();
}
END_TEST

START_TEST(test_nobody_listens)
{
	struct net_answer answer;
	struct net_request r;

	begin("none");
	r = request("http");
	mailserver_stop(&server);
	answer = asked(&r);
	ck_assert_int_eq(answer.result, NET_TEMPORARY);
	ck_assert_int_eq(answer.code, 0);
	ck_assert_str_ne(answer.why, "");
	test_done(c);
}
END_TEST

/* ---- what answers mean --------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char	*say;
	enum net_result	 result;
	long		 code;
} answers[] = {
	{ "200",      NET_OK,	     200 },
	{ "204",      NET_OK,	     204 },
	{ "redirect", NET_PERMANENT, 302 },
	{ "304",      NET_PERMANENT, 304 },
	{ "400",      NET_PERMANENT, 400 },
	{ "401",      NET_PERMANENT, 401 },
	{ "404",      NET_PERMANENT, 404 },
	{ "408",      NET_TEMPORARY, 408 },
	{ "425",      NET_TEMPORARY, 425 },
	{ "429",      NET_TEMPORARY, 429 },
	{ "503",      NET_TEMPORARY, 503 },
	{ "drop",     NET_TEMPORARY, 0 },
	{ "garbage",  NET_TEMPORARY, 0 },
	{ "slow",     NET_TEMPORARY, 0 },
	{ "stall",    NET_TEMPORARY, 200 },
	{ "cut",      NET_TEMPORARY, 200 },
	{ "huge",     NET_PERMANENT, 200 },
	{ "headers",  NET_PERMANENT, 200 },
};
/* clang-format on */

START_TEST(test_answers)
{
	struct net_answer answer;
	struct net_request r;
	size_t i;

	begin("none");
	for (i = 0; i < COUNT(answers); i++) {
		mailserver_write(&server, c->arena, "say", answers[i].say);
		r = request("http");
		r.timeout_ms = 1500;
		answer = asked(&r);
		ck_case(answers[i].say, answer.result == answers[i].result);
		ck_case(answers[i].say, answer.code == answers[i].code);
		ck_case(answers[i].say, !*answer.why == !answer.result);
		ck_case(answers[i].say, memchr(into, '\0', sizeof(into)));
	}
	ck_assert_ptr_null(strstr(wire(), "/elsewhere"));
	end();
}
END_TEST

START_TEST(test_room)
{
	struct net_answer answer;
	struct net_request r;

	begin("none");
	r = request("http");
	r.room = sizeof("GET /path?a=b\n");
	ck_assert_int_eq(asked(&r).result, NET_OK);
	ck_assert_str_eq(into, "GET /path?a=b\n");
	r.room--;
	answer = asked(&r);
	ck_assert_int_eq(answer.result, NET_PERMANENT);
	ck_assert_int_eq(answer.code, 200);
	ck_assert_ptr_nonnull(strstr(answer.why, "too large"));
	ck_assert_int_eq(into[r.room], 'x');
	r.room = 0;
	ck_assert_int_eq(asked(&r).result, NET_OK);
	ck_assert_int_eq(*into, 'x');
	end();
}
END_TEST

SUITE(fetch, test_get, test_post, test_other_methods, test_basic,
    test_nonsense_never_leaves, test_places, test_trust, test_no_proxy,
    test_nobody_listens, test_answers, test_room)
