/* SPDX-License-Identifier: ISC */
/* sendmail.c: what the program is given, and what its end means. */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery/delivery.h"
#include "test.h"

static struct ctx *c;
static struct conf conf;
static char dir[64];

static const char *
path(const char *name)
{
	return arena_print(c->arena, "%s/%s", dir, name);
}

static void
begin(void)
{
	c = test_ctx();
	strcpy(dir, "/tmp/doorward-sendmail-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	settings_preset(conf_settings, &conf);
	conf.mail_from = "post@door.example";
	conf.sendmail = path("sendmail");
	conf.delivery_timeout_seconds = 10;
	c->conf = &conf;
	c->now = 1795341600000;
}

static void
end(void)
{
	ck_assert_int_eq(system(arena_print(c->arena, "rm -r %s", dir)), 0);
	test_done(c);
}

/* From now on this shell script is the sendmail; $dir is our folder. */
static void
script(const char *lines)
{
	FILE *out = fopen(path("sendmail"), "w");

	ck_assert_ptr_nonnull(out);
	fprintf(out, "#!/bin/sh\ndir=%s\n%s\n", dir, lines);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_int_eq(chmod(path("sendmail"), 0755), 0);
}

static const char *
content(const char *name)
{
	const char *why;
	char *out;

	if (file_read(c->arena, path(name), 1 << 20, &out, &why))
		return "";
	return out;
}

static struct message
message(void)
{
	return (struct message){
	    .id = {{1, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 7}},
	    .kind = MESSAGE_EMAIL,
	    .from_name = "Caf\xc3\xa9",
	    .to = "ann@example.com",
	    .subject = "Sign in",
	    .text = "123456\n.\n",
	    .html = "<p>123456</p>",
	};
}

static struct delivery_report
sent(const struct message *m)
{
	struct delivery_report out = {DELIVERY_NEVER, NULL};

	sendmail_send(c, m, &out);
	ck_assert_ptr_nonnull(out.why);
	ck_assert_int_eq(out.result == DELIVERY_DONE, *out.why == '\0');
	return out;
}

START_TEST(test_what_it_is_given)
{
	struct message m = message();

	begin();
	script("for a; do echo \"$a\"; done >$dir/argv\ncat >$dir/mail");
	ck_assert_int_eq(sent(&m).result, DELIVERY_DONE);
	ck_assert_str_eq(content("argv"),
	    "-i\n-f\npost@door.example\n--\nann@example.com\n");
	ck_assert_str_eq(content("mail"), mail_text(c, &m).s);
	ck_assert(!strncmp(content("mail"), "Date: ", 6));
	m.from = "shop@shop.example";
	ck_assert_int_eq(sent(&m).result, DELIVERY_DONE);
	ck_assert_ptr_nonnull(strstr(content("argv"), "shop@shop.example\n"));
	end();
}
END_TEST

/* No descriptor of ours, no environment, no signal that is ignored. */
START_TEST(test_what_it_is_not_given)
{
	struct message m = message();
	int fd;

	begin();
	script("cat >/dev/null\nenv | sort >$dir/env\n"
	       "ls /proc/$$/fd | tr '\\n' ' ' >$dir/fds\npwd >$dir/pwd");
	setenv("CANARY", "s3cret", 1);
	fd = open("/dev/null", O_RDONLY);
	ck_assert_int_eq(fcntl(fd, F_DUPFD, 100), 100);
	ck_assert_int_eq(sent(&m).result, DELIVERY_DONE);
	ck_assert_ptr_null(strstr(content("env"), "CANARY"));
	ck_assert_ptr_nonnull(
	    strstr(content("env"), "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"));
	ck_assert_ptr_null(strstr(content("fds"), "100"));
	ck_assert_str_eq(content("pwd"), "/\n");
	ck_assert_int_eq(close(100) | close(fd), 0);
	unsetenv("CANARY");
	end();
}
END_TEST

/* clang-format off */
static const struct {
	const char		*what, *script;
	enum delivery_result	 result;
	const char		*why;
} ends[] = {
	{ "it takes the mail",	   "cat >/dev/null", DELIVERY_DONE, "" },
	{ "it does not read it",   "exit 0", DELIVERY_DONE, "" },
	{ "a wrong usage",	   "exit 64", DELIVERY_NEVER, "usage" },
	{ "a malformed mail",	   "exit 65", DELIVERY_NEVER, "malformed" },
	{ "no such recipient",	   "exit 67", DELIVERY_NEVER, "no such recipient" },
	{ "no such domain",	   "exit 68", DELIVERY_NEVER, "no such domain" },
	{ "unavailable",	   "exit 69", DELIVERY_LATER, "unavailable" },
	{ "a fault of its own",	   "exit 70", DELIVERY_LATER, "status 70" },
	{ "a disk that is full",   "exit 73", DELIVERY_LATER, "status 73" },
	{ "try again later",	   "exit 75", DELIVERY_LATER, "try again later" },
	{ "not allowed",	   "exit 77", DELIVERY_LATER, "not allowed" },
	{ "a wrong configuration", "exit 78", DELIVERY_LATER, "configuration" },
	{ "any other end",	   "exit 1", DELIVERY_LATER, "status 1" },
	{ "a signal",		   "kill -9 $$", DELIVERY_LATER, "signal 9" },
};
/* clang-format on */

START_TEST(test_ends)
{
	struct message m = message();
	struct delivery_report out;
	size_t i;

	begin();
	for (i = 0; i < COUNT(ends); i++) {
		script(ends[i].script);
		out = sent(&m);
		ck_case(ends[i].what, out.result == ends[i].result);
		ck_case(ends[i].what, strstr(out.why, ends[i].why) != NULL);
	}
	end();
}
END_TEST

/* Neither gone nor waiting to be buried. */
static bool
lives(const char *pid)
{
	const char *why, *stat;
	char *out;

	stat = arena_print(c->arena, "/proc/%s/stat", pid);
	return !file_read(c->arena, stat, 4096, &out, &why) &&
	       !strstr(out, ") Z ");
}

/* It and what it started are killed, and its mail waits. */
START_TEST(test_it_hangs)
{
	struct message m = message();
	struct delivery_report out;
	char *pid;
	int i;

	begin();
	conf.delivery_timeout_seconds = 1;
	script("sleep 60 & printf %s $! >$dir/pid; wait");
	out = sent(&m);
	ck_assert_int_eq(out.result, DELIVERY_LATER);
	ck_assert_str_eq(out.why, "sendmail took too long");
	pid = arena_text(c->arena, content("pid"));
	ck_assert_str_ne(pid, "");
	for (i = 0; i < 100 && lives(pid); i++)
		world_sleep(20);
	ck_assert(!lives(pid));
	end();
}
END_TEST

/* More than a pipe holds, to one that reads it late, or not at all. */
START_TEST(test_a_large_mail)
{
	struct message m = message();
	char *large;

	begin();
	large = arena_get(c->arena, 300001);
	memset(large, 'x', 300000);
	m.text = large;
	script("sleep 0.2\ncat >$dir/mail");
	ck_assert_int_eq(sent(&m).result, DELIVERY_DONE);
	ck_assert_uint_eq(strlen(content("mail")), mail_text(c, &m).len);
	script("exit 0");
	ck_assert_int_eq(sent(&m).result, DELIVERY_DONE);
	conf.delivery_timeout_seconds = 1;
	script("sleep 60");
	ck_assert_int_eq(sent(&m).result, DELIVERY_LATER);
	end();
}
END_TEST

/* Whatever the process does with SIGCHLD and SIGPIPE, and leaves it so. */
START_TEST(test_signals)
{
	struct message m = message();
	struct sigaction now;

	begin();
	script("exit 67");
	signal(SIGCHLD, SIG_IGN);
	ck_assert_int_eq(sent(&m).result, DELIVERY_NEVER);
	ck_assert_int_eq(sigaction(SIGCHLD, NULL, &now), 0);
	ck_assert(now.sa_handler == SIG_IGN);
	ck_assert_int_eq(sigaction(SIGPIPE, NULL, &now), 0);
	ck_assert(now.sa_handler == SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	end();
}
END_TEST

/* clang-format off */
static const struct {
	const char		*what, *from, *to, *sendmail;
	enum delivery_result	 result;
} faults[] = {
	{ "CRLF in the recipient", NULL, "a@b.example\r\nBcc: c@d.example", NULL, DELIVERY_NEVER },
	{ "a blank in the recipient", NULL, "a@b.example c@d.example", NULL, DELIVERY_NEVER },
	{ "no recipient",	   NULL, "", NULL, DELIVERY_NEVER },
	{ "LF in the sender",	   "a@b.example\nX", NULL, NULL, DELIVERY_NEVER },
	{ "no sender",		   "", NULL, NULL, DELIVERY_LATER },
	{ "no program",		   NULL, NULL, "/nonexistent", DELIVERY_LATER },
	{ "a folder",		   NULL, NULL, "/tmp", DELIVERY_LATER },
	{ "a path from here",	   NULL, NULL, "sendmail", DELIVERY_LATER },
};
/* clang-format on */

START_TEST(test_faults)
{
	struct message m;
	size_t i;

	begin();
	script("echo >$dir/called");
	for (i = 0; i < COUNT(faults); i++) {
		m = message();
		conf.mail_from =
		    faults[i].from ? faults[i].from : "a@b.example";
		m.to = faults[i].to ? faults[i].to : m.to;
		conf.sendmail =
		    faults[i].sendmail ? faults[i].sendmail : path("sendmail");
		ck_case(faults[i].what, sent(&m).result == faults[i].result);
		ck_case(faults[i].what, *content("called") == '\0');
	}
	conf.mail_from = "a@b.example";
	conf.sendmail = path("sendmail");
	m.to = "-oQ/tmp@b.example";
	ck_assert_int_eq(sent(&m).result, DELIVERY_DONE);
	ck_assert_str_ne(content("called"), "");
	end();
}
END_TEST

START_TEST(test_check)
{
	begin();
	ck_assert_ptr_nonnull(
	    strstr(sendmail_check(c->arena, &conf), "is no program"));
	script("exit 0");
	ck_assert_ptr_null(sendmail_check(c->arena, &conf));
	ck_assert_int_eq(chmod(path("sendmail"), 0644), 0);
	ck_assert_ptr_nonnull(sendmail_check(c->arena, &conf));
	conf.mail_from = "";
	ck_assert_str_eq(
	    sendmail_check(c->arena, &conf), "mail_from is not set");
	end();
}
END_TEST

SUITE(sendmail, test_what_it_is_given, test_what_it_is_not_given, test_ends,
    test_it_hangs, test_a_large_mail, test_signals, test_faults, test_check)
