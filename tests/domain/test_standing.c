/* SPDX-License-Identifier: ISC */
/* A shop's standing: approved, suspended, deleted, kept, and in the end gone. */

#include "courier_all.h"
#include "mall.h"

enum act { APPROVE, SUSPEND, RESUME, DELETE, KEEP };

static enum err
act_do(struct ctx *c, const struct tenant *t, enum act act)
{
	switch (act) {
	case APPROVE:
		return shop_approve(c, t);
	case SUSPEND:
	case RESUME:
		return shop_suspend(c, t, act == SUSPEND);
	default:
		return shop_delete(c, t, act == KEEP);
	}
}

/* Each of these, one after the other, to one shop. */
static const struct {
	const char *what;
	enum act act;
	enum err e;
	const char *status, *event;
} acts[] = {
    {"approved", APPROVE, OK, "active", "tenant_approved"},
    {"approved twice", APPROVE, ERR_NOT_FOUND, "active", NULL},
    {"kept, though it was not deleted", KEEP, ERR_NOT_FOUND, "active", NULL},
    {"suspended", SUSPEND, OK, "suspended", "tenant_suspended"},
    {"resumed", RESUME, OK, "active", "tenant_resumed"},
    {"deleted", DELETE, OK, "deleting", "tenant_deleted"},
    {"deleted twice", DELETE, ERR_NOT_FOUND, "deleting", NULL},
    {"resumed behind the deletion's back", RESUME, ERR_NOT_FOUND, "deleting",
	NULL},
    {"suspended on its way", SUSPEND, ERR_NOT_FOUND, "deleting", NULL},
    {"kept", KEEP, OK, "active", "tenant_kept"},
    {"suspended again", SUSPEND, OK, "suspended", "tenant_suspended"},
    {"deleted while suspended", DELETE, OK, "deleting", "tenant_deleted"},
};

START_TEST(test_standing)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	const struct tenant *shop;
	struct tenant_row row;
	struct founded out;
	const char *sql;
	size_t i;

	ck_ok(shop_found(c, &ann, "Green", &out));
	for (i = 0; i < COUNT(acts); i++) {
		c->now += 1;
		ck_case(acts[i].what,
		    act_do(c, out.shop, acts[i].act) == acts[i].e);
		ck_ok(store_tenant_by_id(c, out.shop->id, &row));
		ck_case(acts[i].what, strcmp(row.status, acts[i].status) == 0);
		ck_case(acts[i].what, (strcmp(row.status, "deleting") == 0) ==
					  (row.delete_at != 0));
		ck_ok(tenant_by_name(c, out.shop->text, &shop));
		ck_case(acts[i].what,
		    shop->suspended == (strcmp(row.status, "active") != 0));
		ck_case(acts[i].what, !shop->held);
		if (acts[i].event == NULL)
			continue;
		sql = arena_print(c->arena,
		    "SELECT COUNT(*) FROM audit_events WHERE tenant_id = %%s"
		    " AND event = '%s' AND at = %lld AND actor = 'operator'",
		    acts[i].event, (long long)c->now);
		ck_case(acts[i].what, mall_count(c, sql, out.shop->id) == 1);
	}
	ck_assert_int_eq(row.delete_at, c->now + SHOP_GRACE_MS);
	shop_close(c);
}
END_TEST

START_TEST(test_the_platform_stays)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	enum act act;

	for (act = APPROVE; act <= KEEP; act++)
		ck_err(act_do(c, c->tenant, act), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

START_TEST(test_by_name)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	const struct tenant *t;
	struct founded out;

	ck_ok(shop_found(c, &ann, "Green", &out));
	ck_ok(tenant_by_name(c, "shop", &t));
	ck_assert_str_eq(t->slug, "shop");
	ck_ok(tenant_by_name(c, t->text, &t));
	ck_assert_str_eq(t->slug, "shop");
	ck_ok(tenant_by_name(c, out.shop->text, &t));
	ck_assert(uuid_equal(t->id, out.shop->id));
	ck_err(tenant_by_name(c, "Green", &t), ERR_TENANT_UNKNOWN);
	ck_err(tenant_by_name(c, uuid_text(c->arena, ann.id), &t),
	    ERR_TENANT_UNKNOWN);
	/* a slug that reads as an id is a slug first */
	(void)shop_add(c, out.shop->text);
	ck_ok(tenant_by_name(c, out.shop->text, &t));
	ck_assert(!uuid_equal(t->id, out.shop->id));
	shop_close(c);
}
END_TEST

START_TEST(test_an_operators_shop_is_not_held)
{
	struct ctx *c = shop_open();
	struct tenant_row row;

	ck_ok(store_tenant_by_slug(c, "shop", &row));
	ck_assert_int_eq(row.approved_at, row.created_at);
	ck_assert(uuid_is_nil(row.founded_by));
	ck_assert(!c->tenant->held);
	ck_assert_int_eq(tenant_mails_a_day(c->tenant), 10000);
	ck_assert_int_eq(tenant_sms_a_day(c->tenant), 1000);
	shop_close(c);
}
END_TEST

START_TEST(test_sent_today)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	struct uuid here = c->tenant_id;
	const struct tenant *shop;
	struct founded out;
	int64_t mails, sms;

	ck_ok(shop_found(c, &ann, "Green", &out));
	ck_assert_int_eq(tenant_mails_a_day(out.shop), SHOP_HELD_MAILS);
	ck_assert_int_eq(tenant_sms_a_day(out.shop), 0);
	ck_ok(tenant_sent_today(c, out.shop, &mails, &sms));
	ck_assert(mails == 0 && sms == 0);
	ck_assert(uuid_equal(c->tenant_id, here));
	shop_enter(c, out.shop);
	ck_ok(shop_ask(c, "a@x.example"));
	ck_ok(shop_ask(c, "b@x.example"));
	ck_ok(tenant_sent_today(c, out.shop, &mails, &sms));
	ck_ok(tenant_sent_today(c, out.shop, &mails, &sms));
	ck_assert(mails == 2 && sms == 0);
	shop_later(c, DAY_MS);
	ck_ok(tenant_sent_today(c, out.shop, &mails, &sms));
	ck_assert(mails == 0 && sms == 0);
	ck_ok(shop_approve(c, out.shop));
	ck_ok(tenant_by_name(c, out.shop->text, &shop));
	ck_assert_int_eq(tenant_mails_a_day(shop), 10000);
	ck_assert_int_eq(tenant_sms_a_day(shop), 1000);
	shop_close(c);
}
END_TEST

/* ---- the end ------------------------------------------------------------------- */

/* What no time of its own takes away, of this tenant. */
static int64_t
belongings(struct ctx *c, struct uuid tenant)
{
	static const char *const tables[] = {"customers", "identities",
	    "api_keys", "signing_keys", "tenant_members", "tenant_names"};
	int64_t n = 0;
	size_t i;

	for (i = 0; i < COUNT(tables); i++)
		n += mall_count(c,
		    arena_print(c->arena,
			"SELECT COUNT(*) FROM %s WHERE tenant_id = %%s",
			tables[i]),
		    tenant);
	return n + mall_count(
		       c, "SELECT COUNT(*) FROM tenants WHERE id = %s", tenant);
}

/* The courier's rounds until nothing is left to clear away. */
static uint64_t
courier_rest(struct ctx *c)
{
	struct courier_round round;
	uint64_t n = 0;

	do {
		ck_ok(courier_all(c, &round));
		c->now = world_now();
		n += round.purged;
	} while (round.purged > 0);
	return n;
}

/* A shop of ann's with two customers and a name that leads there. */
static const struct tenant *
shop_furnish(struct ctx *c, const struct customer *ann)
{
	struct founded out;
	const char *why = "";

	ck_ok(shop_found(c, ann, "Green", &out));
	ck_ok(tenant_set(c, out.shop, "hosts", "green.example", &why));
	shop_enter(c, out.shop);
	(void)shop_sign_in(c, "a@x.example");
	(void)shop_sign_in(c, "b@x.example");
	return out.shop;
}

START_TEST(test_suspended_it_keeps_all)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	const struct tenant *shop = shop_furnish(c, &ann);
	int64_t before = belongings(c, shop->id);

	ck_assert_int_eq(before, 2 + 2 + 1 + 2 + 1 + 1 + 1);
	ck_ok(shop_suspend(c, shop, true));
	shop_later(c, 300 * DAY_MS);
	(void)courier_rest(c);
	ck_assert_int_eq(belongings(c, shop->id), before);
	shop_close(c);
}
END_TEST

START_TEST(test_deleted_it_keeps_all_until_its_time_comes)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	const struct tenant *platform = c->tenant;
	const struct tenant *shop = shop_furnish(c, &ann);
	int64_t before = belongings(c, shop->id);
	int64_t others = belongings(c, platform->id);

	ck_ok(shop_delete(c, shop, false));
	shop_later(c, SHOP_GRACE_MS - 1);
	(void)courier_rest(c);
	ck_assert_int_eq(belongings(c, shop->id), before);
	shop_later(c, 1);
	ck_assert_uint_ge(courier_rest(c), (uint64_t)before);
	ck_assert_int_eq(belongings(c, shop->id), 0);
	ck_assert_int_eq(belongings(c, platform->id), others);
	/* who deleted it is known where the shop's own trail is gone */
	ck_assert_int_eq(
	    mall_count(c,
		"SELECT COUNT(*) FROM audit_events WHERE tenant_id = %s",
		shop->id),
	    0);
	ck_assert_int_eq(
	    mall_count(c,
		"SELECT COUNT(*) FROM audit_events WHERE tenant_id = %s"
		" AND event = 'tenant_deleted' AND actor = 'operator'"
		" AND detail IS NOT NULL",
		platform->id),
	    1);
	shop_close(c);
}
END_TEST

START_TEST(test_kept_in_time)
{
	static const struct {
		const char *what;
		int64_t left_ms;
		enum err e;
	} cases[] = {
	    {"two minutes before its end", 2 * MINUTE_MS, OK},
	    {"a minute before its end", MINUTE_MS, ERR_NOT_FOUND},
	    {"at its end", 0, ERR_NOT_FOUND},
	};
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	const struct tenant *shop = shop_furnish(c, &ann);
	int64_t begun = c->now;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		shop_later(c, begun - c->now);
		ck_case(cases[i].what, shop_delete(c, shop, false) == OK);
		shop_later(c, SHOP_GRACE_MS - cases[i].left_ms);
		ck_case(
		    cases[i].what, shop_delete(c, shop, true) == cases[i].e);
		ck_ok(db_script(c, "UPDATE tenants SET status = 'active',"
				   " delete_at = NULL;\n"));
	}
	shop_close(c);
}
END_TEST

/* A great one takes several rounds, and each is short. */
START_TEST(test_erased_in_batches)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	const struct tenant *shop = shop_furnish(c, &ann);
	struct courier_round round;
	uint64_t n = 0;
	int rounds;

	ck_ok(db_script(
	    c, arena_print(c->arena,
		   "INSERT INTO cart_lines (tenant_id, cart_id, product_id,"
		   " quantity, position) SELECT UNHEX('%s'), seq, 'p', 1, 0"
		   " FROM seq_1_to_5000;\n",
		   hex_text(c->arena, shop->id.b, sizeof(shop->id.b)))));
	ck_ok(shop_delete(c, shop, false));
	shop_later(c, SHOP_GRACE_MS);
	for (rounds = 0; belongings(c, shop->id) > 0; rounds++) {
		ck_ok(courier_all(c, &round));
		c->now = world_now();
		ck_assert_uint_gt(round.purged, 0);
		n += round.purged;
	}
	ck_assert_uint_gt(n, 5000);
	ck_assert_int_eq(rounds, 3);
	shop_close(c);
}
END_TEST

SUITE(standing, test_standing, test_the_platform_stays, test_by_name,
    test_an_operators_shop_is_not_held, test_sent_today,
    test_suspended_it_keeps_all, test_deleted_it_keeps_all_until_its_time_comes,
    test_kept_in_time, test_erased_in_batches)
