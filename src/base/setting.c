/* SPDX-License-Identifier: ISC */
/* setting: typed tables of keys, for doorward.conf and for tenants. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static const struct setting *
row_find(const struct setting *rows, const char *name)
{
	for (; rows->name != NULL; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

/* Is s one of "a|b|c"? */
static bool
is_choice(const char *choices, const char *s)
{
	size_t n = strlen(s), len;

	if (n == 0 || strchr(s, '|') != NULL)
		return false;
	for (; *choices != '\0'; choices += len + (choices[len] == '|')) {
		len = strcspn(choices, "|");
		if (len == n && strncmp(choices, s, n) == 0)
			return true;
	}
	return false;
}

static bool
int_read(const char *s, int64_t min, int64_t max, int64_t *out)
{
	bool minus = s[0] == '-';
	int64_t n;

	if (!number_read(s + minus, INT64_MAX, &n))
		return false;
	n = minus ? -n : n;
	if (n < min || n > max)
		return false;
	*out = n;
	return true;
}

static bool
bool_read(const char *s, bool *out)
{
	bool yes = strcmp(s, "true") == 0 || strcmp(s, "yes") == 0;
	bool no = strcmp(s, "false") == 0 || strcmp(s, "no") == 0;

	if (yes || no)
		*out = yes;
	return yes || no;
}

/* Put a value that the row takes, as it is; false when it does not take it. */
static bool
row_put(const struct setting *row, void *into, const char *value)
{
	char *at = (char *)into + row->offset;

	switch (row->type) {
	case SETTING_INT:
		return int_read(
		    value, row->min, row->max, (int64_t *)(void *)at);
	case SETTING_BOOL:
		return bool_read(value, (bool *)at);
	case SETTING_CHOICE:
		if (!is_choice(row->choices, value))
			return false;
		break;
	case SETTING_SECRET:
		((struct secret *)(void *)at)->s = value;
		return true;
	case SETTING_TEXT:
		break;
	}
	*(const char **)(void *)at = value;
	return true;
}

void
settings_preset(const struct setting *row, void *into)
{
	char *at;

	for (; row->name != NULL; row++) {
		at = (char *)into + row->offset;
		if (row->preset != NULL) {
			if (!row_put(row, into, row->preset))
				abort();
		} else if (row->type == SETTING_INT) {
			*(int64_t *)(void *)at = 0;
		} else if (row->type == SETTING_BOOL) {
			*(bool *)at = false;
		} else {
			*(const char **)(void *)at = NULL;
		}
	}
}

/* "a, b or c" */
static char *
choices_text(struct arena *a, const char *choices)
{
	struct text out = text_new(a);
	size_t n;

	while (*choices != '\0') {
		n = strcspn(choices, "|");
		text_add_n(&out, choices, n);
		choices += n;
		if (*choices == '\0')
			break;
		choices++;
		text_add(&out, strchr(choices, '|') != NULL ? ", " : " or ");
	}
	return out.s;
}

/* Which values the row takes. */
static const char *
row_bounds(struct arena *a, const struct setting *row)
{
	switch (row->type) {
	case SETTING_INT:
		return arena_print(a,
		    "%s must be a whole number from %" PRId64 " to %" PRId64
		    "%s%s%s",
		    row->name, row->min, row->max,
		    row->unit != NULL ? " (" : "",
		    row->unit != NULL ? row->unit : "",
		    row->unit != NULL ? ")" : "");
	case SETTING_BOOL:
		return arena_print(a, "%s must be true or false", row->name);
	case SETTING_CHOICE:
		return arena_print(a, "%s must be %s", row->name,
		    choices_text(a, row->choices));
	case SETTING_TEXT:
	case SETTING_SECRET:
		break;
	}
	return arena_print(
	    a, "%s must be UTF-8 without control characters", row->name);
}

const char *
settings_put(struct arena *a, const struct setting *rows, void *into,
    const char *name, const char *value)
{
	const struct setting *row = row_find(rows, name);
	const char *wrong;

	if (row == NULL)
		return arena_print(a, "%s is not a known key", name);
	if (has_control(value) || !utf8_valid(value, strlen(value)))
		return arena_print(
		    a, "%s must be UTF-8 without control characters", name);
	if (row->check != NULL && (wrong = row->check(value)) != NULL)
		return arena_print(a, "%s %s", name, wrong);
	if (!row_put(row, into, arena_text(a, value)))
		return row_bounds(a, row);
	return NULL;
}

const char *
settings_show(struct arena *a, const struct setting *row, const void *from)
{
	const char *at = (const char *)from + row->offset;
	const char *s;

	switch (row->type) {
	case SETTING_INT:
		return arena_print(
		    a, "%" PRId64, *(const int64_t *)(const void *)at);
	case SETTING_BOOL:
		return *(const bool *)at ? "true" : "false";
	case SETTING_SECRET:
		s = ((const struct secret *)(const void *)at)->s;
		return s != NULL && s[0] != '\0' ? "(set)" : "";
	case SETTING_TEXT:
	case SETTING_CHOICE:
		break;
	}
	s = *(const char *const *)(const void *)at;
	return s != NULL ? arena_text(a, s) : "";
}
