/* SPDX-License-Identifier: ISC */
/* A word opens the probe for a minute, and only where its key is. */

#include "shop.h"

START_TEST(test_a_word_lives_a_minute)
{
	struct ctx *c = shop_open();
	const char *word;

	ck_ok(probe_word(c, &word));
	ck_assert(probe_word_valid(c, word));
	shop_later(c, PROBE_LIFE_MS);
	ck_assert(probe_word_valid(c, word));
	shop_later(c, 1);
	ck_assert(!probe_word_valid(c, word));
	shop_later(c, -2 * PROBE_LIFE_MS - 1);
	ck_assert(probe_word_valid(c, word));
	shop_later(c, -1);
	ck_assert(!probe_word_valid(c, word));
	shop_close(c);
}
END_TEST

START_TEST(test_no_other_word)
{
	struct ctx *c = shop_open();
	const char *word, *mac;
	char *bent;
	size_t i;

	ck_ok(probe_word(c, &word));
	for (i = 0; word[i] != '\0'; i++) {
		bent = arena_text(c->arena, word);
		bent[i] = bent[i] == 'Q' ? 'A' : 'Q';
		ck_case(bent, !probe_word_valid(c, bent));
	}
	mac = strchr(word, '.');
	ck_assert(!probe_word_valid(c, mac));
	ck_assert(!probe_word_valid(c, ""));
	ck_assert(!probe_word_valid(c, "."));
	ck_assert(!probe_word_valid(
	    c, arena_print(c->arena, "99999999999999999999%s", mac)));
	ck_assert(!probe_word_valid(c, arena_print(c->arena, "%sA", word)));
	shop_close(c);
}
END_TEST

/* doctor has read a line of the master file that the worker has not. */
START_TEST(test_of_a_newer_master_key)
{
	struct ctx *c = shop_open();
	struct house *worker = c->house;
	const char *why = "", *word;

	shop_master(c, MASTER_1 MASTER_2);
	ck_ok(house_open(c->conf, c->arena, &c->house, &why));
	ck_ok(probe_word(c, &word));
	house_close(c->house);
	c->house = worker;
	ck_assert(probe_word_valid(c, word));
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

SUITE(probe, test_a_word_lives_a_minute, test_no_other_word,
    test_of_a_newer_master_key)
