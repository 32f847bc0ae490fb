/* SPDX-License-Identifier: ISC */
/* The publishable keys of a merchant's shop. */

#include <string.h>

#include "api/api.h"

enum { NAME_LEN_MAX = 100 };

static const char publishable[] = "publishable";

struct make_in {
	const char *name;
};

/* clang-format off */
static const struct field make_fields[] = {
	FIELD_TEXT("name", OPTIONAL, struct make_in, name, 1, NAME_LEN_MAX),
	FIELD_END
};
/* clang-format on */

/* Secret ones are the operator's affair: not shown, and not ended here. */
static bool
is_publishable(const struct api_key_row *row)
{
	return strcmp(row->kind, publishable) == 0;
}

static void
write_key(struct writer *w, const struct api_key_row *row)
{
	write_map(w, NULL);
	write_uuid(w, "id", row->id);
	write_text(w, "name", row->name);
	write_text(w, "prefix", row->prefix);
	write_text(w, "kind", row->kind);
	write_text(w, "status", row->status);
	write_time(w, "createdAt", row->created_at);
	write_map_end(w);
}

/* 200 with the shop's publishable keys, revoked ones too. */
static enum err
list(struct ctx *c, struct call *call, const void *in)
{
	struct api_key_row *rows;
	struct writer w;
	size_t i, n;
	enum err e;

	(void)in;
	if ((e = store_api_key_list(c, c->tenant_id, &rows, &n)))
		return e;
	w = envelope_open(c, "API keys retrieved successfully.");
	write_list(&w, "data");
	for (i = 0; i < n; i++)
		if (is_publishable(&rows[i]))
			write_key(&w, &rows[i]);
	write_list_end(&w);
	return envelope_send(call, &w);
}

/* 200 with the key, which is shown only now; 422. */
static enum err
make(struct ctx *c, struct call *call, const void *arg)
{
	const struct make_in *in = arg;
	const char *name = in->name ? in->name : publishable;
	struct api_key_made made;
	struct writer w;
	const char *why;
	enum err e;

	if ((e = api_key_create(
		 c, c->tenant, API_KEY(publishable, name), &made, &why)))
		return e;
	w = envelope_open(c, "API key created. It is shown only now.");
	write_map(&w, "data");
	write_uuid(&w, "id", made.id);
	write_text(&w, "name", name);
	write_text(&w, "kind", publishable);
	write_secret(&w, "key", made.key);
	write_map_end(&w);
	return envelope_send(call, &w);
}

/* Is it a publishable one of this shop? */
static enum err
key_check(struct ctx *c, struct uuid id)
{
	struct api_key_row *rows;
	size_t i, n;
	enum err e;

	if ((e = store_api_key_list(c, c->tenant_id, &rows, &n)))
		return e;
	for (i = 0; i < n; i++)
		if (uuid_equal(rows[i].id, id) && is_publishable(&rows[i]))
			return OK;
	return fail(c, ERR_NOT_FOUND, "no such key");
}

/* 200; 404 when it is not one of the shop's active publishable keys. */
static enum err
end(struct ctx *c, struct call *call, const void *in)
{
	struct uuid id;
	enum err e;

	(void)in;
	if (!uuid_read(call->param, &id))
		return fail(c, ERR_NOT_FOUND, "the key's id is no UUID");
	if ((e = key_check(c, id)) ||
	    (e = api_key_status(c, c->tenant, id, "revoked")))
		return e;
	return words_done(c, call, "API key revoked.");
}

/* clang-format off */
const struct endpoint apikey_list = { list, NULL, 0 };
const struct endpoint apikey_make = {
	make, make_fields, sizeof(struct make_in)
};
const struct endpoint apikey_end = { end, NULL, 0 };
/* clang-format on */
