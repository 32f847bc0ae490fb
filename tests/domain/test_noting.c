/* SPDX-License-Identifier: ISC */
/* The courier: what went out is noted, though the database refuses at first. */

#include "office.h"

#define WHERE(text) "SELECT COUNT(*) FROM outbox WHERE " text

static struct ctx *
post_open(void)
{
	struct ctx *c = office_open(true);

	(void)office_shop(c, "shop");
	return c;
}

/* An SMS, due now. */
static void
queue(struct ctx *c)
{
	static const struct stmt insert = {
	    "INSERT INTO outbox (id, tenant_id, kind, state, destination,"
	    " payload, next_at, created_at, expires_at) SELECT ?, id, 'sms',"
	    " 'queued', '+2348012345000', ?, ?, ?, ? FROM tenants LIMIT 1",
	    CROSS_TENANT, "a test"};
	const struct letter letter = {.name = "signin",
	    .locale = "en",
	    .code = "123456",
	    .host = "auth.example.com"};
	struct uuid id = uuid_make(c->now);
	uint64_t changed;

	ck_ok(db_change(c, &insert,
	    ARGS(UUID(id), BLOB(letter_seal(c, &id, &letter)), INT(c->now),
		INT(c->now), INT(c->now + HOUR_MS)),
	    &changed));
	ck_assert_uint_eq(changed, 1);
}

static struct courier_round
run(struct ctx *c)
{
	struct courier_round round;

	ck_ok(courier_all(c, &round));
	return round;
}

/* So many times the database refuses to note this. */
static void
refuse_to_note(struct ctx *c, const char *state, int times)
{
	ck_ok(db_script(
	    c, arena_print(c->arena,
		   "SET @refused = 0;\n"
		   "CREATE TRIGGER refuses BEFORE UPDATE ON outbox FOR EACH ROW"
		   " IF NEW.state = '%s' AND @refused < %d THEN"
		   " SET @refused = @refused + 1; SIGNAL SQLSTATE '45000';"
		   " END IF;\n",
		   state, times)));
}

START_TEST(test_what_went_out_is_noted_whatever_fails)
{
	struct ctx *c = post_open();

	refuse_to_note(c, "sent", 2);
	queue(c);
	ck_assert_uint_eq(run(c).sent, 1);
	ck_assert_int_eq(office_count(c, WHERE("state = 'sent'")), 1);
	ck_assert_int_eq(office_count(c, "SELECT @refused"), 2);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, NULL), 1);
	office_close(c);
}
END_TEST

/* One at a time fails, and the others wait for no lease to end. */
START_TEST(test_the_rest_of_a_batch_that_fails_is_given_back)
{
	struct ctx *c = post_open();
	struct courier_round round;
	int i;

	office_conf(c)->sms_channel = "none";
	refuse_to_note(c, "dead", 1);
	for (i = 0; i < 3; i++)
		queue(c);
	ck_assert_int_eq(courier_all(c, &round), ERR_DB);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'queued' AND"
				  " lease_owner IS NULL AND attempts = 0")),
	    2);
	ck_assert_uint_eq(run(c).dead, 2);
	ck_assert_int_eq(office_count(c, WHERE("state = 'queued' AND"
					       " lease_owner IS NOT NULL")),
	    1);
	office_close(c);
}
END_TEST

SUITE(noting, test_what_went_out_is_noted_whatever_fails,
    test_the_rest_of_a_batch_that_fails_is_given_back)
