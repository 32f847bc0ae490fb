/* SPDX-License-Identifier: ISC */
/* The module net.so: mail by libcurl. Exports net_table and nothing else. */

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "net/inside.h"

enum {
	ADDRESS_MAX = 320, /* bytes, RFC 3696 */
	HEADER_MAX = 900,  /* bytes of a value; a line takes 998 */
	URL_MAX = 1024,
	TIMEOUT_MS = 30000 /* when the caller names none */
};

/* What libcurl holds of one mail. */
struct letter {
	CURL *curl;
	curl_mime *parts;
	struct curl_slist *to, *headers;
	bool asked; /* for the recipient, by RCPT */
	char error[CURL_ERROR_SIZE];
};

/* clang-format off */
static const struct {
	CURLoption	 option;
	long		 value;
} fixed[] = {
	{ CURLOPT_NOSIGNAL,	   1 },
	{ CURLOPT_QUICK_EXIT,	   1 },	/* as in fetch.c */
	{ CURLOPT_SSL_VERIFYPEER,  1 },
	{ CURLOPT_SSL_VERIFYHOST,  2 },
	{ CURLOPT_SSLVERSION,	   CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_FOLLOWLOCATION,  0 },
	{ CURLOPT_VERBOSE,	   1 },	/* to watch(), never to stderr */
};
/* clang-format on */

bool
made_of(const char *s, const char *set)
{
	return s && *s && s[strspn(s, set)] == '\0';
}

bool
is_clean(const char *s, const char *but, size_t max)
{
	if (!s || strlen(s) > max)
		return false;
	for (; *s; s++)
		if (*s < ' ' || *s > '~' || strchr(but, *s))
			return false;
	return true;
}

static bool
is_address(const char *s)
{
	return s && *s && is_clean(s, " <>", ADDRESS_MAX);
}

/* NULL, or what nobody could send: the message's own faults. */
static const char *
mail_fault(const struct net_mail *m)
{
	const struct net_header *h;

	if (!is_address(m->from))
		return "the sender is no bare address";
	if (!is_address(m->to))
		return "the recipient is no bare address";
	if (!m->headers || !m->text)
		return "the mail has no headers or no text";
	for (h = m->headers; h->name; h++)
		if (!made_of(h->name, ALNUM "-") ||
		    !is_clean(h->value, "", HEADER_MAX))
			return "a header has bytes that no header may have";
	return NULL;
}

/* NULL, or what is wrong with the way there: the operator's mistakes. */
static const char *
route_fault(const struct net_mail *m)
{
	if (!made_of(m->host, ALNUM ".:-_"))
		return "the mail server's name is malformed";
	if (!made_of(m->port, "0123456789"))
		return "the mail server's port is malformed";
	if (!made_of(m->hello, ALNUM ".-"))
		return "our name for EHLO is malformed";
	if (m->user && !m->password.s)
		return "the mail server's user has no password";
	if (m->user && m->tls == NET_TLS_NONE)
		return "a password does not travel without TLS";
	return NULL;
}

/* A socket for mail without TLS: to this machine, or none at all. */
static curl_socket_t
open_loopback(void *unused, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct ip ip;

	(void)unused;
	(void)purpose;
	if (!address_of(to, &ip) || !ip_is_loopback(&ip))
		return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* From RCPT on a refusal is about this message, before it about us. */
static int
watch(CURL *curl, curl_infotype type, char *data, size_t n, void *arg)
{
	struct letter *l = arg;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT && n > 5 && !memcmp(data, "RCPT ", 5))
		l->asked = true;
	return 0;
}

static CURLcode
set_route(CURL *curl, const struct net_mail *m)
{
	bool bare6 = strchr(m->host, ':') != NULL;
	char url[URL_MAX];
	int n;
	CURLcode e;

	n = snprintf(url, sizeof(url), "%s://%s%s%s:%s/%s",
	    m->tls == NET_TLS_IMPLICIT ? "smtps" : "smtp", bare6 ? "[" : "",
	    m->host, bare6 ? "]" : "", m->port, m->hello);
	if (n < 0 || (size_t)n >= sizeof(url))
		return CURLE_URL_MALFORMAT;
	if ((e = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps")) ||
	    (e = curl_easy_setopt(curl, CURLOPT_PROXY, "")) ||
	    (e = curl_easy_setopt(curl, CURLOPT_URL, url)))
		return e;
	if (m->tls == NET_TLS_NONE)
		return curl_easy_setopt(
		    curl, CURLOPT_OPENSOCKETFUNCTION, open_loopback);
	return curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
}

static CURLcode
set_bounds(struct letter *l, const struct net_mail *m)
{
	long wait = m->timeout_ms > 0 ? (long)m->timeout_ms : TIMEOUT_MS;
	size_t i;
	CURLcode e;

	for (i = 0; i < COUNT(fixed); i++) {
		e = curl_easy_setopt(l->curl, fixed[i].option, fixed[i].value);
		if (e)
			return e;
	}
	if ((e = curl_easy_setopt(l->curl, CURLOPT_CONNECTTIMEOUT_MS, wait)) ||
	    (e = curl_easy_setopt(l->curl, CURLOPT_TIMEOUT_MS, wait)) ||
	    (e = curl_easy_setopt(l->curl, CURLOPT_FTP_RESPONSE_TIMEOUT,
		 (wait + 999) / 1000)) || /* to QUIT after a refusal, too */
	    (e = curl_easy_setopt(l->curl, CURLOPT_ERRORBUFFER, l->error)) ||
	    (e = curl_easy_setopt(l->curl, CURLOPT_DEBUGFUNCTION, watch)))
		return e;
	return curl_easy_setopt(l->curl, CURLOPT_DEBUGDATA, l);
}

CURLcode
set_ca(CURL *curl, const char *ca_file)
{
	CURLcode e;

	if (!ca_file)
		return CURLE_OK;
	if ((e = curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file)))
		return e;
	return curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
}

static CURLcode
set_trust(CURL *curl, const struct net_mail *m)
{
	const char *how = "AUTH=PLAIN;AUTH=LOGIN";
	CURLcode e;

	if ((e = set_ca(curl, m->ca_file)))
		return e;
	if (!m->user)
		return CURLE_OK;
	if ((e = curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, how)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_USERNAME, m->user)))
		return e;
	return curl_easy_setopt(curl, CURLOPT_PASSWORD, m->password.s);
}

CURLcode
add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (!longer)
		return CURLE_OUT_OF_MEMORY;
	*list = longer;
	return CURLE_OK;
}

static CURLcode
add_header(struct letter *l, const struct net_header *h)
{
	char line[HEADER_MAX + 100];
	int n;

	n = snprintf(line, sizeof(line), "%s: %s", h->name, h->value);
	if (n < 0 || (size_t)n >= sizeof(line))
		return CURLE_BAD_FUNCTION_ARGUMENT;
	return add_line(&l->headers, line);
}

static CURLcode
set_envelope(struct letter *l, const struct net_mail *m)
{
	const char *type = "Content-Type: multipart/alternative";
	const struct net_header *h;
	CURLcode e;

	for (h = m->headers; h->name; h++)
		if ((e = add_header(l, h)))
			return e;
	if ((e = add_line(&l->headers, type)) ||
	    (e = add_line(&l->to, m->to)) ||
	    (e = curl_easy_setopt(l->curl, CURLOPT_HTTPHEADER, l->headers)) ||
	    (e = curl_easy_setopt(l->curl, CURLOPT_MAIL_FROM, m->from)))
		return e;
	return curl_easy_setopt(l->curl, CURLOPT_MAIL_RCPT, l->to);
}

static CURLcode
add_part(curl_mime *parts, const char *type, const char *body)
{
	curl_mimepart *part = curl_mime_addpart(parts);
	CURLcode e;

	if (!part)
		return CURLE_OUT_OF_MEMORY;
	if ((e = curl_mime_data(part, body, CURL_ZERO_TERMINATED)) ||
	    (e = curl_mime_type(part, type)))
		return e;
	return curl_mime_encoder(part, "quoted-printable");
}

static CURLcode
set_body(struct letter *l, const struct net_mail *m)
{
	CURLcode e;

	l->parts = curl_mime_init(l->curl);
	if (!l->parts)
		return CURLE_OUT_OF_MEMORY;
	e = add_part(l->parts, "text/plain; charset=utf-8", m->text);
	if (!e && m->html)
		e = add_part(l->parts, "text/html; charset=utf-8", m->html);
	if (e)
		return e;
	return curl_easy_setopt(l->curl, CURLOPT_MIMEPOST, l->parts);
}

void
answer(struct net_answer *out, enum net_result result, const char *why)
{
	out->result = result;
	snprintf(out->why, sizeof(out->why), "%s", why);
}

/* 53x is about our own login: the operator can mend it, so try again. */
static void
judge(const struct letter *l, CURLcode e, struct net_answer *out)
{
	const char *why = *l->error ? l->error : curl_easy_strerror(e);

	if (curl_easy_getinfo(l->curl, CURLINFO_RESPONSE_CODE, &out->code))
		out->code = 0;
	if (!e)
		answer(out, NET_OK, "");
	else if (l->asked && out->code >= 500 && out->code / 10 != 53)
		answer(out, NET_PERMANENT, why);
	else
		answer(out, NET_TEMPORARY, why);
}

/*
 * What the server still says is of no use: libcurl says QUIT at the end, and
 * would wait two minutes for the answer, whatever the time that is allowed.
 */
static void
hear_no_more(const struct letter *l)
{
	curl_socket_t s = CURL_SOCKET_BAD;

	if (!curl_easy_getinfo(l->curl, CURLINFO_ACTIVESOCKET, &s) &&
	    s != CURL_SOCKET_BAD)
		(void)shutdown(s, SHUT_RD);
}

static CURLcode
perform(struct letter *l, const struct net_mail *m)
{
	CURLcode e;

	if ((e = set_bounds(l, m)) || (e = set_route(l->curl, m)) ||
	    (e = set_trust(l->curl, m)) || (e = set_envelope(l, m)) ||
	    (e = set_body(l, m)))
		return e;
	return curl_easy_perform(l->curl);
}

static void
post(const struct net_mail *m, struct net_answer *out)
{
	struct letter l = {0};

	l.curl = curl_easy_init();
	if (!l.curl) {
		answer(out, NET_TEMPORARY, "libcurl does not start");
		return;
	}
	judge(&l, perform(&l, m), out);
	hear_no_more(&l);
	curl_easy_cleanup(l.curl);
	curl_mime_free(l.parts);
	curl_slist_free_all(l.headers);
	curl_slist_free_all(l.to);
}

static void
send_mail(const struct net_mail *m, struct net_answer *out)
{
	const char *why;

	out->code = 0;
	if ((why = mail_fault(m)))
		answer(out, NET_BAD, why);
	else if ((why = route_fault(m)))
		answer(out, NET_TEMPORARY, why);
	else
		post(m, out);
}

/* EHLO, STARTTLS and AUTH belong to connecting; then a NOOP, and no mail. */
static CURLcode
greet(struct letter *l, const struct net_mail *m)
{
	CURLcode e;

	if ((e = set_bounds(l, m)) || (e = set_route(l->curl, m)) ||
	    (e = set_trust(l->curl, m)) ||
	    (e = curl_easy_setopt(l->curl, CURLOPT_NOBODY, 1L)) ||
	    (e = curl_easy_setopt(l->curl, CURLOPT_CUSTOMREQUEST, "NOOP")))
		return e;
	return curl_easy_perform(l->curl);
}

static void
probe_mail(const struct net_mail *m, struct net_answer *out)
{
	struct letter l = {0};
	const char *why = route_fault(m);

	out->code = 0;
	if (!why && !(l.curl = curl_easy_init()))
		why = "libcurl does not start";
	if (why) {
		answer(out, NET_TEMPORARY, why);
		return;
	}
	judge(&l, greet(&l, m), out);
	hear_no_more(&l);
	curl_easy_cleanup(l.curl);
}

extern const struct net_table net_table;

__attribute__((visibility("default"))) const struct net_table net_table = {
    .version = NET_VERSION,
    .send_mail = send_mail,
    .fetch = fetch,
    .probe_mail = probe_mail,
    .fetch_fault = fetch_fault,
};
