/* SPDX-License-Identifier: ISC */
/* desk: a service that messages leave through, and a message for it. */

#ifndef DESK_H
#define DESK_H

#include "delivery/delivery.h"
#include "mailserver.h"
#include "test.h"

#define DESK_ID	     "01920000-0000-7000-8000-000000000007"
#define DESK_ACCOUNT "AC0123456789abcdef0123456789abcdef"

struct desk {
	struct ctx *c;
	struct conf conf;
	struct mailserver server;
};

/* A configuration with which each channel reaches tests/receiver.py. */
void desk_open(struct desk *);
void desk_close(struct desk *);
/* A file that only its owner may read; its path. */
const char *desk_secret(struct desk *, const char *name, const char *text);
struct message desk_message(enum message_kind);
/* By the channel that the configuration names; no why holds a secret. */
struct delivery_report desk_sent(struct desk *, const struct message *);
/* What the receiver wrote: "done", "faults", "last", "wire". */
const char *desk_seen(struct desk *, const char *name);
/* How it is to answer from now on. */
void desk_say(struct desk *, const char *words);

/* What a service says, and what becomes of the message. */
struct desk_answer {
	const char *say;
	enum delivery_result result;
	const char *why; /* a part of it */
};

void desk_answers(struct desk *, const struct message *,
    const struct desk_answer *, size_t n);

#endif
