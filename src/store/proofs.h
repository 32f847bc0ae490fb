/* SPDX-License-Identifier: ISC */
/* Questions about proofs: limits, challenges, the audit trail. */

#ifndef STORE_PROOFS_H
#define STORE_PROOFS_H

#include "db/db.h"

/* ---- limit.c ------------------------------------------------------------------ */

struct limit_row {
	int64_t		 kind;
	unsigned char	 subject[16];
	struct uuid	 tenant;		/* nil: of no tenant */
	int64_t		 add;			/* 0: only look; -1: give back */
	int64_t		 window_ms;
	/* answers */
	int64_t		 n, resets_at, last_at, prev_at;
};

enum { LIMIT_ROWS_MAX = 22 };

/* One autocommit statement; the rows must stand in key order. */
enum err	 store_limits_take(struct ctx *, struct limit_row *,
		    size_t n) MUST_USE;

/* ---- challenge.c ---------------------------------------------------------------- */

struct challenge {
	struct uuid	 id;
	const char	*channel;		/* email|phone */
	const char	*destination;		/* normalised */
	const char	*user_type;		/* "", customer, merchant */
	const char	*business_name;		/* NULL: none was said */
	unsigned char	 begun_from[16];
	int64_t		 pepper;		/* master version */
	struct bytes	 code_hash;		/* {NULL, 0}: link only */
	struct bytes	 link_hash;		/* or a long code's */
	bool		 fresh_number;		/* never proven here */
	int64_t		 tries_max;
	int64_t		 code_expires_at, expires_at;
};

struct outgoing {		/* the outbox row it comes with, of the same id */
	const char	*kind;			/* email|sms|whatsapp */
	struct bytes	 payload;		/* sealed */
	int64_t		 expires_at;		/* of no use from then on */
};

/*
 * In one transaction and one trip: the older one begun from there dies, and its
 * message is suppressed if it still waits; the
 * tries of those alive are inherited, beyond three codes alive the oldest is
 * forgotten (its link lives on: whoever floods, the first mail still opens),
 * and the message is queued (suppressed for a disabled customer).
 */
enum err	 store_challenge_begin(struct ctx *, const struct challenge *,
		    const struct outgoing *) MUST_USE;

struct challenge_try {
	const char	*channel, *destination;
	struct bytes	 subject;		/* limits: 16 bytes */
	int64_t		 tries_max;
	int64_t		 hour_kind, hour_max, hour_ms;
	int64_t		 row_kind, row_max, row_ms;
};

struct live_code {
	struct uuid	 id;
	struct bytes	 code_hash;
	int64_t		 pepper;
	const char	*user_type;
	const char	*business_name;
	unsigned char	 begun_from[16];
	int64_t		 resets_at;		/* != 0: code entry is off */
};

enum { LIVE_MAX = 3 };

/*
 * Count one try against all live codes of this destination, committed, in one
 * trip; answers those that were counted (none: n 0). When code entry is off:
 * one row that says until when, and nothing counted.
 */
enum err	 store_challenge_try(struct ctx *, const struct challenge_try *,
		    struct live_code **, size_t *n) MUST_USE;
/* A live one by its link's hash. */
enum err	 store_challenge_by_link(struct ctx *, struct bytes hash,
		    struct challenge *) MUST_USE;

struct phone_standing {
	bool		 proven;		/* here, at some time */
	int64_t		 sent, used;		/* of the last codes to fresh numbers */
};

enum err	 store_phone_standing(struct ctx *, const char *phone,
		    int64_t of_last, struct phone_standing *) MUST_USE;

/* ---- audit.c -------------------------------------------------------------------------- */

struct audit {
	const char	*event;			/* snake_case, fixed */
	bool		 ok;
	const char	*actor;			/* customer|operator|… */
	struct uuid	 customer, session;	/* nil: none */
	const char	*detail;
};

enum err	 store_audit(struct ctx *, struct uuid tenant,
		    const struct audit *) MUST_USE;

struct audit_row {
	struct uuid	 tenant, id;
	const char	*slug;			/* the tenant's; NULL: none */
	int64_t		 at;
	const char	*event, *result, *actor;
	struct uuid	 customer, session;	/* nil: none */
	const char	*address, *request, *detail;
};

struct audit_filter {
	struct uuid	 tenant;		/* nil: of all */
	struct uuid	 customer;		/* of that tenant; nil: any */
	const char	*event, *result;	/* NULL: any */
	int64_t		 since;			/* from this time on; 0: any */
	bool		 oldest;		/* first, or the newest */
	int64_t		 most;
};

enum err	 store_audit_list(struct ctx *, const struct audit_filter *,
		    struct audit_row **, size_t *n) MUST_USE;

/* ---- odd.c: patterns in the trail that somebody should look at ------------------------ */

struct odd_limits {
	int64_t		 since;			/* ms */
	int64_t		 emails;		/* of one partner's customer */
	int64_t		 first_signins;		/* in ten minutes, by one actor */
	int64_t		 refusals;		/* of one key, in an hour */
};

struct odd_row {
	const char	*pattern;		/* many_emails|burst|refusals */
	const char	*shop;			/* slug; NULL: none */
	const char	*subject;		/* a username, or an actor */
	int64_t		 n, first_at, last_at;
};

/* The most numerous first. */
enum err	 store_odd(struct ctx *, const struct odd_limits *,
		    struct odd_row **, size_t *n) MUST_USE;

#endif
