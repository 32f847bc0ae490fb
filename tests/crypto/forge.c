/* SPDX-License-Identifier: ISC */
/* What the tests of crypto share. */

#include "crypto/forge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

enum { BLOCK = 64, LOG_MAX = 1 << 18 };

/* SEQUENCE { 0, { ecPublicKey, prime256v1 }, OCTET STRING { SEQUENCE { 1, d */
static const unsigned char pkcs8_head[] = {0x30, 0x81, 0x87, 0x02, 0x01, 0x00,
    0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
    0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30,
    0x6b, 0x02, 0x01, 0x01, 0x04, 0x20};
/* [1] BIT STRING, an uncompressed point */
static const unsigned char pkcs8_point[] = {0xa1, 0x44, 0x03, 0x42, 0x00, 0x04};
/* SEQUENCE { { ecPublicKey, prime256v1 }, BIT STRING, an uncompressed point */
static const unsigned char spki_head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07,
    0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

struct bytes
forge_bytes(const char *text)
{
	return (struct bytes){(const unsigned char *)text, strlen(text)};
}

struct bytes
forge_base64url(struct arena *a, const char *text)
{
	struct bytes b;

	b.p = base64url_read(a, text, strlen(text), &b.n);
	ck_assert_ptr_nonnull(b.p);
	return b;
}

static void
bytes_add(struct text *t, struct bytes b)
{
	text_add_n(t, (const char *)b.p, b.n);
}

static struct bytes
bytes_of(const struct text *t)
{
	return (struct bytes){(const unsigned char *)t->s, t->len};
}

struct digest
forge_hmac(struct bytes key, struct bytes text)
{
	struct arena *a = arena_new();
	struct text inner = text_new(a), outer = text_new(a);
	unsigned char block[BLOCK] = {0};
	struct digest d;

	if (key.n > BLOCK) {
		d = digest_sha256(key.p, key.n);
		key = (struct bytes){d.b, sizeof d.b};
	}
	memcpy(block, key.p, key.n);
	for (size_t i = 0; i < BLOCK; i++) {
		text_add_c(&inner, (char)(block[i] ^ 0x36));
		text_add_c(&outer, (char)(block[i] ^ 0x5c));
	}
	bytes_add(&inner, text);
	d = digest_sha256(inner.s, inner.len);
	bytes_add(&outer, (struct bytes){d.b, sizeof d.b});
	d = digest_sha256(outer.s, outer.len);
	arena_free(a);
	return d;
}

struct bytes
forge_pkcs8(struct arena *a, const char *d, const char *x, const char *y)
{
	struct text t = text_new(a);

	bytes_add(&t, (struct bytes){pkcs8_head, sizeof pkcs8_head});
	bytes_add(&t, forge_base64url(a, d));
	bytes_add(&t, (struct bytes){pkcs8_point, sizeof pkcs8_point});
	bytes_add(&t, forge_base64url(a, x));
	bytes_add(&t, forge_base64url(a, y));
	return bytes_of(&t);
}

/* 91 bytes of DER: 124 characters of base64, the last two of them padding. */
struct bytes
forge_public_pem(struct arena *a)
{
	struct text der = text_new(a), pem = text_new(a);
	char *s;

	bytes_add(&der, (struct bytes){spki_head, sizeof spki_head});
	bytes_add(&der, forge_base64url(a, RFC_X));
	bytes_add(&der, forge_base64url(a, RFC_Y));
	s = base64url_text(a, der.s, der.len);
	for (char *p = s; *p; p++)
		*p = (char)(*p == '-' ? '+' : *p == '_' ? '/' : *p);
	text_add(&pem, "-----BEGIN PUBLIC KEY-----\n");
	text_add_n(&pem, s, 64);
	text_addf(&pem, "\n%s==\n-----END PUBLIC KEY-----\n", s + 64);
	return bytes_of(&pem);
}

struct sign_key *
forge_key(enum alg alg, struct bytes material)
{
	struct sign_key *key = NULL;

	ck_assert_int_eq(key_load(alg, material, &key), OK);
	return key;
}

const char *
forge_body(struct arena *a, const char *header, struct bytes payload)
{
	return arena_print(a, "%s.%s",
	    base64url_text(a, header, strlen(header)),
	    base64url_text(a, payload.p, payload.n));
}

const char *
forge_token(struct arena *a, const char *body, struct bytes signature)
{
	return arena_print(
	    a, "%s.%s", body, base64url_text(a, signature.p, signature.n));
}

const char *
forge_signed(struct arena *a, const struct sign_key *key, const char *header,
    struct bytes payload)
{
	const char *body = forge_body(a, header, payload);
	unsigned char sig[64];

	ck_assert_int_eq(key_sign(key, body, strlen(body), sig), OK);
	return forge_token(a, body, (struct bytes){sig, sizeof sig});
}

const char *
forge_mould(struct arena *a, const char *mould, const char *token)
{
	const char *payload = strchr(token, '.') + 1;
	const char *sig = strchr(payload, '.') + 1;
	struct text t = text_new(a);

	for (; *mould; mould++) {
		if (*mould != '%') {
			text_add_c(&t, *mould);
			continue;
		}
		if (*++mould == 'h')
			text_add_n(&t, token, (size_t)(payload - 1 - token));
		else if (*mould == 'p')
			text_add_n(&t, payload, (size_t)(sig - 1 - payload));
		else if (*mould == 's')
			text_add(&t, sig);
		else
			text_add_c(&t, *mould);
	}
	return t.s ? t.s : "";
}

int
forge_log_begin(void)
{
	int kept = dup(STDERR_FILENO);
	FILE *f = tmpfile();

	ck_assert_int_ge(kept, 0);
	ck_assert_ptr_nonnull(f);
	(void)fflush(stderr);
	ck_assert_int_eq(dup2(fileno(f), STDERR_FILENO), STDERR_FILENO);
	(void)fclose(f);
	return kept;
}

const char *
forge_log_end(struct arena *a, int kept)
{
	char *s = arena_get(a, LOG_MAX + 1);
	ssize_t n = pread(STDERR_FILENO, s, LOG_MAX, 0);

	ck_assert_int_ge(n, 0);
	ck_assert_int_lt(n, LOG_MAX);
	ck_assert_int_eq(dup2(kept, STDERR_FILENO), STDERR_FILENO);
	(void)close(kept);
	return s;
}

struct stand
stand_new(void)
{
	struct stand s = {.c = test_ctx()};
	struct arena *a = s.c->arena;

	s.c->now = NOW * SECOND_MS;
	s.es = forge_key(ALG_ES256, forge_pkcs8(a, RFC_D, RFC_X, RFC_Y));
	s.hs = forge_key(ALG_HS512, key_make(a, ALG_HS512));
	log_level_set(LOG_ERROR);
	return s;
}

void
stand_done(struct stand *s)
{
	log_level_set(LOG_INFO);
	key_free(s->es);
	key_free(s->hs);
	test_done(s->c);
}

enum stage
taken_until(
    struct ctx *c, const struct sign_key *key, const char *token, enum err *e)
{
	const struct json *claims;
	struct jwt_head head;

	if ((*e = jwt_peek(c, token, &head)))
		return PEEK;
	if ((*e = jwt_open(c, &head, key, "at+jwt", &claims)))
		return OPEN;
	return (*e = jwt_times(c, claims, LEEWAY)) ? TIMES : NONE;
}
