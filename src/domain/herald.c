/* SPDX-License-Identifier: ISC */
/* The herald: tells webhooks what happened, in order, until they have heard. */

#include <signal.h>
#include <string.h>

#include "delivery/delivery.h"
#include "domain/inside.h"

enum {
	LEASE_MS = 300 * 1000,
	TELL_MS = 60 * 1000, /* no request takes longer */
	HEADERS_OF_OURS = 3,
	HEADERS_MAX = HEADERS_OF_OURS + WEBHOOK_HEADERS,
	WHY_MAX = 200
};

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
	char *rest, *line, *colon;
	enum err err;

	if (!e->headers.p)
		return OK;
	if ((err = house_unseal(c, SEAL_AT("webhook headers", &e->webhook),
		 e->headers, &plain)))
		return err;
	rest = arena_copy(c->arena, (const char *)plain.p, plain.n);
	while ((line = strsep(&rest, "\n")) != NULL && n < HEADERS_MAX) {
		if ((colon = strchr(line, ':')) == NULL)
			continue;
		*colon++ = '\0';
		out[n++] =
		    (struct net_header){line, colon + strspn(colon, " ")};
	}
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
	return headers_read(c, e, headers, HEADERS_OF_OURS);
}

static struct delivery_report
event_tell(struct ctx *c, const struct webhook_event *e)
{
	struct delivery_report report = {DELIVERY_LATER, ""};
	struct outbound request = {.url = e->url};
	enum err err;

	if ((err = request_make(c, e, &request)))
		report.why = err_name(err);
	else
		outbound_post(c, &request, &report);
	if (report.why == NULL)
		report.why = "";
	if (strlen(report.why) > WHY_MAX)
		report.why = arena_copy(c->arena, report.why, WHY_MAX);
	return report;
}

/* ---- how it went -------------------------------------------------------------------- */

struct telling {
	struct outbox_lease lease;
	struct herald_round *round;
};

static enum err
failed(struct ctx *c, const struct telling *t, const struct webhook_event *e,
    const char *why)
{
	if ((size_t)e->attempts < COUNT(pauses_ms)) {
		t->round->later++;
		return store_webhook_later(
		    c, t->lease.owner, e, c->now + pauses_ms[e->attempts], why);
	}
	t->round->dead++;
	return store_webhook_done(c, t->lease.owner, e, "dead", why);
}

static enum err
event_deliver(
    struct ctx *c, const struct telling *t, const struct webhook_event *e)
{
	struct delivery_report report;
	enum err err;

	c->tenant_id = e->tenant;
	c->log_tenant = uuid_text(c->arena, e->tenant);
	report = event_tell(c, e);
	c->now = world_now();
	log_event(c, report.result == DELIVERY_DONE ? LOG_INFO : LOG_WARN,
	    report.result == DELIVERY_DONE ? "webhook_told"
					   : "webhook_not_told",
	    "%s %s %s", e->event, uuid_text(c->arena, e->id), report.why);
	if (report.result == DELIVERY_DONE) {
		t->round->told++;
		err = store_webhook_done(c, t->lease.owner, e, "sent", NULL);
	} else {
		err = failed(c, t, e, report.why);
	}
	c->tenant_id = (struct uuid){{0}};
	c->log_tenant = NULL;
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Who does not answer is not asked again in this round. */
static bool
is_resting(const struct webhook_event *rows, size_t i, const bool *failed_at)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (failed_at[j] &&
		    uuid_equal(rows[j].webhook, rows[i].webhook))
			return true;
	return false;
}

enum err
herald_run(struct ctx *c, struct herald_round *out)
{
	struct telling t = {.round = out};
	bool failed_at[HERALD_BATCH] = {false};
	struct webhook_event *rows;
	uint64_t told;
	size_t i, n;
	enum err e;

	*out = (struct herald_round){0};
	t.lease.owner = uuid_make(c->now);
	t.lease.until = c->now + LEASE_MS;
	if ((e = store_webhook_claim(c, &t.lease, HERALD_BATCH, &rows, &n)))
		return e;
	for (i = 0; i < n; i++) {
		c->now = world_now();
		if (stop || c->now + TELL_MS >= t.lease.until)
			break;
		if (is_resting(rows, i, failed_at))
			continue;
		told = out->told;
		if ((e = event_deliver(c, &t, &rows[i])))
			return e;
		failed_at[i] = out->told == told;
	}
	return n > 0 ? store_webhook_release(c, t.lease.owner) : OK;
}
