/* SPDX-License-Identifier: ISC */
/* address: the normal forms of e-mail addresses and phone numbers. */

#include <string.h>

#include "base/base.h"

enum {
	EMAIL_MAX = 254, /* RFC 5321, 4.5.3.1.3, without the brackets */
	LOCAL_MAX = 64,
	LABEL_MAX = 63,
	PHONE_MIN = 7,
	PHONE_MAX = 15 /* ITU-T E.164 */
};

#define BULLETS_3 "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"
#define BULLETS_5 BULLETS_3 "\xe2\x80\xa2\xe2\x80\xa2"

/*
 * The country codes that ITU-T has assigned (List of E.164 assigned country
 * codes), by their first digits: the last digits that complete each.
 */
/* clang-format off */
static const struct zone {
	const char *start;
	const char *last; /* digits; "" when start is whole */
} zones[] = {
	{"1", ""}, {"7", ""},
	{"2", "07"}, {"3", "0123469"}, {"4", "013456789"}, {"5", "12345678"},
	{"6", "0123456"}, {"8", "1246"}, {"9", "0123458"},
	{"21", "12368"}, {"22", "0123456789"}, {"23", "0123456789"},
	{"24", "0123456789"}, {"25", "012345678"}, {"26", "0123456789"},
	{"29", "01789"},
	{"35", "0123456789"}, {"37", "0123456789"}, {"38", "01235679"},
	{"42", "013"},
	{"50", "0123456789"}, {"59", "0123456789"},
	{"67", "023456789"}, {"68", "012356789"}, {"69", "012"},
	{"80", "08"}, {"85", "02356"}, {"87", "08"}, {"88", "01236"},
	{"96", "012345678"}, {"97", "012345679"}, {"99", "234568"},
};
/* clang-format on */

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 5321 dot-atom: atoms of atext between single dots. */
static bool
local_valid(const char *s, size_t n)
{
	size_t i;

	if (n == 0 || n > LOCAL_MAX || s[0] == '.' || s[n - 1] == '.')
		return false;
	for (i = 0; i < n; i++) {
		if (s[i] == '.' && s[i + 1] == '.')
			return false;
		if (s[i] == '\0' ||
		    (!is_alnum(s[i]) && !strchr(".!#$%&'*+/=?^_`{|}~-", s[i])))
			return false;
	}
	return true;
}

static bool
label_valid(const char *s, size_t n)
{
	size_t i;

	if (n == 0 || n > LABEL_MAX || s[0] == '-' || s[n - 1] == '-')
		return false;
	for (i = 0; i < n; i++)
		if (!is_alnum(s[i]) && s[i] != '-')
			return false;
	return true;
}

/* At least two labels, the last of them not a number. */
static bool
domain_valid(const char *s)
{
	const char *dot;

	if (strchr(s, '.') == NULL)
		return false;
	while ((dot = strchr(s, '.')) != NULL) {
		if (!label_valid(s, (size_t)(dot - s)))
			return false;
		s = dot + 1;
	}
	return label_valid(s, strlen(s)) && s[strspn(s, "0123456789")] != '\0';
}

char *
email_normal(struct arena *a, const char *s, bool fold_local)
{
	const char *at;
	size_t n;

	if (s == NULL || strlen(s) > EMAIL_MAX || !(at = strrchr(s, '@')))
		return NULL;
	n = (size_t)(at - s);
	if (!local_valid(s, n) || !domain_valid(at + 1))
		return NULL;
	if (fold_local)
		return ascii_lower(a, s);
	return arena_print(a, "%.*s@%s", (int)n, s, ascii_lower(a, at + 1));
}

/* The length of the country code that these digits begin with, 0 for none. */
static size_t
country_len(const char *digits)
{
	size_t i, n;
	char last;

	for (i = 0; i < COUNT(zones); i++) {
		n = strlen(zones[i].start);
		if (strncmp(digits, zones[i].start, n) != 0)
			continue;
		if (zones[i].last[0] == '\0')
			return n;
		last = digits[n];
		if (last != '\0' && strchr(zones[i].last, last) != NULL)
			return n + 1;
	}
	return 0;
}

size_t
phone_country_len(const char *phone)
{
	return phone[0] == '+' ? country_len(phone + 1) : 0;
}

/*
 * The digits without their separators, and without a leading + or 00; room
 * for one trunk zero more than a number has. False for all else.
 */
static bool
phone_digits(const char *s, char out[PHONE_MAX + 4])
{
	bool plus = false;
	size_t n = 0;

	for (; *s != '\0'; s++) {
		if (is_digit(*s) && n < PHONE_MAX + 3)
			out[n++] = *s;
		else if (*s == '+' && n == 0 && !plus)
			plus = true;
		else if (strchr(" .-()", *s) == NULL)
			return false;
	}
	out[n] = '\0';
	if (!plus && strncmp(out, "00", 2) == 0)
		memmove(out, out + 2, n - 1);
	return true;
}

/* Where numbers begin with a zero that belongs to them (ITU-T E.164 plans). */
static bool
zero_belongs(const char *digits, size_t country)
{
	/* Italy and the Vatican, Ivory Coast, Congo, San Marino */
	static const char *const codes[] = {"39", "225", "242", "378"};
	size_t i;

	for (i = 0; i < COUNT(codes); i++)
		if (strlen(codes[i]) == country &&
		    strncmp(digits, codes[i], country) == 0)
			return true;
	return false;
}

char *
phone_normal(struct arena *a, const char *s)
{
	char digits[PHONE_MAX + 4];
	const char *rest;
	size_t country, len;

	if (s == NULL || !phone_digits(s, digits))
		return NULL;
	if ((country = country_len(digits)) == 0)
		return NULL;
	rest = digits + country;
	if (*rest == '0' && !zero_belongs(digits, country) && *++rest == '0')
		return NULL;
	len = country + strlen(rest);
	if (len < PHONE_MIN || len > PHONE_MAX)
		return NULL;
	return arena_print(a, "+%.*s%s", (int)country, digits, rest);
}

char *
country_normal(struct arena *a, const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz";

	if (strlen(s) != 2 || strspn(s, letters) != 2)
		return NULL;
	return arena_print(a, "%c%c", s[0] & ~0x20, s[1] & ~0x20);
}

char *
email_mask(struct arena *a, const char *email)
{
	const char *at = strrchr(email, '@');

	if (at == NULL || at == email)
		return arena_text(a, BULLETS_3);
	return arena_print(a, "%c" BULLETS_3 "%s", email[0], at);
}

/* Of 12 characters and more 5 and 3 stay; of fewer 3 and 2, or 2 and 1. */
char *
phone_mask(struct arena *a, const char *phone)
{
	size_t len = strlen(phone);
	int head = len >= 12 ? 5 : len >= 9 ? 3 : 2;
	size_t tail = len >= 12 ? 3 : len >= 9 ? 2 : 1;

	if (len < PHONE_MIN)
		return arena_text(a, BULLETS_5);
	return arena_print(
	    a, "%.*s" BULLETS_5 "%s", head, phone, phone + len - tail);
}
