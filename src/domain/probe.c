/* SPDX-License-Identifier: ISC */
/* The word by which doctor is known to the workers of its installation. */

#include "domain/domain.h"

#include <string.h>

/* "<ms>.<MAC>", the MAC behind its key's version: it opens this door alone. */
enum { WORD_LEN = 1 + DIGEST_LEN };

static enum err
word_bytes(
    struct ctx *c, int64_t version, const char *ms, unsigned char out[WORD_LEN])
{
	unsigned char key[KEY_LEN];
	struct bytes part = mac_text(ms);
	struct digest mac;
	enum err e;

	if ((e = house_derive(c, version, "doctor", key)))
		return e;
	mac = mac_parts(key, &part, 1);
	wipe(key, sizeof(key));
	out[0] = (unsigned char)version;
	memcpy(out + 1, mac.b, DIGEST_LEN);
	return OK;
}

enum err
probe_word(struct ctx *c, const char **out)
{
	const struct master *m = house_master(c);
	const char *ms = arena_print(c->arena, "%lld", (long long)c->now);
	unsigned char bytes[WORD_LEN];
	enum err e;

	if ((e = word_bytes(c, m->list[m->newest].version, ms, bytes)))
		return e;
	*out = arena_print(c->arena, "%s.%s", ms,
	    base64url_text(c->arena, bytes, sizeof(bytes)));
	return OK;
}

bool
probe_word_valid(struct ctx *c, const char *word)
{
	size_t n = strcspn(word, "."), len;
	const char *ms = arena_copy(c->arena, word, n);
	const unsigned char *given;
	unsigned char made[WORD_LEN];
	int64_t at;

	if (word[n] == '\0' || !number_read(ms, INT64_MAX / 2, &at) ||
	    at < c->now - PROBE_LIFE_MS || at > c->now + PROBE_LIFE_MS)
		return false;
	given =
	    base64url_read(c->arena, word + n + 1, strlen(word + n + 1), &len);
	return given != NULL && len == WORD_LEN && given[0] != 0 &&
	       !word_bytes(c, given[0], ms, made) &&
	       bytes_equal(given, made, WORD_LEN);
}
