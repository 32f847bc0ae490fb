/* SPDX-License-Identifier: ISC */
/* A conversation with the gate: what is asked, and an answer taken apart. */

#ifndef TESTS_API_TALK_H
#define TESTS_API_TALK_H

#include "api/api.h"
#include "test.h"

struct said {
	int			 status;
	const char		*head;		/* all header lines */
	const char		*body;
	const struct json	*json;		/* NULL: the body is none, or text */
	struct arena		*arena;
};

/*
 * "POST /v1/cart?a=b", header lines "Name: value" ("" for none; a line
 * "!NAME=value" is a raw variable, before all others), and a body or NULL.
 * A body is JSON by default; the peer is 192.0.2.1 over https.
 */
struct said	 ask(struct ctx *, const char *line, const char *headers,
		    const char *body);
/* NULL: no such header. */
const char	*said_header(const struct said *, const char *name);
/* By a path of names and numbers, "data.items.0.productId"; NULL: none. */
const struct json *said_at(const struct said *, const char *path);
/* Its text; "(none)" when there is none, or no text. */
const char	*said_text(const struct said *, const char *path);
/* Is it there, and null? */
bool		 said_null(const struct said *, const char *path);
/* Its number; -1 when there is none. */
int64_t		 said_int(const struct said *, const char *path);

/* Fail with the body unless this was answered. */
#define ck_said(said, want) \
	ck_assert_msg((said).status == (want), "%d, not %d: %.300s", \
	    (said).status, (want), (said).body)
#define ck_code(said, want, code) do { \
	ck_said(said, want); \
	ck_assert_str_eq(said_text(&(said), "code"), code); \
} while (0)

/* The test's own configuration, to be written to. */
struct conf	*talk_conf(struct ctx *);
/* Let this many ms go by. */
void		 talk_later(int64_t ms);

/* ---- with a database: a house with a platform and two shops ------------------ */

struct town {
	struct ctx	*c;
	const char	*platform, *shop, *other;	/* publishable keys */
	const struct tenant *shop_tenant;
};

/*
 * The shop is the default one, has the host shop.example and the origin
 * https://shop.example, and sends to all countries, as the platform does.
 * Everybody may found shops.
 */
void		 town_build(struct town *);
void		 town_leave(struct town *);
/* A setting of the shop, or of "other". */
void		 town_set(struct town *, const char *slug, const char *name,
		    const char *value);
/* "X-MerchantApiKey: …", with a Bearer unless token is NULL. */
const char	*town_headers(struct town *, const char *token);

/* "Authorization: Bearer …" with a new API key of the shop. */
const char	*town_key(struct town *, const struct api_key_new *);

/* The newest letter to this address or number that nobody has read. */
struct letter	 town_letter(struct town *, const char *to);
/* The token in its link. */
const char	*letter_token(struct ctx *, const struct letter *);
/* Ask for a code by mail and take it from the letter. */
const char	*town_code(struct town *, const char *email);
/* Sign in by mail code: the answer to verify-email. */
struct said	 town_sign_in(struct town *, const char *email,
		    const char *headers);
/* The same of a merchant, at the platform and without a key. */
struct said	 town_merchant(struct town *, const char *email,
		    const char *headers);
/* meg@example.com, an hour later: asks for a mail, shows its code, founds. */
struct said	 meg_begins(struct town *, const char *headers,
		    const char *more);		/* ",\"userType\":…" */
struct said	 meg_shows(struct town *, const char *headers,
		    const char *code, const char *more);
struct said	 meg_founds(struct town *, const char *headers,
		    const char *name);
/* From now on this merchant, who signed in, runs that shop too. */
void		 town_runs(struct town *, const struct said *merchant,
		    const char *slug);
/* "Authorization: Bearer …" of who signed in by this answer. */
const char	*town_bearer(struct town *, const struct said *);

#endif
