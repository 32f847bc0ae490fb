/* SPDX-License-Identifier: ISC */
/* Answers that are no worker's; the rest is in tests/e2e/talk_doctor.py. */

#include "mailserver.h"
#include "sick.h"

/* A server that greets, but speaks no HTTP. */
START_TEST(test_something_else_answers)
{
	struct mailserver mail;
	struct sick k;
	struct ran ran;

	sick_open(&k);
	mailserver_start(&mail, "none");
	ran =
	    stage_run(&k.s, arena_print(k.s.c->arena,
				"doctor --url http://127.0.0.1:%s", mail.port));
	mailserver_stop(&mail);
	ck_ran(ran, ran.status == 1);
	ck_says(ran, "FAULT  service");
	ck_says(ran, "probe             left out until service answers");
	sick_close(&k);
}
END_TEST

START_TEST(test_urls_that_are_none)
{
	static const char *const lines[] = {"doctor --url auth.example.com",
	    "doctor --url ftp://127.0.0.1", "doctor --url http://192.0.2.1"};
	struct sick k;
	struct ran ran;
	size_t i;

	sick_open(&k);
	for (i = 0; i < COUNT(lines); i++) {
		ran = stage_run(&k.s, lines[i]);
		ck_ran(ran, ran.status == 1);
		ck_says(ran, "Mend: start the web server, correct the URL");
	}
	sick_close(&k);
}
END_TEST

SUITE(doctor_web, test_something_else_answers, test_urls_that_are_none)
