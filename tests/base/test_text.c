/* SPDX-License-Identifier: ISC */
/* text: encodings, there and back. */

#include "test.h"

static const struct {
	const char *what, *text;
	size_t want;
	bool good;
} hexes[] = {
    {"both cases", "00fFaB", 3, true},
    {"nothing where nothing is wanted", "", 0, true},
    {"a digit less", "00fFa", 3, false},
    {"a digit more", "00fFaB0", 3, false},
    {"no hex", "00fFaG", 3, false},
    {"a sign", "+0-0", 2, false},
    {"a prefix", "0x00", 2, false},
};

START_TEST(test_hex)
{
	struct ctx *c = test_ctx();
	unsigned char out[4];
	size_t i;

	for (i = 0; i < COUNT(hexes); i++)
		ck_case(hexes[i].what, hex_read(hexes[i].text, out,
					   hexes[i].want) == hexes[i].good);
	ck_assert(!hex_read(NULL, out, 0));
	ck_assert(hex_read("00fFaB", out, 3));
	ck_assert_mem_eq(out, "\x00\xff\xab", 3);
	ck_assert_str_eq(hex_text(c->arena, out, 3), "00ffab");
	ck_assert_str_eq(hex_text(c->arena, NULL, 0), "");
	test_done(c);
}
END_TEST

/* The vectors of RFC 4648, 10, in base64url without padding. */
static const struct {
	const char *plain, *text;
} vectors[] = {
    {"", ""},
    {"f", "Zg"},
    {"fo", "Zm8"},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg"},
    {"fooba", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "-_-_"},
};

START_TEST(test_base64url_there_and_back)
{
	struct ctx *c = test_ctx();
	unsigned char *back;
	size_t i, n;
	char *text;

	for (i = 0; i < COUNT(vectors); i++) {
		n = strlen(vectors[i].plain);
		text = base64url_text(c->arena, vectors[i].plain, n);
		ck_assert_str_eq(text, vectors[i].text);
		back = base64url_read(c->arena, text, strlen(text), &n);
		ck_assert_ptr_nonnull(back);
		ck_assert_uint_eq(n, strlen(vectors[i].plain));
		ck_assert_mem_eq(back, vectors[i].plain, n);
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *text;
} no_base64url[] = {
    {"padding", "Zg=="},
    {"the plus of plain base64", "-+-_"},
    {"the slash of plain base64", "-/-_"},
    {"a blank", "Zm9v Yg"},
    {"a line feed at the end", "Zm9v\n"},
    {"one letter alone", "Z"},
    {"one letter too many", "Zm9vY"},
    {"stray bits behind one byte", "Zh"},
    {"stray bits behind two bytes", "Zm9"},
    {"a dot", "Zm.v"},
    {"no ASCII", "Zm\xc3\xa9"},
};

START_TEST(test_base64url_is_strict)
{
	struct ctx *c = test_ctx();
	size_t i, n;

	for (i = 0; i < COUNT(no_base64url); i++)
		ck_case(no_base64url[i].what,
		    !base64url_read(c->arena, no_base64url[i].text,
			strlen(no_base64url[i].text), &n));
	ck_assert_ptr_null(base64url_read(c->arena, "Zm\0v", 4, &n));
	test_done(c);
}
END_TEST

START_TEST(test_base64url_of_every_length)
{
	struct ctx *c = test_ctx();
	unsigned char some[100], *back;
	size_t n, len;
	char *text;

	for (n = 0; n < sizeof(some); n++) {
		world_random(some, n);
		text = base64url_text(c->arena, some, n);
		back = base64url_read(c->arena, text, strlen(text), &len);
		ck_assert_uint_eq(len, n);
		ck_assert_mem_eq(back, some, n);
	}
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *text;
	bool good;
} utf8s[] = {
    {"nothing", "", true},
    {"ASCII", "abc", true},
    {"the first and last of two bytes", "\xc2\x80\xdf\xbf", true},
    {"the first and last of three", "\xe0\xa0\x80\xef\xbf\xbf", true},
    {"the first and last of four", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", true},
    {"around the surrogates", "\xed\x9f\xbf\xee\x80\x80", true},
    {"a lone continuation byte", "\x80", false},
    {"an overlong slash of two", "\xc0\xaf", false},
    {"an overlong slash of three", "\xe0\x80\xaf", false},
    {"an overlong slash of four", "\xf0\x80\x80\xaf", false},
    {"an overlong NUL", "\xc0\x80", false},
    {"the last overlong of two", "\xc1\xbf", false},
    {"the last overlong of three", "\xe0\x9f\xbf", false},
    {"the last overlong of four", "\xf0\x8f\xbf\xbf", false},
    {"a high surrogate", "\xed\xa0\x80", false},
    {"a low surrogate", "\xed\xbf\xbf", false},
    {"a pair of surrogates", "\xed\xa0\x80\xed\xb0\x80", false},
    {"above the last code point", "\xf4\x90\x80\x80", false},
    {"a lead byte of five", "\xf8\x88\x80\x80\x80", false},
    {"0xff", "\xff", false},
    {"cut after one of two", "a\xc3", false},
    {"cut after two of three", "a\xe2\x82", false},
    {"cut after three of four", "a\xf0\x9f\x98", false},
    {"a lead byte before ASCII",
	"\xc3"
	"a",
	false},
};

START_TEST(test_utf8_is_strict)
{
	size_t i;

	for (i = 0; i < COUNT(utf8s); i++)
		ck_case(utf8s[i].what,
		    utf8_valid(utf8s[i].text, strlen(utf8s[i].text)) ==
			utf8s[i].good);
	ck_assert(utf8_valid("a\0b", 3));
	ck_assert_uint_eq(utf8_count(""), 0);
	ck_assert_uint_eq(
	    utf8_count("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 4);
}
END_TEST

START_TEST(test_control_bytes_are_found)
{
	char s[] = "a?b";
	int byte;

	for (byte = 1; byte < 256; byte++) {
		s[1] = (char)byte;
		ck_assert_msg(has_control(s) == (byte < 0x20 || byte == 0x7f),
		    "byte %d", byte);
	}
	ck_assert(!has_control(""));
}
END_TEST

START_TEST(test_c1_controls_are_found_and_letters_are_none)
{
	char s[] = "a\xc2?b";
	int byte;

	for (byte = 0x80; byte < 0xc0; byte++) {
		s[2] = (char)byte;
		ck_assert_msg(
		    has_control(s) == (byte < 0xa0), "U+00%02x", byte);
	}
	/* the same bytes within other characters */
	ck_assert(!has_control("\xc4\x9b \xe2\x82\x9b \xf0\x9f\x98\x80"));
}
END_TEST

static const struct {
	const char *what, *text;
	int64_t max, value;
} numbers[] = {
    {"zero", "0", 10, 0},
    {"the most", "10", 10, 10},
    {"leading zeros say nothing", "007", 10, 7},
    {"the most of all", "9223372036854775807", INT64_MAX, INT64_MAX},
    {"one more than the most", "11", 10, -1},
    {"one more than the most of all", "9223372036854775808", INT64_MAX, -1},
    {"far more", "99999999999999999999999999", INT64_MAX, -1},
    {"nothing", "", 10, -1},
    {"a plus", "+1", 10, -1},
    {"a minus", "-1", 10, -1},
    {"a blank before", " 1", 10, -1},
    {"a blank behind", "1 ", 10, -1},
    {"hex", "0x1", 10, -1},
    {"an exponent", "1e0", 10, -1},
    {"digits of another script", "\xd9\xa1", 10, -1},
};

START_TEST(test_numbers)
{
	int64_t n;
	size_t i;

	for (i = 0; i < COUNT(numbers); i++) {
		n = -1;
		ck_case(numbers[i].what,
		    number_read(numbers[i].text, numbers[i].max, &n) ==
			(numbers[i].value >= 0));
		ck_case(numbers[i].what, n == numbers[i].value);
	}
	ck_assert(!number_read(NULL, 1, &n));
}
END_TEST

START_TEST(test_ascii_case)
{
	struct ctx *c = test_ctx();

	ck_assert(ascii_equal_fold("Content-TYPE", "content-type"));
	ck_assert(ascii_equal_fold("", ""));
	ck_assert(!ascii_equal_fold("a", "ab"));
	ck_assert(!ascii_equal_fold("ab", "a"));
	ck_assert(!ascii_equal_fold("@", "`"));
	ck_assert(!ascii_equal_fold("\xc3\x89", "\xc3\xa9"));
	ck_assert_str_eq(ascii_lower(c->arena, "AZ[\xc3\x89"
					       "az@"),
	    "az[\xc3\x89"
	    "az@");
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	int64_t ms;
	const char *text;
} times[] = {
    {"the beginning", 0, "1970-01-01T00:00:00.000Z"},
    {"a millisecond before it", -1, "1969-12-31T23:59:59.999Z"},
    {"a second before it", -1000, "1969-12-31T23:59:59.000Z"},
    {"a leap day", INT64_C(1709164800007), "2024-02-29T00:00:00.007Z"},
    {"after 2038", INT64_C(4102444800000), "2100-01-01T00:00:00.000Z"},
};

START_TEST(test_times)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(times); i++)
		ck_case(times[i].what, strcmp(time_text(c->arena, times[i].ms),
					   times[i].text) == 0);
	ck_assert_str_eq(
	    time_text(c->arena, c->now), "2026-11-22T10:00:00.000Z");
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *text, *plain;
} percents[] = {
    {"nothing", "", ""},
    {"plain", "abc-._~", "abc-._~"},
    {"a plus is a blank", "a+b%2Bc", "a b+c"},
    {"both cases", "%c3%A9", "\xc3\xa9"},
    {"read once only", "%2541", "%41"},
    {"line ends are read", "%0d%0A", "\r\n"},
    {"a NUL", "a%00b", NULL},
    {"cut after the sign", "a%", NULL},
    {"cut after a digit", "a%4", NULL},
    {"no hex", "%4g", NULL},
    {"a sign is no digit", "%+4", NULL},
};

START_TEST(test_percents)
{
	struct ctx *c = test_ctx();
	const char *plain;
	size_t i;

	for (i = 0; i < COUNT(percents); i++) {
		plain = percent_read(
		    c->arena, percents[i].text, strlen(percents[i].text));
		ck_case(percents[i].what,
		    (plain == NULL) == (percents[i].plain == NULL));
		if (plain != NULL)
			ck_case(percents[i].what,
			    strcmp(plain, percents[i].plain) == 0);
	}
	ck_assert_ptr_null(percent_read(c->arena, "a\0b", 3));
	ck_assert_str_eq(percent_read(c->arena, "%41%42", 3), "A");
	test_done(c);
}
END_TEST

START_TEST(test_percents_there_and_back)
{
	struct ctx *c = test_ctx();
	char all[256], *text;
	int i;

	ck_assert_str_eq(percent_text(c->arena, "aZ09-._~ +/&\xc3\xa9"),
	    "aZ09-._~%20%2B%2F%26%C3%A9");
	for (i = 1; i < 256; i++)
		all[i - 1] = (char)i;
	all[255] = '\0';
	text = percent_text(c->arena, all);
	ck_assert_str_eq(percent_read(c->arena, text, strlen(text)), all);
	test_done(c);
}
END_TEST

START_TEST(test_random_bytes)
{
	static const char letters[] = "ABCyz019-_=+%\x80";
	struct arena *a = arena_new();
	unsigned char *bytes;
	uint32_t i, n;
	char s[40];
	size_t len;
	int round, read = 0;

	for (round = 0; round < 20000; round++) {
		n = world_dice(sizeof(s));
		world_random(s, sizeof(s));
		for (i = 0; i < n && round % 2 != 0; i++)
			s[i] = letters[world_dice(i < 9 ? 10 : 14)];
		bytes = base64url_read(a, s, n, &len);
		if (bytes != NULL && ++read > 0)
			ck_assert_mem_eq(base64url_text(a, bytes, len), s, n);
		(void)percent_read(a, s, n);
		(void)utf8_valid(s, n);
		arena_wipe(a);
	}
	ck_assert_int_gt(read, 100);
	arena_free(a);
}
END_TEST

SUITE(text, test_hex, test_base64url_there_and_back, test_base64url_is_strict,
    test_base64url_of_every_length, test_utf8_is_strict,
    test_control_bytes_are_found,
    test_c1_controls_are_found_and_letters_are_none, test_numbers,
    test_ascii_case, test_times, test_percents, test_percents_there_and_back,
    test_random_bytes)
