/* SPDX-License-Identifier: ISC */
/* Faults of texts: each message is rendered as it would be sent. */

#include <sys/stat.h>
#include <unistd.h>

#include "sick.h"

static const char *const parts[] = {"signin.email.subject", "signin.email.txt",
    "signin.email.html", "signin.sms.txt", "signin.whatsapp.txt"};

/* Whichever of them is known, on a line of its own. */
#define WORDS "{code}\n|{link}\n"

static void
language_write(struct sick *k, const char *locale)
{
	struct arena *a = k->s.c->arena;
	size_t i;

	(void)mkdir(sick_path(k, "texts"), 0700);
	(void)mkdir(sick_path(k, arena_print(a, "texts/%s", locale)), 0700);
	for (i = 0; i < COUNT(parts); i++)
		sick_file(k, arena_print(a, "texts/%s/%s", locale, parts[i]),
		    WORDS, 0600);
	sick_conf(
	    k, arena_print(a, "template_dir = %s", sick_path(k, "texts")));
}

static void
language_remove(struct sick *k, const char *locale)
{
	struct arena *a = k->s.c->arena;
	size_t i;

	for (i = 0; i < COUNT(parts); i++)
		(void)unlink(sick_path(
		    k, arena_print(a, "texts/%s/%s", locale, parts[i])));
	(void)rmdir(sick_path(k, arena_print(a, "texts/%s", locale)));
	(void)rmdir(sick_path(k, "texts"));
}

static void
text_gone(struct sick *k)
{
	language_write(k, "en");
	ck_assert_int_eq(unlink(sick_path(k, "texts/en/signin.sms.txt")), 0);
}

static void
text_gone_in_another(struct sick *k)
{
	language_write(k, "en");
	language_write(k, "yo");
	ck_assert_int_eq(unlink(sick_path(k, "texts/yo/signin.sms.txt")), 0);
}

/* Nothing but this is wrong. */
static void
text_write(struct sick *k, const char *name, const char *body)
{
	language_write(k, "en");
	language_write(k, "yo");
	sick_file(k, arena_print(k->s.c->arena, "texts/%s", name), body, 0600);
}

static void
slot_unknown(struct sick *k)
{
	text_write(k, "yo/signin.email.html", "{code}\n|{link}\n{colour}\n");
}

static void
text_empty(struct sick *k)
{
	text_write(k, "yo/signin.whatsapp.txt", "");
}

static void
text_for_codes(struct sick *k)
{
	text_write(k, "en/signin.sms.txt", "{code} is your code.\n");
}

static void
text_for_approved(struct sick *k)
{
	text_write(k, "en/signin.email.subject", "Sign in to {shop}\n");
}

static void
text_silent(struct sick *k)
{
	text_write(k, "en/signin.sms.txt", "Welcome.\n");
}

static void
texts_gone(struct sick *k)
{
	language_remove(k, "yo");
	language_remove(k, "en");
}

static const struct sickness texts[] = {
    {"a text that is missing", NULL, text_gone, "templates",
	"texts/en/signin.sms.txt: No such file", "Mend: write it, or copy it",
	texts_gone},
    {"a text that one language lacks", NULL, text_gone_in_another, "templates",
	"texts/yo/signin.sms.txt: No such file", "Mend: write it, or copy it",
	texts_gone},
    {"a slot that there is not", NULL, slot_unknown, "templates",
	"texts/yo/signin.email.html: there is no slot {colour}",
	"Mend: edit it", texts_gone},
    {"an empty text", NULL, text_empty, "templates",
	"texts/yo/signin.whatsapp.txt: no line is left", "Mend: edit it",
	texts_gone},
    {"a text for codes alone", NULL, text_for_codes, "templates",
	"en/signin.sms.txt: no line is left (the message signin with a link",
	"Mend: edit it", texts_gone},
    {"a text for approved shops alone", NULL, text_for_approved, "templates",
	"en/signin.email.subject: no line is left (the message signin of a "
	"shop that is not approved",
	"Mend: edit it", texts_gone},
    {"a text that holds neither", NULL, text_silent, "templates",
	"en/signin.sms.*: the message with a code says neither",
	"Mend: edit it", texts_gone},
    {"no folder of texts", "template_dir = /nonexistent", NULL, "templates",
	"/nonexistent/en/signin.email.txt", "template_dir", NULL},
};

START_TEST(test_texts)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, texts, COUNT(texts));
	sick_close(&k);
}
END_TEST

START_TEST(test_what_is_no_text_is_no_fault)
{
	struct sick k;

	sick_open(&k);
	language_write(&k, "en");
	language_write(&k, "yo");
	sick_file(&k, "texts/yo/x.txt~", "{colour}", 0600);
	sick_file(&k, "texts/yo/signin.sms.txt~", "", 0600);
	sick_file(&k, "texts/en/README", "", 0600);
	sick_is_well(&k, "copies of an editor");
	ck_assert_int_eq(unlink(sick_path(&k, "texts/yo/x.txt~")), 0);
	ck_assert_int_eq(unlink(sick_path(&k, "texts/yo/signin.sms.txt~")), 0);
	ck_assert_int_eq(unlink(sick_path(&k, "texts/en/README")), 0);
	texts_gone(&k);
	sick_close(&k);
}
END_TEST

START_TEST(test_a_shop_in_a_language_without_texts)
{
	struct sick k;
	struct ran ran;

	sick_open(&k);
	ran = stage_run(&k.s, "tenant set green locale French");
	ck_ran(ran, ran.status == 2);
	ck_warns(ran, "'French' is no language that there are templates in");
	stage_do(&k.s, "UPDATE tenants SET settings = 'locale = French\n'"
		       " WHERE slug = 'green'");
	sick_warns(&k, "languages", "locale = French: there are no templates");
	sick_warns(
	    &k, "languages", "Mend: doorward tenant set green locale en");
	ran = stage_run(&k.s, "tenant set green locale FR");
	ck_ran(ran, ran.status == 0);
	ran = stage_run(&k.s, "doctor");
	ck_says(ran, "ok     languages");
	sick_close(&k);
}
END_TEST

SUITE(doctor_texts, test_texts, test_a_shop_in_a_language_without_texts,
    test_what_is_no_text_is_no_fault)
