/* SPDX-License-Identifier: ISC */
/* world: the only clock and the only dice; tests can hold both of them. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

static char clock_path[PATH_MAX];
static int64_t held_ms;

/* The signed milliseconds in the clock file; 0 when there is none. */
static int64_t
clock_offset(void)
{
	char text[32] = "";
	long long offset;
	char *end;
	ssize_t n;
	int fd;

	if (clock_path[0] == '\0')
		return 0;
	if ((fd = open(clock_path, O_RDONLY | O_CLOEXEC)) < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (n <= 0)
		return 0;
	errno = 0;
	offset = strtoll(text, &end, 10);
	if (errno != 0 || end == text || end[strspn(end, " \r\n")] != '\0')
		return 0;
	return offset;
}

int64_t
world_now(void)
{
	struct timespec t;
	int64_t now;

	if (held_ms != 0)
		return held_ms;
	if (clock_gettime(CLOCK_REALTIME, &t) != 0)
		abort();
	now = (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
	if (__builtin_add_overflow(now, clock_offset(), &now))
		abort();
	return now;
}

int64_t
world_ticks(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		abort();
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

void
world_clock_file(const char *path)
{
	if (path != NULL && strlen(path) >= sizeof(clock_path))
		abort();
	(void)snprintf(
	    clock_path, sizeof(clock_path), "%s", path != NULL ? path : "");
}

void
world_random(void *out, size_t n)
{
	unsigned char *p = out;
	ssize_t got;

	while (n > 0) {
		got = getrandom(p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		p += got;
		n -= (size_t)got;
	}
}

uint32_t
world_dice(uint32_t below)
{
	uint32_t fair, roll;

	if (below == 0)
		abort();
	/* the largest multiple of below that fits, less one */
	fair = UINT32_MAX - (UINT32_MAX % below + 1) % below;
	do
		world_random(&roll, sizeof(roll));
	while (roll > fair);
	return roll % below;
}

void
world_sleep(int64_t ms)
{
	struct timespec left = {
	    .tv_sec = (time_t)(ms / SECOND_MS),
	    .tv_nsec = (long)(ms % SECOND_MS) * 1000000,
	};

	if (ms <= 0)
		return;
	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

void
world_hold(int64_t ms)
{
	held_ms = ms;
}
