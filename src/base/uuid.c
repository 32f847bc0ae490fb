/* SPDX-License-Identifier: ISC */
/* uuid: identifiers of RFC 9562 version 7, and their canonical text. */

#include <string.h>

#include "base/base.h"

enum { UUID_TEXT = 36 };

static const char hex_digits[] = "0123456789abcdef";

static void
time_put(struct uuid *u, int64_t at)
{
	uint64_t ms = at > 0 ? (uint64_t)at : 0;
	int i;

	for (i = 0; i < 6; i++)
		u->b[i] = (unsigned char)(ms >> (40 - 8 * i));
}

struct uuid
uuid_least(int64_t ms)
{
	struct uuid u = {{0}};

	time_put(&u, ms);
	return u;
}

struct uuid
uuid_make(int64_t now_ms)
{
	struct uuid u;

	world_random(u.b, sizeof(u.b));
	time_put(&u, now_ms);
	u.b[6] = (unsigned char)(0x70 | (u.b[6] & 0x0f));
	u.b[8] = (unsigned char)(0x80 | (u.b[8] & 0x3f));
	return u;
}

bool
uuid_is_nil(struct uuid u)
{
	return uuid_equal(u, (struct uuid){{0}});
}

bool
uuid_equal(struct uuid a, struct uuid b)
{
	return memcmp(a.b, b.b, sizeof(a.b)) == 0;
}

/* Is a dash written before byte i? */
static bool
dash_before(size_t i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

char *
uuid_text(struct arena *a, struct uuid u)
{
	char *text = arena_get(a, UUID_TEXT + 1);
	char *s = text;
	size_t i;

	for (i = 0; i < sizeof(u.b); i++) {
		if (dash_before(i))
			*s++ = '-';
		*s++ = hex_digits[u.b[i] >> 4];
		*s++ = hex_digits[u.b[i] & 0x0f];
	}
	return text;
}

bool
uuid_read(const char *s, struct uuid *out)
{
	char hex[3] = {0};
	struct uuid u;
	size_t i;

	if (s == NULL || strlen(s) != UUID_TEXT)
		return false;
	for (i = 0; i < sizeof(u.b); i++, s += 2) {
		if (dash_before(i) && *s++ != '-')
			return false;
		memcpy(hex, s, 2);
		if (!hex_read(hex, &u.b[i], 1))
			return false;
	}
	*out = u;
	return true;
}
