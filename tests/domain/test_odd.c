/* SPDX-License-Identifier: ISC */
/* What is odd, by our numbers: refusals of one key, and who states many mails. */

#include "office.h"
#include "shop.h"

static void
partner_at(struct ctx *c, struct api_key_made *made)
{
	struct api_key_new new = {
	    .kind = "partner", .name = "m", .source = "market"};
	const char *why = "";

	ck_ok(api_key_create(c, c->tenant, &new, made, &why));
	ck_ok(server_admit(c, "partner", NULL, made->key));
}

START_TEST(test_one_username_with_many_emails)
{
	struct ctx *c = shop_open();
	struct partner_customer who = {"pia", "Pia", "p@x.example", "market"};
	struct partner_login out;
	struct api_key_made made;
	struct odd_row *rows;
	size_t n;
	int i;

	partner_at(c, &made);
	for (i = 0; i <= ODD_EMAILS; i++) {
		ck_ok(odd_list(c, 0, &rows, &n));
		ck_assert_uint_eq(n, 0);
		who.email = arena_print(c->arena, "p%d@x.example", i);
		ck_ok(partner_sign_in(c, &who, &out));
	}
	ck_ok(odd_list(c, 0, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(rows[0].pattern, "many_emails");
	ck_assert_str_eq(rows[0].subject, "pia");
	ck_assert_str_eq(rows[0].shop, "shop");
	shop_close(c);
}
END_TEST

START_TEST(test_many_refusals_of_one_token)
{
	struct ctx *c = shop_open();
	struct api_key_made made;
	struct odd_row *rows;
	size_t n;
	int i;

	partner_at(c, &made);
	ck_ok(api_key_status(c, c->tenant, made.id, "inactive"));
	for (i = 0; i < ODD_REFUSALS; i++)
		ck_err(
		    server_admit(c, "partner", NULL, made.key), ERR_KEY_WRONG);
	ck_ok(odd_list(c, 0, &rows, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(rows[0].pattern, "refusals");
	ck_assert_int_eq(rows[0].n, ODD_REFUSALS);
	shop_close(c);
}
END_TEST

SUITE(odd, test_one_username_with_many_emails, test_many_refusals_of_one_token)
