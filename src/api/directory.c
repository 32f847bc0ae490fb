/* SPDX-License-Identifier: ISC */
/* A shop's customers, for the merchant who runs it. */

#include <string.h>

#include "api/api.h"

enum { PAGE_PRESET = 20, SEARCH_MAX = 254 };

/* ---- what a page is asked by -------------------------------------------------- */

/* NULL, or what is wrong with the value. */
typedef const char *
take_fn(struct ctx *, const char *, struct customer_filter *);

/* The id of the last one seen; to the caller it is opaque. */
static const char *
take_cursor(struct ctx *c, const char *s, struct customer_filter *out)
{
	size_t n;
	unsigned char *id = base64url_read(c->arena, s, strlen(s), &n);

	if (id && n == sizeof(out->before.b))
		memcpy(out->before.b, id, n);
	return uuid_is_nil(out->before) ? "must be a nextCursor of this list"
					: NULL;
}

static const char *
take_limit(struct ctx *c, const char *s, struct customer_filter *out)
{
	(void)c;
	return number_read(s, DIRECTORY_PAGE_MAX, &out->most) && out->most > 0
		   ? NULL
		   : "must be a whole number between 1 and 100";
}

/* As addresses are stored; a number's + may have come as a blank. */
static const char *
take_search(struct ctx *c, const char *s, struct customer_filter *out)
{
	if (has_control(s))
		return "must not hold control characters";
	if (utf8_count(s) > SEARCH_MAX)
		return "must be at most 254 characters";
	if (*s == ' ')
		s = arena_print(c->arena, "+%s", s + 1);
	out->search =
	    c->tenant->set.fold_email_local ? ascii_lower(c->arena, s) : s;
	return NULL;
}

static const char *
take_status(struct ctx *c, const char *s, struct customer_filter *out)
{
	(void)c;
	if (strcmp(s, "active") != 0 && strcmp(s, "disabled") != 0)
		return "must be one of active, disabled";
	out->status = s;
	return NULL;
}

static const struct {
	const char *name;
	take_fn *take;
} params[] = {
    {"cursor", take_cursor},
    {"limit", take_limit},
    {"search", take_search},
    {"status", take_status},
};

/* An empty one is as good as none. */
static enum err
filter_read(struct ctx *c, struct call *call, struct customer_filter *out)
{
	const char *value, *fault;
	size_t i;
	enum err e;

	for (i = 0; i < COUNT(params); i++) {
		if ((e = request_query(c, call->req, params[i].name, &value)))
			return e;
		if (!value || !*value)
			continue;
		if ((fault = params[i].take(c, value, out)))
			field_error(&call->errors, params[i].name, fault);
	}
	if (call->errors.n > 0)
		return fail(c, ERR_BAD_FIELD, "parameters of the query");
	return OK;
}

/* ---- answers -------------------------------------------------------------------- */

static void
write_customer(struct writer *w, const char *name, const struct customer *of)
{
	write_map(w, name);
	words_customer(w, of);
	words_proven(w, of);
	write_map_end(w);
}

static enum err
customer_send(struct ctx *c, struct call *call, const char *message,
    const struct customer *of)
{
	struct writer w = envelope_open(c, message);

	write_customer(&w, "data", of);
	return envelope_send(call, &w);
}

/* 200 with a page, the newest first; 422 naming each bad parameter. */
static enum err
page(struct ctx *c, struct call *call, const void *in)
{
	struct customer_filter filter = {.most = PAGE_PRESET};
	struct customer *list;
	struct writer w;
	const char *next = NULL;
	bool more;
	size_t i, n;
	enum err e;

	(void)in;
	if ((e = filter_read(c, call, &filter)) ||
	    (e = directory_list(c, &filter, &list, &n, &more)))
		return e;
	if (more)
		next = base64url_text(
		    c->arena, list[n - 1].id.b, sizeof(list[n - 1].id.b));
	w = envelope_open(c, "Customers retrieved successfully.");
	write_map(&w, "data");
	write_list(&w, "data");
	for (i = 0; i < n; i++)
		write_customer(&w, NULL, &list[i]);
	write_list_end(&w);
	write_text(&w, "nextCursor", next);
	write_map_end(&w);
	return envelope_send(call, &w);
}

/* The customer whom the path names. */
static enum err
id_read(struct ctx *c, const struct call *call, struct uuid *out)
{
	if (uuid_read(call->param, out))
		return OK;
	return fail(c, ERR_NOT_FOUND, "the customer's id is no UUID");
}

/* 200 with the customer; 404 when there is none of this shop. */
static enum err
one(struct ctx *c, struct call *call, const void *in)
{
	struct customer found;
	struct uuid id;
	enum err e;

	(void)in;
	if ((e = id_read(c, call, &id)) || (e = directory_find(c, id, &found)))
		return e;
	return customer_send(
	    c, call, "Customer retrieved successfully.", &found);
}

/* 200 with the customer as it is now; 404. */
static enum err
enable(struct ctx *c, struct call *call, const void *in)
{
	struct customer now;
	struct uuid id;
	enum err e;

	(void)in;
	if ((e = id_read(c, call, &id)) ||
	    (e = directory_activate(c, id, true, &now)))
		return e;
	return customer_send(c, call, "Customer activated.", &now);
}

/* As enable; every session of theirs has ended. */
static enum err
disable(struct ctx *c, struct call *call, const void *in)
{
	struct customer now;
	struct uuid id;
	enum err e;

	(void)in;
	if ((e = id_read(c, call, &id)) ||
	    (e = directory_activate(c, id, false, &now)))
		return e;
	return customer_send(c, call, "Customer deactivated.", &now);
}

const struct endpoint directory_page = {page, NULL, 0};
const struct endpoint directory_one = {one, NULL, 0};
const struct endpoint directory_enable = {enable, NULL, 0};
const struct endpoint directory_disable = {disable, NULL, 0};
