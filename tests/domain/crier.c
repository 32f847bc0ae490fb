/* SPDX-License-Identifier: ISC */
/* crier: a shop with a webhook, and the receiver that it leads to. */

#include "crier.h"

static struct mailserver receiver;
static struct uuid first_hook;

struct ctx *
crier_open(struct webhook_made *out)
{
	struct ctx *c = office_open(true);
	struct webhook_new new = {.headers = "X-Token: t0p-s3cret\nX-Two: 2"};
	struct conf *conf = office_conf(c);
	const char *why = "";

	receiver_start(&receiver, "none");
	conf->module_dir = module_dir();
	conf->outbound_networks = "127.0.0.0/8";
	conf->delivery_timeout_seconds = 2;
	new.url =
	    arena_print(c->arena, "http://127.0.0.1:%s/told", receiver.port);
	c->tenant = office_shop(c, "shop");
	c->tenant_id = c->tenant->id;
	ck_assert_msg(webhook_create(c, &new, out, &why) == OK, "%s", why);
	first_hook = out->id;
	return c;
}

struct uuid
crier_other(struct ctx *c, const char *path)
{
	const struct tenant *usual = c->tenant;
	struct webhook_new new = {.events = NULL};
	struct webhook_made made;
	const char *why = "";

	c->tenant = office_shop(c, path + 1);
	c->tenant_id = c->tenant->id;
	new.url =
	    arena_print(c->arena, "http://127.0.0.1:%s%s", receiver.port, path);
	ck_assert_msg(webhook_create(c, &new, &made, &why) == OK, "%s", why);
	c->tenant = usual;
	c->tenant_id = usual->id;
	return made.id;
}

void
crier_close(struct ctx *c)
{
	mailserver_stop(&receiver);
	office_close(c);
}

void
crier_event_for(
    struct ctx *c, struct uuid webhook, unsigned n, const char *name)
{
	office_do(c,
	    arena_print(c->arena,
		"INSERT INTO webhook_events (tenant_id, webhook_id, id, event,"
		" customer_id, detail, at, next_at) SELECT tenant_id, id,"
		" UNHEX(MD5(RAND())), '%s', IF(%u, UNHEX(LPAD('%x', 32, '0')),"
		" NULL), 'because', %lld, %lld FROM webhooks"
		" WHERE id = UNHEX('%s')",
		name, n, n, (long long)c->now, (long long)c->now,
		hex_text(c->arena, webhook.b, sizeof(webhook.b))));
}

void
crier_event(struct ctx *c, unsigned n, const char *name)
{
	crier_event_for(c, first_hook, n, name);
}

struct herald_round
crier_run(struct ctx *c)
{
	struct herald_round round;

	ck_ok(herald_run(c, &round));
	return round;
}

void
crier_say(struct ctx *c, const char *words)
{
	mailserver_write(&receiver, c->arena, "say", words);
}

const char *
crier_heard(struct ctx *c, const char *file)
{
	return mailserver_read(&receiver, c->arena, file);
}

size_t
crier_times(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}
