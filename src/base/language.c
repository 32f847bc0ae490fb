/* SPDX-License-Identifier: ISC */
/* language: tags of languages (BCP 47), and which of several serves one. */

#include <string.h>

#include "base/base.h"

enum { SUBTAG_MAX = 8 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Lower case, but a script's Title and a region's CAPITALS (RFC 5646, 2.1.1) */
static void
subtag_fold(char *s, size_t n, bool first)
{
	bool script = !first && n == 4 && strspn(s, LETTERS) >= n;
	bool region = !first && n == 2;
	size_t i;

	for (i = 0; i < n; i++)
		s[i] = region || (script && i == 0) ? upper(s[i]) : lower(s[i]);
}

char *
language_normal(struct arena *a, const char *tag)
{
	size_t n = strspn(tag, LETTERS), len = strlen(tag);
	char *out, *s;

	if (len > LANGUAGE_MAX || n < 2 || n > SUBTAG_MAX)
		return NULL;
	s = out = arena_text(a, tag);
	subtag_fold(s, n, true);
	while (*(s += n) == '-') {
		n = strspn(++s, LETTERS DIGITS);
		if (n == 0 || n > SUBTAG_MAX)
			return NULL;
		subtag_fold(s, n, false);
	}
	return *s == '\0' ? out : NULL;
}

bool
language_within(const char *tag, const char *range)
{
	for (; *range != '\0'; tag++, range++)
		if (lower(*tag) != lower(*range))
			return false;
	return *tag == '\0' || *tag == '-';
}

const char *
language_lookup(const char *const *served, const char *tag)
{
	const char *found = NULL;

	if (tag == NULL)
		return NULL;
	for (; *served != NULL; served++)
		if (language_within(tag, *served) &&
		    (found == NULL || strlen(*served) > strlen(found)))
			found = *served;
	return found;
}
