/* SPDX-License-Identifier: ISC */
/* The house opens only with master keys that are fit and kept secret. */

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shop.h"

static const struct {
	const char *what;
	const char *text;
	mode_t mode;
	bool opens;
} cases[] = {
    {"a good key",
	"1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
	0600, true},
    {"a key that others may read",
	"1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
	0644, false},
    {"a short key", "1 0001\n", 0600, false},
    {"no key", "", 0600, false},
};

START_TEST(test_opens_with)
{
	struct ctx *c = test_ctx();
	char path[] = "/tmp/doorward-key.XXXXXX";
	int fd = mkstemp(path);
	const char *why;
	enum err e;
	size_t i;

	shop_conf(c)->master_key_file = path;
	for (i = 0; i < COUNT(cases); i++) {
		why = NULL;
		ck_assert_int_eq(ftruncate(fd, 0), 0);
		ck_assert_int_ge(
		    pwrite(fd, cases[i].text, strlen(cases[i].text), 0), 0);
		ck_assert_int_eq(fchmod(fd, cases[i].mode), 0);
		e = house_open(c->conf, c->arena, &c->house, &why);
		ck_case(cases[i].what, (e == OK) == cases[i].opens);
		ck_case(cases[i].what, cases[i].opens || why != NULL);
		if (e == OK)
			house_close(c->house);
	}
	close(fd);
	unlink(path);
	test_done(c);
}
END_TEST

START_TEST(test_ready_wants_a_schema)
{
	struct ctx *c = shop_open();

	ck_err(house_ready(c), ERR_DB_AWAY);
	ck_ok(store_migration_add(c, 1, "schema"));
	ck_ok(house_ready(c));
	shop_close(c);
}
END_TEST

/* The operator adds a line, and workers that run go on. */
START_TEST(test_a_master_key_is_added)
{
	struct ctx *c = shop_open();
	struct uuid id = uuid_make(c->now);
	struct master two = {.list = {{.version = 2}}, .n = 1};
	struct bytes sealed, plain;

	memcpy(two.list[0].key,
	    "\x20\x21\x22\x23\x24\x25\x26\x27"
	    "\x28\x29\x2a\x2b\x2c\x2d\x2e\x2f"
	    "\x30\x31\x32\x33\x34\x35\x36\x37"
	    "\x38\x39\x3a\x3b\x3c\x3d\x3e\x3f",
	    KEY_LEN);
	sealed = seal(c->arena, &two, SEAL_AT("x", &id), "word", 4);
	ck_err(house_unseal(c, SEAL_AT("x", &id), sealed, &plain), ERR_SEALED);
	/* strangers have the file read once in five seconds */
	shop_master(c, MASTER_2);
	shop_later(c, 5 * SECOND_MS - 1);
	ck_err(house_unseal(c, SEAL_AT("x", &id), sealed, &plain), ERR_SEALED);
	shop_later(c, 1);
	ck_ok(house_unseal(c, SEAL_AT("x", &id), sealed, &plain));
	ck_assert_mem_eq(plain.p, "word", 4);
	/* what it knew before it knows, though the file says no more of it */
	sealed = seal(c->arena, house_master(c), SEAL_AT("x", &id), "word", 4);
	ck_assert_int_eq(seal_version(sealed), 2);
	ck_assert(master_knows(house_master(c), 1));
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

/* A worker that was started before a line was added counts as one started after. */
START_TEST(test_limits_are_counted_by_the_first_key)
{
	struct ctx *c = shop_open();
	struct house *before = c->house, *after;
	struct bytes by_old, by_new;
	const char *why;

	by_old = limit_subject(c, "ann@x.example", NULL);
	shop_master(c, MASTER_2 MASTER_1);
	ck_ok(house_open(c->conf, c->arena, &after, &why));
	c->house = after;
	by_new = limit_subject(c, "ann@x.example", NULL);
	ck_assert_mem_eq(by_old.p, by_new.p, by_old.n);
	c->house = before;
	house_close(after);
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

/* A clock that was put back does not keep the file from being read. */
START_TEST(test_a_clock_that_was_ahead)
{
	struct ctx *c = shop_open();
	unsigned char key[KEY_LEN];

	shop_later(c, DAY_MS);
	ck_err(house_derive(c, 2, "x", key), ERR_SEALED);
	shop_later(c, -DAY_MS);
	shop_master(c, MASTER_1 MASTER_2);
	ck_ok(house_derive(c, 2, "x", key));
	shop_master(c, NULL);
	shop_close(c);
}
END_TEST

SUITE(house, test_opens_with, test_a_master_key_is_added,
    test_limits_are_counted_by_the_first_key, test_a_clock_that_was_ahead,
    test_ready_wants_a_schema)
