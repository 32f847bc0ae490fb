/* SPDX-License-Identifier: ISC */
/* outbound.c: where requests may go, whose secrets they bear, what is said. */

#include <sys/stat.h>

#include "desk.h"

static struct desk d;

/* clang-format off */
static const struct {
	const char	*what, *url, *networks;
	const char	*why;		/* a part of it; NULL: nothing is wrong */
} faults[] = {
	{ "a name",		   "https://api.example/v1", "", NULL },
	{ "a public address",	   "https://8.8.8.8:8443/x", "", NULL },
	{ "public IPv6",	   "https://[2606:4700::1]/", "", NULL },
	{ "a listed address",	   "https://10.1.2.3/x", "10.0.0.0/8", NULL },
	{ "a private address",	   "https://10.1.2.3/x", "", "10.1.2.3, which is not public" },
	{ "the cloud's metadata",  "https://169.254.169.254/", "10.0.0.0/8", "not public" },
	{ "loopback, unlisted",	   "https://[::1]:1/", "", "::1, which is not public" },
	{ "http to this machine",  "http://127.0.0.1:8080/", "127.0.0.1", NULL },
	{ "http to localhost",	   "http://localhost/", "127.0.0.0/8", NULL },
	{ "http, unlisted",	   "http://127.0.0.1:8080/", "", "must begin with https://" },
	{ "http to a listed net",  "http://10.1.2.3/", "10.0.0.0/8", "must begin with https://" },
	{ "http to the world",	   "http://api.example/", "0.0.0.0/0", "must begin with https://" },
	{ "no URL",		   "", "", "hook_url is not set" },
	{ "none at all",	   NULL, "", "hook_url is not set" },
};
/* clang-format on */

START_TEST(test_faults)
{
	struct ctx *c = test_ctx();
	struct conf conf;
	const char *why;
	size_t i;

	settings_preset(conf_settings, &conf);
	for (i = 0; i < COUNT(faults); i++) {
		conf.outbound_networks = faults[i].networks;
		why =
		    outbound_fault(c->arena, &conf, "hook_url", faults[i].url);
		ck_case(faults[i].what, !why == !faults[i].why);
		ck_case(faults[i].what, !why || strstr(why, faults[i].why));
	}
	conf.outbound_ca = "/nonexistent";
	ck_assert_str_eq(
	    outbound_fault(c->arena, &conf, "hook_url", faults[0].url),
	    "outbound_ca cannot be read");
	test_done(c);
}
END_TEST

static const char *
secret_why(const char *path)
{
	struct secret secret = {NULL};

	return outbound_secret(d.c->arena, "the_key", path, &secret);
}

START_TEST(test_secrets)
{
	struct secret secret;
	const char *path;

	desk_open(&d);
	path = desk_secret(&d, "key", "s3cret\n");
	ck_assert_ptr_null(
	    outbound_secret(d.c->arena, "the_key", path, &secret));
	ck_assert_str_eq(secret.s, "s3cret");
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_ptr_nonnull(strstr(secret_why(path), "the_key: "));
	ck_assert_ptr_nonnull(strstr(secret_why(path), "chmod 600"));
	ck_assert_str_eq(secret_why(""), "the_key is not set");
	ck_assert_str_eq(secret_why(NULL), "the_key is not set");
	path = desk_secret(&d, "key", "s3cret\nX-Evil: 1");
	ck_assert_ptr_nonnull(strstr(secret_why(path), "one line"));
	path = desk_secret(&d, "key", "\n");
	ck_assert_ptr_nonnull(strstr(secret_why(path), "one line"));
	desk_close(&d);
}
END_TEST

/* clang-format off */
static const struct outbound_code known[] = {
	{ 7, true,  "wait" },
	{ 8, false, "give up" },
	{ .code = 0 }
};
/* clang-format on */

/* The hook's refusals bear a code at the top of their answers. */
static struct delivery_report
posted(const char *say, const struct outbound_code *codes, const char *within)
{
	const struct net_header headers[] = {{NULL, NULL}};
	struct outbound o = {.url = d.conf.hook_url,
	    .body = "{}",
	    .headers = headers,
	    .codes = codes,
	    .within = within};
	struct delivery_report out = {DELIVERY_NEVER, NULL};

	desk_say(&d, say);
	outbound_post(d.c, &o, &out);
	return out;
}

START_TEST(test_codes)
{
	desk_open(&d);
	ck_assert_str_eq(
	    posted("400:7", known, NULL).why, "HTTP 400, error 7: wait");
	ck_assert_int_eq(posted("400:7", known, NULL).result, DELIVERY_LATER);
	ck_assert_str_eq(
	    posted("400:8", known, NULL).why, "HTTP 400, error 8: give up");
	ck_assert_int_eq(posted("400:8", known, NULL).result, DELIVERY_NEVER);
	ck_assert_str_eq(posted("500:9", known, NULL).why, "HTTP 500, error 9");
	ck_assert_int_eq(posted("500:8", known, NULL).result, DELIVERY_LATER);
	ck_assert_str_eq(posted("400:7", NULL, NULL).why, "HTTP 400");
	ck_assert_str_eq(posted("400:7", known, "error").why, "HTTP 400");
	ck_assert_str_eq(posted("400:7", known, "nothing").why, "HTTP 400");
	desk_close(&d);
}
END_TEST

START_TEST(test_unreachable)
{
	desk_open(&d);
	d.conf.module_dir = "/nonexistent";
	ck_assert_int_eq(posted("", NULL, NULL).result, DELIVERY_LATER);
	d.conf.module_dir = module_dir();
	d.conf.outbound_ca = "";
	ck_assert_int_eq(posted("", NULL, NULL).result, DELIVERY_LATER);
	d.conf.outbound_networks = "10.0.0.0/8";
	ck_assert_int_eq(posted("", NULL, NULL).result, DELIVERY_LATER);
	d.conf.hook_url = "https://u:p@127.0.0.1/";
	ck_assert_int_eq(posted("", NULL, NULL).result, DELIVERY_NEVER);
	ck_assert_str_eq(desk_seen(&d, "wire"), "");
	desk_close(&d);
}
END_TEST

/* Less time than the configuration's, never more. */
START_TEST(test_how_long_it_may_take)
{
	static const struct {
		int64_t seconds, ms;
	} cases[] = {{10, 500}, {1, 10000}, {1, 0}};
	const struct net_header headers[] = {{NULL, NULL}};
	struct outbound o = {.body = "{}", .headers = headers};
	struct delivery_report out;
	int64_t begun;
	size_t i;

	desk_open(&d);
	o.url = d.conf.hook_url;
	for (i = 0; i < COUNT(cases); i++) {
		desk_say(&d, "slow");
		d.conf.delivery_timeout_seconds = cases[i].seconds;
		o.timeout_ms = cases[i].ms;
		begun = world_ticks();
		outbound_post(d.c, &o, &out);
		ck_assert_int_eq(out.result, DELIVERY_LATER);
		ck_assert_int_lt(world_ticks() - begun, 3000);
	}
	desk_close(&d);
}
END_TEST

START_TEST(test_what_could_never_be_sent)
{
	struct net_header headers[] = {{"X-A", "b"}, {NULL, NULL}};
	struct outbound o = {.headers = headers};

	desk_open(&d);
	o.url = d.conf.hook_url;
	ck_assert_ptr_null(outbound_bad(d.c, &o));
	headers[0].name = "X(A";
	ck_assert_ptr_nonnull(strstr(outbound_bad(d.c, &o), "name"));
	o.headers = NULL;
	o.url = "https://shop.example/#x";
	ck_assert_ptr_nonnull(strstr(outbound_bad(d.c, &o), "'#'"));
	d.conf.module_dir = "/nonexistent";
	ck_assert_ptr_nonnull(strstr(outbound_bad(d.c, &o), "net.so"));
	ck_assert_str_eq(desk_seen(&d, "wire"), "");
	desk_close(&d);
}
END_TEST

SUITE(outbound, test_how_long_it_may_take, test_what_could_never_be_sent,
    test_faults, test_secrets, test_codes, test_unreachable)
