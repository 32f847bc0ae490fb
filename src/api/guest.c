/* SPDX-License-Identifier: ISC */
/* Session ids for guests, before anybody signs in. */

#include "api/api.h"

/* 200 with a new guest session id. */
static enum err
make(struct ctx *c, struct call *call, const void *in)
{
	struct secret id;
	struct writer w;
	enum err e;

	(void)in;
	if ((e = guest_make(c, &id)))
		return e;
	w = envelope_open(c, "Session id generated.");
	write_secret(&w, "data", id);
	return envelope_send(call, &w);
}

const struct endpoint guest_new = {make, NULL, 0};
