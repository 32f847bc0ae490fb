/* SPDX-License-Identifier: ISC */
/* What a sign-in page asks first: whose page am I? */

#include "api/api.h"

/* 200 with the shop's name, language and channels; nothing secret. */
static enum err
front(struct ctx *c, struct call *call, const void *in)
{
	struct shopfront shop;
	struct writer w;

	(void)in;
	shopfront_read(c, &shop);
	w = envelope_open(c, "Shop retrieved successfully.");
	write_map(&w, "data");
	write_text(&w, "name", shop.name);
	write_text(&w, "locale", shop.locale);
	write_list(&w, "channels");
	if (shop.email)
		write_text(&w, NULL, "email");
	if (shop.phone)
		write_text(&w, NULL, "phone");
	write_list_end(&w);
	write_map_end(&w);
	return envelope_send(call, &w);
}

const struct endpoint shop_front = {front, NULL, 0};
