/* SPDX-License-Identifier: ISC */
/* file.c: a message becomes one whole file that people and scripts read. */

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery/delivery.h"
#include "test.h"

#define ID "01920000-0000-7000-8000-000000000007"
#define TEXT \
	"123456 is your code for Caf\xc3\xa9.\n\nhttps://x.example/#t=1&e=2\n.\n"
#define HTML "<p>\xf0\x9f\x91\x8b 123456</p>"

static struct ctx *c;
static struct conf conf;
static char dir[64];

static void
begin(void)
{
	c = test_ctx();
	strcpy(dir, "/tmp/doorward-file-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	conf.message_dir = dir;
	conf.mail_from = "post@door.example";
	c->conf = &conf;
	c->now = 1795341600000;
}

static void
end(void)
{
	ck_assert_int_eq(system(arena_print(c->arena, "rm -r %s", dir)), 0);
	test_done(c);
}

static struct message
message(enum message_kind kind)
{
	return (struct message){
	    .id = {{1, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 7}},
	    .kind = kind,
	    .from_name = "Caf\xc3\xa9",
	    .to = kind == MESSAGE_EMAIL ? "ann@example.com" : "+2348012345678",
	    .subject = "Sign in",
	    .text = TEXT,
	    .html = kind == MESSAGE_EMAIL ? HTML : NULL,
	};
}

/* How many files there are, hidden ones too. */
static int
files(void)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static const char *
content(const char *name)
{
	const char *why;
	char *out;

	ck_assert_int_eq(
	    file_read(c->arena, arena_print(c->arena, "%s/%s", dir, name),
		1 << 16, &out, &why),
	    OK);
	return out;
}

START_TEST(test_mail)
{
	struct message m = message(MESSAGE_EMAIL);
	struct delivery_report report = {DELIVERY_NEVER, NULL};
	struct stat st;
	const char *name = "1795341600000-" ID ".eml";

	begin();
	umask(077);
	file_send(c, &m, &report);
	ck_assert_int_eq(report.result, DELIVERY_DONE);
	ck_assert_int_eq(files(), 1);
	ck_assert_int_eq(
	    stat(arena_print(c->arena, "%s/%s", dir, name), &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0640);
	ck_assert_str_eq(content(name),
	    "Date: Sun, 22 Nov 2026 10:00:00 +0000\n"
	    "Message-ID: <" ID "@door.example>\n"
	    "From: =?UTF-8?B?Q2Fmw6k=?= <post@door.example>\n"
	    "To: ann@example.com\n"
	    "Subject: Sign in\n"
	    "MIME-Version: 1.0\n"
	    "Auto-Submitted: auto-generated\n"
	    "Content-Type: multipart/alternative;"
	    " boundary=\"=_doorward_alternative\"\n"
	    "\n"
	    "--=_doorward_alternative\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit\n"
	    "\n" TEXT "\n"
	    "--=_doorward_alternative\n"
	    "Content-Type: text/html; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit\n"
	    "\n" HTML "\n"
	    "--=_doorward_alternative--\n");
	end();
}
END_TEST

/* What another reader of RFC 5322 makes of it. */
START_TEST(test_mail_is_understood)
{
	static const char reader[] =
	    "import email, email.policy, glob, sys\n"
	    "m = email.message_from_file(open(glob.glob('*.eml')[0],"
	    " encoding='utf-8'), policy=email.policy.default)\n"
	    "p = list(m.iter_parts())\n"
	    "assert not m.defects and not any(x.defects for x in p)\n"
	    "assert m['From'].addresses[0].display_name == 'Caf\xc3\xa9'\n"
	    "assert m['From'].addresses[0].addr_spec == 'post@door.example'\n"
	    "assert [x.get_content_type() for x in p] == ['text/plain',"
	    " 'text/html'], p\n"
	    "assert p[0].get_payload() == sys.argv[1], p[0].get_payload()\n"
	    "assert p[1].get_payload() == sys.argv[2], p[1].get_payload()\n";
	struct message m = message(MESSAGE_EMAIL);
	struct delivery_report report;
	char *command;

	begin();
	file_send(c, &m, &report);
	command = arena_print(c->arena,
	    "cd %s && /usr/bin/python3 -I -X utf8 -c \"%s\" '%s' '%s'", dir,
	    reader, TEXT, HTML);
	ck_assert_int_eq(system(command), 0);
	end();
}
END_TEST

START_TEST(test_phone)
{
	struct message sms = message(MESSAGE_SMS);
	struct message whatsapp = message(MESSAGE_WHATSAPP);
	struct delivery_report report;

	begin();
	file_send(c, &sms, &report);
	ck_assert_int_eq(report.result, DELIVERY_DONE);
	file_send(c, &whatsapp, &report);
	ck_assert_int_eq(report.result, DELIVERY_DONE);
	ck_assert_int_eq(files(), 2);
	ck_assert_str_eq(content("1795341600000-" ID ".sms.txt"),
	    "To: +2348012345678\nChannel: sms\n\n" TEXT "\n");
	ck_assert_str_eq(content("1795341600000-" ID ".whatsapp.txt"),
	    "To: +2348012345678\nChannel: whatsapp\n\n" TEXT "\n");
	end();
}
END_TEST

START_TEST(test_header_values_are_one_line)
{
	struct message m = message(MESSAGE_SMS);
	struct delivery_report report;

	begin();
	m.to = "+234\r\nChannel: evil\n\n";
	file_send(c, &m, &report);
	ck_assert_str_eq(content("1795341600000-" ID ".sms.txt"),
	    "To: +234Channel: evil\nChannel: sms\n\n" TEXT "\n");
	end();
}
END_TEST

START_TEST(test_no_folder)
{
	struct message m = message(MESSAGE_EMAIL);
	struct delivery_report report = {DELIVERY_DONE, NULL};

	begin();
	conf.message_dir = "/nonexistent";
	file_send(c, &m, &report);
	ck_assert_int_eq(report.result, DELIVERY_LATER);
	ck_assert_ptr_nonnull(strstr(report.why, "message_dir"));
	end();
}
END_TEST

/* A folder in the name's place: the rename fails, and nothing stays. */
START_TEST(test_nothing_half_done)
{
	struct message m = message(MESSAGE_EMAIL);
	struct delivery_report report = {DELIVERY_DONE, NULL};

	begin();
	ck_assert_int_eq(
	    mkdir(arena_print(c->arena, "%s/1795341600000-" ID ".eml", dir),
		0700),
	    0);
	file_send(c, &m, &report);
	ck_assert_int_eq(report.result, DELIVERY_LATER);
	ck_assert_int_eq(files(), 1);
	end();
}
END_TEST

SUITE(file, test_mail, test_mail_is_understood, test_phone,
    test_header_values_are_one_line, test_no_folder, test_nothing_half_done)
