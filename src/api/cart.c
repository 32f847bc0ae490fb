/* SPDX-License-Identifier: ISC */
/* The cart: of the customer who is signed in, or of the guest. */

#include <string.h>

#include "api/api.h"

enum { PRODUCT_MAX = 128, ATTRIBUTES_MAX_BYTES = 2048 };

struct cart_in {
	const struct json *items;
};

/* clang-format off */
static const struct field cart_fields[] = {
	FIELD_LIST("items",	REQUIRED, struct cart_in, items, 0, CART_LINES_MAX),
	FIELD_END
};

static const struct field line_fields[] = {
	FIELD_TEXT("productId", REQUIRED, struct cart_line, product_id, 1, PRODUCT_MAX),
	FIELD_TEXT("variantId", OPTIONAL, struct cart_line, variant_id, 0, PRODUCT_MAX),
	FIELD_INT ("quantity",	REQUIRED, struct cart_line, quantity, 1, CART_QUANTITY_MAX),
	FIELD_END
};
/* clang-format on */

/* One line being read, and where it stands in the body. */
struct reading {
	struct call *call;
	const struct json *item;
	size_t at;
};

static const char *
text_or_empty(const char *s)
{
	return s ? s : "";
}

/* Name what is wrong with a line: "items[3].quantity"; member "": the line. */
static void
line_error(struct ctx *c, const struct reading *r, const char *member,
    const char *sentence)
{
	const char *name = arena_print(
	    c->arena, "items[%zu]%s%s", r->at, *member ? "." : "", member);

	field_error(&r->call->errors, name, sentence);
}

static void
attributes_read(struct ctx *c, const struct reading *r, struct cart_line *line)
{
	const struct json *map = json_get(r->item, "attributes");
	struct writer w = writer_new(c->arena);

	if (!map || map->type == JSON_NULL)
		return;
	if (map->type != JSON_MAP) {
		line_error(c, r, "attributes", "must be an object");
		return;
	}
	write_tree(&w, NULL, map);
	line->attributes = writer_text(&w);
	if (strlen(line->attributes) > ATTRIBUTES_MAX_BYTES)
		line_error(c, r, "attributes", "must be at most 2048 bytes");
}

/* What is bad is named, and left empty. */
static void
line_read(struct ctx *c, const struct reading *r, struct cart_line *line)
{
	struct form form = {.fields = line_fields, .into = line};
	struct field_errors errors = {.n = 0};
	size_t i;

	line->product_id = line->variant_id = "";
	if (r->item->type != JSON_MAP) {
		line_error(c, r, "", "must be an object");
		return;
	}
	if (fields_read(c, &form, r->item, &errors))
		for (i = 0; i < errors.n; i++)
			line_error(
			    c, r, errors.list[i].name, errors.list[i].sentence);
	attributes_read(c, r, line);
}

/* As the database compares: blanks at the end do not count. */
static bool
id_equal(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	while (n > 0 && a[n - 1] == ' ')
		n--;
	while (m > 0 && b[m - 1] == ' ')
		m--;
	return n == m && memcmp(a, b, n) == 0;
}

static bool
line_is_twice(const struct cart *cart, const struct cart_line *line)
{
	const struct cart_line *l;

	if (*line->product_id == '\0')
		return false;
	for (l = cart->lines; l < line; l++)
		if (id_equal(l->product_id, line->product_id) &&
		    id_equal(l->variant_id, line->variant_id))
			return true;
	return false;
}

static enum err
lines_read(struct ctx *c, struct call *call, const struct json *items,
    struct cart *out)
{
	struct reading r = {.call = call};

	out->lines = arena_list(c->arena, CART_LINES_MAX, sizeof(*out->lines));
	json_each (item, items) {
		r.item = item;
		r.at = out->n++;
		line_read(c, &r, &out->lines[r.at]);
		if (line_is_twice(out, &out->lines[r.at]))
			line_error(c, &r, "", "is there twice");
		if (call->errors.n == FIELD_ERRORS_MAX)
			break;
	}
	if (call->errors.n > 0)
		return fail(c, ERR_BAD_FIELD, "lines of the cart");
	return OK;
}

/* A map, empty when the line has none. */
static enum err
write_attributes(struct ctx *c, struct writer *w, const char *text)
{
	static const struct json none = {.type = JSON_MAP};
	const struct json *tree = &none;

	if (text && json_parse(c, text, strlen(text), &tree))
		return fail(c, ERR_INTERNAL, "attributes as stored");
	write_tree(w, "attributes", tree);
	return OK;
}

static enum err
write_line(struct ctx *c, struct writer *w, const struct cart_line *line)
{
	const char *variant = text_or_empty(line->variant_id);
	enum err e;

	write_map(w, NULL);
	write_text(w, "productId", line->product_id);
	write_text(w, "variantId", *variant ? variant : NULL);
	write_int(w, "quantity", line->quantity);
	if ((e = write_attributes(c, w, line->attributes)))
		return e;
	write_map_end(w);
	return OK;
}

static enum err
cart_send(struct ctx *c, struct call *call, const char *message,
    const struct cart *cart)
{
	struct writer w = envelope_open(c, message);
	enum err e;
	size_t i;

	write_map(&w, "data");
	write_list(&w, "items");
	for (i = 0; i < cart->n; i++)
		if ((e = write_line(c, &w, &cart->lines[i])))
			return e;
	write_list_end(&w);
	write_map_end(&w);
	return envelope_send(call, &w);
}

/* 200 with the cart; 401 for neither a customer nor a guest. */
static enum err
show(struct ctx *c, struct call *call, const void *in)
{
	struct cart cart = {.n = 0};
	enum err e;

	(void)in;
	if ((e = cart_read(c, call->guest, &cart)))
		return e;
	return cart_send(c, call, "Cart retrieved successfully.", &cart);
}

/* 200 with the cart as it is now; 401; 422 naming each bad line. */
static enum err
put(struct ctx *c, struct call *call, const void *arg)
{
	const struct cart_in *in = arg;
	struct cart cart = {.n = 0}, out = {.n = 0};
	enum err e;

	if ((e = lines_read(c, call, in->items, &cart)) ||
	    (e = cart_write(c, call->guest, &cart, &out)))
		return e;
	return cart_send(c, call, "Cart updated successfully.", &out);
}

const struct endpoint cart_show = {show, NULL, 0};
const struct endpoint cart_put = {put, cart_fields, sizeof(struct cart_in)};
