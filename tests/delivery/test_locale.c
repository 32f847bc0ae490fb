/* SPDX-License-Identifier: ISC */
/* The languages of messages: each says all that English says, and reads well. */

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery/delivery.h"
#include "test.h"

enum { TEMPLATE_MAX = 32 * 1024, DEPTH_MAX = 16 };

static const char *const languages[] = {"en", "ar", "fr", "pl"};
static const char *const slot_names[] = {
    "shop", "code", "link", "host", "minutes"};

static struct ctx *c;
static struct conf conf;

static void
begin(void)
{
	const char *src = getenv("DW_SRC");

	c = test_ctx();
	conf.template_dir =
	    arena_print(c->arena, "%s/conf/templates", src ? src : ".");
	c->conf = &conf;
}

static bool
listed(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

/* ---- the list -------------------------------------------------------------------- */

START_TEST(test_the_shipped_ones_are_found)
{
	const char *const *list;
	size_t i;

	begin();
	list = locales_read(c->arena, &conf);
	ck_assert_str_eq(list[0], "en");
	for (i = 0; i < COUNT(languages); i++)
		ck_case(languages[i], listed(list, languages[i]));
	ck_assert_ptr_null(list[COUNT(languages)]);
	test_done(c);
}
END_TEST

START_TEST(test_what_is_no_language_is_left_out)
{
	static const char *const folders[] = {
	    "en", "pt-BR", "README.d", ".git", "x"};
	char path[] = "/tmp/doorward-locales-XXXXXX";
	const char *const *list;
	size_t i;

	begin();
	ck_assert_ptr_nonnull(mkdtemp(path));
	for (i = 0; i < COUNT(folders); i++)
		ck_assert_int_eq(
		    mkdir(
			arena_print(c->arena, "%s/%s", path, folders[i]), 0700),
		    0);
	conf.template_dir = path;
	list = locales_read(c->arena, &conf);
	for (i = 0; i < COUNT(folders); i++)
		(void)rmdir(arena_print(c->arena, "%s/%s", path, folders[i]));
	(void)rmdir(path);
	ck_assert_str_eq(list[0], "en");
	ck_assert_str_eq(list[1], "pt-BR");
	ck_assert_ptr_null(list[2]);
	test_done(c);
}
END_TEST

START_TEST(test_english_there_always_is)
{
	static const char *const dirs[] = {"/nonexistent", "", NULL};
	const char *const *list;
	size_t i;

	begin();
	for (i = 0; i < COUNT(dirs); i++) {
		conf.template_dir = dirs[i];
		list = locales_read(c->arena, &conf);
		ck_assert_str_eq(list[0], "en");
		ck_assert_ptr_null(list[1]);
	}
	test_done(c);
}
END_TEST

/* ---- the files ------------------------------------------------------------------- */

static char *
template_read(const char *language, const char *name)
{
	const char *why;
	char *text;

	ck_assert_msg(file_read(c->arena,
			  arena_print(c->arena, "%s/%s/%s", conf.template_dir,
			      language, name),
			  TEMPLATE_MAX, &text, &why) == OK,
	    "%s", why);
	return text;
}

static size_t
count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

/* Names of files, sorted by nobody: each is looked at by itself. */
static void
each_template(void (*look)(const char *language, const char *name))
{
	DIR *folder;
	struct dirent *entry;
	size_t i;

	for (i = 0; i < COUNT(languages); i++) {
		folder = opendir(arena_print(
		    c->arena, "%s/%s", conf.template_dir, languages[i]));
		ck_assert_ptr_nonnull(folder);
		while ((entry = readdir(folder)))
			if (entry->d_name[0] != '.')
				look(languages[i], entry->d_name);
		(void)closedir(folder);
	}
}

static void
look_at_slots(const char *language, const char *name)
{
	char *ours = template_read(language, name);
	char *english = template_read("en", name), *slot;
	size_t i;

	for (i = 0; i < COUNT(slot_names); i++) {
		slot = arena_print(c->arena, "{%s}", slot_names[i]);
		ck_assert_msg(!count(ours, slot) == !count(english, slot),
		    "%s/%s: %s", language, name, slot);
	}
	ck_assert_msg(count(ours, "\n|") == count(english, "\n|"),
	    "%s/%s: other stand-in lines", language, name);
}

static void
look_at_english(const char *language, const char *name)
{
	size_t i;

	if (strcmp(language, "en"))
		return;
	for (i = 0; i < COUNT(languages); i++)
		(void)template_read(languages[i], name);
}

static void
look_at_bytes(const char *language, const char *name)
{
	const char *text = template_read(language, name), *s;

	ck_assert_msg(
	    utf8_valid(text, strlen(text)), "%s/%s: UTF-8", language, name);
	ck_assert_msg(text[strlen(text) - 1] == '\n', "%s/%s: no line end",
	    language, name);
	for (s = text; *s; s++)
		ck_assert_msg(
		    *s == '\n' || ((unsigned char)*s >= ' ' && *s != '\x7f'),
		    "%s/%s: a control byte", language, name);
}

START_TEST(test_files_are_the_same_in_all)
{
	begin();
	each_template(look_at_english);
	each_template(look_at_slots);
	each_template(look_at_bytes);
	test_done(c);
}
END_TEST

/* ---- HTML ------------------------------------------------------------------------ */

struct open_tags {
	char names[DEPTH_MAX][16];
	size_t n;
};

/* The end of the tag that begins at s; quotes may hold anything. */
static const char *
tag_end(const char *s)
{
	char quote = '\0';

	for (; *s && (quote || *s != '>'); s++) {
		if (quote)
			quote = *s == quote ? '\0' : quote;
		else if (*s == '"' || *s == '\'')
			quote = *s;
		else
			ck_assert_msg(*s != '<', "%.40s", s);
	}
	ck_assert_msg(*s == '>', "a tag without an end");
	return s;
}

static void
tag_take(struct open_tags *open, const char *s)
{
	bool closing = s[1] == '/';
	size_t n = strcspn(s + 1 + closing, " >");
	char *name = open->names[open->n];

	if (closing) {
		ck_assert_msg(open->n > 0, "%.20s", s);
		name = open->names[--open->n];
		ck_assert_msg(
		    strlen(name) == n && !strncmp(name, s + 2, n), "%.20s", s);
		return;
	}
	if (!strncmp(s, "<!DOCTYPE html", 14) || !strncmp(s, "<meta ", 6))
		return;
	ck_assert_msg(open->n < DEPTH_MAX - 1 && n < 16, "%.20s", s);
	memcpy(name, s + 1, n);
	name[n] = '\0';
	open->n++;
}

/* Every tag is closed, in order, and nothing but entities begins with &. */
static void
html_check(const char *s)
{
	struct open_tags open = {.n = 0};
	size_t n;

	for (; *s; s++) {
		if (*s == '&') {
			n = strspn(
			    s + 1, "abcdefghijklmnopqrstuvwxyz#0123456789");
			ck_assert_msg(n && s[n + 1] == ';', "%.20s", s);
		}
		if (*s != '<')
			continue;
		tag_take(&open, s);
		s = tag_end(s + 1);
	}
	ck_assert_uint_eq(open.n, 0);
}

/* ---- messages -------------------------------------------------------------------- */

#define LINK "https://shop.example/signin#token=abc&email=ann%40example.com"
#define EVIL "{code}<b>\"&'{link}\r\n@evil.example #000000"

static const struct {
	const char *what, *shop, *code, *link;
} values[] = {
    {"all is set", "Kuya", "123456", LINK},
    {"no shop", NULL, "123456", LINK},
    {"no code", "Kuya", NULL, LINK},
    {"no link", "Kuya", "123456", NULL},
    {"neither shop nor code", NULL, NULL, LINK},
    {"neither shop nor link", NULL, "123456", NULL},
    {"a name that would be more", EVIL, "123456", LINK},
};

static struct message
render(const char *language, const char *name, enum message_kind kind, size_t i)
{
	const struct slot slots[] = {{"shop", values[i].shop},
	    {"code", values[i].code}, {"link", values[i].link},
	    {"minutes", "10"}, {"host", "shop.example"}, {NULL, NULL}};
	struct message m = {.kind = kind};

	ck_assert_msg(message_render(c, language, name, slots, &m) == OK,
	    "%s %s: %s", language, name, values[i].what);
	return m;
}

static void
part_check(const char *text, const char *shop)
{
	ck_assert(utf8_valid(text, strlen(text)));
	ck_assert_ptr_null(strchr(text, '\r'));
	ck_assert_ptr_null(strstr(text, "{shop}"));
	ck_assert_ptr_null(strstr(text, "{minutes}"));
	ck_assert_ptr_null(strstr(text, "\n|"));
	if (shop && !strcmp(shop, EVIL))
		ck_assert_msg(strstr(text, "{code}"), "%s", text);
}

static void
html_message_check(const char *language, const struct message *m)
{
	const char *attributes = arena_print(c->arena, "<html lang=\"%s\"%s>",
	    language, strcmp(language, "ar") ? "" : " dir=\"rtl\"");

	html_check(m->html);
	ck_assert_ptr_nonnull(strstr(m->html, attributes));
	ck_assert_ptr_null(strstr(m->html, "<b>"));
	if (!strcmp(language, "ar") && strstr(m->html, "123456"))
		ck_assert_ptr_nonnull(strstr(m->html, "<strong dir=\"ltr\""));
}

static void
message_check(const char *language, const char *name, enum message_kind kind)
{
	struct message m;
	size_t i;

	for (i = 0; i < COUNT(values); i++) {
		m = render(language, name, kind, i);
		part_check(m.text, values[i].shop);
		if (kind != MESSAGE_EMAIL)
			continue;
		part_check(m.subject, values[i].shop);
		part_check(m.html, values[i].shop);
		html_message_check(language, &m);
	}
}

START_TEST(test_every_message_is_whole)
{
	static const char *const names[] = {"signin", "test"};
	size_t i, k, n;

	begin();
	for (i = 0; i < COUNT(languages); i++)
		for (n = 0; n < COUNT(names); n++)
			for (k = MESSAGE_EMAIL; k <= MESSAGE_WHATSAPP; k++)
				message_check(languages[i], names[n],
				    (enum message_kind)k);
	test_done(c);
}
END_TEST

/* Telephones take it from there: <https://wicg.github.io/sms-one-time-codes/> */
START_TEST(test_an_sms_ends_for_telephones)
{
	static const char last[] = "\n\n@shop.example #123456";
	const char *text;
	size_t i;

	begin();
	for (i = 0; i < COUNT(languages); i++) {
		text = render(languages[i], "signin", MESSAGE_SMS, 0).text;
		ck_assert_msg(!strcmp(text + strlen(text) - strlen(last), last),
		    "%s", text);
		text = render(languages[i], "signin", MESSAGE_SMS, 6).text;
		ck_assert_uint_eq(count(text, "\n@"), 1);
		text = render(languages[i], "signin", MESSAGE_SMS, 2).text;
		ck_assert_ptr_null(strstr(text, "\n@"));
	}
	test_done(c);
}
END_TEST

/* Each says so in its own words. */
START_TEST(test_no_two_are_alike)
{
	const char *texts[COUNT(languages)];
	size_t i, j;

	begin();
	for (i = 0; i < COUNT(languages); i++) {
		texts[i] =
		    render(languages[i], "signin", MESSAGE_EMAIL, 0).text;
		ck_case(languages[i], strstr(texts[i], LINK));
		for (j = 0; j < i; j++)
			ck_case(languages[i], strcmp(texts[i], texts[j]) != 0);
	}
	test_done(c);
}
END_TEST

SUITE(locale, test_the_shipped_ones_are_found,
    test_what_is_no_language_is_left_out, test_english_there_always_is,
    test_files_are_the_same_in_all, test_every_message_is_whole,
    test_an_sms_ends_for_telephones, test_no_two_are_alike)
