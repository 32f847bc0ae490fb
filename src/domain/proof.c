/* SPDX-License-Identifier: ISC */
/* Is this the code or the link that was sent? */

#include "domain/inside.h"

#include <string.h>

enum { LINK_LEN = 43 };

/* A challenge begun for one kind of user opens no path of another. */
static bool
fits_path(const char *user_type, const char *path)
{
	return user_type == NULL || user_type[0] == '\0' ||
	       strcmp(user_type, path) == 0;
}

/* What was said when it was begun counts only for who began it. */
static const char *
own_words(struct ctx *c, const char *said, const unsigned char from[16])
{
	struct ip ip;

	if (said == NULL || c->address == NULL || !ip_read(c->address, &ip))
		return NULL;
	ip = ip_prefix(&ip);
	return memcmp(ip.b, from, sizeof(ip.b)) == 0 ? said : NULL;
}

static bool
is_code(const char *s)
{
	return strlen(s) == CODE_DIGITS &&
	       strspn(s, "0123456789") == CODE_DIGITS;
}

static bool
is_long_code(struct ctx *c, const char *s)
{
	static const char signs[] = LONG_CODE_SIGNS;

	return strlen(s) == LONG_CODE_LEN &&
	       strspn(ascii_lower(c->arena, s), ascii_lower(c->arena, signs)) ==
		   LONG_CODE_LEN;
}

/* A refusal that touched a live challenge is kept; why is a fixed word. */
static enum err
refuse(struct ctx *c, const struct proof *p, enum err e, const char *why)
{
	struct audit audit = {.event = "proof_refused",
	    .actor = "anyone",
	    .detail = arena_print(
		c->arena, "%s %s", channel_kind_name(p->channel), why)};
	enum err away;

	if ((away = store_audit(c, c->tenant_id, &audit)))
		return away;
	return fail(c, e, "%s", why);
}

static enum err
link_find(struct ctx *c, const struct proof *p, struct challenge *out)
{
	struct digest hash = digest_text(p->token.s);

	return store_challenge_by_link(
	    c, (struct bytes){hash.b, DIGEST_LEN}, out);
}

/* Under whichever master key it was begun; the newest first. */
static enum err
long_code_find(struct ctx *c, const struct proof *p, struct challenge *out)
{
	const struct master *m = house_master(c);
	struct ask ask = {.channel = p->channel, .destination = p->destination};
	struct digest mac;
	size_t i, at;
	enum err e = ERR_NOT_FOUND;

	for (i = 0; i < m->n && e == ERR_NOT_FOUND; i++) {
		at = (m->newest + i) % m->n;
		if ((e = long_code_hash(
			 c, m->list[at].version, &ask, p->token.s, &mac)))
			return e;
		e = store_challenge_by_link(
		    c, (struct bytes){mac.b, DIGEST_LEN}, out);
	}
	return e;
}

/* Not counted as a try: nobody finds one by guessing. */
static enum err
check_link(struct ctx *c, const struct proof *p, struct proven *out)
{
	struct challenge found;
	enum err e;

	e = is_long_code(c, p->token.s) ? long_code_find(c, p, &found)
					: link_find(c, p, &found);
	if (e == ERR_NOT_FOUND)
		return fail(c, ERR_CODE_WRONG, "no such live link");
	if (e)
		return e;
	if (strcmp(found.channel, channel_kind_name(p->channel)) != 0 ||
	    strcmp(found.destination, p->destination) != 0 ||
	    !fits_path(found.user_type, p->user_path))
		return refuse(c, p, ERR_CODE_WRONG, "link of another");
	*out = (struct proven){.challenge = found.id,
	    .tenant = c->tenant_id,
	    .business_name =
		own_words(c, found.business_name, found.begun_from),
	    .by_link = true};
	return OK;
}

/* Code entry is off for this identifier: until when? */
static enum err
code_entry_off(struct ctx *c, const struct proof *p, int64_t until)
{
	struct limit_state *state = arena_get(c->arena, sizeof(*state));
	int64_t wait = (until - c->now + 999) / 1000;
	int64_t hour = HOUR_MS / SECOND_MS;

	*state = (struct limit_state){limits[LIMIT_CODE_HOUR].name,
	    limits[LIMIT_CODE_HOUR].max, hour, wait < hour ? wait : hour};
	c->limits = state;
	return refuse(c, p, ERR_TOO_MANY, "code entry is off");
}

/*
 * The try is counted and committed before the comparison: were it counted
 * after, or rolled back with the refused request, anyone could guess for ever.
 */
static enum err
check_code(struct ctx *c, const struct proof *p, struct proven *out)
{
	const char *who = challenge_subject(c, p->channel, p->destination);
	struct challenge_try try = {.channel = channel_kind_name(p->channel),
	    .destination = p->destination,
	    .subject = limit_subject(c, who, NULL),
	    .tries_max = CODE_TRIES_MAX,
	    .hour_kind = LIMIT_CODE_HOUR,
	    .hour_max = limits[LIMIT_CODE_HOUR].max,
	    .hour_ms = limits[LIMIT_CODE_HOUR].window_ms,
	    .row_kind = LIMIT_CODE_ROW,
	    .row_max = limits[LIMIT_CODE_ROW].max,
	    .row_ms = limits[LIMIT_CODE_ROW].window_ms};
	struct live_code *live;
	struct ask ask = {.channel = p->channel, .destination = p->destination};
	struct digest mac;
	size_t n, i;
	enum err e;

	if ((e = store_challenge_try(c, &try, &live, &n)))
		return e;
	if (n == 1 && live[0].resets_at != 0)
		return code_entry_off(c, p, live[0].resets_at);
	for (i = 0; i < n; i++) {
		ask.user_type = live[i].user_type;
		if ((e = code_hash(c, live[i].pepper, &ask, p->token.s, &mac)))
			return e;
		if (live[i].code_hash.n != DIGEST_LEN ||
		    !bytes_equal(mac.b, live[i].code_hash.p, DIGEST_LEN) ||
		    !fits_path(live[i].user_type, p->user_path))
			continue;
		*out = (struct proven){.challenge = live[i].id,
		    .tenant = c->tenant_id,
		    .business_name = own_words(
			c, live[i].business_name, live[i].begun_from)};
		return OK;
	}
	return n > 0 ? refuse(c, p, ERR_CODE_WRONG, "wrong code")
		     : fail(c, ERR_CODE_WRONG, "no live code");
}

enum err
challenge_check(struct ctx *c, const struct proof *p, struct proven *out)
{
	if (is_code(p->token.s))
		return check_code(c, p, out);
	if (strlen(p->token.s) == LINK_LEN || is_long_code(c, p->token.s))
		return check_link(c, p, out);
	return fail(c, ERR_CODE_WRONG, "neither a code nor a link");
}
