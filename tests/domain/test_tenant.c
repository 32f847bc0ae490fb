/* SPDX-License-Identifier: ISC */
/* Whose door: by key, host and slug; settings, origins, and the tenant's MAC. */

#include "shop.h"

START_TEST(test_by_key_host_slug)
{
	struct ctx *c = shop_open();
	const char *key = shop_key(c);
	const struct tenant *t;

	ck_ok(tenant_by_key(c, key, &t));
	ck_assert_str_eq(t->slug, "shop");
	ck_assert(!uuid_is_nil(t->key_id));
	ck_err(tenant_by_key(c, "pk_unknown", &t), ERR_TENANT_UNKNOWN);
	ck_err(tenant_by_key(c, "", &t), ERR_TENANT_UNKNOWN);
	shop_set(c, "hosts", "shop.example");
	ck_ok(tenant_by_host(c, "SHOP.example", NULL, &t));
	ck_ok(tenant_by_host(c, "else.example", "shop", &t));
	ck_ok(tenant_by_host(c, NULL, "shop", &t));
	ck_err(tenant_by_host(c, "else.example", "", &t), ERR_TENANT_UNKNOWN);
	ck_err(tenant_by_slug(c, "nobody", &t), ERR_TENANT_UNKNOWN);
	shop_close(c);
}
END_TEST

START_TEST(test_settings)
{
	struct ctx *c = shop_open();

	ck_assert_int_eq(c->tenant->set.door_b_access_seconds, 86400);
	ck_assert_str_eq(c->tenant->aud, c->tenant->iss);
	ck_assert_str_eq(
	    c->tenant->iss, arena_print(c->arena, "https://auth.example.com/%s",
				c->tenant->text));
	shop_set(c, "audience", "https://api.example");
	shop_set(c, "door_b_access_seconds", "600");
	ck_assert_str_eq(c->tenant->aud, "https://api.example");
	ck_assert_int_eq(c->tenant->set.door_b_access_seconds, 600);
	ck_assert_str_eq(tenant_host(c), "auth.example.com");
	shop_set(c, "host", "shop.example");
	ck_assert_str_eq(tenant_host(c), "shop.example");
	shop_close(c);
}
END_TEST

static const struct {
	const char *origin;
	bool allowed;
} origins[] = {
    {"https://shop.example", true},
    {"https://m.shop.example", true},
    {"https://auth.example.com", true},
    {"https://shop.example.evil", false},
    {"https://shop.exampl", false},
    {"http://shop.example", false},
    {"https://SHOP.example", false},
    {"https://shop.example https://m.shop.example", false},
    {"https://auth.example.co", false},
    {"https://auth.example.com.evil", false},
    {"https://", false},
    {"null", false},
    {"*", false},
    {"", false},
};

START_TEST(test_origins)
{
	struct ctx *c = shop_open();
	size_t i;

	shop_set(c, "origins", "https://shop.example https://m.shop.example");
	for (i = 0; i < COUNT(origins); i++)
		ck_case(origins[i].origin,
		    tenant_allows_origin(c, origins[i].origin) ==
			origins[i].allowed);
	ck_ok(origin_known(c, "https://m.shop.example"));
	ck_err(origin_known(c, "https://m.shop"), ERR_NOT_FOUND);
	shop_set(c, "origins", "");
	ck_err(origin_known(c, "https://m.shop.example"), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

START_TEST(test_mac_is_the_tenants)
{
	struct ctx *c = shop_open();
	struct bytes part = mac_text("x");
	struct digest a, b, d;

	ck_ok(tenant_mac(c, "guest", &part, 1, &a));
	ck_ok(tenant_mac(c, "guest", &part, 1, &b));
	ck_assert(digest_equal(&a, &b));
	ck_ok(tenant_mac(c, "refresh", &part, 1, &d));
	ck_assert(!digest_equal(&a, &d));
	shop_enter(c, shop_add(c, "other"));
	ck_ok(tenant_mac(c, "guest", &part, 1, &d));
	ck_assert(!digest_equal(&a, &d));
	shop_close(c);
}
END_TEST

SUITE(tenant, test_by_key_host_slug, test_settings, test_origins,
    test_mac_is_the_tenants)
