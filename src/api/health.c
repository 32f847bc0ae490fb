/* SPDX-License-Identifier: ISC */
/* Is the program alive, and is it of use? */

#include "api/api.h"

static enum err
say_status(struct ctx *c, struct call *call, const char *status)
{
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_text(&w, "status", status);
	write_map_end(&w);
	return words_send(call, &w);
}

/* 200, always: asks nobody. */
static enum err
alive(struct ctx *c, struct call *call, const void *in)
{
	(void)in;
	return say_status(c, call, "alive");
}

/* 200; 503 while the database does not answer. */
static enum err
ready(struct ctx *c, struct call *call, const void *in)
{
	enum err e;

	(void)in;
	if ((e = house_ready(c)))
		return e;
	return say_status(c, call, "ready");
}

const struct endpoint health_alive = {alive, NULL, 0};
const struct endpoint health_ready = {ready, NULL, 0};
