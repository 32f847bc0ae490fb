/* SPDX-License-Identifier: ISC */
/* The probe tells doctor what arrived, and everybody else nothing. */

#include "talk.h"

static const char *
line_of(struct town *t, const char **bearer)
{
	struct arena *a = t->c->arena;
	const char *word;

	t->c->now = world_now();
	ck_assert_int_eq(probe_word(t->c, &word), OK);
	*bearer = arena_print(a, "Authorization: Bearer %s", word);
	return arena_print(a, "GET /doctor/%s", word);
}

/* clang-format off */
static const struct {
	const char *what, *headers;
	bool bearer;			/* the word is sent as such, too */
	const char *authorization, *address, *forwarded;
	bool listed, https;
} cases[] = {
	{ "all is well", "", true, "present", "192.0.2.1", NULL, false, true },
	{ "Authorization is stripped", "", false, "absent", "192.0.2.1", NULL,
	  false, true },
	{ "another token", "Authorization: Bearer x", false, "changed",
	  "192.0.2.1", NULL, false, true },
	{ "a scheme of a proxy's own", "Authorization: Basic eA==", false,
	  "absent", "192.0.2.1", NULL, false, true },
	{ "an unlisted proxy", "X-Forwarded-For: 198.51.100.7", true,
	  "present", "192.0.2.1", "HTTP_X_FORWARDED_FOR", false, true },
	{ "a listed proxy", "!REMOTE_ADDR=10.0.0.1\nX-Forwarded-For: "
	  "198.51.100.7\nX-Forwarded-Proto: http", true, "present",
	  "198.51.100.7", "HTTP_X_FORWARDED_FOR HTTP_X_FORWARDED_PROTO", true,
	  false },
};
/* clang-format on */

START_TEST(test_what_arrived)
{
	struct town t;
	struct said said;
	const char *line, *bearer;
	size_t i;

	town_build(&t);
	talk_conf(t.c)->trusted_proxies = "10.0.0.0/8";
	for (i = 0; i < COUNT(cases); i++) {
		line = line_of(&t, &bearer);
		said = ask(t.c, line,
		    cases[i].bearer
			? arena_print(t.c->arena, "%s%s%s", cases[i].headers,
			      *cases[i].headers ? "\n" : "", bearer)
			: cases[i].headers,
		    NULL);
		ck_said(said, 200);
		ck_case(cases[i].what, strcmp(said_text(&said, "authorization"),
					   cases[i].authorization) == 0);
		ck_case(cases[i].what,
		    strcmp(said_text(&said, "address"), cases[i].address) == 0);
		ck_case(cases[i].what,
		    said_at(&said, "peerListed")->b == cases[i].listed);
		ck_case(cases[i].what,
		    said_at(&said, "https")->b == cases[i].https);
		if (cases[i].forwarded != NULL)
			ck_assert_str_eq(
			    said_text(&said, "forwarded"), cases[i].forwarded);
		else
			ck_case(cases[i].what, said_null(&said, "forwarded"));
	}
	town_leave(&t);
}
END_TEST

/* To the byte, but for the request id. */
START_TEST(test_nothing_is_here_for_others)
{
	static const char *const lines[] = {"GET /doctor/1.AAAA",
	    "GET /doctor/1795341600000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    "GET /doctor/x", "HEAD /doctor/x", "GET /doctor/-.-"};
	struct town t;
	struct said said, none;
	size_t i;

	town_build(&t);
	none =
	    ask(t.c, "GET /nowhere/x", "X-Request-Id: always-the-same", NULL);
	for (i = 0; i < COUNT(lines); i++) {
		said =
		    ask(t.c, lines[i], "X-Request-Id: always-the-same", NULL);
		ck_case(lines[i], said.status == 404);
		ck_assert_str_eq(said.head, none.head);
		if (lines[i][0] == 'G')
			ck_assert_str_eq(said.body, none.body);
	}
	town_leave(&t);
}
END_TEST

START_TEST(test_a_word_of_yesterday)
{
	struct town t;
	const char *line, *bearer;

	town_build(&t);
	line = line_of(&t, &bearer);
	ck_said(ask(t.c, line, "", NULL), 200);
	talk_later(PROBE_LIFE_MS + 1);
	ck_said(ask(t.c, line, "", NULL), 404);
	town_leave(&t);
}
END_TEST

SUITE(probe, test_what_arrived, test_nothing_is_here_for_others,
    test_a_word_of_yesterday)
