/* SPDX-License-Identifier: ISC */
/* A round of all that the courier's processes do. */

#ifndef COURIER_ALL_H
#define COURIER_ALL_H

#include "domain/domain.h"

/* Of each kind a batch, and then it tidies up. */
static inline enum err
courier_all(struct ctx *c, struct courier_round *out)
{
	enum err e;

	*out = (struct courier_round){0};
	if ((e = courier_deliver(c, MESSAGE_EMAIL, out)) ||
	    (e = courier_deliver(c, MESSAGE_SMS, out)) ||
	    (e = courier_deliver(c, MESSAGE_WHATSAPP, out)))
		return e;
	return courier_tidy(c, out);
}

#endif
