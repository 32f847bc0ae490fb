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

/* Nothing is odd yet when the partner states this address of pia. */
static void
states(struct ctx *c, const char *email)
{
	struct partner_customer who = {"pia", "Pia", email, "market"};
	struct partner_login out;
	struct odd_row *rows;
	size_t n;

	ck_ok(odd_list(c, 0, &rows, &n));
	ck_assert_uint_eq(n, 0);
	ck_ok(partner_sign_in(c, &who, &out));
}

/* Both let the customer in, whatever is stated. */
static const char *const policies[] = {"keep", "update"};

START_TEST(test_one_username_with_many_emails)
{
	struct odd_row *rows;
	size_t i, n;
	int j;

	for (i = 0; i < COUNT(policies); i++) {
		struct ctx *c = shop_open();
		struct api_key_made made;

		shop_set(c, "identity_conflict", policies[i]);
		partner_at(c, &made);
		for (j = 0; j <= ODD_EMAILS; j++)
			states(c, arena_print(c->arena, "p%d@x.example", j));
		ck_ok(odd_list(c, 0, &rows, &n));
		ck_case(policies[i], n == 1 && rows[0].n == ODD_EMAILS);
		ck_case(
		    policies[i], strcmp(rows[0].pattern, "many_emails") == 0);
		ck_case(policies[i], strcmp(rows[0].subject, "pia") == 0);
		ck_case(policies[i], strcmp(rows[0].shop, "shop") == 0);
		shop_close(c);
	}
}
END_TEST

START_TEST(test_one_other_email_again_and_again)
{
	struct odd_row *rows;
	size_t i, n;
	int j;

	for (i = 0; i < COUNT(policies); i++) {
		struct ctx *c = shop_open();
		struct api_key_made made;

		shop_set(c, "identity_conflict", policies[i]);
		partner_at(c, &made);
		states(c, "p@x.example");
		for (j = 0; j < 2 * ODD_EMAILS; j++)
			states(c, "other@x.example");
		states(c, "p@x.example");
		ck_ok(odd_list(c, 0, &rows, &n));
		ck_case(policies[i], n == 0);
		shop_close(c);
	}
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

SUITE(odd, test_one_username_with_many_emails,
    test_one_other_email_again_and_again, test_many_refusals_of_one_token)
