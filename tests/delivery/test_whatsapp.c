/* SPDX-License-Identifier: ISC */
/* whatsapp.c, against what Meta publishes of the Cloud API. */

#include "desk.h"

#define PARAMETERS "\"parameters\":[{\"type\":\"text\",\"text\":\"123456\"}]"

static struct desk d;

static struct delivery_report
sent_to(const char *to, const char *code)
{
	struct message m = desk_message(MESSAGE_WHATSAPP);

	m.to = to;
	m.code = code;
	return desk_sent(&d, &m);
}

START_TEST(test_the_request)
{
	struct message m = desk_message(MESSAGE_WHATSAPP);

	desk_open(&d);
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
	ck_assert_str_eq(desk_seen(&d, "faults"), "");
	ck_assert_str_eq(desk_seen(&d, "last"),
	    "{\"messaging_product\":\"whatsapp\","
	    "\"recipient_type\":\"individual\",\"to\":\"4915123456789\","
	    "\"type\":\"template\",\"template\":{\"name\":\"sign_in_code\","
	    "\"language\":{\"code\":\"en_US\"},\"components\":["
	    "{\"type\":\"body\"," PARAMETERS "},"
	    "{\"type\":\"button\",\"sub_type\":\"url\",\"index\":\"0\"," PARAMETERS
	    "}]}}");
	ck_assert(!strncmp(desk_seen(&d, "wire"),
	    "POST /v23.0/106540352242922/messages HTTP/1.1\r\n", 47));
	ck_assert_ptr_nonnull(strstr(desk_seen(&d, "wire"),
	    "\nAuthorization: Bearer whatsapp-s3cret\n"));
	ck_assert_ptr_nonnull(strstr(
	    desk_seen(&d, "wire"), "\nContent-Type: application/json\n"));
	desk_close(&d);
}
END_TEST

static const struct {
	const char *locale, *languages, *language;
} languages[] = {
    {"de", "en_US de fr-CA:fr", "de"},
    {"DE", "en_US de", "en_US"},
    {"de-AT", "en_US de fr-CA:fr", "de"},
    {"de_AT", "en_US de fr-CA:fr", "de"},
    {"fr-CA", "en_US de fr-CA:fr", "fr"},
    {"fr", "en_US de fr-CA:fr", "en_US"},
    {"fr-CA", "de fr:de fr-CA:fr", "fr"},
    {"sw", "de en", "de"},
    {"en", "de en:en_US", "en_US"},
    {NULL, "de en", "en"},
};

START_TEST(test_languages)
{
	struct message m = desk_message(MESSAGE_WHATSAPP);
	const char *said;
	size_t i;

	desk_open(&d);
	for (i = 0; i < COUNT(languages); i++) {
		m.locale = languages[i].locale;
		d.conf.whatsapp_languages = languages[i].languages;
		ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_DONE);
		said = arena_print(d.c->arena, "\"language\":{\"code\":\"%s\"}",
		    languages[i].language);
		ck_assert_msg(strstr(desk_seen(&d, "last"), said),
		    "row %zu: %s in %s", i, said, desk_seen(&d, "last"));
	}
	desk_close(&d);
}
END_TEST

START_TEST(test_what_never_leaves)
{
	desk_open(&d);
	ck_assert_int_eq(
	    sent_to("+4915123456789", NULL).result, DELIVERY_NEVER);
	ck_assert_ptr_nonnull(
	    strstr(sent_to("+4915123456789", NULL).why, "a link alone"));
	ck_assert_int_eq(sent_to("+4915123456789", "1234567890123456").result,
	    DELIVERY_NEVER);
	ck_assert_int_eq(
	    sent_to("4915123456789", "123456").result, DELIVERY_NEVER);
	ck_assert_int_eq(
	    sent_to("+49151 23456789", "123456").result, DELIVERY_NEVER);
	ck_assert_str_eq(desk_seen(&d, "wire"), "");
	desk_close(&d);
}
END_TEST

static const struct desk_answer answers[] = {
    {"200", DELIVERY_DONE, ""},
    {"400:131026", DELIVERY_NEVER, "HTTP 400, error 131026: the number is not"},
    {"404:132001", DELIVERY_NEVER, "error 132001: no such template"},
    {"401:190", DELIVERY_NEVER, "whatsapp_token_file"},
    {"403:131005", DELIVERY_NEVER, "the token may not"},
    {"400:4", DELIVERY_LATER, "too many calls"},
    {"400:80007", DELIVERY_LATER, "too many calls"},
    {"400:130429", DELIVERY_LATER, "too many messages"},
    {"400:131056", DELIVERY_LATER, "too many messages"},
    {"400:131048", DELIVERY_LATER, "spam"},
    {"400:131000", DELIVERY_LATER, "failed"},
    {"400:131016", DELIVERY_LATER, "overloaded"},
    {"400:999", DELIVERY_NEVER, "HTTP 400, error 999"},
    {"429:999", DELIVERY_LATER, "HTTP 429, error 999"},
    {"500:131000", DELIVERY_LATER, "HTTP 500"},
    {"503", DELIVERY_LATER, "HTTP 503"},
    {"redirect", DELIVERY_NEVER, "HTTP 302"},
    {"garbage", DELIVERY_LATER, ""},
    {"drop", DELIVERY_LATER, ""},
    {"cut", DELIVERY_DONE, ""},
    {"huge", DELIVERY_DONE, ""},
};

START_TEST(test_answers)
{
	struct message m = desk_message(MESSAGE_WHATSAPP);

	desk_open(&d);
	desk_answers(&d, &m, answers, COUNT(answers));
	ck_assert_str_eq(desk_seen(&d, "faults"), "");
	desk_close(&d);
}
END_TEST

START_TEST(test_wrong_settings)
{
	struct message m = desk_message(MESSAGE_WHATSAPP);

	desk_open(&d);
	d.conf.whatsapp_token_file = desk_secret(&d, "other", "other-s3cret");
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_NEVER);
	ck_assert_ptr_nonnull(
	    strstr(desk_seen(&d, "faults"), "no valid token"));
	d.conf.whatsapp_token_file = "/nonexistent";
	ck_assert_int_eq(desk_sent(&d, &m).result, DELIVERY_LATER);
	desk_close(&d);
}
END_TEST

START_TEST(test_check)
{
	struct arena *a;

	desk_open(&d);
	a = d.c->arena;
	ck_assert_ptr_null(whatsapp_check(a, &d.conf));
	d.conf.whatsapp_token_file = "";
	ck_assert_str_eq(
	    whatsapp_check(a, &d.conf), "whatsapp_token_file is not set");
	d.conf.whatsapp_template = "";
	ck_assert_ptr_nonnull(
	    strstr(whatsapp_check(a, &d.conf), "whatsapp_template is not set"));
	d.conf.whatsapp_phone_id = "";
	ck_assert_ptr_nonnull(
	    strstr(whatsapp_check(a, &d.conf), "whatsapp_phone_id is not set"));
	d.conf.outbound_networks = "";
	ck_assert_ptr_nonnull(
	    strstr(whatsapp_check(a, &d.conf), "outbound_networks"));
	desk_close(&d);
}
END_TEST

SUITE(whatsapp, test_the_request, test_languages, test_what_never_leaves,
    test_answers, test_wrong_settings, test_check)
