/* SPDX-License-Identifier: ISC */
/* hook.c: what a hook of the operator's own receives, and its signature. */

#include "desk.h"

#define TEXT                                                                \
	"\"text\":\"123456 is your code, & more = \\\"100%\\\" for Caf\xc3" \
	"\xa9.\\n\\n@shop.example #123456\","

static struct desk d;

START_TEST(test_mail)
{
	struct message m = desk_message(MESSAGE_EMAIL);

	desk_open(&d);
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
	ck_assert_str_eq(desk_seen(&d, "faults"), "");
	ck_assert_str_eq(desk_seen(&d, "last"),
	    "{\"id\":\"" DESK_ID "\",\"kind\":\"email\","
	    "\"to\":\"ann@example.com\",\"from\":\"post@door.example\"," TEXT
	    "\"subject\":\"Sign in\",\"html\":\"\\u003cp>123456\\u003c/p>\","
	    "\"code\":\"123456\",\"locale\":\"en\"}");
	ck_assert_ptr_nonnull(strstr(
	    desk_seen(&d, "wire"), "\nIdempotency-Key: " DESK_ID "-email\n"));
	desk_close(&d);
}
END_TEST

START_TEST(test_phone)
{
	struct message m = desk_message(MESSAGE_SMS);

	desk_open(&d);
	d.conf.sms_channel = d.conf.whatsapp_channel = "hook";
	m.code = NULL;
	m.locale = "de";
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
	ck_assert_str_eq(desk_seen(&d, "last"),
	    "{\"id\":\"" DESK_ID "\",\"kind\":\"sms\","
	    "\"to\":\"+4915123456789\",\"from\":\"Caf\xc3\xa9\"," TEXT
	    "\"locale\":\"de\"}");
	m.kind = MESSAGE_WHATSAPP;
	m.from_name = NULL;
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
	ck_assert_ptr_nonnull(strstr(desk_seen(&d, "last"), "\"from\":null"));
	ck_assert_ptr_nonnull(strstr(desk_seen(&d, "wire"), DESK_ID "-sms\n"));
	ck_assert_ptr_nonnull(
	    strstr(desk_seen(&d, "wire"), DESK_ID "-whatsapp\n"));
	ck_assert_str_eq(desk_seen(&d, "faults"), "");
	desk_close(&d);
}
END_TEST

/* The receiver computes it by itself; a wrong secret is found out. */
START_TEST(test_signature)
{
	struct message m = desk_message(MESSAGE_EMAIL);

	desk_open(&d);
	d.conf.hook_secret_file =
	    desk_secret(&d, "other", "another-secret-of-thirty-two-bytes");
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_NEVER);
	ck_assert_ptr_nonnull(
	    strstr(desk_seen(&d, "faults"), "the signature is wrong"));
	ck_assert_str_eq(desk_seen(&d, "done"), "");
	desk_close(&d);
}
END_TEST

static const struct desk_answer answers[] = {
    {"200", DELIVERY_DONE, ""},
    {"202", DELIVERY_DONE, ""},
    {"204", DELIVERY_DONE, ""},
    {"400:7", DELIVERY_NEVER, "HTTP 400"},
    {"404", DELIVERY_NEVER, "HTTP 404"},
    {"410", DELIVERY_NEVER, "HTTP 410"},
    {"408", DELIVERY_LATER, "HTTP 408"},
    {"429", DELIVERY_LATER, "HTTP 429"},
    {"502", DELIVERY_LATER, "HTTP 502"},
    {"redirect", DELIVERY_NEVER, "HTTP 302"},
    {"drop", DELIVERY_LATER, ""},
    {"slow", DELIVERY_LATER, ""},
};

START_TEST(test_answers)
{
	struct message m = desk_message(MESSAGE_EMAIL);

	desk_open(&d);
	d.conf.delivery_timeout_seconds = 1;
	desk_answers(&d, &m, answers, COUNT(answers));
	desk_close(&d);
}
END_TEST

START_TEST(test_check)
{
	struct arena *a;

	desk_open(&d);
	a = d.c->arena;
	ck_assert_ptr_null(hook_check(a, &d.conf));
	d.conf.hook_url = "http://127.0.0.1:8080/hook";
	ck_assert_ptr_null(hook_check(a, &d.conf));
	d.conf.hook_secret_file = desk_secret(&d, "short", "too short");
	ck_assert_ptr_nonnull(strstr(hook_check(a, &d.conf), "32 characters"));
	d.conf.hook_secret_file = "";
	ck_assert_str_eq(hook_check(a, &d.conf), "hook_secret_file is not set");
	d.conf.hook_url = "";
	ck_assert_str_eq(hook_check(a, &d.conf), "hook_url is not set");
	desk_close(&d);
}
END_TEST

SUITE(hook, test_mail, test_phone, test_signature, test_answers, test_check)
