/* SPDX-License-Identifier: ISC */
/* Faults of what carries messages: module, channels, mail server, courier. */

#include "mailserver.h"
#include "sick.h"

static struct mailserver mail;

static void
conf_mail(struct sick *k, const char *user, const char *ca)
{
	struct arena *a = k->s.c->arena;
	const char *well = k->well;

	sick_file(k, "smtp.password", "s3cret\n", 0600);
	k->well = arena_print(a,
	    "%ssmtp_user = %s\nsmtp_password_file = %s\nsmtp_ca = %s\n"
	    "smtp_url = smtp://127.0.0.1:%s\n",
	    well, user, sick_path(k, "smtp.password"),
	    mailserver_path(&mail, a, ca), mail.port);
	sick_conf(k, "email_channel = smtp");
	k->well = well;
}

static void
mail_well(struct sick *k)
{
	conf_mail(k, "shop", "ca.pem");
}

static void
mail_stranger(struct sick *k)
{
	conf_mail(k, "thief", "ca.pem");
}

static void
mail_unvouched(struct sick *k)
{
	conf_mail(k, "shop", "other.pem");
}

static void
mail_refused(struct sick *k)
{
	char port[sizeof(mail.port)];

	memcpy(port, mail.port, sizeof(port));
	memcpy(mail.port, "1", 2);
	conf_mail(k, "shop", "ca.pem");
	memcpy(mail.port, port, sizeof(port));
}

static const struct sickness mails[] = {
    {"a mail server that refuses the connection", NULL, mail_refused,
	"mail server", "smtp://127.0.0.1:1: Failed to connect",
	"Mend: correct smtp_url", NULL},
    {"a mail server that does not know our password", NULL, mail_stranger,
	"mail server", "(code 535)",
	"Mend: correct smtp_user, and the password", NULL},
    {"a mail server that nobody vouches for", NULL, mail_unvouched,
	"mail server", "certificate", "Mend: name in smtp_ca", NULL},
};

START_TEST(test_mail_server)
{
	struct sick k;

	sick_open(&k);
	mailserver_start(&mail, "starttls");
	mail_well(&k);
	sick_is_well(&k, "a mail server that lets us in");
	sick_each(&k, mails, COUNT(mails));
	ck_assert_str_eq(mailserver_read(&mail, k.s.c->arena, "last/to"), "");
	mailserver_stop(&mail);
	sick_close(&k);
}
END_TEST

static const struct sickness channels_ill[] = {
    {"a module that is missing", "module_dir = /nonexistent", NULL, "module",
	"/nonexistent/net.so: No such file", "Mend: set module_dir", NULL},
    {"a message folder that is missing", "message_dir = /nonexistent", NULL,
	"channels", "message_dir = /nonexistent", "Mend: mkdir -p /nonexistent",
	NULL},
};

START_TEST(test_channels)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, channels_ill, COUNT(channels_ill));
	sick_close(&k);
}
END_TEST

/* ---- services over HTTP ------------------------------------------------- */

static void
conf_hook(struct sick *k, const char *port)
{
	struct arena *a = k->s.c->arena;
	const char *well = k->well;

	sick_file(k, "hook.secret", "0123456789abcdef0123456789abcdef\n", 0600);
	k->well = arena_print(a,
	    "%shook_url = http://127.0.0.1:%s/hook\nhook_secret_file = %s\n"
	    "outbound_networks = 127.0.0.0/8\n",
	    well, port, sick_path(k, "hook.secret"));
	sick_conf(k, "email_channel = hook");
	k->well = well;
}

static void
hook_refused(struct sick *k)
{
	conf_hook(k, "1");
}

static const struct sickness services[] = {
    {"a hook that nobody answers", NULL, hook_refused, "services",
	"hook_url = http://127.0.0.1:1/hook: Failed to connect",
	"Mend: correct hook_url", NULL},
};

START_TEST(test_services)
{
	struct mailserver hook;
	struct sick k;

	sick_open(&k);
	receiver_start(&hook, "none");
	conf_hook(&k, hook.port);
	sick_is_well(&k, "a hook that answers");
	ck_says(stage_run(&k.s, "doctor"), "/hook\n");
	mailserver_stop(&hook);
	sick_each(&k, services, COUNT(services));
	sick_close(&k);
}
END_TEST

/* ---- the outbox ------------------------------------------------------------------ */

static void
courier_away(struct sick *k)
{
	(void)stage_message(&k->s);
	stage_do(&k->s, "UPDATE outbox SET next_at = next_at - 301000");
}

static void
nothing_cleared(struct sick *k)
{
	stage_do(&k->s, "INSERT INTO limits SELECT '', 1, '', 1,"
			" (UNIX_TIMESTAMP() - 3 * 86400) * 1000, 0, 0");
}

static void
courier_comes(struct sick *k)
{
	struct ran ran;

	sick_conf_well(k);
	ran = stage_run(&k->s, "courier --once");
	ck_ran(ran, ran.status == 0);
}

static const struct sickness outbox_ill[] = {
    {"no courier", NULL, courier_away, "outbox",
	"1 messages are due for more than 5 minutes",
	"Mend: keep `doorward courier` running", courier_comes},
    {"nothing is cleared away", NULL, nothing_cleared, "outbox",
	"Nothing that is spent was cleared away since",
	"Mend: keep `doorward courier` running", courier_comes},
};

START_TEST(test_outbox)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, outbox_ill, COUNT(outbox_ill));
	stage_do(&k.s, "UPDATE outbox SET state = 'dead'");
	sick_warns(&k, "outbox", "`doorward outbox list --state dead`");
	sick_close(&k);
}
END_TEST

START_TEST(test_webhooks)
{
	struct sick k;

	sick_open(&k);
	(void)stage_run(&k.s, "tenant create deaf");
	stage_do(&k.s, "INSERT INTO webhooks (tenant_id, id, url, secret,"
		       " events, created_at, updated_at) SELECT id, id,"
		       " 'https://a.example', 's', '', 1, 1 FROM tenants"
		       " WHERE slug = 'deaf'");
	stage_do(&k.s,
	    "INSERT INTO webhook_events (tenant_id, webhook_id, id, event, at,"
	    " next_at) SELECT tenant_id, id, 'i', 'e', 1000 *"
	    " UNIX_TIMESTAMP(), 1 FROM webhooks");
	sick_is_well(&k, "one that waits for a moment");
	stage_do(&k.s, "UPDATE webhook_events SET at = at - 901000");
	sick_warns(&k, "webhooks", "1 events wait for deaf's webhook");
	stage_do(&k.s, "UPDATE webhook_events SET state = 'dead'");
	sick_warns(&k, "webhooks", "Mend: `doorward webhook log deaf ");
	sick_close(&k);
}
END_TEST

SUITE(doctor_post, test_channels, test_mail_server, test_services, test_outbox,
    test_webhooks)
