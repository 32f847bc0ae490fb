/* SPDX-License-Identifier: ISC */
/* Customers as an operator names them: id, address, number, username. */

#include "domain/domain.h"

#include <string.h>

/* A number without what people write between its digits. */
static const char *
phone_squeezed(struct ctx *c, const char *s)
{
	struct text out = text_new(c->arena);

	if (strncmp(s, "00", 2) == 0) {
		text_add_c(&out, '+');
		s += 2;
	}
	for (; *s; s++)
		if (strchr(" -./()", *s) == NULL)
			text_add_c(&out, *s);
	return out.s ? out.s : "";
}

/* What begins like this is stored like that. */
static const char *
address_begun(struct ctx *c, const char *s)
{
	const char *at = strchr(s, '@');

	if (*s == '+' || strncmp(s, "00", 2) == 0)
		return phone_squeezed(c, s);
	if (c->tenant->set.fold_email_local)
		return ascii_lower(c->arena, s);
	if (at == NULL)
		return s;
	return arena_print(
	    c->arena, "%.*s%s", (int)(at - s), s, ascii_lower(c->arena, at));
}

static const char *
address_whole(struct ctx *c, const char *s)
{
	const char *normal;

	normal = email_normal(c->arena, s, c->tenant->set.fold_email_local);
	if (normal == NULL)
		normal = phone_normal(c->arena, s);
	return normal ? normal : s;
}

enum err
lookup_search(struct ctx *c, const char *text, int64_t most,
    struct customer **out, size_t *n)
{
	struct lookup by = {address_begun(c, text), true, text, most};
	struct lookup_row *rows;
	struct uuid id;
	size_t i;
	enum err e;

	*n = 0;
	if (uuid_read(text, &id)) {
		*out = arena_get(c->arena, sizeof(**out));
		e = store_customer_find(c, id, *out);
		*n = e == OK;
		return e == ERR_NOT_FOUND ? OK : e;
	}
	if ((e = store_lookup(c, &by, &rows, n)))
		return e;
	*out = arena_list(c->arena, *n, sizeof(**out));
	for (i = 0; i < *n; i++)
		(*out)[i] = rows[i].customer;
	return OK;
}

enum err
lookup_one(struct ctx *c, const char *who, struct customer *out)
{
	struct lookup by = {address_whole(c, who), false, who, 2};
	struct lookup_row *rows;
	struct uuid id;
	size_t n;
	enum err e;

	if (uuid_read(who, &id))
		return store_customer_find(c, id, out);
	if ((e = store_lookup(c, &by, &rows, &n)))
		return e;
	if (n == 0)
		return ERR_NOT_FOUND;
	if (n > 1 && rows[1].own == rows[0].own)
		return ERR_CONFLICT;
	*out = rows[0].customer;
	return OK;
}
