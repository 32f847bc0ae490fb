/* SPDX-License-Identifier: ISC */
/* setting: typed keys. */

#include "test.h"

struct sample {
	const char *text, *given, *color;
	int64_t seconds, offset;
	bool on;
	struct secret key;
};

static const char *
check_short(const char *s)
{
	return strlen(s) <= 5 ? NULL : "must be short";
}

static const struct setting rows[] = {
    SETTING_ROW_TEXT(struct sample, text, "abc", check_short, "A text."),
    SETTING_ROW_TEXT(struct sample, given, NULL, NULL, "Has no preset."),
    SETTING_ROW_CHOICE(
	struct sample, color, "red", "red|green|blue", "A color."),
    SETTING_ROW_INT(struct sample, seconds, "5", 1, 60, "s", "A time."),
    SETTING_ROW_INT(struct sample, offset, "-3", -10, 10, NULL, "A number."),
    SETTING_ROW_BOOL(struct sample, on, "true", "A switch."),
    SETTING_ROW_SECRET(struct sample, key, "A key."),
    SETTING_END,
};

START_TEST(test_presets)
{
	struct sample s;

	memset(&s, 0xa5, sizeof(s));
	settings_preset(rows, &s);
	ck_assert_str_eq(s.text, "abc");
	ck_assert_ptr_null(s.given);
	ck_assert_str_eq(s.color, "red");
	ck_assert_int_eq(s.seconds, 5);
	ck_assert_int_eq(s.offset, -3);
	ck_assert(s.on);
	ck_assert_ptr_null(s.key.s);
}
END_TEST

/* wrong NULL: taken, and shown as shown */
static const struct {
	const char *what, *name, *value, *wrong, *shown;
} cases[] = {
    {"a text", "text", "xyz", NULL, "xyz"},
    {"an empty text", "text", "", NULL, ""},
    {"a text that its check refuses", "text", "abcdef", "text must be short",
	"abc"},
    {"a text with a line feed", "text", "a\nb",
	"text must be UTF-8 without control characters", "abc"},
    {"a text in Latin 1", "text", "\xe9",
	"text must be UTF-8 without control characters", "abc"},
    {"a choice", "color", "blue", NULL, "blue"},
    {"the beginning of a choice", "color", "gree",
	"color must be red, green or blue", "red"},
    {"a choice in upper case", "color", "RED",
	"color must be red, green or blue", "red"},
    {"two choices", "color", "red|green", "color must be red, green or blue",
	"red"},
    {"no choice", "color", "", "color must be red, green or blue", "red"},
    {"the least", "seconds", "1", NULL, "1"},
    {"the most", "seconds", "60", NULL, "60"},
    {"less than the least", "seconds", "0",
	"seconds must be a whole number from 1 to 60 (s)", "5"},
    {"more than the most", "seconds", "61",
	"seconds must be a whole number from 1 to 60 (s)", "5"},
    {"a fraction", "seconds", "1.5",
	"seconds must be a whole number from 1 to 60 (s)", "5"},
    {"a unit", "seconds", "5s",
	"seconds must be a whole number from 1 to 60 (s)", "5"},
    {"no number", "seconds", "",
	"seconds must be a whole number from 1 to 60 (s)", "5"},
    {"a number that no integer holds", "seconds", "99999999999999999999",
	"seconds must be a whole number from 1 to 60 (s)", "5"},
    {"a number below zero", "offset", "-10", NULL, "-10"},
    {"a number too far below zero", "offset", "-11",
	"offset must be a whole number from -10 to 10", "-3"},
    {"two minuses", "offset", "--1",
	"offset must be a whole number from -10 to 10", "-3"},
    {"off", "on", "false", NULL, "false"},
    {"off, in other words", "on", "no", NULL, "false"},
    {"on, in other words", "on", "yes", NULL, "true"},
    {"neither on nor off", "on", "1", "on must be true or false", "true"},
    {"a secret is not shown", "key", "hush", NULL, "(set)"},
    {"no secret", "key", "", NULL, ""},
    {"an unknown key", "colour", "red", "colour is not a known key", NULL},
    {"a key in upper case", "COLOR", "red", "COLOR is not a known key", NULL},
};

static const struct setting *
row_of(const char *name)
{
	const struct setting *row;

	for (row = rows; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

START_TEST(test_values)
{
	struct ctx *c = test_ctx();
	struct sample s;
	const char *wrong;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		settings_preset(rows, &s);
		wrong = settings_put(
		    c->arena, rows, &s, cases[i].name, cases[i].value);
		ck_case(cases[i].what, (wrong == NULL) == !cases[i].wrong);
		if (wrong != NULL)
			ck_assert_str_eq(wrong, cases[i].wrong);
		if (cases[i].shown != NULL)
			ck_case(cases[i].what,
			    strcmp(settings_show(
				       c->arena, row_of(cases[i].name), &s),
				cases[i].shown) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_values_are_copied)
{
	struct ctx *c = test_ctx();
	char value[] = "xyz";
	struct sample s;

	settings_preset(rows, &s);
	ck_assert_ptr_null(settings_put(c->arena, rows, &s, "given", value));
	ck_assert_ptr_null(settings_put(c->arena, rows, &s, "key", value));
	memset(value, '-', 3);
	ck_assert_str_eq(s.given, "xyz");
	ck_assert_str_eq(s.key.s, "xyz");
	test_done(c);
}
END_TEST

START_TEST(test_what_is_not_there_shows_as_nothing)
{
	struct ctx *c = test_ctx();
	struct sample s;

	settings_preset(rows, &s);
	ck_assert_str_eq(settings_show(c->arena, row_of("given"), &s), "");
	ck_assert_str_eq(settings_show(c->arena, row_of("key"), &s), "");
	test_done(c);
}
END_TEST

SUITE(setting, test_presets, test_values, test_values_are_copied,
    test_what_is_not_there_shows_as_nothing)
