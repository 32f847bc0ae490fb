/* SPDX-License-Identifier: ISC */
/* What a monitor is told: numbers of the whole house, in one trip. */

#include "store/store.h"

/* clang-format off */

enum { READ };

/*
 * What waits and what is dead is read by the key of what is due: other states
 * are never counted. Live sessions cannot be counted without reading them, and
 * there may be fifty millions: what the trail says of the last minutes, by its
 * key of times, tells who signs in; how many rows the large tables have is
 * what the engine believes.
 */

/* Of each webhook, but for those that are turned off: they wait as told. */
#define WAITING \
	"(SELECT tenant_id, webhook_id, COUNT(*) n, MIN(seq) seq" \
	"  FROM webhook_events FORCE INDEX (due) WHERE state = 'queued'" \
	"  GROUP BY tenant_id, webhook_id) q JOIN webhooks w" \
	"  ON w.tenant_id = q.tenant_id AND w.id = q.webhook_id AND w.active"

#define READ_SQL \
	"SELECT o.state what, o.kind label, COUNT(*) n" \
	"  FROM outbox o FORCE INDEX (due)" \
	"  WHERE o.state IN ('queued', 'dead') GROUP BY o.state, o.kind" \
	" UNION ALL SELECT 'oldest', '', MIN(o.created_at)" \
	"  FROM outbox o FORCE INDEX (due) WHERE o.state = 'queued'" \
	" UNION ALL SELECT 'hooks_queued', '', CAST(SUM(q.n) AS SIGNED)" \
	"  FROM " WAITING \
	" UNION ALL SELECT 'hooks_oldest', '', MIN(e.at)" \
	"  FROM " WAITING " JOIN webhook_events e ON e.seq = q.seq" \
	" UNION ALL SELECT 'hooks_dead', '', COUNT(*)" \
	"  FROM webhook_events e FORCE INDEX (due) WHERE e.state = 'dead'" \
	" UNION ALL SELECT a.result, a.event, COUNT(*)" \
	"  FROM audit_events a FORCE INDEX (at) WHERE a.at >= ?" \
	"  GROUP BY a.result, a.event" \
	" UNION ALL SELECT 'gate', c.event, CAST(SUM(c.n) AS SIGNED)" \
	"  FROM event_counters c WHERE c.hour >= ? GROUP BY c.event" \
	" UNION ALL SELECT 'rows', i.TABLE_NAME, CAST(i.TABLE_ROWS AS SIGNED)" \
	"  FROM information_schema.TABLES i WHERE i.TABLE_SCHEMA = DATABASE()" \
	"  AND i.TABLE_NAME IN ('audit_events', 'customers', 'outbox'," \
	"  'sessions')" \
	" UNION ALL SELECT 'schema', '', MAX(m.id) FROM migrations m"

const struct stmt store_metrics_sql[] = {
	[READ] = { READ_SQL, CROSS_TENANT, "a monitor watches the whole house" },
};
const size_t store_metrics_sql_n = COUNT(store_metrics_sql);

static const struct col metric_cols[] = {
	COL_TEXT(struct metric_row, what),
	COL_TEXT(struct metric_row, label),
	COL_INT(struct metric_row, n),
	COL_END
};
/* clang-format on */

enum err
store_metrics(struct ctx *c, int64_t events_since, int64_t refused_since,
    struct metric_row **out, size_t *n)
{
	return db_list(c, &store_metrics_sql[READ],
	    ARGS(INT(events_since), INT(refused_since)), metric_cols,
	    sizeof(struct metric_row), out, n);
}
