/* SPDX-License-Identifier: ISC */
/* Every limit in one table, and the one way to count. */

#include "domain/inside.h"

#include <string.h>

#define UNBOUNDED INT32_MAX
#define ROW_MS    (400 * DAY_MS)
#define PAUSE_MS  (30 * SECOND_MS)
#define KNOWN_MS  LIMIT_KNOWN_MS

/* clang-format off */
/* Those with most = 0 take it from the tenant's or the configuration's number. */
const struct limit limits[LIMIT_COUNT] = {
    /*                         name                  most       window   pause     by address */
    [LIMIT_ADDRESS_SENDS] =   {"sends-per-address",   60,        HOUR_MS, 0,        true},
    [LIMIT_ADDRESS_WRONG] =   {"tries-per-address",   100,       HOUR_MS, 0,        true},
    [LIMIT_SEND_PAUSE] =      {"send-pause",          UNBOUNDED, HOUR_MS, PAUSE_MS, false},
    [LIMIT_PAIR_HOUR] =       {"sends-an-hour",       5,         HOUR_MS, 0,        false},
    [LIMIT_PAIR_DAY] =        {"sends-a-day",         10,        DAY_MS,  0,        false},
    [LIMIT_SENDS_HOUR] =      {"all-sends-an-hour",   20,        HOUR_MS, 0,        false},
    [LIMIT_SENDS_DAY] =       {"all-sends-a-day",     40,        DAY_MS,  0,        false},
    [LIMIT_TENANT_MAILS] =    {"tenant-mails",        0,         DAY_MS,  0,        false},
    [LIMIT_TENANT_SMS] =      {"tenant-sms",          0,         DAY_MS,  0,        false},
    [LIMIT_PLATFORM_SENDS] =  {"platform-sends",      0,         DAY_MS,  0,        false},
    [LIMIT_PREFIX] =          {"numbers-alike",       5,         HOUR_MS, 0,        false},
    [LIMIT_CODE_HOUR] =       {"codes-an-hour",       20,        HOUR_MS, 0,        false},
    [LIMIT_CODE_ROW] =        {"codes-in-a-row",      100,       ROW_MS,  0,        false},
    [LIMIT_PAIR_KNOWN] =      {"known-address",       UNBOUNDED, KNOWN_MS, 0,       false},
    [LIMIT_FOUNDING] =        {"foundings-a-day",     3,         DAY_MS,  0,        true},
    [LIMIT_KEY] =             {"key-a-minute",        1000,      MINUTE_MS, 0,      false},
    [LIMIT_TENANT] =          {"tenant-a-minute",     0,         MINUTE_MS, 0,      false},
    [LIMIT_REFUSED] =         {"refusals-noted",      UNBOUNDED, MINUTE_MS, 0,      false},
    [LIMIT_WRITES] =          {"writes-a-minute",     0,         MINUTE_MS, 0,      false},
    [LIMIT_REFRESHES] =       {"refreshes-an-hour",   1800,      HOUR_MS,  0,       false},
};
/* clang-format on */

struct bytes
limit_subject(struct ctx *c, const char *a, const char *b)
{
	struct bytes parts[] = {mac_text(a), mac_text(b)};
	struct digest *d = arena_get(c->arena, sizeof(*d));

	*d = mac_parts(c->house->limit_key, parts, COUNT(parts));
	return (struct bytes){d->b, 16};
}

/* The most of one use, with what the configuration makes of it. */
static int64_t
most(const struct ctx *c, const struct limit_use *use)
{
	const struct limit *limit = &limits[use->kind];

	if (use->max)
		return use->max;
	return limit->max *
	       (limit->by_address ? c->conf->client_address_factor : 1);
}

/* When may it be tried again? 0: it may now. */
static int64_t
free_at(const struct ctx *c, const struct limit_use *use,
    const struct limit_row *row)
{
	const struct limit *limit = &limits[use->kind];
	int64_t doubled, when;

	if (use->look || (use->pardon != NULL && use->pardon->n > 0))
		return 0;
	if (row->n > most(c, use))
		return row->resets_at;
	if (limit->pause_ms == 0 || row->n < 2)
		return 0;
	doubled = limit->pause_ms << (row->n < 12 ? row->n - 2 : 10);
	when = row->prev_at + doubled;
	return when > c->now ? when : 0;
}

static void
state_of(struct ctx *c, const struct limit_use *use, int64_t when)
{
	const struct limit *limit = &limits[use->kind];
	struct limit_state *state = arena_get(c->arena, sizeof(*state));
	int64_t wait = (when - c->now + 999) / 1000;

	if (c->limits != NULL && c->limits->retry_after_seconds >= wait)
		return;
	state->name = limit->name;
	state->max = limit->pause_ms ? 1 : most(c, use);
	state->window_seconds =
	    (limit->pause_ms ? limit->pause_ms : limit->window_ms) / 1000;
	state->retry_after_seconds = wait > 0 ? wait : 1;
	c->limits = state;
}

/* The row of one use, and which use it was. */
struct counted {
	struct limit_row row;
	struct limit_use *use;
};

static void
counted_set(struct ctx *c, struct counted *out, struct limit_use *use)
{
	const struct limit *limit = &limits[use->kind];
	struct bytes subject = limit_subject(c, use->a, use->b);
	bool shared = limit->by_address || use->kind == LIMIT_PLATFORM_SENDS;

	*out = (struct counted){.use = use};
	out->row.kind = use->kind;
	memcpy(out->row.subject, subject.p, sizeof(out->row.subject));
	if (!shared)
		out->row.tenant = c->tenant_id;
	out->row.add = use->look ? 0 : 1;
	out->row.window_ms = use->look ? 0 : limit->window_ms;
}

/* The order of the primary key, so that two takers never wait for each other. */
static int
by_key(const struct counted *a, const struct counted *b)
{
	int d = memcmp(a->row.tenant.b, b->row.tenant.b, 16);

	if (d == 0 && a->row.kind != b->row.kind)
		d = a->row.kind < b->row.kind ? -1 : 1;
	return d ? d : memcmp(a->row.subject, b->row.subject, 16);
}

static void
sort(struct counted *list, size_t n)
{
	struct counted moving;
	size_t i, at;

	for (i = 1; i < n; i++) {
		moving = list[i];
		for (at = i; at > 0 && by_key(&moving, &list[at - 1]) < 0; at--)
			list[at] = list[at - 1];
		list[at] = moving;
	}
}

static enum err
take(struct ctx *c, struct counted *list, size_t n)
{
	struct limit_row rows[LIMIT_ROWS_MAX];
	size_t i;
	enum err e;

	for (i = 0; i < n; i++)
		rows[i] = list[i].row;
	e = store_limits_take(c, rows, n);
	for (i = 0; i < n && e == OK; i++)
		list[i].row = rows[i];
	return e;
}

static enum err
give_back(struct ctx *c, struct counted *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		list[i].row.add = -list[i].row.add;
	return take(c, list, n);
}

enum err
limits_take(struct ctx *c, struct limit_use *uses, size_t n)
{
	struct counted list[LIMIT_ROWS_MAX];
	bool over = false;
	int64_t when;
	size_t i;
	enum err e;

	if (n > LIMIT_ROWS_MAX)
		return fail(c, ERR_INTERNAL, "%zu limits at once", n);
	for (i = 0; i < n; i++)
		counted_set(c, &list[i], &uses[i]);
	sort(list, n);
	if ((e = take(c, list, n)))
		return e;
	for (i = 0; i < n; i++)
		list[i].use->n = list[i].row.n;
	for (i = 0; i < n; i++) {
		if ((when = free_at(c, list[i].use, &list[i].row)) == 0)
			continue;
		over = true;
		state_of(c, list[i].use, when);
	}
	if (!over)
		return OK;
	if (n > 1 && (e = give_back(c, list, n)))
		return e;
	return fail(c, ERR_TOO_MANY, "%s", c->limits->name);
}

enum err
limit_pace(struct ctx *c, enum limit_kind kind, int64_t used, int64_t since)
{
	const struct limit_use use = {.kind = kind};
	int64_t most = limits[kind].max;
	int64_t each = limits[kind].window_ms / most;

	if (used < most + (c->now - since) / each)
		return OK;
	state_of(c, &use, since + (used - most + 1) * each);
	return fail(c, ERR_TOO_MANY, "%s", c->limits->name);
}

enum err
limit_noted(struct ctx *c, struct uuid of, bool *often)
{
	struct limit_use use = {
	    .kind = LIMIT_REFUSED, .a = uuid_text(c->arena, of)};
	enum err e = limits_take(c, &use, 1);

	*often = use.n > ODD_REFUSALS;
	return e;
}

static struct limit_use
address_use(struct ctx *c, enum limit_kind kind)
{
	return (struct limit_use){.kind = kind, .a = limit_client(c)};
}

const char *
limit_client(struct ctx *c)
{
	const char *text;
	struct ip ip;

	if (c->address == NULL || !ip_read(c->address, &ip))
		return "unknown";
	ip = ip_prefix(&ip);
	text = ip_text(c->arena, &ip);
	if (c->server == NULL || !c->server->names_client)
		return text;
	return arena_print(c->arena, "%s %s", c->server->tenant->text, text);
}

enum err
limit_address(struct ctx *c, enum limit_kind kind)
{
	struct limit_use use = address_use(c, kind);

	return limits_take(c, &use, 1);
}

enum err
limit_wrong(struct ctx *c)
{
	return limit_address(c, LIMIT_ADDRESS_WRONG);
}

static struct limit_use
key_use(struct ctx *c, struct uuid key, int64_t per_minute)
{
	return (struct limit_use){.kind = LIMIT_KEY,
	    .a = uuid_text(c->arena, key),
	    .max = per_minute};
}

/* Where its shop's other uses are counted, wherever we stand. */
enum err
limit_key(struct ctx *c, const struct server *s)
{
	struct limit_use use = key_use(c, s->id, s->per_minute);
	struct uuid here = c->tenant_id;
	enum err e;

	c->tenant_id = s->tenant->id;
	e = limits_take(c, &use, 1);
	c->tenant_id = here;
	return e;
}

/* Reads are free: one session's may be many, and cost one look each. */
static enum err
limit_writes(struct ctx *c)
{
	struct limit_use use = {.kind = LIMIT_WRITES,
	    .a = uuid_text(c->arena, c->who->customer.id),
	    .max = c->tenant->set.writes_a_minute};

	return use.max > 0 ? limits_take(c, &use, 1) : OK;
}

enum err
limit_keyed(struct ctx *c, bool writes)
{
	const struct tenant *t = c->tenant;
	struct limit_use uses[2];
	size_t n = 0;

	if (c->who != NULL)
		return writes ? limit_writes(c) : OK;
	if (t == NULL)
		return OK;
	if (c->server == NULL && t->key_per_minute > 0)
		uses[n++] = key_use(c, t->key_id, t->key_per_minute);
	else if (c->server != NULL && !c->server->names_client)
		uses[n++] = key_use(c, c->server->id, c->server->per_minute);
	if (t->set.requests_a_minute > 0)
		uses[n++] = (struct limit_use){
		    .kind = LIMIT_TENANT, .max = t->set.requests_a_minute};
	return n > 0 ? limits_take(c, uses, n) : OK;
}

static int64_t
or_any(int64_t n)
{
	return n > 0 ? n : UNBOUNDED;
}

int64_t
limit_most(const struct ctx *c, enum limit_kind kind, const struct tenant *t)
{
	struct limit_use use = {.kind = kind};

	switch (kind) {
	case LIMIT_TENANT_MAILS:
		return tenant_mails_a_day(t);
	case LIMIT_TENANT_SMS:
		return tenant_sms_a_day(t);
	case LIMIT_PLATFORM_SENDS:
		return c->conf->platform_sends_a_day;
	case LIMIT_TENANT:
		return or_any(t->set.requests_a_minute);
	case LIMIT_WRITES:
		return or_any(t->set.writes_a_minute);
	default:
		return most(c, &use);
	}
}
