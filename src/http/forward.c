/* SPDX-License-Identifier: ISC */
/* What a proxy says of the client: its address, and how it came. */

#include <string.h>

#include "http/http.h"

enum { HOP_MAX = 64 };

/* Variables of headers that only somebody who forwards would send. */
static const char *const forward_vars[] = {
    "HTTP_FORWARDED=",
    "HTTP_X_FORWARDED",
    "HTTP_X_REAL_IP=",
};

static bool
hop_read(const char *s, size_t n, struct ip *out)
{
	char hop[HOP_MAX];

	for (; n > 0 && (s[0] == ' ' || s[0] == '\t'); n--)
		s++;
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (n == 0 || n >= sizeof(hop))
		return false;
	memcpy(hop, s, n);
	hop[n] = '\0';
	return ip_read(hop, out);
}

/* The right-most hop that is no proxy; false: none, or one before it is bad. */
static bool
hop_find(const char *list, const char *proxies, struct ip *out)
{
	const char *end = list + strlen(list);
	const char *start;

	for (;;) {
		start = end;
		while (start > list && start[-1] != ',')
			start--;
		if (!hop_read(start, (size_t)(end - start), out))
			return false;
		if (!ip_in(out, proxies))
			return true;
		if (start == list)
			return false;
		end = start - 1;
	}
}

const char *
request_address(struct ctx *c, const struct req *r, const char *proxies)
{
	const char *list = request_header(r, "X-Forwarded-For");
	struct ip peer, hop;

	if (!ip_read(r->peer, &peer))
		return NULL;
	if (list && ip_in(&peer, proxies) && hop_find(list, proxies, &hop))
		peer = hop;
	return ip_text(c->arena, &peer);
}

static bool
is_forwarded(const struct req *r)
{
	char *const *e;
	size_t i;

	for (e = r->env; *e; e++)
		for (i = 0; i < COUNT(forward_vars); i++)
			if (strncmp(*e, forward_vars[i],
				strlen(forward_vars[i])) == 0)
				return true;
	return false;
}

bool
request_address_known(const struct req *r, const char *proxies)
{
	const char *list = request_header(r, "X-Forwarded-For");
	struct ip peer, hop;

	if (!ip_read(r->peer, &peer))
		return false;
	if (!is_forwarded(r))
		return true;
	return list && ip_in(&peer, proxies) && hop_find(list, proxies, &hop);
}

const char *
request_forwards(struct ctx *c, const struct req *r)
{
	struct text list = text_new(c->arena);
	char *const *e;
	size_t i;

	for (e = r->env; *e; e++)
		for (i = 0; i < COUNT(forward_vars); i++)
			if (strncmp(*e, forward_vars[i],
				strlen(forward_vars[i])) == 0)
				text_addf(&list, "%s%.*s",
				    list.len > 0 ? " " : "",
				    (int)strcspn(*e, "="), *e);
	return list.s;
}

/* A listed proxy's word decides, even over the wire's own scheme. */
bool
request_is_https(const struct req *r, const char *proxies)
{
	const char *proto = request_header(r, "X-Forwarded-Proto");
	struct ip peer;

	if (proto && ip_read(r->peer, &peer) && ip_in(&peer, proxies))
		return ascii_equal_fold(proto, "https");
	return r->https;
}

bool
request_is_safe(const struct req *r, const char *proxies)
{
	struct ip peer;

	return request_is_https(r, proxies) ||
	       (ip_read(r->peer, &peer) && ip_is_loopback(&peer) &&
		   !is_forwarded(r));
}

/* "localhost:8080", "127.0.0.1", "[::1]:80" */
static bool
host_is_local(const char *host)
{
	char name[HOP_MAX];
	bool six = *host == '[';
	size_t n = strcspn(host + six, six ? "]" : ":");
	struct ip ip;

	if (n >= sizeof(name))
		return false;
	memcpy(name, host + six, n);
	name[n] = '\0';
	return ascii_equal_fold(name, "localhost") ||
	       (ip_read(name, &ip) && ip_is_loopback(&ip));
}

bool
request_is_local(const struct req *r)
{
	const char *host = request_header(r, "Host");
	struct ip peer;

	return ip_read(r->peer, &peer) && ip_is_loopback(&peer) &&
	       !is_forwarded(r) && host && host_is_local(host);
}
