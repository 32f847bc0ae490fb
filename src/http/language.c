/* SPDX-License-Identifier: ISC */
/* Accept-Language: which of our languages the request would rather have. */

#include <string.h>

#include "http/http.h"

enum {
	RANGES_MAX = 32, /* all members of the list count, the empty ones too */
	WEIGHT_WHOLE = 1000
};

struct range {
	char tag[LANGUAGE_MAX + 1]; /* or "*" */
	int weight;                 /* in thousandths */
};

/* "0", "1" and up to three decimals (RFC 9110, 12.4.2); answers what follows. */
static const char *
weight_read(const char *s, int *out)
{
	int unit = WEIGHT_WHOLE;

	if (*s != '0' && *s != '1')
		return NULL;
	*out = (*s++ - '0') * WEIGHT_WHOLE;
	if (*s != '.')
		return s;
	for (s++; *s >= '0' && *s <= '9' && unit > 1; s++) {
		unit /= 10;
		*out += (*s - '0') * unit;
	}
	return *out <= WEIGHT_WHOLE ? s : NULL;
}

static const char *
blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* One member of the list, cut out; false for junk. */
static bool
range_read(struct arena *a, const char *s, struct range *out)
{
	size_t n = strcspn(s, " \t;");

	if (n == 0 || n >= sizeof(out->tag))
		return false;
	memcpy(out->tag, s, n);
	out->tag[n] = '\0';
	out->weight = WEIGHT_WHOLE;
	if (strcmp(out->tag, "*") != 0 && language_normal(a, out->tag) == NULL)
		return false;
	s = blanks(s + n);
	if (*s == '\0')
		return true;
	if (*s != ';')
		return false;
	s = blanks(s + 1);
	if ((*s != 'q' && *s != 'Q') || s[1] != '=')
		return false;
	s = weight_read(s + 2, &out->weight);
	return s != NULL && *blanks(s) == '\0';
}

static size_t
ranges_read(struct arena *a, const char *list, struct range *out)
{
	size_t n = 0, i, len;

	for (i = 0; i < RANGES_MAX && *list != '\0'; i++) {
		list = blanks(list);
		len = strcspn(list, ",");
		if (range_read(a, arena_copy(a, list, len), &out[n]))
			n++;
		list += len + (list[len] == ',');
	}
	return n;
}

/* The range that names a language best, its longest, says: not this one. */
static bool
is_refused(const struct range *list, size_t n, const char *language)
{
	size_t longest = 0, i, len;
	int weight = WEIGHT_WHOLE;

	for (i = 0; i < n; i++) {
		len = strlen(list[i].tag);
		if (len < longest || !language_within(language, list[i].tag))
			continue;
		if (len > longest || list[i].weight > weight)
			weight = list[i].weight;
		longest = len;
	}
	return weight == 0;
}

/*
 * The language that a range leads to: by its own beginnings, the longest
 * first (RFC 4647, 3.4), else one that is within it; or NULL.
 */
static const char *
range_find(const struct range *list, size_t n, const char *tag,
    const char *const *served)
{
	const char *found = language_lookup(served, tag);

	if (found != NULL && !is_refused(list, n, found))
		return found;
	for (; *served != NULL; served++)
		if (language_within(*served, tag) &&
		    !is_refused(list, n, *served))
			return *served;
	return NULL;
}

/* What "*" says of all that no other range names. */
static int
any_weight(const struct range *list, size_t n)
{
	size_t i;
	int weight = 0;

	for (i = 0; i < n; i++)
		if (list[i].tag[0] == '*' && list[i].weight > weight)
			weight = list[i].weight;
	return weight;
}

const char *
request_language(struct ctx *c, const struct req *r, const char *const *served)
{
	const char *said = request_header(r, "Accept-Language");
	const char *best = NULL, *found;
	struct range *list;
	size_t n, i;
	int weight = 0;

	if (said == NULL)
		return NULL;
	list = arena_list(c->arena, RANGES_MAX, sizeof(*list));
	n = ranges_read(c->arena, said, list);
	for (i = 0; i < n; i++) {
		if (list[i].weight <= weight)
			continue;
		found = range_find(list, n, list[i].tag, served);
		if (found != NULL) {
			best = found;
			weight = list[i].weight;
		}
	}
	return weight >= any_weight(list, n) ? best : NULL;
}
