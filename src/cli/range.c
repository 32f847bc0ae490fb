/* SPDX-License-Identifier: ISC */
/* How far back, and how many: --since and --limit. */

#include <string.h>
#include <time.h>

#include "cli/cli.h"

enum { AGO_MAX = 100000 };

/* "90s", "2h", "3d": so long ago. */
static bool
ago_read(struct ctx *c, const char *s, int64_t *out)
{
	static const char units[] = "smhdw";
	static const int64_t ms[] = {
	    SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS};
	size_t n = strspn(s, "0123456789");
	const char *unit = s[n] ? strchr(units, s[n]) : NULL;
	int64_t count;

	if (unit == NULL || s[n + 1] != '\0' ||
	    !number_read(arena_copy(c->arena, s, n), AGO_MAX, &count))
		return false;
	*out = c->now - count * ms[unit - units];
	return true;
}

/* After the day: "", or T10:00, with seconds and a fraction, and perhaps Z. */
static bool
clock_read(const char *s, struct tm *tm)
{
	if (*s == 'T' && (s = strptime(s + 1, "%H:%M", tm)) == NULL)
		return false;
	if (*s == ':' && (s = strptime(s + 1, "%S", tm)) == NULL)
		return false;
	if (*s == '.')
		s += 1 + strspn(s + 1, "0123456789");
	return strcmp(s, "") == 0 || strcmp(s, "Z") == 0;
}

/* Whole seconds of UTC; false when there is no such moment. */
static bool
moment_read(const char *s, int64_t *out)
{
	struct tm tm = {.tm_isdst = 0}, asked;
	const char *rest = strptime(s, "%Y-%m-%d", &tm);

	if (rest == NULL || !clock_read(rest, &tm))
		return false;
	asked = tm;
	*out = (int64_t)timegm(&tm) * SECOND_MS;
	return *out >= 0 && asked.tm_mday == tm.tm_mday &&
	       asked.tm_sec == tm.tm_sec;
}

enum err
range_since(struct ctx *c, const struct given *in, int64_t *out)
{
	*out = 0;
	if (in->since == NULL || ago_read(c, in->since, out) ||
	    moment_read(in->since, out))
		return OK;
	return say(ERR_USAGE, "--since is how long ago, such as 30m, 2h or 3d, "
			      "or a time in UTC, such as 2026-11-22 or "
			      "2026-11-22T10:00.");
}

enum err
range_limit(const struct given *in, int64_t usual, int64_t *out)
{
	*out = usual;
	if (in->limit == NULL ||
	    (number_read(in->limit, RANGE_MAX, out) && *out > 0))
		return OK;
	return say(
	    ERR_USAGE, "--limit is a number between 1 and %d.", RANGE_MAX);
}
