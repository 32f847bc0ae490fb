/* SPDX-License-Identifier: ISC */
/* digest: published vectors, and no two lists of parts alike. */

#include "crypto/forge.h"
#include "test.h"

static const struct {
	const char *what, *text, *hex;
} sha256_cases[] = {
    {"the empty text (FIPS 180-4)", "",
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"one block (FIPS 180-4)", "abc",
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks (FIPS 180-4)",
	"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

START_TEST(test_sha256)
{
	struct ctx *c = test_ctx();

	for (size_t i = 0; i < COUNT(sha256_cases); i++) {
		const char *s = sha256_cases[i].text;
		struct digest d = digest_text(s), e;

		ck_assert_str_eq(
		    hex_text(c->arena, d.b, sizeof d.b), sha256_cases[i].hex);
		e = digest_sha256(s, strlen(s));
		ck_case(sha256_cases[i].what, digest_equal(&d, &e));
	}
	test_done(c);
}
END_TEST

START_TEST(test_sha256_million)
{
	struct ctx *c = test_ctx();
	char *s = arena_get(c->arena, 1000000);
	struct digest d;

	memset(s, 'a', 1000000);
	d = digest_sha256(s, 1000000);
	ck_assert_str_eq(hex_text(c->arena, d.b, sizeof d.b),
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	d = digest_sha256(NULL, 0);
	ck_assert_str_eq(
	    hex_text(c->arena, d.b, sizeof d.b), sha256_cases[0].hex);
	test_done(c);
}
END_TEST

START_TEST(test_hmac_by_hand)
{
	struct ctx *c = test_ctx();
	struct digest d;

	/* RFC 4231, 4.3: that the tests' own HMAC is one */
	d = forge_hmac(
	    forge_bytes("Jefe"), forge_bytes("what do ya want for nothing?"));
	ck_assert_str_eq(hex_text(c->arena, d.b, sizeof d.b),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	test_done(c);
}
END_TEST

START_TEST(test_mac_plain)
{
	struct ctx *c = test_ctx();
	static const char data[] = "what do ya want for nothing?";
	struct digest d;

	d = mac_plain(mac_text("Jefe"), data, strlen(data));
	ck_assert_str_eq(hex_text(c->arena, d.b, sizeof d.b),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	d = mac_plain(mac_text("key"), "", 0);
	ck_assert_str_eq(hex_text(c->arena, d.b, sizeof d.b),
	    "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0");
	test_done(c);
}
END_TEST

static const unsigned char key[KEY_LEN] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    31};

START_TEST(test_mac_vectors)
{
	struct ctx *c = test_ctx();
	const struct bytes parts[] = {
	    forge_bytes("tenant"),
	    forge_bytes(""),
	    {(const unsigned char *)"\0\xff", 2},
	};
	struct digest d = mac_parts(key, parts, COUNT(parts));

	/* by another program: HMAC(key, 6 "tenant" 0 2 00ff) */
	ck_assert_str_eq(hex_text(c->arena, d.b, sizeof d.b),
	    "ef136fda663f721156d20b5bc56c6fe25f86034f5425ce8373b61255e3af7b75");
	d = mac_parts(key, NULL, 0);
	ck_assert_str_eq(hex_text(c->arena, d.b, sizeof d.b),
	    "d38b42096d80f45f826b44a9d5607de72496a415d3f4a1a8c88e3bb9da8dc1cb");
	test_done(c);
}
END_TEST

START_TEST(test_mac_framing)
{
	static const char framed[] = "\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c";
	const struct bytes parts[] = {forge_bytes("ab"), forge_bytes("c")};
	struct digest d = mac_parts(key, parts, 2);
	struct digest e = forge_hmac((struct bytes){key, sizeof key},
	    (struct bytes){(const unsigned char *)framed, sizeof framed - 1});

	ck_assert(digest_equal(&d, &e));
}
END_TEST

/* Lists a sloppy framing would take for one another; NULL ends a list. */
/* clang-format off */
static const char *const lists[][4] = {
	{ NULL },
	{ "" },
	{ "", "" },
	{ "abc" },
	{ "abc", "" },
	{ "", "abc" },
	{ "a", "bc" },
	{ "ab", "c" },
	{ "a", "b", "c" },
	{ "bc", "a" },
	{ "a\x01" "bc" },
};
/* clang-format on */

START_TEST(test_mac_lists_differ)
{
	struct digest seen[COUNT(lists)];

	for (size_t i = 0; i < COUNT(lists); i++) {
		struct bytes parts[4];
		size_t n = 0;

		for (; n < 4 && lists[i][n]; n++)
			parts[n] = mac_text(lists[i][n]);
		seen[i] = mac_parts(key, parts, n);
		for (size_t j = 0; j < i; j++)
			ck_assert_msg(!digest_equal(&seen[i], &seen[j]),
			    "lists %zu and %zu are alike", i, j);
	}
}
END_TEST

START_TEST(test_mac_depends_on_the_key)
{
	const struct bytes part = forge_bytes("abc");
	struct digest first = mac_parts(key, &part, 1), d;
	unsigned char other[KEY_LEN];

	for (size_t i = 0; i < KEY_LEN; i++) {
		memcpy(other, key, KEY_LEN);
		other[i] ^= 1;
		d = mac_parts(other, &part, 1);
		ck_assert(!digest_equal(&d, &first));
	}
	d = mac_parts(key, &part, 1);
	ck_assert(digest_equal(&d, &first));
}
END_TEST

START_TEST(test_compare)
{
	struct digest a = digest_text("a"), b;

	for (size_t i = 0; i < DIGEST_LEN; i++) {
		b = a;
		ck_assert(digest_equal(&a, &b));
		b.b[i] ^= 0x80;
		ck_assert(!digest_equal(&a, &b));
	}
	ck_assert(bytes_equal("x\0y", "x\0y", 3));
	ck_assert(!bytes_equal("x\0y", "x\0z", 3));
	ck_assert(bytes_equal("x\0y", "x\0z", 2));
	ck_assert(bytes_equal("a", "b", 0));
}
END_TEST

START_TEST(test_wipe)
{
	unsigned char b[8], zero[6] = {0};

	memset(b, 0xee, sizeof b);
	wipe(b + 1, 6);
	ck_assert_mem_eq(b + 1, zero, 6);
	ck_assert(b[0] == 0xee && b[7] == 0xee);
}
END_TEST

SUITE(digest, test_sha256, test_sha256_million, test_hmac_by_hand,
    test_mac_plain, test_mac_vectors, test_mac_framing, test_mac_lists_differ,
    test_mac_depends_on_the_key, test_compare, test_wipe)
