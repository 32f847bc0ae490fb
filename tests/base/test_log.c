/* SPDX-License-Identifier: ISC */
/* log: one line of strict JSON per event. */

#include <fcntl.h>
#include <unistd.h>

#include "test.h"

enum { LINES = 8192 };

static char lines[LINES];
static int real_stderr, pipe_end;

/* From here on, stderr is ours. */
static void
listen_begin(void)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	real_stderr = dup(STDERR_FILENO);
	ck_assert_int_ge(real_stderr, 0);
	ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
	close(ends[1]);
	pipe_end = ends[0];
}

/* What was written since, one line of JSON or nothing. */
static const struct json *
listen_end(struct ctx *c)
{
	const struct json *out;
	ssize_t n;

	ck_assert_int_ge(dup2(real_stderr, STDERR_FILENO), 0);
	close(real_stderr);
	n = read(pipe_end, lines, sizeof(lines) - 1);
	close(pipe_end);
	ck_assert_int_ge(n, 0);
	lines[n] = '\0';
	if (n == 0)
		return NULL;
	ck_assert_ptr_eq(strchr(lines, '\n'), lines + n - 1);
	ck_assert_msg(json_parse(c, lines, (size_t)n, &out) == OK, "%s", lines);
	return out;
}

START_TEST(test_line_names_all_that_is_known)
{
	struct ctx *c = test_ctx();

	c->log_tenant = "0192f0c1-7b3a-7c44-9e1f-0123456789ab";
	listen_begin();
	log_event(c, LOG_WARN, "proxy_unknown", "hop %d of %s", 2, "x");
	ck_assert_ptr_nonnull(listen_end(c));
	ck_assert_str_eq(lines,
	    "{\"ts\":\"2026-11-22T10:00:00.000Z\",\"level\":\"warn\","
	    "\"event\":\"proxy_unknown\",\"request_id\":\"test-request\","
	    "\"tenant\":\"0192f0c1-7b3a-7c44-9e1f-0123456789ab\","
	    "\"address\":\"192.0.2.1\",\"detail\":\"hop 2 of x\"}\n");
	test_done(c);
}
END_TEST

START_TEST(test_line_without_a_request)
{
	struct ctx *c = test_ctx();

	listen_begin();
	log_event(NULL, LOG_ERROR, "started", "%s", "");
	ck_assert_ptr_nonnull(listen_end(c));
	ck_assert_str_eq(lines,
	    "{\"ts\":\"2026-11-22T10:00:00.000Z\",\"level\":\"error\","
	    "\"event\":\"started\"}\n");
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *detail, *shown;
} details[] = {
    {"quotes and backslashes cannot end the text", "a\"b\\c", "a\"b\\c"},
    {"a line feed cannot begin a line", "a\n{\"level\":\"x\"}",
	"a\n{\"level\":\"x\"}"},
    {"control bytes come back", "\x01\x1f\x7f\r", "\x01\x1f\x7f\r"},
    {"UTF-8 stays", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
    {"a lone continuation byte is replaced", "a\x80z", "a\xef\xbf\xbdz"},
    {"a cut sequence is replaced", "a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd"},
    {"an overlong slash is replaced", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
};

START_TEST(test_details_cannot_break_the_line)
{
	struct ctx *c = test_ctx();
	const struct json *line;
	size_t i;

	for (i = 0; i < COUNT(details); i++) {
		listen_begin();
		log_event(c, LOG_INFO, "x", "%s", details[i].detail);
		line = listen_end(c);
		ck_case(details[i].what, strcmp(json_get_text(line, "detail"),
					     details[i].shown) == 0);
		ck_case(
		    details[i].what, strpbrk(lines, "\x01\x1f\x7f\r") == NULL);
	}
	test_done(c);
}
END_TEST

/* Whatever is cut, the line stays one JSON document of at most 2 KiB. */
START_TEST(test_long_details_are_cut)
{
	static const char *const bytes[] = {"x", "\x01", "\xe2\x82\xac", "\""};
	struct ctx *c = test_ctx();
	struct text long_one;
	const char *shown;
	size_t i;

	for (i = 0; i < COUNT(bytes); i++) {
		long_one = text_new(c->arena);
		while (long_one.len < 5000)
			text_add(&long_one, bytes[i]);
		listen_begin();
		log_event(c, LOG_INFO, "x", "%s", long_one.s);
		shown = json_get_text(listen_end(c), "detail");
		ck_assert_uint_le(strlen(lines), 2048);
		ck_assert_uint_ge(strlen(shown), 300);
		ck_assert_uint_le(strlen(shown), 1026);
	}
	test_done(c);
}
END_TEST

START_TEST(test_long_addresses_are_cut)
{
	struct ctx *c = test_ctx();
	struct text long_one = text_new(c->arena);

	while (long_one.len < 5000)
		text_add(&long_one, "\"");
	c->address = c->log_tenant = long_one.s;
	listen_begin();
	log_event(c, LOG_INFO, "x", "%s", "detail");
	ck_assert_ptr_nonnull(listen_end(c));
	ck_assert_uint_le(strlen(lines), 2048);
	test_done(c);
}
END_TEST

START_TEST(test_lines_below_the_level_are_not_written)
{
	struct ctx *c = test_ctx();

	listen_begin();
	log_event(c, LOG_DEBUG, "x", "%s", "");
	ck_assert_ptr_null(listen_end(c));
	log_level_set(LOG_ERROR);
	listen_begin();
	log_event(c, LOG_WARN, "x", "%s", "");
	ck_assert_int_eq(fail(c, ERR_NOT_FOUND, "nobody"), ERR_NOT_FOUND);
	ck_assert_ptr_null(listen_end(c));
	log_level_set(LOG_DEBUG);
	listen_begin();
	log_event(c, LOG_DEBUG, "x", "%s", "");
	ck_assert_ptr_nonnull(listen_end(c));
	log_level_set(LOG_INFO);
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	enum err e;
	const char *event, *level;
} failures[] = {
    {"a caller's failure is news", ERR_CODE_WRONG, "code_wrong", "info"},
    {"our own failure is an error", ERR_DB, "db", "error"},
};

START_TEST(test_fail_names_the_error_and_answers_it)
{
	struct ctx *c = test_ctx();
	const struct json *line;
	size_t i;

	for (i = 0; i < COUNT(failures); i++) {
		listen_begin();
		ck_case(failures[i].what,
		    fail(c, failures[i].e, "try %d", 3) == failures[i].e);
		line = listen_end(c);
		ck_assert_str_eq(
		    json_get_text(line, "event"), failures[i].event);
		ck_assert_str_eq(
		    json_get_text(line, "level"), failures[i].level);
		ck_assert_str_eq(json_get_text(line, "detail"), "try 3");
	}
	test_done(c);
}
END_TEST

START_TEST(test_levels_are_read)
{
	enum log_level level = LOG_ERROR;

	ck_assert(log_level_read("debug", &level) && level == LOG_DEBUG);
	ck_assert(log_level_read("info", &level) && level == LOG_INFO);
	ck_assert(log_level_read("warn", &level) && level == LOG_WARN);
	ck_assert(log_level_read("error", &level) && level == LOG_ERROR);
	ck_assert(!log_level_read("warning", &level));
	ck_assert(!log_level_read("", &level));
	ck_assert(!log_level_read(NULL, &level));
	ck_assert_int_eq(level, LOG_ERROR);
}
END_TEST

SUITE(log, test_line_names_all_that_is_known, test_line_without_a_request,
    test_details_cannot_break_the_line, test_long_details_are_cut,
    test_long_addresses_are_cut, test_lines_below_the_level_are_not_written,
    test_fail_names_the_error_and_answers_it, test_levels_are_read)
