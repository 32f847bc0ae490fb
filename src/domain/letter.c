/* SPDX-License-Identifier: ISC */
/* What a message says, sealed until the courier opens it. */

#include "domain/domain.h"

#define SEAL_CONTEXT "outbox"

/* clang-format off */
static const struct {
	const char	*name;
	size_t		 offset;
} members[] = {
	{ "name",   AT(struct letter, name, const char *) },
	{ "locale", AT(struct letter, locale, const char *) },
	{ "shop",   AT(struct letter, shop, const char *) },
	{ "from",   AT(struct letter, from, const char *) },
	{ "code",   AT(struct letter, code, const char *) },
	{ "link",   AT(struct letter, link, const char *) },
	{ "host",   AT(struct letter, host, const char *) },
	{ "fallback", AT(struct letter, fallback, const char *) },
	{ "shop_locale", AT(struct letter, shop_locale, const char *) },
};
/* clang-format on */

struct bytes
letter_seal(
    struct ctx *c, const struct uuid *outbox, const struct letter *letter)
{
	struct writer w = writer_new(c->arena);
	const char *const *member;
	const char *json;
	size_t i;

	write_map(&w, NULL);
	for (i = 0; i < COUNT(members); i++) {
		member =
		    (const void *)((const char *)letter + members[i].offset);
		write_text(&w, members[i].name, *member);
	}
	write_int(&w, "minutes", letter->minutes);
	write_map_end(&w);
	json = writer_text(&w);
	return seal(c->arena, house_master(c), SEAL_AT(SEAL_CONTEXT, outbox),
	    json, w.out.len);
}

enum err
letter_open(struct ctx *c, const struct uuid *outbox, struct bytes sealed,
    struct letter *out)
{
	const struct json *map, *minutes;
	struct bytes plain;
	const char **member;
	enum err e;
	size_t i;

	if ((e = house_unseal(
		 c, SEAL_AT(SEAL_CONTEXT, outbox), sealed, &plain)) ||
	    (e = json_parse(c, (const char *)plain.p, plain.n, &map)))
		return e;
	for (i = 0; i < COUNT(members); i++) {
		member = (void *)((char *)out + members[i].offset);
		*member = json_get_text(map, members[i].name);
	}
	minutes = json_get(map, "minutes");
	out->minutes = minutes != NULL ? minutes->i : 0;
	return OK;
}

const char *
letter_language(
    const struct ctx *c, const struct letter *l, const char *customer_locale)
{
	const char *const wishes[] = {
	    l->locale, customer_locale, l->shop_locale};
	const char *found = NULL;
	size_t i;

	for (i = 0; i < COUNT(wishes) && found == NULL; i++)
		found = language_lookup(house_locales(c), wishes[i]);
	return found != NULL ? found : "en";
}
