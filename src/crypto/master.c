/* SPDX-License-Identifier: ISC */
/* The master keys, read from their file, and the keys derived from them. */

#include "crypto/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION_MAX = 255, INFO_MAX = 64 };

static const char blanks[] = " \t\r";

/* The next blank-separated word of a line, or NULL. */
static char *
word_next(struct arena *a, const char **line, const char *end)
{
	const char *word = *line + strspn(*line, blanks);

	*line = word;
	while (*line < end && !strchr(blanks, **line))
		++*line;
	if (*line == word)
		return NULL;
	return arena_copy(a, word, (size_t)(*line - word));
}

static bool
key_is_one_byte(const unsigned char key[KEY_LEN])
{
	return memcmp(key, key + 1, KEY_LEN - 1) == 0;
}

/* What is wrong with this key beside those read before, or NULL. */
static const char *
key_fault(const struct master *m, int64_t version, const unsigned char *key)
{
	if (key_is_one_byte(key))
		return "the key is one byte over and over; make one with"
		       " \"openssl rand -hex 32\"";
	for (size_t i = 0; i < m->n; i++) {
		if (m->list[i].version == version)
			return "this version is there already; give the new"
			       " key the next number";
		if (bytes_equal(m->list[i].key, key, KEY_LEN))
			return "this key is there already under another"
			       " version; make a new one";
	}
	if (m->n == MASTER_VERSIONS_MAX)
		return "too many keys; remove the oldest";
	return NULL;
}

/* Take one line's key in, or say what is wrong with it. */
static const char *
line_read(
    struct arena *a, const char *line, const char *end, struct master *out)
{
	unsigned char *key = arena_get(a, KEY_LEN);
	const char *version = word_next(a, &line, end);
	const char *hex = word_next(a, &line, end);
	const char *why;
	int64_t v;

	if (!version)
		return NULL;
	if (!number_read(version, VERSION_MAX, &v) || v < 1)
		return "the version must be a number from 1 to 255";
	if (!hex || strlen(hex) != 2 * (size_t)KEY_LEN ||
	    !hex_read(hex, key, KEY_LEN))
		return "the key must be 64 hex digits; make one with"
		       " \"openssl rand -hex 32\"";
	if (word_next(a, &line, end))
		return "nothing may follow the key";
	if ((why = key_fault(out, v, key)))
		return why;
	out->list[out->n].version = v;
	memcpy(out->list[out->n].key, key, KEY_LEN);
	if (v >= out->list[out->newest].version)
		out->newest = out->n;
	out->n++;
	return NULL;
}

enum err
master_read(
    struct arena *a, const char *text, struct master *out, const char **why)
{
	const char *fault = NULL;
	int number = 1;

	*out = (struct master){0};
	for (; *text && !fault; number++) {
		size_t len = strcspn(text, "\n");

		fault = line_read(a, text, text + strcspn(text, "#\n"), out);
		text += len + (text[len] == '\n');
	}
	if (!fault && out->n)
		return OK;
	wipe(out, sizeof *out);
	*why = "there is no master key; write the line"
	       " \"1 <output of openssl rand -hex 32>\"";
	if (fault)
		*why = arena_print(a, "line %d: %s", number - 1, fault);
	return ERR_CONF;
}

static const unsigned char *
key_find(const struct master *m, int64_t version)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].version == version)
			return m->list[i].key;
	return NULL;
}

bool
master_knows(const struct master *m, int64_t version)
{
	return key_find(m, version) != NULL;
}

bool
master_learn(struct master *m, const struct master *others)
{
	size_t before = m->n;

	for (size_t i = 0; i < others->n && m->n < MASTER_VERSIONS_MAX; i++) {
		if (master_knows(m, others->list[i].version))
			continue;
		m->list[m->n] = others->list[i];
		if (m->list[m->n].version > m->list[m->newest].version)
			m->newest = m->n;
		m->n++;
	}
	return m->n > before;
}

/*
 * HKDF-Expand with SHA-256 (RFC 5869, 2.3); a master key is uniformly random,
 * so there is nothing to extract.
 */
static void
hkdf_expand(const unsigned char *key, char *info, size_t info_len,
    unsigned char out[KEY_LEN])
{
	static EVP_KDF *kdf;
	int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
	char hash[] = "SHA256";
	unsigned char copy[KEY_LEN];
	EVP_KDF_CTX *ctx;
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
	    OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
	    OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_KEY, copy, KEY_LEN),
	    OSSL_PARAM_construct_octet_string(
		OSSL_KDF_PARAM_INFO, info, info_len),
	    OSSL_PARAM_construct_end(),
	};

	memcpy(copy, key, KEY_LEN);
	if (!kdf && !(kdf = EVP_KDF_fetch(NULL, "HKDF", NULL)))
		abort();
	ctx = EVP_KDF_CTX_new(kdf);
	if (!ctx || EVP_KDF_derive(ctx, out, KEY_LEN, params) <= 0)
		abort();
	EVP_KDF_CTX_free(ctx);
	wipe(copy, sizeof copy);
}

/* info = "doorward " purpose */
enum err
master_derive(const struct master *m, int64_t version, const char *purpose,
    unsigned char out[KEY_LEN])
{
	const unsigned char *key = key_find(m, version);
	char info[INFO_MAX];
	int len;

	if (!key)
		return fail(NULL, ERR_SEALED, "no master key of version %lld",
		    (long long)version);
	len = snprintf(info, sizeof info, "doorward %s", purpose);
	if (len < 0 || (size_t)len >= sizeof info)
		abort();
	hkdf_expand(key, info, (size_t)len, out);
	return OK;
}
