/* SPDX-License-Identifier: ISC */
/* doorward tenant invite, approve, suspend, resume, delete, keep; and show. */

#include "stage.h"

#define FOUNDED "01900000-0000-7000-8000-000000000001"

/* A platform, a shop of the operator's, and one that ann founded. */
static void
town_open(struct stage *s)
{
	stage_open(s, true);
	(void)stage_run(s, "tenant create platform --platform");
	(void)stage_run(s, "tenant create shop");
	stage_do(s,
	    "INSERT INTO customers (tenant_id, id, email, email_proven_at,"
	    " created_at, updated_at) SELECT id, 'ann-ann-ann-ann-',"
	    " 'ann@x.example', 1, 1, 1 FROM tenants WHERE slug = 'platform'");
	stage_do(s,
	    "INSERT INTO tenants (id, name, kind, settings, mac_key,"
	    " founded_by, created_at, updated_at) VALUES"
	    " (UNHEX('01900000000070008000000000000001'), 'Green', 'shop', '',"
	    " 'x', 'ann-ann-ann-ann-', 1, 1)");
}

/* Each of these, one after the other. */
static const struct {
	const char *words;
	int status;
	const char *says, *shop_is;
} acts[] = {
    {"tenant approve shop", 1, "'shop' is approved already.", "active"},
    {"tenant keep shop", 1, "'shop' is not being deleted", "active"},
    {"tenant suspend shop", 0, "", "suspended"},
    {"tenant resume shop", 0, "", "active"},
    {"tenant delete shop", 0, "`doorward tenant keep shop` opens it again.",
	"deleting"},
    {"tenant delete shop", 1, "`doorward tenant keep shop`", "deleting"},
    {"tenant resume shop", 1, "'shop' is being deleted.", "deleting"},
    {"tenant suspend shop", 1, "'shop' is being deleted.", "deleting"},
    {"tenant keep shop", 0, "", "active"},
    {"tenant suspend platform", 1, "'platform' is the platform", "active"},
    {"tenant delete platform", 1, "'platform' is the platform", "active"},
    {"tenant keep platform", 1, "'platform' is not being deleted", "active"},
    {"tenant approve shp", 1, "There is no tenant 'shp'.", "active"},
    {"tenant suspend shp", 1, "There is no tenant 'shp'.", "active"},
    {"tenant delete shp", 1, "There is no tenant 'shp'.", "active"},
    {"tenant keep shp", 1, "There is no tenant 'shp'.", "active"},
    {"tenant delete", 2, "tenant delete SHOP", "active"},
};

START_TEST(test_standing)
{
	struct stage s;
	struct ran ran;
	size_t i;

	town_open(&s);
	for (i = 0; i < COUNT(acts); i++) {
		ran = stage_run(&s, acts[i].words);
		ck_ran(ran, ran.status == acts[i].status);
		ck_warns(ran, acts[i].says);
		ck_ran(ran, !ran.out[0] && !*acts[i].says == !*ran.err);
		ck_assert_str_eq(
		    stage_text(&s, "SELECT status FROM tenants WHERE"
				   " slug = 'shop'"),
		    acts[i].shop_is);
	}
	stage_close(&s);
}
END_TEST

START_TEST(test_invited)
{
	struct stage s;
	struct ran ran;

	town_open(&s);
	ran = stage_run(&s, "tenant invite Ann@X.Example");
	ck_ran(ran, ran.status == 0);
	ck_warns(ran, "may found one shop until 20");
	ck_warns(ran, "founding = off");
	ck_assert_str_eq(
	    stage_text(&s, "SELECT CAST(email AS CHAR) FROM invitations"),
	    "ann@x.example");
	stage_conf(&s, "founding = invite");
	ran = stage_run(&s, "tenant invite ann@x.example");
	ck_ran(ran, ran.status == 0 && !strstr(ran.err, "Note"));
	ran = stage_run(&s, "tenant invite ann");
	ck_ran(ran, ran.status == 2);
	ck_warns(ran, "'ann' is no mail address.");
	stage_do(&s, "DELETE FROM tenants WHERE slug = 'platform'");
	ran = stage_run(&s, "tenant invite ann@x.example");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "`doorward tenant create platform --platform`");
	stage_close(&s);
}
END_TEST

/* What an operator needs to know before they decide. */
START_TEST(test_shown)
{
	struct stage s;
	struct ran ran;

	town_open(&s);
	ran = stage_run(&s, "tenant show " FOUNDED);
	ck_ran(ran, ran.status == 0);
	ck_says(ran, "\nslug      -\n");
	ck_says(ran, "\nstatus    active\n");
	ck_says(ran,
	    "\napproved  no: held back until `doorward tenant approve " FOUNDED
	    "`\n");
	ck_says(ran, "\nfounded   by ann@x.example (");
	ck_says(
	    ran, "\nbudget    mails today 0 of 50, messages today 0 of 0\n");
	ck_ran(ran, !strstr(ran.out, "\ndeleted "));
	ran = stage_run(&s, "tenant approve " FOUNDED);
	ck_ran(ran, ran.status == 0);
	(void)stage_run(&s, "tenant delete " FOUNDED);
	ran = stage_run(&s, "tenant show " FOUNDED);
	ck_says(ran, "\nstatus    deleting\n");
	ck_says(ran, "\napproved  20");
	ck_says(ran, "\ndeleted   at 20");
	ck_says(ran, "\nbudget    mails today 0 of 10000, messages today 0 of"
		     " 1000\n");
	ran = stage_run(&s, "tenant show shop");
	ck_ran(ran, !strstr(ran.out, "\nfounded "));
	ran = stage_run(&s, "tenant list");
	ck_says(ran, FOUNDED);
	stage_close(&s);
}
END_TEST

START_TEST(test_shown_as_json)
{
	static const char *const nulls[] = {"slug", "approved", "deleted"};
	struct stage s;
	struct ran ran;
	const struct json *json;
	size_t i;

	town_open(&s);
	stage_do(&s, "DELETE FROM customers");
	ran = stage_run(&s, "tenant show " FOUNDED " --json");
	json = stage_json(&s, &ran);
	ck_assert(json_get(json, "held")->b);
	for (i = 0; i < COUNT(nulls); i++)
		ck_case(nulls[i], json_get(json, nulls[i])->type == JSON_NULL);
	ck_assert_ptr_nonnull(json_get_text(json, "founded_by"));
	ck_assert(json_get(json, "founder_email")->type == JSON_NULL);
	ck_assert_int_eq(json_get(json, "mails_today")->i, 0);
	ck_assert_int_eq(json_get(json, "mails_a_day")->i, 50);
	ck_assert_int_eq(json_get(json, "messages_today")->i, 0);
	ck_assert_int_eq(json_get(json, "messages_a_day")->i, 0);
	(void)stage_run(&s, "tenant delete " FOUNDED);
	ran = stage_run(&s, "tenant show " FOUNDED " --json");
	json = stage_json(&s, &ran);
	ck_assert_str_eq(json_get_text(json, "status"), "deleting");
	ck_assert_ptr_nonnull(json_get_text(json, "deleted"));
	ran = stage_run(&s, "tenant show shop --json");
	json = stage_json(&s, &ran);
	ck_assert(!json_get(json, "held")->b);
	ck_assert_ptr_nonnull(json_get_text(json, "approved"));
	ck_assert(json_get(json, "founded_by")->type == JSON_NULL);
	stage_close(&s);
}
END_TEST

/* Wherever a tenant is named, one without a slug is named by its id. */
START_TEST(test_everywhere_by_id)
{
	static const char *const words[] = {"tenant show " FOUNDED,
	    "tenant set " FOUNDED " name Blue", "tenant suspend " FOUNDED,
	    "tenant resume " FOUNDED, "apikey create " FOUNDED,
	    "apikey list " FOUNDED, "key create " FOUNDED, "key list " FOUNDED,
	    "outbox list " FOUNDED, "member list " FOUNDED,
	    "tenant approve " FOUNDED, "tenant delete " FOUNDED,
	    "tenant keep " FOUNDED};
	struct stage s;
	struct ran ran;
	size_t i;

	town_open(&s);
	for (i = 0; i < COUNT(words); i++) {
		ran = stage_run(&s, words[i]);
		ck_ran(ran, ran.status == 0);
	}
	ran = stage_run(&s, "tenant show 01900000-0000-7000-8000-000000000002");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "There is no tenant '01900000-");
	ran = stage_run(&s, "tenant show \xc3\xa9");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "There is no tenant '\xc3\xa9'.");
	stage_close(&s);
}
END_TEST

SUITE(shop, test_standing, test_invited, test_shown, test_shown_as_json,
    test_everywhere_by_id)
