/* SPDX-License-Identifier: ISC */
/* Webhooks: where they may lead, what is kept of them, who may touch them. */

#include "mailserver.h"
#include "shop.h"

#define AUDITED(event)                                                   \
	"SELECT COUNT(*) FROM audit_events WHERE actor = 'operator' AND" \
	" result = 'ok' AND detail IS NOT NULL AND event = '" event "'"

static int64_t
count(struct ctx *c, const char *sql)
{
	struct stmt *stmt = arena_get(c->arena, sizeof(*stmt));
	struct limit_row out = {.n = -1};
	static const struct col cols[] = {
	    COL_INT(struct limit_row, n), COL_END};

	*stmt =
	    (struct stmt){arena_text(c->arena, sql), CROSS_TENANT, "a test"};
	ck_ok(db_one(c, stmt, NO_ARGS, cols, &out));
	return out.n;
}

/* Those who would send know what they could not. */
static struct ctx *
sender_open(void)
{
	struct ctx *c = shop_open();

	shop_conf(c)->module_dir = module_dir();
	return c;
}

static struct webhook_made
made(struct ctx *c, const struct webhook_new *new)
{
	struct webhook_made out;
	const char *why = NULL;

	ck_assert_msg(webhook_create(c, new, &out, &why) == OK, "%s", why);
	return out;
}

static const struct webhook_new usual = {
    .url = "https://shop.example/hook", .headers = "X-Token: t0p-s3cret"};

#define ATOM      "customer.created"
#define TEN_LINES "a:1\nb:1\nc:1\nd:1\ne:1\nf:1\ng:1\nh:1\ni:1\nj:1\n"

/* clang-format off */
static const struct {
	const char	*what;
	struct webhook_new new;
	const char	*networks;
	const char	*why;		/* a part of it; NULL: nothing is wrong */
} cases[] = {
	{ "a name",		{ "https://shop.example/h", NULL, NULL }, "", NULL },
	{ "a public address",	{ "https://8.8.8.8:8443/h?a=b", NULL, NULL }, "", NULL },
	{ "a private address",	{ "https://10.1.2.3/h", NULL, NULL }, "", "not public" },
	{ "the same, listed",	{ "https://10.1.2.3/h", NULL, NULL }, "10.0.0.0/8", NULL },
	{ "the metadata",	{ "https://169.254.169.254/", NULL, NULL }, "", "not public" },
	{ "this machine",	{ "https://[::1]/", NULL, NULL }, "", "not public" },
	{ "http to the world",	{ "http://shop.example/", NULL, NULL }, "0.0.0.0/0", "https://" },
	{ "http to here",	{ "http://127.0.0.1:8/", NULL, NULL }, "", "https://" },
	{ "the same, listed",	{ "http://127.0.0.1:8/", NULL, NULL }, "127.0.0.1", NULL },
	{ "no URL",		{ "shop.example", NULL, NULL }, "", "not set" },
	{ "another scheme",	{ "file:///etc/passwd", NULL, NULL }, "", "https://" },
	{ "a password",		{ "https://u:p@shop.example/", NULL, NULL }, "", "no user" },
	{ "an @ behind it",	{ "https://shop.example/@me", NULL, NULL }, "", NULL },
	{ "a host in disguise",	{ "http://localhost:1@shop.example/", NULL, NULL },
	    "127.0.0.0/8", "no user" },
	{ "a line end",		{ "https://shop.example/\r\nX: y", NULL, NULL }, "", "no blank" },
	{ "one event",		{ "https://a.example", ATOM, NULL }, "", NULL },
	{ "two events",		{ "https://a.example", ATOM ",session.merged", NULL }, "", NULL },
	{ "an unknown event",	{ "https://a.example", "cart.moved", NULL }, "", "'cart.moved'" },
	{ "a beginning of one",	{ "https://a.example", "customer", NULL }, "", "'customer'" },
	{ "one and nothing",	{ "https://a.example", ATOM ",", NULL }, "", "no event ''" },
	{ "no event",		{ "https://a.example", "", NULL }, "", "no event ''" },
	{ "a header",		{ "https://a.example", NULL, "Authorization: x" }, "", NULL },
	{ "two headers",	{ "https://a.example", NULL, "A: b\nC-d: e" }, "", NULL },
	{ "no name",		{ "https://a.example", NULL, ": b" }, "", "Headers are lines" },
	{ "no colon",		{ "https://a.example", NULL, "Name" }, "", "Headers are lines" },
	{ "an empty line",	{ "https://a.example", NULL, "A: b\n\nC: d" }, "", "lines" },
	{ "a carriage return",	{ "https://a.example", NULL, "A: b\r\nC: d" }, "", "lines" },
	{ "our signature",	{ "https://a.example", NULL, "x-SIGNATURE: 0" }, "", "lines" },
	{ "our id",		{ "https://a.example", NULL, "X-Webhook-Id: 0" }, "", "lines" },
	{ "the host",		{ "https://a.example", NULL, "Host: b" }, "", "lines" },
	{ "the length",		{ "https://a.example", NULL, "content-length: 0" }, "", "lines" },
	{ "the transfer",	{ "https://a.example", NULL, "Transfer-Encoding: chunked" },
	    "", "lines" },
	{ "a bracket in a name", { "https://a.example", NULL, "X(Token: b" }, "",
	    "lines" },
	{ "8-bit bytes",	{ "https://a.example", NULL, "X-A: b\nX-City: Caf\xc3\xa9" },
	    "", "printable ASCII" },
	{ "no value",		{ "https://a.example", NULL, "X-A:" }, "", NULL },
	{ "a fragment",		{ "https://shop.example/h#now", NULL, NULL }, "", "no '#'" },
	{ "a brace",		{ "https://shop.example/{id}", NULL, NULL }, "", "no '#'" },
	{ "a quote",		{ "https://shop.example/\"h", NULL, NULL }, "", "no '#'" },
	{ "an angle",		{ "https://shop.example/<h", NULL, NULL }, "", "no '#'" },
	{ "a path of letters abroad", { "https://shop.example/caf\xc3\xa9", NULL, NULL }, "",
	    "not ASCII" },
	{ "the same in the host", { "https://caf\xc3\xa9.example/", NULL, NULL }, "", "not ASCII" },
	{ "the same, written so", { "https://shop.example/caf%C3%A9", NULL, NULL }, "", NULL },
	{ "a port too large",	{ "https://shop.example:65536/", NULL, NULL }, "", "malformed" },
	{ "no host",		{ "https:///h", NULL, NULL }, "", "malformed" },
	{ "too many",		{ "https://a.example", NULL, TEN_LINES TEN_LINES "z:1" },
	    "", "at most 16" },
};
/* clang-format on */

START_TEST(test_where_and_what)
{
	struct ctx *c = sender_open();
	struct webhook_made out;
	const char *why;
	size_t i, good = 0;
	enum err e;

	for (i = 0; i < COUNT(cases); i++) {
		shop_conf(c)->outbound_networks = cases[i].networks;
		why = NULL;
		e = webhook_create(c, &cases[i].new, &out, &why);
		good += e == OK;
		ck_assert_msg(cases[i].why ? e == ERR_USAGE && why &&
						 strstr(why, cases[i].why)
					   : e == OK,
		    "case \"%s\": %s, %s", cases[i].what, err_name(e), why);
	}
	ck_assert_int_eq(
	    count(c, "SELECT COUNT(*) FROM webhooks"), (int64_t)good);
	shop_close(c);
}
END_TEST

START_TEST(test_too_long)
{
	struct ctx *c = sender_open();
	char *url = arena_get(c->arena, 2100),
	     *more = arena_get(c->arena, 2100);
	struct webhook_new by_url = {.url = url},
			   by_header = {.url = "https://a.example"},
			   by_events = {.url = "https://a.example"};
	struct webhook_made out;
	const char *why = NULL;

	memset(url, 'x', 2099);
	memcpy(url, "https://", 8);
	ck_err(webhook_create(c, &by_url, &out, &why), ERR_USAGE);
	url[2048] = '\0';
	ck_err(webhook_create(c, &by_url, &out, &why), OK);
	memset(more, 'x', 2099);
	more[1] = ':';
	by_header.headers = by_events.events = more;
	ck_err(webhook_create(c, &by_header, &out, &why), ERR_USAGE);
	ck_err(webhook_create(c, &by_events, &out, &why), ERR_USAGE);
	more[2000] = '\0';
	ck_err(webhook_create(c, &by_header, &out, &why), OK);
	shop_close(c);
}
END_TEST

/* Without the module nothing is said to be well. */
START_TEST(test_nobody_to_ask)
{
	struct ctx *c = sender_open();
	struct webhook_made out;
	const char *why = NULL;

	shop_conf(c)->module_dir = "/nonexistent";
	ck_err(webhook_create(c, &usual, &out, &why), ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(why, "net.so could not be loaded"));
	shop_close(c);
}
END_TEST

START_TEST(test_the_secret_is_shown_once_and_sealed)
{
	struct ctx *c = sender_open();
	struct webhook_made one = made(c, &usual), two = made(c, &usual);
	struct webhook *rows;
	size_t n;

	ck_assert_uint_eq(strlen(one.secret.s), strlen("whsec_") + 43);
	ck_assert_mem_eq(one.secret.s, "whsec_", 6);
	ck_assert_str_ne(one.secret.s, two.secret.s);
	ck_ok(store_webhook_list(c, &rows, &n));
	ck_assert_uint_eq(n, 2);
	ck_assert_ptr_null(
	    memmem(rows[0].secret.p, rows[0].secret.n, one.secret.s + 6, 8));
	ck_assert_ptr_nonnull(rows[0].headers.p);
	ck_assert_ptr_null(
	    memmem(rows[0].headers.p, rows[0].headers.n, "s3cret", 6));
	ck_assert_str_eq(rows[0].events,
	    "customer.created,customer.updated,customer.signed_in,"
	    "customer.deleted,session.revoked,session.merged");
	ck_assert_int_eq(count(c, AUDITED("webhook_created")), 2);
	shop_close(c);
}
END_TEST

START_TEST(test_each_act_is_audited)
{
	struct ctx *c = sender_open();
	struct uuid id = made(c, &usual).id;
	uint64_t n;

	ck_err(webhook_active(c, id, true), ERR_NOT_FOUND);
	ck_ok(webhook_active(c, id, false));
	ck_ok(webhook_active(c, id, true));
	ck_ok(store_webhook_rest(c, id, c->now + HOUR_MS));
	ck_ok(webhook_retry(c, id, &n));
	ck_assert_uint_eq(n, 0);
	/* it is asked at once */
	ck_assert_int_eq(count(c, "SELECT rest_until FROM webhooks"), 0);
	ck_ok(webhook_remove(c, id));
	ck_err(webhook_remove(c, id), ERR_NOT_FOUND);
	ck_assert_int_eq(count(c, AUDITED("webhook_enabled")), 1);
	ck_assert_int_eq(count(c, AUDITED("webhook_disabled")), 1);
	ck_assert_int_eq(count(c, AUDITED("webhook_retried")), 1);
	ck_assert_int_eq(count(c, AUDITED("webhook_deleted")), 1);
	shop_close(c);
}
END_TEST

START_TEST(test_another_shops_is_none)
{
	struct ctx *c = sender_open();
	struct uuid id = made(c, &usual).id;

	shop_enter(c, shop_add(c, "other"));
	ck_err(webhook_active(c, id, false), ERR_NOT_FOUND);
	ck_err(webhook_remove(c, id), ERR_NOT_FOUND);
	ck_assert_int_eq(count(c, AUDITED("webhook_disabled")), 0);
	ck_assert_int_eq(count(c, AUDITED("webhook_deleted")), 0);
	ck_assert_int_eq(
	    count(c, "SELECT COUNT(*) FROM webhooks WHERE active"), 1);
	shop_close(c);
}
END_TEST

SUITE(webhook, test_where_and_what, test_too_long, test_nobody_to_ask,
    test_the_secret_is_shown_once_and_sealed, test_each_act_is_audited,
    test_another_shops_is_none)
