/* SPDX-License-Identifier: ISC */
/* world: the clock, held, moved and running; the dice. */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

START_TEST(test_clock_stands_still_when_held)
{
	world_hold(12345);
	ck_assert_int_eq(world_now(), 12345);
	world_sleep(3);
	ck_assert_int_eq(world_now(), 12345);
	world_hold(0);
	ck_assert_int_gt(world_now(), INT64_C(1700000000000));
}
END_TEST

START_TEST(test_clock_is_the_systems)
{
	int64_t before = (int64_t)time(NULL) * 1000;
	int64_t now = world_now();

	ck_assert_int_ge(now, before);
	ck_assert_int_lt(now, before + 5000);
}
END_TEST

static const struct {
	const char *what, *content;
	int64_t offset;
} offsets[] = {
    {"an hour ahead", "3600000", 3600000},
    {"an hour ahead, with a sign and a line feed", "+3600000\n", 3600000},
    {"a day back", "-86400000\n", -86400000},
    {"nothing", "", 0},
    {"no number", "soon", 0},
    {"a number and more", "3600000 ms", 0},
    {"a number that no clock takes", "99999999999999999999", 0},
};

START_TEST(test_clock_file_moves_the_clock)
{
	char path[] = "/tmp/clock-XXXXXX";
	int fd = mkstemp(path);
	int64_t off;
	size_t i, n;

	ck_assert_int_ge(fd, 0);
	world_clock_file(path);
	for (i = 0; i < COUNT(offsets); i++) {
		ck_assert_int_eq(ftruncate(fd, 0), 0);
		n = strlen(offsets[i].content);
		ck_assert_int_eq(
		    pwrite(fd, offsets[i].content, n, 0), (ssize_t)n);
		off = world_now() - (int64_t)time(NULL) * 1000;
		ck_case(offsets[i].what, off >= offsets[i].offset - 1000);
		ck_case(offsets[i].what, off <= offsets[i].offset + 5000);
	}
	close(fd);
	unlink(path);
	ck_assert_int_lt(world_now(), (int64_t)time(NULL) * 1000 + 5000);
	world_clock_file(NULL);
}
END_TEST

static void
on_alarm(int signal)
{
	(void)signal;
}

START_TEST(test_sleep_outlasts_a_signal)
{
	struct itimerval soon = {.it_value.tv_usec = 5000};
	struct itimerval never = {.it_value.tv_usec = 0};
	int64_t before = world_now();

	ck_assert(signal(SIGALRM, on_alarm) != SIG_ERR);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
	world_sleep(40);
	ck_assert_int_ge(world_now() - before, 39);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
	ck_assert(signal(SIGALRM, SIG_DFL) != SIG_ERR);
	world_sleep(0);
	world_sleep(-5);
}
END_TEST

START_TEST(test_random_bytes_fill_the_whole)
{
	unsigned char some[600], seen[600] = {0};
	size_t round, i;

	for (round = 0; round < 20; round++) {
		world_random(some, sizeof(some));
		for (i = 0; i < sizeof(some); i++)
			seen[i] |= some[i];
	}
	for (i = 0; i < sizeof(seen); i++)
		ck_assert_uint_ne(seen[i], 0);
}
END_TEST

START_TEST(test_ticks_go_on_whoever_holds_the_clock)
{
	int64_t begun = world_ticks();

	world_hold(1000);
	world_sleep(20);
	ck_assert_int_ge(world_ticks() - begun, 20);
	world_hold(0);
}
END_TEST

START_TEST(test_dice_are_fair_and_in_bounds)
{
	int seen[6] = {0};
	int i;

	for (i = 0; i < 6000; i++) {
		uint32_t roll = world_dice(6);

		ck_assert_uint_lt(roll, 6);
		seen[roll]++;
	}
	/* 1000 each; six sigma are 173 */
	for (i = 0; i < 6; i++)
		ck_assert_int_lt(abs(seen[i] - 1000), 180);
	for (i = 0; i < 100; i++)
		ck_assert_uint_eq(world_dice(1), 0);
}
END_TEST

/* Without the rejection, rolls below half of it were twice as many. */
START_TEST(test_dice_do_not_lean)
{
	const uint32_t below = UINT32_C(0xc0000000);
	int low = 0, i;

	for (i = 0; i < 6000; i++)
		low += world_dice(below) < below / 3;
	ck_assert_int_lt(abs(low - 2000), 250);
}
END_TEST

START_TEST(test_dice_of_no_side_abort)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		(void)world_dice(0);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
}
END_TEST

SUITE(world, test_clock_stands_still_when_held, test_clock_is_the_systems,
    test_clock_file_moves_the_clock, test_sleep_outlasts_a_signal,
    test_ticks_go_on_whoever_holds_the_clock, test_random_bytes_fill_the_whole,
    test_dice_are_fair_and_in_bounds, test_dice_do_not_lean,
    test_dice_of_no_side_abort)
