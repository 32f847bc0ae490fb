/* SPDX-License-Identifier: ISC */
/* shop: a house with one shop in it, its letters, and people who sign in. */

#ifndef SHOP_H
#define SHOP_H

#include "domain/domain.h"
#include "test.h"

#define ck_ok(e)      ck_assert_msg((e) == OK, "%s", err_name(e))
#define ck_err(e, is) ck_assert_str_eq(err_name(e), err_name(is))

/* A context at the door of "shop", which sends to every country. */
struct ctx	*shop_open(void);
void		 shop_close(struct ctx *);
/* Another tenant; shop_enter() stands at its door. */
const struct tenant *shop_add(struct ctx *, const char *slug);
void		 shop_enter(struct ctx *, const struct tenant *);
void		 shop_set(struct ctx *, const char *key, const char *value);
/* The shop's configuration, to be written to. */
struct conf	*shop_conf(struct ctx *);
/* Its master key file has these lines from now on; NULL: it has none again. */
void		 shop_master(struct ctx *, const char *lines);
/* In another process, which has read version 2 besides: make new keys. */
void		 shop_rotate_by_two(struct ctx *);

#define MASTER_1 \
	"1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define MASTER_2 \
	"2 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"

/* Time passes. */
void		 shop_later(struct ctx *, int64_t ms);
/* Ask for a code, whoever asks from wherever c->address says. */
enum err	 shop_ask(struct ctx *, const char *email);
/* By what kind of message the newest to them goes; "": there is none. */
const char	*shop_sent_by(struct ctx *, const char *to);
/* The newest letter to them, taken out of the outbox. */
struct letter	 shop_letter(struct ctx *, const char *to);
/* The token of a letter's link. */
const char	*shop_token(struct ctx *, const struct letter *);
struct proof	 shop_proof(const char *email, const char *token);
/* The whole way: ask, read, show. */
struct login	 shop_sign_in(struct ctx *, const char *email);
/* The same where what is signed lives for a day at most. */
struct ctx	*shop_day_open(void);

#define SHOP_KEY_AFTER_MS   (360 * SECOND_MS)
#define SHOP_KEY_OVERLAP_MS (SHOP_KEY_AFTER_MS + 2 * MINUTE_MS + DAY_MS)

/* Which key signs; a new one, or NULL. */
const char	*shop_signs(struct ctx *, enum alg);
const char	*shop_rotated(struct ctx *, enum alg);
/* How a key of the tenant stands; "gone" when it is not there. */
const char	*shop_key_state(struct ctx *, const char *kid);
/* A publishable key of the tenant at whose door we stand. */
const char	*shop_key(struct ctx *);
/* From here on a partner of this source is at the door. */
void		 shop_partner(struct ctx *, const char *source,
		    const char *scopes);

#endif
