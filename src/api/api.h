/* SPDX-License-Identifier: ISC */
/* api: the doors for customers. One gate, one poster of routes, many words. */

#ifndef API_H
#define API_H

#include "base/base.h"
#include "domain/domain.h"
#include "http/http.h"

/* ---- serve.c: the only gate -------------------------------------------------- */

/* One request, from its variables to its answer. Never fails. */
void		 api_serve(struct ctx *, char *const *env, struct source,
		    const char **answer, size_t *len);

/* ---- routes.c: the poster of the whole API ------------------------------------- */

/* What a handler is given, and what it fills. */
struct call {
	const struct req	*req;
	const struct route	*route;
	const char		*param;		/* the path's {id}, or NULL */
	const char		*guest;		/* X-Session-Id, agreed; or NULL */
	const char		*user_type;	/* the body's userType, or "" */
	const struct json	*body;		/* a map, or NULL */
	struct field_errors	 errors;
	struct res		*res;
	bool			 page_let_in;	/* its Origin was on the list */
};

typedef enum err handler_fn(struct ctx *, struct call *, const void *in);

struct endpoint {
	handler_fn		*handle;
	const struct field	*fields;	/* NULL: no body */
	size_t			 size;		/* of the struct they fill */
};

/* A tenant is found by key, else as said here; the platform has no customers. */
enum who {
	ANYONE,			/* no tenant, no token */
	DEVELOPER,		/* the same; for others there is no such path */
	ASKER,			/* by userType, Host or default; no token read */
	EITHER,			/* by Host or default, else the platform; none read */
	PLATFORM,		/* the platform; no token read */
	SHOP,			/* a shop by Host or default; no token read */
	SERVER,			/* a secret API key's tenant: Basic or Bearer */
	PARTNER,		/* a partner token's tenant: Bearer */
	PARTNER_MAYBE,		/* the same when one is sent; else the refresh token's */
	SHOP_MAYBE,		/* the same; a customer's Bearer counts when sent */
	CUSTOMER,		/* a customer's Bearer, required */
	ACCOUNT,		/* a merchant's Bearer; the platform */
	MERCHANT		/* the same; the shop of theirs that is meant */
};

struct route {
	enum method		 method;
	const char		*path;		/* one {id} at most */
	const struct door	*door;
	enum who		 who;
	enum limit_kind		 limit;		/* by client address; 0: none */
	const struct endpoint	*endpoint;
};

extern const struct route routes[];		/* .path NULL at the end */

/* NULL: no such path; else *allowed lists its methods when none fits. */
const struct route *route_find(struct ctx *, const struct req *,
		    const char **param, const char **allowed);
/* "GET"; "other" for a method that nobody serves. */
const char	*method_name(enum method);

/* ---- server.c: the gate's steps where servers call ------------------------------- */

/* Whose key came with the request? Enters its tenant. ERR_KEY_WRONG. */
enum err	 server_step(struct ctx *, const struct call *) MUST_USE;
/*
 * A server that names its client's address (X-Client-Address) shows that it
 * may: by X-API-KEY, before addresses are counted, and at its own shop's door.
 * Without a key the header says nothing. ERR_KEY_WRONG, ERR_FORBIDDEN,
 * ERR_BAD_REQUEST, ERR_TOO_MANY.
 */
enum err	 server_client_step(struct ctx *, const struct call *) MUST_USE;

/* ---- cors.c: which pages may call (Fetch Standard, 3.2) --------------------------- */

/* Is the request's Origin, if it has one, on its tenant's list? ERR_ORIGIN. */
enum err	 cors_check(struct ctx *, struct call *) MUST_USE;
/* 204, and what a page of a known Origin may ask of this path. */
void		 cors_preflight(struct ctx *, struct call *,
		    const char *methods);
/* Let an allowed page read this answer, a refusal too; not for OPTIONS. */
void		 cors_answer(struct ctx *, struct call *, enum err);

/* ---- doors: how each finds its tenant and words its answers ----------------------- */

struct door {
	const char	*name;			/* "B" */
	const char	*prefix;		/* paths below it are its own */
	/*
	 * Which tenant is meant, and does it serve this path? Sets c->tenant,
	 * unless a token did, and call->guest.
	 */
	enum err	(*tenant)(struct ctx *, struct call *);
	/* The publishable key that came with the request, or NULL. */
	const char	*(*key)(const struct req *);
	/* An error in the door's shape. */
	void		(*refuse)(struct ctx *, struct call *, enum err);
	bool		 forms;			/* its bodies are forms, not JSON */
};

extern const struct door door_b;		/* passwordless */
extern const struct door door_a;		/* partners and their customers */
extern const struct door door_oauth;		/* what other services ask */
extern const struct door door_none;		/* health, metadata */

/* The door whose prefix the path has; door_none otherwise. */
const struct door *door_of(const char *path);

/* ---- words.c: pieces of answers ------------------------------------------------------ */

#define JSON_TYPE	 "application/json; charset=utf-8"

/* {"status":true,"message":…,"data":…}: open it, write data, send it. */
struct writer	 envelope_open(struct ctx *, const char *message);
enum err	 envelope_send(struct call *, struct writer *);
/* 200 with this document. */
enum err	 words_send(struct call *, struct writer *);
/* 200, an envelope with empty data. */
enum err	 words_done(struct ctx *, struct call *, const char *message);
/* The members of a user, a customer, a pair of tokens, into an open map. */
void		 words_user(struct ctx *, struct writer *,
		    const struct customer *);
void		 words_merchant(struct writer *, const struct merchant_login *);
void		 words_customer(struct writer *, const struct customer *);
/* Which of a customer's addresses are proven. */
void		 words_proven(struct writer *, const struct customer *);
void		 words_tokens(struct writer *, const struct tokens *);

/* ---- endpoints, by file ----------------------------------------------------------------- */

/* passwordless.c */
extern const struct endpoint passwordless_initiate, passwordless_initiate_email,
    passwordless_initiate_phone, passwordless_verify_email,
    passwordless_verify_phone;
/* session.c */
extern const struct endpoint session_renew_any, session_renew_customer,
    session_sign_out, session_show_all, session_end_one, session_end_rest;
/* profile.c */
extern const struct endpoint profile_show, profile_change;
/* merchant.c, apikey.c */
extern const struct endpoint merchant_verify_email, merchant_verify_phone,
    merchant_found;
extern const struct endpoint apikey_list, apikey_make, apikey_end;
/* What is wrong with a shop's name is told as such: ERR_BAD_FIELD. NULL is fine. */
enum err	 business_name_check(struct ctx *, struct call *,
		    const char *name) MUST_USE;
/* directory.c */
extern const struct endpoint directory_page, directory_one, directory_enable,
    directory_disable;
/* guest.c, cart.c */
extern const struct endpoint guest_new, cart_show, cart_put;
/* partner.c; its refresh tokens are JWTs of at most so many characters */
enum { REFRESH_MAX = 4096 };
extern const struct endpoint partner_enter, partner_renew, partner_leave,
    partner_channel;
/* partner_profile.c, location.c */
extern const struct endpoint partner_profile_show, partner_profile_change;
extern const struct endpoint location_page_show, location_new, location_show,
    location_edit, location_drop;
/* oauth.c */
extern const struct endpoint oauth_introspect, oauth_revoke;
/* shop.c, inbox.c */
extern const struct endpoint shop_front;
extern const struct endpoint inbox_show_all, inbox_show_one;
/* health.c, metrics.c */
extern const struct endpoint health_alive, health_ready;
extern const struct endpoint metrics_show;
/* wellknown.c */
extern const struct endpoint wellknown_keys, wellknown_metadata;
/* probe.c */
extern const struct endpoint probe;

#endif
