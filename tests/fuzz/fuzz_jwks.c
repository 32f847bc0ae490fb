/* SPDX-License-Identifier: ISC */
/* fuzz: other people's keys; what is read verifies nothing that is made up. */

#include "fuzz/fuzz.h"

#include "crypto/crypto.h"

enum { SIG_MAX = 512 };

int
FUZZ_TARGET(jwks)(const uint8_t *p, size_t n)
{
	static const unsigned char sig[SIG_MAX];
	unsigned char made[64];
	struct ctx *c = fuzz_ctx();
	struct jwks *set;
	size_t i, len;

	if (jwks_read(c, (struct bytes){p, n}, &set) != OK)
		return 0;
	fuzz_must(set->n <= JWKS_KEYS_MAX, "so many keys");
	for (i = 0; i < set->n; i++) {
		fuzz_must(key_alg(set->list[i].key) != ALG_HS512, "public");
		fuzz_must(key_sign(set->list[i].key, "text", 4, made) != OK,
		    "it signs nothing");
		for (len = 0; len <= sizeof(sig); len += 64)
			fuzz_must(
			    !key_verify(set->list[i].key, "text", 4, sig, len),
			    "zeros are no signature");
		if (*set->list[i].kid)
			fuzz_must(jwks_find(set, set->list[i].kid) ==
				      set->list[i].key,
			    "one key of a kid");
	}
	jwks_free(set);
	return 0;
}
