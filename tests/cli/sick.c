/* SPDX-License-Identifier: ISC */
/* A whole installation, made ill in one way at a time, and doctor's word on it. */

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sick.h"

const char *
sick_path(struct sick *k, const char *name)
{
	return arena_print(k->s.c->arena, "%s/%s", k->s.dir, name);
}

void
sick_file(struct sick *k, const char *name, const char *text, unsigned mode)
{
	const char *path = sick_path(k, name);
	int fd;

	(void)unlink(path); /* nobody but root may open what is read only */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

void
sick_conf(struct sick *k, const char *line)
{
	struct text out = text_new(k->s.c->arena);
	char *rest = arena_text(k->s.c->arena, k->well), *old;
	size_t key = strcspn(line, " =");

	while ((old = strsep(&rest, "\n")) != NULL)
		if (strncmp(old, line, key) != 0 ||
		    strchr(" =", old[key]) == NULL)
			text_addf(&out, "%s\n", old);
	text_addf(&out, "%s\n", line);
	sick_file(k, "doorward.conf", out.s, 0600);
}

void
sick_conf_well(struct sick *k)
{
	sick_file(k, "doorward.conf", k->well, 0600);
}

void
sick_open(struct sick *k)
{
	const char *modules = getenv("DW_MODULE_DIR");
	struct ran ran;

	stage_open(&k->s, false);
	stage_conf(&k->s, "mail_from = shop@shop.example");
	stage_conf(&k->s, arena_print(k->s.c->arena, "module_dir = %s",
			      modules ? modules : "."));
	k->well = stage_file(&k->s, "doorward.conf");
	ran = stage_run(&k->s, "migrate");
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&k->s, "tenant create platform --platform");
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&k->s, "tenant create green");
	ck_ran(ran, ran.status == 0);
	sick_is_well(k, "at first");
}

void
sick_close(struct sick *k)
{
	stage_close(&k->s);
}

void
sick_is_well(struct sick *k, const char *what)
{
	struct ran ran = stage_run(&k->s, "doctor");

	ck_assert_msg(ran.status == 0 && !strstr(ran.out, "FAULT"),
	    "case \"%s\": not content: %d\n%s%s", what, ran.status, ran.out,
	    ran.err);
}

/* The part of what was said that is this check's: up to the next row. */
static const char *
row_of(struct sick *k, const char *out, const char *level, const char *check)
{
	struct arena *a = k->s.c->arena;
	const char *row =
	    strstr(out, arena_print(a, "%-5s  %-16s  ", level, check));
	const char *end;

	if (row == NULL)
		return NULL;
	for (end = strchr(row, '\n'); end && end[1] == ' ';)
		end = strchr(end + 1, '\n');
	return arena_copy(a, row, end ? (size_t)(end - row) : strlen(row));
}

void
sick_is_found(struct sick *k, const struct sickness *ill)
{
	struct ran ran = stage_run(&k->s, "doctor");
	const char *row = row_of(k, ran.out, "FAULT", ill->check);

	ck_assert_msg(ran.status == 1 && row && strstr(row, ill->says) &&
			  strstr(row, ill->mend),
	    "case \"%s\": %d\n%s%s", ill->what, ran.status, ran.out, ran.err);
}

void
sick_each(struct sick *k, const struct sickness *list, size_t n)
{
	const struct sickness *ill;

	for (ill = list; ill < list + n; ill++) {
		if (ill->conf != NULL)
			sick_conf(k, ill->conf);
		if (ill->seed != NULL)
			ill->seed(k);
		sick_is_found(k, ill);
		if (ill->cure != NULL)
			ill->cure(k);
		sick_conf_well(k);
		sick_is_well(k, ill->what);
	}
}

void
sick_warns(struct sick *k, const char *check, const char *says)
{
	struct ran ran = stage_run(&k->s, "doctor");
	const char *row = row_of(k, ran.out, "warn", check);

	ck_assert_msg(ran.status == 0 && row && strstr(row, says),
	    "case \"%s\": %d\n%s%s", says, ran.status, ran.out, ran.err);
}
