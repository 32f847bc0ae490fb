/* SPDX-License-Identifier: ISC */
/* desk: a service that messages leave through, and a message for it. */

#include <stdio.h>
#include <sys/stat.h>

#include "desk.h"

static const char *const secrets[] = {"s3cret", "123456", "+4915", "ann@"};

const char *
desk_secret(struct desk *d, const char *name, const char *text)
{
	const char *path = mailserver_path(&d->server, d->c->arena, name);

	mailserver_write(&d->server, d->c->arena, name, text);
	ck_assert_int_eq(chmod(path, 0600), 0);
	return path;
}

void
desk_open(struct desk *d)
{
	struct arena *a;
	const char *src = getenv("DW_SRC"), *url;

	*d = (struct desk){.c = test_ctx()};
	a = d->c->arena;
	receiver_start(&d->server, "implicit");
	url = arena_print(a, "https://127.0.0.1:%s", d->server.port);
	settings_preset(conf_settings, &d->conf);
	d->conf.module_dir = module_dir();
	d->conf.template_dir =
	    arena_print(a, "%s/conf/templates", src ? src : ".");
	d->conf.email_channel = "hook";
	d->conf.sms_channel = "twilio";
	d->conf.whatsapp_channel = "whatsapp";
	d->conf.mail_from = "post@door.example";
	d->conf.outbound_networks = "127.0.0.0/8";
	d->conf.outbound_ca = mailserver_path(&d->server, a, "ca.pem");
	d->conf.delivery_timeout_seconds = 10;
	d->conf.whatsapp_url = arena_print(a, "%s/v23.0", url);
	d->conf.whatsapp_phone_id = "106540352242922";
	d->conf.whatsapp_token_file =
	    desk_secret(d, "whatsapp.token", "whatsapp-s3cret\n");
	d->conf.whatsapp_template = "sign_in_code";
	d->conf.whatsapp_languages = "en_US de fr-CA:fr";
	d->conf.twilio_url = url;
	d->conf.twilio_account = DESK_ACCOUNT;
	d->conf.twilio_token_file =
	    desk_secret(d, "twilio.token", "twilio-s3cret\n");
	d->conf.twilio_from = "+15005550006";
	d->conf.hook_url = arena_print(a, "%s/hook", url);
	d->conf.hook_secret_file =
	    desk_secret(d, "hook.secret", "hook-s3cret-of-thirty-two-bytes!\n");
	d->c->conf = &d->conf;
	d->c->now = 1795341600000;
}

void
desk_close(struct desk *d)
{
	mailserver_stop(&d->server);
	test_done(d->c);
}

struct message
desk_message(enum message_kind kind)
{
	bool mail = kind == MESSAGE_EMAIL;

	return (struct message){
	    .id = {{1, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 7}},
	    .kind = kind,
	    .from_name = "Caf\xc3\xa9",
	    .to = mail ? "ann@example.com" : "+4915123456789",
	    .subject = mail ? "Sign in" : NULL,
	    .text = "123456 is your code, & more = \"100%\" for Caf\xc3\xa9.\n"
		    "\n@shop.example #123456",
	    .html = mail ? "<p>123456</p>" : NULL,
	    .code = "123456",
	    .locale = "en",
	};
}

struct delivery_report
desk_sent(struct desk *d, const struct message *m)
{
	struct delivery_report out = {DELIVERY_NEVER, NULL};
	size_t i;

	channel_for(&d->conf, m->kind)->send(d->c, m, &out);
	ck_assert_ptr_nonnull(out.why);
	ck_assert_int_eq(out.result == DELIVERY_DONE, *out.why == '\0');
	for (i = 0; i < COUNT(secrets); i++)
		ck_assert_msg(!strstr(out.why, secrets[i]), "%s", out.why);
	return out;
}

const char *
desk_seen(struct desk *d, const char *name)
{
	return mailserver_read(&d->server, d->c->arena, name);
}

void
desk_say(struct desk *d, const char *words)
{
	mailserver_write(&d->server, d->c->arena, "say", words);
}

void
desk_answers(struct desk *d, const struct message *m,
    const struct desk_answer *answers, size_t n)
{
	struct delivery_report report;
	size_t i;

	for (i = 0; i < n; i++) {
		desk_say(d, answers[i].say);
		report = desk_sent(d, m);
		ck_assert_msg(report.result == answers[i].result, "%s: %d, %s",
		    answers[i].say, (int)report.result, report.why);
		ck_assert_msg(strstr(report.why, answers[i].why), "%s: %s",
		    answers[i].say, report.why);
	}
}
