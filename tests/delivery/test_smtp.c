/* SPDX-License-Identifier: ISC */
/* smtp.c, against a real mail server: what arrives, and what never leaves. */

#include <stdio.h>
#include <sys/stat.h>

#include "delivery/delivery.h"
#include "mailserver.h"
#include "test.h"

#define A100                                                 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG A100 A100 A100 A100 A100 A100 A100 A100 A100 A100 A100 A100

static struct ctx *c;
static struct conf conf;
static struct mailserver server;
static const char *password_file;

static void
password_write(const char *word)
{
	FILE *f = fopen(password_file, "w");

	ck_assert_ptr_nonnull(f);
	fputs(word, f);
	ck_assert_int_eq(fchmod(fileno(f), 0600), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void
begin(const char *tls)
{
	c = test_ctx();
	mailserver_start(&server, tls);
	password_file = mailserver_path(&server, c->arena, "password");
	password_write("s3cret\n");
	conf = (struct conf){
	    .module_dir = module_dir(),
	    .smtp_url =
		arena_print(c->arena, "smtp://127.0.0.1:%s", server.port),
	    .smtp_user = "shop",
	    .smtp_password_file = password_file,
	    .smtp_ca = mailserver_path(&server, c->arena, "ca.pem"),
	    .smtp_tls = "starttls",
	    .mail_from = "post@door.example",
	};
	c->conf = &conf;
	c->now = 1795341600000;
}

static void
end(void)
{
	mailserver_stop(&server);
	test_done(c);
}

static struct message
message(void)
{
	return (struct message){
	    .id = {{1, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 7}},
	    .kind = MESSAGE_EMAIL,
	    .from_name = "Caf\xc3\xa9, Inc.",
	    .to = "ann@example.com",
	    .subject = "Sign in to Caf\xc3\xa9",
	    .text = "123456\n",
	    .html = "<p>123456</p>\n",
	};
}

static enum delivery_result
sent(const struct message *m)
{
	struct delivery_report report = {DELIVERY_NEVER, NULL};

	smtp_send(c, m, &report);
	ck_assert_ptr_nonnull(report.why);
	ck_assert_ptr_null(strstr(report.why, "s3cret"));
	return report.result;
}

static const char *
seen(const char *name)
{
	return mailserver_read(&server, c->arena, name);
}

/* clang-format off */
static const struct {
	const char	*what, *text, *arrives;
} bodies[] = {
	{ "a line",		   "123456\n", "123456\r\n" },
	{ "no line end",	   "123456", "123456\r\n" },
	{ "CRLF stays",		   "a\r\nb\r\n", "a\r\nb\r\n" },
	{ "dots at line starts",   ".\n..\n.a\n\n.\n", ".\r\n..\r\n.a\r\n\r\n.\r\n" },
	{ "a line of 1,200 bytes", LONG "\n", LONG "\r\n" },
	{ "UTF-8 and an emoji",	   "Caf\xc3\xa9 \xf0\x9f\x91\x8b\n",
				   "Caf\xc3\xa9 \xf0\x9f\x91\x8b\r\n" },
	{ "blanks at line ends",   "a \nb\t\n", "a \r\nb\t\r\n" },
	{ "signs of the encoding", "a=3D =\nFrom x\n", "a=3D =\r\nFrom x\r\n" },
	{ "an end of the data",	   "a\n.\nRSET\nMAIL FROM:<x@y>\n",
				   "a\r\n.\r\nRSET\r\nMAIL FROM:<x@y>\r\n" },
};
/* clang-format on */

START_TEST(test_bodies_arrive)
{
	struct message m = message();
	size_t i;

	begin("starttls");
	for (i = 0; i < COUNT(bodies); i++) {
		m.text = m.html = bodies[i].text;
		ck_case(bodies[i].what, sent(&m) == DELIVERY_DONE);
		ck_case(bodies[i].what,
		    !strcmp(seen("last/text"), bodies[i].arrives));
		ck_case(bodies[i].what,
		    !strcmp(seen("last/html"), bodies[i].arrives));
	}
	end();
}
END_TEST

START_TEST(test_headers_arrive)
{
	static const char *const lines[] = {
	    "Date: Sun, 22 Nov 2026 10:00:00 +0000\n",
	    "Message-ID: <01920000-0000-7000-8000-000000000007@shop.example>\n",
	    "From: \"Caf\xc3\xa9, Inc.\" <hi@shop.example>\n",
	    "To: ann@example.com\n",
	    "Subject: Sign in to Caf\xc3\xa9\n",
	    "MIME-Version: 1.0\n",
	    "Auto-Submitted: auto-generated\n",
	    "Content-Type: multipart/alternative; boundary=",
	};
	struct message m = message();
	const char *all;
	size_t i;

	begin("starttls");
	m.from = "hi@shop.example";
	ck_assert_int_eq(sent(&m), DELIVERY_DONE);
	all = seen("last/headers");
	for (i = 0; i < COUNT(lines); i++)
		ck_assert_msg(strstr(all, lines[i]), "%s in %s", lines[i], all);
	ck_assert_ptr_null(strcasestr(strcasestr(all, "mime-v") + 1, "mime-v"));
	ck_assert_str_eq(seen("last/from"), "hi@shop.example");
	ck_assert_str_eq(seen("last/to"), "ann@example.com");
	ck_assert_ptr_nonnull(strstr(seen("wire"), "EHLO shop.example\r\n"));
	end();
}
END_TEST

/* clang-format off */
static const struct {
	const char		*what, *to;
	enum delivery_result	 result;
} recipients[] = {
	{ "one whom the server takes",	"ann@example.com",    DELIVERY_DONE },
	{ "one whom it refuses",	"refuse@example.com", DELIVERY_NEVER },
	{ "one whom it takes later",	"later@example.com",  DELIVERY_LATER },
};
/* clang-format on */

START_TEST(test_recipients)
{
	struct message m = message();
	size_t i;

	begin("starttls");
	for (i = 0; i < COUNT(recipients); i++) {
		m.to = recipients[i].to;
		ck_case(recipients[i].what, sent(&m) == recipients[i].result);
	}
	end();
}
END_TEST

START_TEST(test_crlf_in_the_recipient)
{
	struct message m = message();

	begin("starttls");
	m.to = "ann@example.com>\r\nRCPT TO:<thief@example.com";
	ck_assert_int_eq(sent(&m), DELIVERY_NEVER);
	ck_assert_str_eq(seen("wire"), "");
	end();
}
END_TEST

/* An operator's slip must cost no message, and nothing goes in plain text. */
START_TEST(test_wrong_password)
{
	struct message m = message();

	begin("starttls");
	password_write("wrong\n");
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	ck_assert_ptr_null(strstr(seen("wire"), "MAIL FROM"));
	password_write("s3cret\n");
	ck_assert_int_eq(sent(&m), DELIVERY_DONE);
	end();
}
END_TEST

START_TEST(test_no_starttls)
{
	struct message m = message();

	begin("none");
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	ck_assert_ptr_nonnull(strstr(seen("wire"), "EHLO"));
	ck_assert_ptr_null(strstr(seen("wire"), "AUTH"));
	ck_assert_ptr_null(strstr(seen("wire"), "MAIL"));
	end();
}
END_TEST

START_TEST(test_wrong_ca)
{
	struct message m = message();

	begin("starttls");
	conf.smtp_ca = mailserver_path(&server, c->arena, "other.pem");
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	conf.smtp_ca = "";
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	ck_assert_ptr_nonnull(strstr(seen("wire"), "STARTTLS"));
	ck_assert_ptr_null(strstr(seen("wire"), "AUTH"));
	ck_assert_ptr_null(strstr(seen("wire"), "MAIL"));
	end();
}
END_TEST

START_TEST(test_nobody_listens)
{
	struct message m = message();

	begin("starttls");
	mailserver_stop(&server);
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	test_done(c);
}
END_TEST

START_TEST(test_other_ways_of_tls)
{
	struct message m = message();

	begin("implicit");
	conf.smtp_tls = "implicit";
	ck_assert_int_eq(sent(&m), DELIVERY_DONE);
	conf.smtp_tls = "none";
	conf.smtp_url =
	    arena_print(c->arena, "smtps://127.0.0.1:%s/", server.port);
	ck_assert_int_eq(sent(&m), DELIVERY_DONE);
	end();
	begin("none");
	conf.smtp_tls = "none";
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	conf.smtp_user = "";
	ck_assert_int_eq(sent(&m), DELIVERY_DONE);
	end();
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *url, *tls;	/* tls NULL: starttls */
	const char	*user;
	const char	*why;		/* a part of it; NULL: it is right */
} checks[] = {
	{ "a host",		 "smtp://mail.example", NULL, "", NULL },
	{ "a host and a port",	 "smtp://mail.example:2525", NULL, "", NULL },
	{ "a slash at the end",	 "smtps://mail.example/", "implicit", "", NULL },
	{ "IPv6",		 "smtp://[::1]:25", "none", "", NULL },
	{ "plain, to localhost", "smtp://localhost", "none", "", NULL },
	{ "plain, to 127/8",	 "smtp://127.0.0.9", "none", "", NULL },
	{ "plain, elsewhere",	 "smtp://mail.example", "none", "", "this machine" },
	{ "plain, by name only", "smtp://127.0.0.1.evil.example", "none", "", "this machine" },
	{ "plain with password", "smtp://localhost", "none", "shop", "smtp_user needs" },
	{ "no password",	 "smtp://mail.example", NULL, "shop", "smtp_password_file" },
	{ "no URL",		 "", NULL, "", "smtp_url" },
	{ "another scheme",	 "https://mail.example", NULL, "", "smtp_url" },
	{ "a user in the URL",	 "smtp://a:b@mail.example", NULL, "", "smtp_url" },
	{ "a path in the URL",	 "smtp://mail.example/x", NULL, "", "smtp_url" },
	{ "port 0",		 "smtp://mail.example:0", NULL, "", "smtp_url" },
	{ "port 65536",		 "smtp://mail.example:65536", NULL, "", "smtp_url" },
	{ "an empty port",	 "smtp://mail.example:", NULL, "", "smtp_url" },
	{ "an open bracket",	 "smtp://[::1", NULL, "", "smtp_url" },
};
/* clang-format on */

START_TEST(test_check)
{
	struct ctx *ctx = test_ctx();
	struct conf checked;
	const char *why;
	size_t i;

	for (i = 0; i < COUNT(checks); i++) {
		checked = (struct conf){
		    .smtp_url = checks[i].url,
		    .smtp_tls = checks[i].tls ? checks[i].tls : "starttls",
		    .smtp_user = checks[i].user,
		    .mail_from = "a@b.example",
		};
		why = smtp_check(ctx->arena, &checked);
		ck_case(checks[i].what, !why == !checks[i].why);
		ck_case(checks[i].what, !why || strstr(why, checks[i].why));
	}
	checked.smtp_url = "smtp://mail.example";
	checked.mail_from = "";
	ck_assert_str_eq(
	    smtp_check(ctx->arena, &checked), "mail_from is not set");
	test_done(ctx);
}
END_TEST

START_TEST(test_check_files)
{
	begin("none");
	conf.smtp_ca = "";
	ck_assert_ptr_null(smtp_check(c->arena, &conf));
	conf.smtp_ca = "/nonexistent";
	ck_assert_str_eq(smtp_check(c->arena, &conf), "smtp_ca cannot be read");
	conf.smtp_ca = "";
	ck_assert_int_eq(chmod(password_file, 0644), 0);
	ck_assert_ptr_nonnull(smtp_check(c->arena, &conf));
	password_write("\n");
	ck_assert_str_eq(
	    smtp_check(c->arena, &conf), "smtp_password_file is empty");
	end();
}
END_TEST

/* What cannot be set up is the operator's to mend: the message waits. */
START_TEST(test_broken_configuration)
{
	struct message m = message();

	begin("starttls");
	conf.module_dir = "/nonexistent";
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	conf.module_dir = module_dir();
	conf.smtp_password_file = "/nonexistent";
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	conf.smtp_password_file = password_file;
	conf.mail_from = "";
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	conf.mail_from = "post@door.example";
	conf.smtp_url = "nowhere";
	ck_assert_int_eq(sent(&m), DELIVERY_LATER);
	ck_assert_str_eq(seen("wire"), "");
	end();
}
END_TEST

START_TEST(test_probe)
{
	struct net_answer answer;

	begin("starttls");
	smtp_probe(c, &answer);
	ck_assert_msg(answer.result == NET_OK, "%s", answer.why);
	ck_assert_str_eq(seen("last/to"), "");
	password_write("wrong\n");
	smtp_probe(c, &answer);
	ck_assert_int_eq(answer.result, NET_TEMPORARY);
	ck_assert_int_eq(answer.code, 535);
	conf.mail_from = "";
	smtp_probe(c, &answer);
	ck_assert_str_eq(
	    answer.why, "there is no sender: mail_from is not set");
	conf.mail_from = "post@door.example";
	conf.module_dir = "/nonexistent";
	smtp_probe(c, &answer);
	ck_assert_str_eq(answer.why, "net.so could not be loaded");
	end();
}
END_TEST

SUITE(smtp, test_probe, test_bodies_arrive, test_headers_arrive,
    test_recipients, test_crlf_in_the_recipient, test_wrong_password,
    test_no_starttls, test_wrong_ca, test_nobody_listens,
    test_other_ways_of_tls, test_check, test_check_files,
    test_broken_configuration)
