/* SPDX-License-Identifier: ISC */
/* file: small files and secret ones. */

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char path[] = "/tmp/file-XXXXXX";

static void
file_make(const char *content, size_t n, mode_t mode)
{
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/file-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, n), (ssize_t)n);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

START_TEST(test_reads_the_whole)
{
	struct ctx *c = test_ctx();
	const char *why = "x";
	char *s;

	file_make("a\nb\n", 4, 0644);
	ck_assert_int_eq(file_read(c->arena, path, 4, &s, &why), OK);
	ck_assert_ptr_null(why);
	ck_assert_str_eq(s, "a\nb\n");
	unlink(path);
	file_make("", 0, 0644);
	ck_assert_int_eq(file_read(c->arena, path, 4, &s, &why), OK);
	ck_assert_str_eq(s, "");
	unlink(path);
	file_make("a\0b\n", 4, 0644);
	ck_assert_int_eq(file_read(c->arena, path, 4, &s, &why), ERR_IO);
	ck_assert_ptr_nonnull(strstr(why, "holds a NUL"));
	unlink(path);
	test_done(c);
}
END_TEST

START_TEST(test_what_cannot_be_read)
{
	struct ctx *c = test_ctx();
	const char *why;
	char *s;

	ck_assert_int_eq(
	    file_read(c->arena, "/nonexistent", 9, &s, &why), ERR_IO);
	ck_assert_str_eq(why, "/nonexistent: No such file or directory");
	ck_assert_int_eq(file_read(c->arena, "/tmp", 9, &s, &why), ERR_IO);
	ck_assert_str_eq(why, "/tmp: not a regular file");
	ck_assert_int_eq(file_read(c->arena, "/dev/zero", 9, &s, &why), ERR_IO);
	ck_assert_str_eq(why, "/dev/zero: not a regular file");
	file_make("12345", 5, 0600);
	ck_assert_int_eq(file_read(c->arena, path, 4, &s, &why), ERR_IO);
	ck_assert_ptr_nonnull(strstr(why, ": more than 4 bytes"));
	unlink(path);
	test_done(c);
}
END_TEST

START_TEST(test_pipes_do_not_hang)
{
	struct ctx *c = test_ctx();
	const char *why;
	char *s;

	file_make("", 0, 0600);
	unlink(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(file_read(c->arena, path, 4, &s, &why), ERR_IO);
	ck_assert_ptr_nonnull(strstr(why, ": not a regular file"));
	unlink(path);
	test_done(c);
}
END_TEST

/* root: is it enough that root owns the file? */
static const struct {
	const char *what;
	mode_t mode;
	bool good, root;
} modes[] = {
    {"the owner alone", 0600, true, true},
    {"the owner alone, reading", 0400, true, true},
    {"the group may read", 0640, false, true},
    {"the group may read, nobody writes", 0440, false, true},
    {"the group may write", 0620, false, false},
    {"the group may do both", 0660, false, false},
    {"the group may run it", 0610, false, false},
    {"all may read", 0604, false, false},
    {"all may read, the usual mode", 0644, false, false},
    {"all may write", 0602, false, false},
    {"all may do all", 0777, false, false},
};

START_TEST(test_modes_of_secrets)
{
	struct ctx *c = test_ctx();
	bool root = geteuid() == 0;
	const char *why;
	size_t i;
	enum err e;
	char *s;

	for (i = 0; i < COUNT(modes); i++) {
		file_make("hush\n", 5, modes[i].mode);
		e = file_read_secret(c->arena, path, 99, &s, &why);
		unlink(path);
		ck_case(modes[i].what,
		    (e == OK) == (root ? modes[i].root : modes[i].good));
		if (e == OK)
			continue;
		ck_case(modes[i].what, e == ERR_IO);
		ck_assert_str_eq(why,
		    arena_print(c->arena,
			"%s: holds a secret, but has mode %03o: chmod 600 %s",
			path, (unsigned)modes[i].mode, path));
	}
	test_done(c);
}
END_TEST

START_TEST(test_group_of_another_owner_may_not_read)
{
	struct ctx *c = test_ctx();
	const char *why;
	char *s;

	file_make("hush\n", 5, 0640);
	if (geteuid() == 0)
		ck_assert_int_eq(chown(path, 65534, 0), 0);
	ck_assert_int_eq(
	    file_read_secret(c->arena, path, 99, &s, &why), ERR_IO);
	unlink(path);
	test_done(c);
}
END_TEST

static const struct {
	const char *what, *content;
	size_t n;
	const char *secret; /* NULL: refused */
} secrets[] = {
    {"no line end", "hush", 4, "hush"},
    {"a line feed", "hush\n", 5, "hush"},
    {"carriage returns too", "hush\r\n\r\n", 8, "hush"},
    {"blanks stay", " hush ", 6, " hush "},
    {"several lines", "1 aa\n2 bb\n", 10, "1 aa\n2 bb"},
    {"nothing", "", 0, ""},
    {"a line feed alone", "\n", 1, ""},
    {"a NUL", "hu\0sh", 5, NULL},
};

START_TEST(test_secrets_end_without_a_line_end)
{
	struct ctx *c = test_ctx();
	const char *why;
	size_t i;
	enum err e;
	char *s;

	for (i = 0; i < COUNT(secrets); i++) {
		file_make(secrets[i].content, secrets[i].n, 0600);
		e = file_read_secret(c->arena, path, 99, &s, &why);
		unlink(path);
		ck_case(
		    secrets[i].what, (e == OK) == (secrets[i].secret != NULL));
		if (e == OK)
			ck_case(
			    secrets[i].what, strcmp(s, secrets[i].secret) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_symbolic_links_are_followed)
{
	struct ctx *c = test_ctx();
	const char *why, *from;
	char *s;

	file_make("hush", 4, 0600);
	from = arena_print(c->arena, "%s.link", path);
	ck_assert_int_eq(symlink(path, from), 0);
	ck_assert_int_eq(file_read_secret(c->arena, from, 99, &s, &why), OK);
	ck_assert_str_eq(s, "hush");
	unlink(from);
	unlink(path);
	test_done(c);
}
END_TEST

SUITE(file, test_reads_the_whole, test_what_cannot_be_read,
    test_pipes_do_not_hang, test_modes_of_secrets,
    test_group_of_another_owner_may_not_read,
    test_secrets_end_without_a_line_end, test_symbolic_links_are_followed)
