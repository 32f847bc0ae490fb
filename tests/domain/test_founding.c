/* SPDX-License-Identifier: ISC */
/* Founding: who may, what they get, and how the operator ends it. */

#include "mall.h"

#define HUNDRED                                              \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *what, *name, *fault;
} names[] = {
    {"a plain one", "Green Shop", NULL},
    {"one letter", "X", NULL},
    {"a hundred letters", HUNDRED, NULL},
    {"a hundred letters and blanks around", "  " HUNDRED " ", NULL},
    {"letters of two bytes and a joiner", "Caf\xc3\xa9 \xe2\x80\x8d!", NULL},
    {"a dot", "booking.example", NULL},
    {"nothing", "", "1 to 100"},
    {"blanks", "   ", "1 to 100"},
    {"a hundred and one", HUNDRED "b", "1 to 100"},
    {"no UTF-8", "\xc3", "UTF-8"},
    {"a line break", "a\nb", "control"},
    {"a tab", "a\tb", "control"},
    {"a control of two bytes",
	"a\xc2\x85"
	"b",
	"control"},
    {"a line's end by another name",
	"a\xe2\x80\xa8"
	"b",
	"control"},
    {"text turned about",
	"a\xe2\x80\xae"
	"b",
	"control"},
    {"text turned about otherwise",
	"\xe2\x81\xa6"
	"b",
	"control"},
    {"a blank of no width",
	"a\xe2\x80\x8b"
	"b",
	"control"},
    {"a second one behind a fair one", "\xe2\x80\x8d\xe2\x80\x8b", "control"},
    {"a mark of byte order",
	"\xef\xbb\xbf"
	"b",
	"control"},
    {"an address", "https://evil.example", "address"},
    {"any scheme", "x://y", "address"},
    {"a host", "Go to www.evil.example", "address"},
    {"a host in capitals", "WWW.EVIL.EXAMPLE", "address"},
    {"a mail address", "a@evil.example", "address"},
    {"a path", "evil.example/x", "address"},
    {"markup", "<b", "address"},
    {"markup's end", "b>", "address"},
};

START_TEST(test_names)
{
	const char *fault;
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		fault = shop_name_fault(names[i].name);
		ck_case(names[i].what, (fault == NULL) == !names[i].fault);
		ck_case(names[i].what,
		    fault == NULL || strstr(fault, names[i].fault));
		ck_case(names[i].what,
		    fault == NULL || strncmp(fault, "must ", 5) == 0);
	}
}
END_TEST

/* ---- who may ------------------------------------------------------------------ */

START_TEST(test_off)
{
	struct customer ann;
	struct ctx *c = mall_open("off", &ann);
	struct founded out;

	ck_ok(shop_invite(c, "ann@x.example"));
	ck_err(shop_found(c, &ann, "Green", &out), ERR_FORBIDDEN);
	ck_assert_int_eq(
	    mall_count(c, "SELECT COUNT(*) FROM tenants", mall_nobody), 2);
	shop_close(c);
}
END_TEST

START_TEST(test_open)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	const struct tenant *found;
	struct tenant_row row;
	struct founded out;

	ck_ok(shop_found(c, &ann, "  Green Shop ", &out));
	ck_assert_str_eq(out.shop->name, "Green Shop");
	ck_assert(out.shop->held && !out.shop->platform);
	ck_assert(!out.shop->suspended);
	ck_assert_ptr_null(out.shop->slug);
	ck_ok(tenant_by_key(c, out.key.key.s, &found));
	ck_assert(uuid_equal(found->id, out.shop->id));
	ck_assert(found->held);
	ck_ok(tenant_by_name(c, out.shop->text, &found));
	ck_ok(store_tenant_by_id(c, out.shop->id, &row));
	ck_assert(uuid_equal(row.founded_by, ann.id));
	ck_assert_int_eq(row.approved_at, 0);
	ck_assert_int_eq(row.delete_at, 0);
	ck_err(shop_found(c, &ann, "http://x", &out), ERR_USAGE);
	shop_close(c);
}
END_TEST

START_TEST(test_it_has_all_it_needs)
{
	static const struct {
		const char *what, *sql;
	} cases[] = {
	    {"an HS512 key", "SELECT COUNT(*) FROM signing_keys WHERE"
			     " tenant_id = %s AND alg = 'HS512'"},
	    {"an ES256 key", "SELECT COUNT(*) FROM signing_keys WHERE"
			     " tenant_id = %s AND alg = 'ES256'"},
	    {"a storefront's key",
		"SELECT COUNT(*) FROM api_keys WHERE tenant_id = %s"
		" AND kind = 'publishable' AND name = 'storefront'"},
	    {"an owner", "SELECT COUNT(*) FROM tenant_members WHERE"
			 " tenant_id = %s AND role = 'owner'"},
	    {"a trail: made",
		"SELECT COUNT(*) FROM audit_events WHERE"
		" tenant_id = %s AND event = 'tenant_created'"
		" AND LEFT(actor, 9) = 'merchant:' AND result = 'ok'"},
	    {"a trail: its key", "SELECT COUNT(*) FROM audit_events WHERE"
				 " tenant_id = %s AND event = 'api_key_created'"
				 " AND LEFT(actor, 9) = 'merchant:'"},
	};
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	struct bytes part = mac_text("part");
	const struct ring_key *key;
	struct tenant_row *rows;
	struct founded out;
	struct digest mac;
	size_t i, n;

	ck_ok(shop_found(c, &ann, "Green", &out));
	for (i = 0; i < COUNT(cases); i++)
		ck_case(cases[i].what,
		    mall_count(c, cases[i].sql, out.shop->id) == 1);
	ck_assert_int_eq(
	    mall_count(c,
		"SELECT COUNT(*) FROM audit_events WHERE tenant_id = %s"
		" AND event = 'shop_founded' AND customer_id IS NOT NULL",
		c->tenant_id),
	    1);
	ck_ok(store_member_shops(c, ann.id, mall_nobody, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(uuid_equal(rows[0].id, out.shop->id));
	ck_ok(ring_current(c, out.shop->id, ALG_HS512, &key));
	shop_enter(c, out.shop);
	ck_ok(tenant_mac(c, "test", &part, 1, &mac));
	(void)shop_sign_in(c, "customer@x.example");
	shop_close(c);
}
END_TEST

START_TEST(test_only_who_is_invited_and_once)
{
	struct customer ann, bob;
	struct ctx *c = mall_open("invite", &ann);
	struct founded out;

	bob = shop_sign_in(c, "bob@x.example").customer;
	ck_err(shop_found(c, &ann, "Green", &out), ERR_FORBIDDEN);
	ck_ok(shop_invite(c, "Ann@X.example"));
	ck_err(shop_found(c, &bob, "Green", &out), ERR_FORBIDDEN);
	ck_ok(shop_found(c, &ann, "Green", &out));
	c->address = "192.0.2.99";
	ck_err(shop_found(c, &ann, "Green", &out), ERR_FORBIDDEN);
	ck_assert_int_eq(
	    mall_count(c, "SELECT COUNT(*) FROM tenants WHERE name = 'Green'",
		mall_nobody),
	    1);
	ck_ok(shop_invite(c, "ann@x.example"));
	ck_ok(shop_found(c, &ann, "Blue", &out));
	shop_close(c);
}
END_TEST

START_TEST(test_an_invitation_ends)
{
	struct customer ann;
	struct ctx *c = mall_open("invite", &ann);
	struct founded out;

	ck_ok(shop_invite(c, "ann@x.example"));
	shop_later(c, INVITATION_MS);
	ck_err(shop_found(c, &ann, "Green", &out), ERR_FORBIDDEN);
	ck_ok(shop_invite(c, "ann@x.example"));
	shop_later(c, INVITATION_MS - 1);
	ck_ok(shop_found(c, &ann, "Green", &out));
	shop_close(c);
}
END_TEST

/* What an account merely states opens no door that was opened to another. */
START_TEST(test_a_stated_address_is_not_invited)
{
	struct customer ann;
	struct ctx *c = mall_open("invite", &ann);
	struct founded out;

	ck_ok(shop_invite(c, "ann@x.example"));
	ann.email_proven_at = 0;
	ck_err(shop_found(c, &ann, "Green", &out), ERR_FORBIDDEN);
	ann.email = NULL;
	ann.email_proven_at = c->now;
	ck_err(shop_found(c, &ann, "Green", &out), ERR_FORBIDDEN);
	shop_close(c);
}
END_TEST

START_TEST(test_nothing_is_left_of_a_founding_that_failed)
{
	static const char *const tables[] = {"SELECT COUNT(*) FROM tenants",
	    "SELECT COUNT(*) FROM signing_keys",
	    "SELECT COUNT(*) FROM audit_events",
	    "SELECT COUNT(*) FROM api_keys"};
	int64_t before[COUNT(tables)];
	struct customer ann;
	struct ctx *c = mall_open("invite", &ann);
	struct founded out;
	size_t i;

	ck_ok(shop_invite(c, "ann@x.example"));
	ck_ok(db_script(c, "DROP TABLE tenant_members;\n"));
	for (i = 0; i < COUNT(tables); i++)
		before[i] = mall_count(c, tables[i], mall_nobody);
	ck_err(shop_found(c, &ann, "Green", &out), ERR_DB);
	for (i = 0; i < COUNT(tables); i++)
		ck_case(tables[i],
		    mall_count(c, tables[i], mall_nobody) == before[i]);
	ck_assert_int_eq(mall_count(c,
			     "SELECT COUNT(*) FROM invitations"
			     " WHERE used_at IS NULL",
			     mall_nobody),
	    1);
	shop_close(c);
}
END_TEST

START_TEST(test_three_a_day_from_one_address)
{
	struct customer ann;
	struct ctx *c = mall_open("open", &ann);
	struct founded out;
	int i;

	for (i = 0; i < 3; i++)
		ck_ok(shop_found(c, &ann, "Green", &out));
	ck_err(shop_found(c, &ann, "Green", &out), ERR_TOO_MANY);
	ck_assert_int_eq(c->limits->max, 3);
	c->address = "192.0.2.99";
	ck_ok(shop_found(c, &ann, "Green", &out));
	c->address = "192.0.2.1";
	shop_later(c, DAY_MS);
	ck_ok(shop_found(c, &ann, "Green", &out));
	shop_close(c);
}
END_TEST

START_TEST(test_nobody_is_invited_to_nowhere)
{
	struct ctx *c = shop_open();

	ck_err(shop_invite(c, "ann@x.example"), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

START_TEST(test_inviting)
{
	struct customer ann;
	struct ctx *c = mall_open("invite", &ann);

	ck_err(shop_invite(c, "ann"), ERR_USAGE);
	ck_ok(shop_invite(c, "ann@x.example"));
	ck_assert_int_eq(
	    mall_count(c,
		"SELECT COUNT(*) FROM audit_events WHERE tenant_id = %s"
		" AND event = 'shop_invited' AND actor = 'operator'"
		" AND detail NOT LIKE '%%ann%%'",
		c->tenant_id),
	    1);
	shop_close(c);
}
END_TEST

SUITE(founding, test_names, test_off, test_open, test_it_has_all_it_needs,
    test_only_who_is_invited_and_once, test_an_invitation_ends,
    test_a_stated_address_is_not_invited,
    test_nothing_is_left_of_a_founding_that_failed,
    test_three_a_day_from_one_address, test_nobody_is_invited_to_nowhere,
    test_inviting)
