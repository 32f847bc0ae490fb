/* SPDX-License-Identifier: ISC */
/* Merchants: accounts of the platform, who run shops and nothing else. */

#include "shop.h"

static const struct tenant *platform;

/* A house with a platform, and us at the door of "shop". */
static struct ctx *
town_open(const char *founding)
{
	struct ctx *c = shop_open();
	struct tenant_new new = {"platform", "The Platform", true};
	const char *why = "";
	struct uuid id;

	shop_conf(c)->founding = founding;
	shop_conf(c)->default_shop = "shop";
	ck_ok(tenant_create(c, &new, &id, &why));
	ck_ok(tenant_by_slug(c, "platform", &platform));
	return c;
}

static enum err
merchant_ask(struct ctx *c, const char *email, const char *business)
{
	struct ask ask = {CHANNEL_EMAIL, email, "merchant", business};

	c->limits = NULL;
	return challenge_begin(c, &ask, 1);
}

/* Asked for at the platform, shown without a key. */
static struct merchant_login
merchant_enter(struct ctx *c, const char *email, const char *business)
{
	struct merchant_login out;
	struct proof proof;

	c->who = NULL;
	tenant_enter(c, platform);
	ck_ok(merchant_ask(c, email, business));
	proof = shop_proof(email, shop_letter(c, email).code);
	proof.user_path = "merchant";
	ck_ok(merchant_login(c, &proof, NULL, &out));
	return out;
}

START_TEST(test_a_new_merchant_founds_a_shop)
{
	struct ctx *c = town_open("open");
	struct merchant_login m =
	    merchant_enter(c, "meg@x.example", "Meg's Shoes");

	ck_assert(m.login.created);
	ck_assert_ptr_nonnull(m.shop);
	ck_assert_str_eq(m.shop->name, "Meg's Shoes");
	ck_assert(m.shop->held);
	ck_assert_ptr_null(m.shop->slug);
	ck_assert_ptr_nonnull(m.key.s);
	/* next time it is found again, and no second one is founded */
	shop_later(c, HOUR_MS);
	m = merchant_enter(c, "meg@x.example", "Another Shop");
	ck_assert_str_eq(m.shop->name, "Meg's Shoes");
	ck_assert_ptr_null(m.key.s);
	shop_close(c);
}
END_TEST

START_TEST(test_founding_off)
{
	struct ctx *c = town_open("off");
	struct merchant_login m =
	    merchant_enter(c, "meg@x.example", "Meg's Shoes");

	ck_assert_ptr_null(m.shop);
	ck_assert_ptr_nonnull(m.login.tokens.access.s);
	shop_close(c);
}
END_TEST

START_TEST(test_only_the_same_initiator_names_it)
{
	struct ctx *c = town_open("open");
	struct merchant_login out;
	struct proof proof = shop_proof("meg@x.example", NULL);

	tenant_enter(c, platform);
	c->address = "198.51.100.7";
	ck_ok(merchant_ask(c, "meg@x.example", "Somebody Else's Name"));
	proof.token.s = shop_letter(c, "meg@x.example").code;
	proof.user_path = "merchant";
	c->address = "192.0.2.1";
	ck_ok(merchant_login(c, &proof, NULL, &out));
	ck_assert_ptr_null(out.shop);
	shop_close(c);
}
END_TEST

START_TEST(test_where_it_may_have_been_begun)
{
	struct ctx *c = town_open("off");
	const struct tenant *shop, *other = shop_add(c, "other");
	struct merchant_login out;
	struct proof proof = shop_proof("meg@x.example", NULL);

	proof.user_path = "merchant";
	ck_ok(tenant_by_slug(c, "shop", &shop));
	/* in the default shop, shown without a key */
	tenant_enter(c, shop);
	ck_ok(shop_ask(c, "meg@x.example"));
	proof.token.s = shop_letter(c, "meg@x.example").code;
	tenant_enter(c, platform);
	ck_ok(merchant_login(c, &proof, NULL, &out));
	/* in the platform, shown with a key */
	shop_later(c, MINUTE_MS);
	ck_ok(merchant_ask(c, "meg@x.example", NULL));
	proof.token.s = shop_letter(c, "meg@x.example").code;
	tenant_enter(c, other);
	ck_ok(merchant_login(c, &proof, NULL, &out));
	/* in another shop than the key's */
	shop_later(c, MINUTE_MS);
	tenant_enter(c, other);
	ck_ok(shop_ask(c, "meg@x.example"));
	proof.token.s = shop_letter(c, "meg@x.example").code;
	tenant_enter(c, shop);
	ck_err(merchant_login(c, &proof, NULL, &out), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_a_customers_challenge_opens_no_platform)
{
	struct ctx *c = town_open("open");
	struct ask ask = {CHANNEL_EMAIL, "meg@x.example", "customer", NULL};
	struct merchant_login out;
	struct proof proof = shop_proof("meg@x.example", NULL);

	ck_ok(challenge_begin(c, &ask, 1));
	proof.token.s = shop_letter(c, "meg@x.example").code;
	proof.user_path = "merchant";
	ck_err(merchant_login(c, &proof, NULL, &out), ERR_CODE_WRONG);
	shop_close(c);
}
END_TEST

START_TEST(test_admit)
{
	struct ctx *c = town_open("open");
	struct merchant_login meg = merchant_enter(c, "meg@x.example", "Megs");
	struct merchant_login bob = merchant_enter(c, "bob@x.example", "Bobs");
	struct merchant_login none = merchant_enter(c, "new@x.example", NULL);
	struct login ann;
	const struct tenant *shop;

	ck_ok(merchant_admit(c, meg.login.tokens.access, NULL, true));
	ck_assert_str_eq(c->tenant->name, "Megs");
	ck_ok(merchant_admit(c, meg.login.tokens.access, meg.key.s, true));
	ck_assert_str_eq(c->who->customer.email, "meg@x.example");
	ck_err(merchant_admit(c, meg.login.tokens.access, bob.key.s, true),
	    ERR_FORBIDDEN);
	ck_err(merchant_admit(c, meg.login.tokens.access, "pk_unknown", true),
	    ERR_TENANT_UNKNOWN);
	ck_err(merchant_admit(c, none.login.tokens.access, NULL, true),
	    ERR_FORBIDDEN);
	ck_ok(merchant_admit(c, none.login.tokens.access, NULL, false));
	ck_assert(c->tenant->platform);
	/* a customer is no merchant, and the reverse */
	ck_ok(tenant_by_slug(c, "shop", &shop));
	shop_enter(c, shop);
	ann = shop_sign_in(c, "ann@x.example");
	ck_err(merchant_admit(c, ann.tokens.access, NULL, true),
	    ERR_TOKEN_INVALID);
	ck_ok(session_admit(c, meg.login.tokens.access, NULL));
	ck_assert(c->tenant->platform);
	ck_err(session_admit(c, meg.login.tokens.access, meg.key.s),
	    ERR_TOKEN_INVALID);
	shop_close(c);
}
END_TEST

START_TEST(test_several_shops_want_a_key)
{
	struct ctx *c = town_open("open");
	struct merchant_login meg = merchant_enter(c, "meg@x.example", "Megs");
	struct founded second;

	ck_ok(merchant_admit(c, meg.login.tokens.access, NULL, false));
	ck_ok(shop_found(c, &c->who->customer, "Second", &second));
	ck_err(merchant_admit(c, meg.login.tokens.access, NULL, true),
	    ERR_FORBIDDEN);
	ck_ok(
	    merchant_admit(c, meg.login.tokens.access, second.key.key.s, true));
	ck_assert_str_eq(c->tenant->name, "Second");
	shop_close(c);
}
END_TEST

START_TEST(test_refresh_and_logout_of_either_kind)
{
	struct ctx *c = town_open("open");
	struct merchant_login meg = merchant_enter(c, "meg@x.example", "Megs");
	struct merchant_login next;
	const struct tenant *shop;
	struct login ann;
	uint64_t trips;

	ck_ok(tenant_by_slug(c, "shop", &shop));
	shop_enter(c, shop);
	ck_ok(any_refresh(c, meg.login.tokens.refresh, &next));
	ck_assert(c->tenant->platform);
	ck_assert_str_eq(next.shop->name, "Megs");
	shop_enter(c, shop);
	ann = shop_sign_in(c, "ann@x.example");
	trips = db_trips(c->db);
	ck_ok(any_refresh(c, ann.tokens.refresh, &next));
	ck_assert_uint_eq(db_trips(c->db) - trips, 2);
	ck_assert_ptr_null(next.shop);
	ck_assert(!c->tenant->platform);
	/* customers only */
	ck_err(session_refresh(c, meg.login.tokens.refresh, &next.login),
	    ERR_REFRESH_WRONG);
	shop_enter(c, shop);
	ck_ok(any_logout(c, meg.login.tokens.refresh));
	ck_err(merchant_admit(c, meg.login.tokens.access, NULL, false),
	    ERR_SESSION_ENDED);
	shop_close(c);
}
END_TEST

START_TEST(test_a_held_shop)
{
	struct ctx *c = town_open("open");
	struct merchant_login meg = merchant_enter(c, "meg@x.example", "Megs");
	struct ask ask = {CHANNEL_PHONE, "+2348012345678", "", NULL};
	const struct tenant *shop;
	int i;

	tenant_enter(c, meg.shop);
	ck_err(challenge_begin(c, &ask, 1), ERR_BAD_FIELD);
	ck_ok(shop_ask(c, "ann@x.example"));
	ck_assert_ptr_null(shop_letter(c, "ann@x.example").shop);
	for (i = 1; i < SHOP_HELD_MAILS; i++)
		ck_ok(shop_ask(c, arena_print(c->arena, "ann%d@x.example", i)));
	ck_err(shop_ask(c, "one@x.example"), ERR_TOO_MANY);
	ck_assert_str_eq(c->limits->name, "tenant-mails");
	ck_ok(shop_approve(c, meg.shop));
	ck_ok(tenant_by_name(c, meg.shop->text, &shop));
	tenant_enter(c, shop);
	ck_ok(shop_ask(c, "one@x.example"));
	ck_assert_str_eq(shop_letter(c, "one@x.example").shop, "Megs");
	shop_close(c);
}
END_TEST

SUITE(merchant, test_a_new_merchant_founds_a_shop, test_founding_off,
    test_only_the_same_initiator_names_it, test_where_it_may_have_been_begun,
    test_a_customers_challenge_opens_no_platform, test_admit,
    test_several_shops_want_a_key, test_refresh_and_logout_of_either_kind,
    test_a_held_shop)
