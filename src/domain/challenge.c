/* SPDX-License-Identifier: ISC */
/* Codes and links: ask for them, then show them. */

#include "delivery/delivery.h"
#include "domain/inside.h"

#include <string.h>

enum {
	LINK_BYTES = 32,
	BREAKER_CODES = 50,
	BREAKER_SHARE = 5, /* one in five must be used */
	USES_EACH = 11,
	PAUSE_AT = 3, /* of them */
	PREFIX_DIGITS_LEFT_OUT = 3
};

/* One challenge on its way out. */
struct draft {
	const struct ask *ask;
	bool fresh;          /* a number never proven here */
	bool again;          /* asked for before; no sign-in from there since */
	bool link_only;      /* code entry is off */
	bool long_code;      /* and what it goes out by carries no link */
	const char *kind;    /* what it goes out by: email|sms|whatsapp */
	const char *subject; /* what limits count: "email:…" */
};

const char *
channel_kind_name(enum channel_kind kind)
{
	return kind == CHANNEL_EMAIL ? "email" : "phone";
}

const char *
challenge_subject(struct ctx *c, enum channel_kind kind, const char *to)
{
	return arena_print(c->arena, "%s:%s", channel_kind_name(kind), to);
}

const char *
phone_prefix(struct ctx *c, const char *phone)
{
	size_t n = strlen(phone);

	return arena_copy(c->arena, phone,
	    n > PREFIX_DIGITS_LEFT_OUT ? n - PREFIX_DIGITS_LEFT_OUT : n);
}

/* What a code is stored as: nothing of it opens another door. */
enum err
code_hash(struct ctx *c, int64_t pepper, const struct ask *ask,
    const char *code, struct digest *out)
{
	unsigned char key[KEY_LEN];
	struct bytes parts[] = {MAC_UUID(c->tenant_id), mac_text("signin"),
	    mac_text(channel_kind_name(ask->channel)),
	    mac_text(ask->destination), mac_text(ask->user_type),
	    mac_text(code)};
	enum err e;

	if ((e = house_derive(c, pepper, "pepper", key)))
		return e;
	*out = mac_parts(key, parts, COUNT(parts));
	wipe(key, sizeof(key));
	return OK;
}

/* Whose user type it is says the row that it leads to, as with a link. */
enum err
long_code_hash(struct ctx *c, int64_t pepper, const struct ask *ask,
    const char *code, struct digest *out)
{
	struct ask any = {ask->channel, ask->destination, "", NULL};

	return code_hash(c, pepper, &any, ascii_lower(c->arena, code), out);
}

/* Does this tenant send to that country? */
static bool
country_allowed(const struct ctx *c, const char *phone)
{
	const char *list = c->tenant->set.phone_countries;
	size_t n = phone_country_len(phone), word;

	for (;; list += word) {
		list += strspn(list, " ,+");
		if ((word = strcspn(list, " ,")) == 0)
			return false;
		if (*list == '*' ||
		    (word == n && strncmp(list, phone + 1, n) == 0))
			return true;
	}
}

/*
 * A number nobody proved here costs money and brings nothing: when hardly any
 * of the last codes to such numbers was used, they wait.
 */
static enum err
phone_admit(struct ctx *c, struct draft *d)
{
	struct phone_standing standing;
	struct limit_state *state;
	enum err e;

	if (c->tenant->held || !country_allowed(c, d->ask->destination))
		return fail(c, ERR_BAD_FIELD, "country not allowed");
	if ((e = store_phone_standing(
		 c, d->ask->destination, BREAKER_CODES, &standing)))
		return e;
	d->fresh = !standing.proven;
	if (!d->fresh || standing.sent < BREAKER_CODES ||
	    standing.used * BREAKER_SHARE >= standing.sent)
		return OK;
	state = arena_get(c->arena, sizeof(*state));
	*state = (struct limit_state){"fresh-numbers", BREAKER_CODES,
	    HOUR_MS / SECOND_MS, HOUR_MS / SECOND_MS};
	c->limits = state;
	return fail(c, ERR_TOO_MANY, "codes to fresh numbers are not used");
}

/* One that counts; b may be NULL. */
static struct limit_use
counts(enum limit_kind kind, const char *a, const char *b)
{
	return (struct limit_use){.kind = kind, .a = a, .b = b};
}

/* One that only looks. */
static struct limit_use
looks(enum limit_kind kind, const char *a, const char *b)
{
	return (struct limit_use){.kind = kind, .a = a, .b = b, .look = true};
}

/* What the tenant may send a day of this kind. */
static struct limit_use
budget(const struct ctx *c, bool mail)
{
	struct limit_use use =
	    counts(mail ? LIMIT_TENANT_MAILS : LIMIT_TENANT_SMS, NULL, NULL);

	use.max =
	    mail ? tenant_mails_a_day(c->tenant) : tenant_sms_a_day(c->tenant);
	return use;
}

/*
 * The limits of one draft; the last two only look. Whoever signed in from this
 * address lately is not held up by what others asked for from elsewhere.
 * Returns how many.
 */
static size_t
draft_uses(struct ctx *c, const struct draft *d, struct limit_use *u)
{
	const char *who = d->subject, *from = limit_client(c);
	size_t n = 0;

	u[n++] = looks(LIMIT_PAIR_KNOWN, who, from);
	u[n++] = counts(LIMIT_SENDS_HOUR, who, NULL);
	u[n++] = counts(LIMIT_SENDS_DAY, who, NULL);
	u[1].pardon = u[2].pardon = &u[0];
	u[n++] = counts(LIMIT_SEND_PAUSE, who, from); /* PAUSE_AT */
	u[n++] = counts(LIMIT_PAIR_HOUR, who, from);
	u[n++] = counts(LIMIT_PAIR_DAY, who, from);
	u[n++] = budget(c, d->ask->channel == CHANNEL_EMAIL);
	u[n] = counts(LIMIT_PLATFORM_SENDS, NULL, NULL);
	u[n++].max = c->conf->platform_sends_a_day;
	if (d->fresh)
		u[n++] = counts(
		    LIMIT_PREFIX, phone_prefix(c, d->ask->destination), NULL);
	u[n++] = looks(LIMIT_CODE_HOUR, who, NULL);
	u[n++] = looks(LIMIT_CODE_ROW, who, NULL);
	return n;
}

static enum err
drafts_count(struct ctx *c, struct draft *drafts, size_t n)
{
	struct limit_use uses[2 * USES_EACH];
	size_t at[3] = {0}, i;
	enum err e;

	for (i = 0; i < n; i++)
		at[i + 1] = at[i] + draft_uses(c, &drafts[i], uses + at[i]);
	if ((e = limits_take(c, uses, at[n])))
		return e;
	for (i = 0; i < n; i++) {
		drafts[i].again = uses[at[i] + PAUSE_AT].n > 1;
		drafts[i].link_only =
		    uses[at[i + 1] - 2].n >= limits[LIMIT_CODE_HOUR].max ||
		    uses[at[i + 1] - 1].n >= limits[LIMIT_CODE_ROW].max;
	}
	return OK;
}

/*
 * Is it an SMS, though the shop prefers WhatsApp? Where code entry is off, it
 * must carry a link, and WhatsApp has none in its templates. And who asks again
 * from where nobody has signed in since may have no WhatsApp: its service takes
 * the message all the same, and says so later, to a webhook that we are not.
 */
static bool
draft_turns(struct ctx *c, const struct draft *d)
{
	bool fallback = strcmp(c->tenant->set.whatsapp_fallback, "sms") == 0;

	return (d->link_only || (d->again && fallback)) &&
	       channel_for(c->conf, MESSAGE_SMS) != NULL;
}

/*
 * What it goes out by. Where there is no SMS a long code stands for the link:
 * whoever used up the codes of a number has locked nobody out.
 */
static void
draft_route(struct ctx *c, struct draft *d)
{
	bool mail = d->ask->channel == CHANNEL_EMAIL;

	d->kind = mail ? "email" : c->tenant->set.phone_channel;
	if (strcmp(d->kind, "whatsapp") != 0)
		return;
	if (draft_turns(c, d))
		d->kind = "sms";
	else
		d->long_code = d->link_only;
}

/* The tenant's link with token and address filled in, each once. */
static const char *
link_text(struct ctx *c, const struct ask *ask, const char *token)
{
	const char *form = c->tenant->set.link_url, *p;
	const char *to = percent_text(c->arena, ask->destination);
	struct text out = text_new(c->arena);

	if (form[0] == '\0')
		form =
		    arena_print(c->arena, "%s/signin#token={token}&%s={email}",
			c->conf->public_url, channel_kind_name(ask->channel));
	for (p = form; *p != '\0';) {
		if (strncmp(p, "{token}", 7) == 0) {
			text_add(&out, token);
			p += 7;
		} else if (strncmp(p, "{email}", 7) == 0) {
			text_add(&out, to);
			p += 7;
		} else {
			text_add_c(&out, *p++);
		}
	}
	return out.s;
}

/* What the message says: a mail holds both, a phone's message one of them. */
static struct bytes
draft_letter(struct ctx *c, const struct draft *d, const struct uuid *outbox,
    const char *code, const char *token)
{
	bool mail = d->ask->channel == CHANNEL_EMAIL;
	bool sms = strcmp(c->tenant->set.whatsapp_fallback, "sms") == 0;
	struct letter letter = {.name = "signin",
	    .locale = c->locale,
	    .shop_locale = c->tenant->set.locale,
	    .shop = c->tenant->held ? NULL : c->tenant->name,
	    .from = c->tenant->set.mail_from[0] ? c->tenant->set.mail_from
						: c->conf->mail_from,
	    .host = tenant_host(c),
	    .fallback = sms ? "sms" : NULL,
	    .minutes = (mail ? CODE_MAIL_MS : CODE_PHONE_MS) / MINUTE_MS};

	if (!d->link_only)
		letter.code = code;
	if (d->long_code)
		letter.code = token;
	else if (mail || d->link_only)
		letter.link = link_text(c, d->ask, token);
	if (d->link_only)
		letter.minutes = LINK_MS / MINUTE_MS;
	return letter_seal(c, outbox, &letter);
}

/* What a link leads in by, or what is typed in its place. */
static const char *
token_make(struct ctx *c, const struct draft *d)
{
	static const char signs[] = LONG_CODE_SIGNS;
	unsigned char bytes[LINK_BYTES];
	struct text out = text_new(c->arena);

	if (!d->long_code) {
		world_random(bytes, sizeof(bytes));
		return base64url_text(c->arena, bytes, sizeof(bytes));
	}
	while (out.len < LONG_CODE_LEN)
		text_add_c(&out, signs[world_dice(sizeof(signs) - 1)]);
	return out.s;
}

/* What the challenge is found by when it is shown. */
static enum err
token_hash(struct ctx *c, const struct draft *d, int64_t pepper,
    const char *token, struct digest *out)
{
	if (d->long_code)
		return long_code_hash(c, pepper, d->ask, token, out);
	*out = digest_text(token);
	return OK;
}

/* The challenge and its message, written together. */
static enum err
draft_send(struct ctx *c, const struct draft *d)
{
	const struct master *m = house_master(c);
	bool mail = d->ask->channel == CHANNEL_EMAIL;
	struct challenge ch = {.channel = channel_kind_name(d->ask->channel),
	    .destination = d->ask->destination,
	    .user_type = d->ask->user_type,
	    .business_name = d->ask->business_name,
	    .pepper = m->list[m->newest].version,
	    .fresh_number = d->fresh,
	    .tries_max = CODE_TRIES_MAX};
	struct outgoing out = {.kind = d->kind};
	struct digest code_mac, link_hash;
	struct ip from = {{0}};
	const char *code, *token;
	enum err e;

	ch.id = uuid_make(c->now);
	ch.code_expires_at = c->now + (mail ? CODE_MAIL_MS : CODE_PHONE_MS);
	ch.expires_at = c->now + LINK_MS;
	out.expires_at =
	    mail || d->link_only ? ch.expires_at : ch.code_expires_at;
	if (c->address != NULL && ip_read(c->address, &from))
		from = ip_prefix(&from);
	memcpy(ch.begun_from, from.b, sizeof(ch.begun_from));
	code = arena_print(c->arena, "%0*u", CODE_DIGITS, world_dice(1000000));
	token = token_make(c, d);
	if ((e = code_hash(c, ch.pepper, d->ask, code, &code_mac)) ||
	    (e = token_hash(c, d, ch.pepper, token, &link_hash)))
		return e;
	if (!d->link_only)
		ch.code_hash = (struct bytes){code_mac.b, DIGEST_LEN};
	ch.link_hash = (struct bytes){link_hash.b, DIGEST_LEN};
	out.payload = draft_letter(c, d, &ch.id, code, token);
	e = store_challenge_begin(c, &ch, &out);
	/* nobody knows whether it was written: its id does */
	if (e == ERR_DB_UNKNOWN &&
	    (e = store_challenge_begin(c, &ch, &out)) == ERR_CONFLICT)
		e = OK;
	if (e == OK && uuid_is_nil(c->outbox))
		c->outbox = ch.id;
	return e;
}

enum err
challenge_begin(struct ctx *c, const struct ask *asks, size_t n)
{
	struct draft drafts[2] = {{0}};
	size_t i;
	enum err e;

	if (n == 0 || n > COUNT(drafts))
		return fail(c, ERR_INTERNAL, "%zu challenges at once", n);
	for (i = 0; i < n; i++) {
		drafts[i].ask = &asks[i];
		drafts[i].subject =
		    challenge_subject(c, asks[i].channel, asks[i].destination);
		if (asks[i].channel == CHANNEL_PHONE &&
		    (e = phone_admit(c, &drafts[i])))
			return e;
	}
	if ((e = drafts_count(c, drafts, n)))
		return e;
	for (i = 0; i < n; i++) {
		draft_route(c, &drafts[i]);
		if ((e = draft_send(c, &drafts[i])))
			return e;
	}
	return OK;
}
