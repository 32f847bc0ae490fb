/* SPDX-License-Identifier: ISC */
/* What a worker sees of a request, told to the installation's doctor alone. */

#include "api/api.h"

#include <string.h>

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unversioned"
#endif

/* The word is sent as the Bearer token, too. */
static enum err
authorization_seen(struct ctx *c, const struct call *call, const char **out)
{
	struct secret token;
	enum err e;

	if ((e = request_bearer(c, call->req, &token)))
		return e;
	*out = !token.s                            ? "absent"
	       : strcmp(token.s, call->param) == 0 ? "present"
						   : "changed";
	return OK;
}

static bool
peer_is_listed(const struct ctx *c, const struct req *r)
{
	struct ip peer;

	return ip_read(r->peer, &peer) &&
	       ip_in(&peer, c->conf->trusted_proxies);
}

/* 200; 404 as for any unknown path without a word of this minute. */
static enum err
tell(struct ctx *c, struct call *call, const void *in)
{
	struct writer w = writer_new(c->arena);
	const struct req *r = call->req;
	const char *authorization;
	enum err e;

	(void)in;
	if (!probe_word_valid(c, call->param))
		return fail(c, ERR_NO_ROUTE, "no word of doctor's");
	if ((e = authorization_seen(c, call, &authorization)))
		return e;
	write_map(&w, NULL);
	write_text(&w, "version", PACKAGE_VERSION);
	write_text(&w, "environment", c->conf->environment);
	write_text(&w, "authorization", authorization);
	write_text(&w, "peer", r->peer);
	write_bool(&w, "peerListed", peer_is_listed(c, r));
	write_text(&w, "address", *c->address ? c->address : NULL);
	write_bool(&w, "https", request_is_https(r, c->conf->trusted_proxies));
	write_text(&w, "forwarded", request_forwards(c, r));
	write_map_end(&w);
	return words_send(call, &w);
}

const struct endpoint probe = {tell, NULL, 0};
