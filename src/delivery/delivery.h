/* SPDX-License-Identifier: ISC */
/* delivery: how a message reaches a person: words, then a channel. */

#ifndef DELIVERY_H
#define DELIVERY_H

#include "base/base.h"
#include "net/net.h"

/* ---- template.c: conf/templates/<locale>/<name>.<channel>.<part> ---------- */

/*
 * Slots are {name}; a value is never expanded again. An unknown slot or a
 * missing file is a defect that doctor and the tests find: ERR_IO. A line
 * that begins with | stands in for the line above it, when that was left out.
 */
struct slot {
	const char	*name;
	const char	*value;		/* NULL: lines with this slot are left out */
};

enum message_kind { MESSAGE_EMAIL, MESSAGE_SMS, MESSAGE_WHATSAPP };

const char	*message_kind_name(enum message_kind);	/* "email" … */
bool		 message_kind_read(const char *, enum message_kind *);

/* What is sent, in words; personal and secret, so it lives for one delivery. */
struct message {
	struct uuid	 id;		/* of the outbox row; Message-ID */
	enum message_kind kind;
	const char	*from;		/* mail: bare address */
	const char	*from_name;	/* the shop's name */
	const char	*to;		/* address or E.164 number */
	const char	*subject;	/* mail only */
	const char	*text;		/* LF line ends */
	const char	*html;		/* mail only */
};

/*
 * Render `name` ("signin") for out->kind, in this locale (falls back to en),
 * into subject, text and html of out. Every value loses its control bytes, CR
 * and LF among them; in HTML it is escaped too. Slots end with a NULL name.
 */
enum err	 message_render(struct ctx *, const char *locale,
		    const char *name, const struct slot *,
		    struct message *out) MUST_USE;

/* ---- locale.c: the languages that messages are written in ------------------- */

/* The folders of template_dir; en first, and NULL at the end. */
const char *const *locales_read(struct arena *, const struct conf *);

/* ---- channel.c: the table of channels -------------------------------------- */

enum delivery_result {
	DELIVERY_DONE, DELIVERY_LATER, DELIVERY_NEVER
};

struct delivery_report {
	enum delivery_result	 result;
	const char		*why;	/* for the log and `outbox list` */
};

struct channel {
	const char	*name;			/* "smtp", "file" */
	unsigned	 kinds;			/* 1 << MESSAGE_EMAIL | … */
	bool		 production;		/* allowed there? */
	void		(*send)(struct ctx *, const struct message *,
			    struct delivery_report *);
	/* NULL, or what is wrong with its settings. */
	const char	*(*check)(struct arena *, const struct conf *);
};

extern const struct channel channels[];		/* .name NULL at the end */

/* The channel that the configuration names for this kind, or NULL. */
const struct channel *channel_for(const struct conf *, enum message_kind);
/* NULL, or what is wrong with the channels that the configuration names. */
const char	*channels_check(struct arena *, const struct conf *);

/* ---- mail.c: what both mail channels write -------------------------------- */

/* The text without its control bytes. */
char		*mail_clean(struct arena *, const char *);
/* RFC 2047 for a header's value, when it needs it; never a line break. */
char		*mail_word(struct arena *, const char *);
/* RFC 5322 date of a time in ms. */
char		*mail_date(struct arena *, int64_t ms);
/* The message's sender, or the configuration's; "" when there is none. */
const char	*mail_sender(const struct conf *, const struct message *);
/* Date, Message-ID, From, To, Subject and the like; NULL name at the end. */
const struct net_header *mail_headers(struct ctx *, const struct message *);

/* ---- smtp.c, file.c: the channels ------------------------------------------ */

void		 smtp_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*smtp_check(struct arena *, const struct conf *);
/*
 * One file per message, for development and demos, under a temporary name and
 * then renamed: <ms>-<id>.eml, a whole RFC 5322 message with the text part
 * first, 8bit and LF line ends; <ms>-<id>.sms.txt and .whatsapp.txt.
 */
void		 file_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*file_check(struct arena *, const struct conf *);

#endif
