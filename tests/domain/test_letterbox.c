/* SPDX-License-Identifier: ISC */
/* The development inbox: open to one machine, and never in production. */

#include "domain/domain.h"
#include "test.h"

static const struct {
	const char *what;
	const char *environment, *mails, *texts;
	bool local, open;
	/* clang-format off */
} cases[] = {
	{ "who develops",	    "development", "file", "file", true,  true },
	{ "a test",		    "test",	   "file", "none", true,  true },
	{ "only texts are files",   "development", "smtp", "file", true,  true },
	{ "another machine",	    "development", "file", "file", false, false },
	{ "messages are sent",	    "development", "smtp", "none", true,  false },
	{ "production",		    "production",  "file", "file", true,  false },
	{ "a word nobody knows",    "staging",	   "file", "file", true,  false },
};
/* clang-format on */

START_TEST(test_whom_it_is_open_to)
{
	struct ctx *c = test_ctx();
	struct conf conf;
	size_t i;

	c->conf = &conf;
	for (i = 0; i < COUNT(cases); i++) {
		conf = (struct conf){.environment = cases[i].environment,
		    .email_channel = cases[i].mails,
		    .sms_channel = cases[i].texts};
		ck_case(cases[i].what,
		    letterbox_is_open(c, cases[i].local) == cases[i].open);
	}
	test_done(c);
}
END_TEST

SUITE(letterbox, test_whom_it_is_open_to)
