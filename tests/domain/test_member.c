/* SPDX-License-Identifier: ISC */
/* Members: accounts of the platform, found by a proven address. */

#include "shop.h"

/* A platform, and ann's account there. */
static struct ctx *
club_open(const struct tenant **platform, struct customer *ann)
{
	struct ctx *c = shop_open();
	const struct tenant *shop = c->tenant;
	struct tenant_new new = {"platform", "Platform", true};
	const char *why = "";
	struct uuid id;

	ck_ok(tenant_create(c, &new, &id, &why));
	ck_ok(tenant_by_slug(c, "platform", platform));
	shop_enter(c, *platform);
	*ann = shop_sign_in(c, "ann@x.example").customer;
	shop_enter(c, shop);
	return c;
}

START_TEST(test_an_account_is_found_by_a_proven_address)
{
	static const struct {
		const char *what, *email;
		enum err e;
	} cases[] = {
	    {"as it is", "ann@x.example", OK},
	    {"in capitals", "Ann@X.Example", OK},
	    {"somebody else's", "bob@x.example", ERR_NOT_FOUND},
	    {"a customer of the shop", "eve@x.example", ERR_NOT_FOUND},
	    {"no address", "ann", ERR_NOT_FOUND},
	};
	const struct tenant *platform;
	struct customer ann, u;
	struct ctx *c = club_open(&platform, &ann);
	struct uuid here = c->tenant_id;
	size_t i;

	(void)shop_sign_in(c, "eve@x.example");
	for (i = 0; i < COUNT(cases); i++) {
		ck_case(cases[i].what,
		    account_by_email(c, cases[i].email, &u) == cases[i].e);
		ck_case(cases[i].what,
		    cases[i].e != OK || uuid_equal(u.id, ann.id));
		ck_case(cases[i].what, uuid_equal(c->tenant_id, here));
	}
	ck_ok(account_find(c, ann.id, &u));
	ck_assert_str_eq(u.email, "ann@x.example");
	ck_err(account_find(c, here, &u), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

START_TEST(test_a_stated_address_is_no_account)
{
	const struct tenant *platform;
	struct customer ann, u;
	struct ctx *c = club_open(&platform, &ann);

	ck_ok(db_script(c, "UPDATE customers SET email_proven_at = NULL;\n"));
	ck_err(account_by_email(c, "ann@x.example", &u), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

START_TEST(test_added_listed_removed)
{
	const struct tenant *platform, *shop;
	struct customer ann;
	struct ctx *c = club_open(&platform, &ann);
	struct member_row *rows;
	size_t n;

	shop = c->tenant;
	ck_ok(member_add(c, shop, ann.id));
	ck_err(member_add(c, shop, ann.id), ERR_CONFLICT);
	ck_ok(member_list(c, shop, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(uuid_equal(rows[0].account, ann.id));
	ck_assert_str_eq(rows[0].role, "owner");
	ck_assert_str_eq(rows[0].email, "ann@x.example");
	ck_ok(member_remove(c, shop, ann.id));
	ck_err(member_remove(c, shop, ann.id), ERR_NOT_FOUND);
	ck_ok(member_list(c, shop, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_err(member_add(c, platform, ann.id), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

/* Who, and by whose hand: one row for each change that was made. */
START_TEST(test_audited)
{
	static const struct stmt ask = {
	    "SELECT id FROM audit_events WHERE tenant_id = ? AND event = ?"
	    " AND customer_id = ? AND actor = 'operator' AND result = 'ok'",
	    0, NULL};
	static const struct col cols[] = {
	    COL_UUID(struct caller, session.id), COL_END};
	static const char *const events[] = {"member_added", "member_removed"};
	const struct tenant *platform;
	struct customer ann;
	struct ctx *c = club_open(&platform, &ann);
	struct caller *rows;
	size_t i, n;

	ck_ok(member_add(c, c->tenant, ann.id));
	ck_err(member_add(c, c->tenant, ann.id), ERR_CONFLICT);
	ck_ok(member_remove(c, c->tenant, ann.id));
	ck_err(member_remove(c, c->tenant, ann.id), ERR_NOT_FOUND);
	for (i = 0; i < COUNT(events); i++) {
		ck_ok(db_list(c, &ask,
		    ARGS(UUID(c->tenant_id), TEXT(events[i]), UUID(ann.id)),
		    cols, sizeof(*rows), &rows, &n));
		ck_case(events[i], n == 1);
	}
	shop_close(c);
}
END_TEST

START_TEST(test_without_a_platform_there_are_no_accounts)
{
	struct ctx *c = shop_open();
	struct member_row *rows;
	struct customer u;
	size_t n;

	ck_err(account_by_email(c, "ann@x.example", &u), ERR_NOT_FOUND);
	ck_err(account_find(c, c->tenant_id, &u), ERR_NOT_FOUND);
	ck_err(member_list(c, c->tenant, &rows, &n), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

SUITE(member, test_an_account_is_found_by_a_proven_address,
    test_a_stated_address_is_no_account, test_added_listed_removed,
    test_audited, test_without_a_platform_there_are_no_accounts)
