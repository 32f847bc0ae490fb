/* SPDX-License-Identifier: ISC */
/* Questions about customers: who they are, sessions, carts. */

#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "db/db.h"

/* ---- customer.c -------------------------------------------------------------- */

struct customer {
	struct uuid	 id;
	const char	*status;		/* active|disabled */
	const char	*email;
	int64_t		 email_proven_at;	/* 0: only stated */
	const char	*phone;
	int64_t		 phone_proven_at;
	const char	*full_name, *first_name, *last_name;
	const char	*address;
	const char	*id_number;
	const char	*date_of_birth;		/* YYYY-MM-DD */
	const char	*nationality;
	const char	*profile_url;
	const char	*locale;		/* "pt-BR"; NULL: not known */
	const char	*source, *username;	/* of the partner who brought them */
	const char	*email_source, *name_source;	/* which partner said so */
	const char	*secondary_phone;
	int64_t		 created_at, updated_at;
};

struct customer_change {
	struct change	 phone;			/* a contact: only if not proven */
	struct change	 full_name, first_name, last_name;
	struct change	 address, id_number;
	struct change	 date_of_birth, nationality;
	struct change	 profile_url, locale;
	struct change	 secondary_phone;
};

/*
 * Change what is given, audited, and answer the customer as it is then.
 * ERR_NOT_FOUND: nobody active, or the phone is a proven one.
 */
enum err	 store_customer_change(struct ctx *, struct uuid id,
		    struct uuid session, const struct customer_change *,
		    struct customer *out) MUST_USE;
/* active|disabled, audited; disabling ends every session. ERR_NOT_FOUND. */
enum err	 store_customer_status(struct ctx *, struct uuid id,
		    const char *status, const char *actor) MUST_USE;
struct customer_filter {
	const char	*search;		/* prefix of email or phone; NULL */
	const char	*status;		/* NULL: any */
	struct uuid	 before;		/* the last one's id; nil: begin */
	int64_t		 most;
};

/* The newest first. */
enum err	 store_customer_list(struct ctx *,
		    const struct customer_filter *, struct customer **,
		    size_t *n) MUST_USE;
enum err	 store_customer_find(struct ctx *, struct uuid id,
		    struct customer *) MUST_USE;
enum err	 store_customer_by_identity(struct ctx *, const char *kind,
		    const char *value, struct customer *) MUST_USE;

/* ---- lookup.c ------------------------------------------------------------------- */

struct lookup {
	const char	*address;		/* mail or phone, as it is stored */
	bool		 prefix;		/* the beginning of one */
	const char	*username;		/* at a partner; or "source:username" */
	int64_t		 most;
};

struct lookup_row {
	struct customer	 customer;
	bool		 own;			/* by an identity, not a contact */
};

/* Those found by an identity first, then the newest. */
enum err	 store_lookup(struct ctx *, const struct lookup *,
		    struct lookup_row **, size_t *n) MUST_USE;

/* ---- dossier.c: all that is held of one customer ---------------------------------- */

struct identity_row {
	const char	*kind, *value;		/* email|phone|partner */
	int64_t		 proven_at, created_at;	/* proven_at 0: only stated */
};

struct proof_row {				/* a code or link that was sent */
	const char	*channel, *destination;
	unsigned char	 begun_from[16];
	int64_t		 created_at, expires_at, spent_at;
};

struct place_row {
	struct uuid	 id;
	const char	*type, *address1, *address2, *city_name, *postal_code;
	const char	*country_code, *latitude, *longitude;
	const char	*formatted_address, *description;
	int64_t		 created_at, updated_at;
};

enum err	 store_dossier_identities(struct ctx *, struct uuid customer,
		    struct identity_row **, size_t *n) MUST_USE;
enum err	 store_dossier_proofs(struct ctx *, struct uuid customer,
		    struct proof_row **, size_t *n) MUST_USE;
enum err	 store_dossier_places(struct ctx *, struct uuid customer,
		    struct place_row **, size_t *n) MUST_USE;
/* Take the address out of a batch of their audit events; n 0: of all. */
enum err	 store_dossier_forget(struct ctx *, struct uuid customer,
		    int64_t batch, uint64_t *n) MUST_USE;
/* Every row of theirs but the audit trail, audited; n 0: nothing was left. */
enum err	 store_dossier_erase(struct ctx *, struct uuid customer,
		    const char *actor, int64_t *n) MUST_USE;

/* ---- signin.c: spend, admit, open, move the cart: one transaction, one trip -- */

struct session {
	struct uuid	 id, customer, challenge, client;
	const char	*door;			/* "B" */
	const char	*amr, *idp;		/* amr: blank-separated */
	unsigned char	 salt[16];
	int64_t		 generation;
	int64_t		 rotated_at, rotated_before_at;
	const char	*device, *address;
	int64_t		 authenticated_at, created_at, seen_at;
	int64_t		 idle_expires_at, expires_at, ended_at;
};

struct signin {
	struct session	*session;		/* to open; customer is filled in */
	struct uuid	 begun_at;		/* the challenge's tenant */
	const char	*kind, *value;		/* the identity just proven */
	struct uuid	 bearer;		/* nil, or: add it to this customer */
	const char	*stated_phone;		/* NULL, or a contact at most */
	struct uuid	 guest_cart;		/* nil: none */
	struct uuid	 new_customer;		/* its id, should there be one */
	int64_t		 cart_expires_at;
	int64_t		 sessions_max;
	const char	*locale;		/* theirs, if they have none; NULL */
	struct signin_limits {			/* what the proof gives back */
		int64_t		 hour, row, pause, prefix, address; /* kinds */
		int64_t		 known, known_until;	/* pair: from here on */
		const unsigned char *subject, *pair, *phone_prefix, *client;
		int64_t		 back;		/* tries given back to the hour */
	} give;
};

enum signin_outcome {
	SIGNIN_OPENED, SIGNIN_SPENT, SIGNIN_DISABLED, SIGNIN_TAKEN
};

struct signed_in {
	int64_t		 outcome;
	bool		 created;
	int64_t		 moved, clamped;	/* cart lines */
	struct customer	 customer;
};

/* ERR_CONFLICT: somebody admitted the same identity just now; do it again. */
enum err	 store_signin(struct ctx *, const struct signin *,
		    struct signed_in *) MUST_USE;

/* ---- partner.c: a partner's customer: one transaction, one trip ---------------- */

struct partner_signin {
	struct session	*session;		/* to open; customer is filled in */
	const char	*value;			/* "source:username" */
	const char	*source, *username;
	const char	*email, *name;
	const char	*email_mark;		/* 16 digits that stand for it */
	const char	*policy;		/* keep|update|refuse */
	bool		 vouched;		/* the source's word proves email */
	const char	*actor;
	struct uuid	 new_customer;		/* its id, should there be one */
	int64_t		 sessions_max;
};

enum partner_outcome { PARTNER_OPENED, PARTNER_DISABLED, PARTNER_CONFLICT };

struct partner_in {
	int64_t		 outcome;
	bool		 created;
	bool		 email_differs, name_differs;	/* from what is kept */
	struct customer	 customer;
};

/* ERR_CONFLICT: the same customer came in just now; do it again. */
enum err	 store_partner_signin(struct ctx *,
		    const struct partner_signin *, struct partner_in *) MUST_USE;

/* ---- session.c -------------------------------------------------------------------- */

/* Everything a request with a customer's token needs: one question by keys. */
struct presence {
	struct session		 session;
	struct customer		 customer;
	struct tenant_row	 tenant;
	struct uuid		 key_tenant;	/* of the API key sent, or nil */
};

/* key_hash {NULL, 0}: no key was sent. ERR_NOT_FOUND. */
enum err	 store_presence(struct ctx *, struct uuid tenant,
		    struct uuid session, struct bytes key_hash,
		    struct presence *) MUST_USE;
enum err	 store_session_find(struct ctx *, struct uuid id,
		    struct session *, struct customer *) MUST_USE;

struct rotation {
	int64_t		 rotated;		/* 1: by this call */
	int64_t		 generation, rotated_at, rotated_before_at, ended_at;
};

/* One trip: if `from` is the present generation, the next one is; audited. */
enum err	 store_session_rotate(struct ctx *, const struct session *from,
		    int64_t idle_expires_at, struct rotation *) MUST_USE;
struct session_ending {
	struct uuid	 customer, id;
	const char	*reason;		/* "signed_out", "reused" … */
	bool		 attack;		/* audited as a refusal */
	const char	*actor;			/* NULL: the customer */
};

/* End one, audited; n is 0 when it was over already. */
enum err	 store_session_end(struct ctx *, const struct session_ending *,
		    int64_t *n) MUST_USE;
/* End all of that customer's but the one with this id. */
enum err	 store_session_end_others(struct ctx *,
		    const struct session_ending *, int64_t *n) MUST_USE;
/* End all of that customer's. */
enum err	 store_session_end_all(struct ctx *,
		    const struct session_ending *, int64_t *n) MUST_USE;
enum err	 store_session_list(struct ctx *, struct uuid customer,
		    struct session **, size_t *n) MUST_USE;

struct session_row {
	struct session	 session;
	const char	*end_reason;		/* NULL: not ended by anybody */
	const char	*email, *phone;		/* of its customer */
};

/* The newest that live, of the whole shop. */
enum err	 store_session_live(struct ctx *, int64_t most,
		    struct session_row **, size_t *n) MUST_USE;
/* All that is kept of one customer's, the newest first. */
enum err	 store_session_history(struct ctx *, struct uuid customer,
		    struct session_row **, size_t *n) MUST_USE;

/* ---- cart.c -------------------------------------------------------------------------- */

struct cart_line {
	const char	*product_id, *variant_id;
	int64_t		 quantity;
	const char	*attributes;		/* JSON map, or NULL */
};

struct cart {
	bool		 spent;			/* a guest's that was moved */
	struct cart_line *lines;
	size_t		 n;
};

enum err	 store_cart_read(struct ctx *, struct uuid id,
		    struct cart *) MUST_USE;
/* Replace the lines (lines: a JSON list). ERR_GUEST_SPENT: it was moved. */
enum err	 store_cart_write(struct ctx *, struct uuid id, bool guest,
		    const char *lines, int64_t expires_at) MUST_USE;

/* ---- location.c: a customer's addresses; one trip each ----------------------------- */

struct location {
	struct uuid	 id;
	const char	*type;			/* home|work|friend_house|other */
	const char	*address1, *address2;
	const char	*city_name, *postal_code;
	const char	*country_code;		/* "NG" */
	const char	*latitude, *longitude;	/* decimal: "52.229676" */
	const char	*formatted_address, *description;
	int64_t		 created_at, updated_at;
};

struct location_change {
	const char	*type;			/* NULL: as it is */
	struct change	 address1, address2;
	struct change	 city_name, postal_code, country_code;
	struct change	 latitude, longitude;
	struct change	 formatted_address, description;
};

/* Which, whose, and by which session (for the audit). */
struct location_key {
	struct uuid	 customer, session, id;
};

/* ERR_NOT_FOUND: no such customer, or they have `most` already. */
enum err	 store_location_add(struct ctx *, const struct location_key *,
		    int64_t most, const struct location_change *,
		    struct location *out) MUST_USE;
/* ERR_NOT_FOUND when it is not theirs, as of all below. */
enum err	 store_location_change(struct ctx *,
		    const struct location_key *,
		    const struct location_change *,
		    struct location *out) MUST_USE;
enum err	 store_location_remove(struct ctx *,
		    const struct location_key *) MUST_USE;
enum err	 store_location_find(struct ctx *, const struct location_key *,
		    struct location *out) MUST_USE;

struct location_page {
	struct uuid	 customer;
	int64_t		 page, size;		/* from 1 */
};

/* The newest first. */
enum err	 store_location_list(struct ctx *,
		    const struct location_page *, struct location **,
		    size_t *n) MUST_USE;

#endif
