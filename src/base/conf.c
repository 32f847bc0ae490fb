/* SPDX-License-Identifier: ISC */
/* conf: how doorward.conf is read: key = value, then what fits together. */

#include <string.h>

#include "base/base.h"

enum { CONF_MAX_BYTES = 64 * 1024, CONF_KEYS_MAX = 128 };

static bool
is_production(const struct conf *conf)
{
	return strcmp(conf->environment, "production") == 0;
}

static bool
clock_moves_untested(const struct conf *conf)
{
	return conf->clock_file[0] != '\0' &&
	       strcmp(conf->environment, "test") != 0;
}

static bool
url_is_plain(const struct conf *conf)
{
	return is_production(conf) &&
	       strncmp(conf->public_url, "https://", 8) != 0;
}

static bool
platform_is_missing(const struct conf *conf)
{
	return conf->platform[0] == '\0';
}

static bool
has_file_channel(const struct conf *conf)
{
	return strcmp(conf->email_channel, "file") == 0 ||
	       strcmp(conf->sms_channel, "file") == 0 ||
	       strcmp(conf->whatsapp_channel, "file") == 0;
}

static bool
files_in_production(const struct conf *conf)
{
	return is_production(conf) && has_file_channel(conf);
}

static bool
files_without_folder(const struct conf *conf)
{
	return has_file_channel(conf) && conf->message_dir[0] == '\0';
}

static bool
database_is_missing(const struct conf *conf)
{
	return conf->db_socket[0] == '\0' && conf->db_hosts[0] == '\0';
}

static bool
database_is_double(const struct conf *conf)
{
	return conf->db_socket[0] != '\0' && conf->db_hosts[0] != '\0';
}

static bool
mail_user_without_password(const struct conf *conf)
{
	return conf->smtp_user[0] != '\0' &&
	       conf->smtp_password_file[0] == '\0';
}

static bool
smtps_without_tls(const struct conf *conf)
{
	return strncmp(conf->smtp_url, "smtps:", 6) == 0 &&
	       strcmp(conf->smtp_tls, "implicit") != 0;
}

/* Does the mail leave this machine in plain text? */
static bool
mail_is_plain(const struct conf *conf)
{
	const char *host = strstr(conf->smtp_url, "://") + 3;
	char text[64] = "";
	struct ip ip;
	size_t n;

	if (strcmp(conf->smtp_tls, "none") != 0)
		return false;
	host += host[0] == '[';
	n = strcspn(host, host[-1] == '[' ? "]" : ":");
	if (n >= sizeof(text))
		return true;
	memcpy(text, host, n);
	if (ascii_equal_fold(text, "localhost"))
		return false;
	return !ip_read(text, &ip) || !ip_is_loopback(&ip);
}

/* What no single key can tell. */
static const struct rule {
	const char *key;
	bool (*is_broken)(const struct conf *);
	const char *mend;
} rules[] = {
    {"clock_file", clock_moves_untested, "needs environment = test"},
    {"public_url", url_is_plain, "must begin with https:// in production"},
    {"platform", platform_is_missing, "must not be empty"},
    {"environment", files_in_production,
	"= production takes no channel file: set email_channel to smtp or "
	"none, sms_channel and whatsapp_channel to none"},
    {"message_dir", files_without_folder,
	"must name a folder where a channel is file"},
    {"db_hosts", database_is_missing, "must be given without db_socket"},
    {"db_hosts", database_is_double, "and db_socket exclude each other"},
    {"smtp_password_file", mail_user_without_password,
	"must be given with smtp_user"},
    {"smtp_tls", smtps_without_tls, "must be implicit with smtps://"},
    {"smtp_tls", mail_is_plain,
	"= none is for a mail server on this machine only"},
};

struct reading {
	struct arena *arena;
	const char *path;
	struct conf *conf;
	int lines[CONF_KEYS_MAX]; /* where each row was given; 0: not */
	const char *why;
	struct conf_faults *faults; /* NULL: the first one ends it */
};

/* Is there reason to go on? What is wrong may be kept, and so passed by. */
static bool
reading_goes_on(struct reading *r)
{
	if (r->why == NULL)
		return true;
	if (r->faults == NULL)
		return false;
	if (r->faults->n < COUNT(r->faults->list))
		r->faults->list[r->faults->n++] = r->why;
	r->why = NULL;
	return true;
}

static enum err
refuse(struct reading *r, int line, const char *what)
{
	r->why = line > 0
		     ? arena_print(r->arena, "%s:%d: %s", r->path, line, what)
		     : arena_print(r->arena, "%s: %s", r->path, what);
	return ERR_CONF;
}

/* Where the key was given; NULL for a key that there is not. */
static int *
key_line(struct reading *r, const char *key)
{
	size_t i;

	for (i = 0; conf_settings[i].name != NULL && i < CONF_KEYS_MAX; i++)
		if (strcmp(conf_settings[i].name, key) == 0)
			return &r->lines[i];
	return NULL;
}

/* Without the blanks around it; s is cut. */
static char *
trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r");
	for (n = strlen(s); n > 0 && strchr(" \t\r", s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static enum err
line_read(struct reading *r, char *s, int line)
{
	const char *wrong;
	char *value;
	int *given;

	s = trim(s);
	if (*s == '\0' || *s == '#')
		return OK;
	if (*s == '=' || (value = strchr(s, '=')) == NULL)
		return refuse(r, line, "a line must be key = value");
	*value++ = '\0';
	s = trim(s);
	if ((given = key_line(r, s)) != NULL && *given != 0)
		return refuse(r, line,
		    arena_print(r->arena, "%s was given in line %d already", s,
			*given));
	wrong = settings_put(r->arena, conf_settings, r->conf, s, trim(value));
	if (given != NULL)
		*given = line;
	return wrong != NULL ? refuse(r, line, wrong) : OK;
}

/* A key that was not given follows the one that was. */
static void
conf_complete(struct reading *r)
{
	if (r->conf->db_hosts[0] != '\0' && *key_line(r, "db_socket") == 0)
		r->conf->db_socket = "";
	if (strncmp(r->conf->smtp_url, "smtps:", 6) == 0 &&
	    *key_line(r, "smtp_tls") == 0)
		r->conf->smtp_tls = "implicit";
}

/* What must be given, and was not or not well, is at least a text. */
static void
key_empty(struct reading *r, const struct setting *row)
{
	static const char *const empty = "";
	const char *value;

	memcpy(&value, (char *)r->conf + row->offset, sizeof(value));
	if (value == NULL)
		memcpy((char *)r->conf + row->offset, &empty, sizeof(empty));
}

static void
keys_demand(struct reading *r)
{
	const struct setting *row;

	for (row = conf_settings; row->name != NULL; row++) {
		if (row->preset != NULL)
			continue;
		key_empty(r, row);
		if (*key_line(r, row->name) == 0)
			(void)refuse(r, 0,
			    arena_print(r->arena, "%s is missing", row->name));
		if (!reading_goes_on(r))
			return;
	}
}

static void
rules_demand(struct reading *r)
{
	size_t i;

	conf_complete(r);
	for (i = 0; i < COUNT(rules) && reading_goes_on(r); i++)
		if (rules[i].is_broken(r->conf))
			(void)refuse(r, *key_line(r, rules[i].key),
			    arena_print(r->arena, "%s %s", rules[i].key,
				rules[i].mend));
}

static enum err
reading_run(struct reading *r)
{
	char *text, *s;
	int line = 0;

	settings_preset(conf_settings, r->conf);
	if (file_read(r->arena, r->path, CONF_MAX_BYTES, &text, &r->why))
		return ERR_IO;
	while (reading_goes_on(r) && (s = strsep(&text, "\n")) != NULL)
		(void)line_read(r, s, ++line);
	if (reading_goes_on(r))
		keys_demand(r);
	if (reading_goes_on(r))
		rules_demand(r);
	return reading_goes_on(r) ? OK : ERR_CONF;
}

enum err
conf_read(struct arena *a, const char *path, struct conf *out, const char **why)
{
	struct reading r = {.arena = a, .path = path, .conf = out};
	enum err e = reading_run(&r);

	*why = r.why;
	return e ? ERR_CONF : OK;
}

enum err
conf_examine(struct arena *a, const char *path, struct conf *out,
    struct conf_faults *faults)
{
	struct reading r = {
	    .arena = a, .path = path, .conf = out, .faults = faults};
	enum err e;

	faults->n = 0;
	e = reading_run(&r);
	(void)reading_goes_on(&r);
	return e;
}
