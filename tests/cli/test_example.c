/* SPDX-License-Identifier: ISC */
/* conf/doorward.conf.example: every key, with its default and its unit. */

#include "stage.h"

enum { EXAMPLE_MAX = 64 * 1024 };

static const char *
example_path(struct ctx *c)
{
	const char *src = getenv("DW_SRC");

	return arena_print(
	    c->arena, "%s/conf/doorward.conf.example", src ? src : ".");
}

/* Where its installation puts it: shown as a Debian package has it. */
static bool
is_place(const char *key)
{
	return !strcmp(key, "module_dir") || !strcmp(key, "template_dir");
}

/* The line of this key, which is there once; *given: without a #. */
static const char *
line_of(struct ctx *c, const char *text, const char *key, bool *given)
{
	const char *line, *found = NULL;
	size_t n = strlen(key);

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line + (*line == '#'), key, n) != 0 ||
		    strncmp(line + (*line == '#') + n, " =", 2) != 0)
			continue;
		ck_assert_msg(!found, "%s is there twice", key);
		*given = *line != '#';
		found = arena_copy(c->arena, line, strcspn(line, "\n"));
		ck_assert_msg(line - text > 3 && strncmp(line - 2, "\n\n", 2),
		    "%s has no comment above it", key);
	}
	ck_assert_msg(found, "%s is missing", key);
	return found;
}

START_TEST(test_every_key_has_its_default)
{
	struct ctx *c = test_ctx();
	const struct setting *row;
	const char *why, *line, *usual;
	char *text;
	bool given;

	ck_ok(file_read(c->arena, example_path(c), EXAMPLE_MAX, &text, &why));
	for (row = conf_settings; row->name != NULL; row++) {
		line = line_of(c, text, row->name, &given);
		if (given || is_place(row->name)) {
			ck_case(row->name, is_place(row->name) ||
					       row->preset == NULL ||
					       !*row->preset);
			continue;
		}
		usual = row->preset && *row->preset
			    ? arena_print(
				  c->arena, "#%s = %s", row->name, row->preset)
			    : arena_print(c->arena, "#%s =", row->name);
		ck_assert_str_eq(line, usual);
	}
	test_done(c);
}
END_TEST

START_TEST(test_every_number_has_its_bounds_and_unit)
{
	struct ctx *c = test_ctx();
	const struct setting *row;
	const char *why, *bounds;
	char *text, *s;

	ck_ok(file_read(c->arena, example_path(c), EXAMPLE_MAX, &text, &why));
	for (s = text; (s = strstr(s, "\n# ")) != NULL;)
		memmove(s, s + 2, strlen(s + 2) + 1);
	for (row = conf_settings; row->name != NULL; row++) {
		if (row->type != SETTING_INT)
			continue;
		bounds = arena_print(c->arena,
		    "Default: %s%s%s; from %lld to %lld.\n#%s = %s\n",
		    row->preset, row->unit ? " " : "",
		    row->unit ? row->unit : "", (long long)row->min,
		    (long long)row->max, row->name, row->preset);
		ck_assert_msg(strstr(text, bounds), "not there: %s", bounds);
	}
	test_done(c);
}
END_TEST

START_TEST(test_it_can_be_read)
{
	struct ctx *c = test_ctx();
	const char *why = "";
	struct conf conf;

	ck_assert_msg(
	    conf_read(c->arena, example_path(c), &conf, &why) == OK, "%s", why);
	test_done(c);
}
END_TEST

SUITE(example, test_every_key_has_its_default,
    test_every_number_has_its_bounds_and_unit, test_it_can_be_read)
