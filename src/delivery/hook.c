/* SPDX-License-Identifier: ISC */
/* The channel hook: every message as signed JSON, to whatever sends it on. */

#include <string.h>

#include "delivery/delivery.h"

enum { SECRET_MIN = 32 }; /* characters */

static void
write_given(struct writer *w, const char *name, const char *value)
{
	if (value)
		write_text(w, name, value);
}

static const char *
body_make(struct ctx *c, const struct message *m)
{
	bool mail = m->kind == MESSAGE_EMAIL;
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_uuid(&w, "id", m->id);
	write_text(&w, "kind", message_kind_name(m->kind));
	write_text(&w, "to", m->to);
	write_text(&w, "from", mail ? mail_sender(c->conf, m) : m->from_name);
	write_text(&w, "text", m->text);
	write_given(&w, "subject", m->subject);
	write_given(&w, "html", m->html);
	write_given(&w, "code", m->code);
	write_text(&w, "locale", m->locale ? m->locale : "en");
	write_map_end(&w);
	return writer_text(&w);
}

static const char *
settings_fault(struct arena *a, const struct conf *conf, struct secret *secret)
{
	const char *why;

	if ((why = outbound_fault(a, conf, "hook_url", conf->hook_url)) ||
	    (why = outbound_secret(
		 a, "hook_secret_file", conf->hook_secret_file, secret)))
		return why;
	return strlen(secret->s) < SECRET_MIN
		   ? "hook_secret_file must hold 32 characters or more: "
		     "openssl rand -hex 32 makes them"
		   : NULL;
}

const char *
hook_check(struct arena *a, const struct conf *conf)
{
	struct secret secret;

	return settings_fault(a, conf, &secret);
}

void
hook_send(struct ctx *c, const struct message *m, struct delivery_report *out)
{
	struct outbound o = {.url = c->conf->hook_url};
	struct digest signature;
	struct secret secret;

	out->result = DELIVERY_LATER;
	if ((out->why = settings_fault(c->arena, c->conf, &secret)))
		return;
	o.body = body_make(c, m);
	signature = mac_plain(mac_text(secret.s), o.body, strlen(o.body));
	o.headers = (struct net_header[]){{"Content-Type", "application/json"},
	    {"X-Signature", hex_text(c->arena, signature.b, DIGEST_LEN)},
	    {"Idempotency-Key",
		arena_print(c->arena, "%s-%s", uuid_text(c->arena, m->id),
		    message_kind_name(m->kind))},
	    {NULL, NULL}};
	outbound_post(c, &o, out);
}
