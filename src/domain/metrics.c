/* SPDX-License-Identifier: ISC */
/* What a monitor is told, and who may be one. */

#include "domain/inside.h"

#include <stdio.h>
#include <string.h>

enum { RECENT_MS = 5 * 60 * 1000 };

/*
 * queued, dead: messages; oldest: age in seconds of the oldest that waits;
 * hooks_…: the same of what webhooks are told; ok, refused: events of the last
 * five minutes; gate: refusals of today; rows: of a table, about; schema. Those
 * with a label named here are never missing.
 */
static const struct {
	const char *what, *label;
} always[] = {
    {"queued", "email"},
    {"queued", "sms"},
    {"queued", "whatsapp"},
    {"dead", "email"},
    {"dead", "sms"},
    {"dead", "whatsapp"},
    {"oldest", ""},
    {"hooks_queued", ""},
    {"hooks_dead", ""},
    {"hooks_oldest", ""},
    {"ok", "signed_in"},
    {"ok", "signed_up"},
    {"refused", "signed_in"},
    {"gate", "no_route"},
    {"rows", "audit_events"},
    {"rows", "customers"},
    {"rows", "outbox"},
    {"rows", "sessions"},
    {"schema", ""},
};

bool
metrics_open(const struct ctx *c)
{
	struct ip ip;

	return ip_read(c->address, &ip) && ip_in(&ip, c->conf->metrics_from);
}

/* The table's own text, which lasts; NULL: nobody knows it. */
static const char *
what_find(const char *what)
{
	size_t i;

	for (i = 0; i < COUNT(always); i++)
		if (strcmp(always[i].what, what) == 0)
			return always[i].what;
	return NULL;
}

static void
metric_put(
    struct metrics *m, const char *what, const char *label, int64_t value)
{
	struct metric *metric;

	for (metric = m->list; metric < m->list + m->n; metric++)
		if (strcmp(metric->what, what) == 0 &&
		    strcmp(metric->label, label) == 0)
			break;
	if (metric == m->list + METRICS_MAX)
		return;
	if (metric == m->list + m->n) {
		m->n++;
		metric->what = what;
		(void)snprintf(
		    metric->label, sizeof(metric->label), "%s", label);
	}
	metric->value = value;
}

static void
metrics_fill(struct metrics *m, const struct metric_row *rows, size_t n)
{
	const char *what;
	size_t i;

	m->n = 0;
	for (i = 0; i < COUNT(always); i++)
		metric_put(m, always[i].what, always[i].label, 0);
	for (i = 0; i < n; i++)
		if ((what = what_find(rows[i].what)) != NULL)
			metric_put(m, what, rows[i].label, rows[i].n);
}

static bool
is_oldest(const struct metric *m)
{
	return strcmp(m->what, "oldest") == 0 ||
	       strcmp(m->what, "hooks_oldest") == 0;
}

/* The oldest waiting one's age in seconds instead of its time. */
static void
age_put(const struct ctx *c, struct metrics *m)
{
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (!is_oldest(&m->list[i]))
			continue;
		if (m->list[i].value != 0)
			m->list[i].value =
			    (c->now - m->list[i].value) / SECOND_MS;
		if (m->list[i].value < 0)
			m->list[i].value = 0;
	}
}

enum err
metrics_read(struct ctx *c, const struct metrics **out)
{
	struct metrics *m = &c->house->metrics;
	struct metric_row *rows;
	size_t n;
	enum err e;

	*out = m;
	if (m->read_at != 0 && c->now >= m->read_at &&
	    c->now < m->read_at + METRICS_KEPT_MS)
		return OK;
	if ((e = store_metrics(
		 c, c->now - RECENT_MS, c->now - c->now % DAY_MS, &rows, &n)))
		return e;
	metrics_fill(m, rows, n);
	age_put(c, m);
	m->read_at = c->now;
	return OK;
}
