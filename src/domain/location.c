/* SPDX-License-Identifier: ISC */
/* The addresses that a customer keeps: only their own, and fifty at most. */

#include "domain/inside.h"

static struct location_key
key_of(struct ctx *c, struct uuid id)
{
	return (struct location_key){.customer = c->who->customer.id,
	    .session = c->who->session.id,
	    .id = id};
}

enum err
location_list(
    struct ctx *c, int64_t page, int64_t size, struct location **out, size_t *n)
{
	struct location_page of = {
	    .customer = c->who->customer.id, .page = page, .size = size};

	return store_location_list(c, &of, out, n);
}

enum err
location_find(struct ctx *c, struct uuid id, struct location *out)
{
	struct location_key key = key_of(c, id);
	enum err e = store_location_find(c, &key, out);

	return e == ERR_NOT_FOUND ? fail(c, e, "no such location") : e;
}

/* Whether it was added is known by its id, should the answer be lost. */
enum err
location_add(
    struct ctx *c, const struct location_change *to, struct location *out)
{
	struct location_key key = key_of(c, uuid_make(c->now));
	enum err e = store_location_add(c, &key, LOCATIONS_MAX, to, out);

	if (e == ERR_NOT_FOUND)
		return fail(c, ERR_LOCATIONS_FULL, "there are enough");
	if (e != ERR_DB_UNKNOWN)
		return e;
	e = store_location_find(c, &key, out);
	return e == ERR_NOT_FOUND ? ERR_DB_UNKNOWN : e;
}

enum err
location_change(struct ctx *c, struct uuid id, const struct location_change *to,
    struct location *out)
{
	struct location_key key = key_of(c, id);
	enum err e = store_location_change(c, &key, to, out);

	return e == ERR_NOT_FOUND ? fail(c, e, "no such location") : e;
}

enum err
location_remove(struct ctx *c, struct uuid id)
{
	struct location_key key = key_of(c, id);
	enum err e = store_location_remove(c, &key);

	return e == ERR_NOT_FOUND ? fail(c, e, "no such location") : e;
}
