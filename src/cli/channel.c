/* SPDX-License-Identifier: ISC */
/* doorward channel: does a message leave as the configuration says? */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "delivery/delivery.h"

#define TEST_CODE "123456"

/* What TO and --kind ask for: the kind, and TO in its normal form. */
static enum err
target_read(struct ctx *c, const struct given *in, struct message *out)
{
	const char *to = in->operands[0];

	out->kind = strchr(to, '@') ? MESSAGE_EMAIL : MESSAGE_SMS;
	if (in->kind && !message_kind_read(in->kind, &out->kind))
		return say(ERR_USAGE, "--kind is email, sms or whatsapp.");
	out->to = out->kind == MESSAGE_EMAIL ? email_normal(c->arena, to, false)
					     : phone_normal(c->arena, to);
	if (out->to)
		return OK;
	return say(ERR_USAGE,
	    out->kind == MESSAGE_EMAIL
		? "'%s' is no mail address."
		: "'%s' is no phone number; write it as +2348012345678.",
	    to);
}

static enum err
message_make(struct ctx *c, struct message *m)
{
	const char *host = strstr(c->conf->public_url, "://") + 3;

	m->id = uuid_make(c->now);
	m->from = c->conf->mail_from;
	m->from_name = "Doorward";
	m->code = TEST_CODE;
	m->locale = "en";
	return message_render(c, "en", "test",
	    (struct slot[]){{"shop", NULL}, {"code", TEST_CODE},
		{"host", arena_copy(c->arena, host, strcspn(host, ":/"))},
		{NULL, NULL}},
	    m);
}

/* The channel's verdict, in its own words. */
static enum err
report_say(const struct message *m, const char *channel,
    const struct delivery_report *report)
{
	const char *kind = message_kind_name(m->kind);

	if (report->result == DELIVERY_DONE)
		return printf("Sent: %s took the %s.\n", channel, kind) < 0
			   ? ERR_IO
			   : OK;
	return say(ERR_IO, "%s: %s did not take the %s: %s.",
	    report->result == DELIVERY_LATER ? "Temporary" : "Refused for good",
	    channel, kind, report->why);
}

enum err
cli_channel_test(struct ctx *c, const struct given *in)
{
	struct delivery_report report = {DELIVERY_NEVER, ""};
	const char *why = channels_check(c->arena, c->conf);
	const struct channel *channel;
	struct message m = {0};
	enum err e;

	if ((e = target_read(c, in, &m)))
		return e;
	if (why != NULL)
		return say(ERR_CONF, "%s.", why);
	if (!(channel = channel_for(c->conf, m.kind)))
		return say(ERR_CONF,
		    "%s_channel = none: the configuration names no channel "
		    "for this.",
		    message_kind_name(m.kind));
	if ((e = message_make(c, &m)))
		return e;
	channel->send(c, &m, &report);
	return report_say(&m, channel->name, &report);
}
