/* SPDX-License-Identifier: ISC */
/* The channel twilio: SMS by Twilio's Messages resource. */

#include <string.h>

#include "delivery/delivery.h"

enum { BODY_MAX = 1600 }; /* characters */

/* clang-format off */
/* twilio.com, error and warning dictionary; what the operator can mend is tried
   again */
static const struct outbound_code codes[] = {
	{ 14107, true,	"too many messages at once" },
	{ 20003, true,  "not signed in: see twilio_account and twilio_token_file" },
	{ 20404, true,  "no such account: see twilio_account" },
	{ 20429, true,	"too many requests" },
	{ 21211, false, "the number is not valid" },
	{ 21212, false, "the sender is not valid: see twilio_from" },
	{ 21408, false, "the account may not send to this country" },
	{ 21606, false, "twilio_from is not a number of this account" },
	{ 21608, false, "a trial account sends to verified numbers alone" },
	{ 21610, false, "the number does not want messages of this sender" },
	{ 21611, true,	"the sender's queue is full" },
	{ 21612, false, "twilio_from cannot send to this number" },
	{ 21614, false, "the number takes no SMS" },
	{ 21701, false, "no such messaging service: see twilio_from" },
	{ .code = 0 }
};
/* clang-format on */

static bool
is_service(const char *from)
{
	return strncmp(from, "MG", 2) == 0 && strlen(from) == 34;
}

static const char *
body_make(struct ctx *c, const struct message *m)
{
	const char *from = c->conf->twilio_from;

	return arena_print(c->arena, "To=%s&%s=%s&Body=%s",
	    percent_text(c->arena, m->to),
	    is_service(from) ? "MessagingServiceSid" : "From",
	    percent_text(c->arena, from), percent_text(c->arena, m->text));
}

static const char *
settings_fault(struct arena *a, const struct conf *conf, struct secret *token)
{
	const char *why;

	if ((why = outbound_fault(a, conf, "twilio_url", conf->twilio_url)))
		return why;
	if (!*conf->twilio_account)
		return "twilio_account is not set: see Account Info at "
		       "console.twilio.com";
	if (!*conf->twilio_from)
		return "twilio_from is not set: a number or messaging service "
		       "of the account";
	return outbound_secret(
	    a, "twilio_token_file", conf->twilio_token_file, token);
}

const char *
twilio_check(struct arena *a, const struct conf *conf)
{
	struct secret token;

	return settings_fault(a, conf, &token);
}

void
twilio_send(struct ctx *c, const struct message *m, struct delivery_report *out)
{
	static const struct net_header headers[] = {
	    {"Content-Type", "application/x-www-form-urlencoded"},
	    {NULL, NULL},
	};
	const struct conf *conf = c->conf;
	struct outbound o = {.headers = headers, .codes = codes};

	out->result = DELIVERY_NEVER;
	out->why = "an SMS has at most 1600 characters";
	if (utf8_count(m->text) > BODY_MAX)
		return;
	out->result = DELIVERY_LATER;
	if ((out->why = settings_fault(c->arena, conf, &o.password)))
		return;
	o.url = arena_print(c->arena, "%s/2010-04-01/Accounts/%s/Messages.json",
	    conf->twilio_url, conf->twilio_account);
	o.user = *conf->twilio_user ? conf->twilio_user : conf->twilio_account;
	o.body = body_make(c, m);
	outbound_post(c, &o, out);
}
