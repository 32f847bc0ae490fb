/* SPDX-License-Identifier: ISC */
/* The operator founds tenants and changes their settings, within reason. */

#include "office.h"

#define SIXTY "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-012345"

START_TEST(test_slugs)
{
	static const struct {
		const char *what, *slug;
		enum err e;
	} cases[] = {
	    {"two letters", "ab", OK},
	    {"digits and a dash", "0-9", OK},
	    {"63 of them", SIXTY "678", OK},
	    {"64 of them", SIXTY "6789", ERR_USAGE},
	    {"one letter", "a", ERR_USAGE},
	    {"none", "", ERR_USAGE},
	    {"a capital", "Shop", ERR_USAGE},
	    {"a blank", "a b", ERR_USAGE},
	    {"a dash before it", "-ab", ERR_USAGE},
	    {"a dash behind it", "ab-", ERR_USAGE},
	    {"another letter", "caf\xc3\xa9", ERR_USAGE},
	    {"there already", "ab", ERR_CONFLICT},
	};
	struct ctx *c = office_open(true);
	const char *why;
	struct uuid id;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct tenant_new new = {cases[i].slug, "Shop", false};

		why = NULL;
		ck_case(cases[i].what,
		    tenant_create(c, &new, &id, &why) == cases[i].e);
		ck_case(cases[i].what, (why != NULL) == (cases[i].e != OK));
	}
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM tenants"), 3);
	office_close(c);
}
END_TEST

START_TEST(test_names)
{
	char hundred[100 * 2 + 1] = "", more[101 + 1] = "";
	const struct {
		const char *what, *name;
		enum err e;
	} cases[] = {
	    {"none", "", ERR_USAGE},
	    {"a hundred letters of two bytes", hundred, OK},
	    {"a hundred and one", more, ERR_USAGE},
	    {"a line break", "a\nb", ERR_USAGE},
	    {"no UTF-8", "\xc3", ERR_USAGE},
	};
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop");
	const char *why;
	size_t i;

	memset(more, 'a', sizeof(more) - 1);
	for (i = 0; i < 100; i++)
		memcpy(hundred + 2 * i, "\xc3\xa9", 2);
	for (i = 0; i < COUNT(cases); i++) {
		struct tenant_new new = {"another", cases[i].name, false};
		struct uuid id;

		ck_case(cases[i].what,
		    tenant_create(c, &new, &id, &why) == cases[i].e);
		ck_case(cases[i].what, tenant_set(c, shop, "name",
					   cases[i].name, &why) == cases[i].e);
	}
	ck_ok(tenant_by_slug(c, "shop", &shop));
	ck_assert_str_eq(shop->name, hundred);
	office_close(c);
}
END_TEST

START_TEST(test_founded_with_all_it_needs)
{
	struct ctx *c = office_open(true);
	struct tenant_new new = {"platform", "The Platform", true};
	const struct tenant *shop = office_shop(c, "shop"), *platform;
	const struct ring_key *key;
	struct bytes part = mac_text("part");
	struct digest one, other;
	const char *why;
	struct uuid id;

	ck_ok(tenant_create(c, &new, &id, &why));
	ck_ok(tenant_by_slug(c, "platform", &platform));
	ck_assert(platform->platform && !shop->platform);
	ck_assert(uuid_equal(platform->id, id));
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM signing_keys"
					 " WHERE alg = 'ES256'"),
	    2);
	ck_assert_int_eq(office_count(c, "SELECT COUNT(*) FROM signing_keys"
					 " WHERE alg = 'HS512'"),
	    2);
	ck_ok(ring_current(c, shop->id, ALG_HS512, &key));
	c->tenant = shop;
	ck_ok(tenant_mac(c, "test", &part, 1, &one));
	c->tenant = platform;
	ck_ok(tenant_mac(c, "test", &part, 1, &other));
	ck_assert(!digest_equal(&one, &other));
	ck_assert_int_eq(
	    office_count(c, "SELECT COUNT(*) FROM audit_events WHERE"
			    " event = 'tenant_created' AND actor = 'operator'"),
	    2);
	office_close(c);
}
END_TEST

static const struct {
	const char *what, *key, *value, *why;
} settings[] = {
    {"an unknown key", "colour", "red", "not a known key"},
    {"a choice", "phone_channel", "sms", NULL},
    {"another choice", "phone_channel", "pigeon", "whatsapp or sms"},
    {"a number", "mails_a_day", "50", NULL},
    {"no number", "mails_a_day", "many", "whole number"},
    {"beyond its bound", "sessions_max", "0", "from 1"},
    {"a host", "host", "auth.example.com", NULL},
    {"a host with a scheme", "host", "https://a.example", "no host"},
    {"hosts", "hosts", "a.example b.example", NULL},
    {"a host with a port", "hosts", "a.b:8443", "without a port"},
    {"a host in capitals", "hosts", "A.example", "'A.example' is no"},
    {"a host with no port", "hosts", "a.example:", "is no host"},
    {"a host with port 0", "hosts", "a.example:0", "is no host"},
    {"a host with too great a port", "hosts", "a.b:65536", "is no host"},
    {"a host twice", "hosts", "a.example a.example", "twice"},
    {"origins", "origins", "https://a.example https://b.example:1", NULL},
    {"an origin with a path", "origins", "https://a.example/", "no origin"},
    {"any origin", "origins", "*", "no origin"},
    {"a null origin", "origins", "null", "no origin"},
    {"plain http in a test", "origins", "http://localhost:8080", NULL},
    {"another scheme", "origins", "ftp://a.example", "no origin"},
    {"no origins", "origins", "", NULL},
    {"a link", "link_url", "https://a.example/in#t={token}", NULL},
    {"a link without its token", "link_url", "https://a.example", "{token}"},
    {"a link that runs", "link_url", "javascript:{token}", "https://"},
    {"a sender", "mail_from", "shop@a.example", NULL},
    {"a sender with a line break", "mail_from", "a@b.c\nBcc: d@e.f", "control"},
    {"no sender", "mail_from", "Shop <shop@a.example>", "no mail address"},
    {"countries", "phone_countries", "234 1", NULL},
    {"all countries", "phone_countries", "*", NULL},
    {"a country with a plus", "phone_countries", "+234", "calling code"},
    {"a language", "locale", "fr", NULL},
    {"a language in capitals", "locale", "PL", NULL},
    {"a language's name", "locale", "French", "'French' is no language"},
    {"a language that has no templates", "locale", "de", "template_dir has en"},
    {"a locale of another kind", "locale", "fr_FR.UTF-8", "is no language"},
    {"two lines", "locale", "en\nhosts = x", "control"},
    {"idle within access", "door_b_refresh_idle_seconds", "3600",
	"must be above"},
    {"end before idle", "door_b_refresh_seconds", "86500", "not be below"},
};

START_TEST(test_settings)
{
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop");
	const char *why;
	enum err e;
	size_t i;

	for (i = 0; i < COUNT(settings); i++) {
		e = tenant_set(
		    c, shop, settings[i].key, settings[i].value, &why);
		if (settings[i].why == NULL) {
			ck_case(settings[i].what, e == OK && why == NULL);
			continue;
		}
		ck_case(settings[i].what, e == ERR_USAGE || e == ERR_CONFLICT);
		ck_assert_msg(why && strstr(why, settings[i].why), "%s: %s",
		    settings[i].what, why);
	}
	office_close(c);
}
END_TEST

/* Each in a millisecond of its own, so that the audit shows their order. */
static void
set(struct ctx *c, const struct tenant *t, const char *key, const char *value)
{
	const char *why;

	c->now += 1;
	ck_ok(tenant_set(c, t, key, value, &why));
}

START_TEST(test_only_what_differs_is_stored)
{
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop"), *now;

	set(c, shop, "mails_a_day", "50");
	set(c, shop, "door_b_alg", "ES256");
	set(c, shop, "fold_email_local", "no");
	set(c, shop, "locale", "FR");
	ck_assert_str_eq(office_text(c, "SELECT settings FROM tenants"),
	    "locale = fr\nfold_email_local = false\nmails_a_day = 50\n"
	    "door_b_alg = ES256\n");
	set(c, shop, "locale", "EN");
	ck_assert_str_eq(office_text(c, "SELECT settings FROM tenants"),
	    "fold_email_local = false\nmails_a_day = 50\ndoor_b_alg = ES256\n");
	set(c, shop, "mails_a_day", "10000");
	set(c, shop, "fold_email_local", "true");
	ck_assert_str_eq(office_text(c, "SELECT settings FROM tenants"),
	    "door_b_alg = ES256\n");
	ck_ok(tenant_by_slug(c, "shop", &now));
	ck_assert_str_eq(now->set.door_b_alg, "ES256");
	ck_assert_int_eq(now->set.mails_a_day, 10000);
	ck_assert_str_eq(
	    office_text(c, "SELECT GROUP_CONCAT(detail ORDER BY id) FROM"
			   " audit_events WHERE event = 'tenant_changed'"),
	    "mails_a_day,door_b_alg,fold_email_local,locale,locale,"
	    "mails_a_day,fold_email_local");
	office_close(c);
}
END_TEST

#define NAMES                                                        \
	"SELECT GROUP_CONCAT(kind, ' ', value ORDER BY kind, value)" \
	" FROM tenant_names"

START_TEST(test_names_lead_to_the_tenant)
{
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop"), *found;
	const struct tenant *other = office_shop(c, "other");
	const char *why;

	ck_ok(tenant_set(c, shop, "hosts", "a.example  b.example", &why));
	ck_ok(tenant_set(c, shop, "origins", "https://a.example", &why));
	ck_ok(tenant_set(c, other, "origins", "https://a.example", &why));
	ck_assert_str_eq(office_text(c, NAMES),
	    "host a.example,host b.example,origin https://a.example,"
	    "origin https://a.example");
	ck_ok(tenant_by_host(c, "b.example", "", &found));
	ck_assert(uuid_equal(found->id, shop->id));
	ck_assert_int_eq(
	    tenant_set(c, other, "hosts", "c.example a.example", &why),
	    ERR_CONFLICT);
	ck_assert_ptr_nonnull(strstr(why, "'a.example'"));
	ck_ok(tenant_by_slug(c, "other", &other));
	ck_assert_str_eq(other->set.hosts, "");
	ck_ok(tenant_set(c, shop, "hosts", "", &why));
	ck_ok(tenant_set(c, other, "origins", "", &why));
	ck_assert_str_eq(office_text(c, NAMES), "origin https://a.example");
	office_close(c);
}
END_TEST

START_TEST(test_production_takes_no_plain_http)
{
	struct ctx *c = office_open(true);
	const struct tenant *shop = office_shop(c, "shop");
	const char *why;

	office_conf(c)->environment = "production";
	ck_assert_int_eq(
	    tenant_set(c, shop, "origins", "http://localhost", &why),
	    ERR_USAGE);
	ck_assert_int_eq(
	    tenant_set(c, shop, "link_url", "http://localhost/{token}", &why),
	    ERR_USAGE);
	ck_ok(tenant_set(c, shop, "origins", "https://localhost", &why));
	office_close(c);
}
END_TEST

/* What the other one changed since this one looked is kept. */
START_TEST(test_two_operators_lose_nothing)
{
	struct ctx *c = office_open(true);
	const struct tenant *stale = office_shop(c, "shop"), *now;
	const char *why;

	ck_ok(tenant_set(c, stale, "mails_a_day", "1", &why));
	ck_ok(tenant_set(c, stale, "sms_a_day", "2", &why));
	ck_ok(tenant_set(c, stale, "name", "New", &why));
	ck_ok(tenant_by_slug(c, "shop", &now));
	ck_assert_int_eq(now->set.mails_a_day, 1);
	ck_assert_int_eq(now->set.sms_a_day, 2);
	ck_assert_str_eq(now->name, "New");
	office_close(c);
}
END_TEST

SUITE(tenant_admin, test_slugs, test_names, test_founded_with_all_it_needs,
    test_settings, test_only_what_differs_is_stored,
    test_names_lead_to_the_tenant, test_production_takes_no_plain_http,
    test_two_operators_lose_nothing)
