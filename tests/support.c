/* SPDX-License-Identifier: ISC */
/* support: what every test is handed: a context at a time that stands still. */

#include <stdio.h>

#include "test.h"

/* 2026-11-22T10:00:00.000Z */
static const int64_t TEST_NOW_MS = INT64_C(1795341600000);

struct test_house {
	struct ctx c;
	struct conf conf;
};

struct ctx *
test_ctx(void)
{
	struct test_house *house = calloc(1, sizeof(*house));

	if (house == NULL)
		abort();
	settings_preset(conf_settings, &house->conf);
	house->conf.environment = "test";
	house->conf.public_url = "https://auth.example.com";
	world_hold(TEST_NOW_MS);
	house->c.arena = arena_new();
	house->c.conf = &house->conf;
	house->c.now = world_now();
	house->c.address = "192.0.2.1";
	house->c.agent = "test";
	(void)snprintf(house->c.id, sizeof(house->c.id), "test-request");
	return &house->c;
}

void
test_done(struct ctx *c)
{
	struct test_house *house = (struct test_house *)(void *)c;

	if (c->db != NULL && test_db_done != NULL)
		test_db_done(c);
	arena_free(c->arena);
	free(house);
	world_hold(0);
}
