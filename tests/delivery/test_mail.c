/* SPDX-License-Identifier: ISC */
/* mail.c: encoded words, dates, and a mail's headers. */

#include "delivery/delivery.h"
#include "test.h"

#define A10 "aaaaaaaaaa"
#define E10 "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"

/* clang-format off */
static const struct {
	const char	*what, *in, *out;
} word_cases[] = {
	{ "ASCII stays",	 "Sign in to Kuya", "Sign in to Kuya" },
	{ "nothing stays",	 "", "" },
	{ "UTF-8 is encoded",	 "Caf\xc3\xa9", "=?UTF-8?B?Q2Fmw6k=?=" },
	{ "an emoji",		 "\xf0\x9f\x91\x8b", "=?UTF-8?B?8J+Riw==?=" },
	{ "both odd letters of base64", "\xc3\xbf\xe2\x82\xbf\xcf\xbf",
	  "=?UTF-8?B?w7/igr/Pvw==?=" },
	{ "what looks encoded",	 "=?UTF-8?B?QQ==?=",
	  "=?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=" },
	{ "line breaks go",	 "a\r\nBcc: b", "aBcc: b" },
	{ "other controls go",	 "a\tb\x1b\x7f", "ab" },
	{ "no character is cut", E10 E10 E10 E10 E10,
	  "=?UTF-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6k=?="
	  " =?UTF-8?B?w6nDqcOp?=" },
	{ "three words",	 "\xc3\xa9" A10 A10 A10 A10 A10 A10 A10 A10 A10 "a",
	  "=?UTF-8?B?w6lhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh?="
	  " =?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh?="
	  " =?UTF-8?B?YWFh?=" },
};

static const struct {
	int64_t		 ms;
	const char	*out;
} dates[] = {
	{ 0,			"Thu, 01 Jan 1970 00:00:00 +0000" },
	{ 999,			"Thu, 01 Jan 1970 00:00:00 +0000" },
	{ 951782399000,		"Mon, 28 Feb 2000 23:59:59 +0000" },
	{ 951782400000,		"Tue, 29 Feb 2000 00:00:00 +0000" },
	{ 1795341600000,	"Sun, 22 Nov 2026 10:00:00 +0000" },
	{ 4102444799999,	"Thu, 31 Dec 2099 23:59:59 +0000" },
};

static const struct {
	const char	*what, *name, *from, *out;
} senders[] = {
	{ "a name and an address",  "Kuya Shop", "k@kuya.example",
	  "Kuya Shop <k@kuya.example>" },
	{ "no name",		    NULL, "k@kuya.example", "k@kuya.example" },
	{ "an empty name",	    "", "k@kuya.example", "k@kuya.example" },
	{ "the preset sender",	    "Kuya", NULL, "Kuya <post@door.example>" },
	{ "a name in UTF-8",	    "Caf\xc3\xa9", "k@kuya.example",
	  "=?UTF-8?B?Q2Fmw6k=?= <k@kuya.example>" },
	{ "a comma is no list",	    "Smith, Inc.", "k@kuya.example",
	  "=?UTF-8?B?U21pdGgsIEluYy4=?= <k@kuya.example>" },
	{ "a name is no address",   "<x@y.example>", "k@kuya.example",
	  "=?UTF-8?B?PHhAeS5leGFtcGxlPg==?= <k@kuya.example>" },
	{ "line breaks go",	    "K\r\nBcc: t", "k@kuya.example",
	  "=?UTF-8?B?S0JjYzogdA==?= <k@kuya.example>" },
};
/* clang-format on */

START_TEST(test_word)
{
	struct ctx *c = test_ctx();
	const char *out;
	size_t i;

	for (i = 0; i < COUNT(word_cases); i++) {
		out = mail_word(c->arena, word_cases[i].in);
		ck_assert_msg(!strcmp(out, word_cases[i].out), "%s: %s",
		    word_cases[i].what, out);
	}
	test_done(c);
}
END_TEST

/* RFC 2047, 2: at most 75 bytes each, whatever is encoded. */
START_TEST(test_word_length)
{
	struct ctx *c = test_ctx();
	struct text t = text_new(c->arena);
	char *word, *rest;
	size_t i;

	for (i = 0; i < 60; i++) {
		text_add(&t, i % 3 ? "\xe2\x82\xac" : "\xf0\x9f\x91\x8b");
		rest = mail_word(c->arena, t.s);
		while ((word = strsep(&rest, " ")))
			ck_assert_uint_le(strlen(word), 75);
	}
	test_done(c);
}
END_TEST

START_TEST(test_date)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(dates); i++)
		ck_assert_str_eq(
		    mail_date(c->arena, dates[i].ms), dates[i].out);
	test_done(c);
}
END_TEST

static const char *
header(const struct net_header *h, const char *name)
{
	for (; h->name; h++)
		if (!strcmp(h->name, name))
			return h->value;
	return "";
}

START_TEST(test_sender)
{
	const struct conf conf = {.mail_from = "post@door.example"};
	struct ctx *c = test_ctx();
	struct message m = {.to = "ann@example.com", .subject = "Hi"};
	const char *out;
	size_t i;

	c->conf = &conf;
	for (i = 0; i < COUNT(senders); i++) {
		m.from_name = senders[i].name;
		m.from = senders[i].from;
		out = header(mail_headers(c, &m), "From");
		ck_assert_msg(!strcmp(out, senders[i].out), "%s: %s",
		    senders[i].what, out);
	}
	test_done(c);
}
END_TEST

START_TEST(test_headers)
{
	const struct conf conf = {.mail_from = "post@door.example"};
	struct ctx *c = test_ctx();
	struct message m = {
	    .id = {{1, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 7}},
	    .to = "ann@example.com\r\nBcc: thief@example.com",
	    .subject = "Hi\r\nBcc: thief@example.com",
	};
	const struct net_header *list;

	c->conf = &conf;
	c->now = 1795341600000;
	list = mail_headers(c, &m);
	ck_assert_str_eq(
	    header(list, "Date"), "Sun, 22 Nov 2026 10:00:00 +0000");
	ck_assert_str_eq(header(list, "Message-ID"),
	    "<01920000-0000-7000-8000-000000000007@door.example>");
	ck_assert_str_eq(
	    header(list, "To"), "ann@example.comBcc: thief@example.com");
	ck_assert_str_eq(header(list, "Subject"), "HiBcc: thief@example.com");
	ck_assert_str_eq(header(list, "MIME-Version"), "1.0");
	ck_assert_str_eq(header(list, "Auto-Submitted"), "auto-generated");
	test_done(c);
}
END_TEST

SUITE(mail, test_word, test_word_length, test_date, test_sender, test_headers)
