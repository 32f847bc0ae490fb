/* SPDX-License-Identifier: ISC */
/* All of a customer: shown, handed out, deleted, and gone at once. */

#include "shop.h"

START_TEST(test_open)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	struct dossier d;
	int64_t n;

	ck_ok(dossier_open(c, &ann.customer, &d));
	ck_assert_uint_eq(d.identities_n, 1);
	ck_assert_uint_eq(d.live, 1);
	ck_assert_int_eq(d.signed_in_at, c->now);
	shop_later(c, HOUR_MS);
	shop_sign_in(c, "ann@x.example");
	ck_ok(session_revoke_all(c, ann.customer.id, &n));
	ck_assert_int_eq(n, 2);
	ck_ok(dossier_open(c, &ann.customer, &d));
	ck_assert_uint_eq(d.live, 0);
	ck_assert_uint_eq(d.sessions_n, 2);
	ck_assert_int_eq(d.signed_in_at, c->now);
	shop_close(c);
}
END_TEST

START_TEST(test_export)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example");
	struct dossier_rest rest;

	shop_later(c, 1);
	ck_ok(dossier_export(c, &ann.customer, &rest));
	ck_assert_uint_eq(rest.proofs_n, 1);
	ck_assert_uint_eq(rest.places_n, 0);
	ck_assert_uint_eq(rest.cart.n, 0);
	ck_assert_uint_eq(rest.events_n, 1);
	ck_assert_str_eq(rest.events[0].event, "signed_up");
	shop_later(c, 1);
	ck_ok(dossier_export(c, &ann.customer, &rest));
	ck_assert_uint_eq(rest.events_n, 2);
	ck_assert_str_eq(rest.events[1].event, "customer_exported");
	ck_assert_str_eq(rest.events[1].actor, "operator");
	shop_close(c);
}
END_TEST

START_TEST(test_erase)
{
	struct ctx *c = shop_open();
	struct login ann = shop_sign_in(c, "ann@x.example"), again;
	struct audit_filter trail = {.tenant = c->tenant_id, .most = 99};
	struct audit_row *rows;
	size_t i, n;
	bool left;

	trail.customer = ann.customer.id;
	ck_ok(dossier_erase(c, ann.customer.id, &left));
	ck_assert(left);
	ck_err(session_admit(c, ann.tokens.access, NULL), ERR_SESSION_ENDED);
	ck_ok(store_audit_list(c, &trail, &rows, &n));
	ck_assert_uint_eq(n, 2);
	for (i = 0; i < n; i++)
		ck_assert_ptr_null(rows[i].address);
	ck_ok(dossier_erase(c, ann.customer.id, &left));
	ck_assert(!left);
	/* the address is anybody's again */
	shop_later(c, HOUR_MS);
	again = shop_sign_in(c, "ann@x.example");
	ck_assert(again.created);
	ck_assert(!uuid_equal(again.customer.id, ann.customer.id));
	shop_close(c);
}
END_TEST

START_TEST(test_who_runs_a_shop_stays)
{
	struct ctx *c = shop_open();
	const struct tenant *shop = c->tenant, *platform;
	struct tenant_new new = {"platform", "The Platform", true};
	const char *why = "";
	struct login meg;
	struct uuid id;
	bool left;

	ck_ok(tenant_create(c, &new, &id, &why));
	ck_ok(tenant_by_slug(c, "platform", &platform));
	shop_enter(c, platform);
	meg = shop_sign_in(c, "meg@x.example");
	ck_ok(store_member_add(c, shop->id, meg.customer.id, "owner"));
	ck_err(dossier_erase(c, meg.customer.id, &left), ERR_CONFLICT);
	ck_ok(store_customer_find(c, meg.customer.id, &meg.customer));
	ck_ok(store_member_remove(c, shop->id, meg.customer.id));
	ck_ok(dossier_erase(c, meg.customer.id, &left));
	ck_assert(left);
	shop_close(c);
}
END_TEST

SUITE(dossier, test_open, test_export, test_erase, test_who_runs_a_shop_stays)
