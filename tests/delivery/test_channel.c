/* SPDX-License-Identifier: ISC */
/* channel.c: which channel carries what, and what is refused at start. */

#include <stdio.h>

#include "delivery/delivery.h"
#include "test.h"

static struct conf
sound(void)
{
	const char *src = getenv("DW_SRC");
	static char templates[1024];
	struct conf conf;

	snprintf(
	    templates, sizeof(templates), "%s/conf/templates", src ? src : ".");
	settings_preset(conf_settings, &conf);
	conf.environment = "test";
	conf.whatsapp_channel = "";
	conf.message_dir = "/tmp";
	conf.template_dir = templates;
	conf.smtp_url = "smtp://mail.example:587";
	conf.mail_from = "shop@shop.example";
	return conf;
}

START_TEST(test_for)
{
	struct conf conf = sound();

	ck_assert_str_eq(channel_for(&conf, MESSAGE_EMAIL)->name, "smtp");
	ck_assert(channel_for(&conf, MESSAGE_EMAIL)->send == smtp_send);
	ck_assert_ptr_null(channel_for(&conf, MESSAGE_SMS));
	ck_assert_ptr_null(channel_for(&conf, MESSAGE_WHATSAPP));
	conf.email_channel = conf.sms_channel = conf.whatsapp_channel = "file";
	ck_assert(channel_for(&conf, MESSAGE_EMAIL)->send == file_send);
	ck_assert(channel_for(&conf, MESSAGE_SMS)->send == file_send);
	ck_assert(channel_for(&conf, MESSAGE_WHATSAPP)->send == file_send);
	conf.email_channel = NULL;
	conf.sms_channel = "smtp";
	conf.whatsapp_channel = "pigeon";
	ck_assert_ptr_null(channel_for(&conf, MESSAGE_EMAIL));
	ck_assert_ptr_null(channel_for(&conf, MESSAGE_SMS));
	ck_assert_ptr_null(channel_for(&conf, MESSAGE_WHATSAPP));
}
END_TEST

/* clang-format off */
static const struct {
	const char	*environment, *email, *sms, *whatsapp, *message_dir;
	const char	*why;		/* NULL: nothing is wrong */
} checks[] = {
	{ "production", "smtp", "none", "", "", NULL },
	{ "test", "file", "file", "file", "/tmp", NULL },
	{ "development", "none", "none", "none", "", NULL },
	{ "production", "file", "none", "none", "/tmp",
	  "email_channel = file is refused when environment = production" },
	{ "production", "smtp", "file", "none", "/tmp",
	  "sms_channel = file is refused when environment = production" },
	{ "production", "smtp", "none", "file", "/tmp",
	  "whatsapp_channel = file is refused when environment = production" },
	{ "production", "hook", "twilio", "none", "",
	  "email_channel = hook: hook_url is not set" },
	{ "production", "smtp", "twilio", "none", "",
	  "sms_channel = twilio: twilio_account is not set: see Account Info at"
	  " console.twilio.com" },
	{ "production", "smtp", "none", "whatsapp", "",
	  "whatsapp_channel = whatsapp: whatsapp_phone_id is not set: see API"
	  " Setup of the app at developers.facebook.com" },
	{ "test", "whatsapp", "none", "none", "",
	  "email_channel = whatsapp: this channel takes no email" },
	{ "test", "pigeon", "none", "none", "/tmp",
	  "email_channel = pigeon: there is no such channel" },
	{ "test", "smtp", "smtp", "none", "/tmp",
	  "sms_channel = smtp: this channel takes no sms" },
	{ "test", "file", "none", "none", "",
	  "email_channel = file: message_dir is not set" },
	{ "test", "none", "file", "none", "/nonexistent",
	  "sms_channel = file: message_dir: /nonexistent cannot be written" },
};
/* clang-format on */

START_TEST(test_check)
{
	struct ctx *c = test_ctx();
	const char *why;
	struct conf conf;
	size_t i;

	for (i = 0; i < COUNT(checks); i++) {
		conf = sound();
		conf.environment = checks[i].environment;
		conf.email_channel = checks[i].email;
		conf.sms_channel = checks[i].sms;
		conf.whatsapp_channel = checks[i].whatsapp;
		conf.message_dir = checks[i].message_dir;
		why = channels_check(c->arena, &conf);
		if (!checks[i].why)
			ck_assert_msg(!why, "row %zu: %s", i, why);
		else
			ck_assert_str_eq(why, checks[i].why);
	}
	test_done(c);
}
END_TEST

START_TEST(test_check_templates)
{
	struct ctx *c = test_ctx();
	struct conf conf = sound();

	ck_assert_ptr_null(channels_check(c->arena, &conf));
	conf.template_dir = "/nonexistent";
	ck_assert_str_eq(channels_check(c->arena, &conf),
	    "template_dir: /nonexistent/en cannot be read");
	conf.template_dir = "";
	ck_assert_str_eq(
	    channels_check(c->arena, &conf), "template_dir is not set");
	test_done(c);
}
END_TEST

SUITE(channel, test_for, test_check, test_check_templates)
