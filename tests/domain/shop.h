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
/* Time passes. */
void		 shop_later(struct ctx *, int64_t ms);
/* Ask for a code, whoever asks from wherever c->address says. */
enum err	 shop_ask(struct ctx *, const char *email);
/* The newest letter to them, taken out of the outbox. */
struct letter	 shop_letter(struct ctx *, const char *to);
/* The token of a letter's link. */
const char	*shop_token(struct ctx *, const struct letter *);
struct proof	 shop_proof(const char *email, const char *token);
/* The whole way: ask, read, show. */
struct login	 shop_sign_in(struct ctx *, const char *email);
/* A publishable key of the tenant at whose door we stand. */
const char	*shop_key(struct ctx *);

#endif
