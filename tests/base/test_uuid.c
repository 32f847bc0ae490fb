/* SPDX-License-Identifier: ISC */
/* uuid: made, read and shown. */

#include "test.h"

static const struct {
	const char *what, *text;
	bool good;
} cases[] = {
    {"a canonical one", "0192f0c1-7b3a-7c44-9e1f-0123456789ab", true},
    {"upper case is read too", "0192F0C1-7B3A-7C44-9E1F-0123456789AB", true},
    {"the nil one", "00000000-0000-0000-0000-000000000000", true},
    {"nothing", "", false},
    {"without dashes", "0192f0c17b3a7c449e1f0123456789ab", false},
    {"one digit less", "0192f0c1-7b3a-7c44-9e1f-0123456789a", false},
    {"one digit more", "0192f0c1-7b3a-7c44-9e1f-0123456789abc", false},
    {"a dash too far", "0192f0c17-b3a-7c44-9e1f-0123456789ab", false},
    {"no hex", "0192f0c1-7b3a-7c44-9e1f-0123456789ag", false},
    {"braces", "{0192f0c1-7b3a-7c44-9e1f-012345678}", false},
    {"a blank", " 192f0c1-7b3a-7c44-9e1f-0123456789ab", false},
    {"a sign", "+192f0c1-7b3a-7c44-9e1f-0123456789ab", false},
};

START_TEST(test_reads_the_canonical_form_only)
{
	struct ctx *c = test_ctx();
	struct uuid u;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		ck_case(cases[i].what,
		    uuid_read(cases[i].text, &u) == cases[i].good);
		if (cases[i].good)
			ck_case(cases[i].what,
			    ascii_equal_fold(
				uuid_text(c->arena, u), cases[i].text));
	}
	ck_assert(!uuid_read(NULL, &u));
	test_done(c);
}
END_TEST

START_TEST(test_bytes_are_in_network_order)
{
	struct uuid u;

	ck_assert(uuid_read("00010203-0405-0607-0809-0a0b0c0d0e0f", &u));
	ck_assert_mem_eq(u.b,
	    "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
	    16);
}
END_TEST

START_TEST(test_the_least_of_a_time)
{
	struct uuid least = uuid_least(INT64_C(0x0192f0c17b3a));
	struct uuid then = uuid_make(INT64_C(0x0192f0c17b3a));
	struct uuid before = uuid_make(INT64_C(0x0192f0c17b39));

	ck_assert_int_lt(memcmp(least.b, then.b, sizeof(least.b)), 0);
	ck_assert_int_gt(memcmp(least.b, before.b, sizeof(least.b)), 0);
	ck_assert(uuid_is_nil(uuid_least(0)));
	ck_assert(uuid_is_nil(uuid_least(-5)));
}
END_TEST

START_TEST(test_made_ones_tell_version_and_time)
{
	struct ctx *c = test_ctx();
	char *text = uuid_text(c->arena, uuid_make(INT64_C(0x0192f0c17b3a)));

	ck_assert_uint_eq(strlen(text), 36);
	ck_assert_msg(strncmp(text, "0192f0c1-7b3a-7", 15) == 0, "%s", text);
	ck_assert_msg(strchr("89ab", text[19]) != NULL, "%s", text);
	test_done(c);
}
END_TEST

START_TEST(test_made_ones_differ_and_sort_by_time)
{
	struct uuid last = uuid_make(1), next;
	int64_t ms;

	for (ms = 2; ms < 2000; ms++) {
		next = uuid_make(ms);
		ck_assert_int_lt(memcmp(last.b, next.b, 16), 0);
		last = next;
	}
	ck_assert(!uuid_equal(uuid_make(5), uuid_make(5)));
}
END_TEST

START_TEST(test_nil_and_equal)
{
	struct uuid nil = {{0}}, one = uuid_make(1);

	ck_assert(uuid_is_nil(nil));
	ck_assert(!uuid_is_nil(one));
	ck_assert(uuid_equal(one, one));
	ck_assert(!uuid_equal(one, nil));
}
END_TEST

SUITE(uuid, test_the_least_of_a_time, test_reads_the_canonical_form_only,
    test_bytes_are_in_network_order, test_made_ones_tell_version_and_time,
    test_made_ones_differ_and_sort_by_time, test_nil_and_equal)
