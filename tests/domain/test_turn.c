/* SPDX-License-Identifier: ISC */
/* The courier: what WhatsApp does not take becomes an SMS. */

#include "office.h"

#define WHERE(text) "SELECT COUNT(*) FROM outbox WHERE " text

static struct ctx *
post_open(void)
{
	struct ctx *c = office_open(true);

	(void)office_shop(c, "shop");
	return c;
}

static struct courier_round
run(struct ctx *c)
{
	struct courier_round round;

	ck_ok(courier_all(c, &round));
	return round;
}

/* A message that WhatsApp does not take, for good or (later) for now. */
static void
queue_refused(struct ctx *c, const char *fallback, bool later)
{
	static const struct stmt insert = {
	    "INSERT INTO outbox (id, tenant_id, kind, state, destination,"
	    " payload, next_at, created_at, expires_at) SELECT ?, id,"
	    " 'whatsapp', 'queued', '+2348012345000', ?, ?, ?, ? FROM tenants"
	    " LIMIT 1",
	    CROSS_TENANT, "a test"};
	const struct letter letter = {.name = "signin",
	    .locale = "en",
	    .shop = "The Shop",
	    .code = "123456",
	    .host = "auth.example.com",
	    .minutes = 5,
	    .fallback = fallback};
	struct uuid id = uuid_make(c->now);
	uint64_t changed;

	office_conf(c)->whatsapp_channel = later ? "whatsapp" : "none";
	office_conf(c)->sms_channel = "file";
	ck_ok(db_change(c, &insert,
	    ARGS(UUID(id), BLOB(letter_seal(c, &id, &letter)), INT(c->now),
		INT(c->now), INT(c->now + HOUR_MS)),
	    &changed));
	ck_assert_uint_eq(changed, 1);
}

START_TEST(test_refused_by_whatsapp_it_is_an_sms)
{
	struct ctx *c = post_open();
	struct courier_round round;
	const char *text = "";

	queue_refused(c, "sms", false);
	round = run(c);
	ck_assert_uint_eq(round.later, 1);
	ck_assert_uint_eq(round.dead, 0);
	ck_assert_int_eq(
	    office_count(c, WHERE("kind = 'sms' AND state = 'queued' AND"
				  " attempts = 0 AND lease_owner IS NULL AND"
				  " why = 'whatsapp_channel = none'")),
	    1);
	ck_assert_uint_eq(run(c).sent, 1);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, &text), 1);
	ck_assert_ptr_nonnull(strstr(text, "Channel: sms\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n@auth.example.com #123456\n"));
	office_close(c);
}
END_TEST

/* Whoever hands over this one message does not leave the SMS to others. */
START_TEST(test_at_once_if_it_was_handed_over_at_once)
{
	struct ctx *c = post_open();
	struct outbox_filter f = {.most = 1};
	struct outbox_row *row;
	const char *text = "";
	size_t n;

	queue_refused(c, "sms", false);
	ck_ok(store_outbox_list(c, &f, &row, &n));
	ck_ok(courier_run_one(c, row->id));
	ck_assert_int_eq(
	    office_count(c, WHERE("kind = 'sms' AND state = 'sent'")), 1);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, &text), 1);
	ck_assert_ptr_nonnull(strstr(text, "Channel: sms\n"));
	office_close(c);
}
END_TEST

/* The channel lacks its settings, which is the operator's to mend: later. */
START_TEST(test_twice_not_taken_it_is_an_sms)
{
	struct ctx *c = post_open();

	queue_refused(c, "sms", true);
	ck_assert_uint_eq(run(c).later, 1);
	ck_assert_int_eq(
	    office_count(c, WHERE("kind = 'whatsapp' AND attempts = 1")), 1);
	office_time(c, c->now + 11 * SECOND_MS);
	ck_assert_uint_eq(run(c).later, 1);
	ck_assert_int_eq(
	    office_count(c, WHERE("kind = 'sms' AND attempts = 0")), 1);
	ck_assert_uint_eq(run(c).sent, 1);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, NULL), 1);
	office_close(c);
}
END_TEST

START_TEST(test_no_sms_instead)
{
	static const struct {
		const char *what, *fallback, *sms_channel;
	} cases[] = {
	    {"the shop wants none", NULL, "file"},
	    {"nobody sends SMS", "sms", "none"},
	    {"a fallback that we do not know", "pigeon", "file"},
	};
	struct ctx *c = post_open();
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		queue_refused(c, cases[i].fallback, false);
		office_conf(c)->sms_channel = cases[i].sms_channel;
		ck_case(cases[i].what, run(c).dead == 1);
	}
	ck_assert_int_eq(
	    office_count(c, WHERE("kind = 'whatsapp' AND state = 'dead'")), 3);
	office_close(c);
}
END_TEST

SUITE(turn, test_refused_by_whatsapp_it_is_an_sms,
    test_at_once_if_it_was_handed_over_at_once,
    test_twice_not_taken_it_is_an_sms, test_no_sms_instead)
