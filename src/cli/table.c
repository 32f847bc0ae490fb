/* SPDX-License-Identifier: ISC */
/* Rows: in columns for people, or as JSON for programs. */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { ROOM_FIRST = 16, GAP = 2 };

struct table
table_new(struct arena *a, const char *const *heading)
{
	struct table t = {.arena = a, .heading = heading};

	while (heading[t.columns] != NULL)
		t.columns++;
	return t;
}

void
table_add(struct table *t, const char *const *cells)
{
	const char ***rows;

	if (t->n == t->room) {
		t->room = t->room > 0 ? 2 * t->room : ROOM_FIRST;
		rows = arena_list(t->arena, t->room, sizeof(*rows));
		if (t->n > 0)
			memcpy(rows, t->rows, t->n * sizeof(*rows));
		t->rows = rows;
	}
	t->rows[t->n] = arena_list(t->arena, t->columns, sizeof(*cells));
	memcpy(t->rows[t->n++], cells, t->columns * sizeof(*cells));
}

const char *
table_time(struct arena *a, int64_t ms)
{
	return ms != 0 ? time_text(a, ms) : NULL;
}

static bool
is_number(const struct table *t, size_t column)
{
	return t->heading[column][0] == '#';
}

static const char *
column_name(const struct table *t, size_t column)
{
	return t->heading[column] + is_number(t, column);
}

/* ---- for people --------------------------------------------------------------- */

const char *
people_text(struct arena *a, const char *s)
{
	return s != NULL && s[0] != '\0' ? text_shown(a, s) : "-";
}

static const char *
cell_text(const struct table *t, size_t row, size_t column)
{
	return people_text(t->arena, t->rows[row][column]);
}

static size_t
column_width(const struct table *t, size_t column)
{
	size_t i, n, width = utf8_count(column_name(t, column));

	for (i = 0; i < t->n; i++) {
		n = utf8_count(cell_text(t, i, column));
		width = n > width ? n : width;
	}
	return width;
}

static void
cell_print(const struct table *t, size_t column, size_t width, const char *s)
{
	bool last = column + 1 == t->columns;
	size_t n = utf8_count(s);
	int blanks = (int)(width > n ? width - n : 0);

	if (is_number(t, column))
		printf("%*s%s%*s", blanks, "", s, last ? 0 : GAP, "");
	else
		printf("%s%*s", s, last ? 0 : blanks + GAP, "");
}

static void
people_print(const struct table *t)
{
	size_t *widths = arena_list(t->arena, t->columns, sizeof(*widths));
	size_t i, k;
	char *name, *s;

	for (k = 0; k < t->columns; k++) {
		widths[k] = column_width(t, k);
		name = arena_text(t->arena, column_name(t, k));
		for (s = name; *s != '\0'; s++)
			*s = (char)toupper((unsigned char)*s);
		cell_print(t, k, widths[k], name);
	}
	putchar('\n');
	for (i = 0; i < t->n; i++) {
		for (k = 0; k < t->columns; k++)
			cell_print(t, k, widths[k], cell_text(t, i, k));
		putchar('\n');
	}
}

/* ---- for programs -------------------------------------------------------------- */

static void
cell_write(
    const struct table *t, size_t column, const char *s, struct writer *w)
{
	const char *name = column_name(t, column);
	int64_t i;

	if (is_number(t, column) && s != NULL && number_read(s, INT64_MAX, &i))
		write_int(w, name, i);
	else
		write_text(w, name, s);
}

static void
json_print(const struct table *t)
{
	struct writer w = writer_new(t->arena);
	size_t i, k;

	write_list(&w, NULL);
	for (i = 0; i < t->n; i++) {
		write_map(&w, NULL);
		for (k = 0; k < t->columns; k++)
			cell_write(t, k, t->rows[i][k], &w);
		write_map_end(&w);
	}
	write_list_end(&w);
	puts(writer_text(&w));
}

void
table_print(const struct table *t, bool json)
{
	if (json)
		json_print(t);
	else
		people_print(t);
}
