/* SPDX-License-Identifier: ISC */
/* conf_table: the keys of doorward.conf: presets, bounds, units, sentences. */

#include <string.h>

#include "base/base.h"

#ifndef PKGLIBDIR
#define PKGLIBDIR "/usr/local/lib/doorward"
#endif
#ifndef PKGDATADIR
#define PKGDATADIR "/usr/local/share/doorward"
#endif

enum { SLUG_MAX = 63 };

#define UPPER        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER        "abcdefghijklmnopqrstuvwxyz"
#define DIGITS       "0123456789"
#define HOST_LETTERS UPPER LOWER DIGITS ".-"
#define IPV6_LETTERS "0123456789abcdefABCDEF:."

/*
 * host, a.b.c.d or [x::y], and perhaps a port; answers what follows it, or
 * NULL when this is not one.
 */
static const char *
host_skip(const char *s)
{
	size_t n =
	    s[0] == '[' ? strspn(s + 1, IPV6_LETTERS) : strspn(s, HOST_LETTERS);

	if (n == 0 || (s[0] == '[' && s[n + 1] != ']'))
		return NULL;
	s += s[0] == '[' ? n + 2 : n;
	if (*s != ':')
		return s;
	n = strspn(++s, "0123456789");
	return n >= 1 && n <= 5 ? s + n : NULL;
}

static const char *
check_slug(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (s[n] != '\0' || n > SLUG_MAX || s[0] == '-')
		return "must be a slug: a-z, 0-9 and -, at most 63 of them";
	return NULL;
}

static const char *
check_public_url(const char *s)
{
	static const char wrong[] =
	    "must be https://host, perhaps with a port and a path, without a "
	    "slash at its end";
	bool https = strncmp(s, "https://", 8) == 0;
	const char *rest;

	if (!https && strncmp(s, "http://", 7) != 0)
		return wrong;
	rest = host_skip(s + (https ? 8 : 7));
	if (rest == NULL || (*rest != '\0' && *rest != '/'))
		return wrong;
	if (rest[strspn(rest, HOST_LETTERS "/_~")] != '\0' ||
	    strstr(rest, "//") != NULL)
		return wrong;
	return *rest != '\0' && rest[strlen(rest) - 1] == '/' ? wrong : NULL;
}

static const char *
check_smtp_url(const char *s)
{
	const char *rest = NULL;

	if (strncmp(s, "smtp://", 7) == 0)
		rest = host_skip(s + 7);
	else if (strncmp(s, "smtps://", 8) == 0)
		rest = host_skip(s + 8);
	if (rest == NULL || *rest != '\0')
		return "must be smtp://host:port or smtps://host:port";
	return NULL;
}

static const char *
check_networks(const char *s)
{
	return ip_networks_valid(s)
		   ? NULL
		   : "must be networks such as 10.0.0.0/8 or 2001:db8::/32";
}

static const char *
check_hosts(const char *s)
{
	while (s != NULL && *s != '\0') {
		if ((s = host_skip(s)) == NULL || (*s != '\0' && *s != ','))
			return "must be host:port, with commas between several";
		s += *s == ',';
		s += strspn(s, " ");
	}
	return NULL;
}

static const char *
check_given(const char *s)
{
	return *s != '\0' ? NULL : "must not be empty";
}

static const char *
check_path(const char *s)
{
	return *s == '/' ? NULL : "must be a path that begins with /";
}

/* Nothing, or so many of these characters. */
static bool
is_none_or(const char *s, const char *set, size_t least, size_t most)
{
	size_t n = strspn(s, set);

	return s[n] == '\0' && (n == 0 || (n >= least && n <= most));
}

static const char *
check_digits(const char *s)
{
	return is_none_or(s, DIGITS, 1, 32) ? NULL : "must be digits";
}

static const char *
check_template(const char *s)
{
	return is_none_or(s, LOWER DIGITS "_", 1, 512)
		   ? NULL
		   : "must be a template's name: a-z, 0-9 and _";
}

/* A Twilio SID: two letters and 32 hex digits. */
static bool
is_sid(const char *s, const char *kind)
{
	return strncmp(s, kind, 2) == 0 && strlen(s) == 34 &&
	       is_none_or(s + 2, DIGITS "abcdef", 32, 32);
}

static const char *
check_account(const char *s)
{
	return *s == '\0' || is_sid(s, "AC") ? NULL
					     : "must be AC and 32 hex digits";
}

static const char *
check_key_sid(const char *s)
{
	return *s == '\0' || is_sid(s, "SK") ? NULL
					     : "must be SK and 32 hex digits";
}

static const char *
check_sender(const char *s)
{
	if (*s == '+' && s[1] != '\0' && is_none_or(s + 1, DIGITS, 7, 15))
		return NULL;
	if (is_sid(s, "MG") || is_none_or(s, UPPER LOWER DIGITS " ", 1, 11))
		return NULL;
	return "must be +digits, a name of up to 11 letters and digits, or MG "
	       "and 32 hex digits";
}

/* "en pt-BR:pt_BR" */
static const char *
check_languages(const char *s)
{
	static const char wrong[] =
	    "must be languages with blanks between, such as en pt-BR:pt_BR";
	size_t n;

	if (*s == '\0')
		return wrong;
	for (; *s != '\0'; s += strspn(s, " ")) {
		if ((n = strspn(s, UPPER LOWER "-_")) < 2)
			return wrong;
		s += n;
		if (*s == ':') {
			if ((n = strspn(++s, UPPER LOWER "_")) < 2)
				return wrong;
			s += n;
		}
		if (*s != '\0' && *s != ' ')
			return wrong;
	}
	return NULL;
}

static const char *
check_hook_url(const char *s)
{
	static const char wrong[] =
	    "must be https://host, perhaps with a port, a path and a query";
	bool https = strncmp(s, "https://", 8) == 0;
	const char *rest;

	if (*s == '\0')
		return NULL;
	if (!https && strncmp(s, "http://", 7) != 0)
		return wrong;
	rest = host_skip(s + (https ? 8 : 7));
	if (rest == NULL || (*rest != '\0' && *rest != '/'))
		return wrong;
	return rest[strspn(rest, HOST_LETTERS "/_~?=&%")] == '\0' ? NULL
								  : wrong;
}

#define TEXT(m, preset, check, about) \
	SETTING_ROW_TEXT(struct conf, m, preset, check, about)
#define INT(m, preset, min, max, unit, about) \
	SETTING_ROW_INT(struct conf, m, preset, min, max, unit, about)
#define BOOL(m, preset, about) SETTING_ROW_BOOL(struct conf, m, preset, about)
#define CHOICE(m, preset, choices, about) \
	SETTING_ROW_CHOICE(struct conf, m, preset, choices, about)

/* A text without a preset must be given. */
/* clang-format off */
const struct setting conf_settings[] = {
	CHOICE(environment, "production", "production|development|test",
	    "Outside production plain http and message files are allowed."),
	TEXT(public_url, NULL, check_public_url,
	    "Where customers reach this service, without a slash at its end."),
	TEXT(default_shop, "", check_slug,
	    "Slug of the shop that requests without a key belong to; empty: they are refused."),
	TEXT(platform, "platform", check_slug,
	    "Slug of the platform's own tenant."),
	CHOICE(founding, "off", "off|invite|open",
	    "May merchants found shops? invite: those whom the operator invited."),
	TEXT(trusted_proxies, "", check_networks,
	    "Networks of the proxies whose X-Forwarded headers are believed."),
	TEXT(metrics_from, "", check_networks,
	    "Networks whose clients may read /metrics; empty: nobody may."),
	CHOICE(log_level, "info", "debug|info|warn|error",
	    "Events below this level are not logged."),
	TEXT(clock_file, "", NULL,
	    "File of signed milliseconds that move the clock; only where environment = test."),
	TEXT(module_dir, PKGLIBDIR, check_given,
	    "Folder of the loadable modules."),
	TEXT(template_dir, PKGDATADIR "/templates", check_given,
	    "Folder of the message templates."),
	TEXT(master_key_file, NULL, check_given,
	    "Keys that seal secrets at rest: lines of version and 64 hex digits; mode 600."
	    " A newer line, added on every host before a command seals by it, is taken in without a"
	    " restart."),

	TEXT(db_socket, "/run/mysqld/mysqld.sock", NULL,
	    "Path of the database server's socket."),
	TEXT(db_hosts, "", check_hosts,
	    "Database servers over TCP instead: host:port, with commas, tried in this order."),
	TEXT(db_name, "doorward", check_given,
	    "Name of the database."),
	TEXT(db_user, "doorward", check_given,
	    "User at the database."),
	TEXT(db_password_file, "", NULL,
	    "File with the user's password, mode 600; empty: none (socket authentication)."),
	TEXT(db_tls_ca, "", NULL,
	    "Certificates (PEM) that vouch for the database servers; empty: the system's."),
	BOOL(db_tls, "true",
	    "Speak TLS to database servers over TCP."),
	INT(db_timeout_seconds, "5", 1, 60, "s",
	    "How long the database may take to answer, and to connect (10 s at most)."),

	CHOICE(deliver, "courier", "courier|inline",
	    "Who hands messages over: the courier, or at once the request's own process, then it."),
	INT(delivery_timeout_seconds, "30", 1, 30, "s",
	    "How long handing one message over may take."),
	CHOICE(email_channel, "smtp", "none|smtp|sendmail|hook|file",
	    "How mail leaves; file (into message_dir) is refused in production."),
	CHOICE(sms_channel, "none", "none|twilio|hook|file",
	    "How SMS leave; file (into message_dir) is refused in production."),
	CHOICE(whatsapp_channel, "none", "none|whatsapp|hook|file",
	    "How WhatsApp messages leave; file (into message_dir) is refused in production."),
	TEXT(message_dir, "", NULL,
	    "Folder that the file channel writes messages into."),
	TEXT(smtp_url, "smtp://127.0.0.1:25", check_smtp_url,
	    "The mail server: smtp://host:port, or smtps:// for TLS from the first byte."),
	TEXT(smtp_user, "", NULL,
	    "User at the mail server; empty: no authentication."),
	TEXT(smtp_password_file, "", NULL,
	    "File with that user's password, mode 600."),
	TEXT(smtp_ca, "", NULL,
	    "Certificates (PEM) that vouch for the mail server; empty: the system's."),
	CHOICE(smtp_tls, "starttls", "starttls|implicit|none",
	    "How mail's connection is protected; none: for a server on this machine only."),
	TEXT(mail_from, "", NULL,
	    "Sender of mail where the tenant names none."),
	TEXT(sendmail, "/usr/sbin/sendmail", check_path,
	    "The program that email_channel = sendmail hands mail to."),
	TEXT(whatsapp_url, "https://graph.facebook.com/v23.0", check_public_url,
	    "The WhatsApp Cloud API, with its version."),
	TEXT(whatsapp_phone_id, "", check_digits,
	    "Id of the phone number that sends."),
	TEXT(whatsapp_token_file, "", NULL,
	    "File with the access token, mode 600."),
	TEXT(whatsapp_template, "", check_template,
	    "Name of the approved authentication template."),
	TEXT(whatsapp_languages, "en", check_languages,
	    "Languages of the template, the first for all others: locale, or locale:language."),
	TEXT(twilio_url, "https://api.twilio.com", check_public_url,
	    "The Twilio API."),
	TEXT(twilio_account, "", check_account,
	    "Account SID."),
	TEXT(twilio_user, "", check_key_sid,
	    "SID of an API key; empty: the account signs in."),
	TEXT(twilio_token_file, "", NULL,
	    "File with the auth token, or the API key's secret, mode 600."),
	TEXT(twilio_from, "", check_sender,
	    "Sender: a number, a name of up to 11 characters, or a messaging service's SID."),
	TEXT(hook_url, "", check_hook_url,
	    "Where the channel hook posts messages, as JSON."),
	TEXT(hook_secret_file, "", NULL,
	    "File with the secret that signs them, 32 characters or more, mode 600."),

	TEXT(outbound_networks, "", check_networks,
	    "Networks that are not public, which requests may still go to."),
	TEXT(outbound_ca, "", NULL,
	    "Certificates (PEM) that vouch for HTTPS servers; empty: the system's."),

	INT(client_address_factor, "1", 1, 1000000, NULL,
	    "Multiplies the limits per client address, where customers share few addresses."),
	INT(refresh_grace_seconds, "10", 0, 30, "s",
	    "How long a second use of a refresh token counts as a lost answer, not a theft."),
	INT(clock_leeway_seconds, "60", 0, 120, "s",
	    "How far the clocks of those whose tokens we read may be off."),
	INT(platform_sends_a_day, "100000", 0, 100000000, "messages",
	    "Most messages that leave in a day, all tenants together."),
	SETTING_END
};
/* clang-format on */
