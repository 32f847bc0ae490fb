/* SPDX-License-Identifier: ISC */
/* master: what the file of keys may say, and what is derived. */

#include "crypto/forge.h"
#include "test.h"

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff00112233445566778899AABBCCDDEEFF"
#define KEY_C "c0f1f2f3f4f5f6f7f8f9fafbfcfdfeff00112233445566778899aabbccddeeff"
#define ONES  "1111111111111111111111111111111111111111111111111111111111111111"
#define TAIL  "0f1f2f3f4f5f6f7f8f9fafbfcfdfeff00112233445566778899aabbccddeeff"

/* clang-format off */
static const struct {
	const char	*what, *text;
	size_t		 n;
	int64_t		 newest;
} good[] = {
	{ "one key",                          "1 " KEY_A "\n",                1, 1 },
	{ "no line feed at the end",          "1 " KEY_A,                     1, 1 },
	{ "capitals are hex digits too",      "3 " KEY_B "\n",                1, 3 },
	{ "two keys, the higher is newest",   "1 " KEY_A "\n2 " KEY_B "\n",   2, 2 },
	{ "the order does not matter",        "9 " KEY_A "\n2 " KEY_B "\n",   2, 9 },
	{ "comments and empty lines",         "# a\n\n  # b\n1 " KEY_A "#c\n", 1, 1 },
	{ "blanks, tabs and CRLF",            " \t7\t " KEY_A " \r\n\r\n",    1, 7 },
	{ "the highest version",              "255 " KEY_A "\n",              1, 255 },
	{ "eight keys",
	    "1 1" TAIL "\n2 2" TAIL "\n3 3" TAIL "\n4 4" TAIL "\n"
	    "5 5" TAIL "\n6 6" TAIL "\n8 8" TAIL "\n7 7" TAIL "\n",           8, 8 },
};

static const struct {
	const char	*what, *text, *why;
} bad[] = {
	{ "an empty file",            "",                              "there is no master key" },
	{ "comments alone",           "# 1 " KEY_A "\n",               "there is no master key" },
	{ "version 0",                "0 " KEY_A,                      "line 1: the version" },
	{ "version 256",              "256 " KEY_A,                    "line 1: the version" },
	{ "a negative version",       "-1 " KEY_A,                     "line 1: the version" },
	{ "a version with a sign",    "+1 " KEY_A,                     "line 1: the version" },
	{ "a version that overflows", "18446744073709551617 " KEY_A,   "line 1: the version" },
	{ "a version in words",       "\none " KEY_A,                  "line 2: the version" },
	{ "a key alone",              KEY_A "\n",                      "line 1: the version" },
	{ "a version alone",          "1\n",                           "line 1: the key must" },
	{ "a version and a comment",  "1 # " KEY_A "\n",               "line 1: the key must" },
	{ "63 digits",                "1 " TAIL "\n",                  "line 1: the key must" },
	{ "65 digits",                "1 " KEY_A "0\n",                "line 1: the key must" },
	{ "62 digits",
	    "1 112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n",
	                                                               "line 1: the key must" },
	{ "no hex digit",             "1 g" TAIL "\n",                 "line 1: the key must" },
	{ "0x before it",             "1 0x" KEY_A "\n",               "line 1: the key must" },
	{ "a second word after it",   "1 " KEY_A " x\n",               "line 1: nothing may" },
	{ "two keys on a line",       "1 " KEY_A " 2 " KEY_B "\n",     "line 1: nothing may" },
	{ "one byte over and over",   "1 " KEY_A "\n2 " ONES "\n",     "line 2: the key is one" },
	{ "a version twice",          "1 " KEY_A "\n\n1 " KEY_B "\n",  "line 3: this version" },
	{ "a key twice",              "1 " KEY_A "\n2 " KEY_A "\n",    "line 2: this key" },
	{ "nine keys",
	    "1 1" TAIL "\n2 2" TAIL "\n3 3" TAIL "\n4 4" TAIL "\n5 5" TAIL "\n"
	    "6 6" TAIL "\n7 7" TAIL "\n8 8" TAIL "\n9 9" TAIL "\n",    "line 9: too many keys" },
	{ "a good key after a bad one", "1 zz\n2 " KEY_A "\n",         "line 1: the key must" },
};
/* clang-format on */

START_TEST(test_reads)
{
	struct ctx *c = test_ctx();

	for (size_t i = 0; i < COUNT(good); i++) {
		const char *why = NULL;
		struct master m;

		ck_case(good[i].what,
		    master_read(c->arena, good[i].text, &m, &why) == OK);
		ck_case(good[i].what, m.n == good[i].n);
		ck_case(
		    good[i].what, m.list[m.newest].version == good[i].newest);
	}
	test_done(c);
}
END_TEST

START_TEST(test_refuses)
{
	static const struct master none;
	struct ctx *c = test_ctx();

	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *why = NULL;
		struct master m;

		memset(&m, 0xee, sizeof m);
		ck_case(bad[i].what,
		    master_read(c->arena, bad[i].text, &m, &why) == ERR_CONF);
		ck_assert_msg(
		    why && strncmp(why, bad[i].why, strlen(bad[i].why)) == 0,
		    "case \"%s\" says: %s", bad[i].what, why);
		ck_case(bad[i].what, !strstr(why, TAIL));
		ck_case(bad[i].what, memcmp(&m, &none, sizeof m) == 0);
	}
	test_done(c);
}
END_TEST

START_TEST(test_key_bytes)
{
	struct ctx *c = test_ctx();
	const char *why;
	struct master m;

	ck_assert_int_eq(
	    master_read(c->arena, "4 " KEY_A "\n3 " KEY_B "\n", &m, &why), OK);
	ck_assert_int_eq(m.list[0].version, 4);
	ck_assert_str_eq(hex_text(c->arena, m.list[0].key, KEY_LEN), KEY_A);
	ck_assert_int_eq(m.list[1].version, 3);
	ck_assert_str_eq(hex_text(c->arena, m.list[1].key, KEY_LEN),
	    ascii_lower(c->arena, KEY_B));
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what;
	int64_t		 version;
	const char	*purpose, *hex;
} derived[] = {
	{ "by another program: HMAC(key, \"doorward seal\" 01)", 1, "seal",
	    "087ecf9bb4ea65616650c4223cbec75a03cb565ab345ca7c355406f35382518e" },
	{ "another purpose, another key", 1, "code",
	    "e6690183e27843f990da4b7bfd09a62f8d8dc53c897aad3946ae1c1cd7a9626d" },
};
/* clang-format on */

START_TEST(test_derives)
{
	struct ctx *c = test_ctx();
	unsigned char out[KEY_LEN];
	const char *why;
	struct master m;

	ck_assert_int_eq(
	    master_read(c->arena, "1 " KEY_A "\n2 " KEY_C "\n", &m, &why), OK);
	for (size_t i = 0; i < COUNT(derived); i++) {
		ck_case(derived[i].what, master_derive(&m, derived[i].version,
					     derived[i].purpose, out) == OK);
		ck_assert_str_eq(
		    hex_text(c->arena, out, KEY_LEN), derived[i].hex);
	}
	ck_assert_int_eq(master_derive(&m, 2, "seal", out), OK);
	ck_assert_str_ne(hex_text(c->arena, out, KEY_LEN), derived[0].hex);
	test_done(c);
}
END_TEST

START_TEST(test_unknown_versions)
{
	static const int64_t unknown[] = {0, 2, 255, 257, -1, INT64_MIN};
	struct ctx *c = test_ctx();
	unsigned char out[KEY_LEN];
	const char *why;
	struct master m;

	ck_assert_int_eq(master_read(c->arena, "1 " KEY_A, &m, &why), OK);
	for (size_t i = 0; i < COUNT(unknown); i++)
		ck_assert_int_eq(
		    master_derive(&m, unknown[i], "seal", out), ERR_SEALED);
	test_done(c);
}
END_TEST

/* Others' new versions are taken in; what is known stays, theirs or not. */
START_TEST(test_learns)
{
	struct ctx *c = test_ctx();
	struct master old, more;
	const char *why;

	ck_assert_int_eq(master_read(c->arena, "2 " KEY_A, &old, &why), OK);
	ck_assert(!master_learn(&old, &old));
	ck_assert_int_eq(
	    master_read(c->arena, "2 " KEY_C "\n1 " KEY_B, &more, &why), OK);
	ck_assert(!master_knows(&old, 1));
	ck_assert(master_learn(&old, &more));
	ck_assert(master_knows(&old, 1) && master_knows(&old, 2));
	ck_assert_int_eq(old.list[old.newest].version, 2);
	ck_assert_str_eq(hex_text(c->arena, old.list[0].key, KEY_LEN), KEY_A);
	ck_assert_int_eq(master_read(c->arena, "3 " KEY_C, &more, &why), OK);
	ck_assert(master_learn(&old, &more));
	ck_assert_int_eq(old.list[old.newest].version, 3);
	ck_assert_uint_eq(old.n, 3);
	test_done(c);
}
END_TEST

/* No more than there is room for. */
START_TEST(test_learns_so_many)
{
	struct master m = {.n = 0}, more = {.n = 1};
	int i;

	for (i = 1; i <= MASTER_VERSIONS_MAX + 1; i++) {
		more.list[0].version = i;
		ck_assert(
		    master_learn(&m, &more) == (i <= MASTER_VERSIONS_MAX));
	}
	ck_assert_uint_eq(m.n, MASTER_VERSIONS_MAX);
}
END_TEST

SUITE(master, test_reads, test_refuses, test_key_bytes, test_derives,
    test_unknown_versions, test_learns, test_learns_so_many)
