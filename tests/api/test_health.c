/* SPDX-License-Identifier: ISC */
/* Alive without a database, ready only with one. */

#include "db/db.h"
#include "talk.h"

START_TEST(test_alive_asks_nobody)
{
	struct ctx *c = test_ctx();
	struct said said = ask(c, "GET /healthz", "", NULL);

	ck_said(said, 200);
	ck_assert_str_eq(said.body, "{\"status\":\"alive\"}");
	test_done(c);
}
END_TEST

START_TEST(test_ready_when_its_tables_are_there)
{
	struct ctx *c = test_db_ctx(true);
	struct said said;

	ck_assert_int_eq(
	    db_script(c, "INSERT INTO migrations VALUES (1, 'first', 0);\n"),
	    OK);
	said = ask(c, "GET /readyz", "", NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said.body, "{\"status\":\"ready\"}");
	test_done(c);
}
END_TEST

START_TEST(test_not_ready_without_tables)
{
	struct ctx *c = test_db_ctx(false);
	struct said said = ask(c, "GET /readyz", "", NULL);

	ck_assert_int_ge(said.status, 500);
	test_done(c);
}
END_TEST

START_TEST(test_not_ready_without_it)
{
	struct ctx *c = test_ctx();
	struct said said;

	talk_conf(c)->db_socket = "/nonexistent/server.sock";
	c->db = db_new(c->conf);
	said = ask(c, "GET /readyz", "", NULL);
	ck_said(said, 503);
	ck_assert_str_eq(said_header(&said, "Retry-After"), "2");
	ck_assert_str_eq(
	    said_header(&said, "Content-Type"), "application/problem+json");
	said = ask(c, "GET /healthz", "", NULL);
	ck_said(said, 200);
	db_close(c->db);
	c->db = NULL;
	test_done(c);
}
END_TEST

SUITE(health, test_alive_asks_nobody, test_ready_when_its_tables_are_there,
    test_not_ready_without_tables, test_not_ready_without_it)
