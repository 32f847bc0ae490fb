/* SPDX-License-Identifier: ISC */
/* delivery: how a message reaches a person: words, then a channel. */

#ifndef DELIVERY_H
#define DELIVERY_H

#include "base/base.h"
#include "crypto/crypto.h"
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
	const char	*code;		/* NULL: it holds none */
	const char	*locale;	/* NULL: en */
};

/*
 * Render `name` ("signin") for out->kind, in this locale (falls back to en),
 * into subject, text and html of out. Every value loses its control bytes, CR
 * and LF among them; in HTML it is escaped too. Slots end with a NULL name.
 */
enum err	 message_render(struct ctx *, const char *locale,
		    const char *name, const struct slot *,
		    struct message *out) MUST_USE;

/*
 * As message_render(), but of this locale alone and telling nobody: NULL, or
 * which file cannot be rendered and why.
 */
const char	*template_fault(struct ctx *, const char *locale,
		    const char *name, const struct slot *,
		    struct message *out) MUST_USE;

/* The files that it is made of; NULL at the end. */
const char *const *message_paths(struct ctx *, const char *locale,
		    const char *name, enum message_kind);

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

#define MAIL_BOUNDARY	 "=_doorward_alternative"	/* between the parts */

/* The whole mail: text part first, 8bit, LF line ends. */
struct text	 mail_text(struct ctx *, const struct message *);

/* ---- outbound.c: what the channels over HTTP share ------------------------- */

/* What a service's own error codes mean to us and to the operator. */
struct outbound_code {
	int64_t		 code;		/* 0 at the end */
	bool		 later;		/* whatever the status says */
	const char	*words;
};

struct outbound {
	const char	*url, *body;
	const struct net_header *headers;	/* NULL name ends */
	const char	*user;			/* Basic; NULL: none */
	struct secret	 password;
	const char	*within;	/* the map that holds code; NULL: the answer */
	const struct outbound_code *codes;	/* NULL: none are known */
	int64_t timeout_ms;	/* if less than the configuration's; 0: that */
};

/*
 * POST it, and judge the answer: 2xx is an acknowledgement, whatever comes
 * behind it; else by the service's code, where we know it, or the status.
 */
void		 outbound_post(struct ctx *, const struct outbound *,
		    struct delivery_report *);
/* NULL, or why requests may not go there: wrong scheme, address not listed. */
const char	*outbound_fault(struct arena *, const struct conf *,
		    const char *setting, const char *url);
/* NULL, or why it could never be sent, whatever its body and its time. */
const char	*outbound_bad(struct ctx *, const struct outbound *);
/* NULL, or why the secret of this setting cannot be had. */
const char	*outbound_secret(struct arena *, const char *setting,
		    const char *path, struct secret *);

/* ---- smtp.c, file.c and so on: the channels ------------------------------------------ */

void		 smtp_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*smtp_check(struct arena *, const struct conf *);
/* Connect as for a mail and sign in, but send none. */
void		 smtp_probe(struct ctx *, struct net_answer *);
/*
 * One file per message, for development and demos, under a temporary name and
 * then renamed: <ms>-<id>.eml, a whole RFC 5322 message with the text part
 * first, 8bit and LF line ends; <ms>-<id>.sms.txt and .whatsapp.txt.
 */
void		 file_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*file_check(struct arena *, const struct conf *);
/*
 * The operator's sendmail, without a shell: -i -f FROM -- TO, the mail on its
 * standard input, little environment, no descriptor of ours, killed when its
 * time is over. Exit statuses as sysexits.h has them.
 */
void		 sendmail_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*sendmail_check(struct arena *, const struct conf *);
/* The WhatsApp Cloud API: a code in an authentication template, no link. */
void		 whatsapp_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*whatsapp_check(struct arena *, const struct conf *);
/* Twilio's Messages resource. */
void		 twilio_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*twilio_check(struct arena *, const struct conf *);
/*
 * Whatever the operator runs: a POST of JSON {id, kind, to, from, text,
 * subject, html, code, locale}, without what the message lacks, with
 * X-Signature: hex HMAC-SHA-256 of the body, and Idempotency-Key: the id and
 * the kind, for an SMS in WhatsApp's place has the same id.
 */
void		 hook_send(struct ctx *, const struct message *,
		    struct delivery_report *);
const char	*hook_check(struct arena *, const struct conf *);

/* ---- inbox.c: what the channel file has written, read again ---------------- */

enum { INBOX_MAX = 50 };

struct inbox_item {
	struct uuid	 id;		/* the message's */
	enum message_kind kind;
	int64_t		 at;		/* ms since 1970 */
	const char	*to;
	const char	*subject;	/* mail only, decoded */
	const char	*text, *html;	/* of inbox_find(); html mail only */
};

/* Does the configuration name the channel file for any kind? */
bool		 inbox_in_use(const struct conf *);
/* The newest first, at most INBOX_MAX. ERR_IO: the folder cannot be read. */
enum err	 inbox_list(struct ctx *, struct inbox_item **,
		    size_t *n) MUST_USE;
/* One with all its words. ERR_NOT_FOUND, ERR_IO. */
enum err	 inbox_find(struct ctx *, struct uuid,
		    struct inbox_item *) MUST_USE;

#endif
