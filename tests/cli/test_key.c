/* SPDX-License-Identifier: ISC */
/* doorward key */

#include "stage.h"

START_TEST(test_create_and_list)
{
	struct stage s;
	struct ran ran;
	const struct json *json;
	const char *kid;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "key create shop --alg HS512 --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json, "alg"), "HS512");
	kid = json_get_text(json, "kid");
	ran = stage_run(&s, "key create shop");
	ck_ran(ran, ran.status == 0 && strlen(ran.out) == strlen(kid) + 1);
	ran = stage_run(&s, "key list shop");
	ck_says(ran, kid);
	ran = stage_run(&s, "key list shop --json");
	ck_assert_int_eq(stage_count(&s, "SELECT COUNT(*) FROM signing_keys"
					 " WHERE signs_from > created_at"),
	    2);
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM audit_events"
			    " WHERE event = 'signing_key_created'"),
	    2);
	ck_assert_ptr_nonnull(
	    json_get_text(stage_json(&s, &ran)->first, "signs from"));
	stage_close(&s);
}
END_TEST

START_TEST(test_another_algorithm)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	(void)stage_run(&s, "tenant create shop");
	ran = stage_run(&s, "key create shop --alg none");
	ck_ran(ran, ran.status == 2);
	ck_warns(ran, "--alg is ES256 or HS512.");
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM signing_keys"), 2);
	stage_close(&s);
}
END_TEST

SUITE(key, test_create_and_list, test_another_algorithm)
