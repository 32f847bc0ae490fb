/* SPDX-License-Identifier: ISC */
/* Bring the database to today's schema, once, whoever asks first. */

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "domain/domain.h"

enum {
	SCRIPT_MAX = 1024 * 1024,
	STEPS_MAX = 256,
	DIGITS = 3,
	LOCK_SECONDS = 60
};

#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-_"

/* sql/NNN-name.sql; the whole of schema.sql counts as the first. */
struct step {
	int64_t id;
	const char *name;
	const char *file;
};

static const struct step whole = {1, "schema", "schema.sql"};

struct migration {
	const char *dir;
	struct step steps[STEPS_MAX];
	size_t n;
	int64_t applied;
};

/* ---- the files -------------------------------------------------------------- */

/* "002-devices.sql" is step 2, "devices"; false for all else. */
static bool
step_read(struct arena *a, const char *file, struct step *out)
{
	size_t n;

	if (strlen(file) <= DIGITS || file[DIGITS] != '-')
		return false;
	n = strspn(file + DIGITS + 1, LETTERS);
	if (n == 0 || strcmp(file + DIGITS + 1 + n, ".sql") != 0)
		return false;
	out->name = arena_copy(a, file + DIGITS + 1, n);
	out->file = arena_text(a, file);
	return number_read(arena_copy(a, file, DIGITS), INT64_MAX, &out->id);
}

static int
step_order(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static enum err
steps_check(struct ctx *c, const struct migration *m)
{
	int64_t before = whole.id;
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->steps[i].id <= before)
			return fail(c, ERR_IO, "%s/%s: this number is taken",
			    m->dir, m->steps[i].file);
		before = m->steps[i].id;
	}
	return OK;
}

static enum err
steps_find(struct ctx *c, struct migration *m)
{
	DIR *dir = opendir(m->dir);
	struct dirent *entry;

	if (dir == NULL)
		return fail(c, ERR_IO, "%s: %s", m->dir, strerror(errno));
	while ((entry = readdir(dir)) != NULL && m->n < STEPS_MAX)
		m->n += step_read(c->arena, entry->d_name, &m->steps[m->n]);
	(void)closedir(dir);
	qsort(m->steps, m->n, sizeof(m->steps[0]), step_order);
	return steps_check(c, m);
}

/* ---- the database ------------------------------------------------------------- */

static enum err
step_run(struct ctx *c, struct migration *m, const struct step *step)
{
	const char *path, *why;
	char *text;
	enum err e;

	path = arena_print(c->arena, "%s/%s", m->dir, step->file);
	if (file_read(c->arena, path, SCRIPT_MAX, &text, &why))
		return fail(c, ERR_IO, "%s", why);
	if ((e = db_script(c, text)))
		return fail(c, e, "%s stopped half-way", path);
	m->applied++;
	return OK;
}

/* The whole of today's schema has every numbered step behind it. */
static enum err
schema_create(struct ctx *c, struct migration *m)
{
	enum err e;
	size_t i;

	if ((e = step_run(c, m, &whole)))
		return e;
	for (i = 0; i < m->n; i++)
		if ((e = store_migration_add(
			 c, m->steps[i].id, m->steps[i].name)))
			return e;
	return store_migration_add(c, whole.id, whole.name);
}

static bool
is_applied(const struct migration_row *rows, size_t n, int64_t id)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (rows[i].id == id)
			return true;
	return false;
}

static enum err
schema_advance(struct ctx *c, struct migration *m)
{
	struct migration_row *rows;
	const struct step *step;
	enum err e;
	size_t n;

	if ((e = store_migration_list(c, &rows, &n)) && e != ERR_DB)
		return e;
	if (e || !is_applied(rows, n, whole.id))
		return fail(c, ERR_CONFLICT,
		    "tables are there, but no finished schema of Doorward");
	for (step = m->steps; step < m->steps + m->n; step++) {
		if (is_applied(rows, n, step->id))
			continue;
		if ((e = step_run(c, m, step)) ||
		    (e = store_migration_add(c, step->id, step->name)))
			return e;
	}
	return OK;
}

static enum err
schema_bring(struct ctx *c, void *with)
{
	enum err e = store_schema_exists(c);

	if (e == ERR_NOT_FOUND)
		return schema_create(c, with);
	return e ? e : schema_advance(c, with);
}

enum err
migrate(struct ctx *c, const char *dir, int64_t *applied)
{
	struct migration *m = arena_get(c->arena, sizeof(*m));
	enum err e;

	m->dir = dir;
	*applied = 0;
	if (!(e = steps_find(c, m)))
		e = db_locked(
		    c, "doorward.migrate", LOCK_SECONDS, schema_bring, m);
	*applied = m->applied;
	return e;
}

/* ---- what is missing ------------------------------------------------------------ */

static const struct step *
step_find(const struct migration *m, int64_t id)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->steps[i].id == id)
			return &m->steps[i];
	return id == whole.id ? &whole : NULL;
}

enum err
migrations_compare(
    struct ctx *c, const char *dir, const char **missing, const char **unknown)
{
	struct migration *m = arena_get(c->arena, sizeof(*m));
	struct text lacks = text_new(c->arena), strange = text_new(c->arena);
	struct migration_row *rows;
	enum err e;
	size_t i, n;

	m->dir = dir;
	if ((e = steps_find(c, m)) || (e = store_migration_list(c, &rows, &n)))
		return e;
	if (!is_applied(rows, n, whole.id))
		text_add(&lacks, whole.file);
	for (i = 0; i < m->n; i++)
		if (!is_applied(rows, n, m->steps[i].id))
			text_addf(&lacks, "%s%s", lacks.len > 0 ? ", " : "",
			    m->steps[i].file);
	for (i = 0; i < n; i++)
		if (step_find(m, rows[i].id) == NULL)
			text_addf(&strange, "%s%03lld-%s",
			    strange.len > 0 ? ", " : "", (long long)rows[i].id,
			    rows[i].name);
	*missing = lacks.s;
	*unknown = strange.s;
	return OK;
}
