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

/* Words that are ours, and not the web server's page. */
static bool
refused_by_us(const struct heard *heard, enum err e)
{
	return strcmp(heard_text(heard, "detail"), err_sentence(e)) == 0 ||
	       strcmp(heard_text(heard, "message"), err_sentence(e)) == 0;
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
		    doctor_url(d, "/healthz"), heard->code);
}

void
doctor_service(struct doctor *d)
{
	struct net_request alive = {.method = "GET", .url = "/healthz"};
	struct net_request ready = {.method = "GET", .url = "/readyz"};
	struct heard heard;

	if (!doctor_url_fits(d))
		return;
	doctor_ask(d, &alive, &heard);
	if (strcmp(heard_text(&heard, "status"), "alive") != 0) {
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
	doctor_ask(d, &ready, &heard);
	if (strcmp(heard_text(&heard, "status"), "ready") != 0)
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

	out->version = heard_text(heard, "version");
	out->environment = heard_text(heard, "environment");
	out->authorization = heard_text(heard, "authorization");
	out->peer = heard_text(heard, "peer");
	out->address = heard_text(heard, "address");
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
	doctor_ask(d, &r, &heard);
	if (heard.code == 200 && *heard_text(&heard, "authorization"))
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

/* By which header we may say to be a stranger; NULL: by none. */
static const char *
lie_believed(struct doctor *d)
{
	/* web servers make the same variable of the others */
	static const char *const names[] = {
	    "X-Forwarded-For", "X.Forwarded.For", "X_Forwarded-For"};
	struct net_header lie = {.value = STRANGER};
	struct sight seen;
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		lie.name = names[i];
		seen = (struct sight){.version = NULL};
		(void)sight_ask(d, &lie, false, &seen);
		if (seen.address != NULL && strcmp(seen.address, STRANGER) == 0)
			return names[i];
	}
	return NULL;
}

/* The proxy is listed: what it says is believed, so it must say its own. */
static void
address_of_proxy(struct doctor *d)
{
	const struct sight *seen = d->sight;
	bool told = strstr(seen->forwarded, "X_FORWARDED_FOR") != NULL;
	const char *lie;
	struct ip ip;

	if (told && ip_read(seen->address, &ip) &&
	    ip_in(&ip, d->conf.trusted_proxies)) {
		doctor_info(d,
		    "We ask from a listed address ourselves: whom the proxy "
		    "names for others shows from another machine only.");
		return;
	}
	if ((lie = lie_believed(d)) != NULL)
		doctor_fault(d, MEND_FORWARD,
		    "The proxy %s hands on whatever %s it is sent: everybody "
		    "may choose the address that limits count by.",
		    seen->peer, lie);
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
	doctor_ask(d, &r, &heard);
	if (!refused_by_us(&heard, ERR_BODY_TOO_LARGE))
		doctor_fault(d,
		    "client_max_body_size 1m (nginx), server.max-request-size "
		    "= 1024 (lighttpd), LimitRequestBody 1048576 (Apache)",
		    "A body of 65 KiB is not answered by a worker (%ld%s%s).",
		    heard.code, *heard.why ? ": " : "", heard.why);
}

/* ---- pages -------------------------------------------------------------------------------- */

/* The web server's own, with headers that it must add. */
void
doctor_pages(struct doctor *d)
{
	struct net_request r = {.method = "GET",
	    .url = "/signin",
	    .seek = "Content-Security-Policy"};
	struct heard heard;

	doctor_ask(d, &r, &heard);
	if (heard.code != 200)
		doctor_word(d, "no sign-in page (%ld)", heard.code);
	else if (!heard.sought)
		doctor_fault(d,
		    "a2enmod headers (Apache), or ask the host for it "
		    "(.htaccess)" BY_CONF,
		    "The sign-in page comes without its "
		    "Content-Security-Policy: any site may frame it.");
}
