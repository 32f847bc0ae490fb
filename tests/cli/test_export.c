/* SPDX-License-Identifier: ISC */
/* doorward customer export: all that is held, and no secret. */

#include "stage.h"

static const char *
first(const struct json *doc, const char *list, const char *member)
{
	const struct json *of = json_get(doc, list);

	ck_case(list, of != NULL && of->first != NULL);
	return json_get_text(of->first, member);
}

START_TEST(test_all_of_it)
{
	static const struct {
		const char *list, *member, *value;
	} cases[] = {
	    {"identities", "value", "ann@x.example"},
	    {"sessions", "address", "192.0.2.7"},
	    {"cart", "product_id", "shoe"},
	    {"locations", "city_name", "Lagos"},
	    {"events", "event", "signed_in"},
	    {"messages", "destination", "ann@x.example"},
	};
	const struct json *doc, *profile;
	const char *ann;
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, true);
	ann = stage_people(&s);
	stage_do(&s, "INSERT INTO challenges (tenant_id, id, purpose, channel,"
		     " destination, begun_from, pepper, code_hash, link_hash,"
		     " created_at, code_expires_at, expires_at) SELECT id, 'c',"
		     " 'signin', 'email', 'ann@x.example', 'f', 1, 'HASHHASH',"
		     " 'HASHHASH', 1, 1, 9e12 FROM tenants");
	ran = stage_run(&s, "customer export shop ann@x.example");
	doc = stage_json(&s, &ran);
	ck_ran(ran, !ran.err[0]);
	profile = json_get(doc, "profile");
	ck_assert_str_eq(json_get_text(profile, "id"), ann);
	ck_assert_str_eq(json_get_text(profile, "full_name"), "Ann Obi");
	for (i = 0; i < COUNT(cases); i++)
		ck_assert_str_eq(
		    first(doc, cases[i].list, cases[i].member), cases[i].value);
	ck_assert_ptr_nonnull(json_get(doc, "sessions")->first->next);
	ck_ran(ran, !strstr(ran.out, "SALT") && !strstr(ran.out, "HASH"));
	ck_assert_int_eq(
	    stage_count(&s, "SELECT COUNT(*) FROM audit_events WHERE event ="
			    " 'customer_exported' AND actor = 'operator'"),
	    1);
	stage_close(&s);
}
END_TEST

/* Columns that are no data about a person, or would open a door. */
static const char *const left_out[] = {"tenant_id", "customer_id", "salt",
    "generation", "rotated_at", "rotated_before_at", "challenge_id",
    "client_id", NULL};

struct column {
	const char *s;
};

/* A column that is added later has its line in the export, or a reason here. */
START_TEST(test_no_column_is_forgotten)
{
	static const struct stmt ask = {
	    "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE"
	    " TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ('customers',"
	    " 'identities', 'sessions', 'locations')",
	    CROSS_TENANT, "a test"};
	static const struct col cols[] = {COL_TEXT(struct column, s), COL_END};
	struct column *names;
	struct stage s;
	struct ran ran;
	const char *at;
	size_t i, k, n;

	stage_open(&s, true);
	(void)stage_people(&s);
	ran = stage_run(&s, "customer export shop ann@x.example");
	ck_ran(ran, ran.status == 0);
	ck_ok(db_list(s.c, &ask, NO_ARGS, cols, sizeof(*names), &names, &n));
	ck_assert_uint_gt(n, 40);
	for (i = 0; i < n; i++) {
		for (k = 0; left_out[k] && strcmp(left_out[k], names[i].s); k++)
			continue;
		if (left_out[k] != NULL ||
		    !strcmp(names[i].s, "idle_expires_at"))
			continue;
		at = strstr(names[i].s, "_at");
		at = arena_copy(s.c->arena, names[i].s,
		    at ? (size_t)(at - names[i].s) : strlen(names[i].s));
		ck_assert_msg(
		    strstr(ran.out, arena_print(s.c->arena, "\"%s\":", at)),
		    "%s is not in %s", at, ran.out);
	}
	stage_close(&s);
}
END_TEST

SUITE(export, test_all_of_it, test_no_column_is_forgotten)
