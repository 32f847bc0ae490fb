/* SPDX-License-Identifier: ISC */
/* arena: what it hands out, what it wipes, and texts that grow. */

#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static bool
is_zero(const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

START_TEST(test_memory_is_zeroed_and_aligned)
{
	static const size_t sizes[] = {0, 1, 7, 16, 17, 1000, 65536, 70000};
	struct arena *a = arena_new();
	unsigned char *p;
	size_t round, i;

	for (round = 0; round < 20; round++) {
		for (i = 0; i < COUNT(sizes); i++) {
			p = arena_get(a, sizes[i]);
			ck_assert_uint_eq((uintptr_t)p % 16, 0);
			ck_assert(is_zero(p, sizes[i]));
			memset(p, 0xa5, sizes[i]);
		}
		if (round % 4 == 3)
			arena_wipe(a);
	}
	arena_free(a);
}
END_TEST

START_TEST(test_wipe_overwrites_and_keeps_the_first_block)
{
	struct arena *a = arena_new();
	char *first = arena_text(a, "a secret");

	(void)arena_get(a, 200000);
	ck_assert_uint_ge(arena_used(a), 200009);
	arena_wipe(a);
	ck_assert_uint_eq(arena_used(a), 0);
	ck_assert_ptr_eq(arena_get(a, 9), first);
	ck_assert(is_zero((unsigned char *)first, 9));
	arena_free(a);
}
END_TEST

START_TEST(test_used_grows_with_what_is_handed_out)
{
	struct arena *a = arena_new();
	size_t before = arena_used(a);

	(void)arena_get(a, 100);
	ck_assert_uint_ge(arena_used(a) - before, 100);
	ck_assert_uint_le(arena_used(a) - before, 160);
	arena_free(a);
}
END_TEST

START_TEST(test_free_takes_none)
{
	arena_free(NULL);
}
END_TEST

START_TEST(test_copies_end_in_a_nul)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(arena_copy(a, "abcdef", 3), "abc");
	ck_assert_str_eq(arena_copy(a, NULL, 0), "");
	ck_assert_str_eq(arena_text(a, ""), "");
	ck_assert_str_eq(arena_print(a, "%d-%s", 42, "x"), "42-x");
	ck_assert_mem_eq(arena_copy(a, "a\0b", 3), "a\0b", 4);
	arena_free(a);
}
END_TEST

static void
ask_too_many(struct arena *a)
{
	(void)arena_list(a, SIZE_MAX / 4 + 2, 4);
}

static void
ask_too_much(struct arena *a)
{
	(void)arena_get(a, SIZE_MAX - 8);
}

static void
copy_too_much(struct arena *a)
{
	(void)arena_copy(a, "", SIZE_MAX);
}

static const struct {
	const char *what;
	void (*ask)(struct arena *);
} greedy[] = {
    {"a list whose size overflows", ask_too_many},
    {"more than any memory", ask_too_much},
    {"a copy whose NUL overflows", copy_too_much},
};

START_TEST(test_too_much_aborts)
{
	struct arena *a = arena_new();
	int status;
	size_t i;
	pid_t pid;

	for (i = 0; i < COUNT(greedy); i++) {
		if ((pid = fork()) == 0) {
			greedy[i].ask(a);
			_exit(0);
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_case(greedy[i].what, !WIFEXITED(status));
		ck_case(greedy[i].what, WTERMSIG(status) == SIGABRT);
	}
	arena_free(a);
}
END_TEST

START_TEST(test_text_grows)
{
	struct arena *a = arena_new();
	struct text t = text_new(a);
	int i;

	ck_assert_ptr_null(t.s);
	text_add(&t, "");
	ck_assert_str_eq(t.s, "");
	for (i = 0; i < 50000; i++)
		text_add_c(&t, (char)('a' + i % 26));
	ck_assert_uint_eq(t.len, 50000);
	ck_assert_uint_eq(strlen(t.s), 50000);
	for (i = 0; i < 50000; i++)
		ck_assert_int_eq(t.s[i], 'a' + i % 26);
	arena_free(a);
}
END_TEST

START_TEST(test_text_adds_in_order)
{
	struct arena *a = arena_new();
	struct text t = text_new(a);

	text_add(&t, "one ");
	text_add_n(&t, "two three", 4);
	text_addf(&t, "%03d%c", 7, '.');
	ck_assert_str_eq(t.s, "one two 007.");
	ck_assert_uint_eq(t.len, 12);
	arena_free(a);
}
END_TEST

START_TEST(test_text_of_exactly_its_room)
{
	struct arena *a = arena_new();
	struct text t;
	size_t n;

	for (n = 60; n < 70; n++) {
		t = text_new(a);
		text_addf(&t, "%*s", (int)n, "");
		ck_assert_uint_eq(strlen(t.s), n);
		ck_assert_uint_lt(t.len, t.room);
	}
	arena_free(a);
}
END_TEST

SUITE(arena, test_memory_is_zeroed_and_aligned,
    test_wipe_overwrites_and_keeps_the_first_block,
    test_used_grows_with_what_is_handed_out, test_free_takes_none,
    test_copies_end_in_a_nul, test_too_much_aborts, test_text_grows,
    test_text_adds_in_order, test_text_of_exactly_its_room)
