/* SPDX-License-Identifier: ISC */
/* A header that comes in two lines is one list. */

#include "http/http.h"
#include "test.h"

static const struct source nothing = {NULL, NULL};

/* nginx tells of two lines as of two variables. */
static const struct {
	const char *what;
	char *first, *second;
	const char *wanted;
	/* clang-format off */
} doubled[] = {
	{ "two lines are one list", "HTTP_X_A=a", "HTTP_X_A=b", "a, b" },
	{ "the same twice, too", "HTTP_X_A=a", "HTTP_X_A=a", "a, a" },
	{ "a longer name is another", "HTTP_X_A=a", "HTTP_X_AB=b", "a" },
	{ "a shorter one, too", "HTTP_X=b", "HTTP_X_A=a", "a" },
	{ "no header is joined", "X_A=a", "HTTP_X_A=b", "b" },
};

/* What was at its end was read past, where the memory behind it was text. */
static char *valueless[] = { "HTTP_X_B", "HTTP_X_B", "HTTP_X_A=a",
	"REQUEST_METHOD=GET", NULL };
/* clang-format on */

START_TEST(test_doubled)
{
	struct ctx *c = test_ctx();
	const char *got;
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(doubled); i++) {
		char *env[] = {doubled[i].first, "REQUEST_METHOD=GET",
		    doubled[i].second, NULL};

		ck_assert_int_eq(request_read(c, env, nothing, &r), OK);
		got = request_header(&r, "X-A");
		ck_case(doubled[i].what,
		    got && strcmp(got, doubled[i].wanted) == 0);
	}
	test_done(c);
}
END_TEST

/* lighttpd makes HTTP_X_FORWARDED_FOR of X.Forwarded.For, too. */
static const struct {
	const char *what;
	char *first, *second;
	enum err wanted;
	/* clang-format off */
} forwards[] = {
	{ "an address of the proxy's, then one of the client's",
	  "HTTP_X_FORWARDED_FOR=192.0.2.1", "HTTP_X_FORWARDED_FOR=192.0.2.2",
	  ERR_BAD_REQUEST },
	{ "the same twice", "HTTP_X_FORWARDED_FOR=192.0.2.1",
	  "HTTP_X_FORWARDED_FOR=192.0.2.1", ERR_BAD_REQUEST },
	{ "an empty one and another", "HTTP_X_FORWARDED_FOR=",
	  "HTTP_X_FORWARDED_FOR=192.0.2.1", ERR_BAD_REQUEST },
	{ "two ways to have come", "HTTP_X_FORWARDED_PROTO=http",
	  "HTTP_X_FORWARDED_PROTO=https", ERR_BAD_REQUEST },
	{ "one of each", "HTTP_X_FORWARDED_FOR=192.0.2.1",
	  "HTTP_X_FORWARDED_PROTO=https", OK },
	{ "a longer name", "HTTP_X_FORWARDED_FOR=192.0.2.1",
	  "HTTP_X_FORWARDED_FORTY=192.0.2.1", OK },
	{ "what nobody believes", "HTTP_X_FORWARDED_HOST=a",
	  "HTTP_X_FORWARDED_HOST=b", OK },
};
/* clang-format on */

START_TEST(test_forwards)
{
	struct ctx *c = test_ctx();
	struct req r;
	size_t i;

	for (i = 0; i < COUNT(forwards); i++) {
		char *env[] = {forwards[i].first, "REQUEST_METHOD=GET",
		    forwards[i].second, NULL};

		ck_case(forwards[i].what,
		    request_read(c, env, nothing, &r) == forwards[i].wanted);
	}
	test_done(c);
}
END_TEST

START_TEST(test_without_a_value)
{
	struct ctx *c = test_ctx();
	struct req r;

	ck_assert_int_eq(request_read(c, valueless, nothing, &r), OK);
	ck_assert_str_eq(r.env[0], "HTTP_X_B");
	ck_assert_str_eq(r.env[1], "HTTP_X_B");
	ck_assert_str_eq(request_header(&r, "X-A"), "a");
	ck_assert_ptr_null(request_header(&r, "X-B"));
	test_done(c);
}
END_TEST

SUITE(request_twice, test_doubled, test_forwards, test_without_a_value)
