/* SPDX-License-Identifier: ISC */
/* Customers: what they say of themselves. */

#include "domain/domain.h"

enum err
customer_update(
    struct ctx *c, const struct customer_change *to, struct customer *out)
{
	enum err e;

	e = store_customer_change(
	    c, c->who->customer.id, c->who->session.id, to, out);
	if (e != ERR_NOT_FOUND)
		return e;
	return to->phone.given
		   ? fail(c, ERR_BAD_FIELD, "the phone is a proven one")
		   : fail(c, ERR_SESSION_ENDED, "disabled just now");
}
