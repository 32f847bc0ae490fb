/* SPDX-License-Identifier: ISC */
/* Refresh tokens: each is spent once, and a replay shows a thief. */

#include "domain/inside.h"

#include <string.h>

/*
 * A token names its session and generation; nothing that opens a door is
 * stored. Let g be the session's generation:
 *	g	is spent, and g + 1 is handed out;
 *	g - 1	within the grace gets g again: its answer was lost, or fifty
 *		requests ran at once;
 *	g - 2	within its own grace is late: 401, and nothing else;
 *	all else that is genuine was stolen, or is the thief's victim: the
 *		session ends for both.
 * What is not genuine says nothing about the session and ends nothing.
 */

enum age { AGE_PRESENT, AGE_JUST_SPENT, AGE_LATE, AGE_REUSED };

enum err
session_named(struct ctx *c, struct secret token, struct refresh_claim *claim,
    struct session *s, struct customer *u)
{
	struct refresh_claim read;
	enum err e;

	if ((e = token_refresh_read(c, token, &read)))
		return e;
	e = store_session_find(c, read.session, s, u);
	if (e == ERR_NOT_FOUND)
		return fail(c, ERR_REFRESH_WRONG, "of no session here");
	if (e || (e = token_refresh_check(c, &read, s)))
		return e;
	if (claim != NULL)
		*claim = read;
	return OK;
}

enum err
session_named_anywhere(struct ctx *c, struct secret token,
    struct refresh_claim *claim, struct session *s, struct customer *u)
{
	const struct tenant *here = c->tenant, *platform;
	enum err e;

	e = session_named(c, token, claim, s, u);
	if (e != ERR_REFRESH_WRONG || here->platform)
		return e;
	if ((e = tenant_platform(c, &platform)))
		return e == ERR_TENANT_UNKNOWN ? ERR_REFRESH_WRONG : e;
	tenant_enter(c, platform);
	if ((e = session_named(c, token, claim, s, u)))
		tenant_enter(c, here);
	return e;
}

static enum age
age_of(const struct ctx *c, int64_t generation, const struct session *s)
{
	int64_t grace = c->conf->refresh_grace_seconds * SECOND_MS;

	if (generation == s->generation)
		return AGE_PRESENT;
	if (generation == s->generation - 1 && c->now - s->rotated_at <= grace)
		return AGE_JUST_SPENT;
	if (generation == s->generation - 2 &&
	    c->now - s->rotated_before_at <= grace)
		return AGE_LATE;
	return AGE_REUSED;
}

/* Spend the present one. Somebody was faster: s is then what they left. */
static enum err
rotate(struct ctx *c, struct session *s)
{
	int64_t idle = c->now + door_terms(c->tenant, s->door).idle_ms;
	struct rotation r;
	enum err e;

	if (idle > s->expires_at)
		idle = s->expires_at;
	if ((e = store_session_rotate(c, s, idle, &r)) == ERR_DB_UNKNOWN)
		e = store_session_rotate(c, s, idle, &r);
	if (e)
		return e;
	if (r.ended_at != 0)
		return fail(c, ERR_SESSION_ENDED, "it ended just now");
	s->generation = r.generation;
	s->rotated_at = r.rotated_at;
	s->rotated_before_at = r.rotated_before_at;
	s->idle_expires_at = idle;
	return OK;
}

/* An attack, or its victim: who holds which cannot be known. */
static enum err
end_for_both(struct ctx *c, const struct session *s)
{
	enum err e;

	if ((e = session_close(c, s, "reused", true)))
		return e;
	return fail(c, ERR_REFRESH_REUSED, "a spent token came back");
}

/* The token is genuine, but what it names is over. Who repeats it is noted less. */
static enum err
refuse_ended(struct ctx *c, const struct session *s)
{
	struct audit audit = {.event = "refresh_refused",
	    .actor = "customer",
	    .customer = s->customer,
	    .session = s->id};
	bool often;
	enum err e;

	if ((e = limit_noted(c, s->id, &often)) ||
	    (!often && (e = store_audit(c, c->tenant_id, &audit))))
		return e;
	return fail(c, ERR_SESSION_ENDED, "the session is over");
}

static enum err
trade(struct ctx *c, const struct refresh_claim *claim, struct session *s,
    const struct customer *u)
{
	enum err e;

	if (s->ended_at != 0 || s->expires_at <= c->now ||
	    s->idle_expires_at <= c->now || strcmp(u->status, "active") != 0)
		return refuse_ended(c, s);
	if (age_of(c, claim->generation, s) == AGE_PRESENT) {
		if ((e = limit_pace(c, LIMIT_REFRESHES, s->generation - 1,
			 s->created_at)) ||
		    (e = rotate(c, s)))
			return e;
		if (s->generation == claim->generation + 1)
			return OK;
	}
	switch (age_of(c, claim->generation, s)) {
	case AGE_JUST_SPENT:
		return OK;
	case AGE_LATE:
		return fail(c, ERR_REFRESH_LATE, "its successor is spent too");
	default:
		return end_for_both(c, s);
	}
}

static enum err
refresh(struct ctx *c, struct secret token, struct login *out,
    enum err (*named)(struct ctx *, struct secret, struct refresh_claim *,
	struct session *, struct customer *))
{
	struct refresh_claim claim;
	struct session s;
	enum err e, over;

	*out = (struct login){0};
	e = named(c, token, &claim, &s, &out->customer);
	if (e == ERR_REFRESH_WRONG)
		return (over = limit_wrong(c)) ? over : e;
	if (e || (e = trade(c, &claim, &s, &out->customer)) ||
	    (e = token_access(c, &s, &out->customer, &out->tokens)))
		return e;
	return token_refresh(c, &s, &out->tokens.refresh);
}

enum err
session_refresh(struct ctx *c, struct secret token, struct login *out)
{
	return refresh(c, token, out, session_named);
}

enum err
session_refresh_any(struct ctx *c, struct secret token, struct login *out)
{
	return refresh(c, token, out, session_named_anywhere);
}
