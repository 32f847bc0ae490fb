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

SUITE(doctor_web, test_something_else_answers)
