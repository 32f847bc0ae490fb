/* SPDX-License-Identifier: ISC */
/* What a process keeps between requests: master keys and the ring. */

#include "delivery/delivery.h"
#include "domain/inside.h"

#include <stdlib.h>

enum { MASTER_FILE_MAX = 4096 };

enum err
house_open(const struct conf *conf, struct arena *arena, struct house **out,
    const char **why)
{
	struct house *h;
	char *text;
	enum err e;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		abort();
	if ((e = file_read_secret(
		 arena, conf->master_key_file, MASTER_FILE_MAX, &text, why)) ||
	    (e = master_read(arena, text, &h->master, why)) ||
	    (e = master_derive(&h->master,
		 h->master.list[h->master.newest].version, "limit",
		 h->limit_key))) {
		free(h);
		return e;
	}
	h->lasting = arena_new();
	h->locales = locales_read(h->lasting, conf);
	*out = h;
	return OK;
}

void
house_close(struct house *h)
{
	ring_close(h);
	arena_free(h->lasting);
	wipe(h, sizeof(*h));
	free(h);
}

const struct master *
house_master(const struct ctx *c)
{
	return &c->house->master;
}

const char *const *
house_locales(const struct ctx *c)
{
	return c->house->locales;
}

enum err
house_ready(struct ctx *c)
{
	return store_ping(c);
}
