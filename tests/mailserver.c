/* SPDX-License-Identifier: ISC */
/* Start and stop tests/mailserver.py and receiver.py, and read what it saw. */

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailserver.h"
#include "test.h"

static void
run(const char *script, const char *tls, int out)
{
	static const char python[] = "/usr/bin/python3";
	const char *source = getenv("DW_SRC");
	char path[1024];

	snprintf(
	    path, sizeof(path), "%s/tests/%s", source ? source : ".", script);
	/* Check kills a failed test's group; the server must still tidy up. */
	setsid();
	dup2(out, STDOUT_FILENO);
	execl(python, python, "-I", path, "--tls", tls, NULL);
	_exit(127);
}

static void
start(struct mailserver *s, const char *script, const char *tls)
{
	FILE *in;
	int ends[2], n;

	ck_assert_int_eq(pipe(ends), 0);
	s->pid = fork();
	ck_assert_int_ge(s->pid, 0);
	if (s->pid == 0)
		run(script, tls, ends[1]);
	close(ends[1]);
	in = fdopen(ends[0], "r");
	n = fscanf(in, "ready %15s %255s", s->port, s->dir);
	fclose(in);
	ck_assert_msg(n == 2, "%s did not start", script);
}

void
mailserver_start(struct mailserver *s, const char *tls)
{
	start(s, "mailserver.py", tls);
}

void
receiver_start(struct mailserver *s, const char *tls)
{
	start(s, "receiver.py", tls);
}

void
mailserver_write(const struct mailserver *s, struct arena *a, const char *name,
    const char *what)
{
	FILE *out = fopen(mailserver_path(s, a, name), "w");

	ck_assert_ptr_nonnull(out);
	fputs(what, out);
	ck_assert_int_eq(fclose(out), 0);
}

void
mailserver_stop(struct mailserver *s)
{
	ck_assert_int_eq(kill(s->pid, SIGTERM), 0);
	ck_assert_int_eq(waitpid(s->pid, NULL, 0), s->pid);
}

char *
mailserver_path(const struct mailserver *s, struct arena *a, const char *name)
{
	return arena_print(a, "%s/%s", s->dir, name);
}

char *
mailserver_read(const struct mailserver *s, struct arena *a, const char *name)
{
	const char *why;
	char *out;

	if (file_read(a, mailserver_path(s, a, name), 1 << 20, &out, &why))
		return arena_text(a, "");
	return out;
}

const char *
module_dir(void)
{
	const char *dir = getenv("DW_MODULE_DIR");

	return dir ? dir : ".";
}
