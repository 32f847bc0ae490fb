/* SPDX-License-Identifier: ISC */
/* curl.c: what may go out, over which line, and what the answers mean. */

#include "mailserver.h"
#include "net/net.h"
#include "test.h"

static const struct net_header headers[] = {
    {"Subject", "A test"},
    {"MIME-Version", "1.0"},
    {NULL, NULL},
};
static const struct net_header bad_value[] = {
    {"Subject", "A test\r\nBcc: thief@example.com"},
    {NULL, NULL},
};
static const struct net_header bad_name[] = {
    {"Subject: x\r\nBcc", "thief@example.com"},
    {NULL, NULL},
};
static const struct net_header bad_bytes[] = {
    {"Subject", "Caf\xc3\xa9"},
    {NULL, NULL},
};

static struct ctx *c;
static struct conf conf;
static struct mailserver server;
static const struct net_table *net;

static void
begin(const char *tls)
{
	conf.module_dir = module_dir();
	c = test_ctx();
	c->conf = &conf;
	ck_assert_int_eq(net_load(c, &net), OK);
	mailserver_start(&server, tls);
}

static void
end(void)
{
	mailserver_stop(&server);
	test_done(c);
}

static struct net_mail
mail(enum net_tls tls)
{
	return (struct net_mail){
	    .host = "127.0.0.1",
	    .port = server.port,
	    .hello = "shop.example",
	    .tls = tls,
	    .ca_file = mailserver_path(&server, c->arena, "ca.pem"),
	    .user = tls == NET_TLS_NONE ? NULL : "shop",
	    .password = {tls == NET_TLS_NONE ? NULL : "s3cret"},
	    .from = "shop@shop.example",
	    .to = "ann@example.com",
	    .headers = headers,
	    .text = "Hello\r\n",
	    .html = "<p>Hello</p>\r\n",
	    .timeout_ms = 10000,
	};
}

static struct net_answer
sent(const struct net_mail *m)
{
	struct net_answer answer = {.result = NET_BAD, .code = -1};

	net->send_mail(m, &answer);
	return answer;
}

static const char *
wire(void)
{
	return mailserver_read(&server, c->arena, "wire");
}

/* clang-format off */
static const struct {
	const char		*what, *from, *to;
	const struct net_header *headers;
} nonsense[] = {
	{ "CRLF in the recipient", NULL, "a@b.example\r\nRCPT TO:<t@b.example>", NULL },
	{ "LF in the recipient",   NULL, "a@b.example\nDATA",	NULL },
	{ "> in the recipient",	   NULL, "a@b.example> NOTIFY=NEVER", NULL },
	{ "< in the recipient",	   NULL, "<a@b.example",	NULL },
	{ "blank in the recipient", NULL, "a b@b.example",	NULL },
	{ "DEL in the recipient",  NULL, "a\x7f@b.example",	NULL },
	{ "UTF-8 in the recipient", NULL, "caf\xc3\xa9@b.example", NULL },
	{ "no recipient",	   NULL, "",			NULL },
	{ "CRLF in the sender",	   "a@b.example\r\nRSET", NULL, NULL },
	{ "> in the sender",	   "a@b.example> SIZE=1", NULL, NULL },
	{ "no sender",		   "",			 NULL, NULL },
	{ "CRLF in a header",	   NULL, NULL,		 bad_value },
	{ "CRLF in a header's name", NULL, NULL,	 bad_name },
	{ "8-bit bytes in a header", NULL, NULL,	 bad_bytes },
};
/* clang-format on */

START_TEST(test_nonsense_never_leaves)
{
	struct net_mail m;
	size_t i;

	begin("starttls");
	for (i = 0; i < COUNT(nonsense); i++) {
		m = mail(NET_TLS_STARTTLS);
		m.from = nonsense[i].from ? nonsense[i].from : m.from;
		m.to = nonsense[i].to ? nonsense[i].to : m.to;
		m.headers =
		    nonsense[i].headers ? nonsense[i].headers : m.headers;
		ck_case(nonsense[i].what, sent(&m).result == NET_BAD);
		ck_case(nonsense[i].what, *wire() == '\0');
	}
	m = mail(NET_TLS_STARTTLS);
	ck_assert_int_eq(sent(&m).result, NET_OK);
	ck_assert_ptr_nonnull(strstr(wire(), "RCPT TO:<ann@example.com>"));
	end();
}
END_TEST

START_TEST(test_route_must_be_sound)
{
	struct net_mail m;

	begin("none");
	m = mail(NET_TLS_NONE);
	m.host = "shop@127.0.0.1";
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	m = mail(NET_TLS_NONE);
	m.port = arena_print(c->arena, "%s/x", server.port);
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	m = mail(NET_TLS_NONE);
	m.hello = "sho%70.example";
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	m = mail(NET_TLS_STARTTLS);
	m.password.s = NULL;
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	ck_assert_str_eq(wire(), "");
	end();
}
END_TEST

START_TEST(test_implicit_tls)
{
	struct net_mail m;

	begin("implicit");
	m = mail(NET_TLS_IMPLICIT);
	ck_assert_int_eq(sent(&m).result, NET_OK);
	ck_assert_str_eq(
	    mailserver_read(&server, c->arena, "last/text"), "Hello\r\n");
	end();
}
END_TEST

START_TEST(test_implicit_wrong_ca)
{
	struct net_mail m;

	begin("implicit");
	m = mail(NET_TLS_IMPLICIT);
	m.ca_file = mailserver_path(&server, c->arena, "other.pem");
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	m.ca_file = NULL;
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	m.ca_file = "/nonexistent";
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	ck_assert_str_eq(wire(), "");
	end();
}
END_TEST

/* The certificate names 127.0.0.1 alone, and localhost leads there too. */
START_TEST(test_certificate_of_another_host)
{
	struct net_mail m;

	begin("implicit");
	m = mail(NET_TLS_IMPLICIT);
	m.host = "localhost";
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	ck_assert_str_eq(wire(), "");
	end();
}
END_TEST

/* 0.0.0.0 leads to this machine too, but is no address of loopback. */
START_TEST(test_no_tls_on_loopback_only)
{
	struct net_mail m;
	size_t before;

	begin("none");
	m = mail(NET_TLS_NONE);
	ck_assert_int_eq(sent(&m).result, NET_OK);
	ck_assert_str_ne(wire(), "");
	before = strlen(wire());
	m.host = "0.0.0.0";
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	ck_assert_uint_eq(strlen(wire()), before);
	end();
}
END_TEST

START_TEST(test_no_password_without_tls)
{
	struct net_mail m;

	begin("none");
	m = mail(NET_TLS_NONE);
	m.user = "shop";
	m.password.s = "s3cret";
	ck_assert_int_eq(sent(&m).result, NET_TEMPORARY);
	ck_assert_str_eq(wire(), "");
	end();
}
END_TEST

/* clang-format off */
static const struct {
	const char	*what, *from, *to, *password;
	int64_t		 timeout_ms;
	enum net_result	 result;
	long		 code;
} answers[] = {
	{ "a mail goes out",	     NULL, NULL, NULL, 0, NET_OK, 250 },
	{ "a refused recipient",     NULL, "refuse@x.example", NULL, 0, NET_PERMANENT, 550 },
	{ "a recipient for later",   NULL, "later@x.example", NULL, 0, NET_TEMPORARY, 451 },
	{ "we should have signed in", NULL, "relay@x.example", NULL, 0, NET_TEMPORARY, 530 },
	{ "our sender is refused",   "refuse@x.example", NULL, NULL, 0, NET_TEMPORARY, 550 },
	{ "our password is wrong",   NULL, NULL, "wrong", 0, NET_TEMPORARY, 535 },
	{ "the server is too slow",  NULL, "slow@x.example", NULL, 1000, NET_TEMPORARY, 250 },
};
/* clang-format on */

START_TEST(test_answers)
{
	struct net_answer answer;
	struct net_mail m;
	size_t i;

	begin("starttls");
	for (i = 0; i < COUNT(answers); i++) {
		m = mail(NET_TLS_STARTTLS);
		m.from = answers[i].from ? answers[i].from : m.from;
		m.to = answers[i].to ? answers[i].to : m.to;
		if (answers[i].password)
			m.password.s = answers[i].password;
		if (answers[i].timeout_ms)
			m.timeout_ms = answers[i].timeout_ms;
		answer = sent(&m);
		ck_case(answers[i].what, answer.result == answers[i].result);
		ck_case(answers[i].what, answer.code == answers[i].code);
		ck_case(answers[i].what, !strstr(answer.why, "s3cret"));
	}
	end();
}
END_TEST

START_TEST(test_nobody_listens)
{
	struct net_answer answer;
	struct net_mail m;

	begin("starttls");
	m = mail(NET_TLS_STARTTLS);
	mailserver_stop(&server);
	answer = sent(&m);
	ck_assert_int_eq(answer.result, NET_TEMPORARY);
	ck_assert_int_eq(answer.code, 0);
	ck_assert_str_ne(answer.why, "");
	test_done(c);
}
END_TEST

/* A proxy named by the environment is never asked. */
START_TEST(test_no_proxy)
{
	struct net_mail m;

	begin("starttls");
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	m = mail(NET_TLS_STARTTLS);
	ck_assert_int_eq(sent(&m).result, NET_OK);
	unsetenv("ALL_PROXY");
	unsetenv("all_proxy");
	end();
}
END_TEST

/* Greets and signs in, and says nothing of any mail. */
START_TEST(test_probe)
{
	struct net_answer answer;
	struct net_mail m;

	begin("starttls");
	m = mail(NET_TLS_STARTTLS);
	m.to = m.text = NULL;
	m.headers = NULL;
	net->probe_mail(&m, &answer);
	ck_assert_msg(answer.result == NET_OK, "%s", answer.why);
	ck_assert_ptr_nonnull(strstr(wire(), "AUTH "));
	ck_assert_ptr_null(strstr(wire(), "MAIL FROM"));
	m.password.s = "another";
	net->probe_mail(&m, &answer);
	ck_assert_int_eq(answer.result, NET_TEMPORARY);
	ck_assert_int_eq(answer.code, 535);
	ck_assert_ptr_null(strstr(answer.why, "another"));
	m.host = "a b";
	net->probe_mail(&m, &answer);
	ck_assert_int_eq(answer.result, NET_TEMPORARY);
	end();
}
END_TEST

/* What is acknowledged is known at once, whoever does not say goodbye. */
START_TEST(test_no_goodbye)
{
	static const char *const ways[] = {"starttls", "implicit", "none"};
	static const enum net_tls tls[] = {
	    NET_TLS_STARTTLS, NET_TLS_IMPLICIT, NET_TLS_NONE};
	struct net_answer answer;
	struct net_mail m;
	int64_t begun;
	size_t i;

	for (i = 0; i < COUNT(ways); i++) {
		begin(ways[i]);
		mailserver_write(&server, c->arena, "mute", "");
		m = mail(tls[i]);
		begun = world_now();
		ck_case(ways[i], sent(&m).result == NET_OK);
		net->probe_mail(&m, &answer);
		ck_case(ways[i], answer.result == NET_OK);
		ck_case(ways[i], world_now() - begun < 5 * SECOND_MS);
		m.to = "refuse@x.example";
		m.timeout_ms = 1000;
		ck_case(ways[i], sent(&m).result == NET_PERMANENT);
		ck_case(ways[i], world_now() - begun < 8 * SECOND_MS);
		ck_case(ways[i], strstr(wire(), "QUIT\r\n"));
		end();
	}
}
END_TEST

SUITE(curl, test_probe, test_no_goodbye, test_nonsense_never_leaves,
    test_route_must_be_sound, test_implicit_tls, test_implicit_wrong_ca,
    test_certificate_of_another_host, test_no_tls_on_loopback_only,
    test_no_password_without_tls, test_answers, test_nobody_listens,
    test_no_proxy)
