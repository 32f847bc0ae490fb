/* SPDX-License-Identifier: ISC */
/* text: encodings: hex, base64url, UTF-8, percent, numbers and times. */

#include <string.h>
#include <time.h>

#include "base/base.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

char *
hex_text(struct arena *a, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	char *s = arena_list(a, n + 1, 2);
	size_t i;

	for (i = 0; i < n; i++) {
		s[2 * i] = hex_digits[p[i] >> 4];
		s[2 * i + 1] = hex_digits[p[i] & 0x0f];
	}
	return s;
}

bool
hex_read(const char *s, unsigned char *out, size_t want)
{
	size_t i;
	int high, low;

	if (s == NULL || strlen(s) != 2 * want)
		return false;
	for (i = 0; i < want; i++) {
		high = hex_value(s[2 * i]);
		low = hex_value(s[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

char *
base64url_text(struct arena *a, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	char *text = arena_list(a, n / 3 + 2, 4);
	char *s = text;
	uint32_t group = 0;
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		group = (group << 8 | p[i]) & 0xffff;
		for (bits += 8; bits >= 6; bits -= 6)
			*s++ = base64url_digits[group >> (bits - 6) & 0x3f];
	}
	if (bits > 0)
		*s = base64url_digits[group << (6 - bits) & 0x3f];
	return text;
}

static int
base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

unsigned char *
base64url_read(struct arena *a, const char *s, size_t len, size_t *out_len)
{
	unsigned char *out = arena_get(a, len / 4 * 3 + 4);
	uint32_t group = 0;
	unsigned bits = 0;
	size_t i, n = 0;
	int value;

	if (len % 4 == 1)
		return NULL;
	for (i = 0; i < len; i++) {
		if ((value = base64url_value(s[i])) < 0)
			return NULL;
		group = (group << 6 | (uint32_t)value) & 0xffff;
		if ((bits += 6) >= 8) {
			bits -= 8;
			out[n++] = (unsigned char)(group >> bits);
		}
	}
	if ((group & ((1U << bits) - 1)) != 0)
		return NULL;
	*out_len = n;
	return out;
}

/* clang-format off */
/* What moves the cursor, ends a line, or turns what stands around it about. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x00, 0x1f },		/* C0 */
	{ 0x7f, 0x9f },		/* DEL and C1, the CSI among them */
	{ 0x061c, 0x061c },	/* marks of direction … */
	{ 0x200e, 0x200f },
	{ 0x2028, 0x2029 },	/* ends of a line and a paragraph */
	{ 0x202a, 0x202e },	/* … embeddings and overrides … */
	{ 0x2066, 0x2069 },	/* … and isolates */
};
/* clang-format on */

/* The bytes of the well-formed code point at s, 0 when it is none. */
static size_t
utf8_step(const unsigned char *s, size_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t want = s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint32_t point;
	size_t i;

	if (s[0] < 0x80)
		return 1;
	if (want == 0 || s[0] > 0xf4 || want > n)
		return 0;
	point = s[0] & (0x7fU >> want);
	for (i = 1; i < want; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (s[i] & 0x3fU);
	}
	if (point < least[want] || point > 0x10ffff)
		return 0;
	return point >= 0xd800 && point <= 0xdfff ? 0 : want;
}

bool
utf8_valid(const char *s, size_t n)
{
	size_t step;

	for (; n > 0; s += step, n -= step)
		if ((step = utf8_step((const unsigned char *)s, n)) == 0)
			return false;
	return true;
}

size_t
utf8_count(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

bool
has_control(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	for (; *u != '\0'; u++)
		if (*u < 0x20 || *u == 0x7f ||
		    (u[0] == 0xc2 && u[1] >= 0x80 && u[1] < 0xa0))
			return true;
	return false;
}

/* Bytes of what may be shown as it is at s; 0: it may not. */
static size_t
shown_step(const char *s, size_t n)
{
	size_t step = utf8_step((const unsigned char *)s, n), i;
	uint32_t point;

	if (step == 0)
		return 0;
	point = (unsigned char)s[0];
	if (step > 1)
		point &= 0x7fU >> step;
	for (i = 1; i < step; i++)
		point = point << 6 | ((unsigned char)s[i] & 0x3fU);
	for (i = 0; i < COUNT(hidden); i++)
		if (point >= hidden[i].first && point <= hidden[i].last)
			return 0;
	return step;
}

const char *
text_shown(struct arena *a, const char *s)
{
	size_t n = strlen(s), at, step, whole;
	struct text out;

	for (at = 0; at < n && (step = shown_step(s + at, n - at)) > 0;)
		at += step;
	if (at == n)
		return s;
	out = text_new(a);
	text_add_n(&out, s, at);
	for (; at < n; at += step) {
		step = shown_step(s + at, n - at);
		text_add_n(&out, step > 0 ? s + at : "?", step > 0 ? step : 1);
		if (step > 0)
			continue;
		whole = utf8_step((const unsigned char *)s + at, n - at);
		step = whole > 0 ? whole : 1;
	}
	return out.s;
}

bool
number_read(const char *s, int64_t max, int64_t *out)
{
	int64_t n = 0;
	int digit;

	if (s == NULL || *s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		digit = *s - '0';
		if (digit < 0 || digit > 9 || n > (INT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (n > max)
		return false;
	*out = n;
	return true;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
ascii_equal_fold(const char *a, const char *b)
{
	for (; *a != '\0' && lower(*a) == lower(*b); a++, b++)
		;
	return lower(*a) == lower(*b);
}

char *
ascii_lower(struct arena *a, const char *s)
{
	char *copy = arena_text(a, s);
	char *p;

	for (p = copy; *p != '\0'; p++)
		*p = lower(*p);
	return copy;
}

char *
time_text(struct arena *a, int64_t ms)
{
	int64_t rest = (ms % SECOND_MS + SECOND_MS) % SECOND_MS;
	time_t seconds = (time_t)(ms / SECOND_MS - (ms % SECOND_MS < 0));
	struct tm tm = {0};

	(void)gmtime_r(&seconds, &tm);
	return arena_print(a, "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    tm.tm_year + 1900LL, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, (int)rest);
}

/* The byte at s, read once: its value, or -1; how far it went in *step. */
static int
percent_byte(const char *s, size_t n, size_t *step)
{
	int high, low;

	*step = 1;
	if (*s == '+')
		return ' ';
	if (*s != '%')
		return *s == '\0' ? -1 : (unsigned char)*s;
	if (n < 3)
		return -1;
	high = hex_value(s[1]);
	low = hex_value(s[2]);
	*step = 3;
	return high < 0 || low < 0 || (high | low) == 0 ? -1 : high << 4 | low;
}

char *
percent_read(struct arena *a, const char *s, size_t n)
{
	char *out = arena_get(a, n + 1);
	size_t len = 0, step;
	int byte;

	for (; n > 0; s += step, n -= step) {
		if ((byte = percent_byte(s, n, &step)) < 0)
			return NULL;
		out[len++] = (char)byte;
	}
	return out;
}

/* RFC 3986, 2.3: what is never written as %XX. */
static bool
is_unreserved(char c)
{
	return (base64url_value(c) >= 0) || c == '.' || c == '~';
}

char *
percent_text(struct arena *a, const char *s)
{
	char *text = arena_list(a, strlen(s) + 1, 3);
	char *out = text;

	for (; *s != '\0'; s++) {
		if (is_unreserved(*s)) {
			*out++ = *s;
			continue;
		}
		*out++ = '%';
		*out++ = "0123456789ABCDEF"[(unsigned char)*s >> 4];
		*out++ = "0123456789ABCDEF"[(unsigned char)*s & 0x0f];
	}
	return text;
}
