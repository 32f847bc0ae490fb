/* SPDX-License-Identifier: ISC */
/* The development inbox: for this machine alone; else there is no such path. */

#include <stdio.h>

#include "delivery/delivery.h"
#include "talk.h"

#define HERE   "!REMOTE_ADDR=127.0.0.1\nHost: localhost:8080"
#define ID     "01920000-0000-7000-8000-000000000007"
#define NOBODY "01920000-0000-7000-8000-000000000008"

static struct ctx *c;
static char dir[64];

static void
begin(void)
{
	c = test_ctx();
	snprintf(dir, sizeof(dir), "/tmp/doorward-inbox-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	talk_conf(c)->environment = "development";
	talk_conf(c)->email_channel = "file";
	talk_conf(c)->message_dir = dir;
	talk_conf(c)->mail_from = "post@d.example";
}

static void
end(void)
{
	ck_assert_int_eq(system(arena_print(c->arena, "rm -r %s", dir)), 0);
	test_done(c);
}

static void
mail(void)
{
	struct delivery_report report;
	struct message m = {.kind = MESSAGE_EMAIL,
	    .to = "ann@example.com",
	    .subject = "Sign in",
	    .text = "123456",
	    .html = "<p>123456</p>"};

	ck_assert(uuid_read(ID, &m.id));
	c->now = 1795341600000;
	file_send(c, &m, &report);
	ck_assert_int_eq(report.result, DELIVERY_DONE);
}

START_TEST(test_the_list_and_one_message)
{
	struct said said;

	begin();
	said = ask(c, "GET /dev/messages", HERE, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said.body, "{\"messages\":[]}");
	mail();
	said = ask(c, "GET /dev/messages", HERE, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said.body,
	    "{\"messages\":[{\"id\":\"" ID "\",\"kind\":\"email\","
	    "\"to\":\"ann@example.com\",\"subject\":\"Sign in\","
	    "\"at\":\"2026-11-22T10:00:00.000Z\"}]}");
	said = ask(c, "GET /dev/messages/" ID, HERE, NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_text(&said, "to"), "ann@example.com");
	ck_assert_str_eq(said_text(&said, "text"), "123456");
	ck_assert_str_eq(said_text(&said, "html"), "<p>123456</p>");
	end();
}
END_TEST

START_TEST(test_an_id_names_a_message_and_no_file)
{
	static const char *const ids[] = {NOBODY, "x", "..", "%2e%2e",
	    "1795341600000-" ID ".eml", "....passwd"};
	struct said said;
	size_t i;

	begin();
	mail();
	for (i = 0; i < COUNT(ids); i++) {
		said = ask(c,
		    arena_print(c->arena, "GET /dev/messages/%s", ids[i]), HERE,
		    NULL);
		ck_case(ids[i], said.status == 404);
	}
	end();
}
END_TEST

static const struct {
	const char *what, *environment, *channel, *headers;
} strangers[] = {
    {"production", "production", "file", HERE},
    {"messages are sent", "development", "smtp", HERE},
    {"another machine", "development", "file", "Host: localhost"},
    {"a page's own name for us", "development", "file",
	"!REMOTE_ADDR=127.0.0.1\nHost: evil.example"},
    {"a proxy of this machine", "development", "file",
	HERE "\nX-Forwarded-For: 192.0.2.1"},
};

static const char *const methods[] = {"GET", "HEAD", "POST", "OPTIONS"};

/* Byte for byte, but for the request's id. */
START_TEST(test_for_others_there_is_no_such_path)
{
	struct said said, unknown;
	const char *says;
	size_t i, m;

	begin();
	mail();
	for (i = 0; i < COUNT(strangers); i++) {
		talk_conf(c)->environment = strangers[i].environment;
		talk_conf(c)->email_channel = strangers[i].channel;
		says = arena_print(c->arena,
		    "%s\nX-Request-Id: 0123456789abcdef", strangers[i].headers);
		for (m = 0; m < COUNT(methods); m++) {
			said = ask(c,
			    arena_print(
				c->arena, "%s /dev/messages/" ID, methods[m]),
			    says, NULL);
			unknown = ask(c,
			    arena_print(
				c->arena, "%s /dev/nothing/" ID, methods[m]),
			    says, NULL);
			ck_case(strangers[i].what, said.status == 404);
			ck_case(strangers[i].what,
			    !strcmp(said.head, unknown.head) &&
				!strcmp(said.body, unknown.body));
		}
	}
	end();
}
END_TEST

START_TEST(test_no_other_page_reads_it)
{
	struct said said;

	begin();
	said = ask(c, "GET /dev/messages",
	    HERE "\nOrigin: https://evil.example", NULL);
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	said = ask(c, "OPTIONS /dev/messages",
	    HERE "\nOrigin: https://evil.example", NULL);
	ck_said(said, 204);
	ck_assert_ptr_null(said_header(&said, "Access-Control-Allow-Origin"));
	end();
}
END_TEST

SUITE(inbox, test_the_list_and_one_message,
    test_an_id_names_a_message_and_no_file,
    test_for_others_there_is_no_such_path, test_no_other_page_reads_it)
