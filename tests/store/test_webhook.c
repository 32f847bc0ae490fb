/* SPDX-License-Identifier: ISC */
/* Webhooks: each shop has its own, and nobody else's. */

#include "street.h"

START_TEST(test_what_is_added_is_listed)
{
	struct ctx *c = street_open();
	struct webhook w = {.url = "https://shop.example/hook",
	    .secret = {(const unsigned char *)"secret", 6},
	    .headers = {(const unsigned char *)"headers", 7},
	    .events = "customer.created"};
	struct webhook *rows;
	size_t n;

	w.id = uuid_make(c->now);
	ck_ok(store_webhook_add(c, &w));
	ck_ok(store_webhook_list(c, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(uuid_equal(rows->id, w.id));
	ck_assert_str_eq(rows->url, w.url);
	ck_assert_uint_eq(rows->secret.n, 6);
	ck_assert_mem_eq(rows->secret.p, "secret", 6);
	ck_assert_uint_eq(rows->headers.n, 7);
	ck_assert_str_eq(rows->events, "customer.created");
	ck_assert(rows->active);
	ck_assert_int_eq(rows->created_at, c->now);
	ck_assert_int_eq(rows->queued + rows->dead, 0);
	test_done(c);
}
END_TEST

START_TEST(test_the_list_counts_what_waits_and_what_died)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL), other;
	struct webhook *rows;
	size_t n;
	int i;

	c->now++;
	other = street_webhook(c, NULL);
	for (i = 0; i < 5; i++)
		ck_ok(store_webhook_tell(c, id, "webhook.test"));
	ck_ok(db_script(c, "UPDATE webhook_events SET state = 'dead' LIMIT 2;\n"
			   "UPDATE webhook_events SET state = 'sent'"
			   " WHERE state = 'queued' LIMIT 1;\n"));
	ck_ok(store_webhook_list(c, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert(uuid_equal(rows[0].id, id));
	ck_assert_int_eq(rows[0].queued, 2);
	ck_assert_int_eq(rows[0].dead, 2);
	ck_assert(uuid_equal(rows[1].id, other));
	ck_assert_int_eq(rows[1].queued, 0);
	test_done(c);
}
END_TEST

START_TEST(test_turned_off_and_on)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL);
	struct webhook *rows;
	size_t n;

	ck_assert_int_eq(store_webhook_active(c, id, true), ERR_NOT_FOUND);
	ck_ok(store_webhook_active(c, id, false));
	ck_assert_int_eq(store_webhook_active(c, id, false), ERR_NOT_FOUND);
	ck_ok(store_webhook_list(c, &rows, &n));
	ck_assert(!rows->active);
	ck_ok(store_webhook_active(c, id, true));
	test_done(c);
}
END_TEST

/* What was told stays until its time is over. */
START_TEST(test_removed_with_what_waits)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL), other;
	struct webhook *rows;
	size_t n;

	c->now++;
	other = street_webhook(c, NULL);
	ck_ok(store_webhook_tell(c, id, "webhook.test"));
	ck_ok(db_script(c, "UPDATE webhook_events SET state = 'sent';\n"));
	ck_ok(store_webhook_tell(c, id, "webhook.test"));
	ck_ok(store_webhook_tell(c, id, "webhook.test"));
	ck_ok(store_webhook_tell(c, other, "webhook.test"));
	ck_ok(store_webhook_remove(c, id));
	ck_assert_int_eq(store_webhook_remove(c, id), ERR_NOT_FOUND);
	ck_ok(store_webhook_list(c, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(rows->queued, 1);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM webhook_events"), 2);
	test_done(c);
}
END_TEST

START_TEST(test_another_shops_is_none)
{
	struct ctx *c = street_open();
	struct uuid id = street_webhook(c, NULL), here = c->tenant_id;
	struct webhook *rows;
	uint64_t again;
	size_t n;

	ck_ok(store_webhook_tell(c, id, "webhook.test"));
	ck_ok(db_script(c, "UPDATE webhook_events SET state = 'dead';\n"));
	c->tenant_id = street_tenant(c, "other");
	ck_ok(store_webhook_list(c, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(store_webhook_active(c, id, false), ERR_NOT_FOUND);
	ck_assert_int_eq(store_webhook_remove(c, id), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_webhook_tell(c, id, "webhook.test"), ERR_NOT_FOUND);
	ck_ok(store_webhook_retry(c, id, &again));
	ck_assert_uint_eq(again, 0);
	c->tenant_id = here;
	ck_ok(store_webhook_list(c, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(rows->active);
	ck_assert_int_eq(rows->dead, 1);
	test_done(c);
}
END_TEST

SUITE(webhook, test_what_is_added_is_listed,
    test_the_list_counts_what_waits_and_what_died, test_turned_off_and_on,
    test_removed_with_what_waits, test_another_shops_is_none)
