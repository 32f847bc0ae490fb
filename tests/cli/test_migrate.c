/* SPDX-License-Identifier: ISC */
/* doorward migrate */

#include <stdlib.h>

#include "stage.h"

START_TEST(test_once_and_again)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, false);
	ran = stage_run(&s, "migrate");
	ck_ran(ran, ran.status == 0);
	ck_says(ran, "scripts applied: 1.");
	ran = stage_run(&s, "migrate");
	ck_ran(ran, ran.status == 0);
	ck_says(ran, "scripts applied: 0.");
	ran = stage_run(&s, "tenant create shop");
	ck_ran(ran, ran.status == 0);
	stage_close(&s);
}
END_TEST

START_TEST(test_refused)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	ran = stage_run(&s, "migrate");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "holds tables, but no finished schema");
	ck_assert_int_eq(setenv("DOORWARD_SQL_DIR", "/nonexistent", 1), 0);
	ran = stage_run(&s, "migrate");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "/nonexistent");
	stage_close(&s);
}
END_TEST

SUITE(migrate, test_once_and_again, test_refused)
