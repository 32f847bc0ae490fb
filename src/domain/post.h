/* SPDX-License-Identifier: ISC */
/* Rules about messages, and what runs beside the requests. */

#ifndef DOMAIN_POST_H
#define DOMAIN_POST_H

#include "crypto/crypto.h"
#include "delivery/delivery.h"
#include "store/store.h"

/* ---- letter.c: what a message says, sealed until the courier opens it ------------------------ */

struct letter {
	const char	*name;			/* template: "signin" */
	const char	*locale;		/* that was asked for, or NULL */
	const char	*shop, *from;
	const char	*code, *link, *host;	/* code NULL: link only, and so on */
	int64_t		 minutes;
	const char	*fallback;		/* of WhatsApp: "sms"; NULL none */
	const char	*shop_locale;		/* where nobody says another */
};

struct bytes	 letter_seal(struct ctx *, const struct uuid *outbox,
		    const struct letter *);
enum err	 letter_open(struct ctx *, const struct uuid *outbox,
		    struct bytes sealed, struct letter *out) MUST_USE;
/*
 * The language to write it in: the one that was asked for, else the customer's,
 * else the shop's, as far as there are templates; else en.
 */
const char	*letter_language(const struct ctx *, const struct letter *,
		    const char *customer_locale);

/* ---- letterbox.c: who may see what was sent, while it is developed ---------- */

/*
 * May this caller read the development inbox? Only from the machine itself, in
 * environment development or test, and where messages are files.
 */
bool		 letterbox_is_open(const struct ctx *, bool local);

/* ---- courier.c, migrate.c: what runs beside the requests ------------------------------------ */

enum { COURIER_BATCH = 20 };

struct courier_round {
	uint64_t	 sent, later, dead, expired, purged;
};

/* Deliver what is due of this kind, at most a batch; what it did is added. */
enum err	 courier_deliver(struct ctx *, enum message_kind,
		    struct courier_round *) MUST_USE;
/*
 * Purge what has expired, and erase deleted shops whose grace is over, a few
 * batches at a time.
 */
enum err	 courier_tidy(struct ctx *, struct courier_round *) MUST_USE;
/*
 * Hand over this one message now, an SMS in WhatsApp's place too, if nobody
 * else has it in hand: in five seconds, and what is left of INLINE_LEASE_MS is
 * for noting that it went. Whoever runs this may die: then, after that time,
 * the courier has it. ERR_NOT_FOUND: it is not waiting.
 */
enum { INLINE_LEASE_MS = 30 * 1000 };
enum err	 courier_run_one(struct ctx *, struct uuid outbox) MUST_USE;
/* From a signal's handler: finish the message in hand, give back the rest. */
void		 courier_stop(void);

/*
 * Bring the database to today's schema from the files in dir (schema.sql for
 * an empty one, then numbered files): safe to run twice, and by two at once.
 */
enum err	 migrate(struct ctx *, const char *dir, int64_t *applied)
		    MUST_USE;

/*
 * The scripts in dir that the database has not behind it, and steps behind it
 * that dir does not know; NULL: none. ERR_IO: dir cannot be read.
 */
enum err	 migrations_compare(struct ctx *, const char *dir,
		    const char **missing, const char **unknown) MUST_USE;

/* schema.c: the tables as they are, against those of a script like schema.sql. */
enum { SCHEMA_FAULTS_MAX = 32 };

struct schema_faults {
	const char	*list[SCHEMA_FAULTS_MAX];	/* sentences */
	size_t		 n;
	size_t		 tables, columns;	/* that there should be */
};

enum err	 schema_compare(struct ctx *, const char *script,
		    struct schema_faults *) MUST_USE;

/* probe.c: a word that shows a worker that the installation's doctor asks. */
#define PROBE_LIFE_MS	 (60 * SECOND_MS)

/* Of now, from the newest master key; letters that a path may have. */
enum err	 probe_word(struct ctx *, const char **out) MUST_USE;
/* Made with our key, and less than PROBE_LIFE_MS from now. */
bool		 probe_word_valid(struct ctx *, const char *);

/* ---- odd.c: what in the trail somebody should look at -------------------------- */

#define ODD_EMAILS	 3	/* other addresses stated for one partner's customer */
#define ODD_SIGNINS	 100	/* first sign-ins in ten minutes, by one actor */
#define ODD_REFUSALS	 20	/* refusals of one key in an hour */

/* Since this time (ms). */
enum err	 odd_list(struct ctx *, int64_t since, struct odd_row **,
		    size_t *n) MUST_USE;

/* ---- webhook.c, herald.c: whom a shop wants told, and telling them ----------- */

struct webhook_event_kind {
	const char	*name;			/* "customer.created" */
	const char	*about;
};

extern const struct webhook_event_kind webhook_event_kinds[];	/* NULL ends */

struct webhook_new {
	const char	*url;
	const char	*events;		/* with commas; NULL: all */
	const char	*headers;		/* lines "Name: value"; NULL: none */
};

struct webhook_made {
	struct uuid	 id;
	struct secret	 secret;		/* shown only here */
};

/* All of c->tenant's; audited. ERR_USAGE with a sentence in *why. */
enum err	 webhook_create(struct ctx *, const struct webhook_new *,
		    struct webhook_made *, const char **why) MUST_USE;
/* ERR_NOT_FOUND: none, or just so already. */
enum err	 webhook_active(struct ctx *, struct uuid, bool active) MUST_USE;
enum err	 webhook_remove(struct ctx *, struct uuid) MUST_USE;
/* Queue again what died; how many. */
enum err	 webhook_retry(struct ctx *, struct uuid, uint64_t *n) MUST_USE;

struct herald_round {
	uint64_t	 told, later, dead;
};

enum { WEBHOOK_HEADERS = 16 };

/*
 * Tell what is due, some of each webhook: at once, then as its schedule has
 * it. Nothing told, put off or dead: nothing is due, or those who are rest.
 */
enum err	 herald_run(struct ctx *, struct herald_round *out) MUST_USE;
/* From a signal's handler: finish the one in hand, give back the rest. */
void		 herald_stop(void);

/* counter.c: remember a refusal that touched nobody (404, 405, 429 …) … */
void		 count_refusal(enum err);
/* … and add what was remembered to its hour's rows, every 10 s or at once. */
void		 counters_flush(struct ctx *, bool at_once);

/* ---- metrics.c: what a monitor is told ---------------------------------------- */

enum { METRICS_MAX = 192, METRICS_KEPT_MS = 10 * 1000 };

struct metric {
	const char	*what;		/* of the table of metrics.c */
	char		 label[48];	/* a kind, an event, a table; or "" */
	int64_t		 value;
};

struct metrics {
	int64_t		 read_at;	/* 0: not yet */
	size_t		 n;
	struct metric	 list[METRICS_MAX];	/* in no order */
};

/* May who calls from c->address read them? */
bool		 metrics_open(const struct ctx *);
/* What this process knew ten seconds ago, or knows now. */
enum err	 metrics_read(struct ctx *, const struct metrics **) MUST_USE;

#endif
