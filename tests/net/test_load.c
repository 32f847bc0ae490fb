/* SPDX-License-Identifier: ISC */
/* load.c: the module is found, and anything else is refused. */

#include <stdio.h>
#include <unistd.h>

#include "mailserver.h"
#include "net/net.h"
#include "test.h"

#define TABLE_OF(version)                                                 \
	"const struct { int v; void (*f)(void); } net_table = { " version \
	" };\n"

static const struct {
	const char *what, *source;
} foreign[] = {
    {"a module of another version", TABLE_OF("999")},
    {"a module without a table", "int net_nothing;\n"},
    {"a file that is no module", NULL},
};

/* Put a net.so that is made of this source into the folder. */
static void
module_make(struct arena *a, const char *dir, const char *source)
{
	const char *cc = getenv("CC") ? getenv("CC") : "cc";
	const char *path = arena_print(a, "%s/net.so", dir);
	FILE *out;

	if (source)
		out = popen(
		    arena_print(a, "%s -shared -fPIC -x c -o %s -", cc, path),
		    "w");
	else
		out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(source ? source : "nothing to load\n", out);
	ck_assert_int_eq(source ? pclose(out) : fclose(out), 0);
}

START_TEST(test_foreign)
{
	const struct net_table *table;
	struct conf conf = {0};
	struct ctx *c;
	size_t i;

	for (i = 0; i < COUNT(foreign); i++) {
		char dir[] = "/tmp/doorward-net-XXXXXX";

		ck_assert_ptr_nonnull(mkdtemp(dir));
		conf.module_dir = dir;
		c = test_ctx();
		c->conf = &conf;
		module_make(c->arena, dir, foreign[i].source);
		table = NULL;
		ck_case(foreign[i].what, net_load(c, &table) == ERR_IO);
		ck_case(foreign[i].what, table == NULL);
		ck_assert_int_eq(
		    unlink(arena_print(c->arena, "%s/net.so", dir)), 0);
		ck_assert_int_eq(rmdir(dir), 0);
		test_done(c);
	}
}
END_TEST

START_TEST(test_missing)
{
	const struct net_table *table = NULL;
	struct conf conf = {.module_dir = "/nonexistent"};
	struct ctx *c = test_ctx();

	c->conf = &conf;
	ck_assert_int_eq(net_load(c, &table), ERR_IO);
	ck_assert_ptr_null(table);
	test_done(c);
}
END_TEST

START_TEST(test_loads)
{
	const struct net_table *table = NULL, *again = NULL;
	struct conf conf = {.module_dir = module_dir()};
	struct ctx *c = test_ctx();

	c->conf = &conf;
	ck_assert_int_eq(net_load(c, &table), OK);
	ck_assert_int_eq(table->version, NET_VERSION);
	ck_assert_int_eq(net_load(c, &again), OK);
	ck_assert_ptr_eq(table, again);
	test_done(c);
}
END_TEST

SUITE(load, test_missing, test_foreign, test_loads)
