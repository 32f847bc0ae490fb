/* SPDX-License-Identifier: ISC */
/* Numbers for a monitor, as Prometheus reads them. */

#include <inttypes.h>
#include <string.h>

#include "api/api.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unversioned"
#endif

#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/*
 * Each answers one `what` of the rule; rows of one name stand together. A
 * counter begins anew with each day, as it would when a process does: rows of
 * past days are purged, so a sum over all of them would go down.
 */
/* clang-format off */
static const struct {
	const char	*what, *name, *type;
	const char	*fixed, *label;		/* NULL: none */
	const char	*help;
} families[] = {
	{ "queued", "doorward_outbox_messages", "gauge", "state=\"queued\"", "kind",
	    "Messages that wait to be sent, or were given up (kept for a week)." },
	{ "dead", "doorward_outbox_messages", "gauge", "state=\"dead\"", "kind", NULL },
	{ "oldest", "doorward_outbox_oldest_queued_seconds", "gauge", NULL, NULL,
	    "Age of the oldest message that waits; 0: none does." },
	{ "hooks_queued", "doorward_webhook_events", "gauge", "state=\"queued\"", NULL,
	    "Events that webhooks wait to hear, or that died (kept for 30 days)." },
	{ "hooks_dead", "doorward_webhook_events", "gauge", "state=\"dead\"", NULL, NULL },
	{ "hooks_oldest", "doorward_webhook_oldest_queued_seconds", "gauge", NULL, NULL,
	    "Age of the oldest event that a webhook waits to hear; 0: none does." },
	{ "ok", "doorward_events_last_5m", "gauge", "result=\"ok\"", "event",
	    "Events of the audit trail within the last five minutes." },
	{ "refused", "doorward_events_last_5m", "gauge", "result=\"refused\"", "event",
	    NULL },
	{ "gate", "doorward_refusals_total", "counter", NULL, "reason",
	    "Requests refused before any rule was asked, since midnight UTC." },
	{ "rows", "doorward_table_rows_estimate", "gauge", NULL, "table",
	    "About how many rows a table has, as the database estimates." },
	{ "schema", "doorward_schema_version", "gauge", NULL, NULL,
	    "The newest migration that the database has behind it." },
};
/* clang-format on */

static void
head_write(struct text *out, size_t family)
{
	const char *name = families[family].name;

	if (families[family].help == NULL)
		return;
	text_addf(out, "# HELP %s %s\n", name, families[family].help);
	text_addf(out, "# TYPE %s %s\n", name, families[family].type);
}

/* Labels come from our own tables: nothing in them is to be escaped. */
static void
sample_write(struct text *out, size_t family, const struct metric *m)
{
	const char *fixed = families[family].fixed;
	const char *label = families[family].label;

	text_add(out, families[family].name);
	if (fixed != NULL || label != NULL)
		text_addf(out, "{%s%s", fixed ? fixed : "",
		    fixed && label ? "," : "");
	if (label != NULL)
		text_addf(out, "%s=\"%s\"", label, m->label);
	if (fixed != NULL || label != NULL)
		text_add_c(out, '}');
	text_addf(out, " %" PRId64 "\n", m->value);
}

static const char *
exposition(struct ctx *c, const struct metrics *m)
{
	struct text out = text_new(c->arena);
	size_t i, k;

	text_add(&out,
	    "# HELP doorward_build_info The version of this program.\n"
	    "# TYPE doorward_build_info gauge\n"
	    "doorward_build_info{version=\"" PACKAGE_VERSION "\"} 1\n");
	for (i = 0; i < COUNT(families); i++) {
		head_write(&out, i);
		for (k = 0; k < m->n; k++)
			if (strcmp(families[i].what, m->list[k].what) == 0)
				sample_write(&out, i, &m->list[k]);
	}
	return out.s;
}

/* 200; 404, as where there is nothing, unless the address is a listed one; 503. */
static enum err
show(struct ctx *c, struct call *call, const void *in)
{
	const char *proxies = c->conf->trusted_proxies;
	const struct metrics *m;
	enum err e;

	(void)in;
	if (!request_address_known(call->req, proxies) || !metrics_open(c))
		return fail(c, ERR_NO_ROUTE, "no metrics for %s", c->address);
	if ((e = metrics_read(c, &m)))
		return e;
	response_body(call->res, 200, EXPOSITION_TYPE, exposition(c, m));
	return OK;
}

const struct endpoint metrics_show = {show, NULL, 0};
