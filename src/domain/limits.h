/* SPDX-License-Identifier: ISC */
/* How often what may be done, and by whom. */

#ifndef DOMAIN_LIMITS_H
#define DOMAIN_LIMITS_H

#include "store/store.h"

/* ---- limit.c: every limit in one table ------------------------------------------ */

enum limit_kind {
	LIMIT_ADDRESS_SENDS = 1,	/* sends per client address, an hour */
	LIMIT_ADDRESS_WRONG,		/* wrong secrets per client address */
	LIMIT_SEND_PAUSE,		/* per identifier and address */
	LIMIT_PAIR_HOUR, LIMIT_PAIR_DAY,
	LIMIT_SENDS_HOUR, LIMIT_SENDS_DAY,	/* per identifier */
	LIMIT_TENANT_MAILS, LIMIT_TENANT_SMS, LIMIT_PLATFORM_SENDS,
	LIMIT_PREFIX,			/* unused codes to fresh numbers */
	LIMIT_CODE_HOUR, LIMIT_CODE_ROW,	/* wrong codes per identifier */
	LIMIT_FOUNDING,			/* shops per client address, a day */
	LIMIT_PAIR_KNOWN,		/* signed in from that address lately */
	LIMIT_KEY,			/* uses of one API key, a minute */
	LIMIT_TENANT,			/* requests to one tenant, a minute */
	LIMIT_REFUSED,			/* noted of one key or session */
	LIMIT_WRITES,			/* by one customer, a minute */
	LIMIT_REFRESHES,		/* of one session, an hour; not counted */
	LIMIT_COUNT
};

/* For so long after a sign-in its address is known for that identifier. */
#define LIMIT_KNOWN_MS		 (90 * DAY_MS)

struct limit {
	const char	*name;		/* "sends-per-address", in RateLimit */
	int64_t		 max;
	int64_t		 window_ms;
	int64_t		 pause_ms;	/* doubling; 0: none */
	bool		 by_address;	/* belongs to no tenant; factor applies */
};

extern const struct limit limits[LIMIT_COUNT];

/* What it allows this tenant, as things are set now; INT32_MAX: any number. */
int64_t		 limit_most(const struct ctx *, enum limit_kind,
		    const struct tenant *);
/* What the answer's RateLimit headers say when one was over. */
struct limit_state {
	const char	*name;
	int64_t		 max, window_seconds, retry_after_seconds;
};

struct limit_use {
	enum limit_kind	 kind;
	const char	*a, *b;		/* what is counted: one or two texts */
	int64_t		 max;		/* 0: the table's */
	bool		 look;		/* only look, count nothing */
	int64_t		 n;		/* answer: the count */
	const struct limit_use *pardon;	/* if its n > 0, this never refuses */
};

/*
 * Count all of them in one statement, or none when one is over: ERR_TOO_MANY,
 * with c->limits saying which and for how long.
 */
enum err	 limits_take(struct ctx *, struct limit_use *, size_t n)
		    MUST_USE;
/* 16 bytes in the arena that stand for what is counted. */
struct bytes	 limit_subject(struct ctx *, const char *a, const char *b);
/* Of this client's address: the gate's step. */
enum err	 limit_address(struct ctx *, enum limit_kind) MUST_USE;
/*
 * Of the key that was sent, and of the tenant: the gate's last step. With a
 * customer's token that customer's writes are counted instead, and no reads.
 */
enum err	 limit_keyed(struct ctx *, bool writes) MUST_USE;
/* One more use of this server's key. */
enum err	 limit_key(struct ctx *, const struct server *) MUST_USE;
/* A wrong secret where nothing was counted before it (refresh, link). */
enum err	 limit_wrong(struct ctx *) MUST_USE;
/*
 * Of what keeps count by itself: so many were used since then. All at once at
 * first, and then one at a time. ERR_TOO_MANY.
 */
enum err	 limit_pace(struct ctx *, enum limit_kind, int64_t used,
		    int64_t since) MUST_USE;
/* One more refusal of this key or session: more of a minute than the trail needs? */
enum err	 limit_noted(struct ctx *, struct uuid of, bool *often) MUST_USE;

#endif
