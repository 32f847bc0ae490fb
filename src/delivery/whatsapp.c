/* SPDX-License-Identifier: ISC */
/* The channel whatsapp: codes by the WhatsApp Cloud API. */

#include <string.h>

#include "delivery/delivery.h"

enum { CODE_MAX = 15 }; /* characters of a one-time password */

/* clang-format off */
/* developers.facebook.com, Cloud API, error codes */
static const struct outbound_code codes[] = {
	{ 4,	  true,	 "too many calls of this app" },
	{ 10,	  false, "the token may not send messages" },
	{ 100,	  false, "a parameter is wrong: see whatsapp_phone_id" },
	{ 190,	  false, "the token is not valid: see whatsapp_token_file" },
	{ 80007,  true,	 "too many calls of this account" },
	{ 130429, true,	 "too many messages at once" },
	{ 131000, true,	 "the service failed" },
	{ 131005, false, "the token may not send messages" },
	{ 131016, true,	 "the service is overloaded" },
	{ 131026, false, "the number is not reachable by WhatsApp" },
	{ 131042, false, "the account cannot pay" },
	{ 131048, true,	 "too many messages were reported as spam" },
	{ 131056, true,	 "too many messages to this number" },
	{ 131057, true,	 "the account is being maintained" },
	{ 132000, false, "the template takes other parameters" },
	{ 132001, false, "no such template in this language" },
	{ 132015, false, "the template is paused" },
	{ 132016, false, "the template is disabled" },
	{ .code = 0 }
};
/* clang-format on */

static bool
words_equal(const char *word, size_t n, const char *s, size_t len)
{
	return n == len && strncmp(word, s, n) == 0;
}

/*
 * "en pt-BR:pt_BR": the template's language for a locale, or for its language
 * alone, or else the first.
 */
static const char *
language_for(struct arena *a, const char *list, const char *locale)
{
	size_t whole = strlen(locale), root = strcspn(locale, "-_");
	const char *word, *best = NULL, *colon;
	size_t n, name;

	for (word = list; *word; word += n + strspn(word + n, " ")) {
		n = strcspn(word, " ");
		name = strcspn(word, ": ");
		if (!best || words_equal(word, name, locale, root))
			best = word;
		if (words_equal(word, name, locale, whole)) {
			best = word;
			break;
		}
	}
	n = strcspn(best, " ");
	colon = memchr(best, ':', n);
	return colon ? arena_copy(a, colon + 1, n - (size_t)(colon + 1 - best))
		     : arena_copy(a, best, n);
}

static void
write_parameters(struct writer *w, const char *code)
{
	write_list(w, "parameters");
	write_map(w, NULL);
	write_text(w, "type", "text");
	write_text(w, "text", code);
	write_map_end(w);
	write_list_end(w);
}

/* The code stands in the text, and behind the button that copies it. */
static void
write_components(struct writer *w, const char *code)
{
	write_list(w, "components");
	write_map(w, NULL);
	write_text(w, "type", "body");
	write_parameters(w, code);
	write_map_end(w);
	write_map(w, NULL);
	write_text(w, "type", "button");
	write_text(w, "sub_type", "url");
	write_text(w, "index", "0");
	write_parameters(w, code);
	write_map_end(w);
	write_list_end(w);
}

static const char *
body_make(struct ctx *c, const struct message *m)
{
	const struct conf *conf = c->conf;
	struct writer w = writer_new(c->arena);

	write_map(&w, NULL);
	write_text(&w, "messaging_product", "whatsapp");
	write_text(&w, "recipient_type", "individual");
	write_text(&w, "to", m->to + 1);
	write_text(&w, "type", "template");
	write_map(&w, "template");
	write_text(&w, "name", conf->whatsapp_template);
	write_map(&w, "language");
	write_text(&w, "code",
	    language_for(c->arena, conf->whatsapp_languages,
		m->locale ? m->locale : "en"));
	write_map_end(&w);
	write_components(&w, m->code);
	write_map_end(&w);
	write_map_end(&w);
	return writer_text(&w);
}

/* NULL, or why this message never leaves. */
static const char *
message_fault(const struct message *m)
{
	if (!m->code)
		return "WhatsApp's template carries codes, and this message is "
		       "a link alone";
	if (strlen(m->code) > CODE_MAX)
		return "a code by WhatsApp has at most 15 characters";
	if (*m->to != '+' || m->to[1 + strspn(m->to + 1, "0123456789")])
		return "the number is not E.164";
	return NULL;
}

static const char *
settings_fault(struct arena *a, const struct conf *conf, struct secret *token)
{
	const char *why;

	if ((why = outbound_fault(a, conf, "whatsapp_url", conf->whatsapp_url)))
		return why;
	if (!*conf->whatsapp_phone_id)
		return "whatsapp_phone_id is not set: see API Setup of the app "
		       "at developers.facebook.com";
	if (!*conf->whatsapp_template)
		return "whatsapp_template is not set: make one of the category "
		       "authentication in WhatsApp Manager";
	return outbound_secret(
	    a, "whatsapp_token_file", conf->whatsapp_token_file, token);
}

const char *
whatsapp_check(struct arena *a, const struct conf *conf)
{
	struct secret token;

	return settings_fault(a, conf, &token);
}

void
whatsapp_send(
    struct ctx *c, const struct message *m, struct delivery_report *out)
{
	struct outbound o = {.within = "error", .codes = codes};
	struct secret token;

	out->result = DELIVERY_NEVER;
	if ((out->why = message_fault(m)))
		return;
	out->result = DELIVERY_LATER;
	if ((out->why = settings_fault(c->arena, c->conf, &token)))
		return;
	o.url = arena_print(c->arena, "%s/%s/messages", c->conf->whatsapp_url,
	    c->conf->whatsapp_phone_id);
	o.headers = (struct net_header[]){{"Content-Type", "application/json"},
	    {"Authorization", arena_print(c->arena, "Bearer %s", token.s)},
	    {NULL, NULL}};
	o.body = body_make(c, m);
	outbound_post(c, &o, out);
}
