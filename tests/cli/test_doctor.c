/* SPDX-License-Identifier: ISC */
/* Doctor as a whole: content, going on, starting where nothing else does. */

#include "sick.h"

static const struct json *
check_named(const struct json *all, const char *name)
{
	json_each (check, json_get(all, "checks"))
		if (strcmp(json_get_text(check, "check"), name) == 0)
			return check;
	return NULL;
}

START_TEST(test_all_is_well)
{
	struct sick k;
	struct ran ran;

	sick_open(&k);
	ran = stage_run(&k.s, "doctor");
	ck_says(ran, " 0 faults, ");
	ck_says(ran, " 0 left out.");
	ck_ran(ran, ran.err[0] == '\0');
	sick_close(&k);
}
END_TEST

START_TEST(test_as_json)
{
	struct sick k;
	struct ran ran;
	const struct json *all, *finding;

	sick_open(&k);
	ran = stage_run(&k.s, "doctor --json");
	all = stage_json(&k.s, &ran);
	ck_assert_int_eq(json_get(all, "faults")->i, 0);
	ck_assert_str_eq(
	    json_get_text(check_named(all, "schema"), "result"), "ok");
	sick_conf(&k, "default_shop = blue");
	ran = stage_run(&k.s, "doctor --json");
	ck_ran(ran, ran.status == 1);
	ran.status = 0;
	all = stage_json(&k.s, &ran);
	ck_assert_int_eq(json_get(all, "faults")->i, 1);
	finding = json_get(check_named(all, "tenants"), "findings")->first;
	ck_assert_str_eq(json_get_text(finding, "level"), "fault");
	ck_assert_str_eq(json_get_text(finding, "mend"),
	    "doorward tenant create blue; or correct default_shop");
	sick_close(&k);
}
END_TEST

START_TEST(test_it_starts_without_a_configuration)
{
	struct sick k;
	struct ran ran;

	sick_open(&k);
	ran = stage_run_bare(&k.s, "doctor -c /nonexistent/doorward.conf");
	ck_ran(ran, ran.status == 1);
	ck_says(ran, "/nonexistent/doorward.conf: No such file or directory.");
	ck_says(ran, "Mend: name the file by -c FILE or DOORWARD_CONF");
	ck_says(ran, "left out until configuration is read");
	sick_close(&k);
}
END_TEST

START_TEST(test_it_goes_on_and_says_what_is_left_out)
{
	struct sick k;
	struct ran ran;

	sick_open(&k);
	sick_conf(&k, "db_socket = /nonexistent");
	sick_file(&k, "master.key", "1 abc\n", 0600);
	ran = stage_run(&k.s, "doctor");
	ck_ran(ran, ran.status == 1);
	ck_says(ran, "FAULT  master key");
	ck_says(ran, "ok     templates");
	ck_says(ran, "FAULT  database");
	ck_says(
	    ran, "-      schema            left out until database answers");
	ck_says(ran, "-      sealed secrets    left out until master key");
	ck_says(ran, "2 faults");
	sick_close(&k);
}
END_TEST

START_TEST(test_a_service_that_is_away)
{
	struct sick k;
	struct ran ran;

	sick_open(&k);
	ran = stage_run(&k.s, "doctor --url http://127.0.0.1:1");
	ck_ran(ran, ran.status == 1);
	ck_says(ran, "FAULT  service");
	ck_says(ran, "Mend: start the web server, correct the URL");
	ck_says(ran, "left out until service answers");
	sick_close(&k);
}
END_TEST

SUITE(doctor, test_all_is_well, test_as_json,
    test_it_starts_without_a_configuration,
    test_it_goes_on_and_says_what_is_left_out, test_a_service_that_is_away)
