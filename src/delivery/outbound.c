/* SPDX-License-Identifier: ISC */
/* What the channels over HTTP share: one POST, and what its answer means. */

#include <string.h>
#include <unistd.h>

#include "delivery/delivery.h"

enum {
	ANSWER_MAX = 16 * 1024, /* bytes */
	SECRET_MAX = 4096
};

/* The host of an http or https URL, without brackets. */
static char *
host_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://") + 3;

	if (*host == '[')
		return arena_copy(a, host + 1, strcspn(host + 1, "]"));
	return arena_copy(a, host, strcspn(host, ":/?"));
}

/* Is it this machine, and do outbound_networks list it? */
static bool
is_listed_loopback(const struct conf *conf, const char *host)
{
	struct ip ip;

	if (ascii_equal_fold(host, "localhost"))
		host = "127.0.0.1";
	return ip_read(host, &ip) && ip_is_loopback(&ip) &&
	       ip_in(&ip, conf->outbound_networks);
}

const char *
outbound_fault(struct arena *a, const struct conf *conf, const char *setting,
    const char *url)
{
	const char *ca = conf->outbound_ca, *host;
	struct ip ip;

	if (!url || !strstr(url, "://"))
		return arena_print(a, "%s is not set", setting);
	host = host_of(a, url);
	if (strncmp(url, "https://", 8) && !is_listed_loopback(conf, host))
		return arena_print(a,
		    "%s must begin with https:// (http:// is for this machine "
		    "alone, with its address in outbound_networks)",
		    setting);
	if (ip_read(host, &ip) && !ip_is_public(&ip) &&
	    !ip_in(&ip, conf->outbound_networks))
		return arena_print(a,
		    "%s leads to %s, which is not public: list it in "
		    "outbound_networks",
		    setting, host);
	return ca && *ca && access(ca, R_OK) ? "outbound_ca cannot be read"
					     : NULL;
}

const char *
outbound_bad(struct ctx *c, const struct outbound *o)
{
	struct net_request r = {.method = "POST",
	    .url = o->url,
	    .headers = o->headers,
	    .user = o->user,
	    .password = o->password};
	const struct net_table *net;

	return net_load(c, &net) ? "net.so could not be loaded"
				 : net->fetch_fault(&r);
}

const char *
outbound_secret(
    struct arena *a, const char *setting, const char *path, struct secret *out)
{
	const char *why;
	char *s;

	if (!path || !*path)
		return arena_print(a, "%s is not set", setting);
	if (file_read_secret(a, path, SECRET_MAX, &s, &why))
		return arena_print(a, "%s: %s", setting, why);
	if (!*s || has_control(s))
		return arena_print(
		    a, "%s: %s must hold one line", setting, path);
	out->s = s;
	return NULL;
}

/* The service's own error code in its answer; 0 when there is none. */
static int64_t
answer_code(struct ctx *c, const struct outbound *o, const char *s, size_t len)
{
	const struct json *map, *code;

	if (!o->codes || len == 0 || json_scan(s, len) ||
	    json_parse(c, s, len, &map) || map->type != JSON_MAP)
		return 0;
	if (o->within)
		map = json_get(map, o->within);
	if (!map || map->type != JSON_MAP)
		return 0;
	code = json_get(map, "code");
	return code && code->type == JSON_INT ? code->i : 0;
}

static const struct outbound_code *
code_find(const struct outbound_code *codes, int64_t code)
{
	for (; codes && codes->code; codes++)
		if (codes->code == code)
			return codes;
	return NULL;
}

/* Our own words alone: a service's may name the person. */
static void
judge(struct ctx *c, const struct outbound *o, const struct net_answer *answer,
    int64_t code, struct delivery_report *out)
{
	const struct outbound_code *known = code_find(o->codes, code);

	out->result = DELIVERY_NEVER;
	out->why = arena_text(c->arena, answer->why);
	if (answer->code / 100 == 2) {
		*out = (struct delivery_report){DELIVERY_DONE, ""};
		return;
	}
	if (answer->result == NET_TEMPORARY || (known && known->later))
		out->result = DELIVERY_LATER;
	if (code)
		out->why = arena_print(c->arena, "%s, error %lld%s%s", out->why,
		    (long long)code, known ? ": " : "",
		    known ? known->words : "");
}

static int64_t
timeout_ms(const struct conf *conf, const struct outbound *o)
{
	int64_t usual = conf->delivery_timeout_seconds * SECOND_MS;

	return o->timeout_ms != 0 && o->timeout_ms < usual ? o->timeout_ms
							   : usual;
}

void
outbound_post(
    struct ctx *c, const struct outbound *o, struct delivery_report *out)
{
	const struct conf *conf = c->conf;
	char *into = arena_get(c->arena, ANSWER_MAX);
	struct net_request r = {.method = "POST",
	    .url = o->url,
	    .headers = o->headers,
	    .user = o->user,
	    .password = o->password,
	    .body = o->body,
	    .body_len = strlen(o->body),
	    .allow = conf->outbound_networks,
	    .ca_file = conf->outbound_ca,
	    .timeout_ms = timeout_ms(conf, o),
	    .into = into,
	    .room = ANSWER_MAX};
	struct net_answer answer;
	const struct net_table *net;

	if (net_load(c, &net)) {
		out->result = DELIVERY_LATER;
		out->why = "net.so could not be loaded";
		return;
	}
	net->fetch(&r, &answer);
	judge(c, o, &answer, answer_code(c, o, into, answer.len), out);
}
