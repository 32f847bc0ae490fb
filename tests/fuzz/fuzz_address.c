/* SPDX-License-Identifier: ISC */
/* fuzz: phone numbers, mail addresses, IP addresses; a normal form is stable. */

#include "fuzz/fuzz.h"

#include <string.h>

static void
phone(struct ctx *c, const char *s)
{
	char *normal = phone_normal(c->arena, s), *again;
	size_t n;

	if (normal == NULL)
		return;
	fuzz_must(normal[0] == '+' && strlen(normal) <= 16, "E.164");
	again = phone_normal(c->arena, normal);
	fuzz_must(
	    again != NULL && strcmp(again, normal) == 0, "a stable phone");
	n = phone_country_len(normal);
	fuzz_must(n >= 1 && n <= 3, "a country's length");
	fuzz_must(phone_mask(c->arena, normal) != NULL, "a mask");
}

static void
email(struct ctx *c, const char *s, bool fold)
{
	char *normal = email_normal(c->arena, s, fold), *again;

	if (normal == NULL)
		return;
	fuzz_must(strlen(normal) <= 254 && !has_control(normal), "an address");
	again = email_normal(c->arena, normal, fold);
	fuzz_must(again != NULL && strcmp(again, normal) == 0, "a stable mail");
	fuzz_must(email_mask(c->arena, normal) != NULL, "a mask");
}

static void
ip(struct ctx *c, const char *s)
{
	struct ip one, again;
	char *text;

	(void)ip_networks_valid(s);
	if (!ip_read(s, &one))
		return;
	text = ip_text(c->arena, &one);
	fuzz_must(
	    ip_read(text, &again) && memcmp(one.b, again.b, sizeof(one.b)) == 0,
	    "a stable IP address");
	again = ip_prefix(&one);
	fuzz_must(ip_in(&one, text), "in its own network");
	fuzz_must(!ip_is_loopback(&again) || ip_is_loopback(&one) ||
		      strchr(text, ':') != NULL,
	    "a prefix of its own kind");
}

int
FUZZ_TARGET(address)(const uint8_t *p, size_t n)
{
	struct ctx *c = fuzz_ctx();
	const char *s = fuzz_text(c, p, n);

	phone(c, s);
	email(c, s, true);
	email(c, s, false);
	ip(c, s);
	return 0;
}
