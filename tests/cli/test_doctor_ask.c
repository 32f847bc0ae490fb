/* SPDX-License-Identifier: ISC */
/* Where doctor asks nobody, and what it says then. */

#include "sick.h"

START_TEST(test_urls_that_are_none)
{
	static const char *const lines[] = {"doctor --url auth.example.com",
	    "doctor --url ftp://127.0.0.1", "doctor --url http://localhost:1",
	    "doctor --url http://127.0.0.2:1/", "doctor --url http://[::1]:1"};
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

START_TEST(test_plain_http_is_for_this_machine)
{
	static const char *const lines[] = {"doctor --url http://192.0.2.1",
	    "doctor --url http://auth.example.com/",
	    "doctor --url http://localhost.example.com",
	    "doctor --url http://[2001:db8::1]:80"};
	struct sick k;
	struct ran ran;
	size_t i;

	sick_open(&k);
	for (i = 0; i < COUNT(lines); i++) {
		ran = stage_run(&k.s, lines[i]);
		ck_ran(ran, ran.status == 1);
		ck_says(
		    ran, "doctor asks over https; http only on this machine");
		ck_says(ran, "Mend: give --url https://");
		ck_ran(ran, !strstr(ran.out, "start the web server"));
	}
	sick_close(&k);
}
END_TEST

SUITE(doctor_ask, test_urls_that_are_none, test_plain_http_is_for_this_machine)
