/* SPDX-License-Identifier: ISC */
/* What a sign-in page may know of its shop, before anybody has signed in. */

#include <string.h>

#include "delivery/delivery.h"
#include "domain/domain.h"

/* Some country is allowed, and there is a way to send there. */
static bool
sends_to_phones(const struct ctx *c)
{
	const char *countries = c->tenant->set.phone_countries;

	return !c->tenant->held && countries[strspn(countries, " ,+")] &&
	       (channel_for(c->conf, MESSAGE_SMS) ||
		   channel_for(c->conf, MESSAGE_WHATSAPP));
}

void
shopfront_read(const struct ctx *c, struct shopfront *out)
{
	*out = (struct shopfront){
	    .name = c->tenant->held ? NULL : c->tenant->name,
	    .locale = c->tenant->set.locale,
	    .email = channel_for(c->conf, MESSAGE_EMAIL) != NULL,
	    .phone = sends_to_phones(c),
	};
}
