/* SPDX-License-Identifier: ISC */
/* doctor: how it asks the service, and where it does not. */

#include <string.h>

#include "cli/doctor.h"

enum { ANSWER_MAX = 16 * 1024, TIMEOUT_MS = 15000 };

const char *
doctor_url(struct doctor *d, const char *path)
{
	const char *url = d->in->url;
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	return arena_print(d->c->arena, "%.*s%s", (int)n, url, path);
}

/* What follows http://, is it a name or an address of this machine's own? */
static bool
is_here(struct doctor *d, const char *place)
{
	bool six = *place == '[';
	const char *host = arena_copy(d->c->arena, place + six,
	    strcspn(place + six, six ? "]/" : ":/?#"));
	struct ip ip;

	return strcmp(host, "localhost") == 0 ||
	       (ip_read(host, &ip) && ip_is_loopback(&ip));
}

bool
doctor_url_fits(struct doctor *d)
{
	static const char plain[] = "http://";
	const char *url = d->in->url;

	if (strncmp(url, plain, strlen(plain)) != 0 ||
	    is_here(d, url + strlen(plain)))
		return true;
	doctor_fault(d,
	    arena_print(
		d->c->arena, "give --url https://%s", url + strlen(plain)),
	    "%s: doctor asks over https; http only on this machine.", url);
	return false;
}

void
doctor_ask(struct doctor *d, struct net_request *r, struct heard *out)
{
	struct net_answer answer;
	int64_t begun = world_now();

	r->url = doctor_url(d, r->url);
	r->allow = "0.0.0.0/0 ::/0";
	r->ca_file = d->in->ca;
	r->timeout_ms = TIMEOUT_MS;
	r->into = arena_get(d->c->arena, ANSWER_MAX);
	r->room = ANSWER_MAX;
	d->net->fetch(r, &answer);
	*out = (struct heard){.code = answer.code,
	    .sought = answer.sought,
	    .why = arena_text(d->c->arena, answer.why),
	    .ms = world_now() - begun};
	if (json_parse(d->c, r->into, answer.len, &out->json))
		out->json = NULL;
}

const char *
heard_text(const struct heard *heard, const char *name)
{
	const char *s = heard->json != NULL && heard->json->type == JSON_MAP
			    ? json_get_text(heard->json, name)
			    : NULL;

	return s != NULL ? s : "";
}
