/* SPDX-License-Identifier: ISC */
/* The channel smtp: hand a mail to the operator's mail server. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "delivery/delivery.h"

enum {
	PASSWORD_MAX = 1024, /* bytes */
	PROBE_TIMEOUT_MS = 10000
};

/* smtp_url and smtp_tls, taken apart. */
struct relay {
	const char *host, *port;
	enum net_tls tls;
};

static const char *const preset_ports[] = {
    [NET_TLS_NONE] = "25",
    [NET_TLS_STARTTLS] = "587",
    [NET_TLS_IMPLICIT] = "465",
};

static const enum delivery_result results[] = {
    [NET_OK] = DELIVERY_DONE,
    [NET_TEMPORARY] = DELIVERY_LATER,
    [NET_PERMANENT] = DELIVERY_NEVER,
    [NET_BAD] = DELIVERY_NEVER,
};

static const char *
given(const char *s)
{
	return s && *s ? s : NULL;
}

static enum net_tls
relay_tls(const struct conf *conf, bool smtps)
{
	const char *tls = conf->smtp_tls ? conf->smtp_tls : "";

	if (smtps || !strcmp(tls, "implicit"))
		return NET_TLS_IMPLICIT;
	return strcmp(tls, "none") ? NET_TLS_STARTTLS : NET_TLS_NONE;
}

/* The host, without brackets, and what follows it; NULL if it is malformed. */
static const char *
host_read(struct arena *a, const char *s, const char **rest)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	bool bracket = *s == '[';
	size_t n;

	s += bracket;
	n = bracket ? strspn(s, "0123456789abcdefABCDEF:.") : strspn(s, name);
	if (n == 0 || (bracket && s[n] != ']'))
		return NULL;
	*rest = s + n + bracket;
	return arena_copy(a, s, n);
}

/* smtp://host[:port] or smtps://host[:port], a slash at the end or none. */
static bool
relay_read(struct arena *a, const struct conf *conf, struct relay *out)
{
	const char *url = conf->smtp_url ? conf->smtp_url : "", *rest;
	bool smtps = !strncmp(url, "smtps://", 8);
	int64_t port;
	size_t n;

	if (!smtps && strncmp(url, "smtp://", 7))
		return false;
	out->tls = relay_tls(conf, smtps);
	out->port = preset_ports[out->tls];
	out->host = host_read(a, url + (smtps ? 8 : 7), &rest);
	if (!out->host)
		return false;
	if (*rest == ':') {
		n = strcspn(rest + 1, "/");
		out->port = arena_copy(a, rest + 1, n);
		rest += n + 1;
		if (!number_read(out->port, 65535, &port) || port == 0)
			return false;
	}
	return !*rest || !strcmp(rest, "/");
}

static bool
is_loopback(const char *host)
{
	struct ip ip;

	return !strcmp(host, "localhost") ||
	       (ip_read(host, &ip) && ip_is_loopback(&ip));
}

/* NULL, or why the password cannot be had. */
static const char *
password_read(struct arena *a, const struct conf *conf, struct secret *out)
{
	const char *path = given(conf->smtp_password_file), *why;
	char *s;

	if (!path)
		return "smtp_user is set but smtp_password_file is not";
	if (file_read_secret(a, path, PASSWORD_MAX, &s, &why))
		return why;
	s[strcspn(s, "\r\n")] = '\0';
	if (!*s)
		return "smtp_password_file is empty";
	out->s = s;
	return NULL;
}

const char *
smtp_check(struct arena *a, const struct conf *conf)
{
	struct secret password;
	struct relay relay;

	if (!relay_read(a, conf, &relay))
		return "smtp_url must be smtp://host[:port] or smtps://…";
	if (!given(conf->mail_from))
		return "mail_from is not set";
	if (given(conf->smtp_ca) && access(conf->smtp_ca, R_OK))
		return "smtp_ca cannot be read";
	if (relay.tls == NET_TLS_NONE && !is_loopback(relay.host))
		return "smtp_tls = none is for this machine alone";
	if (!given(conf->smtp_user))
		return NULL;
	if (relay.tls == NET_TLS_NONE)
		return "smtp_user needs smtp_tls = starttls or implicit";
	return password_read(a, conf, &password);
}

/* CRLF line ends, whatever they were. */
static char *
crlf(struct arena *a, const char *s)
{
	struct text t = text_new(a);

	for (text_add(&t, ""); *s; s++)
		if (*s == '\n')
			text_add(&t, "\r\n");
		else if (*s != '\r')
			text_add_c(&t, *s);
	if (t.len && t.s[t.len - 1] != '\n')
		text_add(&t, "\r\n");
	return t.s;
}

static const char *
hello_name(const char *sender)
{
	const char *at = strrchr(sender, '@');

	return at ? at + 1 : "localhost";
}

/* NULL, or why there is no way there; these are faults of the configuration. */
static const char *
route_build(struct ctx *c, const char *from, struct net_mail *out)
{
	const struct conf *conf = c->conf;
	struct relay relay;

	if (!relay_read(c->arena, conf, &relay))
		return "smtp_url is malformed";
	if (!*from)
		return "there is no sender: mail_from is not set";
	*out = (struct net_mail){
	    .host = relay.host,
	    .port = relay.port,
	    .hello = hello_name(from),
	    .tls = relay.tls,
	    .ca_file = given(conf->smtp_ca),
	    .user = given(conf->smtp_user),
	    .from = from,
	    .timeout_ms = conf->delivery_timeout_seconds * SECOND_MS,
	};
	return out->user ? password_read(c->arena, conf, &out->password) : NULL;
}

static const char *
mail_build(struct ctx *c, const struct message *m, struct net_mail *out)
{
	const char *why = route_build(c, mail_sender(c->conf, m), out);

	if (why)
		return why;
	out->to = m->to;
	out->headers = mail_headers(c, m);
	out->text = crlf(c->arena, m->text);
	out->html = m->html ? crlf(c->arena, m->html) : NULL;
	return NULL;
}

void
smtp_send(struct ctx *c, const struct message *m, struct delivery_report *out)
{
	const struct net_table *net;
	struct net_answer answer = {0};
	struct net_mail mail;

	out->result = DELIVERY_LATER;
	if ((out->why = mail_build(c, m, &mail)))
		return;
	if (net_load(c, &net)) {
		out->why = "net.so could not be loaded";
		return;
	}
	net->send_mail(&mail, &answer);
	out->result = results[answer.result];
	out->why = arena_text(c->arena, answer.why);
}

void
smtp_probe(struct ctx *c, struct net_answer *out)
{
	const struct net_table *net;
	struct message nobody = {.from = NULL};
	struct net_mail mail;
	const char *why;

	*out = (struct net_answer){.result = NET_TEMPORARY};
	why = route_build(c, mail_sender(c->conf, &nobody), &mail);
	if (!why && net_load(c, &net))
		why = "net.so could not be loaded";
	if (why) {
		(void)snprintf(out->why, sizeof(out->why), "%s", why);
		return;
	}
	mail.timeout_ms = PROBE_TIMEOUT_MS;
	net->probe_mail(&mail, out);
}
