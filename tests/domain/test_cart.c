/* SPDX-License-Identifier: ISC */
/* Carts: the guest's moves once, and the bearer wins. */

#include "shop.h"

static struct cart_line lines[] = {
    {"shoe", "42", 1, NULL}, {"sock", "", 3, "{\"gift\":true}"}};
static const struct cart two = {false, lines, 2};

static struct login
sign_in_with(struct ctx *c, const char *guest)
{
	struct proof proof;
	struct login login;

	c->who = NULL;
	ck_ok(shop_ask(c, "ann@x.example"));
	proof =
	    shop_proof("ann@x.example", shop_letter(c, "ann@x.example").code);
	ck_ok(login_by_proof(c, &proof, guest, NULL, &login));
	return login;
}

START_TEST(test_moves_once)
{
	struct ctx *c = shop_open();
	struct secret guest;
	struct cart cart;
	struct login ann;

	ck_ok(guest_make(c, &guest));
	ck_ok(cart_write(c, guest.s, &two, &cart));
	ann = sign_in_with(c, guest.s);
	ck_assert(ann.cart);
	ck_assert_int_eq(ann.moved, 2);
	ck_ok(cart_read(c, guest.s, &cart));
	ck_assert(cart.spent);
	ck_assert_uint_eq(cart.n, 0);
	ck_err(cart_write(c, guest.s, &two, &cart), ERR_GUEST_SPENT);
	ck_ok(session_admit(c, ann.tokens.access, NULL));
	ck_ok(cart_read(c, guest.s, &cart));
	ck_assert_uint_eq(cart.n, 2);
	ck_assert_str_eq(cart.lines[1].attributes, "{\"gift\":true}");
	ann = sign_in_with(c, guest.s);
	ck_assert_int_eq(ann.moved, 0);
	shop_close(c);
}
END_TEST

START_TEST(test_an_id_is_spent_even_without_a_cart)
{
	struct ctx *c = shop_open();
	struct secret guest;
	struct cart cart;

	ck_ok(guest_make(c, &guest));
	ck_assert_int_eq(sign_in_with(c, guest.s).moved, 0);
	ck_err(cart_write(c, guest.s, &two, &cart), ERR_GUEST_SPENT);
	shop_close(c);
}
END_TEST

START_TEST(test_nobody_has_no_cart)
{
	struct ctx *c = shop_open();
	struct cart cart;

	ck_err(cart_read(c, NULL, &cart), ERR_TOKEN_MISSING);
	ck_err(cart_read(c, "forged", &cart), ERR_TOKEN_MISSING);
	ck_err(cart_write(c, NULL, &two, &cart), ERR_TOKEN_MISSING);
	ck_assert_int_eq(sign_in_with(c, "forged").moved, 0);
	shop_close(c);
}
END_TEST

SUITE(cart, test_moves_once, test_an_id_is_spent_even_without_a_cart,
    test_nobody_has_no_cart)
