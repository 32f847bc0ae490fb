/* SPDX-License-Identifier: ISC */
/* The operator's part: found a tenant, change its settings. */

#include "domain/inside.h"

#include <string.h>

enum {
	SLUG_MIN = 2,
	SLUG_MAX = 63,
	NAME_MAX_POINTS = 100,
	PLACE_MAX = 255,
	PORT_MAX = 65535,
	LOCK_SECONDS = 10
};

#define DIGITS       "0123456789"
#define SLUG_LETTERS "abcdefghijklmnopqrstuvwxyz" DIGITS "-"
#define HOST_LETTERS SLUG_LETTERS "."

/* ---- what is said must be right ------------------------------------------- */

static const char *
name_fault(const char *name)
{
	if (*name == '\0' || has_control(name) ||
	    !utf8_valid(name, strlen(name)) ||
	    utf8_count(name) > NAME_MAX_POINTS)
		return "A name is text of 1 to 100 characters on one line.";
	return NULL;
}

static const char *
slug_fault(const char *slug)
{
	size_t n = strlen(slug);

	if (n < SLUG_MIN || n > SLUG_MAX || slug[strspn(slug, SLUG_LETTERS)] ||
	    slug[0] == '-' || slug[n - 1] == '-')
		return "A slug has 2 to 63 of a-z, 0-9 and -, and no - at "
		       "either end.";
	return NULL;
}

/* host or host:port in lower case. */
static bool
is_place(struct ctx *c, const char *s)
{
	size_t n = strspn(s, HOST_LETTERS);
	int64_t port = 1;

	if (n == 0 || strlen(s) > PLACE_MAX || s[0] == '.' || s[0] == '-')
		return false;
	if (s[n] == ':')
		return number_read(
			   arena_text(c->arena, s + n + 1), PORT_MAX, &port) &&
		       port > 0;
	return s[n] == '\0';
}

/* What follows https://, or http:// outside production; else NULL. */
static const char *
past_scheme(struct ctx *c, const char *s)
{
	if (strncmp(s, "https://", 8) == 0)
		return s + 8;
	if (strncmp(s, "http://", 7) == 0 &&
	    strcmp(c->conf->environment, "production") != 0)
		return s + 7;
	return NULL;
}

static const char *
host_fault(struct ctx *c, const char *word)
{
	return is_place(c, word) && strchr(word, ':') == NULL
		   ? NULL
		   : "is no host name in lower case, without a port";
}

static const char *
origin_fault(struct ctx *c, const char *word)
{
	const char *place = past_scheme(c, word);

	if (place == NULL || strlen(word) > PLACE_MAX || !is_place(c, place))
		return "is no origin such as https://shop.example.com";
	return NULL;
}

static const char *
link_fault(struct ctx *c, const char *value)
{
	if (past_scheme(c, value) == NULL || strchr(value, ' ') != NULL ||
	    strstr(value, "{token}") == NULL)
		return "is no https:// address with {token} in it";
	return NULL;
}

static const char *
mail_fault(struct ctx *c, const char *value)
{
	return email_normal(c->arena, value, false) != NULL
		   ? NULL
		   : "is no mail address";
}

static const char *
country_fault(struct ctx *c, const char *word)
{
	size_t n = strspn(word, DIGITS);

	(void)c;
	if (strcmp(word, "*") != 0 && (n == 0 || n > 3 || word[n] != '\0'))
		return "is no calling code such as 234, nor *";
	return NULL;
}

/* The folder of templates in this language, as it is written there; or NULL. */
static const char *
locale_find(struct ctx *c, const char *tag)
{
	const char *const *served;

	for (served = house_locales(c); *served != NULL; served++)
		if (ascii_equal_fold(*served, tag))
			return *served;
	return NULL;
}

static const char *
locale_fault(struct ctx *c, const char *tag)
{
	const char *const *served = house_locales(c);
	struct text list = text_new(c->arena);

	if (locale_find(c, tag) != NULL)
		return NULL;
	for (; *served != NULL; served++)
		text_addf(&list, "%s%s", list.len > 0 ? ", " : "", *served);
	return arena_print(c->arena,
	    "is no language that there are templates in (template_dir has %s)",
	    list.s);
}

/* Asked of each word where many are listed, of the whole value elsewhere. */
static const struct {
	const char *key;
	bool list;
	const char *(*fault)(struct ctx *, const char *);
} checks[] = {
    {"host", false, host_fault},
    {"hosts", true, host_fault},
    {"origins", true, origin_fault},
    {"link_url", false, link_fault},
    {"mail_from", false, mail_fault},
    {"phone_countries", true, country_fault},
    {"locale", false, locale_fault},
};

/* The next word of a blank-separated list, or NULL. */
static const char *
word_next(struct ctx *c, const char **list)
{
	const char *word = *list + strspn(*list, " ");
	size_t n = strcspn(word, " ");

	*list = word + n;
	return n > 0 ? arena_copy(c->arena, word, n) : NULL;
}

/* NULL, or the sentence that says what is wrong with the value. */
static const char *
value_fault(struct ctx *c, const char *key, const char *value)
{
	const char *word, *why;
	size_t i;

	for (i = 0; i < COUNT(checks); i++)
		if (strcmp(checks[i].key, key) == 0)
			break;
	if (i == COUNT(checks) || *value == '\0')
		return NULL;
	if (!checks[i].list) {
		why = checks[i].fault(c, value);
		return why ? arena_print(c->arena, "'%s' %s.", value, why)
			   : NULL;
	}
	while ((word = word_next(c, &value)) != NULL)
		if ((why = checks[i].fault(c, word)) != NULL)
			return arena_print(c->arena, "'%s' %s.", word, why);
	return NULL;
}

/* ---- founding --------------------------------------------------------------- */

enum err
tenant_add(
    struct ctx *c, const struct tenant_row *row, const struct audit *audit)
{
	const char *kid;
	enum err e;

	if ((e = store_tenant_add(c, row)) ||
	    (e = signing_key_create(c, row->id, ALG_HS512, &kid)) ||
	    (e = signing_key_create(c, row->id, ALG_ES256, &kid)))
		return e;
	return store_audit(c, row->id, audit);
}

static enum err
tenant_found(struct ctx *c, void *with)
{
	const struct audit audit = {
	    .event = "tenant_created", .ok = true, .actor = "operator"};

	return tenant_add(c, with, &audit);
}

struct bytes
mac_key_make(struct ctx *c, const struct uuid *tenant)
{
	unsigned char key[KEY_LEN];
	struct bytes sealed;

	world_random(key, sizeof(key));
	sealed = seal(c->arena, house_master(c), SEAL_AT("tenant mac", tenant),
	    key, sizeof(key));
	wipe(key, sizeof(key));
	return sealed;
}

enum err
tenant_create(struct ctx *c, const struct tenant_new *new, struct uuid *id,
    const char **why)
{
	struct tenant_row row = {
	    .slug = new->slug,
	    .name = new->name,
	    .kind = new->platform ? "platform" : "shop",
	    .status = "active",
	    .settings = "",
	    .approved_at = c->now,
	    .created_at = c->now,
	};
	enum err e;

	if ((*why = slug_fault(new->slug)) || (*why = name_fault(new->name)))
		return ERR_USAGE;
	row.id = *id = uuid_make(c->now);
	row.mac_key = mac_key_make(c, &row.id);
	e = db_transaction(c, tenant_found, &row);
	if (e == ERR_CONFLICT)
		*why = arena_print(
		    c->arena, "There is already a tenant '%s'.", new->slug);
	return e;
}

/* ---- changing ---------------------------------------------------------------- */

struct tenant_change {
	struct uuid tenant;
	const char *key, *value;
	const char **why;
	/* found out on the way */
	const struct tenant *old;
	const char *name;
	struct tenant_settings set;
};

/* Lines "name = value" of what is not as preset. */
static const char *
settings_text(struct ctx *c, const struct tenant_settings *set)
{
	struct tenant_settings preset;
	struct text out = text_new(c->arena);
	const struct setting *row;
	const char *value;

	settings_preset(tenant_settings_table, &preset);
	text_add(&out, "");
	for (row = tenant_settings_table; row->name != NULL; row++) {
		value = settings_show(c->arena, row, set);
		if (strcmp(value, settings_show(c->arena, row, &preset)) != 0)
			text_addf(&out, "%s = %s\n", row->name, value);
	}
	return out.s;
}

static enum err
names_add(
    struct ctx *c, struct tenant_change *ch, const char *kind, const char *list)
{
	const char *word;
	enum err e;

	while ((word = word_next(c, &list)) != NULL) {
		e = store_tenant_name_add(c, ch->tenant, kind, word);
		if (e == ERR_CONFLICT)
			*ch->why = arena_print(c->arena,
			    "'%s' is there twice, or leads to another tenant.",
			    word);
		if (e)
			return e;
	}
	return OK;
}

/* What is to sign from now on must be there, in a tenant of whatever age. */
static enum err
alg_ready(struct ctx *c, const struct tenant_change *ch)
{
	static const enum alg algs[] = {ALG_ES256, ALG_HS512};
	const char *end = strstr(ch->key, "_alg");
	size_t i;
	enum err e;

	if (end == NULL || end[strlen("_alg")] != '\0')
		return OK;
	for (i = 0; i < COUNT(algs); i++)
		if (doors_sign_by(&ch->set, algs[i]) &&
		    (e = signing_key_ensure(c, ch->tenant, algs[i])))
			return e;
	return OK;
}

static enum err
change_store(struct ctx *c, void *with)
{
	struct tenant_change *ch = with;
	const struct tenant_row row = {.id = ch->tenant,
	    .name = ch->name,
	    .settings = settings_text(c, &ch->set)};
	const struct audit audit = {.event = "tenant_changed",
	    .ok = true,
	    .actor = "operator",
	    .detail = ch->key};
	enum err e;

	if ((e = store_tenant_set(
		 c, &row, doors_tokens_until(c, &ch->old->set, &ch->set))) ||
	    (e = store_tenant_names_clear(c, ch->tenant)) ||
	    (e = names_add(c, ch, "host", ch->set.hosts)) ||
	    (e = names_add(c, ch, "origin", ch->set.origins)) ||
	    (e = alg_ready(c, ch)))
		return e;
	return store_audit(c, ch->tenant, &audit);
}

/* NULL when the change makes sense beside all that is set already. */
static const char *
change_apply(struct ctx *c, struct tenant_change *ch)
{
	const char *why;

	ch->name = ch->old->name;
	ch->set = ch->old->set;
	if (strcmp(ch->key, "name") == 0) {
		ch->name = ch->value;
		return name_fault(ch->value);
	}
	if (strcmp(ch->key, "locale") == 0 && locale_find(c, ch->value))
		ch->value = locale_find(c, ch->value);
	why = settings_put(
	    c->arena, tenant_settings_table, &ch->set, ch->key, ch->value);
	if (why != NULL)
		return arena_print(c->arena, "%s.", why);
	if ((why = value_fault(c, ch->key, ch->value)) != NULL)
		return why;
	return door_terms_fault(&ch->set);
}

/* Under the lock, so that two who change two settings lose neither. */
static enum err
change_make(struct ctx *c, void *with)
{
	struct tenant_change *ch = with;
	struct tenant_row row;
	enum err e;

	if ((e = store_tenant_by_id(c, ch->tenant, &row)) ||
	    (e = tenant_from_row(c, &row, &ch->old)))
		return e;
	if ((*ch->why = change_apply(c, ch)) != NULL)
		return ERR_USAGE;
	return db_transaction(c, change_store, ch);
}

enum err
tenant_set(struct ctx *c, const struct tenant *tenant, const char *key,
    const char *value, const char **why)
{
	struct tenant_change ch = {
	    .tenant = tenant->id, .key = key, .value = value, .why = why};

	*why = NULL;
	return db_locked(c, "doorward.tenant", LOCK_SECONDS, change_make, &ch);
}
