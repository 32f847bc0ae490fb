/* SPDX-License-Identifier: ISC */
/* Accept-Language: which of our languages the request would rather have. */

#include <string.h>

#include "http/http.h"

enum {
	RANGES_MAX = 32, /* all members of the list count, the empty ones too */
	WEIGHT_WHOLE = 1000
};

/* How well a range names a language; the better one decides its weight. */
enum fit { FIT_NONE, FIT_LOOKUP, FIT_FILTER };

struct range {
	char tag[LANGUAGE_MAX + 1]; /* or "*" */
	int weight;                 /* in thousandths */
};

struct choice {
	const char *language; /* NULL: any */
	int weight;
	size_t at; /* earlier is better */
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

static enum fit
range_fit(const struct range *r, const char *language)
{
	if (language_within(language, r->tag))
		return FIT_FILTER;
	return r->weight > 0 && language_within(r->tag, language) ? FIT_LOOKUP
								  : FIT_NONE;
}

/* Whichever names it best; of those alike the longest, then the heaviest. */
static void
language_weigh(const struct range *list, size_t n, struct choice *of)
{
	enum fit best = FIT_NONE, fit;
	size_t longest = 0, i, len;

	for (i = 0; i < n; i++) {
		fit = range_fit(&list[i], of->language);
		len = fit == FIT_FILTER ? strlen(list[i].tag) : 0;
		if (fit == FIT_NONE || fit < best ||
		    (fit == best &&
			(len < longest ||
			    (len == longest && list[i].weight <= of->weight))))
			continue;
		best = fit;
		longest = len;
		of->weight = list[i].weight;
		of->at = i;
	}
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
	struct choice best = {.at = RANGES_MAX}, one;
	struct range *list;
	size_t n;

	if (said == NULL)
		return NULL;
	list = arena_list(c->arena, RANGES_MAX, sizeof(*list));
	n = ranges_read(c->arena, said, list);
	for (; *served != NULL; served++) {
		one = (struct choice){.language = *served};
		language_weigh(list, n, &one);
		if (one.weight > best.weight ||
		    (one.weight > 0 && one.weight == best.weight &&
			one.at < best.at))
			best = one;
	}
	return best.weight >= any_weight(list, n) ? best.language : NULL;
}
