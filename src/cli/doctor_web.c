/* SPDX-License-Identifier: ISC */
/* doctor: the service as it is asked from outside, through the web server. */

#include <ifaddrs.h>
#include <netdb.h>
#include <string.h>

#include "cli/doctor.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unversioned"
#endif

enum {
	ANSWER_MAX = 16 * 1024,
	TIMEOUT_MS = 15000,
	SLOW_MS = 1000,
	LARGE = 65 * 1024 /* Doorward takes 64 KiB */
};

/* What an honest client never says it is: RFC 5737. */
#define STRANGER "192.0.2.66"
#define BY_CONF  "; conf/ has a ready configuration for each web server"

/* What the worker saw of our request. */
struct sight {
	const char *version, *environment, *authorization;
	const char *peer, *address, *forwarded; /* NULL: none */
	bool peer_listed, https;
};

struct heard {
	long code; /* 0: nobody answered */
	const char *why;
	const struct json *json; /* NULL: none */
	int64_t ms;
};

/* ---- asking -------------------------------------------------------------------------- */

static const char *
url_of(struct doctor *d, const char *path)
{
	const char *url = d->in->url;
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	return arena_print(d->c->arena, "%.*s%s", (int)n, url, path);
}

static void
ask(struct doctor *d, struct net_request *r, struct heard *out)
{
	struct net_answer answer;
	int64_t begun = world_now();

	r->url = url_of(d, r->url);
	r->allow = "0.0.0.0/0 ::/0";
	r->ca_file = d->in->ca;
	r->timeout_ms = TIMEOUT_MS;
	r->into = arena_get(d->c->arena, ANSWER_MAX);
	r->room = ANSWER_MAX;
	d->net->fetch(r, &answer);
	*out = (struct heard){.code = answer.code,
	    .why = arena_text(d->c->arena, answer.why),
	    .ms = world_now() - begun};
	if (json_parse(d->c, r->into, answer.len, &out->json))
		out->json = NULL;
}

static const char *
said(const struct heard *heard, const char *name)
{
	const char *s = heard->json != NULL && heard->json->type == JSON_MAP
			    ? json_get_text(heard->json, name)
			    : NULL;

	return s != NULL ? s : "";
}

/* Words that are ours, and not the web server's page. */
static bool
refused_by_us(const struct heard *heard, enum err e)
{
	return strcmp(said(heard, "detail"), err_sentence(e)) == 0 ||
	       strcmp(said(heard, "message"), err_sentence(e)) == 0;
}

static bool
by_https(const struct doctor *d)
{
	return strncmp(d->in->url, "https://", 8) == 0;
}

/* ---- service --------------------------------------------------------------------------- */

#define MEND_HTTPS                                                          \
	"let the proxy say it: proxy_set_header X-Forwarded-Proto $scheme " \
	"(nginx), RequestHeader set X-Forwarded-Proto https (Apache), and " \
	"name the proxy in trusted_proxies"
#define MEND_PATH                                                           \
	"fix-root-scriptname = enable (lighttpd), fastcgi_param PATH_INFO " \
	"$fastcgi_script_name (nginx)" BY_CONF

static void
service_refused(struct doctor *d, const struct heard *heard)
{
	if (heard->code == 0)
		doctor_fault(d,
		    "start the web server, correct the URL, or name in --ca "
		    "what vouches for its certificate",
		    "%s: %s.", d->in->url, heard->why);
	else if (refused_by_us(heard, ERR_PLAIN_HTTP) && by_https(d))
		doctor_fault(d, MEND_HTTPS,
		    "The workers do not see that requests come over https, "
		    "and refuse them.");
	else if (refused_by_us(heard, ERR_PLAIN_HTTP))
		doctor_fault(d, "give the https URL",
		    "%s: in production plain http is refused.", d->in->url);
	else if (refused_by_us(heard, ERR_NO_ROUTE))
		doctor_fault(d, MEND_PATH,
		    "A worker answers, but does not see the path: PATH_INFO "
		    "does not arrive as it should.");
	else
		doctor_fault(d,
		    "let the web server hand all paths to doorward.fcgi, and "
		    "see its error log for why no worker starts" BY_CONF,
		    "%s answers %ld, which is no worker's answer.",
		    url_of(d, "/healthz"), heard->code);
}

void
doctor_service(struct doctor *d)
{
	struct net_request alive = {.method = "GET", .url = "/healthz"};
	struct net_request ready = {.method = "GET", .url = "/readyz"};
	struct heard heard;

	ask(d, &alive, &heard);
	if (strcmp(said(&heard, "status"), "alive") != 0) {
		service_refused(d, &heard);
		return;
	}
	d->grounds |= ON_SERVICE;
	doctor_word(
	    d, "%s answers within %lld ms", d->in->url, (long long)heard.ms);
	if (heard.ms > SLOW_MS)
		doctor_warn(d,
		    "start more workers, and see what else this machine does",
		    "A worker took %lld ms to say that it is alive.",
		    (long long)heard.ms);
	ask(d, &ready, &heard);
	if (strcmp(said(&heard, "status"), "ready") != 0)
		doctor_fault(d,
		    "see the rows about the database; the workers' log has "
		    "db_host_failed with the reason",
		    "The workers are alive, but do not reach the database "
		    "(%ld).",
		    heard.code);
}

/* ---- probe ----------------------------------------------------------------------------- */

static void
sight_read(const struct heard *heard, struct sight *out)
{
	const struct json *map = heard->json, *flag;

	out->version = said(heard, "version");
	out->environment = said(heard, "environment");
	out->authorization = said(heard, "authorization");
	out->peer = said(heard, "peer");
	out->address = said(heard, "address");
	out->forwarded = json_get_text(map, "forwarded");
	flag = json_get(map, "peerListed");
	out->peer_listed = flag != NULL && flag->b;
	flag = json_get(map, "https");
	out->https = flag != NULL && flag->b;
}

/* One more header, or NULL; encoded: the word's dot. */
static long
sight_ask(struct doctor *d, const struct net_header *more, bool encoded,
    struct sight *out)
{
	struct net_header headers[3] = {{.name = NULL}};
	struct net_request r = {.method = "GET", .headers = headers};
	struct arena *a = d->c->arena;
	struct heard heard;
	const char *word;
	size_t n;

	d->c->now = world_now();
	if (doctor_failed(d, probe_word(d->c, &word)))
		return 0;
	n = strcspn(word, ".");
	r.url = arena_print(a, "/doctor/%.*s%s%s", (int)n, word,
	    encoded ? "%2E" : ".", word + n + 1);
	headers[0].name = "Authorization";
	headers[0].value = arena_print(a, "Bearer %s", word);
	if (more != NULL)
		headers[1] = *more;
	ask(d, &r, &heard);
	if (heard.code == 200 && *said(&heard, "authorization"))
		sight_read(&heard, out);
	return heard.code;
}

void
doctor_probe(struct doctor *d)
{
	struct sight *sight = arena_get(d->c->arena, sizeof(*sight));
	long code = sight_ask(d, NULL, false, sight);

	if (sight->authorization == NULL) {
		doctor_fault(d,
		    arena_print(d->c->arena,
			"let the workers read %s, start them anew, and set "
			"both clocks (timedatectl set-ntp true)",
			d->in->conf),
		    "The workers at %s do not know this installation's master "
		    "key, are of another version, or their clock is a minute "
		    "off (%ld).",
		    d->in->url, code);
		return;
	}
	d->sight = sight;
	d->grounds |= ON_PROBE;
	doctor_word(d, "version %s, %s", sight->version, sight->environment);
	if (strcmp(sight->version, PACKAGE_VERSION) != 0)
		doctor_warn(d, "start the workers anew after an update",
		    "The workers are of version %s, this command of %s.",
		    sight->version, PACKAGE_VERSION);
	if (strcmp(sight->environment, d->conf.environment) != 0)
		doctor_warn(d,
		    arena_print(d->c->arena,
			"start the workers anew, and with %s", d->in->conf),
		    "The workers were started with environment = %s.",
		    sight->environment);
}

void
doctor_login_header(struct doctor *d)
{
	const char *seen = d->sight->authorization;

	if (strcmp(seen, "present") != 0)
		doctor_fault(d,
		    "CGIPassAuth On (Apache), or SetEnvIf Authorization "
		    "\"(.*)\" HTTP_AUTHORIZATION=$1 (.htaccess); fastcgi_param "
		    "HTTP_AUTHORIZATION $http_authorization (nginx); take no "
		    "sign-in of its own at the proxy" BY_CONF,
		    "The Authorization header arrives %s: nobody stays signed "
		    "in.",
		    strcmp(seen, "absent") == 0 ? "not at all" : "changed");
}

void
doctor_paths(struct doctor *d)
{
	struct sight sight = {.version = NULL};
	long code = sight_ask(d, NULL, true, &sight);

	if (sight.version == NULL)
		doctor_warn(d, MEND_PATH,
		    "A path with an encoded letter (%%2E) does not arrive "
		    "decoded in PATH_INFO (%ld).",
		    code);
}

/* ---- whose address, and by which way ------------------------------------------------------ */

/* An address of this machine, as the worker would see it. */
static bool
is_ours(const char *address)
{
	struct ifaddrs *list, *at;
	char host[NI_MAXHOST];
	bool found = false;

	if (getifaddrs(&list) != 0)
		return false;
	for (at = list; at != NULL && !found; at = at->ifa_next) {
		if (at->ifa_addr == NULL ||
		    getnameinfo(at->ifa_addr,
			at->ifa_addr->sa_family == AF_INET6
			    ? sizeof(struct sockaddr_in6)
			    : sizeof(struct sockaddr_in),
			host, sizeof(host), NULL, 0, NI_NUMERICHOST) != 0)
			continue;
		host[strcspn(host, "%")] = '\0';
		found = strcmp(host, address) == 0;
	}
	freeifaddrs(list);
	return found;
}

#define MEND_FORWARD                                                       \
	"proxy_set_header X-Forwarded-For $remote_addr (nginx); Apache's " \
	"mod_proxy and lighttpd's mod_proxy add it by themselves"

/* The proxy is listed: what it says is believed, so it must say its own. */
static void
address_of_proxy(struct doctor *d)
{
	const struct net_header lie = {"X-Forwarded-For", STRANGER};
	const struct sight *seen = d->sight;
	bool told = strstr(seen->forwarded, "X_FORWARDED_FOR") != NULL;
	struct sight again = {.version = NULL};
	struct ip ip;

	if (told && ip_read(seen->address, &ip) &&
	    ip_in(&ip, d->conf.trusted_proxies)) {
		doctor_info(d,
		    "We ask from a listed address ourselves: whom the proxy "
		    "names for others shows from another machine only.");
		return;
	}
	(void)sight_ask(d, &lie, false, &again);
	if (again.address != NULL && strcmp(again.address, STRANGER) == 0)
		doctor_fault(d, MEND_FORWARD,
		    "The proxy %s hands on whatever X-Forwarded-For it is "
		    "sent: everybody may choose the address that limits count "
		    "by.",
		    seen->peer);
	else if (!told)
		doctor_fault(d, MEND_FORWARD,
		    "The proxy %s does not say for whom it asks: all customers "
		    "seem to be one.",
		    seen->peer);
}

void
doctor_address(struct doctor *d)
{
	const struct sight *seen = d->sight;
	struct ip ip;

	doctor_word(d, "%s, asked by %s", seen->address, seen->peer);
	if (!ip_read(seen->address, &ip))
		doctor_fault(d, "let the web server set REMOTE_ADDR" BY_CONF,
		    "The workers see no client address.");
	else if (seen->forwarded != NULL && !seen->peer_listed)
		doctor_fault(d,
		    arena_print(d->c->arena, "trusted_proxies = %s%s%s",
			d->conf.trusted_proxies,
			*d->conf.trusted_proxies ? " " : "", seen->peer),
		    "Requests come through a proxy at %s (%s), which is not "
		    "listed: all customers seem to be one.",
		    seen->peer, seen->forwarded);
	else if (seen->forwarded != NULL)
		address_of_proxy(d);
	else if (!is_ours(seen->address) && !ip_is_loopback(&ip))
		doctor_warn(d,
		    "if a proxy is there, let it send X-Forwarded-For, and "
		    "name it in trusted_proxies",
		    "The workers take us for %s, which is no address of this "
		    "machine.",
		    seen->address);
}

void
doctor_https(struct doctor *d)
{
	const struct sight *seen = d->sight;

	doctor_word(d, "%s", seen->https ? "seen" : "plain http, as asked");
	if (by_https(d) && !seen->https)
		doctor_fault(d, MEND_HTTPS,
		    "The workers do not see that the request came over https.");
}

/* ---- body --------------------------------------------------------------------------------- */

void
doctor_body(struct doctor *d)
{
	static const struct net_header headers[] = {
	    {"Content-Type", "application/json"}, {NULL, NULL}};
	struct net_request r = {.method = "POST",
	    .url = "/v1/auth/logout",
	    .headers = headers,
	    .body_len = LARGE};
	struct heard heard;
	char *body = arena_get(d->c->arena, LARGE + 1);

	memset(body, ' ', LARGE);
	r.body = body;
	ask(d, &r, &heard);
	if (!refused_by_us(&heard, ERR_BODY_TOO_LARGE))
		doctor_fault(d,
		    "client_max_body_size 1m (nginx), server.max-request-size "
		    "= 1024 (lighttpd), LimitRequestBody 1048576 (Apache)",
		    "A body of 65 KiB is not answered by a worker (%ld%s%s).",
		    heard.code, *heard.why ? ": " : "", heard.why);
}
