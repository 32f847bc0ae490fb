/* SPDX-License-Identifier: ISC */
/* Answers: the exact bytes, and what never gets into them. */

#include <stdio.h>

#include "http/http.h"
#include "test.h"

static const struct {
	const char *what;
	enum method method;
	int status;
	const char *type, *body;
	const char *text;
	/* clang-format off */
} cases[] = {
	{ "a body and its length", GET, 200, "application/json", "{}",
	  "Status: 200 OK\r\nContent-Type: application/json\r\n"
	  "Content-Length: 2\r\n\r\n{}" },
	{ "HEAD: the same headers, no body", HEAD, 200, "application/json", "{}",
	  "Status: 200 OK\r\nContent-Type: application/json\r\n"
	  "Content-Length: 2\r\n\r\n" },
	{ "an empty body has a length", POST, 201, "text/plain", "",
	  "Status: 201 Created\r\nContent-Type: text/plain\r\n"
	  "Content-Length: 0\r\n\r\n" },
	{ "no body, no length", POST, 202, NULL, NULL,
	  "Status: 202 Accepted\r\n\r\n" },
	{ "204 never has a body", DELETE, 204, "text/plain", "gone",
	  "Status: 204 No Content\r\n\r\n" },
	{ "304 never has a body", GET, 304, "text/plain", "same",
	  "Status: 304 Not Modified\r\n\r\n" },
	{ "a refusal", POST, 422, "application/json", "[]",
	  "Status: 422 Unprocessable Content\r\n"
	  "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]" },
	{ "a limit", POST, 429, NULL, NULL,
	  "Status: 429 Too Many Requests\r\n\r\n" },
	{ "a status without a name", GET, 418, NULL, NULL,
	  "Status: 418 Unknown\r\n\r\n" },
	{ "no status is our fault", GET, 0, NULL, NULL,
	  "Status: 500 Internal Server Error\r\n\r\n" },
	{ "a status that is none", GET, 1000, NULL, NULL,
	  "Status: 500 Internal Server Error\r\n\r\n" },
	{ "a type with a line feed is dropped", GET, 200, "a/b\r\nX: y", "z",
	  "Status: 200 OK\r\nContent-Length: 1\r\n\r\nz" },
};
/* clang-format on */

START_TEST(test_texts)
{
	struct ctx *c = test_ctx();
	size_t i, len;

	for (i = 0; i < COUNT(cases); i++) {
		struct req r = {.method = cases[i].method};
		struct res res = {0};
		const char *text;

		response_body(
		    &res, cases[i].status, cases[i].type, cases[i].body);
		text = response_text(c, &r, &res, &len);
		ck_case(cases[i].what, strcmp(text, cases[i].text) == 0);
		ck_case(cases[i].what, len == strlen(text));
	}
	test_done(c);
}
END_TEST

/* Every status that an error can have by default has a name. */
START_TEST(test_reasons)
{
	struct ctx *c = test_ctx();
	struct req r = {.method = GET};
	struct res res = {0};
	size_t len;
	int e;

	for (e = OK + 1; e < ERR_COUNT; e++) {
		res.status = err_status((enum err)e);
		ck_case(err_name((enum err)e),
		    !strstr(response_text(c, &r, &res, &len), "Unknown"));
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	const char *name, *value;
	bool kept;
	/* clang-format off */
} headers[] = {
	{ "plain", "X-Request-Id", "abc", true },
	{ "an empty value", "X-Empty", "", true },
	{ "a line feed", "X-A", "a\nSet-Cookie: b=c", false },
	{ "a carriage return", "X-A", "a\rb", false },
	{ "both at the end", "X-A", "a\r\n", false },
	{ "an escape", "X-A", "a\x1b", false },
	{ "no value", "X-A", NULL, false },
	{ "a colon in the name", "X-A: b", "c", false },
	{ "a line feed in the name", "X-A\n", "c", false },
	{ "an empty name", "", "c", false },
};
/* clang-format on */

START_TEST(test_headers)
{
	struct ctx *c = test_ctx();
	struct req r = {.method = GET};
	const char *line;
	size_t i, len;

	for (i = 0; i < COUNT(headers); i++) {
		struct res res = {.status = 204};
		struct res raw = {.status = 204,
		    .headers = {{headers[i].name, headers[i].value}},
		    .count = 1};

		line = headers[i].kept
			   ? arena_print(c->arena,
				 "Status: 204 No Content\r\n%s: %s\r\n\r\n",
				 headers[i].name, headers[i].value)
			   : "Status: 204 No Content\r\n\r\n";
		response_header(c, &res, headers[i].name, headers[i].value);
		ck_case(headers[i].what, res.count == headers[i].kept);
		ck_case(headers[i].what,
		    strcmp(response_text(c, &r, &res, &len), line) == 0);
		ck_case(headers[i].what,
		    strcmp(response_text(c, &r, &raw, &len), line) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_many_headers)
{
	struct ctx *c = test_ctx();
	struct res res = {.status = 204};
	char value[16];
	int i;

	for (i = 0; i < RES_HEADERS_MAX + 5; i++) {
		snprintf(value, sizeof(value), "%d", i);
		response_header(c, &res, "X-N", value);
	}
	ck_assert_uint_eq(res.count, RES_HEADERS_MAX);
	ck_assert_str_eq(res.headers[0].value, "0");
	ck_assert_str_eq(res.headers[RES_HEADERS_MAX - 1].value, "23");
	test_done(c);
}
END_TEST

/* A body may hold any byte. */
START_TEST(test_binary_body)
{
	struct ctx *c = test_ctx();
	struct req r = {.method = GET};
	struct res res = {
	    .status = 200, .type = "image/png", .body = "a\0b", .body_len = 3};
	const char *text;
	size_t len;

	text = response_text(c, &r, &res, &len);
	ck_assert_ptr_nonnull(strstr(text, "Content-Length: 3\r\n\r\n"));
	ck_assert_mem_eq(text + len - 3, "a\0b", 3);
	test_done(c);
}
END_TEST

START_TEST(test_has)
{
	struct ctx *c = test_ctx();
	struct res res = {0};

	ck_assert(!response_has(&res, "Cache-Control"));
	response_header(c, &res, "Cache-Control", "no-store");
	ck_assert(response_has(&res, "Cache-Control"));
	ck_assert(response_has(&res, "cache-control"));
	ck_assert(!response_has(&res, "Cache"));
	test_done(c);
}
END_TEST

SUITE(response, test_has, test_texts, test_reasons, test_headers,
    test_many_headers, test_binary_body)
