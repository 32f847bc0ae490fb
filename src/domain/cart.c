/* SPDX-License-Identifier: ISC */
/* Carts: a guest's, until the guest signs in; then a customer's. */

#include "domain/domain.h"

#define GUEST_CART_MS    (30 * DAY_MS)
#define CUSTOMER_CART_MS (400 * DAY_MS)

/* Whose cart is it? The bearer wins. */
static enum err
cart_id(struct ctx *c, const char *guest, struct uuid *out)
{
	enum err e;

	if (c->who != NULL) {
		*out = c->who->customer.id;
		return OK;
	}
	if ((e = guest_cart(c, guest, out)))
		return e;
	return uuid_is_nil(*out)
		   ? fail(c, ERR_TOKEN_MISSING, "neither customer nor guest")
		   : OK;
}

enum err
cart_read(struct ctx *c, const char *guest, struct cart *out)
{
	struct uuid id;
	enum err e;

	if ((e = cart_id(c, guest, &id)))
		return e;
	return store_cart_read(c, id, out);
}

/* As the question wants it: a list of {p, v, q, a}. */
static const char *
lines_json(struct ctx *c, const struct cart *cart)
{
	struct writer w = writer_new(c->arena);
	size_t i;

	write_list(&w, NULL);
	for (i = 0; i < cart->n; i++) {
		write_map(&w, NULL);
		write_text(&w, "p", cart->lines[i].product_id);
		write_text(&w, "v", cart->lines[i].variant_id);
		write_int(&w, "q", cart->lines[i].quantity);
		write_text(&w, "a", cart->lines[i].attributes);
		write_map_end(&w);
	}
	write_list_end(&w);
	return writer_text(&w);
}

enum err
cart_write(
    struct ctx *c, const char *guest, const struct cart *cart, struct cart *out)
{
	bool by_guest = c->who == NULL;
	int64_t life = by_guest ? GUEST_CART_MS : CUSTOMER_CART_MS;
	struct uuid id;
	enum err e;

	if ((e = cart_id(c, guest, &id)))
		return e;
	e = store_cart_write(
	    c, id, by_guest, lines_json(c, cart), c->now + life);
	if (e == ERR_GUEST_SPENT)
		return fail(c, e, "its cart has moved");
	*out = *cart;
	return e;
}
