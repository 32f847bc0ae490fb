/* SPDX-License-Identifier: ISC */
/* seal: what is sealed opens in its place alone, unaltered. */

#include "crypto/forge.h"
#include "test.h"

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff00112233445566778899aabbccddeeff"

enum { SEAL_EXTRA = 1 + 24 + 16 };

static const struct uuid row = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
static const struct uuid nil;

static struct master
master_of(struct ctx *c, const char *text)
{
	const char *why;
	struct master m;

	ck_assert_int_eq(master_read(c->arena, text, &m, &why), OK);
	return m;
}

static struct bytes
bytes_copy(struct ctx *c, struct bytes b)
{
	return (struct bytes){
	    (unsigned char *)arena_copy(c->arena, (const char *)b.p, b.n), b.n};
}

START_TEST(test_opens_again)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 138, 65536};
	struct ctx *c = test_ctx();
	struct master m = master_of(c, "1 " KEY_A);

	for (size_t i = 0; i < COUNT(sizes); i++) {
		unsigned char *p = arena_get(c->arena, sizes[i] + 1);
		struct bytes sealed, plain;

		world_random(p, sizes[i]);
		sealed = seal(c->arena, &m, SEAL_AT("t.x", &row), p, sizes[i]);
		ck_assert_uint_eq(sealed.n, sizes[i] + SEAL_EXTRA);
		ck_assert_int_eq(sealed.p[0], 1);
		ck_assert_int_eq(
		    unseal(c->arena, &m, SEAL_AT("t.x", &row), sealed, &plain),
		    OK);
		ck_assert_uint_eq(plain.n, sizes[i]);
		ck_assert_int_eq(memcmp(plain.p, p, sizes[i]), 0);
		ck_assert_int_eq(plain.p[plain.n], '\0');
	}
	test_done(c);
}
END_TEST

START_TEST(test_never_twice_alike)
{
	struct ctx *c = test_ctx();
	struct master m = master_of(c, "1 " KEY_A);
	struct bytes a = seal(c->arena, &m, SEAL_AT("t.x", &row), "abc", 3);
	struct bytes b = seal(c->arena, &m, SEAL_AT("t.x", &row), "abc", 3);

	ck_assert_int_ne(memcmp(a.p + 1, b.p + 1, 24), 0);
	ck_assert_int_ne(memcmp(a.p + 25, b.p + 25, a.n - 25), 0);
	test_done(c);
}
END_TEST

/* Sealed by another program; the form at rest must never change. */
static const char at_rest[] =
    "016465666768696a6b6c6d6e6f707172737475767778797a7ba1b3407c0a1d0f970eaa96"
    "e96ae8d2ad07c552ab343d4037ed6bec";

static struct bytes
at_rest_bytes(struct ctx *c)
{
	unsigned char *p = arena_get(c->arena, sizeof at_rest / 2);

	ck_assert(hex_read(at_rest, p, sizeof at_rest / 2));
	return (struct bytes){p, sizeof at_rest / 2};
}

START_TEST(test_form_at_rest)
{
	struct ctx *c = test_ctx();
	struct master m = master_of(c, "1 " KEY_A "\n2 " KEY_B);
	struct bytes plain;

	ck_assert_int_eq(unseal(c->arena, &m, SEAL_AT("tenants.mail", &row),
			     at_rest_bytes(c), &plain),
	    OK);
	ck_assert_str_eq((const char *)plain.p, "open sesame");
	test_done(c);
}
END_TEST

/* clang-format off */
static const struct {
	const char		*what, *keys, *context;
	const struct uuid	*row;
} moved[] = {
	{ "another row",                 "1 " KEY_A, "tenants.mail",  &nil },
	{ "no row",                      "1 " KEY_A, "tenants.mail",  NULL },
	{ "another column",              "1 " KEY_A, "tenants.sms",   &row },
	{ "a longer word",               "1 " KEY_A, "tenants.mails", &row },
	{ "a shorter word",              "1 " KEY_A, "tenants.mai",   &row },
	{ "no word",                     "1 " KEY_A, "",              &row },
	{ "another key of that version", "1 " KEY_B, "tenants.mail",  &row },
	{ "its version is gone",         "2 " KEY_A, "tenants.mail",  &row },
};
/* clang-format on */

START_TEST(test_moved)
{
	struct ctx *c = test_ctx();

	for (size_t i = 0; i < COUNT(moved); i++) {
		struct master m = master_of(c, moved[i].keys);
		struct bytes plain;

		ck_case(
		    moved[i].what, unseal(c->arena, &m,
				       SEAL_AT(moved[i].context, moved[i].row),
				       at_rest_bytes(c), &plain) == ERR_SEALED);
	}
	test_done(c);
}
END_TEST

START_TEST(test_row_or_none)
{
	struct ctx *c = test_ctx();
	struct master m = master_of(c, "1 " KEY_A);
	struct bytes sealed =
	    seal(c->arena, &m, SEAL_AT("t.x", NULL), "abc", 3);
	struct bytes plain;

	ck_assert_int_eq(
	    unseal(c->arena, &m, SEAL_AT("t.x", NULL), sealed, &plain), OK);
	ck_assert_int_eq(
	    unseal(c->arena, &m, SEAL_AT("t.x", &nil), sealed, &plain),
	    ERR_SEALED);
	test_done(c);
}
END_TEST

START_TEST(test_every_bit_counts)
{
	struct ctx *c = test_ctx();
	struct master m = master_of(c, "1 " KEY_A "\n3 " KEY_B);
	struct bytes plain;

	for (size_t i = 0; i < 8 * (sizeof at_rest / 2); i++) {
		struct bytes b = at_rest_bytes(c);

		((unsigned char *)b.p)[i / 8] ^= (unsigned char)(1 << i % 8);
		ck_assert_msg(
		    unseal(c->arena, &m, SEAL_AT("tenants.mail", &row), b,
			&plain) == ERR_SEALED,
		    "bit %zu of byte %zu", i % 8, i / 8);
	}
	test_done(c);
}
END_TEST

START_TEST(test_every_length_counts)
{
	struct ctx *c = test_ctx();
	struct master m = master_of(c, "1 " KEY_A);
	struct bytes whole = at_rest_bytes(c), longer, plain;

	for (size_t n = 0; n < whole.n; n++)
		ck_assert_int_eq(
		    unseal(c->arena, &m, SEAL_AT("tenants.mail", &row),
			(struct bytes){whole.p, n}, &plain),
		    ERR_SEALED);
	longer = bytes_copy(c, whole);
	longer.n++;
	ck_assert_int_eq(
	    unseal(c->arena, &m, SEAL_AT("tenants.mail", &row), longer, &plain),
	    ERR_SEALED);
	ck_assert_int_eq(unseal(c->arena, &m, SEAL_AT("tenants.mail", &row),
			     (struct bytes){NULL, 0}, &plain),
	    ERR_SEALED);
	test_done(c);
}
END_TEST

START_TEST(test_newest_seals_all_open)
{
	struct ctx *c = test_ctx();
	struct master old = master_of(c, "1 " KEY_A);
	struct master both = master_of(c, "1 " KEY_A "\n200 " KEY_B);
	struct bytes first =
	    seal(c->arena, &old, SEAL_AT("t.x", &row), "abc", 3);
	struct bytes second =
	    seal(c->arena, &both, SEAL_AT("t.x", &row), "abc", 3);
	struct bytes plain;

	ck_assert_int_eq(first.p[0], 1);
	ck_assert_int_eq(second.p[0], 200);
	ck_assert_int_eq(seal_version(first), 1);
	ck_assert_int_eq(seal_version(second), 200);
	ck_assert_int_eq(seal_version((struct bytes){NULL, 0}), 0);
	ck_assert_int_eq(
	    unseal(c->arena, &both, SEAL_AT("t.x", &row), first, &plain), OK);
	ck_assert_int_eq(
	    unseal(c->arena, &both, SEAL_AT("t.x", &row), second, &plain), OK);
	ck_assert_int_eq(
	    unseal(c->arena, &old, SEAL_AT("t.x", &row), second, &plain),
	    ERR_SEALED);
	test_done(c);
}
END_TEST

SUITE(seal, test_opens_again, test_never_twice_alike, test_form_at_rest,
    test_moved, test_row_or_none, test_every_bit_counts,
    test_every_length_counts, test_newest_seals_all_open)
