/* SPDX-License-Identifier: ISC */
/* What a sign-in page may know: a name once it is approved, and channels. */

#include "domain/domain.h"
#include "test.h"

static const struct {
	const char *what;
	const char *mails, *texts, *whatsapp, *countries;
	bool held, email, phone;
	/* clang-format off */
} cases[] = {
	{ "everything",		"file", "file", "file", "*",	false, true,  true },
	{ "one country",	"smtp", "file", "none", "+234",	false, true,  true },
	{ "WhatsApp alone",	"none", "none", "file", "48",	false, false, true },
	{ "no country",		"file", "file", "file", "",	false, true,  false },
	{ "separators alone",	"file", "file", "file", " , +",	false, true,  false },
	{ "no way to phones",	"file", "none", "none", "*",	false, true,  false },
	{ "not approved yet",	"file", "file", "file", "*",	true,  true,  false },
};
/* clang-format on */

START_TEST(test_what_a_page_may_know)
{
	struct ctx *c = test_ctx();
	struct tenant tenant = {.name = "The Shop", .set.locale = "pl"};
	struct shopfront shop;
	struct conf conf;
	size_t i;

	c->conf = &conf;
	c->tenant = &tenant;
	for (i = 0; i < COUNT(cases); i++) {
		conf = (struct conf){.email_channel = cases[i].mails,
		    .sms_channel = cases[i].texts,
		    .whatsapp_channel = cases[i].whatsapp};
		tenant.held = cases[i].held;
		tenant.set.phone_countries = cases[i].countries;
		shopfront_read(c, &shop);
		ck_case(cases[i].what, shop.email == cases[i].email);
		ck_case(cases[i].what, shop.phone == cases[i].phone);
		ck_case(cases[i].what, (shop.name == NULL) == cases[i].held);
		ck_case(cases[i].what, !strcmp(shop.locale, "pl"));
	}
	test_done(c);
}
END_TEST

SUITE(shopfront, test_what_a_page_may_know)
