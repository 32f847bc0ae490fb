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

SUITE(house, test_opens_with, test_ready_wants_a_schema)
