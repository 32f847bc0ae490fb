/* SPDX-License-Identifier: ISC */
/* /metrics: for those who are listed, and nothing at all for others. */

#include "talk.h"

#define FROM(address) "!REMOTE_ADDR=" address "\n"
#define FOR(address)  "X-Forwarded-For: " address "\n"

static const struct {
	const char *what, *headers, *from;
	int status;
	/* clang-format off */
} cases[] = {
	{ "nobody is listed", FROM("127.0.0.1"), "", 404 },
	{ "a listed address", FROM("10.1.2.3"), "10.0.0.0/8", 200 },
	{ "another address", FROM("11.1.2.3"), "10.0.0.0/8", 404 },
	{ "through a listed proxy", FROM("192.0.2.9") FOR("10.1.2.3"),
	  "10.0.0.0/8", 200 },
	{ "through a listed proxy, for another",
	  FROM("192.0.2.9") FOR("11.1.2.3"), "10.0.0.0/8, 192.0.2.9", 404 },
	{ "a listed proxy does not say for whom",
	  FROM("192.0.2.9") "X-Real-IP: 11.1.2.3\n", "192.0.2.9", 404 },
	{ "a listed proxy itself", FROM("192.0.2.9"), "192.0.2.9", 200 },
	{ "loopback", FROM("127.0.0.1"), "127.0.0.0/8", 200 },
	{ "loopback that forwards, and is no listed proxy",
	  FROM("127.0.0.1") FOR("203.0.113.5"), "127.0.0.0/8", 404 },
	{ "the same, for itself", FROM("127.0.0.1") FOR("127.0.0.1"),
	  "127.0.0.0/8", 404 },
	{ "a stranger who claims to be listed",
	  FROM("203.0.113.5") FOR("10.1.2.3"), "10.0.0.0/8", 404 },
};
/* clang-format on */

START_TEST(test_who_is_told)
{
	struct town town;
	struct said said, nothing;
	size_t i;

	town_build(&town);
	talk_conf(town.c)->trusted_proxies = "192.0.2.9";
	nothing = ask(town.c, "GET /metricks", "", NULL);
	for (i = 0; i < COUNT(cases); i++) {
		talk_conf(town.c)->metrics_from = cases[i].from;
		said = ask(town.c, "GET /metrics", cases[i].headers, NULL);
		ck_case(cases[i].what, said.status == cases[i].status);
		if (said.status == 404)
			ck_assert_str_eq(said.body, nothing.body);
	}
	town_leave(&town);
}
END_TEST

static bool
has_line(const struct said *said, const char *line)
{
	return strstr(said->body, arena_print(said->arena, "\n%s\n", line)) !=
	       NULL;
}

START_TEST(test_what_is_told)
{
	static const char *const lines[] = {
	    "# TYPE doorward_outbox_messages gauge",
	    "doorward_outbox_messages{state=\"queued\",kind=\"email\"} 1",
	    "doorward_outbox_messages{state=\"queued\",kind=\"sms\"} 0",
	    "doorward_outbox_messages{state=\"dead\",kind=\"whatsapp\"} 0",
	    "doorward_outbox_oldest_queued_seconds 30",
	    "doorward_webhook_events{state=\"queued\"} 0",
	    "doorward_webhook_events{state=\"dead\"} 0",
	    "doorward_webhook_oldest_queued_seconds 0",
	    "doorward_events_last_5m{result=\"ok\",event=\"signed_up\"} 0",
	    "# TYPE doorward_refusals_total counter",
	    "doorward_refusals_total{reason=\"no_route\"} 1",
	    "# TYPE doorward_table_rows_estimate gauge",
	    "doorward_schema_version 0",
	};
	struct town town;
	struct said said;
	size_t i;

	town_build(&town);
	talk_conf(town.c)->metrics_from = "192.0.2.0/24";
	said = ask(town.c, "POST /v1/auth/passwordless/initiate/email",
	    town_headers(&town, NULL), "{\"email\":\"ann@example.com\"}");
	ck_said(said, 200);
	counters_flush(town.c, true);
	ck_assert_int_eq(
	    db_script(town.c, "DELETE FROM event_counters;\n"), OK);
	said = ask(town.c, "GET /nowhere", "", NULL);
	counters_flush(town.c, true);
	talk_later(30 * SECOND_MS);
	said = ask(town.c, "GET /metrics", "", NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said_header(&said, "Content-Type"),
	    "text/plain; version=0.0.4; charset=utf-8");
	for (i = 0; i < COUNT(lines); i++)
		ck_assert_msg(has_line(&said, lines[i]), "no line %s in\n%s",
		    lines[i], said.body);
	ck_assert_ptr_nonnull(
	    strstr(said.body, "doorward_build_info{version="));
	said = ask(town.c, "HEAD /metrics", "", NULL);
	ck_said(said, 200);
	ck_assert_str_eq(said.body, "");
	town_leave(&town);
}
END_TEST

START_TEST(test_one_round_trip_in_ten_seconds)
{
	struct town town;
	struct said said;
	uint64_t trips;
	int i;

	town_build(&town);
	talk_conf(town.c)->metrics_from = "192.0.2.0/24";
	said = ask(town.c, "GET /healthz", "", NULL);
	talk_later(MINUTE_MS);
	trips = db_trips(town.c->db);
	for (i = 0; i < 5; i++, talk_later(2 * SECOND_MS - 1)) {
		said = ask(town.c, "GET /metrics", "", NULL);
		ck_said(said, 200);
	}
	ck_assert_uint_eq(db_trips(town.c->db) - trips, 1);
	town_leave(&town);
}
END_TEST

SUITE(metrics, test_who_is_told, test_what_is_told,
    test_one_round_trip_in_ten_seconds)
