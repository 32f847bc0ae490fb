/* SPDX-License-Identifier: ISC */
/* Signing in: a proof becomes a session. */

#include "domain/inside.h"

#include <string.h>

enum { SIGNIN_TRIES = 3 };

#define ALL_TRIES    INT32_MAX
#define CART_LIFE_MS (400 * DAY_MS)

/* What is opened should the proof be good. */
static void
proof_session(struct ctx *c, const struct proof *p, const struct proven *proven,
    struct session *out)
{
	bool mail = p->channel == CHANNEL_EMAIL;

	session_draft(c, "B", out);
	out->challenge = proven->challenge;
	out->client = c->tenant->key_id;
	out->amr = mail ? "otp" : "otp sms";
	out->idp = channel_kind_name(p->channel);
}

/* A right code gives its one try back; a link clears the counts. */
static void
gives_back(struct ctx *c, const struct proof *p, const struct proven *proven,
    struct signin_limits *out)
{
	const char *who = challenge_subject(c, p->channel, p->destination);
	const char *from = limit_client(c);

	*out = (struct signin_limits){.hour = LIMIT_CODE_HOUR,
	    .row = LIMIT_CODE_ROW,
	    .pause = LIMIT_SEND_PAUSE,
	    .prefix = LIMIT_PREFIX,
	    .address = LIMIT_ADDRESS_WRONG,
	    .known = LIMIT_PAIR_KNOWN,
	    .known_until = c->now + LIMIT_KNOWN_MS,
	    .subject = limit_subject(c, who, NULL).p,
	    .pair = limit_subject(c, who, from).p,
	    .client = limit_subject(c, from, NULL).p,
	    .back = proven->by_link ? ALL_TRIES : 1};
	if (p->channel == CHANNEL_PHONE)
		out->phone_prefix =
		    limit_subject(c, phone_prefix(c, p->destination), NULL).p;
}

/* Was our session opened after all? Then the answer is as if we had been told. */
static enum err
opened_already(struct ctx *c, const struct signin *in, struct signed_in *out)
{
	struct session opened;

	*out = (struct signed_in){.outcome = SIGNIN_OPENED};
	return store_session_find(c, in->session->id, &opened, &out->customer);
}

/*
 * Once, and again when somebody admitted the same person in the same moment.
 * When nobody knows whether it was committed, or the challenge turns out to be
 * spent, the session's id tells whether it was us.
 */
static enum err
sign_in(struct ctx *c, const struct signin *in, struct signed_in *out)
{
	enum err e = ERR_CONFLICT;
	bool spent;
	int tries;

	for (tries = 0; tries < SIGNIN_TRIES; tries++) {
		e = store_signin(c, in, out);
		if (e == ERR_CONFLICT)
			continue;
		spent = e == OK && out->outcome == SIGNIN_SPENT;
		if (!spent && e != ERR_DB_UNKNOWN)
			return e;
		if ((e = opened_already(c, in, out)) != ERR_NOT_FOUND)
			return e;
		out->outcome = SIGNIN_SPENT;
		if (spent)
			return OK;
	}
	return e == ERR_NOT_FOUND ? ERR_CODE_WRONG : e;
}

static enum err
outcome(struct ctx *c, const struct signed_in *in)
{
	switch (in->outcome) {
	case SIGNIN_OPENED:
		return OK;
	case SIGNIN_DISABLED:
		return fail(c, ERR_CODE_WRONG, "the customer is disabled");
	case SIGNIN_TAKEN:
		return fail(c, ERR_CONFLICT, "it is another customer's");
	default:
		return fail(c, ERR_CODE_WRONG, "spent by somebody else");
	}
}

enum err
login_open(struct ctx *c, const struct proof *p, const struct proven *proven,
    struct signin *in, struct login *out)
{
	struct session session;
	struct signed_in done;
	enum err e;

	proof_session(c, p, proven, &session);
	in->session = &session;
	in->begun_at = proven->tenant;
	in->kind = channel_kind_name(p->channel);
	in->value = p->destination;
	in->new_customer = uuid_make(c->now);
	in->cart_expires_at = c->now + CART_LIFE_MS;
	in->sessions_max = door_terms(c->tenant, "B").sessions_max;
	in->locale = c->locale;
	gives_back(c, p, proven, &in->give);
	if ((e = sign_in(c, in, &done)) || (e = outcome(c, &done)))
		return e;
	*out = (struct login){.customer = done.customer,
	    .created = done.created,
	    .moved = done.moved,
	    .clamped = done.clamped};
	log_event(c, LOG_INFO, done.created ? "signed_up" : "signed_in",
	    "by %s", proven->by_link ? "link" : "code");
	if ((e = token_access(c, &session, &out->customer, &out->tokens)))
		return e;
	return token_refresh(c, &session, &out->tokens.refresh);
}

enum err
login_by_proof(struct ctx *c, const struct proof *p, const char *guest,
    const char *stated_phone, struct login *out)
{
	struct signin in = {.stated_phone = stated_phone};
	struct proven proven;
	enum err e;

	if (c->who != NULL) {
		if ((e = session_fresh(c)))
			return e;
		in.bearer = c->who->customer.id;
	}
	if ((e = challenge_check(c, p, &proven)) ||
	    (e = guest_cart(c, guest, &in.guest_cart)) ||
	    (e = login_open(c, p, &proven, &in, out)))
		return e;
	out->cart = guest != NULL;
	return OK;
}
