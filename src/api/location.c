/* SPDX-License-Identifier: ISC */
/* Door A: the addresses that a customer keeps. */

#include "api/api.h"

enum { PAGE_PRESET = 20, PAGE_LAST = 1000000 };

/* clang-format off */
#define LOCATION(need) \
	FIELD_CHOICE	    ("type",		need, struct location_change, type, \
			     "home|work|friend_house|other"), \
	FIELD_CHANGE	    ("address1",	struct location_change, address1, 200), \
	FIELD_CHANGE	    ("address2",	struct location_change, address2, 200), \
	FIELD_CHANGE	    ("city_name",	struct location_change, city_name, 100), \
	FIELD_CHANGE	    ("postal_code",	struct location_change, postal_code, 20), \
	FIELD_CHANGE_COUNTRY("country_code",	struct location_change, country_code), \
	FIELD_CHANGE_DECIMAL("latitude",	struct location_change, latitude, -90, 90), \
	FIELD_CHANGE_DECIMAL("longitude",	struct location_change, longitude, -180, 180), \
	FIELD_CHANGE	    ("formatted_address", struct location_change, formatted_address, 500), \
	FIELD_CHANGE	    ("description",	struct location_change, description, 500), \
	FIELD_END

static const struct field add_fields[] = { LOCATION(REQUIRED) };
static const struct field change_fields[] = { LOCATION(OPTIONAL) };
/* clang-format on */

static void
write_location(struct writer *w, const struct location *of)
{
	write_map(w, NULL);
	write_uuid(w, "id", of->id);
	write_text(w, "type", of->type);
	write_text(w, "address1", of->address1);
	write_text(w, "address2", of->address2);
	write_text(w, "city_name", of->city_name);
	write_text(w, "postal_code", of->postal_code);
	write_text(w, "country_code", of->country_code);
	write_decimal(w, "latitude", of->latitude);
	write_decimal(w, "longitude", of->longitude);
	write_text(w, "formatted_address", of->formatted_address);
	write_text(w, "description", of->description);
	write_time(w, "created_at", of->created_at);
	write_time(w, "updated_at", of->updated_at);
	write_map_end(w);
}

static enum err
location_send(
    struct ctx *c, struct call *call, int status, const struct location *of)
{
	struct writer w = writer_new(c->arena);

	write_location(&w, of);
	response_body(call->res, status, JSON_TYPE, writer_text(&w));
	return OK;
}

/* A whole number of the query, from 1 to max; an empty one is as good as none. */
static enum err
number_param(struct ctx *c, struct call *call, const char *name, int64_t max,
    int64_t *out)
{
	const char *s;
	int64_t n;
	enum err e;

	if ((e = request_query(c, call->req, name, &s)) || !s || !*s)
		return e;
	if (number_read(s, max, &n) && n > 0)
		*out = n;
	else
		field_error(&call->errors, name,
		    arena_print(c->arena,
			"must be a whole number between 1 and %d", (int)max));
	return OK;
}

/* 200 with a page, a bare list, the newest first; 400 naming bad parameters. */
static enum err
page(struct ctx *c, struct call *call, const void *in)
{
	int64_t number = 1, size = PAGE_PRESET;
	struct writer w = writer_new(c->arena);
	struct location *list;
	size_t i, n;
	enum err e;

	(void)in;
	if ((e = number_param(c, call, "page", PAGE_LAST, &number)) ||
	    (e = number_param(c, call, "page_size", LOCATION_PAGE_MAX, &size)))
		return e;
	if (call->errors.n > 0)
		return fail(c, ERR_BAD_FIELD, "parameters of the query");
	if ((e = location_list(c, number, size, &list, &n)))
		return e;
	write_list(&w, NULL);
	for (i = 0; i < n; i++)
		write_location(&w, &list[i]);
	write_list_end(&w);
	return words_send(call, &w);
}

/* 201 with the location; 400; 409 when there are fifty. */
static enum err
add(struct ctx *c, struct call *call, const void *in)
{
	struct location now;
	enum err e;

	if ((e = location_add(c, in, &now)))
		return e;
	return location_send(c, call, 201, &now);
}

/* The location that the path names. */
static enum err
id_read(struct ctx *c, const struct call *call, struct uuid *out)
{
	if (uuid_read(call->param, out))
		return OK;
	return fail(c, ERR_NOT_FOUND, "the location's id is no UUID");
}

/* 200 with the location; 404 when it is not this customer's. */
static enum err
one(struct ctx *c, struct call *call, const void *in)
{
	struct location found;
	struct uuid id;
	enum err e;

	(void)in;
	if ((e = id_read(c, call, &id)) || (e = location_find(c, id, &found)))
		return e;
	return location_send(c, call, 200, &found);
}

/* 200 with the location as it is now; 400, 404. */
static enum err
change(struct ctx *c, struct call *call, const void *in)
{
	struct location now;
	struct uuid id;
	enum err e;

	if ((e = id_read(c, call, &id)) ||
	    (e = location_change(c, id, in, &now)))
		return e;
	return location_send(c, call, 200, &now);
}

/* 204; 404. */
static enum err
drop(struct ctx *c, struct call *call, const void *in)
{
	struct uuid id;
	enum err e;

	(void)in;
	if ((e = id_read(c, call, &id)) || (e = location_remove(c, id)))
		return e;
	response_body(call->res, 204, NULL, NULL);
	return OK;
}

/* clang-format off */
const struct endpoint location_page_show = { page, NULL, 0 };
const struct endpoint location_new = {
	add, add_fields, sizeof(struct location_change)
};
const struct endpoint location_show = { one, NULL, 0 };
const struct endpoint location_edit = {
	change, change_fields, sizeof(struct location_change)
};
const struct endpoint location_drop = { drop, NULL, 0 };
/* clang-format on */
