/* SPDX-License-Identifier: ISC */
/* Questions that doctor alone asks: of the server, its tables, our rights. */

#include "store/store.h"

enum {
	SERVER,
	BEYOND,
	COLUMNS,
	KEYS,
	BACKLOG,
	HOOKS,
	HOSTS,
	TRY_SELECT,
	TRY_INSERT,
	TRY_UPDATE,
	TRY_DELETE
};

#define WHY "doctor asks about the server, not about anybody's rows"

/* One row of a status table, which has a name and a value. */
#define STATUS(table, name)                                     \
	"(SELECT variable_value FROM information_schema." table \
	" WHERE variable_name = '" name "')"

/* The account that we were taken for, as the tables of grants write it. */
#define GRANTEE "CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')"

/* clang-format off */
const struct stmt store_doctor_sql[] = {
	[SERVER] = { "SELECT VERSION(), CURRENT_USER(),"
		" @@SESSION.character_set_connection,"
		" @@character_set_database, @@SESSION.sql_mode,"
		" @@GLOBAL.innodb_flush_log_at_trx_commit,"
		" @@GLOBAL.max_connections,"
		" CAST(" STATUS("global_status", "MAX_USED_CONNECTIONS")
		"  AS SIGNED),"
		" @@SESSION.max_allowed_packet,"
		" " STATUS("session_status", "SSL_CIPHER") ","
		" CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)",
		CROSS_TENANT, WHY },
	[BEYOND] = { "SELECT GROUP_CONCAT(DISTINCT p.word ORDER BY p.word"
		" SEPARATOR ', ') FROM"
		" (SELECT grantee, CONCAT(privilege_type, ' on *.*') AS word"
		"  FROM information_schema.user_privileges"
		"  WHERE privilege_type <> 'USAGE'"
		"  UNION ALL SELECT grantee, privilege_type"
		"  FROM information_schema.schema_privileges"
		"  WHERE DATABASE() LIKE table_schema AND privilege_type"
		"  NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')) p"
		" WHERE p.grantee = " GRANTEE, CROSS_TENANT, WHY },
	[COLUMNS] = { "SELECT table_name, column_name, column_type,"
		" is_nullable = 'YES' FROM information_schema.columns"
		" WHERE table_schema = DATABASE()"
		" ORDER BY table_name, ordinal_position", CROSS_TENANT, WHY },
	[KEYS] = { "SELECT table_name, index_name,"
		" GROUP_CONCAT(column_name ORDER BY seq_in_index),"
		" MAX(non_unique = 0) FROM information_schema.statistics"
		" WHERE table_schema = DATABASE()"
		" GROUP BY table_name, index_name", CROSS_TENANT, WHY },
	[BACKLOG] = { "SELECT COUNT(IF(state = 'queued', 1, NULL)),"
		" COUNT(IF(state = 'dead', 1, NULL)),"
		" COUNT(IF(state = 'queued' AND next_at < ?, 1, NULL)),"
		" MIN(IF(state = 'queued', next_at, NULL)),"
		" (SELECT MIN(resets_at) FROM limits) FROM outbox",
		CROSS_TENANT, "one courier serves all tenants" },
	[HOOKS] = { "SELECT t.slug, t.id, w.id, d.dead, d.queued, o.at"
		" FROM (SELECT tenant_id, webhook_id,"
		"  COUNT(IF(state = 'dead', 1, NULL)) dead,"
		"  COUNT(IF(state = 'queued', 1, NULL)) queued,"
		"  MIN(IF(state = 'queued', seq, NULL)) seq"
		"  FROM webhook_events FORCE INDEX (due)"
		"  WHERE state IN ('queued', 'dead')"
		"  GROUP BY tenant_id, webhook_id) d"
		" JOIN webhooks w ON w.tenant_id = d.tenant_id"
		" AND w.id = d.webhook_id AND w.active"
		" JOIN tenants t ON t.id = w.tenant_id"
		" LEFT JOIN webhook_events o ON o.seq = d.seq"
		" WHERE d.dead > 0 OR o.at < ?"
		" ORDER BY d.dead + d.queued DESC LIMIT ?",
		CROSS_TENANT, "one courier serves all tenants" },
	[HOSTS] = { "SELECT value, tenant_id FROM tenant_names"
		" WHERE kind = 'host'",
		CROSS_TENANT, "a host may be in the way of another tenant's" },
	/* nothing is read or changed; the right to is asked for all the same */
	[TRY_SELECT] = { "SELECT hour FROM event_counters WHERE hour < 0",
		CROSS_TENANT, WHY },
	[TRY_INSERT] = { "INSERT INTO event_counters (hour, event, n)"
		" SELECT 0, '', 0 FROM DUAL WHERE 1 = 0", CROSS_TENANT, WHY },
	[TRY_UPDATE] = { "UPDATE event_counters SET n = n WHERE 1 = 0",
		CROSS_TENANT, WHY },
	[TRY_DELETE] = { "DELETE FROM event_counters WHERE 1 = 0",
		CROSS_TENANT, WHY },
};
const size_t store_doctor_sql_n = COUNT(store_doctor_sql);

static const struct col server_cols[] = {
	COL_TEXT(struct server_row, version),
	COL_TEXT(struct server_row, user),
	COL_TEXT(struct server_row, charset),
	COL_TEXT(struct server_row, charset_database),
	COL_TEXT(struct server_row, sql_mode),
	COL_INT(struct server_row, flush_log),
	COL_INT(struct server_row, connections_max),
	COL_INT(struct server_row, connections_used),
	COL_INT(struct server_row, packet_max),
	COL_TEXT(struct server_row, cipher),
	COL_INT(struct server_row, now),
	COL_END
};

struct words {
	const char	*s;
};

static const struct col words_cols[] = { COL_TEXT(struct words, s), COL_END };

static const struct col column_cols[] = {
	COL_TEXT(struct column_row, table),
	COL_TEXT(struct column_row, name),
	COL_TEXT(struct column_row, type),
	COL_BOOL(struct column_row, null),
	COL_END
};

static const struct col key_cols[] = {
	COL_TEXT(struct index_row, table),
	COL_TEXT(struct index_row, name),
	COL_TEXT(struct index_row, columns),
	COL_BOOL(struct index_row, unique),
	COL_END
};

static const struct col backlog_cols[] = {
	COL_INT(struct backlog_row, queued),
	COL_INT(struct backlog_row, dead),
	COL_INT(struct backlog_row, late),
	COL_INT(struct backlog_row, oldest),
	COL_INT(struct backlog_row, spent),
	COL_END
};

static const struct col hook_cols[] = {
	COL_TEXT(struct hook_row, slug),
	COL_UUID(struct hook_row, tenant),
	COL_UUID(struct hook_row, webhook),
	COL_INT(struct hook_row, dead),
	COL_INT(struct hook_row, queued),
	COL_INT(struct hook_row, oldest),
	COL_END
};

static const struct col host_cols[] = {
	COL_TEXT(struct host_row, host),
	COL_UUID(struct host_row, tenant),
	COL_END
};

static const struct {
	const char	*name;
	size_t		 row;
} rights[] = {
	{ "SELECT", TRY_SELECT }, { "INSERT", TRY_INSERT },
	{ "UPDATE", TRY_UPDATE }, { "DELETE", TRY_DELETE },
};
/* clang-format on */

enum {
	ER_COMMAND_DENIED = 1142 /* ER_TABLEACCESS_DENIED_ERROR */
};

enum err
store_doctor_server(struct ctx *c, struct server_row *out)
{
	return db_one(c, &store_doctor_sql[SERVER], NO_ARGS, server_cols, out);
}

enum err
store_doctor_rights(struct ctx *c, const char **missing, const char **beyond)
{
	struct text list = text_new(c->arena);
	struct words words;
	size_t i;
	enum err e;

	for (i = 0; i < COUNT(rights); i++) {
		e = db_prepare(c, &store_doctor_sql[rights[i].row]);
		if (e && db_errno(c->db) != ER_COMMAND_DENIED)
			return e;
		if (e)
			text_addf(&list, "%s%s", list.len > 0 ? ", " : "",
			    rights[i].name);
	}
	if ((e = db_one(
		 c, &store_doctor_sql[BEYOND], NO_ARGS, words_cols, &words)))
		return e;
	*missing = list.s;
	*beyond = words.s;
	return OK;
}

enum err
store_doctor_columns(struct ctx *c, struct column_row **out, size_t *n)
{
	return db_list(c, &store_doctor_sql[COLUMNS], NO_ARGS, column_cols,
	    sizeof(struct column_row), out, n);
}

enum err
store_doctor_keys(struct ctx *c, struct index_row **out, size_t *n)
{
	return db_list(c, &store_doctor_sql[KEYS], NO_ARGS, key_cols,
	    sizeof(struct index_row), out, n);
}

enum err
store_doctor_backlog(struct ctx *c, int64_t late, struct backlog_row *out)
{
	return db_one(
	    c, &store_doctor_sql[BACKLOG], ARGS(INT(late)), backlog_cols, out);
}

enum err
store_doctor_hooks(
    struct ctx *c, int64_t old, int64_t most, struct hook_row **out, size_t *n)
{
	return db_list(c, &store_doctor_sql[HOOKS], ARGS(INT(old), INT(most)),
	    hook_cols, sizeof(struct hook_row), out, n);
}

enum err
store_doctor_hosts(struct ctx *c, struct host_row **out, size_t *n)
{
	return db_list(c, &store_doctor_sql[HOSTS], NO_ARGS, host_cols,
	    sizeof(struct host_row), out, n);
}
