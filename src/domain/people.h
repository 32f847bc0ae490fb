/* SPDX-License-Identifier: ISC */
/* Rules about people: proofs, sessions, profiles, carts. */

#ifndef DOMAIN_PEOPLE_H
#define DOMAIN_PEOPLE_H

#include "crypto/crypto.h"
#include "store/store.h"

/* ---- challenge.c, proof.c: codes and links --------------------------------------------- */

#define CODE_DIGITS		 6
#define CODE_MAIL_MS		 (10 * MINUTE_MS)
#define CODE_PHONE_MS		 (5 * MINUTE_MS)
#define LINK_MS			 (10 * MINUTE_MS)
#define CODE_TRIES_MAX		 5
/* 75 bits that can be typed; WhatsApp's templates take no more */
#define LONG_CODE_LEN		 15
#define LONG_CODE_SIGNS		 "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

enum channel_kind { CHANNEL_EMAIL, CHANNEL_PHONE };

const char	*channel_kind_name(enum channel_kind);	/* "email", "phone" */

struct ask {
	enum channel_kind channel;
	const char	*destination;		/* normalised */
	const char	*user_type;		/* "", customer, merchant */
	const char	*business_name;		/* of a new merchant, or NULL */
};

/*
 * Count the limits for all asks at once, then begin a challenge for each: sends
 * all or none. Answers alike for known, unknown and disabled people.
 * ERR_TOO_MANY; ERR_BAD_FIELD: a country that this tenant does not send to.
 * The first message's id is left in c->outbox.
 */
enum err	 challenge_begin(struct ctx *, const struct ask *, size_t n)
		    MUST_USE;

struct proof {
	enum channel_kind channel;
	const char	*destination;
	struct secret	 token;			/* six digits, a long code, a link's */
	const char	*user_path;		/* customer|merchant */
};

struct proven {
	struct uuid	 challenge;
	struct uuid	 tenant;		/* where it was begun */
	const char	*business_name;		/* said by who shows it now, or NULL */
	bool		 by_link;
};

/* Is this the code or link of that destination? Spends nothing. ERR_CODE_WRONG. */
enum err	 challenge_check(struct ctx *, const struct proof *,
		    struct proven *out) MUST_USE;

/* ---- login.c, session.c, refresh.c, token.c ------------------------------------------------- */

struct caller {
	struct session	 session;
	struct customer	 customer;
};

struct tokens {
	struct secret	 access, refresh;
	int64_t		 access_ms, refresh_ms;	/* lives, in ms from now */
};

struct login {
	struct customer	 customer;
	struct tokens	 tokens;
	bool		 created;
	bool		 cart;			/* a guest's cart was asked about */
	int64_t		 moved, clamped;
};

/*
 * Sign in whoever proves this address or number; the first proof creates its
 * customer. With c->who set, the value is added to that customer when it is
 * free. ERR_CODE_WRONG, ERR_REAUTH_REQUIRED, ERR_CONFLICT.
 */
enum err	 login_by_proof(struct ctx *, const struct proof *,
		    const char *guest, const char *stated_phone,
		    struct login *out) MUST_USE;

/* Who bears this access token? Sets c->tenant and c->who. key may be NULL. */
enum err	 session_admit(struct ctx *, struct secret token,
		    const char *key) MUST_USE;
/*
 * Trade a refresh token for its successor (rules: API.md, "Refresh tokens").
 * ERR_REFRESH_WRONG, ERR_REFRESH_OVER, ERR_REFRESH_LATE, ERR_REFRESH_REUSED,
 * ERR_SESSION_ENDED.
 */
enum err	 session_refresh(struct ctx *, struct secret token,
		    struct login *out) MUST_USE;
/* The caller's: list, end one (ERR_NOT_FOUND), end all others. */
enum err	 session_list(struct ctx *, struct session **, size_t *n)
		    MUST_USE;
enum err	 session_end(struct ctx *, struct uuid) MUST_USE;
enum err	 session_end_others(struct ctx *, int64_t *n) MUST_USE;
/* The operator's: end anybody's (ERR_NOT_FOUND), or all of one customer's. */
enum err	 session_revoke(struct ctx *, struct uuid) MUST_USE;
enum err	 session_revoke_all(struct ctx *, struct uuid customer,
		    int64_t *n) MUST_USE;
bool		 session_is_live(const struct ctx *, const struct session *);
/* When it is over: it idles, or its time is up, whichever comes first. */
int64_t		 session_ends_at(const struct session *);
/* OK when the caller proved it within five minutes; a partner's word is none. */
enum err	 session_fresh(struct ctx *) MUST_USE;

enum { REAUTH_MS = 5 * 60 * 1000 };

/* introspect.c: what another service may ask about a token of c->tenant */
struct introspected {
	bool			 active;
	const struct json	*claims;	/* of an access token; else NULL */
	struct session		 session;	/* of a refresh token */
};

/* Not active: unknown, expired, ended, of another tenant; which is not said. */
enum err	 token_introspect(struct ctx *, struct secret,
		    struct introspected *out) MUST_USE;
/* End its session, dead everywhere at once; what is no token is no error. */
enum err	 token_revoke(struct ctx *, struct secret) MUST_USE;

/* token.c: what the two tokens of a session hold */
enum err	 token_access(struct ctx *, const struct session *,
		    const struct customer *, struct tokens *out) MUST_USE;
enum err	 token_refresh(struct ctx *, const struct session *,
		    struct secret *out) MUST_USE;
/*
 * Its shape only: which session and generation. ERR_REFRESH_WRONG, which counts
 * as a wrong secret; ERR_REFRESH_OVER, which does not: a token of ours that has
 * expired, or of another tenant.
 */
struct refresh_claim {
	struct uuid	 session;
	int64_t		 generation;
	unsigned char	 mac[DIGEST_LEN];
};
enum err	 token_refresh_read(struct ctx *, struct secret,
		    struct refresh_claim *out) MUST_USE;
/* Is its MAC the one of this session? */
enum err	 token_refresh_check(struct ctx *, const struct refresh_claim *,
		    const struct session *) MUST_USE;

/* ---- customer.c, guest.c, cart.c --------------------------------------------------------- */

/* Change the caller's profile. ERR_BAD_FIELD: the phone is proven. */
enum err	 customer_update(struct ctx *, const struct customer_change *,
		    struct customer *out) MUST_USE;

/* A new guest session id: 128 random bits and the tenant's MAC; no write. */
enum err	 guest_make(struct ctx *, struct secret *out) MUST_USE;
/* Its cart's id; nil for NULL, foreign or forged ones. */
enum err	 guest_cart(struct ctx *, const char *guest,
		    struct uuid *out) MUST_USE;

enum { CART_LINES_MAX = 100, CART_QUANTITY_MAX = 999 };

/* Of the caller, or of the guest. ERR_TOKEN_MISSING: neither. */
enum err	 cart_read(struct ctx *, const char *guest,
		    struct cart *out) MUST_USE;
/* ERR_GUEST_SPENT for a guest's that was moved. */
enum err	 cart_write(struct ctx *, const char *guest,
		    const struct cart *, struct cart *out) MUST_USE;

/* ---- location.c: the caller's addresses ------------------------------------------ */

enum { LOCATIONS_MAX = 50, LOCATION_PAGE_MAX = 100 };

/* The newest first; page from 1. */
enum err	 location_list(struct ctx *, int64_t page, int64_t size,
		    struct location **, size_t *n) MUST_USE;
/* ERR_LOCATIONS_FULL: they have LOCATIONS_MAX. */
enum err	 location_add(struct ctx *, const struct location_change *,
		    struct location *out) MUST_USE;
/* ERR_NOT_FOUND: unknown, or not the caller's. */
enum err	 location_find(struct ctx *, struct uuid,
		    struct location *out) MUST_USE;
enum err	 location_change(struct ctx *, struct uuid,
		    const struct location_change *,
		    struct location *out) MUST_USE;
enum err	 location_remove(struct ctx *, struct uuid) MUST_USE;

/* ---- partner.c: customers whom a marketplace has signed in ---------------------- */

/* In bytes: with its source, an identity. */
#define PARTNER_USERNAME_MAX	 287

struct partner_customer {
	const char	*username, *name;
	const char	*email;			/* normalised */
	const char	*source;
};

struct partner_login {
	struct login	 login;
	bool		 email_differs, name_differs;	/* from what is kept */
};

/*
 * The customer of this source and username is signed in on its word; the first
 * time makes them. c->server is the partner. ERR_FORBIDDEN: another source, or
 * no scope; ERR_CUSTOMER_DISABLED; ERR_IDENTITY_CONFLICT: the tenant refuses
 * another email or name, and nothing has changed.
 */
enum err	 partner_sign_in(struct ctx *, const struct partner_customer *,
		    struct partner_login *out) MUST_USE;
/*
 * Stand at the door of the tenant that this refresh token names, unless a
 * partner at the door said which. ERR_REFRESH_WRONG, counted as a wrong secret,
 * for what cannot even be read; ERR_REFRESH_OVER; ERR_TENANT_SUSPENDED.
 */
enum err	 partner_tenant(struct ctx *, struct secret token) MUST_USE;
/*
 * As session_refresh(), and any_logout() but that a wrong token is told; the
 * tenant is the token's, where no partner at the door says which.
 */
enum err	 partner_refresh(struct ctx *, struct secret token,
		    struct login *out) MUST_USE;
enum err	 partner_logout(struct ctx *, struct secret token) MUST_USE;

/* ---- merchant.c: accounts of the platform, and the shops they run ------------- */

/*
 * Merchants are customers of the platform tenant. At their doors c->who is the
 * account, and c->tenant the shop (or the platform, where no shop is needed).
 */
struct merchant_login {
	struct login		 login;
	const struct tenant	*shop;		/* NULL: runs none */
	struct secret		 key;		/* of a shop founded just now */
};

/*
 * Open a platform session for whoever proves this address. The challenge was
 * begun in the platform, in the key's shop (c->tenant), or without a key
 * (c->tenant the platform) in the default shop. business_name NULL: what the
 * same initiator said. Founding that is not allowed is no error.
 */
enum err	 merchant_login(struct ctx *, const struct proof *,
		    const char *business_name, struct merchant_login *) MUST_USE;
/*
 * Who bears this access token of the platform, and which shop is meant: the
 * key's, or the only one. ERR_FORBIDDEN: not theirs, none, or several.
 */
enum err	 merchant_admit(struct ctx *, struct secret token,
		    const char *key, bool shop_needed) MUST_USE;
/* As session_refresh(), of a merchant's session or a customer's. */
enum err	 any_refresh(struct ctx *, struct secret token,
		    struct merchant_login *out) MUST_USE;
/* End the session that a genuine refresh token names; all else is no error. */
enum err	 any_logout(struct ctx *, struct secret token) MUST_USE;

/* ---- directory.c: a shop's customers, for who runs it --------------------------- */

enum { DIRECTORY_PAGE_MAX = 100 };

/* A page, the newest first; *more says whether another follows. */
enum err	 directory_list(struct ctx *, const struct customer_filter *,
		    struct customer **, size_t *n, bool *more) MUST_USE;
enum err	 directory_find(struct ctx *, struct uuid,
		    struct customer *) MUST_USE;
/*
 * By the merchant who is signed in, or by the operator where nobody is.
 * Disabling ends every session at once; audited. ERR_NOT_FOUND.
 */
enum err	 directory_activate(struct ctx *, struct uuid, bool active,
		    struct customer *out) MUST_USE;

/* ---- lookup.c: customers as an operator names them --------------------------------- */

/*
 * By id, by the beginning of a mail address or number, or by a partner's
 * username, whole, with or without "source:". most: how many at most.
 */
enum err	 lookup_search(struct ctx *, const char *text, int64_t most,
		    struct customer **, size_t *n) MUST_USE;
/*
 * The one who is meant: by id, by the whole address, number or username. Who
 * is found by it comes before who has it as a contact only.
 * ERR_NOT_FOUND; ERR_CONFLICT: several.
 */
enum err	 lookup_one(struct ctx *, const char *who,
		    struct customer *out) MUST_USE;

/* ---- dossier.c: all that is held of one customer -------------------------------------- */

struct dossier {
	struct customer		 customer;
	struct identity_row	*identities;
	size_t			 identities_n;
	struct session_row	*sessions;	/* the newest first */
	size_t			 sessions_n;
	size_t			 live;		/* of the sessions */
	int64_t			 signed_in_at;	/* the last time; 0: not kept */
};

struct dossier_rest {
	struct proof_row	*proofs;
	size_t			 proofs_n;
	struct place_row	*places;
	size_t			 places_n;
	struct audit_row	*events;	/* the oldest first */
	size_t			 events_n;
	struct cart		 cart;
};

/* Who they are, how they are found, where they are signed in. */
enum err	 dossier_open(struct ctx *, const struct customer *,
		    struct dossier *) MUST_USE;
/* All the rest, to be handed out; audited as "customer_exported". */
enum err	 dossier_export(struct ctx *, const struct customer *,
		    struct dossier_rest *) MUST_USE;
/*
 * Nothing of them stays but ids in the audit trail, whose addresses are taken
 * out; may be repeated. *left false: nothing was left to delete.
 * ERR_CONFLICT: an account of the platform that runs a shop.
 */
enum err	 dossier_erase(struct ctx *, struct uuid customer, bool *left)
		    MUST_USE;

/* device.c: "Firefox on Linux": what a User-Agent says of itself; NULL for NULL. */
const char	*device_name(struct arena *, const char *agent);

#endif
