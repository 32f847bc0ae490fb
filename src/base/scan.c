/* SPDX-License-Identifier: ISC */
/* scan: what no lenient parser notices in a JSON text (RFC 8259, RFC 7493). */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

enum { NUMBER_MAX = 128 };

static const uint32_t QUOTE = UINT32_MAX; /* the end of a string */
static const uint32_t WRONG = UINT32_MAX - 1;

/* A member's name, where it was read. */
struct name {
	const char *at; /* behind its opening quote */
	uint32_t hash;
	unsigned map;
};

struct scan {
	const char *p, *end;
	const char *bad; /* the first thing that is wrong */
	int depth;
	unsigned maps;    /* maps seen so far: each has its number */
	size_t members;   /* of maps, and items of lists */
	size_t names_len; /* of names, in this document */
	struct name names[JSON_MEMBERS_MAX];
};

static bool scan_value(struct scan *);

static bool
bad(struct scan *s, const char *why)
{
	if (s->bad == NULL)
		s->bad = why;
	return false;
}

static void
skip_blanks(struct scan *s)
{
	while (s->p < s->end && *s->p != '\0' && strchr(" \t\r\n", *s->p))
		s->p++;
}

/* Is this the next byte? Then go past it. */
static bool
take(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool
is_digit(const struct scan *s)
{
	return s->p < s->end && *s->p >= '0' && *s->p <= '9';
}

/* The four hex digits behind \u, or WRONG. */
static uint32_t
read_unit(struct scan *s)
{
	unsigned char two[2];
	char text[5] = {0};

	if (s->end - s->p < 4)
		return WRONG;
	memcpy(text, s->p, 4);
	if (!hex_read(text, two, 2))
		return WRONG;
	s->p += 4;
	return (uint32_t)(two[0] << 8 | two[1]);
}

/* The code point behind \u: a surrogate must have its pair. */
static uint32_t
read_unicode(struct scan *s)
{
	uint32_t high = read_unit(s), low;

	if (high == WRONG)
		return bad(s, "a \\u without four hex digits"), WRONG;
	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (high > 0xdbff || !take(s, '\\') || !take(s, 'u'))
		return bad(s, "a lone surrogate"), WRONG;
	low = read_unit(s);
	if (low < 0xdc00 || low > 0xdfff)
		return bad(s, "a lone surrogate"), WRONG;
	return 0x10000 + ((high - 0xd800) << 10 | (low - 0xdc00));
}

static uint32_t
read_escape(struct scan *s)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *which;

	if (take(s, 'u'))
		return read_unicode(s);
	if (s->p == s->end || (which = strchr(from, *s->p)) == NULL)
		return bad(s, "an unknown escape"), WRONG;
	s->p++;
	return (unsigned char)to[which - from];
}

/* A raw code point; the document is known to be UTF-8. */
static uint32_t
read_raw(struct scan *s)
{
	unsigned char lead = (unsigned char)*s->p++;
	uint32_t point = lead;
	int more = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;

	if (more > 0)
		point = lead & (0x3fU >> more);
	while (more-- > 0)
		point = point << 6 | ((unsigned char)*s->p++ & 0x3fU);
	return point;
}

/* The next code point of a string, QUOTE at its end, or WRONG. */
static uint32_t
read_point(struct scan *s)
{
	uint32_t point;

	if (take(s, '"'))
		return QUOTE;
	if (s->p == s->end)
		return bad(s, "a string without an end"), WRONG;
	if ((unsigned char)*s->p < 0x20)
		return bad(s, "a bare control character in a string"), WRONG;
	point = take(s, '\\') ? read_escape(s) : read_raw(s);
	if (point == 0)
		return bad(s, "a NUL"), WRONG;
	if (point != WRONG && ((point & 0xfffe) == 0xfffe ||
				  (point >= 0xfdd0 && point <= 0xfdef)))
		return bad(s, "a noncharacter"), WRONG;
	return point;
}

static size_t
point_bytes(uint32_t point)
{
	return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/* A string from behind its opening quote on; its hash (FNV-1a) in *hash. */
static bool
scan_string(struct scan *s, uint32_t *hash)
{
	size_t bytes = 0;
	uint32_t point;

	*hash = 2166136261U;
	while ((point = read_point(s)) != QUOTE) {
		if (point == WRONG)
			return false;
		if ((bytes += point_bytes(point)) > JSON_STRING_MAX)
			return bad(s, "a string is too long");
		*hash = (*hash ^ point) * 16777619U;
	}
	return true;
}

/* Two strings that were scanned before: are they the same, unescaped? */
static bool
same_string(const struct scan *s, const char *one, const char *other)
{
	struct scan a = {.p = one, .end = s->end};
	struct scan b = {.p = other, .end = s->end};
	uint32_t point;

	do {
		point = read_point(&a);
		if (read_point(&b) != point)
			return false;
	} while (point != QUOTE);
	return true;
}

/* A member's name and its colon; a second one like it is wrong. */
static bool
scan_name(struct scan *s, unsigned map)
{
	struct name *new = &s->names[s->names_len];
	const struct name *old;

	if (!take(s, '"'))
		return bad(s, "a member without a name");
	*new = (struct name){.at = s->p, .map = map};
	if (!scan_string(s, &new->hash))
		return false;
	for (old = s->names; old < new; old++)
		if (old->map == map &&
		    old->hash == new->hash &&same_string(s, old->at, new->at))
			return bad(s, "a name twice in one object");
	s->names_len++;
	skip_blanks(s);
	return take(s, ':') || bad(s, "a name without a colon");
}

/* The items of a list (map 0) or the members of a map, up to its end. */
static bool
scan_items(struct scan *s, char close, unsigned map)
{
	skip_blanks(s);
	if (take(s, close))
		return true;
	do {
		if (++s->members > JSON_MEMBERS_MAX)
			return bad(s, "too many members");
		skip_blanks(s);
		if (map != 0 && !scan_name(s, map))
			return false;
		if (!scan_value(s))
			return false;
		skip_blanks(s);
	} while (take(s, ','));
	return take(s, close) ||
	       bad(s, "no comma and no end of a list or object");
}

static bool
scan_nest(struct scan *s, char close, unsigned map)
{
	if (++s->depth > JSON_DEPTH_MAX)
		return bad(s, "too deep");
	if (!scan_items(s, close, map))
		return false;
	s->depth--;
	return true;
}

static bool
scan_digits(struct scan *s)
{
	if (!is_digit(s))
		return bad(s, "a number without a digit");
	while (is_digit(s))
		s->p++;
	return true;
}

/* Does the number fit where it will be kept? */
static bool
number_fits(struct scan *s, const char *start, bool whole)
{
	char text[NUMBER_MAX + 1] = {0};
	size_t n = (size_t)(s->p - start);

	if (n > NUMBER_MAX)
		return bad(s, "a number is too long");
	memcpy(text, start, n);
	errno = 0;
	if (whole) {
		(void)strtoll(text, NULL, 10);
		return errno == 0 || bad(s, "an integer is out of range");
	}
	return isfinite(strtod(text, NULL)) ||
	       bad(s, "a number is out of range");
}

static bool
scan_number(struct scan *s)
{
	const char *start = s->p;
	bool whole = true;

	(void)take(s, '-');
	if (take(s, '0')) {
		if (is_digit(s))
			return bad(s, "a number with a leading zero");
	} else if (!scan_digits(s)) {
		return false;
	}
	if (take(s, '.')) {
		whole = false;
		if (!scan_digits(s))
			return false;
	}
	if (take(s, 'e') || take(s, 'E')) {
		whole = false;
		if (!take(s, '+'))
			(void)take(s, '-');
		if (!scan_digits(s))
			return false;
	}
	return number_fits(s, start, whole);
}

static bool
scan_word(struct scan *s)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t i, n;

	for (i = 0; i < COUNT(words); i++) {
		n = strlen(words[i]);
		if ((size_t)(s->end - s->p) >= n &&
		    memcmp(s->p, words[i], n) == 0) {
			s->p += n;
			return true;
		}
	}
	return bad(s, "a value was expected");
}

static bool
scan_value(struct scan *s)
{
	uint32_t hash;

	skip_blanks(s);
	if (take(s, '{'))
		return scan_nest(s, '}', ++s->maps);
	if (take(s, '['))
		return scan_nest(s, ']', 0);
	if (take(s, '"'))
		return scan_string(s, &hash);
	if (is_digit(s) || (s->p < s->end && *s->p == '-'))
		return scan_number(s);
	return scan_word(s);
}

const char *
json_scan(const char *text, size_t len)
{
	struct scan s = {.p = text, .end = text + len};

	if (len == 0)
		return "nothing at all";
	if (memchr(text, '\0', len) != NULL)
		return "a NUL";
	if (!utf8_valid(text, len))
		return "no UTF-8";
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return "a byte order mark";
	if (!scan_value(&s))
		return s.bad;
	skip_blanks(&s);
	return s.p == s.end ? NULL : "something behind the end";
}
