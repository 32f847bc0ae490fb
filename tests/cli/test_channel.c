/* SPDX-License-Identifier: ISC */
/* doorward channel */

#include "stage.h"

static const struct {
	const char *words;
	int status;
	const char *says; /* on stdout or stderr */
} cases[] = {
    {"channel test ada@example.com", 0, "Sent: file took the email."},
    {"channel test +2348012345678", 0, "Sent: file took the sms."},
    {"channel test 002348012345678 --kind whatsapp", 0,
	"Sent: file took the whatsapp."},
    {"channel test ada@example.com --kind email", 0, "file took the email"},
    {"channel test", 2, "doorward channel test TO ["},
    {"channel test ada", 2, "no phone number; write it as"},
    {"channel test a@b@c", 2, "'a@b@c' is no mail address."},
    {"channel test ada@example.com --kind sms", 2, "no phone number"},
    {"channel test +2348012345678 --kind email", 2, "no mail address"},
    {"channel test +2348012345678 --kind pigeon", 2,
	"--kind is email, sms or whatsapp."},
};

START_TEST(test_cases)
{
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, false);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run(&s, cases[i].words);
		ck_ran(ran, ran.status == cases[i].status);
		ck_ran(ran, strcasestr(ran.out, cases[i].says) ||
				strcasestr(ran.err, cases[i].says));
	}
	stage_close(&s);
}
END_TEST

START_TEST(test_the_channels_own_words)
{
	struct stage s;
	struct ran ran;
	const char *off, *usual;

	stage_open(&s, false);
	usual = s.conf;
	off = arena_print(s.c->arena, "%s/off.conf", s.dir);
	s.conf = off;
	stage_conf(&s,
	    arena_print(s.c->arena,
		"public_url = https://auth.example.com\n"
		"environment = test\n"
		"master_key_file = %s/master.key\n"
		"email_channel = sendmail\nsendmail = /bin/false\n"
		"mail_from = a@example.com\ntemplate_dir = %s/conf/templates",
		s.dir, getenv("DW_SRC") ? getenv("DW_SRC") : "."));
	ran = stage_run(&s, "channel test ada@example.com");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "Temporary: sendmail did not take the email: sendmail "
		      "ended with status 1.");
	ran = stage_run(&s, "channel test +2348012345678");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "sms_channel = none: the configuration names no channel");
	stage_conf(&s, "sms_channel = twilio");
	ran = stage_run(&s, "channel test +2348012345678");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "sms_channel = twilio: twilio_account is not set");
	s.conf = usual;
	stage_close(&s);
}
END_TEST

SUITE(channel, test_cases, test_the_channels_own_words)
