/* SPDX-License-Identifier: ISC */
/* The courier: delivers what is due, and clears away what has expired. */

#include <signal.h>
#include <string.h>

#include "delivery/delivery.h"
#include "domain/inside.h"

enum {
	PURGE_BATCH = 500,
	ERASE_BATCHES = 4, /* a round */
	TRIES_MAX = 8,
	WHATSAPP_TRIES_MAX = 2, /* where there is an SMS instead */
	LEASE_MS = 120 * 1000,
	SEND_MS = 60 * 1000, /* no delivery takes longer */
	INLINE_SEND_MS = 5 * 1000,
	RECORD_PAUSE_MS = 500,
	JITTER_PERCENT = 10,
	WHY_MAX = 200 /* bytes */
};

/* After the first failure, the second, and so on; then always the last. */
static const int64_t pauses_ms[] = {10 * SECOND_MS, 30 * SECOND_MS,
    60 * SECOND_MS, 120 * SECOND_MS, 240 * SECOND_MS, 480 * SECOND_MS};

struct parcel {
	const struct outbox_row *row;
	struct outbox_lease lease;
	struct delivery_report report;
	struct courier_round *round;
};

static volatile sig_atomic_t stop;

void
courier_stop(void)
{
	stop = 1;
}

/* ---- what a message says ------------------------------------------------- */

static struct delivery_report
report(enum delivery_result result, const char *why)
{
	return (struct delivery_report){result, why};
}

static enum err
message_make(struct ctx *c, const struct outbox_row *row, struct message *out)
{
	struct letter l;
	enum err e;

	if ((e = letter_open(c, &row->id, row->payload, &l)))
		return e;
	l.locale = letter_language(c, &l, row->locale);
	out->id = row->id;
	out->from = l.from;
	out->from_name = l.shop;
	out->code = l.code;
	out->locale = l.locale;
	out->to = row->destination;
	return message_render(c, l.locale, l.name,
	    (struct slot[]){{"shop", l.shop}, {"code", l.code},
		{"link", l.link}, {"host", l.host},
		{"minutes",
		    arena_print(c->arena, "%lld", (long long)l.minutes)},
		{NULL, NULL}},
	    out);
}

/*
 * A payload that is not ours will never be: NEVER. Missing templates are the
 * operator's to mend in time: LATER.
 */
static struct delivery_report
row_send(struct ctx *c, const struct outbox_row *row)
{
	struct delivery_report out = report(DELIVERY_NEVER, "");
	const struct channel *channel;
	struct message m = {0};
	enum err e;

	if (!message_kind_read(row->kind, &m.kind))
		return report(DELIVERY_NEVER, "a message of unknown kind");
	if (!(channel = channel_for(c->conf, m.kind)))
		return report(DELIVERY_NEVER,
		    arena_print(c->arena, "%s_channel = none", row->kind));
	if (!row->destination || !row->payload.p)
		return report(DELIVERY_NEVER, "the message was emptied");
	if ((e = message_make(c, row, &m)))
		return report(e == ERR_IO ? DELIVERY_LATER : DELIVERY_NEVER,
		    e == ERR_IO ? "no template"
				: "the message cannot be opened");
	channel->send(c, &m, &out);
	return out;
}

/* ---- how it went ---------------------------------------------------------- */

const char *
courier_why(struct ctx *c, const char *why)
{
	size_t n = why ? strlen(why) : 0;
	char *out = arena_copy(
		 c->arena, why ? why : "", n < WHY_MAX ? n : WHY_MAX),
	     *s;

	for (s = out; *s; s++)
		if (*s < 0x20 || *s > 0x7e)
			*s = '?';
	return out;
}

/* Ten percent to either side, so that what failed together does not stay so. */
static int64_t
pause_after(int64_t failures)
{
	size_t last = COUNT(pauses_ms) - 1;
	size_t at = failures < (int64_t)last ? (size_t)failures : last;
	int64_t percent =
	    100 - JITTER_PERCENT + world_dice(2 * JITTER_PERCENT + 1);

	return pauses_ms[at] * percent / 100;
}

static void
parcel_log(struct ctx *c, const struct parcel *p, enum log_level level,
    const char *event)
{
	log_event(c, level, event, "%s outbox %s%s%s", p->row->kind,
	    uuid_text(c->arena, p->row->id), *p->report.why ? ": " : "",
	    p->report.why);
}

static int64_t
later_of(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/*
 * It went out, so that must be known before another courier may take it: while
 * the lease lasts, ask until it is written, whatever is in the way. Where
 * nobody knows whether it was, a second answer finds nothing left to change.
 */
static enum err
parcel_sent(struct ctx *c, const struct parcel *p)
{
	bool unsure = false;
	enum err e;

	for (;;) {
		e = store_outbox_done(
		    c, p->lease.owner, p->row->id, "sent", NULL);
		if (e == OK || e == ERR_NOT_FOUND)
			break;
		unsure |= e == ERR_DB_AWAY || e == ERR_DB_UNKNOWN;
		c->now = later_of(c->now + RECORD_PAUSE_MS, world_now());
		if (c->now >= p->lease.until)
			break;
		world_sleep(RECORD_PAUSE_MS);
	}
	return unsure && e == ERR_NOT_FOUND ? OK : e;
}

static enum err
parcel_dead(struct ctx *c, struct parcel *p)
{
	parcel_log(c, p, LOG_WARN, "message_dead");
	p->round->dead++;
	return store_outbox_done(
	    c, p->lease.owner, p->row->id, "dead", p->report.why);
}

static enum err
parcel_later(struct ctx *c, struct parcel *p)
{
	int64_t next_at = c->now + pause_after(p->row->attempts);

	if (p->row->attempts + 1 >= TRIES_MAX || next_at >= p->row->expires_at)
		return parcel_dead(c, p);
	parcel_log(c, p, LOG_WARN, "message_later");
	p->round->later++;
	return store_outbox_later(
	    c, p->lease.owner, p->row->id, next_at, p->report.why);
}

/*
 * Has WhatsApp had its chance, and may an SMS take the message's place? The
 * letter says so, and the configuration must have a channel for it.
 */
static bool
parcel_turns(struct ctx *c, const struct parcel *p)
{
	struct letter l;

	if (strcmp(p->row->kind, message_kind_name(MESSAGE_WHATSAPP)) ||
	    p->report.result == DELIVERY_DONE ||
	    (p->report.result == DELIVERY_LATER &&
		p->row->attempts + 1 < WHATSAPP_TRIES_MAX) ||
	    !channel_for(c->conf, MESSAGE_SMS))
		return false;
	return p->row->payload.p &&
	       !letter_open(c, &p->row->id, p->row->payload, &l) &&
	       l.fallback && !strcmp(l.fallback, "sms");
}

static enum err
parcel_turn(struct ctx *c, struct parcel *p)
{
	parcel_log(c, p, LOG_WARN, "message_fallback");
	p->round->later++;
	return store_outbox_turn(c, p->lease.owner, p->row->id,
	    message_kind_name(MESSAGE_SMS), p->report.why);
}

static enum err
parcel_record(struct ctx *c, struct parcel *p)
{
	if (parcel_turns(c, p))
		return parcel_turn(c, p);
	switch (p->report.result) {
	case DELIVERY_DONE:
		parcel_log(c, p, LOG_INFO, "message_sent");
		p->round->sent++;
		return parcel_sent(c, p);
	case DELIVERY_LATER:
		return parcel_later(c, p);
	case DELIVERY_NEVER:
		break;
	}
	return parcel_dead(c, p);
}

static enum err
parcel_deliver(struct ctx *c, struct parcel *p)
{
	const char *tenant = c->log_tenant;
	enum err e;

	c->log_tenant = uuid_text(c->arena, p->row->tenant);
	p->report = row_send(c, p->row);
	p->report.why = courier_why(c, p->report.why);
	c->now = world_now();
	e = parcel_record(c, p);
	if (e == ERR_NOT_FOUND) {
		parcel_log(c, p, LOG_WARN, "message_lease_lost");
		e = OK;
	}
	c->log_tenant = tenant;
	return e;
}

/* ---- one round ------------------------------------------------------------- */

/*
 * Each of them, while the lease leaves time for it and nothing fails; the rest,
 * and what has expired meanwhile, is given back at once, so that no message
 * waits for the end of a lease. One that failed does wait: it may be out.
 */
static enum err
rows_deliver(struct ctx *c, struct parcel *p, struct outbox_row *rows, size_t n)
{
	struct uuid failed = {{0}};
	enum err e = OK, released;
	bool left = false;
	size_t i;

	for (i = 0; i < n && e == OK; i++) {
		c->now = world_now();
		if (stop || c->now + SEND_MS >= p->lease.until)
			break;
		p->row = &rows[i];
		if (rows[i].expires_at <= c->now)
			left = true;
		else if ((e = parcel_deliver(c, p)))
			failed = rows[i].id;
	}
	if (i == n && !left)
		return e;
	released = store_outbox_release(c, p->lease.owner, failed);
	return e ? e : released;
}

enum err
courier_deliver(
    struct ctx *c, enum message_kind kind, struct courier_round *out)
{
	const struct outbox_claim claim = {
	    {uuid_make(c->now), c->now + LEASE_MS}, message_kind_name(kind),
	    COURIER_BATCH};
	struct parcel p = {.lease = claim.lease, .round = out};
	struct outbox_row *rows;
	size_t n;
	enum err e;

	if ((e = store_outbox_claim(c, &claim, &rows, &n)))
		return e;
	return rows_deliver(c, &p, rows, n);
}

static enum err
one_deliver(struct ctx *c, struct uuid outbox, int64_t until, bool *turned)
{
	struct courier_round round = {0};
	struct parcel p = {.round = &round};
	struct outbox_row row;
	enum err e;

	c->now = world_now();
	p.lease.owner = uuid_make(c->now);
	p.lease.until = until;
	if ((e = store_outbox_claim_one(c, &p.lease, outbox, &row)))
		return e;
	p.row = &row;
	e = parcel_deliver(c, &p);
	*turned = e == OK && parcel_turns(c, &p);
	return e;
}

/* Begun seconds count; what is configured is the most all the same. */
static int64_t
seconds_of(const struct conf *conf, int64_t ms)
{
	int64_t seconds = (ms + SECOND_MS - 1) / SECOND_MS;

	return seconds < conf->delivery_timeout_seconds
		   ? seconds
		   : conf->delivery_timeout_seconds;
}

enum err
courier_run_one(struct ctx *c, struct uuid outbox)
{
	const struct conf *usual = c->conf;
	struct conf hurried = *usual;
	int64_t begun = world_now(), left = INLINE_SEND_MS;
	bool turned = true;
	enum err e = OK;

	c->conf = &hurried;
	while (e == OK && turned && left > 0) {
		hurried.delivery_timeout_seconds = seconds_of(usual, left);
		e = one_deliver(c, outbox, begun + INLINE_LEASE_MS, &turned);
		left = begun + INLINE_SEND_MS - world_now();
	}
	c->conf = usual;
	return e;
}

/* ---- the end of a shop --------------------------------------------------------- */

/* A batch of its rows; more of them wait for the next one. */
static enum err
tenant_erase(struct ctx *c, struct uuid id, uint64_t *n)
{
	struct tenant_row row;
	uint64_t changed;
	enum err e;

	if ((e = store_tenant_erase(c, id, PURGE_BATCH, &changed)))
		return e;
	*n += changed;
	if ((e = store_tenant_by_id(c, id, &row)) != ERR_NOT_FOUND)
		return e;
	log_event(c, LOG_INFO, "tenant_erased", "%s", uuid_text(c->arena, id));
	return OK;
}

/* Some batches of those whose grace is over. */
static enum err
tenants_erase(struct ctx *c, uint64_t *n)
{
	struct uuid id;
	enum err e;
	int i;

	for (i = 0; i < ERASE_BATCHES; i++) {
		e = store_tenant_gone(c, &id);
		if (e == ERR_NOT_FOUND)
			return OK;
		if (e || (e = tenant_erase(c, id, n)))
			return e;
	}
	return OK;
}

enum err
courier_tidy(struct ctx *c, struct courier_round *out)
{
	enum err e;

	if ((e = store_outbox_expire(c, &out->expired)) ||
	    (e = store_purge(c, PURGE_BATCH, &out->purged)))
		return e;
	return tenants_erase(c, &out->purged);
}
