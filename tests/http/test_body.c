/* SPDX-License-Identifier: ISC */
/* Bodies: lengths announced and come, chunked ones, content types. */

#include "http/http.h"
#include "test.h"

/* A source of n bytes "x" that comes in steps of at most `step`. */
struct drip {
	size_t left, step, asked;
};

static size_t
drip_read(void *from, char *into, size_t n)
{
	struct drip *d = from;

	d->asked += n;
	if (n > d->step)
		n = d->step;
	if (n > d->left)
		n = d->left;
	memset(into, 'x', n);
	d->left -= n;
	return n;
}

static const struct {
	const char *what;
	char *env[2];
	size_t comes;
	enum err e;
	size_t len;
	/* clang-format off */
} cases[] = {
	{ "no length is no body", { "X=" }, 0, OK, 0 },
	{ "no length, bytes are not read", { "X=" }, 5, OK, 0 },
	{ "an empty length is none", { "CONTENT_LENGTH=" }, 0, OK, 0 },
	{ "zero", { "CONTENT_LENGTH=0" }, 0, OK, 0 },
	{ "as announced", { "CONTENT_LENGTH=10" }, 10, OK, 10 },
	{ "zeros before", { "CONTENT_LENGTH=0010" }, 10, OK, 10 },
	{ "bytes after the announced stay", { "CONTENT_LENGTH=10" }, 20, OK, 10 },
	{ "one byte short", { "CONTENT_LENGTH=10" }, 9, ERR_BODY_LENGTH, 0 },
	{ "nothing came", { "CONTENT_LENGTH=10" }, 0, ERR_BODY_LENGTH, 0 },
	{ "exactly the most", { "CONTENT_LENGTH=65536" }, 65536, OK, 65536 },
	{ "one over the most", { "CONTENT_LENGTH=65537" }, 65537,
	  ERR_BODY_TOO_LARGE, 0 },
	{ "2^64 + 1", { "CONTENT_LENGTH=18446744073709551617" }, 1,
	  ERR_BODY_TOO_LARGE, 0 },
	{ "2^32 + 10", { "CONTENT_LENGTH=4294967306" }, 10,
	  ERR_BODY_TOO_LARGE, 0 },
	{ "joined by the server", { "CONTENT_LENGTH=10,10" }, 10,
	  ERR_BODY_LENGTH, 0 },
	{ "joined with a blank", { "CONTENT_LENGTH=10, 10" }, 10,
	  ERR_BODY_LENGTH, 0 },
	{ "twice", { "CONTENT_LENGTH=10", "CONTENT_LENGTH=10" }, 10,
	  ERR_BODY_LENGTH, 0 },
	{ "a sign", { "CONTENT_LENGTH=+5" }, 5, ERR_BODY_LENGTH, 0 },
	{ "below zero", { "CONTENT_LENGTH=-1" }, 5, ERR_BODY_LENGTH, 0 },
	{ "hexadecimal", { "CONTENT_LENGTH=0x10" }, 16, ERR_BODY_LENGTH, 0 },
	{ "an exponent", { "CONTENT_LENGTH=1e3" }, 1000, ERR_BODY_LENGTH, 0 },
	{ "a fraction", { "CONTENT_LENGTH=5.0" }, 5, ERR_BODY_LENGTH, 0 },
	{ "a blank before", { "CONTENT_LENGTH= 5" }, 5, ERR_BODY_LENGTH, 0 },
	{ "a word", { "CONTENT_LENGTH=ten" }, 10, ERR_BODY_LENGTH, 0 },
	{ "chunked to the end", { "HTTP_TRANSFER_ENCODING=chunked" }, 300, OK,
	  300 },
	{ "Chunked, any case", { "HTTP_TRANSFER_ENCODING=Chunked" }, 3, OK, 3 },
	{ "chunked and empty", { "HTTP_TRANSFER_ENCODING=chunked" }, 0, OK, 0 },
	{ "chunked, exactly the most", { "HTTP_TRANSFER_ENCODING=chunked" },
	  65536, OK, 65536 },
	{ "chunked, one over", { "HTTP_TRANSFER_ENCODING=chunked" }, 65537,
	  ERR_BODY_TOO_LARGE, 0 },
	{ "chunked and without end", { "HTTP_TRANSFER_ENCODING=chunked" },
	  1 << 30, ERR_BODY_TOO_LARGE, 0 },
	{ "chunked beside a length: the length", { "CONTENT_LENGTH=4",
	  "HTTP_TRANSFER_ENCODING=chunked" }, 9, OK, 4 },
	{ "another coding is no body", { "HTTP_TRANSFER_ENCODING=gzip" }, 9, OK,
	  0 },
};
/* clang-format on */

static void
run_case(size_t i, size_t step)
{
	struct ctx *c = test_ctx();
	struct drip d = {cases[i].comes, step, 0};
	char *env[] = {cases[i].env[0], cases[i].env[1], NULL};
	struct req r;
	size_t n;

	ck_case(cases[i].what,
	    request_read(c, env, (struct source){drip_read, &d}, &r) == OK);
	ck_case(cases[i].what, request_body(c, &r) == cases[i].e);
	if (cases[i].e) {
		ck_case(cases[i].what, r.body == NULL);
	} else {
		ck_case(cases[i].what, r.body_len == cases[i].len);
		for (n = 0; n < cases[i].len; n++)
			ck_case(cases[i].what, r.body[n] == 'x');
		ck_case(cases[i].what, r.body[n] == '\0');
		ck_case(
		    cases[i].what, d.left == cases[i].comes - cases[i].len ||
				       cases[i].env[0][0] == 'H');
	}
	test_done(c);
}

START_TEST(test_lengths)
{
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		run_case(i, SIZE_MAX);
		run_case(i, 1000);
	}
}
END_TEST

/* A body that is announced too large is refused before a byte is read. */
START_TEST(test_refused_unread)
{
	struct ctx *c = test_ctx();
	struct drip d = {100000, 1000, 0};
	char *env[] = {"CONTENT_LENGTH=100000", NULL};
	struct req r;

	ck_assert_int_eq(
	    request_read(c, env, (struct source){drip_read, &d}, &r), OK);
	ck_assert_int_eq(request_body(c, &r), ERR_BODY_TOO_LARGE);
	ck_assert_uint_eq(d.asked, 0);
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	char *given;
	bool json;
	/* clang-format off */
} types[] = {
	{ "alone", "CONTENT_TYPE=application/json", true },
	{ "with a charset", "CONTENT_TYPE=application/json; charset=utf-8", true },
	{ "without the blank", "CONTENT_TYPE=application/json;charset=UTF-8", true },
	{ "in quotes", "CONTENT_TYPE=application/json; charset=\"utf-8\"", true },
	{ "case is free", "CONTENT_TYPE=Application/JSON; Charset=Utf-8", true },
	{ "another charset", "CONTENT_TYPE=application/json; charset=latin1", false },
	{ "another parameter", "CONTENT_TYPE=application/json; v=2", false },
	{ "a longer type", "CONTENT_TYPE=application/json-patch+json", false },
	{ "a problem", "CONTENT_TYPE=application/problem+json", false },
	{ "a form", "CONTENT_TYPE=application/x-www-form-urlencoded", false },
	{ "text", "CONTENT_TYPE=text/plain", false },
	{ "two types", "CONTENT_TYPE=application/json, text/plain", false },
	{ "a lone semicolon", "CONTENT_TYPE=application/json;", false },
	{ "empty", "CONTENT_TYPE=", false },
	{ "none", "X=", false },
};
/* clang-format on */

START_TEST(test_types)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		char *env[] = {types[i].given, NULL};

		ck_case(types[i].what,
		    request_read(c, env, (struct source){0}, &r) == OK);
		ck_case(types[i].what, request_is_json(&r) == types[i].json);
	}
	test_done(c);
}
END_TEST

SUITE(body, test_lengths, test_refused_unread, test_types)
