/* SPDX-License-Identifier: ISC */
/* street: a database with one tenant in it, and rows to begin with. */

#ifndef STREET_H
#define STREET_H

#include "store/store.h"
#include "test.h"

/* c->tenant_id is that tenant's. */
struct ctx	*street_open(void);
struct uuid	 street_tenant(struct ctx *, const char *slug);

/* A challenge for this mail address, as begun from this client address. */
struct challenge street_challenge(struct ctx *, const char *to,
		    const char *code, unsigned char from);
/* The challenge and an outbox row with it; answers the challenge's id. */
struct uuid	 street_begin(struct ctx *, const char *to, const char *code,
		    unsigned char from);
/* Sign in by a new challenge for that address. */
struct signed_in street_sign_in(struct ctx *, const char *to,
		    struct session *);
struct session	 street_session(struct ctx *, struct uuid challenge);
/* A webhook of this tenant that wants these events, or all of them if NULL. */
struct uuid	 street_webhook(struct ctx *, const char *events);
/* An event for it of this customer (0: of nobody), due now. */
void		 street_event(struct ctx *, struct uuid webhook,
		    unsigned customer, const char *name);
/* For five minutes. */
struct outbox_lease street_lease(struct ctx *);
/* Names of what is leased for it, in their order; rows may be NULL. */
const char	*street_claimed(struct ctx *, struct uuid webhook,
		    const struct outbox_lease *, struct webhook_event **rows);
/* What webhooks were told, the oldest first: "event detail\n…". */
const char	*street_told(struct ctx *);
/* One number out of the database, by a statement of the test's own. */
int64_t		 street_count(struct ctx *, const char *sql);

/* The room's statement of that table of statements that holds this text. */
const struct stmt *street_stmt(const char *table, const char *text);
/* Fail unless each table of the server's plan is read by a key, this many rows. */
void		 street_keyed(struct ctx *, const struct stmt *, struct args,
		    int64_t most);
/* How many rows and index entries this connection has read so far. */
int64_t		 street_reads(struct ctx *);
/* Ten thousand more shops, each with keys, a member, a customer, a session. */
void		 street_crowd(struct ctx *);
/* The id of the nth of them, and of its customer and session. */
struct uuid	 street_nth(unsigned n);

#define ck_ok(e) ck_assert_msg((e) == OK, "%s", err_name(e))

/* Lease up to most messages of this kind; how many there are. */
size_t		 street_claim(struct ctx *, const struct outbox_lease *,
		    const char *kind, int64_t most, struct outbox_row **);

#endif
