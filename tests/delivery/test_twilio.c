/* SPDX-License-Identifier: ISC */
/* twilio.c, against what Twilio publishes of its Messages resource. */

#include "desk.h"

#define FORM "To=%2B4915123456789&From="
#define BODY                                                              \
	"&Body=123456%20is%20your%20code%2C%20%26%20more%20%3D%20%22100%" \
	"25%22%20for%20Caf%C3%A9.%0A%0A%40shop.example%20%23123456"

static struct desk d;

START_TEST(test_the_request)
{
	struct message m = desk_message(MESSAGE_SMS);
	const char *wire;

	desk_open(&d);
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
	ck_assert_str_eq(desk_seen(&d, "faults"), "");
	ck_assert_str_eq(desk_seen(&d, "last"), FORM "%2B15005550006" BODY);
	wire = desk_seen(&d, "wire");
	ck_assert(!strncmp(wire,
	    "POST /2010-04-01/Accounts/" DESK_ACCOUNT
	    "/Messages.json HTTP/1.1\r\n",
	    84));
	/* the account and its token, in base64 */
	ck_assert_ptr_nonnull(strstr(wire,
	    "\nAuthorization: Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2R"
	    "lZjp0d2lsaW8tczNjcmV0\n"));
	ck_assert_ptr_nonnull(strstr(
	    wire, "\nContent-Type: application/x-www-form-urlencoded\n"));
	desk_close(&d);
}
END_TEST

static const struct {
	const char *what, *from, *said;
} senders[] = {
    {"a number", "+15005550006", "&From=%2B15005550006&"},
    {"a name", "My Shop", "&From=My%20Shop&"},
    {"a name that looks like a service", "MG", "&From=MG&"},
    {"a messaging service", "MG0123456789abcdef0123456789abcdef",
	"&MessagingServiceSid=MG0123456789abcdef0123456789abcdef&"},
};

START_TEST(test_senders)
{
	struct message m = desk_message(MESSAGE_SMS);
	size_t i;

	desk_open(&d);
	for (i = 0; i < COUNT(senders); i++) {
		d.conf.twilio_from = senders[i].from;
		ck_case(
		    senders[i].what, desk_sent(&d, &m).result == DELIVERY_DONE);
		ck_case(senders[i].what,
		    strstr(desk_seen(&d, "last"), senders[i].said) != NULL);
	}
	desk_close(&d);
}
END_TEST

START_TEST(test_an_api_key_signs_in)
{
	struct message m = desk_message(MESSAGE_SMS);

	desk_open(&d);
	d.conf.twilio_user = "SK0123456789abcdef0123456789abcdef";
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
	ck_assert_ptr_nonnull(
	    strstr(desk_seen(&d, "wire"), "/Accounts/" DESK_ACCOUNT "/"));
	ck_assert_ptr_nonnull(
	    strstr(desk_seen(&d, "wire"), "\nAuthorization: Basic U0swMTIz"));
	d.conf.twilio_user = "SK1123456789abcdef0123456789abcdef";
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_LATER);
	desk_close(&d);
}
END_TEST

static const struct desk_answer answers[] = {
    {"201", DELIVERY_DONE, ""},
    {"400:21211", DELIVERY_NEVER, "error 21211: the number is not valid"},
    {"400:21610", DELIVERY_NEVER, "does not want"},
    {"401:20003", DELIVERY_LATER, "twilio_token_file"},
    {"404:20404", DELIVERY_LATER, "twilio_account"},
    {"400:12345", DELIVERY_NEVER, "HTTP 400, error 12345"},
    {"429:20429", DELIVERY_LATER, "too many requests"},
    {"429", DELIVERY_LATER, "HTTP 429"},
    {"400:14107", DELIVERY_LATER, "too many messages"},
    {"500", DELIVERY_LATER, "HTTP 500"},
    {"503:20503", DELIVERY_LATER, "HTTP 503"},
    {"garbage", DELIVERY_LATER, ""},
    {"cut", DELIVERY_DONE, ""},
    {"redirect", DELIVERY_NEVER, "HTTP 302"},
};

START_TEST(test_answers)
{
	struct message m = desk_message(MESSAGE_SMS);

	desk_open(&d);
	desk_answers(&d, &m, answers, COUNT(answers));
	ck_assert_str_eq(desk_seen(&d, "faults"), "");
	desk_close(&d);
}
END_TEST

START_TEST(test_too_long)
{
	struct message m = desk_message(MESSAGE_SMS);
	char *text;

	desk_open(&d);
	text = arena_get(d.c->arena, 2 * 1601 + 1);
	for (m.text = text; text < m.text + 2 * 1600; text += 2)
		memcpy(text, "\xc3\xa9", 2);
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
	memcpy(text, "\xc3\xa9", 2);
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_NEVER);
	desk_close(&d);
}
END_TEST

START_TEST(test_check)
{
	struct arena *a;

	desk_open(&d);
	a = d.c->arena;
	ck_assert_ptr_null(twilio_check(a, &d.conf));
	d.conf.twilio_token_file = "";
	ck_assert_str_eq(
	    twilio_check(a, &d.conf), "twilio_token_file is not set");
	d.conf.twilio_from = "";
	ck_assert_ptr_nonnull(
	    strstr(twilio_check(a, &d.conf), "twilio_from is not set"));
	d.conf.twilio_account = "";
	ck_assert_ptr_nonnull(
	    strstr(twilio_check(a, &d.conf), "twilio_account is not set"));
	d.conf.twilio_url = "http://api.twilio.com";
	ck_assert_ptr_nonnull(
	    strstr(twilio_check(a, &d.conf), "twilio_url must begin with"));
	desk_close(&d);
}
END_TEST

SUITE(twilio, test_the_request, test_senders, test_an_api_key_signs_in,
    test_answers, test_too_long, test_check)
