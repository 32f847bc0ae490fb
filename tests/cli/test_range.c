/* SPDX-License-Identifier: ISC */
/* --since and --limit: what people write, and what they should not. */

#include "stage.h"

#define NOW INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */

static const struct {
	const char *since;
	int64_t at; /* -1: refused */
} times[] = {
    {"90s", NOW - 90 * SECOND_MS},
    {"30m", NOW - 30 * MINUTE_MS},
    {"2h", NOW - 2 * HOUR_MS},
    {"3d", NOW - 3 * DAY_MS},
    {"1w", NOW - 7 * DAY_MS},
    {"0s", NOW},
    {"2026-11-22", NOW - 12 * HOUR_MS},
    {"2026-11-22T10:00", NOW - 2 * HOUR_MS},
    {"2026-11-22T10:00Z", NOW - 2 * HOUR_MS},
    {"2026-11-22T10:00:30", NOW - 2 * HOUR_MS + 30 * SECOND_MS},
    {"2026-11-22T10:00:30.250Z", NOW - 2 * HOUR_MS + 30 * SECOND_MS},
    {"2026-02-30", -1},
    {"2026-13-01", -1},
    {"2026-11-22T25:00", -1},
    {"2026-11-22 10:00", -1},
    {"2026-11-22T10:00+01:00", -1},
    {"1969-12-31", -1},
    {"yesterday", -1},
    {"2", -1},
    {"h", -1},
    {"-2h", -1},
    {"2h30m", -1},
    {"999999d", -1},
    {"", -1},
};

START_TEST(test_since)
{
	struct ctx *c = test_ctx();
	struct given in = {.since = NULL};
	int64_t at = 1;
	size_t i;
	enum err e;

	c->now = NOW;
	ck_ok(range_since(c, &in, &at));
	ck_assert_int_eq(at, 0);
	for (i = 0; i < COUNT(times); i++) {
		in.since = times[i].since;
		e = range_since(c, &in, &at);
		ck_case(
		    times[i].since, e == (times[i].at < 0 ? ERR_USAGE : OK));
		ck_case(times[i].since, e || at == times[i].at);
	}
	test_done(c);
}
END_TEST

START_TEST(test_limit)
{
	static const struct {
		const char *limit;
		int64_t n; /* -1: refused */
	} cases[] = {
	    {NULL, 50},
	    {"1", 1},
	    {"10000", RANGE_MAX},
	    {"10001", -1},
	    {"0", -1},
	    {"-1", -1},
	    {"ten", -1},
	    {"", -1},
	};
	struct given in = {.limit = NULL};
	int64_t n;
	size_t i;
	enum err e;

	for (i = 0; i < COUNT(cases); i++) {
		in.limit = cases[i].limit;
		e = range_limit(&in, 50, &n);
		ck_assert_int_eq(e, cases[i].n < 0 ? ERR_USAGE : OK);
		ck_assert(e || n == cases[i].n);
	}
}
END_TEST

SUITE(range, test_since, test_limit)
