/* SPDX-License-Identifier: ISC */
/* office: a house with its keys, and a folder that letters go to. */

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "office.h"

enum { FILE_MAX = 64 * 1024 };

static const char master_line[] = "1 "
				  "000102030405060708090a0b0c0d0e0f"
				  "101112131415161718191a1b1c1d1e1f\n";

struct conf *
office_conf(struct ctx *c)
{
	return (struct conf *)(uintptr_t)c->conf;
}

void
office_time(struct ctx *c, int64_t now)
{
	world_hold(now);
	c->now = now;
}

/* ---- folders ------------------------------------------------------------------- */

char *
office_folder(struct ctx *c)
{
	char *path = arena_text(c->arena, "/tmp/doorward-office-XXXXXX");

	ck_assert_ptr_nonnull(mkdtemp(path));
	return path;
}

void
office_write(
    struct ctx *c, const char *folder, const char *name, const char *text)
{
	const char *path = arena_print(c->arena, "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(close(fd), 0);
}

size_t
office_files(struct ctx *c, const char *folder, const char **one)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	const char *path, *why;
	size_t n = 0;
	char *text;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		n++;
		path = arena_print(c->arena, "%s/%s", folder, entry->d_name);
		ck_ok(file_read(c->arena, path, FILE_MAX, &text, &why));
		if (one != NULL)
			*one = text;
	}
	(void)closedir(dir);
	return n;
}

void
office_remove(struct ctx *c, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		(void)unlink(
		    arena_print(c->arena, "%s/%s", folder, entry->d_name));
	(void)closedir(dir);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* ---- the house ------------------------------------------------------------------ */

static void
channels_set(struct ctx *c, struct conf *conf)
{
	const char *src = getenv("DW_SRC");

	conf->template_dir =
	    arena_print(c->arena, "%s/conf/templates", src ? src : ".");
	conf->message_dir = office_folder(c);
	conf->email_channel = "file";
	conf->sms_channel = "file";
	conf->whatsapp_channel = "file";
	conf->mail_from = "no-reply@example.com";
}

struct ctx *
office_open(bool with_schema)
{
	struct ctx *c = test_db_ctx(with_schema);
	struct conf *conf = office_conf(c);
	const char *why = "", *folder = office_folder(c);

	channels_set(c, conf);
	office_write(c, folder, "master.key", master_line);
	conf->master_key_file = arena_print(c->arena, "%s/master.key", folder);
	ck_ok(house_open(conf, c->arena, &c->house, &why));
	office_remove(c, folder);
	return c;
}

void
office_close(struct ctx *c)
{
	office_remove(c, c->conf->message_dir);
	house_close(c->house);
	test_done(c);
}

const struct tenant *
office_shop(struct ctx *c, const char *slug)
{
	struct tenant_new new = {slug, "The Shop", false};
	const struct tenant *out;
	const char *why = NULL;
	struct uuid id;

	ck_ok(tenant_create(c, &new, &id, &why));
	ck_ok(tenant_by_slug(c, slug, &out));
	return out;
}

/* ---- the database ---------------------------------------------------------------- */

struct cell {
	int64_t i;
	const char *s;
};

/* The arena keeps it: its address is the key of the prepared handle. */
static void
ask(struct ctx *c, const char *sql, const struct col *cols, struct cell *out)
{
	struct stmt *stmt = arena_get(c->arena, sizeof(*stmt));
	uint64_t changed;

	*stmt =
	    (struct stmt){arena_text(c->arena, sql), CROSS_TENANT, "a test"};
	if (cols != NULL)
		ck_ok(db_one(c, stmt, NO_ARGS, cols, out));
	else
		ck_ok(db_change(c, stmt, NO_ARGS, &changed));
}

int64_t
office_count(struct ctx *c, const char *sql)
{
	static const struct col cols[] = {COL_INT(struct cell, i), COL_END};
	struct cell out = {-1, NULL};

	ask(c, sql, cols, &out);
	return out.i;
}

const char *
office_text(struct ctx *c, const char *sql)
{
	static const struct col cols[] = {COL_TEXT(struct cell, s), COL_END};
	struct cell out = {-1, NULL};

	ask(c, sql, cols, &out);
	return out.s;
}

void
office_do(struct ctx *c, const char *sql)
{
	ask(c, sql, NULL, NULL);
}

/* ---- two at once ------------------------------------------------------------------- */

static pid_t
begin(struct ctx *c, enum err (*step)(struct ctx *))
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	db_forget(c->db);
	_exit(step(c) ? EXIT_FAILURE : EXIT_SUCCESS);
}

void
office_twice(struct ctx *c, enum err (*step)(struct ctx *))
{
	pid_t one = begin(c, step), other = begin(c, step);
	int status;

	ck_assert_int_eq(waitpid(one, &status, 0), one);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(waitpid(other, &status, 0), other);
	ck_assert_int_eq(status, 0);
}
