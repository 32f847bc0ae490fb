/* SPDX-License-Identifier: ISC */
/* A shop's customers, for the merchant who runs it. */

#include "domain/inside.h"

enum err
directory_list(struct ctx *c, const struct customer_filter *filter,
    struct customer **out, size_t *n, bool *more)
{
	struct customer_filter one_more = *filter;
	enum err e;

	one_more.most = filter->most + 1;
	if ((e = store_customer_list(c, &one_more, out, n)))
		return e;
	*more = *n > (size_t)filter->most;
	if (*more)
		*n = (size_t)filter->most;
	return OK;
}

enum err
directory_find(struct ctx *c, struct uuid id, struct customer *out)
{
	enum err e = store_customer_find(c, id, out);

	return e == ERR_NOT_FOUND ? fail(c, e, "no such customer") : e;
}

enum err
directory_activate(
    struct ctx *c, struct uuid id, bool active, struct customer *out)
{
	const char *actor =
	    c->who ? merchant_actor(c, &c->who->customer) : "operator";
	enum err e;

	e = store_customer_status(c, id, active ? "active" : "disabled", actor);
	if (e == ERR_NOT_FOUND)
		return fail(c, e, "no such customer");
	return e ? e : store_customer_find(c, id, out);
}
