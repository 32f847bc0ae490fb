/* SPDX-License-Identifier: ISC */
/* Founding: invitations are spent once; a shop's standing; its time. */

#include "street.h"

START_TEST(test_an_invitation_is_spent_once)
{
	struct ctx *c = street_open();
	struct uuid shop = c->tenant_id, other = street_tenant(c, "other");

	ck_ok(store_invitation_add(c, shop, "a@x.example", c->now + 1));
	ck_assert_int_eq(
	    store_invitation_spend(c, shop, "b@x.example"), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_invitation_spend(c, other, "a@x.example"), ERR_NOT_FOUND);
	ck_ok(store_invitation_spend(c, shop, "a@x.example"));
	ck_assert_int_eq(
	    store_invitation_spend(c, shop, "a@x.example"), ERR_NOT_FOUND);
	ck_ok(store_invitation_add(c, shop, "a@x.example", c->now + 1));
	ck_ok(store_invitation_add(c, shop, "a@x.example", c->now + 2));
	c->now += 1;
	ck_ok(store_invitation_spend(c, shop, "a@x.example"));
	ck_ok(store_invitation_add(c, shop, "a@x.example", c->now));
	ck_assert_int_eq(
	    store_invitation_spend(c, shop, "a@x.example"), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    street_count(c, "SELECT COUNT(*) FROM invitations"), 1);
	test_done(c);
}
END_TEST

START_TEST(test_approved_once)
{
	struct ctx *c = street_open();
	struct uuid nobody = uuid_make(c->now);
	struct tenant_row row;

	ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
	ck_assert_int_eq(row.approved_at, 0);
	ck_ok(store_tenant_approve(c, c->tenant_id));
	c->now += 1;
	ck_assert_int_eq(store_tenant_approve(c, c->tenant_id), ERR_NOT_FOUND);
	ck_assert_int_eq(store_tenant_approve(c, nobody), ERR_NOT_FOUND);
	ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
	ck_assert_int_eq(row.approved_at, c->now - 1);
	test_done(c);
}
END_TEST

/* From each standing to each other: which of them is a way. */
static const struct {
	const char *what, *from, *to;
	bool kept;
	enum err e;
} ways[] = {
    {"suspended", "active", "suspended", false, OK},
    {"resumed", "suspended", "active", false, OK},
    {"resumed without need", "active", "active", false, OK},
    {"deleted", "active", "deleting", false, OK},
    {"deleted while suspended", "suspended", "deleting", false, OK},
    {"deleted twice", "deleting", "deleting", false, ERR_NOT_FOUND},
    {"suspended on its way", "deleting", "suspended", false, ERR_NOT_FOUND},
    {"resumed on its way", "deleting", "active", false, ERR_NOT_FOUND},
    {"kept", "deleting", "active", true, OK},
    {"kept for nothing", "active", "active", true, ERR_NOT_FOUND},
    {"kept while suspended", "suspended", "active", true, ERR_NOT_FOUND},
};

/* It stands so now; deleted, it has an hour. */
static void
stand(struct ctx *c, const char *status)
{
	static const struct stmt update = {
	    "UPDATE tenants SET status = ?, delete_at = ?", 0, NULL};
	uint64_t changed;

	ck_ok(db_change(c, &update,
	    ARGS(TEXT(status),
		strcmp(status, "deleting") == 0 ? INT(c->now + HOUR_MS) : NONE),
	    &changed));
}

START_TEST(test_ways)
{
	struct ctx *c = street_open();
	struct tenant_row row;
	int64_t end;
	size_t i;

	for (i = 0; i < COUNT(ways); i++) {
		stand(c, ways[i].from);
		end = strcmp(ways[i].to, "deleting") == 0 ? c->now + 9 : 0;
		ck_case(ways[i].what,
		    store_tenant_status(c, c->tenant_id, ways[i].to, end,
			ways[i].kept) == ways[i].e);
		ck_ok(store_tenant_by_id(c, c->tenant_id, &row));
		ck_case(ways[i].what,
		    strcmp(row.status, ways[i].e ? ways[i].from : ways[i].to) ==
			0);
		ck_case(ways[i].what, ways[i].e || row.delete_at == end);
	}
	test_done(c);
}
END_TEST

START_TEST(test_the_platform_stands_as_it_is)
{
	struct ctx *c = street_open();

	ck_ok(db_script(c, "UPDATE tenants SET kind = 'platform';\n"));
	ck_assert_int_eq(store_tenant_approve(c, c->tenant_id), ERR_NOT_FOUND);
	ck_assert_int_eq(
	    store_tenant_status(c, c->tenant_id, "deleting", 1, false),
	    ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

START_TEST(test_gone_when_its_time_has_come)
{
	struct ctx *c = street_open();
	struct uuid id;

	(void)street_tenant(c, "other");
	ck_assert_int_eq(store_tenant_gone(c, &id), ERR_NOT_FOUND);
	ck_ok(store_tenant_status(
	    c, c->tenant_id, "deleting", c->now + 1, false));
	ck_assert_int_eq(store_tenant_gone(c, &id), ERR_NOT_FOUND);
	c->now += 1;
	ck_ok(store_tenant_gone(c, &id));
	ck_assert(uuid_equal(id, c->tenant_id));
	ck_ok(db_script(c, "UPDATE tenants SET status = 'suspended';\n"));
	ck_assert_int_eq(store_tenant_gone(c, &id), ERR_NOT_FOUND);
	test_done(c);
}
END_TEST

/* What a question looks at in each table. */
enum { ONE = 1 };

START_TEST(test_by_keys_among_ten_thousand)
{
	struct ctx *c = street_open();
	struct uuid shop = street_nth(7777), platform = street_nth(1);
	struct digest_of_key {
		unsigned char b[32];
	} hash = {{1}};
	const char *email = "i7777@x.example";

	street_crowd(c);
	street_keyed(c, street_stmt("founding", "UPDATE invitations"),
	    ARGS(INT(1), UUID(platform), TEXT(email), INT(1)), ONE);
	street_keyed(c, street_stmt("founding", "SET approved_at"),
	    ARGS(INT(1), INT(1), UUID(shop)), ONE);
	street_keyed(c, street_stmt("founding", "SET status"),
	    ARGS(TEXT("active"), INT(0), INT(1), UUID(shop), INT(0), INT(1)),
	    ONE);
	street_keyed(c, street_stmt("founding", "LIMIT 1"), ARGS(INT(1)), ONE);
	ck_ok(db_script(c,
	    "UPDATE api_keys SET secret_hash = RPAD(CHAR(1), 32, CHAR(0))"
	    " WHERE id = UNHEX(LPAD(HEX(7777), 32, '0'));\n"));
	street_keyed(c, street_stmt("tenant", "k.secret_hash"),
	    ARGS(BYTES(hash.b, 32), INT(1)), ONE);
	street_keyed(
	    c, street_stmt("tenant", "t.id = ?"), ARGS(UUID(shop)), ONE);
	street_keyed(c, street_stmt("tenant", "t WHERE t.slug"),
	    ARGS(TEXT("a-shop")), ONE);
	street_keyed(c, street_stmt("tenant", "kind = 'host'"),
	    ARGS(TEXT("a.example"), TEXT("a-shop")), ONE);
	street_keyed(c, street_stmt("tenant", "kind = 'origin'"),
	    ARGS(TEXT("https://a.example")), ONE);
	street_keyed(c, street_stmt("signing_key", "kid = ?"),
	    ARGS(TEXT("kid7777"), INT(1)), ONE);
	street_keyed(c, street_stmt("signing_key", "ORDER BY signs_from"),
	    ARGS(UUID(shop), TEXT("HS512"), INT(1), INT(1)), ONE);
	street_keyed(
	    c, street_stmt("apikey", "ORDER BY k.id"), ARGS(UUID(shop)), ONE);
	test_done(c);
}
END_TEST

SUITE(founding, test_an_invitation_is_spent_once, test_approved_once, test_ways,
    test_the_platform_stands_as_it_is, test_gone_when_its_time_has_come,
    test_by_keys_among_ten_thousand)
