/* SPDX-License-Identifier: ISC */
/* conf: doorward.conf, whole. */

#include <stdio.h>
#include <unistd.h>

#include "test.h"

#define GIVEN "public_url = https://a.example\nmaster_key_file = /k\n"

static char path[] = "/tmp/conf-XXXXXX";

static void
path_write(const char *text, size_t n)
{
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/conf-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
	close(fd);
}

/* Write the file, read it as a configuration, remove it. */
static enum err
conf_of(struct ctx *c, const char *text, size_t n, struct conf *out,
    const char **why)
{
	enum err e;

	path_write(text, n);
	e = conf_read(c->arena, path, out, why);
	unlink(path);
	return e;
}

START_TEST(test_least_file_takes_the_presets)
{
	struct ctx *c = test_ctx();
	const char *why;
	struct conf conf;

	ck_assert_int_eq(conf_of(c, GIVEN, sizeof(GIVEN) - 1, &conf, &why), OK);
	ck_assert_ptr_null(why);
	ck_assert_str_eq(conf.public_url, "https://a.example");
	ck_assert_str_eq(conf.master_key_file, "/k");
	ck_assert_str_eq(conf.environment, "production");
	ck_assert_str_eq(conf.db_socket, "/run/mysqld/mysqld.sock");
	ck_assert_int_eq(conf.db_timeout_seconds, 5);
	ck_assert(conf.db_tls);
	test_done(c);
}
END_TEST

START_TEST(test_blanks_comments_and_line_ends)
{
	static const char text[] =
	    "# a comment\n\n  \t\n   # another = one\n"
	    "  public_url=https://a.example  \r\n"
	    "\tmaster_key_file\t=\t/a key # no comment\t\n"
	    "mail_from = a=b\n"
	    "db_tls = no";
	struct ctx *c = test_ctx();
	const char *why;
	struct conf conf;

	ck_assert_int_eq(conf_of(c, text, sizeof(text) - 1, &conf, &why), OK);
	ck_assert_str_eq(conf.public_url, "https://a.example");
	ck_assert_str_eq(conf.master_key_file, "/a key # no comment");
	ck_assert_str_eq(conf.mail_from, "a=b");
	ck_assert(!conf.db_tls);
	test_done(c);
}
END_TEST

/* why NULL: taken; else what comes behind the file's name */
static const struct {
	const char *what, *text, *why;
} cases[] = {
    {"nothing", "", ": public_url is missing"},
    {"no master key", "public_url = https://a.example\n",
	": master_key_file is missing"},
    {"an unknown key", GIVEN "\ncolour = red\n",
	":4: colour is not a known key"},
    {"a key twice", GIVEN "db_name = a\n# x\ndb_name = b\n",
	":5: db_name was given in line 3 already"},
    {"the preset's value twice", GIVEN "db_name = a\ndb_name = a\n",
	":4: db_name was given in line 3 already"},
    {"no equals sign", GIVEN "db_name doorward\n",
	":3: a line must be key = value"},
    {"a section", GIVEN "[db]\n", ":3: a line must be key = value"},
    {"no key", GIVEN "= doorward\n", ":3: a line must be key = value"},
    {"a number out of bounds", GIVEN "db_timeout_seconds = 61\n",
	":3: db_timeout_seconds must be a whole number from 1 to 60 (s)"},
    {"the first wrong line is named", "x\ny\n",
	":1: a line must be key = value"},
    {"a clock file in production", GIVEN "clock_file = /c\n",
	":3: clock_file needs environment = test"},
    {"a clock file in development",
	GIVEN "environment = development\nclock_file = /c\n",
	":4: clock_file needs environment = test"},
    {"a clock file in a test", GIVEN "environment = test\nclock_file = /c\n",
	NULL},
    {"plain http in production",
	"public_url = http://a.example\nmaster_key_file = /k\n",
	":1: public_url must begin with https:// in production"},
    {"plain http in development",
	"environment = development\npublic_url = http://a.example\n"
	"master_key_file = /k\n",
	NULL},
    {"no platform", GIVEN "platform =\n", ":3: platform must not be empty"},
    {"message files in production",
	GIVEN "sms_channel = file\nmessage_dir = /m\n",
	": environment = production takes no channel file: set email_channel "
	"to smtp or none, sms_channel and whatsapp_channel to none"},
    {"mail files in production",
	GIVEN "environment = production\nemail_channel = file\n"
	      "message_dir = /m\n",
	":3: environment = production takes no channel file: set "
	"email_channel to smtp or none, sms_channel and whatsapp_channel to "
	"none"},
    {"message files in development",
	GIVEN "environment = development\nwhatsapp_channel = file\n"
	      "message_dir = /m\n",
	NULL},
    {"message files without a folder",
	GIVEN "environment = development\nemail_channel = file\n",
	": message_dir must name a folder where a channel is file"},
    {"servers over TCP", GIVEN "db_hosts = db1,db2\n", NULL},
    {"no servers, said so", GIVEN "db_hosts =\n", NULL},
    {"servers and a socket", GIVEN "db_hosts = db1\ndb_socket = /s\n",
	":3: db_hosts and db_socket exclude each other"},
    {"neither servers nor a socket", GIVEN "db_socket =\n",
	": db_hosts must be given without db_socket"},
    {"a mail user without a password", GIVEN "smtp_user = u\n",
	": smtp_password_file must be given with smtp_user"},
    {"a mail user with a password",
	GIVEN "smtp_user = u\nsmtp_password_file = /p\n", NULL},
    {"plain mail to this machine", GIVEN "smtp_tls = none\n", NULL},
    {"plain mail to localhost",
	GIVEN "smtp_tls = none\nsmtp_url = smtp://LocalHost:25\n", NULL},
    {"plain mail to IPv6's loopback",
	GIVEN "smtp_tls = none\nsmtp_url = smtp://[::1]:25\n", NULL},
    {"plain mail to another machine",
	GIVEN "smtp_tls = none\nsmtp_url = smtp://192.0.2.1:25\n",
	":3: smtp_tls = none is for a mail server on this machine only"},
    {"plain mail to another machine, IPv6",
	GIVEN "smtp_tls = none\nsmtp_url = smtp://[2001:db8::1]\n",
	":3: smtp_tls = none is for a mail server on this machine only"},
    {"plain mail to a name like ours",
	GIVEN "smtp_tls = none\nsmtp_url = smtp://localhost.example.com\n",
	":3: smtp_tls = none is for a mail server on this machine only"},
    {"smtps with starttls",
	GIVEN "smtp_tls = starttls\nsmtp_url = smtps://mail.example\n",
	":3: smtp_tls must be implicit with smtps://"},
};

START_TEST(test_files)
{
	struct ctx *c = test_ctx();
	const char *why;
	struct conf conf;
	size_t i;
	enum err e;

	for (i = 0; i < COUNT(cases); i++) {
		e = conf_of(
		    c, cases[i].text, strlen(cases[i].text), &conf, &why);
		ck_assert_msg((e == OK) == (cases[i].why == NULL),
		    "case \"%s\": %s", cases[i].what, why);
		if (e == OK)
			continue;
		ck_case(cases[i].what, e == ERR_CONF);
		ck_assert_str_eq(
		    why, arena_print(c->arena, "%s%s", path, cases[i].why));
	}
	test_done(c);
}
END_TEST

START_TEST(test_one_key_moves_another)
{
	static const char hosts[] = GIVEN "db_hosts = db1\n";
	static const char smtps[] = GIVEN "smtp_url = smtps://mail.example\n";
	struct ctx *c = test_ctx();
	const char *why;
	struct conf conf;

	ck_assert_int_eq(conf_of(c, hosts, sizeof(hosts) - 1, &conf, &why), OK);
	ck_assert_str_eq(conf.db_socket, "");
	ck_assert_str_eq(conf.smtp_tls, "starttls");
	ck_assert_int_eq(conf_of(c, smtps, sizeof(smtps) - 1, &conf, &why), OK);
	ck_assert_str_eq(conf.smtp_tls, "implicit");
	test_done(c);
}
END_TEST

START_TEST(test_files_that_are_none)
{
	static const char nul[] = GIVEN "\0db_name = x\n";
	struct ctx *c = test_ctx();
	const char *why = NULL;
	struct conf conf;
	char *large;

	ck_assert_int_eq(
	    conf_of(c, nul, sizeof(nul) - 1, &conf, &why), ERR_CONF);
	ck_assert_str_eq(why, arena_print(c->arena, "%s: holds a NUL", path));
	ck_assert_int_eq(
	    conf_read(c->arena, "/nonexistent/x", &conf, &why), ERR_CONF);
	ck_assert_str_eq(why, "/nonexistent/x: No such file or directory");
	large = arena_get(c->arena, 70000);
	memset(large, '\n', 70000);
	ck_assert_int_eq(conf_of(c, large, 70000, &conf, &why), ERR_CONF);
	ck_assert_ptr_nonnull(strstr(why, ": more than 65536 bytes"));
	test_done(c);
}
END_TEST

START_TEST(test_all_that_is_wrong_is_told)
{
	static const char text[] = "public_url = ftp://x\n"
				   "colour = red\n"
				   "db_timeout_seconds = long\n"
				   "db_name = shops\n"
				   "clock_file = /tmp/clock\n";
	static const char *const told[] = {":1: public_url must be",
	    ":2: colour is not a known key", ":3: db_timeout_seconds must be",
	    ": master_key_file is missing",
	    ":5: clock_file needs environment = test",
	    ":1: public_url must begin with https://"};
	struct ctx *c = test_ctx();
	struct conf_faults faults;
	struct conf conf;
	size_t i;

	path_write(text, sizeof(text) - 1);
	ck_assert_int_eq(conf_examine(c->arena, path, &conf, &faults), OK);
	unlink(path);
	ck_assert_uint_eq(faults.n, COUNT(told));
	for (i = 0; i < COUNT(told); i++)
		ck_case(told[i], strstr(faults.list[i], told[i]) != NULL);
	ck_assert_str_eq(conf.public_url, "");
	ck_assert_str_eq(conf.db_name, "shops");
	ck_assert_int_eq(conf.db_timeout_seconds, 5);
	ck_assert_int_eq(
	    conf_examine(c->arena, "/nonexistent/x", &conf, &faults), ERR_IO);
	ck_assert_uint_eq(faults.n, 1);
	test_done(c);
}
END_TEST

SUITE(conf, test_all_that_is_wrong_is_told, test_least_file_takes_the_presets,
    test_blanks_comments_and_line_ends, test_files, test_one_key_moves_another,
    test_files_that_are_none)
