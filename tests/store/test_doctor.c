/* SPDX-License-Identifier: ISC */
/* What doctor asks of the server, and how late the courier is. */

#include "street.h"

START_TEST(test_server)
{
	struct ctx *c = street_open();
	struct server_row row;

	ck_ok(store_doctor_server(c, &row));
	ck_assert_ptr_nonnull(strstr(row.version, "MariaDB"));
	ck_assert_str_eq(row.user, "root@localhost");
	ck_assert_str_eq(row.charset, "utf8mb4");
	ck_assert_ptr_nonnull(strstr(row.sql_mode, "STRICT_ALL_TABLES"));
	ck_assert_int_eq(row.flush_log, 0);
	ck_assert_int_eq(row.connections_max, 64);
	ck_assert_int_ge(row.connections_used, 1);
	ck_assert_int_gt(row.packet_max, 1024);
	ck_assert_str_eq(row.cipher, "");
	world_hold(0);
	ck_assert_int_lt(world_now() - row.now, 60 * SECOND_MS);
	ck_assert_int_gt(world_now() - row.now, -60 * SECOND_MS);
	test_done(c);
}
END_TEST

START_TEST(test_rights)
{
	struct ctx *c = street_open();
	const char *missing, *beyond;

	ck_ok(store_doctor_rights(c, &missing, &beyond));
	ck_assert_ptr_null(missing);
	ck_assert_ptr_nonnull(strstr(beyond, "SUPER on *.*"));
	ck_assert_ptr_nonnull(strstr(beyond, "FILE on *.*"));
	test_done(c);
}
END_TEST

START_TEST(test_tables)
{
	struct ctx *c = street_open();
	struct column_row *columns;
	struct index_row *keys;
	bool found = false;
	size_t i, n;

	ck_ok(store_doctor_columns(c, &columns, &n));
	for (i = 0; i < n; i++)
		found |= strcmp(columns[i].table, "carts") == 0 &&
			 strcmp(columns[i].name, "moved_to") == 0 &&
			 strcmp(columns[i].type, "binary(16)") == 0 &&
			 columns[i].null;
	ck_assert(found);
	ck_ok(store_doctor_keys(c, &keys, &n));
	for (found = false, i = 0; i < n; i++)
		found |=
		    strcmp(keys[i].table, "sessions") == 0 &&
		    strcmp(keys[i].name, "challenge") == 0 &&
		    strcmp(keys[i].columns, "tenant_id,challenge_id") == 0 &&
		    keys[i].unique;
	ck_assert(found);
	test_done(c);
}
END_TEST

START_TEST(test_backlog)
{
	struct ctx *c = street_open();
	struct backlog_row row;

	ck_ok(store_doctor_backlog(c, c->now, &row));
	ck_assert_int_eq(row.queued + row.dead + row.late + row.oldest, 0);
	(void)street_begin(c, "ann@example.com", "123456", 1);
	ck_ok(store_doctor_backlog(c, c->now + 1, &row));
	ck_assert_int_eq(row.queued, 1);
	ck_assert_int_eq(row.late, 1);
	ck_assert_int_eq(row.oldest, c->now);
	ck_ok(store_doctor_backlog(c, c->now, &row));
	ck_assert_int_eq(row.late, 0);
	ck_assert_int_eq(row.spent, 0);
	test_done(c);
}
END_TEST

START_TEST(test_hooks)
{
	struct ctx *c = street_open();
	struct uuid behind = street_webhook(c, NULL), dead, off;
	struct hook_row *rows;
	size_t n;

	c->now++;
	dead = street_webhook(c, NULL);
	c->now++;
	off = street_webhook(c, NULL);
	street_event(c, behind, 1, "a");
	street_event(c, dead, 1, "b");
	street_event(c, dead, 2, "c");
	street_event(c, off, 1, "b");
	ck_ok(store_webhook_active(c, off, false));
	ck_ok(store_doctor_hooks(c, c->now, 5, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_ok(db_script(c, "UPDATE webhook_events SET state = 'dead'"
			   " WHERE event = 'b';\n"));
	ck_ok(store_doctor_hooks(c, c->now, 5, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(uuid_equal(rows[0].webhook, dead));
	ck_assert(uuid_equal(rows[0].tenant, c->tenant_id));
	ck_assert_int_eq(rows[0].dead, 1);
	ck_assert_int_eq(rows[0].queued, 1);
	ck_assert_int_eq(rows[0].oldest, c->now);
	ck_ok(store_doctor_hooks(c, c->now + 1, 5, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(uuid_equal(rows[1].webhook, behind));
	ck_ok(store_doctor_hooks(c, c->now + 1, 1, &rows, &n));
	ck_assert_uint_eq(n, 1);
	test_done(c);
}
END_TEST

START_TEST(test_hosts)
{
	struct ctx *c = street_open();
	struct host_row *rows;
	size_t n;

	ck_ok(store_tenant_name_add(c, c->tenant_id, "host", "a.example"));
	ck_ok(store_tenant_name_add(
	    c, c->tenant_id, "origin", "https://a.example"));
	ck_ok(store_doctor_hosts(c, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(rows[0].host, "a.example");
	ck_assert(uuid_equal(rows[0].tenant, c->tenant_id));
	test_done(c);
}
END_TEST

SUITE(doctor, test_server, test_rights, test_tables, test_backlog, test_hooks,
    test_hosts)
