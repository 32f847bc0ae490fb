/* SPDX-License-Identifier: ISC */
/* The herald: signed, in order, again after longer and longer, then dead. */

#include <unistd.h>

#include "crier.h"

START_TEST(test_it_is_signed_and_says_who)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	const char *body, *wire;
	struct digest mac;
	struct bytes key;
	const struct json *json, *data;

	office_do(c,
	    "INSERT INTO customers (tenant_id, id, email, email_proven_at,"
	    " created_at, updated_at) SELECT id, UNHEX(LPAD('1', 32, '0')),"
	    " 'ada@x.example', 1, 1, 1 FROM tenants");
	crier_event(c, 1, "customer.created");
	ck_assert_uint_eq(crier_run(c).told, 1);
	body = crier_heard(c, "last");
	wire = crier_heard(c, "wire");
	key = (struct bytes){
	    (const unsigned char *)made.secret.s, strlen(made.secret.s)};
	mac = mac_plain(key, body, strlen(body));
	ck_assert_ptr_nonnull(strstr(wire, "POST /told HTTP/1.1"));
	ck_assert_ptr_nonnull(strstr(wire, "Content-Type: application/json"));
	ck_assert_ptr_nonnull(
	    strstr(wire, arena_print(c->arena, "X-Signature: %s\n",
			     hex_text(c->arena, mac.b, DIGEST_LEN))));
	ck_assert_ptr_nonnull(strstr(wire, "X-Token: t0p-s3cret\n"));
	ck_assert_ptr_nonnull(strstr(wire, "X-Two: 2\n"));
	ck_ok(json_parse(c, body, strlen(body), &json));
	data = json_get(json, "data");
	ck_assert_str_eq(json_get_text(json, "event"), "customer.created");
	ck_assert_str_eq(json_get_text(json, "timestamp"),
	    time_text(c->arena, office_count(c, "SELECT at FROM "
						"webhook_events")));
	ck_assert_str_eq(
	    json_get_text(json, "app_id"), uuid_text(c->arena, c->tenant->id));
	ck_assert_ptr_nonnull(
	    strstr(wire, arena_print(c->arena, "X-Webhook-Id: %s\n",
			     json_get_text(json, "id"))));
	ck_assert_str_eq(json_get_text(data, "detail"), "because");
	ck_assert_str_eq(json_get_text(data, "customer_id"),
	    "00000000-0000-0000-0000-000000000001");
	ck_assert_str_eq(json_get_text(json_get(data, "customer"), "email"),
	    "ada@x.example");
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'sent' AND attempts = 1"
				  " AND lease_owner IS NULL AND why IS NULL"
				  " AND done_at IS NOT NULL")),
	    1);
	ck_assert_uint_eq(crier_run(c).told, 0);
	crier_close(c);
}
END_TEST

START_TEST(test_who_is_gone_is_null)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);

	crier_event(c, 1, "customer.deleted");
	crier_event(c, 0, "webhook.test");
	ck_assert_uint_eq(crier_run(c).told, 2);
	ck_assert_ptr_nonnull(strstr(crier_heard(c, "wire"),
	    "\"data\":{\"customer_id\":\"00000000-0000-0000-0000-000000000001\","
	    "\"session_id\":null,\"detail\":\"because\",\"customer\":null}"));
	ck_assert_ptr_nonnull(strstr(crier_heard(c, "wire"),
	    "\"data\":{\"customer_id\":null,\"session_id\":null,"
	    "\"detail\":\"because\",\"customer\":null}"));
	crier_close(c);
}
END_TEST

#define NEXT_AT "SELECT next_at FROM webhook_events"

START_TEST(test_again_by_the_schedule_and_then_dead)
{
	static const int64_t pauses_ms[] = {
	    MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS};
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	const char *id, *wire;
	size_t i;

	crier_event(c, 1, "customer.updated");
	crier_say(c, "500*");
	for (i = 0; i < COUNT(pauses_ms); i++) {
		ck_assert_uint_eq(crier_run(c).later, 1);
		ck_assert_uint_eq(crier_run(c).later, 0);
		ck_assert_int_eq(
		    office_count(c, NEXT_AT) - c->now, pauses_ms[i]);
		office_time(c, c->now + pauses_ms[i] - 1);
		ck_assert_uint_eq(crier_run(c).later, 0);
		office_time(c, c->now + 1);
	}
	ck_assert_uint_eq(crier_run(c).dead, 1);
	ck_assert_int_eq(office_count(c, WHERE("state = 'dead' AND attempts = 5"
					       " AND why = 'HTTP 500'")),
	    1);
	office_time(c, c->now + DAY_MS);
	ck_assert_uint_eq(crier_run(c).dead, 0);
	/* each time the same id */
	id = office_text(c, "SELECT LOWER(HEX(id)) FROM webhook_events");
	wire = crier_heard(c, "wire");
	ck_assert_uint_eq(crier_times(wire, "POST /told"), 5);
	ck_assert_uint_eq(
	    crier_times(wire, arena_print(c->arena, "\"id\":\"%.8s-", id)), 5);
	crier_close(c);
}
END_TEST

START_TEST(test_whatever_goes_wrong_it_is_tried_again)
{
	static const struct {
		const char *say, *why;
	} cases[] = {
	    {"404", "HTTP 404"},
	    {"redirect", "HTTP 302"},
	    {"slow", ""},
	    {"drop", ""},
	    {"garbage", ""},
	};
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		office_do(c, "DELETE FROM webhook_events");
		crier_event(c, 1, "customer.updated");
		crier_say(c, cases[i].say);
		ck_case(cases[i].say, crier_run(c).later == 1);
		ck_case(cases[i].say,
		    strstr(office_text(c, "SELECT why FROM webhook_events"),
			cases[i].why));
		office_time(c, c->now + MINUTE_MS);
		ck_case(cases[i].say, crier_run(c).told == 1);
	}
	crier_close(c);
}
END_TEST

START_TEST(test_in_order_for_each_customer)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	const char *wire;

	crier_event(c, 1, "first");
	crier_event(c, 1, "second");
	crier_say(c, "500");
	ck_assert_uint_eq(crier_run(c).later, 1);
	/* another customer's do not wait for long */
	crier_event(c, 2, "other");
	office_time(c, c->now + FAILED_REST_MS);
	ck_assert_uint_eq(crier_run(c).told, 1);
	ck_assert_uint_eq(crier_run(c).told, 0);
	wire = crier_heard(c, "wire");
	ck_assert_ptr_null(strstr(wire, "\"second\""));
	ck_assert_ptr_nonnull(strstr(wire, "\"other\""));
	office_time(c, c->now + MINUTE_MS);
	ck_assert_uint_eq(crier_run(c).told, 1);
	ck_assert_uint_eq(crier_run(c).told, 1);
	wire = crier_heard(c, "wire");
	ck_assert_uint_eq(crier_times(wire, "\"first\""), 2);
	ck_assert(strstr(strstr(wire, "\"other\""), "\"first\"") <
		  strstr(wire, "\"second\""));
	crier_close(c);
}
END_TEST

START_TEST(test_an_address_that_is_no_longer_listed)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);

	office_conf(c)->outbound_networks = "";
	crier_event(c, 1, "a");
	ck_assert_uint_eq(crier_run(c).told, 0);
	ck_assert_str_eq(crier_heard(c, "wire"), "");
	ck_assert_int_eq(office_count(c, WHERE("state = 'queued'")), 1);
	crier_close(c);
}
END_TEST

static enum err
run_until_done(struct ctx *c)
{
	struct herald_round round;
	enum err e;

	do {
		if ((e = herald_run(c, &round)))
			return e;
	} while (round.told > 0);
	return round.later + round.dead > 0 ? ERR_INTERNAL : OK;
}

START_TEST(test_two_heralds_tell_each_once)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	unsigned i;

	for (i = 1; i <= 60; i++)
		crier_event(c, i, "a");
	office_twice(c, run_until_done);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'sent' AND attempts = 1")), 60);
	ck_assert_uint_eq(
	    crier_times(crier_heard(c, "wire"), "POST /told"), 60);
	crier_close(c);
}
END_TEST

/* Where the wire has the event of this number. */
static const char *
heard_at(struct ctx *c, const char *wire, unsigned i)
{
	const char *at =
	    strstr(wire, arena_print(c->arena, "\"event\":\"e%02u\"", i));

	ck_assert_msg(at != NULL, "nobody was told e%02u", i);
	return at;
}

START_TEST(test_two_heralds_keep_the_order)
{
	enum { PEOPLE = 3, EVENTS = 30 };
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	const char *wire;
	unsigned i;

	for (i = 0; i < EVENTS; i++)
		crier_event(
		    c, 1 + i % PEOPLE, arena_print(c->arena, "e%02u", i));
	office_twice(c, run_until_done);
	wire = crier_heard(c, "wire");
	for (i = PEOPLE; i < EVENTS; i++)
		ck_assert(heard_at(c, wire, i - PEOPLE) < heard_at(c, wire, i));
	crier_close(c);
}
END_TEST

static enum err
run_stopped(struct ctx *c)
{
	struct herald_round round;
	enum err e;

	herald_stop();
	e = herald_run(c, &round);
	return e ? e : round.told > 0 ? ERR_INTERNAL : OK;
}

START_TEST(test_stopped_gives_back_what_it_has)
{
	struct webhook_made made;
	struct ctx *c = crier_open(&made);

	crier_event(c, 1, "a");
	crier_event(c, 2, "b");
	office_twice(c, run_stopped);
	ck_assert_int_eq(
	    office_count(c, WHERE("state = 'queued' AND"
				  " lease_owner IS NULL AND attempts = 0")),
	    2);
	ck_assert_uint_eq(crier_run(c).told, 2);
	crier_close(c);
}
END_TEST

START_TEST(test_the_log_names_the_event_and_nobody)
{
	char path[] = "/tmp/doorward-log-XXXXXX";
	struct webhook_made made;
	struct ctx *c = crier_open(&made);
	const char *const secrets[] = {"t0p-s3cret", "whsec_", "/told"};
	int fd = mkstemp(path), usual = dup(STDERR_FILENO);
	const char *why;
	char *log;
	size_t i;

	crier_event(c, 1, "customer.updated");
	crier_event(c, 2, "customer.updated");
	crier_say(c, "\n500");
	ck_assert_int_ge(dup2(fd, STDERR_FILENO), 0);
	(void)crier_run(c);
	crier_say(c, "");
	office_time(c, c->now + FAILED_REST_MS);
	(void)crier_run(c);
	ck_assert_int_ge(dup2(usual, STDERR_FILENO), 0);
	(void)close(usual);
	(void)close(fd);
	ck_ok(file_read(c->arena, path, 64 * 1024, &log, &why));
	(void)unlink(path);
	ck_assert_ptr_nonnull(strstr(log, "\"event\":\"webhook_told\""));
	ck_assert_ptr_nonnull(strstr(log, "\"event\":\"webhook_not_told\""));
	ck_assert_ptr_nonnull(strstr(log, "HTTP 500"));
	for (i = 0; i < COUNT(secrets); i++)
		ck_assert_msg(!strstr(log, secrets[i]), "%s", log);
	crier_close(c);
}
END_TEST

SUITE(herald, test_it_is_signed_and_says_who, test_who_is_gone_is_null,
    test_again_by_the_schedule_and_then_dead,
    test_whatever_goes_wrong_it_is_tried_again, test_in_order_for_each_customer,
    test_an_address_that_is_no_longer_listed, test_two_heralds_tell_each_once,
    test_two_heralds_keep_the_order, test_stopped_gives_back_what_it_has,
    test_the_log_names_the_event_and_nobody)
