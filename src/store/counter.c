/* SPDX-License-Identifier: ISC */
/* Table event_counters: how often an event was, by the hour. */

#include "store/store.h"

enum { ADD };

/* clang-format off */
const struct stmt store_counter_sql[] = {
	[ADD] = { "INSERT INTO event_counters (hour, event, n) VALUES (?, ?, ?)"
		" ON DUPLICATE KEY UPDATE n = n + VALUES(n)",
		CROSS_TENANT, "counters belong to no tenant" },
};
/* clang-format on */
const size_t store_counter_sql_n = COUNT(store_counter_sql);

enum err
store_counter_add(struct ctx *c, const char *event, int64_t n)
{
	int64_t hour = c->now - c->now % HOUR_MS;

	return db_change_one(
	    c, &store_counter_sql[ADD], ARGS(INT(hour), TEXT(event), INT(n)));
}
