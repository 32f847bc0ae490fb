/* SPDX-License-Identifier: ISC */
/* The word by which doctor is known to the workers of its installation. */

#include "domain/domain.h"

#include <string.h>

/* "<ms>.<MAC>": it opens no door but that of the probe. */

static enum err
word_mac(struct ctx *c, const char *ms, struct digest *out)
{
	const struct master *m = house_master(c);
	unsigned char key[KEY_LEN];
	struct bytes part = mac_text(ms);
	enum err e;

	if ((e = master_derive(m, m->list[m->newest].version, "doctor", key)))
		return e;
	*out = mac_parts(key, &part, 1);
	wipe(key, sizeof(key));
	return OK;
}

enum err
probe_word(struct ctx *c, const char **out)
{
	const char *ms = arena_print(c->arena, "%lld", (long long)c->now);
	struct digest mac;
	enum err e;

	if ((e = word_mac(c, ms, &mac)))
		return e;
	*out = arena_print(c->arena, "%s.%s", ms,
	    base64url_text(c->arena, mac.b, sizeof(mac.b)));
	return OK;
}

bool
probe_word_valid(struct ctx *c, const char *word)
{
	size_t n = strcspn(word, "."), len;
	const char *ms = arena_copy(c->arena, word, n);
	const unsigned char *given;
	struct digest mac;
	int64_t at;

	if (word[n] == '\0' || !number_read(ms, INT64_MAX / 2, &at) ||
	    at < c->now - PROBE_LIFE_MS || at > c->now + PROBE_LIFE_MS)
		return false;
	given =
	    base64url_read(c->arena, word + n + 1, strlen(word + n + 1), &len);
	return given != NULL && len == DIGEST_LEN && !word_mac(c, ms, &mac) &&
	       bytes_equal(given, mac.b, DIGEST_LEN);
}
