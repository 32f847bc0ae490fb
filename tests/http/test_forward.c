/* SPDX-License-Identifier: ISC */
/* Proxies: whose word counts for the client's address and scheme. */

#include "http/http.h"
#include "test.h"

#define PEER "REMOTE_ADDR="
#define XFF  "HTTP_X_FORWARDED_FOR="

static const char proxies[] = "10.0.0.0/8, 2001:db8:1::/48";

static const struct {
	const char *what;
	char *env[2];
	const char *address;
	/* clang-format off */
} addresses[] = {
	{ "the peer", { PEER "192.0.2.1" }, "192.0.2.1" },
	{ "an IPv6 peer in canonical text", { PEER "2001:DB8::0:1" },
	  "2001:db8::1" },
	{ "an IPv4 peer on an IPv6 socket", { PEER "::ffff:192.0.2.1" },
	  "192.0.2.1" },
	{ "a stranger's header does not count",
	  { PEER "192.0.2.1", XFF "198.51.100.9" }, "192.0.2.1" },
	{ "a proxy's header counts", { PEER "10.0.0.1", XFF "198.51.100.9" },
	  "198.51.100.9" },
	{ "the right-most hop", { PEER "10.0.0.1", XFF "1.1.1.1, 198.51.100.9" },
	  "198.51.100.9" },
	{ "past other proxies",
	  { PEER "10.0.0.1", XFF "1.1.1.1, 198.51.100.9, 10.1.2.3,10.0.0.7" },
	  "198.51.100.9" },
	{ "an IPv6 hop", { PEER "2001:db8:1::9", XFF "2001:DB8:2::0:5" },
	  "2001:db8:2::5" },
	{ "hops that are all proxies", { PEER "10.0.0.1", XFF "10.0.0.3, 10.0.0.2" },
	  "10.0.0.1" },
	{ "a malformed hop", { PEER "10.0.0.1", XFF "198.51.100.9, unknown" },
	  "10.0.0.1" },
	{ "a malformed hop before a good one",
	  { PEER "10.0.0.1", XFF "'; DROP, 198.51.100.9" }, "198.51.100.9" },
	{ "a malformed hop past a proxy",
	  { PEER "10.0.0.1", XFF "198.51.100.9, x, 10.0.0.2" }, "10.0.0.1" },
	{ "a hop with a port", { PEER "10.0.0.1", XFF "198.51.100.9:4711" },
	  "10.0.0.1" },
	{ "an empty hop", { PEER "10.0.0.1", XFF "198.51.100.9," }, "10.0.0.1" },
	{ "commas alone", { PEER "10.0.0.1", XFF ",,," }, "10.0.0.1" },
	{ "blanks alone", { PEER "10.0.0.1", XFF " " }, "10.0.0.1" },
	{ "an empty header", { PEER "10.0.0.1", XFF }, "10.0.0.1" },
	{ "octal is no address", { PEER "10.0.0.1", XFF "0300.0.2.1" },
	  "10.0.0.1" },
	{ "a hop of many bytes", { PEER "10.0.0.1", XFF
	  "1111111111111111111111111111111111111111111111111111111111111111"
	  "1111111111111111" }, "10.0.0.1" },
	{ "X-Real-IP is never asked", { PEER "10.0.0.1",
	  "HTTP_X_REAL_IP=198.51.100.9" }, "10.0.0.1" },
	{ "a peer on a unix socket", { PEER "unix:" }, NULL },
	{ "no peer", { XFF "198.51.100.9" }, NULL },
};
/* clang-format on */

START_TEST(test_addresses)
{
	struct ctx *c = test_ctx();
	const char *got;
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(addresses); i++) {
		char *env[] = {addresses[i].env[0], addresses[i].env[1], NULL};

		ck_case(addresses[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		got = request_address(c, &r, proxies);
		ck_case(addresses[i].what, !got == !addresses[i].address);
		ck_case(addresses[i].what,
		    !got || strcmp(got, addresses[i].address) == 0);
	}
	test_done(c);
}
END_TEST

/* Without a list nobody is a proxy. */
START_TEST(test_no_proxies)
{
	struct ctx *c = test_ctx();
	char *env[] = {PEER "10.0.0.1", XFF "198.51.100.9",
	    "HTTP_X_FORWARDED_PROTO=https", NULL};
	struct req r;

	ck_assert_int_eq(request_read(c, env, (struct source){0}, &r), OK);
	ck_assert_str_eq(request_address(c, &r, ""), "10.0.0.1");
	ck_assert(!request_is_safe(&r, ""));
	test_done(c);
}
END_TEST

#define PROTO "HTTP_X_FORWARDED_PROTO="

static const struct {
	const char *what;
	char *env[3];
	bool safe;
	/* clang-format off */
} schemes[] = {
	{ "https by HTTPS", { PEER "192.0.2.1", "HTTPS=on" }, true },
	{ "https by the scheme", { PEER "192.0.2.1", "REQUEST_SCHEME=https" },
	  true },
	{ "https from a peer without address", { PEER "unix:", "HTTPS=on" },
	  true },
	{ "http", { PEER "192.0.2.1", "REQUEST_SCHEME=http" }, false },
	{ "http from a peer without address", { PEER "unix:" }, false },
	{ "nothing is known", { "X=" }, false },
	{ "a stranger's word", { PEER "192.0.2.1", PROTO "https" }, false },
	{ "a proxy's word", { PEER "10.0.0.1", PROTO "https" }, true },
	{ "a proxy's word in capitals", { PEER "10.0.0.1", PROTO "HTTPS" }, true },
	{ "a proxy says http", { PEER "10.0.0.1", PROTO "http" }, false },
	{ "a proxy over https says http",
	  { PEER "10.0.0.1", PROTO "http", "HTTPS=on" }, false },
	{ "a proxy over https says nothing", { PEER "10.0.0.1", "HTTPS=on" },
	  true },
	{ "a proxy says two things", { PEER "10.0.0.1", PROTO "https, http" },
	  false },
	{ "a proxy says nothing", { PEER "10.0.0.1", XFF "192.0.2.1" }, false },
	{ "loopback", { PEER "127.0.0.1" }, true },
	{ "loopback by IPv6", { PEER "::1" }, true },
	{ "loopback, mapped", { PEER "::ffff:127.0.0.1" }, true },
	{ "loopback that forwards for somebody",
	  { PEER "127.0.0.1", XFF "192.0.2.1" }, false },
	{ "loopback with an empty X-Forwarded-For", { PEER "127.0.0.1", XFF },
	  false },
	{ "loopback with Forwarded", { PEER "127.0.0.1",
	  "HTTP_FORWARDED=for=192.0.2.1" }, false },
	{ "loopback with X-Real-IP", { PEER "127.0.0.1",
	  "HTTP_X_REAL_IP=192.0.2.1" }, false },
	{ "loopback with X-Forwarded-Host", { PEER "::1",
	  "HTTP_X_FORWARDED_HOST=a" }, false },
	{ "unlisted loopback that says https", { PEER "127.0.0.1",
	  PROTO "https" }, false },
	{ "loopback with other headers", { PEER "127.0.0.1",
	  "HTTP_X_FORWARD=1", "HTTP_X_REAL=1" }, true },
};
/* clang-format on */

START_TEST(test_plain_http)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(schemes); i++) {
		char *env[] = {schemes[i].env[0], schemes[i].env[1],
		    schemes[i].env[2], NULL};

		ck_case(schemes[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		ck_case(schemes[i].what,
		    request_is_safe(&r, proxies) == schemes[i].safe);
	}
	test_done(c);
}
END_TEST

/* A loopback that is listed is a proxy like any other. */
START_TEST(test_listed_loopback)
{
	struct ctx *c = test_ctx();
	char *https[] = {
	    PEER "127.0.0.1", XFF "192.0.2.1", PROTO "https", NULL};
	char *http[] = {PEER "127.0.0.1", XFF "192.0.2.1", PROTO "http", NULL};
	struct req r;

	ck_assert_int_eq(request_read(c, https, (struct source){0}, &r), OK);
	ck_assert(request_is_safe(&r, "127.0.0.0/8"));
	ck_assert_str_eq(request_address(c, &r, "127.0.0.0/8"), "192.0.2.1");
	ck_assert_int_eq(request_read(c, http, (struct source){0}, &r), OK);
	ck_assert(!request_is_safe(&r, "127.0.0.0/8"));
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	char *env[3];
	bool known;
	/* clang-format off */
} origins[] = {
	{ "nobody forwards", { PEER "192.0.2.1" }, true },
	{ "loopback that nobody forwards", { PEER "127.0.0.1" }, true },
	{ "a proxy that does not forward", { PEER "10.0.0.1" }, true },
	{ "a proxy says for whom", { PEER "10.0.0.1", XFF "192.0.2.1" }, true },
	{ "a proxy says only that it does",
	  { PEER "10.0.0.1", "HTTP_FORWARDED=for=192.0.2.1" }, false },
	{ "a proxy by a header of its own",
	  { PEER "10.0.0.1", "HTTP_X_REAL_IP=192.0.2.1" }, false },
	{ "a proxy says only how", { PEER "10.0.0.1", PROTO "https" }, false },
	{ "a proxy says nonsense", { PEER "10.0.0.1", XFF "me" }, false },
	{ "a proxy says nothing", { PEER "10.0.0.1", XFF }, false },
	{ "a proxy names a proxy", { PEER "10.0.0.1", XFF "10.0.0.2" }, false },
	{ "a stranger forwards", { PEER "192.0.2.1", XFF "10.0.0.9" }, false },
	{ "loopback that is not listed forwards",
	  { PEER "127.0.0.1", XFF "127.0.0.1" }, false },
	{ "a peer without address", { PEER "unix:" }, false },
};
/* clang-format on */

START_TEST(test_whose_address_is_known)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(origins); i++) {
		char *env[] = {origins[i].env[0], origins[i].env[1],
		    origins[i].env[2], NULL};

		ck_case(origins[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		ck_case(origins[i].what,
		    request_address_known(&r, proxies) == origins[i].known);
	}
	test_done(c);
}
END_TEST

START_TEST(test_who_forwards)
{
	struct ctx *c = test_ctx();
	char *plain[] = {PEER "127.0.0.1", "HTTP_X_FORWARD=1", NULL};
	char *proxied[] = {PEER "127.0.0.1", XFF "192.0.2.1",
	    "HTTP_X_REAL_IP=192.0.2.1", PROTO "https", NULL};
	struct req r;

	ck_assert_int_eq(request_read(c, plain, (struct source){0}, &r), OK);
	ck_assert_ptr_null(request_forwards(c, &r));
	ck_assert(!request_is_https(&r, "127.0.0.0/8"));
	ck_assert_int_eq(request_read(c, proxied, (struct source){0}, &r), OK);
	ck_assert_str_eq(request_forwards(c, &r),
	    "HTTP_X_FORWARDED_FOR HTTP_X_REAL_IP HTTP_X_FORWARDED_PROTO");
	ck_assert(request_is_https(&r, "127.0.0.0/8"));
	ck_assert(!request_is_https(&r, ""));
	test_done(c);
}
END_TEST

#define HOST "HTTP_HOST="

static const struct {
	const char *what;
	char *env[3];
	bool local;
	/* clang-format off */
} callers[] = {
	{ "this machine by name", { PEER "127.0.0.1", HOST "localhost:8080" }, true },
	{ "the name in capitals", { PEER "127.0.0.1", HOST "LOCALHOST" }, true },
	{ "by its address", { PEER "127.0.0.1", HOST "127.0.0.1:8080" }, true },
	{ "by another of its addresses", { PEER "127.9.9.9", HOST "127.1.2.3" }, true },
	{ "by IPv6", { PEER "::1", HOST "[::1]:8080" }, true },
	{ "somebody else", { PEER "192.0.2.1", HOST "localhost" }, false },
	{ "a page's own name for us", { PEER "127.0.0.1", HOST "evil.example" }, false },
	{ "a name that only begins well",
	  { PEER "127.0.0.1", HOST "localhost.evil.example" }, false },
	{ "another address of ours", { PEER "127.0.0.1", HOST "192.0.2.1" }, false },
	{ "no name", { PEER "127.0.0.1" }, false },
	{ "an empty name", { PEER "127.0.0.1", HOST }, false },
	{ "a bracket alone", { PEER "127.0.0.1", HOST "[" }, false },
	{ "a long name", { PEER "127.0.0.1", HOST
	  "1111111111111111111111111111111111111111111111111111111111111111" }, false },
	{ "a proxy of this machine",
	  { PEER "127.0.0.1", HOST "localhost", XFF "192.0.2.1" }, false },
	{ "no peer", { HOST "localhost" }, false },
};
/* clang-format on */

START_TEST(test_this_machine)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(callers); i++) {
		char *env[] = {callers[i].env[0], callers[i].env[1],
		    callers[i].env[2], NULL};

		ck_case(callers[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		ck_case(
		    callers[i].what, request_is_local(&r) == callers[i].local);
	}
	test_done(c);
}
END_TEST

SUITE(forward, test_who_forwards, test_addresses, test_no_proxies,
    test_plain_http, test_listed_loopback, test_whose_address_is_known,
    test_this_machine)
