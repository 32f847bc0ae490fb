/* SPDX-License-Identifier: ISC */
/* The module net.so: one HTTP request by libcurl, to where it may go. */

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "net/inside.h"

enum {
	URL_MAX = 2048,
	VALUE_MAX = 8192, /* bytes of a header's value */
	USER_MAX = 256,
	HEADERS_MAX = 64 * 1024, /* bytes of an answer's headers */
	TIMEOUT_MS = 30000       /* when the caller names none */
};

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* One request, and what libcurl holds of it. */
struct call {
	CURL *curl;
	const struct net_request *request;
	struct curl_slist *headers;
	bool tls;
	bool refused;   /* an address that may not be reached */
	bool too_large; /* the answer's body, or its headers */
	size_t len, headers_len;
	char error[CURL_ERROR_SIZE];
};

/* clang-format off */
static const struct {
	CURLoption	 option;
	long		 value;
} fixed[] = {
	{ CURLOPT_NOSIGNAL,	   1 },
	{ CURLOPT_QUICK_EXIT,	   1 },	/* a silent name server is not waited for */
	{ CURLOPT_SSL_VERIFYPEER,  1 },
	{ CURLOPT_SSL_VERIFYHOST,  2 },
	{ CURLOPT_SSLVERSION,	   CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_HTTP_VERSION,	   CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_FOLLOWLOCATION,  0 },
	{ CURLOPT_NETRC,	   CURL_NETRC_IGNORED },
};

static const long temporary[] = { 408, 425, 429 };
/* clang-format on */

/* ---- what may be asked ----------------------------------------------------- */

/* NULL, or what is wrong with the parts of the URL; says whether it is https. */
static const char *
parts_fault(CURLU *url, bool *tls)
{
	char *scheme = NULL, *user = NULL, *password = NULL;
	const char *fault = NULL;
	bool http;

	(void)curl_url_get(url, CURLUPART_USER, &user, 0);
	(void)curl_url_get(url, CURLUPART_PASSWORD, &password, 0);
	if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0))
		fault = "the URL has no scheme";
	http = scheme && !strcmp(scheme, "http");
	*tls = scheme && !strcmp(scheme, "https");
	if (!http && !*tls)
		fault = "the URL is neither https nor http";
	else if (user || password)
		fault = "a URL must hold no credentials";
	curl_free(scheme);
	curl_free(user);
	curl_free(password);
	return fault;
}

static const char *
url_fault(const char *s, bool *tls)
{
	const char *fault = "the URL is malformed";
	CURLU *url;

	if (!s || !strstr(s, "://") || strstr(s, ":///"))
		return fault;
	if (!is_clean(s, " \"<>\\^`{|}#", URL_MAX))
		return "a URL has no '#', and blanks, \" < > \\ ^ ` { | } and "
		       "what is not ASCII are written with %";
	url = curl_url();
	if (url && !curl_url_set(url, CURLUPART_URL, s, 0))
		fault = parts_fault(url, tls);
	curl_url_cleanup(url);
	return fault;
}

static const char *
header_fault(const struct net_header *h)
{
	if (!made_of(h->name, ALNUM "-._") || strlen(h->name) > 100)
		return "a header's name is made of letters, digits, '-', '.' "
		       "and '_'";
	if (!is_clean(h->value, "", VALUE_MAX))
		return "a header's value is made of printable ASCII";
	return NULL;
}

/* NULL, or what nobody could send. */
static const char *
request_fault(const struct net_request *r, bool *tls)
{
	const struct net_header *h;
	const char *why;

	if (!made_of(r->method, UPPER) || strlen(r->method) > 16)
		return "the method is malformed";
	for (h = r->headers; h && h->name; h++)
		if ((why = header_fault(h)))
			return why;
	if (r->user && !is_clean(r->user, ":", USER_MAX))
		return "the user is malformed";
	if (r->user && !is_clean(r->password.s, "", VALUE_MAX))
		return "the password is malformed";
	return url_fault(r->url, tls);
}

/* ---- where it may go --------------------------------------------------------- */

static bool
may_reach(const struct call *call, const struct ip *ip)
{
	const char *allow = call->request->allow;
	bool listed = ip_in(ip, allow ? allow : "");

	if (!call->tls)
		return listed && ip_is_loopback(ip);
	return listed || ip_is_public(ip);
}

bool
address_of(const struct curl_sockaddr *to, struct ip *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	*out = (struct ip){{[10] = 0xff, [11] = 0xff}};
	if (to->family == AF_INET) {
		memcpy(&v4, &to->addr, sizeof(v4));
		memcpy(out->b + 12, &v4.sin_addr, 4);
		return true;
	}
	if (to->family != AF_INET6 || to->addrlen < sizeof(v6))
		return false;
	memcpy(&v6, (const void *)&to->addr, sizeof(v6));
	memcpy(out->b, &v6.sin6_addr, sizeof(out->b));
	return true;
}

static curl_socket_t
open_allowed(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct call *call = arg;
	struct ip ip;

	(void)purpose;
	if (!address_of(to, &ip) || !may_reach(call, &ip)) {
		call->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- the answer, bounded ------------------------------------------------------- */

static size_t
take_body(char *data, size_t size, size_t n, void *arg)
{
	struct call *call = arg;
	const struct net_request *r = call->request;

	n *= size;
	if (r->room == 0)
		return n;
	if (n >= r->room - call->len) {
		call->too_large = true;
		return 0;
	}
	memcpy(r->into + call->len, data, n);
	call->len += n;
	return n;
}

static size_t
take_header(char *data, size_t size, size_t n, void *arg)
{
	struct call *call = arg;

	(void)data;
	n *= size;
	call->headers_len += n;
	if (call->headers_len <= HEADERS_MAX)
		return n;
	call->too_large = true;
	return 0;
}

/* ---- one call ------------------------------------------------------------------ */

static CURLcode
set_bounds(struct call *call)
{
	int64_t given = call->request->timeout_ms;
	long wait = given > 0 ? (long)given : TIMEOUT_MS;
	CURL *curl = call->curl;
	size_t i;
	CURLcode e;

	for (i = 0; i < COUNT(fixed); i++)
		if ((e = curl_easy_setopt(
			 curl, fixed[i].option, fixed[i].value)))
			return e;
	if ((e = curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, wait)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, wait)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, call->error)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_WRITEDATA, call)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header)))
		return e;
	return curl_easy_setopt(curl, CURLOPT_HEADERDATA, call);
}

static CURLcode
set_way(struct call *call)
{
	const char *ca = call->request->ca_file;
	const char *scheme = call->tls ? "https" : "http";
	CURL *curl = call->curl;
	CURLcode e;

	if ((e = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, scheme)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_PROXY, "")) ||
	    (e = curl_easy_setopt(
		 curl, CURLOPT_OPENSOCKETFUNCTION, open_allowed)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, call)) ||
	    (e = set_ca(curl, ca && *ca ? ca : NULL)))
		return e;
	return curl_easy_setopt(curl, CURLOPT_URL, call->request->url);
}

/* A header without a value ends in a semicolon for libcurl. */
static CURLcode
set_headers(struct call *call)
{
	const struct net_header *h;
	char line[VALUE_MAX + 128];
	CURLcode e;

	if ((e = add_line(&call->headers, "Expect:")))
		return e;
	for (h = call->request->headers; h && h->name; h++) {
		snprintf(line, sizeof(line), "%s%s%s", h->name,
		    *h->value ? ": " : ";", h->value);
		if ((e = add_line(&call->headers, line)))
			return e;
	}
	if ((e = curl_easy_setopt(call->curl, CURLOPT_USERAGENT, "Doorward")))
		return e;
	return curl_easy_setopt(call->curl, CURLOPT_HTTPHEADER, call->headers);
}

static CURLcode
set_question(struct call *call)
{
	const struct net_request *r = call->request;
	CURL *curl = call->curl;
	CURLcode e;

	if (!strcmp(r->method, "HEAD"))
		return curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	if (r->body || !strcmp(r->method, "POST")) {
		e = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)(r->body ? r->body_len : 0));
		if (e || (e = curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
			      r->body ? r->body : "")))
			return e;
	}
	return curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
}

static CURLcode
set_user(struct call *call)
{
	const struct net_request *r = call->request;
	CURL *curl = call->curl;
	CURLcode e;

	if (!r->user)
		return CURLE_OK;
	if ((e = curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC)) ||
	    (e = curl_easy_setopt(curl, CURLOPT_USERNAME, r->user)))
		return e;
	return curl_easy_setopt(curl, CURLOPT_PASSWORD, r->password.s);
}

static CURLcode
perform(struct call *call)
{
	CURLcode e;

	if ((e = set_bounds(call)) || (e = set_way(call)) ||
	    (e = set_headers(call)) || (e = set_question(call)) ||
	    (e = set_user(call)))
		return e;
	return curl_easy_perform(call->curl);
}

static enum net_result
status_result(long code)
{
	size_t i;

	if (code / 100 == 2)
		return NET_OK;
	for (i = 0; i < COUNT(temporary); i++)
		if (code == temporary[i])
			return NET_TEMPORARY;
	return code < 200 || code >= 500 ? NET_TEMPORARY : NET_PERMANENT;
}

static void
judge(struct call *call, CURLcode e, struct net_answer *out)
{
	const char *why = *call->error ? call->error : curl_easy_strerror(e);
	enum net_result said;
	char status[32];

	if (curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &out->code))
		out->code = 0;
	out->len = call->len;
	said = status_result(out->code);
	snprintf(status, sizeof(status), "HTTP %ld", out->code);
	if (call->too_large && said != NET_TEMPORARY)
		answer(out, NET_PERMANENT, "the answer is too large");
	else if (call->too_large)
		answer(out, NET_TEMPORARY, status);
	else if (e && call->refused)
		answer(out, NET_TEMPORARY,
		    "the address is not public, and not allowed");
	else if (e)
		answer(out, NET_TEMPORARY, why);
	else
		answer(out, said, said == NET_OK ? "" : status);
}

const char *
fetch_fault(const struct net_request *r)
{
	bool tls;

	return request_fault(r, &tls);
}

void
fetch(const struct net_request *r, struct net_answer *out)
{
	struct call call = {.request = r};
	struct curl_header *found;
	const char *why;

	*out = (struct net_answer){.result = NET_BAD};
	if (r->room > 0)
		*r->into = '\0';
	if ((why = request_fault(r, &call.tls))) {
		answer(out, NET_BAD, why);
		return;
	}
	call.curl = curl_easy_init();
	if (!call.curl) {
		answer(out, NET_TEMPORARY, "libcurl does not start");
		return;
	}
	judge(&call, perform(&call), out);
	out->sought = r->seek && curl_easy_header(call.curl, r->seek, 0,
				     CURLH_HEADER, -1, &found) == CURLHE_OK;
	if (r->room > 0)
		r->into[call.len] = '\0';
	curl_easy_cleanup(call.curl);
	curl_slist_free_all(call.headers);
}
