/* SPDX-License-Identifier: ISC */
/* What a terminal is shown of a text of others. */

#include "base/base.h"
#include "test.h"

static const struct {
	const char *what, *text, *shown;
} shows[] = {
    {"nothing", "", ""},
    {"letters", "Zo\xc3\xab \xd8\xb9\xd9\x84\xd9\x8a",
	"Zo\xc3\xab \xd8\xb9\xd9\x84\xd9\x8a"},
    {"an escape", "a\033[2Jb", "a?[2Jb"},
    {"a line of its own", "a\r\nb\tc\x7f", "a??b?c?"},
    {"a CSI of one character",
	"\xc2\x9b"
	"2J",
	"?2J"},
    {"the first and the last of C1", "\xc2\x80\xc2\x9f\xc2\xa0", "??\xc2\xa0"},
    {"ends of lines",
	"a\xe2\x80\xa8"
	"b\xe2\x80\xa9",
	"a?b?"},
    {"an override",
	"gpj.\xe2\x80\xae"
	"exe",
	"gpj.?exe"},
    {"an isolate",
	"\xe2\x81\xa6"
	"a\xe2\x81\xa9",
	"?a?"},
    {"marks of direction", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "???"},
    {"a joiner within an emoji", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x92\xbb",
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x92\xbb"},
    {"a CSI as one byte",
	"\x9b"
	"2J",
	"?2J"},
    {"half a letter", "a\xc3", "a?"},
};

START_TEST(test_what_a_terminal_would_obey_is_not_shown)
{
	struct arena *a = arena_new();
	size_t i;

	for (i = 0; i < COUNT(shows); i++)
		ck_case(shows[i].what,
		    strcmp(text_shown(a, shows[i].text), shows[i].shown) == 0);
	ck_assert_ptr_eq(text_shown(a, shows[1].text), shows[1].text);
	arena_free(a);
}
END_TEST

SUITE(text_shown, test_what_a_terminal_would_obey_is_not_shown)
