/* SPDX-License-Identifier: ISC */
/* Authenticated encryption at rest: XChaCha20-Poly1305 by libsodium. */

#include "crypto/crypto.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
	VERSION_LEN = 1,
	NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_LEN = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	HEAD_LEN = VERSION_LEN + NONCE_LEN
};

_Static_assert(KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    "a derived key is a sealing key");

static void
sodium_begin(void)
{
	if (sodium_init() < 0)
		abort();
}

/* The additional data: the context word, a NUL, the row's id if there is one. */
static struct bytes
place(struct arena *a, struct seal_at at)
{
	size_t word = strlen(at.context) + 1;
	size_t n = word + (at.row ? sizeof at.row->b : 0);
	unsigned char *p = arena_get(a, n);

	memcpy(p, at.context, word);
	if (at.row)
		memcpy(p + word, at.row->b, sizeof at.row->b);
	return (struct bytes){p, n};
}

struct bytes
seal(struct arena *a, const struct master *m, struct seal_at at,
    const void *plain, size_t n)
{
	int64_t version = m->list[m->newest].version;
	struct bytes ad = place(a, at);
	unsigned char *out = arena_get(a, HEAD_LEN + n + TAG_LEN);
	unsigned char key[KEY_LEN];

	sodium_begin();
	if (master_derive(m, version, "seal", key))
		abort();
	out[0] = (unsigned char)version;
	world_random(out + VERSION_LEN, NONCE_LEN);
	if (crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD_LEN, NULL,
		plain, n, ad.p, ad.n, NULL, out + VERSION_LEN, key))
		abort();
	wipe(key, sizeof key);
	return (struct bytes){out, HEAD_LEN + n + TAG_LEN};
}

int64_t
seal_version(struct bytes sealed)
{
	return sealed.n > 0 ? sealed.p[0] : 0;
}

enum err
unseal(struct arena *a, const struct master *m, struct seal_at at,
    struct bytes sealed, struct bytes *plain)
{
	struct bytes ad = place(a, at);
	unsigned char key[KEY_LEN], *out;
	enum err e;
	int rc;

	if (sealed.n < HEAD_LEN + TAG_LEN)
		return fail(NULL, ERR_SEALED, "%s: cut short", at.context);
	if ((e = master_derive(m, sealed.p[0], "seal", key)))
		return e;
	sodium_begin();
	out = arena_get(a, sealed.n - HEAD_LEN - TAG_LEN + 1);
	rc = crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
	    sealed.p + HEAD_LEN, sealed.n - HEAD_LEN, ad.p, ad.n,
	    sealed.p + VERSION_LEN, key);
	wipe(key, sizeof key);
	if (rc)
		return fail(
		    NULL, ERR_SEALED, "%s: moved or altered", at.context);
	*plain = (struct bytes){out, sealed.n - HEAD_LEN - TAG_LEN};
	return OK;
}
