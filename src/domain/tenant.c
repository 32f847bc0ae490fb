/* SPDX-License-Identifier: ISC */
/* Whose door this is: a shop's, or the platform's. */

#include "domain/inside.h"

#include <string.h>

/* clang-format off */
#define S struct tenant_settings
const struct setting tenant_settings_table[] = {
	SETTING_ROW_TEXT(S, host, "", NULL,
	    "Host in links and in the last line of an SMS."),
	SETTING_ROW_TEXT(S, hosts, "", NULL,
	    "Host names that lead to this tenant, blank-separated."),
	SETTING_ROW_TEXT(S, origins, "", NULL,
	    "Origins of its storefronts (CORS), blank-separated."),
	SETTING_ROW_TEXT(S, link_url, "", NULL,
	    "Where mail links lead; {token} and {email} are filled in."),
	SETTING_ROW_TEXT(S, audience, "", NULL,
	    "The aud of access tokens; empty: the issuer."),
	SETTING_ROW_TEXT(S, locale, "en", NULL,
	    "Language of messages."),
	SETTING_ROW_TEXT(S, mail_from, "", NULL,
	    "Sender address; empty: the configuration's."),
	SETTING_ROW_BOOL(S, fold_email_local, "true",
	    "Are A@x and a@x the same person?"),
	SETTING_ROW_TEXT(S, phone_countries, "", NULL,
	    "Calling codes that codes are sent to, or *; empty: none."),
	SETTING_ROW_CHOICE(S, phone_channel, "whatsapp", "whatsapp|sms",
	    "What a phone code goes out by."),
	SETTING_ROW_CHOICE(S, whatsapp_fallback, "sms", "sms|none",
	    "What a message goes out by when WhatsApp does not take it."),
	SETTING_ROW_INT(S, mails_a_day, "10000", 0, 100000000, "mails",
	    "Most mails a day."),
	SETTING_ROW_INT(S, sms_a_day, "1000", 0, 100000000, "messages",
	    "Most SMS and WhatsApp messages a day."),
	SETTING_ROW_INT(S, requests_a_minute, "0", 0, 100000000, "requests",
	    "Most requests a minute without a customer's token; 0: not counted."),
	SETTING_ROW_INT(S, writes_a_minute, "60", 0, 100000000, "requests",
	    "Most changes a minute by one customer's tokens; 0: not counted."),
	SETTING_ROW_INT(S, sessions_max, "10", 1, 1000, "sessions",
	    "Sessions per customer; the oldest ends."),
	SETTING_ROW_CHOICE(S, door_b_alg, "HS512", "HS512|ES256",
	    "What signs the passwordless door's access tokens."),
	SETTING_ROW_INT(S, door_b_access_seconds, "86400", 60, 7776000, "s",
	    "Life of an access token."),
	SETTING_ROW_INT(S, door_b_refresh_idle_seconds, "1209600", 120, 7776000,
	    "s", "A session unused for this long ends."),
	SETTING_ROW_INT(S, door_b_refresh_seconds, "2592000", 120, 7776000, "s",
	    "A session ends after this, used or not."),
	SETTING_ROW_CHOICE(S, door_a_alg, "ES256", "HS512|ES256",
	    "What signs the partner door's access and refresh tokens."),
	SETTING_ROW_INT(S, door_a_access_seconds, "2592000", 60, 7776000, "s",
	    "Life of an access token."),
	SETTING_ROW_INT(S, door_a_refresh_idle_seconds, "7776000", 120, 7776000,
	    "s", "A session unused for this long ends."),
	SETTING_ROW_INT(S, door_a_refresh_seconds, "7776000", 120, 7776000, "s",
	    "A session ends after this, used or not."),
	SETTING_ROW_INT(S, door_a_sessions_max, "50", 1, 1000, "sessions",
	    "Sessions per customer; the oldest ends."),
	SETTING_ROW_CHOICE(S, identity_conflict, "keep", "keep|update|refuse",
	    "A partner states another email or name: what becomes of it."),
	SETTING_ROW_INT(S, key_rotation_days, "90", 0, 3650, "days",
	    "A signing key this old gets a successor; 0: never by itself."),
	SETTING_END
};
#undef S
/* clang-format on */

/* Lines "name = value"; a line that no longer fits is left at its preset. */
static void
settings_read(struct ctx *c, const char *lines, struct tenant_settings *out)
{
	char *line, *rest, *value;

	settings_preset(tenant_settings_table, out);
	rest = arena_text(c->arena, lines);
	while ((line = strsep(&rest, "\n")) != NULL) {
		if ((value = strstr(line, " = ")) == NULL)
			continue;
		*value = '\0';
		if (settings_put(c->arena, tenant_settings_table, out, line,
			value + 3) != NULL)
			log_event(
			    c, LOG_WARN, "tenant_setting_ignored", "%s", line);
	}
}

enum err
tenant_from_row(
    struct ctx *c, const struct tenant_row *row, const struct tenant **out)
{
	struct tenant *t = arena_get(c->arena, sizeof(*t));

	t->id = row->id;
	t->text = uuid_text(c->arena, row->id);
	t->slug = row->slug;
	t->name = row->name;
	t->platform = strcmp(row->kind, "platform") == 0;
	t->suspended = strcmp(row->status, "active") != 0;
	t->held = !uuid_is_nil(row->founded_by) && row->approved_at == 0;
	t->sealed_mac = row->mac_key;
	t->updated_at = row->updated_at;
	t->key_id = row->key_id;
	t->key_per_minute = row->key_per_minute;
	settings_read(c, row->settings, &t->set);
	t->iss = arena_print(c->arena, "%s/%s", c->conf->public_url, t->text);
	t->aud = t->set.audience[0] ? t->set.audience : t->iss;
	*out = t;
	return OK;
}

void
tenant_enter(struct ctx *c, const struct tenant *tenant)
{
	c->tenant = tenant;
	c->tenant_id = tenant->id;
	c->log_tenant = tenant->text;
}

/* Nobody by that name is a fact for the log, not an error of ours. */
static enum err
found(struct ctx *c, enum err e, const struct tenant_row *row,
    const struct tenant **out)
{
	if (e == ERR_NOT_FOUND)
		return fail(c, ERR_TENANT_UNKNOWN, "no such tenant");
	return e ? e : tenant_from_row(c, row, out);
}

enum err
tenant_by_key(struct ctx *c, const char *key, const struct tenant **out)
{
	struct digest hash = digest_text(key);
	struct tenant_row row;
	enum err e;

	e = store_tenant_by_key(c, (struct bytes){hash.b, DIGEST_LEN}, &row);
	return found(c, e, &row, out);
}

enum err
tenant_by_host(struct ctx *c, const char *host, const char *fallback_slug,
    const struct tenant **out)
{
	struct tenant_row row;
	enum err e;

	e = store_tenant_by_host(c, host ? ascii_lower(c->arena, host) : "",
	    fallback_slug ? fallback_slug : "", &row);
	return found(c, e, &row, out);
}

enum err
tenant_by_slug(struct ctx *c, const char *slug, const struct tenant **out)
{
	struct tenant_row row;
	enum err e;

	e = store_tenant_by_slug(c, slug, &row);
	return found(c, e, &row, out);
}

enum err
tenant_platform(struct ctx *c, const struct tenant **out)
{
	return tenant_by_slug(c, c->conf->platform, out);
}

enum err
tenant_mac(struct ctx *c, const char *purpose, const struct bytes *parts,
    size_t n, struct digest *out)
{
	struct bytes *all = arena_list(c->arena, n + 1, sizeof(*all));
	struct bytes key;
	enum err e;

	if ((e = house_unseal(c, SEAL_AT("tenant mac", &c->tenant->id),
		 c->tenant->sealed_mac, &key)))
		return fail(c, e, "the tenant's MAC key");
	if (key.n != KEY_LEN)
		return fail(
		    c, ERR_SEALED, "the tenant's MAC key is %zu bytes", key.n);
	all[0] = mac_text(purpose);
	memcpy(all + 1, parts, n * sizeof(*parts));
	*out = mac_parts(key.p, all, n + 1);
	return OK;
}

enum err
origin_known(struct ctx *c, const char *origin)
{
	return store_origin_known(c, origin);
}

/* The scheme, host and port of a URL, which is all that an origin has. */
static bool
is_origin_of(const char *origin, const char *url)
{
	size_t n = strlen(origin);

	return n > 0 && strncmp(origin, url, n) == 0 &&
	       (url[n] == '\0' || url[n] == '/') &&
	       strstr(origin, "://") != NULL;
}

bool
tenant_allows_origin(const struct ctx *c, const char *origin)
{
	const char *list = c->tenant->set.origins;
	size_t n = strlen(origin), word;

	if (is_origin_of(origin, c->conf->public_url))
		return true;
	for (;;) {
		list += strspn(list, " ");
		if ((word = strcspn(list, " ")) == 0)
			return false;
		if (word == n && memcmp(list, origin, n) == 0)
			return true;
		list += word;
	}
}

const char *
tenant_host(struct ctx *c)
{
	const char *host = strstr(c->conf->public_url, "://");

	if (c->tenant->set.host[0])
		return c->tenant->set.host;
	host = host ? host + 3 : c->conf->public_url;
	return arena_copy(c->arena, host, strcspn(host, ":/"));
}
