/* SPDX-License-Identifier: ISC */
/* fuzz: a token; or a header line and a payload, which are then rightly signed. */

#include "fuzz/fuzz.h"

#include <string.h>

#include "crypto/crypto.h"

enum { SIG_LEN = 64, LEEWAY = 60 };

/* RFC 7515, A.3 in PKCS#8; and 64 letters. */
#define ES256_KEY                                                              \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL-YBIffH113" \
	"6cspYG6-0iY7X1fCE9-E9LKhRANCAAR_zc4ncPbEXUGDy-5v20t7WAczNXvp7xO6z248" \
	"e9FURcfxRM0bvZt-hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt"
#define HS512_KEY \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct sign_key *
key_of(enum alg alg)
{
	static struct sign_key *keys[2];
	struct bytes material = {(const unsigned char *)HS512_KEY, 64};
	struct ctx *c;

	if (keys[alg] != NULL)
		return keys[alg];
	c = fuzz_ctx();
	if (alg == ALG_ES256)
		material.p = base64url_read(
		    c->arena, ES256_KEY, strlen(ES256_KEY), &material.n);
	fuzz_must(key_load(alg, material, &keys[alg]) == OK, "a key");
	return keys[alg];
}

/* Is it taken under this key? */
static bool
taken(struct ctx *c, const char *token, enum alg alg)
{
	const struct json *claims;
	struct jwt_head head;

	if (jwt_peek(c, token, &head) != OK ||
	    jwt_open(c, &head, key_of(alg), "at+jwt", &claims) != OK)
		return false;
	fuzz_must(claims->type == JSON_MAP, "claims are a map");
	fuzz_must(strcmp(head.alg, alg_name(alg)) == 0, "the key's alg");
	return jwt_times(c, claims, LEEWAY) == OK;
}

/* Another signature for the same text is none. */
static const char *
signed_text(struct ctx *c, const uint8_t *p, size_t n)
{
	const uint8_t *line = memchr(p, '\n', n);
	size_t head = line ? (size_t)(line - p) : n;
	struct text t = text_new(c->arena);
	unsigned char sig[SIG_LEN];

	text_add(&t, base64url_text(c->arena, p, head));
	text_add_c(&t, '.');
	if (line)
		text_add(&t, base64url_text(c->arena, line + 1, n - head - 1));
	fuzz_must(key_sign(key_of(ALG_HS512), t.s, t.len, sig) == OK, "a MAC");
	text_addf(&t, ".%s", base64url_text(c->arena, sig, sizeof(sig)));
	return t.s;
}

int
FUZZ_TARGET(jwt)(const uint8_t *p, size_t n)
{
	struct ctx *c;
	const char *token;

	(void)key_of(ALG_ES256);
	(void)key_of(ALG_HS512);
	c = fuzz_ctx();
	if (n > 0 && p[0] == '{') {
		token = signed_text(c, p, n);
		(void)taken(c, token, ALG_HS512);
		fuzz_must(!taken(c, token, ALG_ES256), "a MAC is no ES256");
		return 0;
	}
	token = fuzz_text(c, p, n);
	(void)taken(c, token, ALG_ES256);
	(void)taken(c, token, ALG_HS512);
	return 0;
}
