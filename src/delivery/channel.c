/* SPDX-License-Identifier: ISC */
/* The table of channels, and which of them the configuration names. */

#include <string.h>
#include <unistd.h>

#include "delivery/delivery.h"

#define ALL_KINDS \
	(1u << MESSAGE_EMAIL | 1u << MESSAGE_SMS | 1u << MESSAGE_WHATSAPP)

/* clang-format off */
const struct channel channels[] = {
	/* name    kinds                production  */
	{ "smtp",  1u << MESSAGE_EMAIL, true,  smtp_send, smtp_check },
	{ "sendmail", 1u << MESSAGE_EMAIL, true, sendmail_send, sendmail_check },
	{ "whatsapp", 1u << MESSAGE_WHATSAPP, true, whatsapp_send, whatsapp_check },
	{ "twilio", 1u << MESSAGE_SMS,  true,  twilio_send, twilio_check },
	{ "hook",  ALL_KINDS,           true,  hook_send, hook_check },
	{ "file",  ALL_KINDS,           false, file_send, file_check },
	{ .name = NULL }
};

static const struct {
	const char	*setting;
	size_t		 offset;
} named_by[] = {
	[MESSAGE_EMAIL]    = { "email_channel",
			       AT(struct conf, email_channel, const char *) },
	[MESSAGE_SMS]      = { "sms_channel",
			       AT(struct conf, sms_channel, const char *) },
	[MESSAGE_WHATSAPP] = { "whatsapp_channel",
			       AT(struct conf, whatsapp_channel, const char *) },
};
/* clang-format on */

/* The channel's name in the configuration; NULL for none. */
static const char *
name_for(const struct conf *conf, enum message_kind kind)
{
	const char *name;

	memcpy(&name, (const char *)conf + named_by[kind].offset, sizeof(name));
	return name && *name && strcmp(name, "none") ? name : NULL;
}

static const struct channel *
channel_named(const char *name)
{
	const struct channel *ch;

	for (ch = channels; ch->name; ch++)
		if (!strcmp(ch->name, name))
			return ch;
	return NULL;
}

const struct channel *
channel_for(const struct conf *conf, enum message_kind kind)
{
	const char *name = name_for(conf, kind);
	const struct channel *ch = name ? channel_named(name) : NULL;

	return ch && ch->kinds & 1u << kind ? ch : NULL;
}

static const char *
channel_fault(struct arena *a, const struct conf *conf, enum message_kind kind)
{
	const char *setting = named_by[kind].setting, *name, *why;
	const struct channel *ch;

	if (!(name = name_for(conf, kind)))
		return NULL;
	if (!(ch = channel_named(name)))
		return arena_print(
		    a, "%s = %s: there is no such channel", setting, name);
	if (!(ch->kinds & 1u << kind))
		return arena_print(a, "%s = %s: this channel takes no %s",
		    setting, name, message_kind_name(kind));
	if (!ch->production && !strcmp(conf->environment, "production"))
		return arena_print(a,
		    "%s = %s is refused when environment = production", setting,
		    name);
	why = ch->check(a, conf);
	return why ? arena_print(a, "%s = %s: %s", setting, name, why) : NULL;
}

const char *
channels_check(struct arena *a, const struct conf *conf)
{
	const char *why, *dir = conf->template_dir;
	size_t i;

	for (i = 0; i < COUNT(named_by); i++)
		if ((why = channel_fault(a, conf, (enum message_kind)i)))
			return why;
	if (!dir || !*dir)
		return "template_dir is not set";
	if (access(arena_print(a, "%s/en", dir), R_OK | X_OK))
		return arena_print(
		    a, "template_dir: %s/en cannot be read", dir);
	return NULL;
}
