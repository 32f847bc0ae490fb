/* SPDX-License-Identifier: ISC */
/* The herald: tells webhooks what happened, in order, until they have heard. */

#include <signal.h>
#include <string.h>

#include "delivery/delivery.h"
#include "domain/inside.h"

enum {
	LEASE_MS = 300 * 1000,
	TELL_MS = 5 * 1000, /* no exchange takes longer */
	SLOW_MS = 2 * 1000, /* from here on an answer costs a rest … */
	SLOW_RESTS = 3,     /* … of so many times what it took */
	FAILED_REST_MS = 5 * 1000,
	SILENT_REST_MS = 60 * 1000,
	TURN_EVENTS = 3, /* of one webhook, and then the next one's … */
	TURN_MS = 1000,  /* … and none is begun after this */
	ROUND_MS = 2 * 1000,
	RECORD_PAUSE_MS = 500,
	HEADERS_OF_OURS = 3,
	HEADERS_MAX = HEADERS_OF_OURS + WEBHOOK_HEADERS
};

#define STALE_MS (3 * DAY_MS) /* what waited for so long is dead */

/* After the first failure, the second, and so on; then it is dead. */
static const int64_t pauses_ms[] = {
    MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS};

static volatile sig_atomic_t stop;

void
herald_stop(void)
{
	stop = 1;
}

/* ---- what is said -------------------------------------------------------------- */

static void
write_customer(struct writer *w, const struct customer *u)
{
	write_map(w, "customer");
	write_uuid(w, "id", u->id);
	write_text(w, "status", u->status);
	write_text(w, "email", u->email);
	write_bool(w, "email_verified", u->email_proven_at != 0);
	write_text(w, "phone_number", u->phone);
	write_bool(w, "phone_number_verified", u->phone_proven_at != 0);
	write_text(w, "name", u->full_name);
	write_text(w, "source", u->source);
	write_text(w, "username", u->username);
	write_time(w, "created_at", u->created_at);
	write_time(w, "updated_at", u->updated_at);
	write_map_end(w);
}

/* The customer as they are when it is told; null once they are gone. */
static enum err
write_data(struct ctx *c, struct writer *w, const struct webhook_event *e)
{
	struct customer u;
	enum err err = ERR_NOT_FOUND;

	if (!uuid_is_nil(e->customer))
		err = store_customer_find(c, e->customer, &u);
	if (err && err != ERR_NOT_FOUND)
		return err;
	write_map(w, "data");
	write_text(w, "customer_id",
	    uuid_is_nil(e->customer) ? NULL : uuid_text(c->arena, e->customer));
	write_text(w, "session_id",
	    uuid_is_nil(e->session) ? NULL : uuid_text(c->arena, e->session));
	write_text(w, "detail", e->detail);
	if (err)
		write_null(w, "customer");
	else
		write_customer(w, &u);
	write_map_end(w);
	return OK;
}

static enum err
body_make(struct ctx *c, const struct webhook_event *e, const char **out)
{
	struct writer w = writer_new(c->arena);
	enum err err;

	write_map(&w, NULL);
	write_uuid(&w, "app_id", e->tenant);
	write_time(&w, "timestamp", e->at);
	write_text(&w, "event", e->event);
	if ((err = write_data(c, &w, e)))
		return err;
	write_uuid(&w, "id", e->id);
	write_map_end(&w);
	*out = writer_text(&w);
	return OK;
}

/* The shop's own headers, behind ours. */
static enum err
headers_read(struct ctx *c, const struct webhook_event *e,
    struct net_header *out, size_t n)
{
	struct bytes plain;
	enum err err;

	if (!e->headers.p)
		return OK;
	if ((err = house_unseal(c, SEAL_AT("webhook headers", &e->webhook),
		 e->headers, &plain)))
		return err;
	webhook_headers(
	    c, arena_copy(c->arena, (const char *)plain.p, plain.n), out + n);
	return OK;
}

/* ---- telling one ------------------------------------------------------------------ */

static enum err
request_make(struct ctx *c, const struct webhook_event *e, struct outbound *out)
{
	struct net_header *headers =
	    arena_list(c->arena, HEADERS_MAX + 1, sizeof(*headers));
	struct digest signature;
	struct bytes secret;
	enum err err;

	if ((err = body_make(c, e, &out->body)) ||
	    (err = house_unseal(c, SEAL_AT("webhook secret", &e->webhook),
		 e->secret, &secret)))
		return err;
	signature = mac_plain(secret, out->body, strlen(out->body));
	headers[0] = (struct net_header){"Content-Type", "application/json"};
	headers[1] = (struct net_header){
	    "X-Signature", hex_text(c->arena, signature.b, DIGEST_LEN)};
	headers[2] =
	    (struct net_header){"X-Webhook-Id", uuid_text(c->arena, e->id)};
	out->url = e->url;
	out->headers = headers;
	if ((err = headers_read(c, e, headers, HEADERS_OF_OURS)))
		return err;
	return outbound_bad(c, out) ? ERR_IO : OK;
}

/* ---- how it went -------------------------------------------------------------------- */

/* A webhook's turn. */
struct telling {
	struct outbox_lease lease;
	struct herald_round *round;
	const struct webhook_head *head;
	int64_t begun;      /* by world_ticks() */
	int64_t rest_until; /* as it is stored */
	bool slow, failed;
	bool gone; /* the webhook, or what is told is in other hands */
	bool left; /* one that we could not tell, for reasons of our own */
};

/* state NULL: again at next_at. */
struct verdict {
	const char *state, *why;
	int64_t next_at;
};

static enum err
verdict_store(struct ctx *c, const struct telling *t,
    const struct webhook_event *e, const struct verdict *v)
{
	if (v->state)
		return store_webhook_done(
		    c, t->lease.owner, e, v->state, v->why);
	return store_webhook_later(c, t->lease.owner, e, v->next_at, v->why);
}

static bool
may_answer_yet(enum err err)
{
	return err == ERR_DB_AWAY || err == ERR_DB_UNKNOWN ||
	       err == ERR_DB_RETRY;
}

/*
 * How it went must be known before it may be told again: while the lease
 * lasts, ask until the database answers. A second answer to the same question
 * finds nothing left to change; a first one that does, that it is not ours.
 */
static enum err
verdict_record(struct ctx *c, struct telling *t, const struct webhook_event *e,
    const struct verdict *v)
{
	bool first = true;
	enum err err;

	for (;; first = false) {
		err = verdict_store(c, t, e, v);
		if (!may_answer_yet(err))
			break;
		c->now += RECORD_PAUSE_MS;
		if (stop || c->now >= t->lease.until)
			break;
		world_sleep(RECORD_PAUSE_MS);
	}
	t->gone = first && err == ERR_NOT_FOUND;
	return err == ERR_NOT_FOUND ? OK : err;
}

static struct verdict
verdict_make(struct ctx *c, const struct telling *t,
    const struct webhook_event *e, const struct delivery_report *report)
{
	if (report->result == DELIVERY_DONE) {
		t->round->told++;
		return (struct verdict){"sent", NULL, 0};
	}
	if ((size_t)e->attempts < COUNT(pauses_ms)) {
		t->round->later++;
		return (struct verdict){
		    NULL, report->why, c->now + pauses_ms[e->attempts]};
	}
	t->round->dead++;
	return (struct verdict){"dead", report->why, 0};
}

/* How long who answered so, or did not, is left alone. */
static int64_t
rest_after(bool told, int64_t took_ms)
{
	if (took_ms < SLOW_MS)
		return told ? 0 : FAILED_REST_MS;
	return told ? SLOW_RESTS * took_ms : SILENT_REST_MS;
}

static enum err
webhook_rest(struct ctx *c, struct telling *t, bool told, int64_t took_ms)
{
	int64_t rest = rest_after(told, took_ms);

	t->slow = took_ms >= SLOW_MS;
	t->failed = !told;
	if (rest == 0 && t->rest_until == 0)
		return OK;
	t->rest_until = rest != 0 ? c->now + rest : 0;
	return store_webhook_rest(c, t->head->webhook, t->rest_until);
}

/* Ours to mend, and no try of the receiver's. */
static enum err
event_leave(struct ctx *c, struct telling *t, const struct webhook_event *e,
    enum err why)
{
	log_event(c, LOG_ERROR, "webhook_not_made", "%s %s %s", e->event,
	    uuid_text(c->arena, e->id), err_name(why));
	t->left = true;
	t->rest_until = c->now + SILENT_REST_MS;
	return store_webhook_rest(c, t->head->webhook, t->rest_until);
}

static enum err
event_deliver(struct ctx *c, struct telling *t, const struct webhook_event *e)
{
	struct outbound request = {.url = e->url, .timeout_ms = TELL_MS};
	struct delivery_report report = {DELIVERY_LATER, ""};
	int64_t begun = world_ticks(), took_ms;
	struct verdict v;
	enum err err;
	bool told;

	if ((err = request_make(c, e, &request)))
		return event_leave(c, t, e, err);
	outbound_post(c, &request, &report);
	report.why = courier_why(c, report.why);
	told = report.result == DELIVERY_DONE;
	took_ms = world_ticks() - begun;
	c->now = world_now();
	log_event(c, told ? LOG_INFO : LOG_WARN,
	    told ? "webhook_told" : "webhook_not_told", "%s %s %s", e->event,
	    uuid_text(c->arena, e->id), report.why);
	v = verdict_make(c, t, e, &report);
	if ((err = verdict_record(c, t, e, &v)))
		return err;
	return webhook_rest(c, t, told, took_ms);
}

/* ---- whose turn it is ------------------------------------------------------------ */

static bool
turn_lasts(const struct telling *t, int64_t begun)
{
	return !stop && !t->gone && t->rest_until == 0 &&
	       world_ticks() - begun < TURN_MS;
}

/*
 * The first is told in any case. What is not is given back at once, but for
 * the one of which nobody knows how it went: that comes when its lease ends.
 */
static enum err
events_deliver(struct ctx *c, struct telling *t,
    const struct webhook_event *rows, size_t n)
{
	int64_t begun = world_ticks();
	enum err err, late;
	size_t i = 0;

	do
		err = event_deliver(c, t, &rows[i++]);
	while (!err && i < n && turn_lasts(t, begun));
	if (!err && i == n && !t->left)
		return OK;
	late =
	    store_webhook_release(c, t->lease.owner, err ? rows[i - 1].seq : 0);
	return err ? err : late;
}

/* Who fails may never catch up: what waited for too long is given up. */
static enum err
stale_bury(struct ctx *c, const struct telling *t)
{
	uint64_t n;
	enum err err;

	if ((err = store_webhook_stale(
		 c, t->head->webhook, c->now - STALE_MS, &n)))
		return err;
	if (n > 0)
		log_event(c, LOG_WARN, "webhook_stale", "%s %llu",
		    uuid_text(c->arena, t->head->webhook),
		    (unsigned long long)n);
	t->round->dead += n;
	return OK;
}

/* *n: how many were at hand. */
static enum err
turn_run(struct ctx *c, struct telling *t, size_t *n)
{
	struct webhook_claim claim = {
	    .webhook = t->head->webhook, .most = TURN_EVENTS};
	struct webhook_event *rows;
	enum err err;

	c->now = world_now();
	t->lease.owner = uuid_make(c->now);
	t->lease.until = c->now + LEASE_MS;
	t->rest_until = t->head->rest_until;
	t->failed = false;
	t->gone = false;
	claim.lease = t->lease;
	c->tenant_id = t->head->tenant;
	c->log_tenant = uuid_text(c->arena, c->tenant_id);
	err = store_webhook_claim(c, &claim, &rows, n);
	if (!err && *n > 0)
		err = events_deliver(c, t, rows, *n);
	if (!err && t->failed)
		err = stale_bury(c, t);
	c->tenant_id = (struct uuid){{0}};
	c->log_tenant = NULL;
	return err;
}

/*
 * Those that answer soon have their turns by their ids, round after round;
 * behind them one that did not, so that none such holds up the others for
 * longer than one exchange.
 */
enum err
herald_run(struct ctx *c, struct herald_round *out)
{
	static struct uuid after;
	struct telling t = {.round = out, .begun = world_ticks()};
	struct webhook_head *heads;
	size_t i, n, at_hand;
	bool soon;
	enum err e;

	*out = (struct herald_round){0};
	if ((e = store_webhook_heads(c, after, &heads, &n)))
		return e;
	for (i = 0; i < n && !stop && !t.slow; i++) {
		t.head = &heads[i];
		soon = heads[i].rest_until == 0;
		if (soon && world_ticks() - t.begun >= ROUND_MS)
			continue;
		if ((e = turn_run(c, &t, &at_hand)))
			return e;
		if (soon)
			after = heads[i].webhook;
		else if (at_hand > 0)
			break;
	}
	return OK;
}
