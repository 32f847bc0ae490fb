/* SPDX-License-Identifier: ISC */
/* What a process keeps between requests: master keys and the ring. */

#include "delivery/delivery.h"
#include "domain/inside.h"

#include <stdlib.h>
#include <string.h>

enum { MASTER_FILE_MAX = 4096 };

/* How often strangers' words can have the file read. */
#define MASTER_READ_AGAIN_MS (5 * SECOND_MS)

static enum err
master_file_read(struct arena *arena, const struct conf *conf,
    struct master *out, const char **why)
{
	char *text;
	enum err e;

	if ((e = file_read_secret(
		 arena, conf->master_key_file, MASTER_FILE_MAX, &text, why)))
		return e;
	e = master_read(arena, text, out, why);
	wipe(text, strlen(text));
	return e;
}

/*
 * Lines are only ever added: by the first of them all workers count alike,
 * whenever they were started.
 */
static int64_t
first_version(const struct master *m)
{
	int64_t first = m->list[0].version;
	size_t i;

	for (i = 1; i < m->n; i++)
		if (m->list[i].version < first)
			first = m->list[i].version;
	return first;
}

enum err
house_open(const struct conf *conf, struct arena *arena, struct house **out,
    const char **why)
{
	struct house *h;
	enum err e;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		abort();
	if ((e = master_file_read(arena, conf, &h->master, why)) ||
	    (e = master_derive(&h->master, first_version(&h->master), "limit",
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

/* A line that was added is taken in; what is known stays as it is. */
static void
master_read_again(struct ctx *c)
{
	struct house *h = c->house;
	struct master now;
	const char *why = NULL;

	h->master_read_at = c->now;
	if (master_file_read(c->arena, c->conf, &now, &why)) {
		log_event(c, LOG_ERROR, "master_key_unread", "%s",
		    why ? why : c->conf->master_key_file);
		return;
	}
	if (master_learn(&h->master, &now))
		log_event(c, LOG_INFO, "master_key_read", "newest version %lld",
		    (long long)h->master.list[h->master.newest].version);
	wipe(&now, sizeof(now));
}

/* The master keys, that of this version among them if the file has it. */
static const struct master *
master_of(struct ctx *c, int64_t version)
{
	const struct house *h = c->house;

	if (version > 0 && !master_knows(&h->master, version) &&
	    (h->master_read_at > c->now ||
		c->now - h->master_read_at >= MASTER_READ_AGAIN_MS))
		master_read_again(c);
	return &h->master;
}

enum err
house_derive(struct ctx *c, int64_t version, const char *purpose,
    unsigned char out[KEY_LEN])
{
	return master_derive(master_of(c, version), version, purpose, out);
}

enum err
house_unseal(
    struct ctx *c, struct seal_at at, struct bytes sealed, struct bytes *plain)
{
	return unseal(
	    c->arena, master_of(c, seal_version(sealed)), at, sealed, plain);
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
