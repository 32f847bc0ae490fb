/* SPDX-License-Identifier: ISC */
/* Scopes: which a list holds, and which kinds of keys may hold them. */

#include "shop.h"

/* clang-format off */
static const struct {
	const char	*list, *scope;
	bool		 held;
} held[] = {
	{ "token:introspect", "token:introspect", true },
	{ "token:revoke token:introspect", "token:introspect", true },
	{ "  token:revoke  ", "token:revoke", true },
	{ "*", "token:revoke", true },
	{ "token:revoke *", "client:address", true },
	{ "", "token:revoke", false },
	{ "token:revoked", "token:revoke", false },
	{ "token", "token:revoke", false },
	{ "token:*", "token:revoke", false },
};

static const struct {
	const char	*list, *kind;
	bool		 fine;
} faults[] = {
	{ "", "publishable", true },
	{ "", "secret", true },
	{ "token:introspect token:revoke client:address", "secret", true },
	{ "*", "secret", true },
	{ "customer:authenticate vouch_email", "partner", true },
	{ "*", "publishable", false },
	{ "token:introspect", "publishable", false },
	{ "token:introspect", "partner", false },
	{ "vouch_email", "secret", false },
	{ "customer:authenticate", "secret", false },
	{ "nothing:at_all", "secret", false },
	{ "token:introspect,token:revoke", "secret", false },
};
/* clang-format on */

START_TEST(test_held)
{
	size_t i;

	for (i = 0; i < COUNT(held); i++)
		ck_case(held[i].list,
		    scopes_hold(held[i].list, held[i].scope) == held[i].held);
}
END_TEST

START_TEST(test_faults)
{
	struct ctx *c = test_ctx();
	size_t i;

	for (i = 0; i < COUNT(faults); i++)
		ck_case(faults[i].list,
		    (scopes_fault(c->arena, faults[i].list, faults[i].kind) ==
			NULL) == faults[i].fine);
	test_done(c);
}
END_TEST

SUITE(scope, test_held, test_faults)
