/* SPDX-License-Identifier: ISC */
/* Whom an operator means, however they write it. */

#include "shop.h"

/* Who the whole of it names; "-" nobody, "+" several. */
static const struct {
	const char *who, *found;
} ones[] = {
    {"ann@x.example", "ann@x.example"},
    {"ANN@X.example", "ann@x.example"},
    {"ann@x.exampl", "-"},
    {"+234 803 123 4567", "ann@x.example"},
    {"002348031234567", "ann@x.example"},
    {"2348031234567", "ann@x.example"},
    {"0803 123 4567", "-"},
    {"u-1", "bob@x.example"},
    {"acme:u-1", "bob@x.example"},
    {"acme:u", "-"},
    {"", "-"},
    {"%", "-"},
    {"twin@x.example", "+"},
};

static const struct {
	const char *text;
	size_t n;
} searches[] = {
    {"ann", 1},
    {"Ann@X.Ex", 1},
    {"twin", 2},
    {"+234 803", 1},
    {"00234803", 1},
    {"u-1", 1},
    {"u-", 0},
    {"x.example", 0},
    {"00000000-0000-7000-8000-000000000000", 0},
};

static void
crowd(struct ctx *c)
{
	shop_sign_in(c, "ann@x.example");
	shop_sign_in(c, "bob@x.example");
	shop_sign_in(c, "cid@x.example");
	shop_sign_in(c, "dov@x.example");
	ck_ok(db_script(c,
	    "UPDATE customers SET phone = '+2348031234567'"
	    " WHERE email = 'ann@x.example';\n"
	    "UPDATE customers SET email = 'twin@x.example'"
	    " WHERE email IN ('cid@x.example', 'dov@x.example');\n"
	    "INSERT INTO api_keys (tenant_id, id, kind, name, prefix,"
	    " secret_hash, source, created_at) SELECT id, 'k', 'partner', 'n',"
	    " 'p', 'h', 'acme', 1 FROM tenants;\n"
	    "INSERT INTO identities (tenant_id, kind, value, customer_id,"
	    " created_at) SELECT tenant_id, 'partner', 'acme:u-1', id, 1"
	    " FROM customers WHERE email = 'bob@x.example';\n"));
}

START_TEST(test_one)
{
	struct ctx *c = shop_open();
	struct customer u;
	struct uuid id;
	size_t i;
	enum err e;

	crowd(c);
	for (i = 0; i < COUNT(ones); i++) {
		e = lookup_one(c, ones[i].who, &u);
		ck_case(
		    ones[i].who, e == (*ones[i].found == '-' ? ERR_NOT_FOUND
					  : *ones[i].found == '+' ? ERR_CONFLICT
								  : OK));
		ck_case(ones[i].who, e || strcmp(u.email, ones[i].found) == 0);
	}
	ck_ok(lookup_one(c, "ann@x.example", &u));
	id = u.id;
	ck_ok(lookup_one(c, uuid_text(c->arena, id), &u));
	ck_assert_str_eq(u.email, "ann@x.example");
	shop_enter(c, shop_add(c, "other"));
	ck_err(lookup_one(c, uuid_text(c->arena, id), &u), ERR_NOT_FOUND);
	ck_err(lookup_one(c, "ann@x.example", &u), ERR_NOT_FOUND);
	shop_close(c);
}
END_TEST

START_TEST(test_search)
{
	struct ctx *c = shop_open();
	struct customer *list;
	struct customer ann;
	size_t i, n;

	crowd(c);
	for (i = 0; i < COUNT(searches); i++) {
		ck_ok(lookup_search(c, searches[i].text, 9, &list, &n));
		ck_assert_msg(
		    n == searches[i].n, "%s: %zu", searches[i].text, n);
	}
	ck_ok(lookup_one(c, "ann@x.example", &ann));
	ck_ok(lookup_search(c, uuid_text(c->arena, ann.id), 9, &list, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(list[0].email, "ann@x.example");
	shop_close(c);
}
END_TEST

/* Where a shop tells letters apart before the @, so does the operator. */
START_TEST(test_a_shop_that_does_not_fold)
{
	struct ctx *c = shop_open();
	struct customer *list;
	struct customer u;
	size_t n;

	shop_set(c, "fold_email_local", "false");
	shop_sign_in(c, "Ann@x.example");
	ck_ok(lookup_one(c, "Ann@X.Example", &u));
	ck_err(lookup_one(c, "ann@x.example", &u), ERR_NOT_FOUND);
	ck_ok(lookup_search(c, "Ann@X", 9, &list, &n));
	ck_assert_uint_eq(n, 1);
	ck_ok(lookup_search(c, "ann@x", 9, &list, &n));
	ck_assert_uint_eq(n, 0);
	shop_close(c);
}
END_TEST

SUITE(lookup, test_one, test_search, test_a_shop_that_does_not_fold)
