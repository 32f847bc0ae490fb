/* SPDX-License-Identifier: ISC */
/* Are the tables as schema.sql has them? What PREPARE does not see in compounds. */

#include "domain/domain.h"

#include <stdio.h>
#include <string.h>

#define INDENT  "    "
#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

/* Both sides of the comparison, and where the script's reader stands. */
struct reading {
	struct ctx *c;
	struct column_row *columns;
	size_t columns_n;
	struct index_row *keys;
	size_t keys_n;
	const char *table; /* of the script; NULL between two */
	bool is_there;     /* this table, in the database */
	struct schema_faults *out;
};

static void PRINTF(2, 3) fault(struct reading *r, const char *format, ...)
{
	va_list args;
	char line[512];

	va_start(args, format);
	(void)vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (r->out->n < SCHEMA_FAULTS_MAX)
		r->out->list[r->out->n++] = arena_text(r->c->arena, line);
}

/* ---- what stands in the script ---------------------------------------------------- */

static char *
word_of(struct reading *r, const char *s)
{
	return arena_copy(r->c->arena, s, strspn(s, LETTERS));
}

/* Up to the blank or comma that is in no brackets. */
static size_t
type_len(const char *s)
{
	size_t n;
	bool inside = false;

	for (n = 0; s[n] != '\0'; n++) {
		inside = s[n] == '(' || (inside && s[n] != ')');
		if (!inside && (s[n] == ' ' || s[n] == ','))
			break;
	}
	return n;
}

/*
 * As both sides can be compared: lower case but for what stands in quotes, no
 * width of a whole number, a BOOL for what it is.
 */
static const char *
type_plain(struct arena *a, const char *type, bool is_unsigned)
{
	size_t n = strcspn(type, "(");
	char *s = ascii_lower(a, arena_copy(a, type, n));
	const char *rest = type + n;

	if (strcmp(s, "bool") == 0)
		s = arena_text(a, "tinyint");
	if (n >= 3 && strcmp(s + strlen(s) - 3, "int") == 0) {
		is_unsigned |= strstr(rest, "unsigned") != NULL;
		rest = is_unsigned ? " unsigned" : "";
	}
	return arena_print(a, "%s%s", s, rest);
}

/* ---- columns ------------------------------------------------------------------------ */

static const struct column_row *
column_find(const struct reading *r, const char *table, const char *name)
{
	size_t i;

	for (i = 0; i < r->columns_n; i++)
		if (strcmp(r->columns[i].table, table) == 0 &&
		    (name == NULL || strcmp(r->columns[i].name, name) == 0))
			return &r->columns[i];
	return NULL;
}

static void
column_compare(struct reading *r, const char *line)
{
	struct arena *a = r->c->arena;
	const char *name = word_of(r, line), *type, *want, *have;
	const struct column_row *row = column_find(r, r->table, name);

	r->out->columns++;
	type = line + strlen(name);
	type += strspn(type, " ");
	if (row == NULL) {
		fault(r, "Column %s.%s is missing.", r->table, name);
		return;
	}
	want = type_plain(a, arena_copy(a, type, type_len(type)),
	    strncmp(type + type_len(type), " UNSIGNED", 9) == 0);
	have = type_plain(a, row->type, false);
	if (strcmp(want, have) != 0)
		fault(r, "Column %s.%s is %s, not %s.", r->table, name, have,
		    want);
}

/* ---- keys ----------------------------------------------------------------------------- */

static const struct index_row *
key_find(const struct reading *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->keys_n; i++)
		if (strcmp(r->keys[i].table, r->table) == 0 &&
		    strcmp(r->keys[i].name, name) == 0)
			return &r->keys[i];
	return NULL;
}

/* "(a, b)" without its brackets and blanks. */
static const char *
columns_of(struct reading *r, const char *s)
{
	struct text out = text_new(r->c->arena);

	s += strcspn(s, "(");
	s += *s == '(';
	for (text_add(&out, ""); *s != '\0' && *s != ')'; s++)
		if (*s != ' ')
			text_add_c(&out, *s);
	return out.s;
}

/* "KEY name (a, b)", "UNIQUE KEY name (…)", "PRIMARY KEY (…)"; else false. */
static bool
key_compare(struct reading *r, const char *line)
{
	bool primary = strncmp(line, "PRIMARY KEY ", 12) == 0;
	bool unique = strncmp(line, "UNIQUE KEY ", 11) == 0;
	const struct index_row *row;
	const char *name = "PRIMARY";

	if (!primary && !unique && strncmp(line, "KEY ", 4) != 0)
		return false;
	if (!primary)
		name = word_of(r, line + (unique ? 11 : 4));
	row = key_find(r, name);
	if (row == NULL)
		fault(r, "Key %s of table %s is missing.", name, r->table);
	else if (strcmp(row->columns, columns_of(r, line)) != 0 ||
		 row->unique != (primary || unique))
		fault(r, "Key %s of table %s is another one: (%s).", name,
		    r->table, row->columns);
	return true;
}

/* ---- tables --------------------------------------------------------------------------- */

static void
table_begin(struct reading *r, const char *name)
{
	r->table = word_of(r, name);
	r->is_there = column_find(r, r->table, NULL) != NULL;
	r->out->tables++;
	if (!r->is_there)
		fault(r, "Table %s is missing.", r->table);
}

/* At the margin, only what begins a table ends in a bracket. */
static void
line_compare(struct reading *r, const char *line)
{
	size_t n = strlen(line);

	if (line[0] == 'C' && line[n - 1] == '(') {
		line += strcspn(line, LETTERS);
		table_begin(r, line);
	} else if (line[0] == ')') {
		r->table = NULL;
	} else if (r->table != NULL && r->is_there &&
		   strncmp(line, INDENT, sizeof(INDENT) - 1) == 0 &&
		   line[sizeof(INDENT) - 1] != ' ') {
		line += sizeof(INDENT) - 1;
		if (!key_compare(r, line))
			column_compare(r, line);
	}
}

enum err
schema_compare(struct ctx *c, const char *script, struct schema_faults *out)
{
	struct reading r = {.c = c, .out = out};
	char *rest = arena_text(c->arena, script), *line;
	enum err e;

	*out = (struct schema_faults){.n = 0};
	if ((e = store_doctor_columns(c, &r.columns, &r.columns_n)) ||
	    (e = store_doctor_keys(c, &r.keys, &r.keys_n)))
		return e;
	while ((line = strsep(&rest, "\n")) != NULL)
		line_compare(&r, line);
	return OK;
}
