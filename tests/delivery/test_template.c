/* SPDX-License-Identifier: ISC */
/* template.c: slots are filled once, lines fall away, nothing gets in. */

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery/delivery.h"
#include "test.h"

#define LINK "https://shop.example/signin#token=abc&email=ann%40example.com"

static struct ctx *c;
static struct conf conf;
static char scratch[64];

static void
begin(void)
{
	const char *src = getenv("DW_SRC");

	c = test_ctx();
	conf.template_dir =
	    arena_print(c->arena, "%s/conf/templates", src ? src : ".");
	c->conf = &conf;
}

static void
end(void)
{
	test_done(c);
}

/* A template folder of our own. */
static void
begin_scratch(void)
{
	begin();
	strcpy(scratch, "/tmp/doorward-words-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(
	    mkdir(arena_print(c->arena, "%s/en", scratch), 0700), 0);
	ck_assert_int_eq(
	    mkdir(arena_print(c->arena, "%s/fr", scratch), 0700), 0);
	conf.template_dir = scratch;
}

static void
scratch_write(const char *name, const char *body)
{
	FILE *f = fopen(arena_print(c->arena, "%s/%s", scratch, name), "w");

	ck_assert_ptr_nonnull(f);
	fputs(body, f);
	ck_assert_int_eq(fclose(f), 0);
}

static void
end_scratch(void)
{
	const char *command = arena_print(c->arena, "rm -r %s", scratch);

	ck_assert_int_eq(system(command), 0);
	end();
}

static struct message
render(enum message_kind kind, const char *shop, const char *code,
    const char *link)
{
	const struct slot slots[] = {
	    {"shop", shop},
	    {"code", code},
	    {"link", link},
	    {"minutes", "10"},
	    {"host", "shop.example"},
	    {NULL, NULL},
	};
	struct message m = {.kind = kind};

	ck_assert_int_eq(message_render(c, "en", "signin", slots, &m), OK);
	return m;
}

/* clang-format off */
static const struct {
	const char	 *what;
	enum message_kind kind;
	const char	 *shop, *code, *link, *subject, *text;
} words[] = {
	{ "a mail with code and link", MESSAGE_EMAIL,
	  "Kuya", "123456", LINK, "Sign in to Kuya",
	  "123456 is your sign-in code for Kuya.\n\n" LINK "\n\n"
	  "It works once, within 10 minutes.\n\n"
	  "If you did not ask for this, you can ignore this message." },
	{ "a mail with a link only", MESSAGE_EMAIL,
	  "Kuya", NULL, LINK, "Sign in to Kuya",
	  "Here is your link to sign in to Kuya:\n\n" LINK "\n\n"
	  "It works once, within 10 minutes.\n\n"
	  "If you did not ask for this, you can ignore this message." },
	{ "a mail with a code only", MESSAGE_EMAIL,
	  "Kuya", "123456", NULL, "Sign in to Kuya",
	  "123456 is your sign-in code for Kuya.\n\n"
	  "It works once, within 10 minutes.\n\n"
	  "If you did not ask for this, you can ignore this message." },
	{ "a mail of a shop that is not approved", MESSAGE_EMAIL,
	  NULL, "123456", LINK, "Your sign-in link",
	  "123456 is your sign-in code.\n\n" LINK "\n\n"
	  "It works once, within 10 minutes.\n\n"
	  "If you did not ask for this, you can ignore this message." },
	{ "a mail with neither shop nor code", MESSAGE_EMAIL,
	  NULL, NULL, LINK, "Your sign-in link",
	  "Here is your sign-in link:\n\n" LINK "\n\n"
	  "It works once, within 10 minutes.\n\n"
	  "If you did not ask for this, you can ignore this message." },
	{ "an SMS ends with the host and the code", MESSAGE_SMS,
	  "Kuya", "123456", LINK, NULL,
	  "123456 is your sign-in code for Kuya."
	  " It works once, within 10 minutes.\n\n@shop.example #123456" },
	{ "an SMS without a code has no such line", MESSAGE_SMS,
	  "Kuya", NULL, LINK, NULL, "Sign in to Kuya: " LINK },
	{ "an SMS of a shop that is not approved", MESSAGE_SMS,
	  NULL, "123456", NULL, NULL,
	  "123456 is your sign-in code."
	  " It works once, within 10 minutes.\n\n@shop.example #123456" },
	{ "a WhatsApp message with a code", MESSAGE_WHATSAPP,
	  "Kuya", "123456", NULL, NULL,
	  "123456 is your sign-in code for Kuya.\n\nIt works once, within"
	  " 10 minutes. Please do not share it with anyone." },
	{ "a name that looks like a slot", MESSAGE_WHATSAPP,
	  "{code}{link}", "123456", LINK, NULL,
	  "123456 is your sign-in code for {code}{link}.\n\nIt works once, within"
	  " 10 minutes. Please do not share it with anyone." },
	{ "a name that looks like a format", MESSAGE_WHATSAPP,
	  "%s%n%%|", "123456", LINK, NULL,
	  "123456 is your sign-in code for %s%n%%|.\n\nIt works once, within"
	  " 10 minutes. Please do not share it with anyone." },
	{ "a name with line breaks cannot forge the last line", MESSAGE_SMS,
	  "K\r\n\n@evil.example #000000\r\n", "123456", NULL, NULL,
	  "123456 is your sign-in code for K@evil.example #000000."
	  " It works once, within 10 minutes.\n\n@shop.example #123456" },
	{ "a name with line breaks cannot add headers", MESSAGE_EMAIL,
	  "K\r\nBcc: x@y.example\x1b[0m\x7f", NULL, NULL,
	  "Sign in to KBcc: x@y.example[0m",
	  "Here is your link to sign in to KBcc: x@y.example[0m:\n\n"
	  "It works once, within 10 minutes.\n\n"
	  "If you did not ask for this, you can ignore this message." },
};
/* clang-format on */

START_TEST(test_words)
{
	struct message m;
	size_t i;

	begin();
	for (i = 0; i < COUNT(words); i++) {
		m = render(
		    words[i].kind, words[i].shop, words[i].code, words[i].link);
		ck_assert_msg(!strcmp(m.text, words[i].text), "%s: %s",
		    words[i].what, m.text);
		ck_case(words[i].what, !m.subject == !words[i].subject);
		if (m.subject)
			ck_assert_msg(!strcmp(m.subject, words[i].subject),
			    "%s: %s", words[i].what, m.subject);
		ck_case(
		    words[i].what, !m.html == (words[i].kind != MESSAGE_EMAIL));
	}
	end();
}
END_TEST

START_TEST(test_html_is_escaped)
{
	struct message m;

	begin();
	m = render(MESSAGE_EMAIL, "<script>alert(\"1\")</script> & 'co'",
	    "123456", "https://x.example/?a=1&b=\"><img src=x>");
	ck_assert_ptr_null(strstr(m.html, "<script"));
	ck_assert_ptr_null(strstr(m.html, "<img"));
	ck_assert_ptr_nonnull(strstr(m.html,
	    "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; "
	    "&#39;co&#39;</h1>"));
	ck_assert_ptr_nonnull(strstr(m.html,
	    "href=\"https://x.example/?a=1&amp;b=&quot;&gt;&lt;img src=x&gt;\""));
	ck_assert_ptr_nonnull(strstr(m.html, ">123456</strong>"));
	end();
}
END_TEST

/* Nothing is fetched when a mail is opened. */
START_TEST(test_html_stands_alone)
{
	static const char *const foreign[] = {
	    "http:", "<link", "<img", "<script", "url(", "@import", "src="};
	struct message m;
	size_t i;

	begin();
	m = render(MESSAGE_EMAIL, "Kuya", NULL, "https://a.example/");
	for (i = 0; i < COUNT(foreign); i++)
		ck_case(foreign[i], !strstr(m.html, foreign[i]));
	ck_assert_ptr_null(strstr(m.html, "Your code"));
	m = render(MESSAGE_EMAIL, "Kuya", "123456", NULL);
	ck_assert_ptr_null(strstr(m.html, "<a "));
	end();
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *body, *text;	/* text NULL: ERR_IO */
} pages[] = {
	{ "plain words",		"Hello\n",			"Hello" },
	{ "no line end at the end",	"Hello",			"Hello" },
	{ "two slots on a line",	"{a}{b}\n",			"1{a}" },
	{ "a value is not expanded",	"{b}\n",			"{a}" },
	{ "a line without its value",	"x\n{none}\ny\n",		"x\ny" },
	{ "one of two has no value",	"x\n{a}{none}\ny\n",		"x\ny" },
	{ "a stand-in comes in",	"{none}\n|{a}\n|z\n",		"1" },
	{ "a stand-in stays out",	"{a}\n|y\n|z\n",		"1" },
	{ "the last stand-in",		"{none}\n|{none}\n|z\n",	"z" },
	{ "empty lines do not pile up",	"x\n\n{none}\n\n\ny\n\n",	"x\n\ny" },
	{ "none at the start",		"{none}\n\n\ny\n",		"y" },
	{ "an unknown slot",		"{a}{nobody}\n",		NULL },
	{ "an unknown slot in a stand-in", "{a}\n|{nobody}\n",		NULL },
	{ "a slot with blanks",		"{ a }\n",			NULL },
	{ "a slot in capitals",		"{A}\n",			NULL },
	{ "an empty slot",		"{}\n",				NULL },
	{ "an open brace",		"{a\n}\n",			NULL },
	{ "nothing is left",		"{none}\n",			NULL },
	{ "an empty file",		"",				NULL },
};
/* clang-format on */

static const struct slot page_slots[] = {
    {"a", "1"},
    {"b", "{a}"},
    {"none", NULL},
    {NULL, NULL},
};

START_TEST(test_pages)
{
	struct message m;
	enum err e;
	size_t i;

	begin_scratch();
	for (i = 0; i < COUNT(pages); i++) {
		scratch_write("en/page.sms.txt", pages[i].body);
		m = (struct message){.kind = MESSAGE_SMS};
		e = message_render(c, "en", "page", page_slots, &m);
		ck_case(pages[i].what, e == (pages[i].text ? OK : ERR_IO));
		if (pages[i].text)
			ck_case(pages[i].what, !strcmp(m.text, pages[i].text));
	}
	end_scratch();
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *locale, *text;
} locales[] = {
	{ "a locale that is there",	"fr",		"Bonjour" },
	{ "a locale that is not",	"de",		"Hello" },
	{ "no locale",			NULL,		"Hello" },
	{ "an empty locale",		"",		"Hello" },
	{ "a way round",		"de/../fr",	"Hello" },
	{ "a way out of the folder",	"fr/..",	"Hello" },
	{ "the folder itself",		".",		"Hello" },
};
/* clang-format on */

START_TEST(test_locales)
{
	struct message m;
	size_t i;

	begin_scratch();
	scratch_write("en/hi.sms.txt", "Hello\n");
	scratch_write("fr/hi.sms.txt", "Bonjour\n");
	scratch_write("hi.sms.txt", "Outside\n");
	for (i = 0; i < COUNT(locales); i++) {
		m = (struct message){.kind = MESSAGE_SMS};
		ck_case(locales[i].what, message_render(c, locales[i].locale,
					     "hi", page_slots, &m) == OK);
		ck_case(locales[i].what, !strcmp(m.text, locales[i].text));
	}
	end_scratch();
}
END_TEST

/* Half a message in one language is none. */
START_TEST(test_locale_counts_whole)
{
	struct message m = {.kind = MESSAGE_EMAIL};

	begin_scratch();
	scratch_write("en/hi.email.subject", "Hello\n");
	scratch_write("en/hi.email.txt", "Hello\n");
	scratch_write("en/hi.email.html", "Hello\n");
	scratch_write("fr/hi.email.txt", "Bonjour\n");
	ck_assert_int_eq(message_render(c, "fr", "hi", page_slots, &m), OK);
	ck_assert_str_eq(m.text, "Hello");
	end_scratch();
}
END_TEST

START_TEST(test_missing_files)
{
	struct message m = {.kind = MESSAGE_EMAIL};

	begin_scratch();
	scratch_write("en/hi.email.subject", "Hello\n");
	scratch_write("en/hi.email.txt", "Hello\n");
	ck_assert_int_eq(message_render(c, "en", "hi", page_slots, &m), ERR_IO);
	m.kind = MESSAGE_SMS;
	scratch_write("hi.sms.txt", "Outside\n");
	ck_assert_int_eq(
	    message_render(c, "en", "../hi", page_slots, &m), ERR_IO);
	end_scratch();
}
END_TEST

START_TEST(test_kinds)
{
	static const char *const names[] = {"email", "sms", "whatsapp"};
	enum message_kind kind;
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		ck_assert(message_kind_read(names[i], &kind));
		ck_assert_int_eq(kind, (int)i);
		ck_assert_str_eq(message_kind_name(kind), names[i]);
	}
	ck_assert(!message_kind_read("pigeon", &kind));
	ck_assert(!message_kind_read("", &kind));
	ck_assert(!message_kind_read(NULL, &kind));
}
END_TEST

SUITE(template, test_words, test_html_is_escaped, test_html_stands_alone,
    test_pages, test_locales, test_locale_counts_whole, test_missing_files,
    test_kinds)
