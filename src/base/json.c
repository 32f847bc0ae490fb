/* SPDX-License-Identifier: ISC */
/* json: JSON texts into our own tree; the only file that knows json-c. */

/* Both of us name a type so; theirs is not spoken of here. */
#define json_type json_c_type
#include <json-c/json.h>
#include <json-c/json_object_iterator.h>
#undef json_type

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static struct json *tree_copy(struct arena *, struct json_object *);

static const struct json *
list_copy(struct arena *a, struct json_object *from)
{
	size_t i, n = json_object_array_length(from);
	const struct json *first = NULL;
	const struct json **last = &first;
	struct json *item;

	for (i = 0; i < n; i++) {
		item = tree_copy(a, json_object_array_get_idx(from, i));
		*last = item;
		last = &item->next;
	}
	return first;
}

static const struct json *
map_copy(struct arena *a, struct json_object *from)
{
	struct json_object_iterator at = json_object_iter_begin(from);
	struct json_object_iterator end = json_object_iter_end(from);
	const struct json *first = NULL;
	const struct json **last = &first;
	struct json *item;

	while (!json_object_iter_equal(&at, &end)) {
		item = tree_copy(a, json_object_iter_peek_value(&at));
		item->name = arena_text(a, json_object_iter_peek_name(&at));
		*last = item;
		last = &item->next;
		json_object_iter_next(&at);
	}
	return first;
}

static void
text_copy(struct arena *a, struct json_object *from, struct json *out)
{
	out->type = JSON_TEXT;
	out->s = arena_copy(a, json_object_get_string(from),
	    (size_t)json_object_get_string_len(from));
}

static struct json *
tree_copy(struct arena *a, struct json_object *from)
{
	struct json *out = arena_get(a, sizeof(*out));

	switch (json_object_get_type(from)) {
	case json_type_null:
		out->type = JSON_NULL;
		break;
	case json_type_boolean:
		out->type = JSON_BOOL;
		out->b = json_object_get_boolean(from);
		break;
	case json_type_int:
		out->type = JSON_INT;
		out->i = json_object_get_int64(from);
		break;
	case json_type_double:
		out->type = JSON_REAL;
		out->d = json_object_get_double(from);
		break;
	case json_type_string:
		text_copy(a, from, out);
		break;
	case json_type_array:
		out->type = JSON_LIST;
		out->first = list_copy(a, from);
		break;
	case json_type_object:
		out->type = JSON_MAP;
		out->first = map_copy(a, from);
		break;
	}
	return out;
}

/* A text that was scanned; answers what json-c finds wrong, or NULL. */
static const char *
tree_read(
    struct arena *a, const char *text, size_t len, const struct json **out)
{
	struct json_tokener *reader;
	struct json_object *object;
	enum json_tokener_error error;

	/* its depth counts the values in the innermost container too */
	if ((reader = json_tokener_new_ex(JSON_DEPTH_MAX + 2)) == NULL)
		abort();
	json_tokener_set_flags(
	    reader, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	/* with the NUL: the end of a bare number is known by it only */
	object = json_tokener_parse_ex(
	    reader, arena_copy(a, text, len), (int)len + 1);
	error = json_tokener_get_error(reader);
	if (error == json_tokener_success)
		*out = tree_copy(a, object);
	json_object_put(object);
	json_tokener_free(reader);
	return error == json_tokener_success ? NULL
					     : json_tokener_error_desc(error);
}

enum err
json_parse(struct ctx *c, const char *text, size_t len, const struct json **out)
{
	const char *why;

	if (len >= INT_MAX)
		return fail(c, ERR_BODY_MALFORMED, "%zu bytes", len);
	if ((why = json_scan(text, len)) != NULL ||
	    (why = tree_read(c->arena, text, len, out)) != NULL)
		return fail(c, ERR_BODY_MALFORMED, "%s", why);
	return OK;
}

const struct json *
json_get(const struct json *map, const char *name)
{
	if (map == NULL || map->type != JSON_MAP)
		return NULL;
	json_each (item, map)
		if (strcmp(item->name, name) == 0)
			return item;
	return NULL;
}

const char *
json_get_text(const struct json *map, const char *name)
{
	const struct json *item = json_get(map, name);

	return item != NULL && item->type == JSON_TEXT ? item->s : NULL;
}
