/* SPDX-License-Identifier: ISC */
/* jwt, reading: what nobody may take, and what everybody may. */

#include "crypto/forge.h"
#include "crypto/forgeries.h"
#include "test.h"

static void
refused(
    const struct stand *s, const char *what, const char *token, enum stage at)
{
	enum err e;
	enum stage got = taken_until(s->c, s->es, token, &e);

	ck_assert_msg(got == at && e == ERR_TOKEN_INVALID,
	    "case \"%s\": %s at stage %d", what, err_name(e), (int)got);
}

static void
accepted(const struct stand *s, const char *what, const char *token)
{
	enum err e;

	ck_assert_msg(taken_until(s->c, s->es, token, &e) == NONE,
	    "case \"%s\": %s", what, err_name(e));
}

START_TEST(test_headers)
{
	struct stand s = stand_new();

	accepted(
	    &s, "as made", forge_signed(s.c->arena, s.es, H, forge_bytes(P)));
	for (size_t i = 0; i < COUNT(headers); i++)
		refused(&s, headers[i].what,
		    forge_signed(
			s.c->arena, s.es, headers[i].header, forge_bytes(P)),
		    headers[i].at);
	stand_done(&s);
}
END_TEST

START_TEST(test_payloads)
{
	struct stand s = stand_new();

	for (size_t i = 0; i < COUNT(payloads); i++)
		refused(&s, payloads[i].what,
		    forge_signed(
			s.c->arena, s.es, H, forge_bytes(payloads[i].payload)),
		    payloads[i].at);
	stand_done(&s);
}
END_TEST

START_TEST(test_moulds)
{
	struct stand s = stand_new();
	const char *good = forge_signed(s.c->arena, s.es, H, forge_bytes(P));

	accepted(&s, "as made", forge_mould(s.c->arena, "%h.%p.%s", good));
	for (size_t i = 0; i < COUNT(moulds); i++)
		refused(&s, moulds[i].what,
		    forge_mould(s.c->arena, moulds[i].mould, good), PEEK);
	stand_done(&s);
}
END_TEST

START_TEST(test_times)
{
	struct stand s = stand_new();

	for (size_t i = 0; i < COUNT(times); i++) {
		enum err e;
		enum stage at = taken_until(s.c, s.es,
		    forge_signed(
			s.c->arena, s.es, H, forge_bytes(times[i].payload)),
		    &e);

		ck_case(times[i].what, e == times[i].e);
		ck_case(times[i].what, at == (e ? TIMES : NONE));
	}
	stand_done(&s);
}
END_TEST

/* The leeway's edge lies at a whole second whatever the milliseconds. */
START_TEST(test_times_milliseconds)
{
	struct stand s = stand_new();
	const char *token = forge_signed(s.c->arena, s.es, H,
	    forge_bytes("{\"exp\":1799999941,\"iat\":1800000060}"));
	enum err e;

	s.c->now += SECOND_MS - 1;
	ck_assert_int_eq(taken_until(s.c, s.es, token, &e), NONE);
	s.c->now++;
	ck_assert_int_eq(taken_until(s.c, s.es, token, &e), TIMES);
	ck_assert_int_eq(e, ERR_TOKEN_EXPIRED);
	s.c->now -= SECOND_MS + 1;
	ck_assert_int_eq(taken_until(s.c, s.es, token, &e), TIMES);
	ck_assert_int_eq(e, ERR_TOKEN_INVALID);
	stand_done(&s);
}
END_TEST

/* ---- signatures ---------------------------------------------------------- */

static void
signature_refused(
    const struct stand *s, const char *what, const char *body, struct bytes sig)
{
	refused(s, what, forge_token(s->c->arena, body, sig), OPEN);
}

START_TEST(test_signatures)
{
	struct stand s = stand_new();
	struct arena *a = s.c->arena;
	const char *body = forge_body(a, H, forge_bytes(P));
	unsigned char sig[SIG_LEN + 1] = {0}, swapped[SIG_LEN];

	signature_refused(
	    &s, "r and s are 0", body, (struct bytes){sig, SIG_LEN});
	ck_assert_int_eq(key_sign(s.es, body, strlen(body), sig), OK);
	accepted(
	    &s, "as made", forge_token(a, body, (struct bytes){sig, SIG_LEN}));
	signature_refused(&s, "63 bytes", body, (struct bytes){sig, 63});
	signature_refused(&s, "65 bytes", body, (struct bytes){sig, 65});
	signature_refused(&s, "32 bytes", body, (struct bytes){sig, 32});
	signature_refused(&s, "one byte", body, (struct bytes){sig, 1});
	memcpy(swapped, sig + SIG_LEN / 2, SIG_LEN / 2);
	memcpy(swapped + SIG_LEN / 2, sig, SIG_LEN / 2);
	signature_refused(
	    &s, "s before r", body, (struct bytes){swapped, SIG_LEN});
	signature_refused(&s, "another token's",
	    forge_body(a, H, forge_bytes("{\"sub\":\"v\",\"exp\":1800000300}")),
	    (struct bytes){sig, SIG_LEN});
	stand_done(&s);
}
END_TEST

/* The right numbers as ASN.1, which other standards use. */
START_TEST(test_der_signature)
{
	struct stand s = stand_new();
	const char *body = forge_body(s.c->arena, H, forge_bytes(P));
	unsigned char raw[SIG_LEN], der[SIG_LEN + 6];

	do
		ck_assert_int_eq(key_sign(s.es, body, strlen(body), raw), OK);
	while ((raw[0] | raw[32]) & 0x80 || !raw[0] || !raw[32]);
	memcpy(der, (unsigned char[]){0x30, 68, 0x02, 32}, 4);
	memcpy(der + 4, raw, 32);
	memcpy(der + 36, (unsigned char[]){0x02, 32}, 2);
	memcpy(der + 38, raw + 32, 32);
	signature_refused(&s, "ASN.1", body, (struct bytes){der, sizeof der});
	stand_done(&s);
}
END_TEST

START_TEST(test_other_keys)
{
	struct stand s = stand_new();
	struct arena *a = s.c->arena;
	struct sign_key *other = forge_key(ALG_ES256, key_make(a, ALG_ES256));
	const char *good = forge_signed(a, s.es, H, forge_bytes(P));
	enum err e;

	refused(&s, "another key of the same kid",
	    forge_signed(a, other, H, forge_bytes(P)), OPEN);
	refused(&s, "a shared secret under alg ES256",
	    forge_signed(a, s.hs, H, forge_bytes(P)), OPEN);
	ck_assert_int_eq(taken_until(s.c, other, good, &e), OPEN);
	ck_assert_int_eq(taken_until(s.c, s.hs, good, &e), OPEN);
	ck_assert_int_eq(e, ERR_TOKEN_INVALID);
	key_free(other);
	stand_done(&s);
}
END_TEST

/* What everybody knows, the public key, used as a shared secret. */
START_TEST(test_public_pem_as_secret)
{
	struct stand s = stand_new();
	struct arena *a = s.c->arena;
	struct bytes pem = forge_public_pem(a);
	struct sign_key *secret = forge_key(ALG_HS512, pem);
	const char *body =
	    forge_body(a, H_ALG ",\"alg\":\"HS256\"}", forge_bytes(P));
	struct digest mac = forge_hmac(pem, forge_bytes(body));
	const char *hs512 = forge_signed(
	    a, secret, H_ALG ",\"alg\":\"HS512\"}", forge_bytes(P));
	enum err e;

	ck_assert_uint_eq(pem.n, 178);
	signature_refused(&s, "HS256 with the public key", body,
	    (struct bytes){mac.b, sizeof mac.b});
	refused(&s, "HS512 with the public key", hs512, OPEN);
	ck_assert_int_eq(taken_until(s.c, secret, hs512, &e), NONE);
	refused(&s, "the same, called ES256",
	    forge_signed(a, secret, H, forge_bytes(P)), OPEN);
	key_free(secret);
	stand_done(&s);
}
END_TEST

/* ---- bytes --------------------------------------------------------------- */

/* One bit of each byte in turn (ES256), every bit of each (HS512). */
static void
flip(const struct stand *s, const struct sign_key *key, const char *token,
    int step)
{
	char *bent = arena_text(s->c->arena, token);
	enum err e;

	ck_assert_int_eq(taken_until(s->c, key, token, &e), NONE);
	for (size_t i = 0; token[i]; i++)
		for (int bit = (int)(i % (size_t)step); bit < 8; bit += step) {
			bent[i] = (char)(token[i] ^ (1 << bit));
			ck_assert_msg(taken_until(s->c, key, bent, &e) < TIMES,
			    "bit %d of byte %zu", bit, i);
			ck_assert_int_eq(e, ERR_TOKEN_INVALID);
			bent[i] = token[i];
		}
}

START_TEST(test_every_byte_counts)
{
	struct stand s = stand_new();
	struct arena *a = s.c->arena;

	flip(&s, s.es, forge_signed(a, s.es, H, forge_bytes(P)), 8);
	flip(&s, s.hs,
	    forge_signed(a, s.hs, H_ALG ",\"alg\":\"HS512\"}", forge_bytes(P)),
	    1);
	stand_done(&s);
}
END_TEST

/* The bits that base64url leaves over must be 0: one text for one signature. */
START_TEST(test_stray_bits)
{
	struct stand s = stand_new();
	struct arena *a = s.c->arena;
	char *token = arena_text(a, forge_signed(a, s.es, H, forge_bytes(P)));
	char *last = token + strlen(token) - 1;
	unsigned char sig[SIG_LEN];
	char *body;

	(*last)++;
	refused(&s, "in the signature", token, PEEK);
	body = arena_text(a, forge_body(a, H, forge_bytes(P)));
	ck_assert_uint_ne((size_t)(strchr(body, '.') - body) % 4, 0);
	strchr(body, '.')[-1]++;
	ck_assert_int_eq(key_sign(s.es, body, strlen(body), sig), OK);
	refused(&s, "in the header",
	    forge_token(a, body, (struct bytes){sig, sizeof sig}), PEEK);
	body = arena_text(a, forge_body(a, H, forge_bytes(P "\n")));
	ck_assert_uint_ne(strlen(strchr(body, '.') + 1) % 4, 0);
	body[strlen(body) - 1]++;
	ck_assert_int_eq(key_sign(s.es, body, strlen(body), sig), OK);
	refused(&s, "in the payload",
	    forge_token(a, body, (struct bytes){sig, sizeof sig}), OPEN);
	stand_done(&s);
}
END_TEST

START_TEST(test_raw_nul)
{
	static const char payload[] = P "\0{\"sub\":\"admin\"}";
	struct stand s = stand_new();

	refused(&s, "a NUL behind the payload's map",
	    forge_signed(s.c->arena, s.es, H,
		(struct bytes){
		    (const unsigned char *)payload, sizeof payload - 1}),
	    OPEN);
	stand_done(&s);
}
END_TEST

/* A rightly signed token of just so many characters. */
static const char *
token_of(const struct stand *s, size_t want)
{
	struct arena *a = s->c->arena;

	for (int kid = 1; kid < 8; kid++)
		for (int fill = 5900; fill < 6100; fill++) {
			const char *header = arena_print(
			    a, "%s,\"kid\":\"%0*d\"}", H_KID, kid, 0);
			const char *payload = arena_print(
			    a, "{\"exp\":1800000300,\"x\":\"%0*d\"}", fill, 0);
			const char *body =
			    forge_body(a, header, forge_bytes(payload));
			if (strlen(body) + 1 + 86 == want)
				return forge_signed(
				    a, s->es, header, forge_bytes(payload));
		}
	ck_abort_msg("no token of %zu characters", want);
	return NULL;
}

START_TEST(test_long_tokens)
{
	enum { MUCH = 9 << 20 };
	struct stand s = stand_new();
	char *much = arena_get(s.c->arena, MUCH + 1);
	struct jwt_head head;

	accepted(&s, "8192 characters", token_of(&s, TOKEN_MAX));
	refused(&s, "8193 characters", token_of(&s, TOKEN_MAX + 1), PEEK);
	memset(much, 'A', MUCH);
	refused(&s, "9 MiB of A", much, PEEK);
	memset(much, '.', MUCH);
	refused(&s, "9 MiB of dots", much, PEEK);
	memset(much, 'A', MUCH);
	much[5 << 20] = much[6 << 20] = '.';
	refused(&s, "a header of 5 MiB", much, PEEK);
	accepted(&s, "a kid of 64 characters",
	    forge_signed(s.c->arena, s.es, H_KID ",\"kid\":\"" KID_64 "\"}",
		forge_bytes(P)));
	ck_assert_int_eq(
	    jwt_peek(
		s.c, forge_signed(s.c->arena, s.es, H, forge_bytes(P)), &head),
	    OK);
	ck_assert_str_eq(head.kid, "k1");
	ck_assert_str_eq(head.alg, "ES256");
	ck_assert_str_eq(head.typ, "at+jwt");
	ck_assert_uint_eq(head.sig_len, SIG_LEN);
	stand_done(&s);
}
END_TEST

/* ---- the log ------------------------------------------------------------- */

static size_t
lines_count(const char *s)
{
	size_t n = 0;

	for (; (s = strchr(s, '\n')); s++)
		n++;
	return n;
}

/* Each refusal leaves one line, and none of the token's bytes in it. */
START_TEST(test_log)
{
	struct stand s = stand_new();
	struct arena *a = s.c->arena;
	const char *log;
	int kept = forge_log_begin();
	enum err e;

	log_level_set(LOG_INFO);
	for (size_t i = 0; i < COUNT(headers); i++)
		(void)taken_until(s.c, s.es,
		    forge_signed(a, s.es, headers[i].header, forge_bytes(P)),
		    &e);
	for (size_t i = 0; i < COUNT(payloads); i++)
		(void)taken_until(s.c, s.es,
		    forge_signed(a, s.es, H, forge_bytes(payloads[i].payload)),
		    &e);
	(void)taken_until(s.c, s.es,
	    forge_signed(a, s.es, H_KID ",\"kid\":\"canary/\",\"canary\":1}",
		forge_bytes(P)),
	    &e);
	(void)taken_until(s.c, s.es,
	    forge_signed(a, s.es, H,
		forge_bytes("{\"canary\":\"canary\",\"canary\":1}")),
	    &e);
	log = forge_log_end(a, kept);
	ck_assert_uint_eq(
	    lines_count(log), COUNT(headers) + COUNT(payloads) + 2);
	ck_assert_ptr_null(strstr(log, "canary"));
	ck_assert_ptr_null(strstr(log, "eyJ"));
	ck_assert_ptr_nonnull(strstr(log, "token_invalid"));
	stand_done(&s);
}
END_TEST

SUITE(jwt, test_headers, test_payloads, test_moulds, test_times,
    test_times_milliseconds, test_signatures, test_der_signature,
    test_other_keys, test_public_pem_as_secret, test_every_byte_counts,
    test_stray_bits, test_raw_nul, test_long_tokens, test_log)
