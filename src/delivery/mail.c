/* SPDX-License-Identifier: ISC */
/* The headers of a mail (RFC 5322), whichever channel writes it. */

#include <string.h>
#include <time.h>

#include "delivery/delivery.h"

/* An encoded word has at most 75 bytes, 12 of them around it (RFC 2047, 2). */
enum { WORD_BYTES = 45 };

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

char *
mail_clean(struct arena *a, const char *s)
{
	char *out = arena_text(a, s), *to = out;

	for (; *s; s++)
		if (!is_control(*s))
			*to++ = *s;
	*to = '\0';
	return out;
}

/* The standard alphabet, padded (RFC 4648, 4). */
static void
add_base64(struct text *t, const char *s, size_t len)
{
	char *p;

	for (p = base64url_text(t->arena, s, len); *p; p++)
		text_add_c(t, *p == '-' ? '+' : *p == '_' ? '/' : *p);
	text_add_n(t, "==", (3 - len % 3) % 3);
}

/* At most WORD_BYTES of s, and no character of UTF-8 cut in two. */
static size_t
word_len(const char *s)
{
	size_t n = strlen(s);

	if (n <= WORD_BYTES)
		return n;
	for (n = WORD_BYTES; n > WORD_BYTES - 4; n--)
		if (((unsigned char)s[n] & 0xc0) != 0x80)
			return n;
	return WORD_BYTES;
}

static char *
encode(struct arena *a, const char *s)
{
	struct text t = text_new(a);
	size_t n;

	for (text_add(&t, ""); *s; s += n) {
		n = word_len(s);
		text_add(&t, t.len ? " =?UTF-8?B?" : "=?UTF-8?B?");
		add_base64(&t, s, n);
		text_add(&t, "?=");
	}
	return t.s;
}

char *
mail_word(struct arena *a, const char *s)
{
	char *clean = mail_clean(a, s), *p;
	bool plain = !strstr(clean, "=?");

	for (p = clean; *p; p++)
		plain = plain && (unsigned char)*p < 0x80;
	return plain ? clean : encode(a, clean);
}

char *
mail_date(struct arena *a, int64_t ms)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t at = (time_t)(ms / SECOND_MS);
	struct tm tm;

	gmtime_r(&at, &tm);
	return arena_print(a, "%.3s, %02d %.3s %d %02d:%02d:%02d +0000",
	    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

const char *
mail_sender(const struct conf *conf, const struct message *m)
{
	if (m->from && *m->from)
		return m->from;
	return conf->mail_from ? conf->mail_from : "";
}

/* A name that is no bare words is encoded, so that it is only ever a name. */
static const char *
from_value(struct arena *a, const char *name, const char *address)
{
	char *clean = mail_clean(a, name ? name : "");

	if (!*clean)
		return address;
	if (strpbrk(clean, "()<>[]:;@\\,.\""))
		clean = encode(a, clean);
	else
		clean = mail_word(a, clean);
	return arena_print(a, "%s <%s>", clean, address);
}

static const char *
message_id(struct arena *a, struct uuid id, const char *from)
{
	const char *at = strrchr(from, '@');

	return arena_print(
	    a, "<%s@%s>", uuid_text(a, id), at ? at + 1 : "localhost");
}

/* clang-format off */
const struct net_header *
mail_headers(struct ctx *c, const struct message *m)
{
	struct arena *a = c->arena;
	const char *from = mail_clean(a, mail_sender(c->conf, m));
	const struct net_header all[] = {
		{ "Date",	    mail_date(a, c->now) },
		{ "Message-ID",	    message_id(a, m->id, from) },
		{ "From",	    from_value(a, m->from_name, from) },
		{ "To",		    mail_clean(a, m->to) },
		{ "Subject",	    mail_word(a, m->subject ? m->subject : "") },
		{ "MIME-Version",   "1.0" },
		{ "Auto-Submitted", "auto-generated" },
		{ NULL, NULL },
	};
	struct net_header *list = arena_get(a, sizeof(all));

	memcpy(list, all, sizeof(all));
	return list;
}
/* clang-format on */

static void
add_part(struct text *t, const char *type, const char *body)
{
	text_addf(t,
	    "--" MAIL_BOUNDARY "\n"
	    "Content-Type: %s; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit\n"
	    "\n",
	    type);
	text_add(t, body);
	text_add(t, "\n");
}

struct text
mail_text(struct ctx *c, const struct message *m)
{
	const struct net_header *h;
	struct text t = text_new(c->arena);

	for (h = mail_headers(c, m); h->name; h++)
		text_addf(&t, "%s: %s\n", h->name, h->value);
	text_add(&t, "Content-Type: multipart/alternative;"
		     " boundary=\"" MAIL_BOUNDARY "\"\n\n");
	add_part(&t, "text/plain", m->text);
	if (m->html)
		add_part(&t, "text/html", m->html);
	text_add(&t, "--" MAIL_BOUNDARY "--\n");
	return t;
}
