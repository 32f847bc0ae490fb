/* SPDX-License-Identifier: ISC */
/* How often the gate refused, kept here and added up by the hour. */

#include "domain/domain.h"

enum { FLUSH_MS = 10 * 1000 };

static int64_t refused[ERR_COUNT];
static int64_t flushed_at;

void
count_refusal(enum err e)
{
	if (e > OK && e < ERR_COUNT)
		refused[e]++;
}

/* What could not be added stays remembered for the next time. */
void
counters_flush(struct ctx *c, bool at_once)
{
	int i;

	if (!at_once && c->now >= flushed_at && c->now < flushed_at + FLUSH_MS)
		return;
	flushed_at = c->now;
	for (i = OK + 1; i < ERR_COUNT; i++) {
		if (refused[i] == 0)
			continue;
		if (store_counter_add(c, err_name((enum err)i), refused[i]))
			return;
		refused[i] = 0;
	}
}
