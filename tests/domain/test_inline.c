/* SPDX-License-Identifier: ISC */
/* One message handed over at once, and the language that each is written in. */

#include "office.h"

#define WHERE(text) "SELECT COUNT(*) FROM outbox WHERE " text
#define ADA         "ada@example.com"

static struct ctx *
post_open(void)
{
	struct ctx *c = office_open(true);

	office_conf(c)->public_url = "https://auth.example.com";
	office_conf(c)->platform_sends_a_day = 1000;
	office_conf(c)->client_address_factor = 1;
	tenant_enter(c, office_shop(c, "shop"));
	c->address = "192.0.2.1";
	return c;
}

/* Somebody asks for a mail; its id. */
static struct uuid
asked(struct ctx *c, const char *to)
{
	struct ask ask = {CHANNEL_EMAIL, to, "", NULL};

	c->outbox = (struct uuid){.b = {0}};
	ck_ok(challenge_begin(c, &ask, 1));
	ck_assert(!uuid_is_nil(c->outbox));
	return c->outbox;
}

static struct courier_round
run(struct ctx *c)
{
	struct courier_round round;

	ck_ok(courier_all(c, &round));
	return round;
}

START_TEST(test_one_alone)
{
	struct ctx *c = post_open();
	struct uuid first = asked(c, ADA), second = asked(c, "bob@example.com");
	const char *text = "";

	ck_ok(courier_run_one(c, second));
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, &text), 1);
	ck_assert_ptr_nonnull(strstr(text, "To: bob@example.com"));
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'sent' AND attempts = 1")), 1);
	ck_assert_int_eq(courier_run_one(c, second), ERR_NOT_FOUND);
	ck_ok(courier_run_one(c, first));
	ck_assert_uint_eq(run(c).sent, 0);
	office_close(c);
}
END_TEST

START_TEST(test_what_fails_is_the_couriers)
{
	struct ctx *c = post_open();
	char *folder = office_folder(c);
	const char *usual = c->conf->message_dir;
	struct uuid id = asked(c, ADA);

	office_remove(c, folder);
	office_conf(c)->message_dir = folder;
	ck_ok(courier_run_one(c, id));
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'queued' AND"
				  " lease_owner IS NULL AND attempts = 1")),
	    1);
	office_conf(c)->message_dir = usual;
	ck_assert_int_eq(courier_run_one(c, id), ERR_NOT_FOUND);
	office_time(c, c->now + 11 * SECOND_MS);
	ck_assert_uint_eq(run(c).sent, 1);
	office_close(c);
}
END_TEST

/* Who had it in hand has died. */
START_TEST(test_what_is_in_hand_is_nobody_elses_until_its_lease_ends)
{
	struct ctx *c = post_open();
	struct uuid id = asked(c, ADA);

	office_do(c, arena_print(c->arena,
			 "UPDATE outbox SET lease_owner = id, next_at = %lld",
			 (long long)c->now + INLINE_LEASE_MS));
	ck_assert_int_eq(courier_run_one(c, id), ERR_NOT_FOUND);
	ck_assert_uint_eq(run(c).sent, 0);
	office_time(c, c->now + INLINE_LEASE_MS);
	ck_assert_uint_eq(run(c).sent, 1);
	office_close(c);
}
END_TEST

START_TEST(test_what_has_expired_or_is_suppressed_is_not_sent)
{
	struct ctx *c = post_open();
	struct uuid id = asked(c, ADA);

	office_do(c, "UPDATE outbox SET state = 'suppressed'");
	ck_assert_int_eq(courier_run_one(c, id), ERR_NOT_FOUND);
	id = asked(c, "bob@example.com");
	office_time(c, c->now + HOUR_MS);
	ck_assert_int_eq(courier_run_one(c, id), ERR_NOT_FOUND);
	ck_assert_uint_eq(office_files(c, c->conf->message_dir, NULL), 0);
	office_close(c);
}
END_TEST

/* ---- in whose language ------------------------------------------------------------- */

/* Somebody of that address, who may have proven it. */
static void
customer_add(struct ctx *c, const char *to, const char *proven_at)
{
	office_do(c, "DELETE FROM customers");
	office_do(c, "DELETE FROM identities");
	office_do(c, "INSERT INTO customers (tenant_id, id, locale, created_at,"
		     " updated_at) SELECT id, id, 'fr-CA', 1, 1 FROM tenants");
	office_do(c,
	    arena_print(c->arena,
		"INSERT INTO identities (tenant_id, kind, value, customer_id,"
		" proven_at, created_at) SELECT id, 'email', '%s', id, %s, 1"
		" FROM tenants",
		to, proven_at));
}

/* What has arrived is taken away. */
static const char *
arrived(struct ctx *c)
{
	const char *text = "";

	ck_assert_uint_eq(office_files(c, c->conf->message_dir, &text), 1);
	office_remove(c, c->conf->message_dir);
	office_conf(c)->message_dir = office_folder(c);
	return text;
}

static const struct {
	const char *to, *what, *asked, *shop, *proven_at, *holds;
} languages[] = {
    {"a@x.example", "as asked for", "pl", "ar", "1", "to Twój kod logowania"},
    {"b@x.example", "as the customer is", NULL, "ar", "1", "est votre code de"},
    {"c@x.example", "an address that was only stated", NULL, "pl", "NULL",
	"to Twój kod logowania"},
    {"d@x.example", "as the shop is", NULL, "ar", NULL, "dir=\"rtl\""},
    {"e@x.example", "as nobody is", NULL, "de", NULL, "is your sign-in code"},
};

START_TEST(test_each_in_their_language)
{
	struct ctx *c = post_open();
	struct tenant shop = *c->tenant;
	struct uuid id;
	size_t i;

	c->tenant = &shop;
	for (i = 0; i < COUNT(languages); i++) {
		if (languages[i].proven_at)
			customer_add(
			    c, languages[i].to, languages[i].proven_at);
		shop.set.locale = languages[i].shop;
		c->locale = languages[i].asked;
		id = asked(c, languages[i].to);
		if (i % 2)
			ck_ok(courier_run_one(c, id));
		else
			ck_assert_uint_eq(run(c).sent, 1);
		ck_case(
		    languages[i].what, strstr(arrived(c), languages[i].holds));
	}
	office_close(c);
}
END_TEST

SUITE(inline, test_one_alone, test_what_fails_is_the_couriers,
    test_what_is_in_hand_is_nobody_elses_until_its_lease_ends,
    test_what_has_expired_or_is_suppressed_is_not_sent,
    test_each_in_their_language)
