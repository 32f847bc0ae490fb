/* SPDX-License-Identifier: ISC */
/* inbox.c: what the channel file wrote is found again, and nothing else is. */

#include <stdio.h>
#include <sys/stat.h>

#include "delivery/delivery.h"
#include "test.h"

#define SHOP                       \
	"Caf\xc3\xa9 \xe2\x80\x9c" \
	"Zum goldenen L\xc3\xb6wen\xe2\x80\x9d & S\xc3\xb6hne"
#define TEXT "123456 is your code.\n\nhttps://x.example/#t=1&e=2\n."
#define HTML "<p>\xf0\x9f\x91\x8b 123456</p>\n\n<p>--</p>"

static struct ctx *c;
static struct conf conf;
static char dir[64];

static void
begin(void)
{
	c = test_ctx();
	snprintf(dir, sizeof(dir), "/tmp/doorward-inbox-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	conf = (struct conf){.message_dir = dir, .mail_from = "post@d.example"};
	c->conf = &conf;
	c->now = 1795341600000;
}

static void
end(void)
{
	ck_assert_int_eq(system(arena_print(c->arena, "rm -r %s", dir)), 0);
	test_done(c);
}

static struct uuid
send(enum message_kind kind, const char *to)
{
	bool mail = kind == MESSAGE_EMAIL;
	struct delivery_report report;
	struct message m = {.id = uuid_make(c->now),
	    .kind = kind,
	    .to = to,
	    .subject = "Sign in to " SHOP,
	    .text = TEXT,
	    .html = mail ? HTML : NULL};

	file_send(c, &m, &report);
	ck_assert_int_eq(report.result, DELIVERY_DONE);
	return m.id;
}

static void
litter(const char *name, const char *content)
{
	FILE *f = fopen(arena_print(c->arena, "%s/%s", dir, name), "w");

	ck_assert_ptr_nonnull(f);
	fputs(content, f);
	fclose(f);
}

START_TEST(test_a_mail_is_read_as_it_was_sent)
{
	struct inbox_item item;
	struct uuid id;

	begin();
	id = send(MESSAGE_EMAIL, "ann@example.com");
	ck_assert_int_eq(inbox_find(c, id, &item), OK);
	ck_assert(uuid_equal(item.id, id));
	ck_assert_int_eq(item.kind, MESSAGE_EMAIL);
	ck_assert_int_eq(item.at, c->now);
	ck_assert_str_eq(item.to, "ann@example.com");
	ck_assert_str_eq(item.subject, "Sign in to " SHOP);
	ck_assert_str_eq(item.text, TEXT);
	ck_assert_str_eq(item.html, HTML);
	end();
}
END_TEST

START_TEST(test_a_phone_message_has_no_subject)
{
	static const enum message_kind kinds[] = {
	    MESSAGE_SMS, MESSAGE_WHATSAPP};
	struct inbox_item item;
	size_t i;

	begin();
	for (i = 0; i < COUNT(kinds); i++) {
		ck_assert_int_eq(
		    inbox_find(c, send(kinds[i], "+2348012345678"), &item), OK);
		ck_assert_int_eq(item.kind, kinds[i]);
		ck_assert_str_eq(item.to, "+2348012345678");
		ck_assert_ptr_null(item.subject);
		ck_assert_ptr_null(item.html);
		ck_assert_str_eq(item.text, TEXT "\n");
	}
	end();
}
END_TEST

START_TEST(test_the_newest_come_first_and_no_more_than_fifty)
{
	struct inbox_item *list;
	size_t i, n;

	begin();
	ck_assert_int_eq(inbox_list(c, &list, &n), OK);
	ck_assert_uint_eq(n, 0);
	for (i = 0; i < INBOX_MAX + 3; i++, c->now += (int64_t)(i % 2))
		send(MESSAGE_EMAIL,
		    arena_print(c->arena, "person%zu@example.com", i));
	ck_assert_int_eq(inbox_list(c, &list, &n), OK);
	ck_assert_uint_eq(n, INBOX_MAX);
	for (i = 0; i + 1 < n; i++)
		ck_assert_int_ge(list[i].at, list[i + 1].at);
	ck_assert_int_eq(list[0].at, c->now - (INBOX_MAX + 3) % 2);
	ck_assert_str_eq(list[n - 1].subject, "Sign in to " SHOP);
	end();
}
END_TEST

START_TEST(test_other_files_are_none_of_ours)
{
	static const char id[] = "01920000-0000-7000-8000-000000000007";
	struct inbox_item *list, item;
	struct uuid uuid;
	size_t n;

	begin();
	litter("notes.eml", "To: a@example.com\n\nx\n");
	litter(arena_print(c->arena, "1-%s.pem", id), "To: a\n\nx\n");
	litter(arena_print(c->arena, ".1-%s.eml.part", id), "To: a\n\nx\n");
	litter(arena_print(c->arena, "x-%s.eml", id), "To: a\n\nx\n");
	litter(arena_print(c->arena, "1-%s", id), "To: a\n\nx\n");
	litter("1-01920000-0000-7000-8000.sms.txt", "To: a\n\nx\n");
	ck_assert_int_eq(inbox_list(c, &list, &n), OK);
	ck_assert_uint_eq(n, 0);
	ck_assert(uuid_read(id, &uuid));
	ck_assert_int_eq(inbox_find(c, uuid, &item), ERR_NOT_FOUND);
	end();
}
END_TEST

START_TEST(test_a_file_that_is_no_message)
{
	static const char id[] = "01920000-0000-7000-8000-000000000007";
	struct inbox_item item;
	struct uuid uuid;

	begin();
	ck_assert(uuid_read(id, &uuid));
	litter(arena_print(c->arena, "1-%s.eml", id),
	    "Subject: =?UTF-8?B?!?= and =?UTF-8?B?");
	ck_assert_int_eq(inbox_find(c, uuid, &item), OK);
	ck_assert_str_eq(item.to, "");
	ck_assert_str_eq(item.subject, "and =?UTF-8?B?");
	ck_assert_str_eq(item.text, "");
	ck_assert_ptr_null(item.html);
	end();
}
END_TEST

START_TEST(test_a_folder_that_is_gone)
{
	struct inbox_item *list;
	size_t n;

	begin();
	conf.message_dir = "/nonexistent";
	ck_assert_int_eq(inbox_list(c, &list, &n), ERR_IO);
	conf.message_dir = NULL;
	ck_assert_int_eq(inbox_list(c, &list, &n), ERR_IO);
	end();
}
END_TEST

START_TEST(test_in_use_when_any_kind_is_a_file)
{
	struct conf none = {.email_channel = "smtp"};
	struct conf one = {.email_channel = "smtp", .sms_channel = "file"};

	ck_assert(!inbox_in_use(&none));
	ck_assert(inbox_in_use(&one));
}
END_TEST

SUITE(inbox, test_a_mail_is_read_as_it_was_sent,
    test_a_phone_message_has_no_subject,
    test_the_newest_come_first_and_no_more_than_fifty,
    test_other_files_are_none_of_ours, test_a_file_that_is_no_message,
    test_a_folder_that_is_gone, test_in_use_when_any_kind_is_a_file)
