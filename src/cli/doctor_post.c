/* SPDX-License-Identifier: ISC */
/* doctor: how messages leave, and whether they do. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor.h"

#define LATE_MS      (5 * MINUTE_MS)
#define UNCLEARED_MS (2 * DAY_MS) /* a day after it is spent it should go */
#define HOOK_LATE_MS (15 * MINUTE_MS)
#define HOOKS_MOST   5

#define MEND_COURIER                                                        \
	"keep `doorward courier` running, or `doorward courier --once` in " \
	"cron, as the workers' user"

void
doctor_module(struct doctor *d)
{
	struct arena *a = d->c->arena;
	const char *path = arena_print(a, "%s/net.so", d->conf.module_dir);

	doctor_word(d, "%s", path);
	if (access(path, R_OK) != 0)
		doctor_fault(d,
		    "set module_dir to the folder that has net.so; `make "
		    "install` puts it there",
		    "%s: %s.", path, strerror(errno));
	else if (net_load(d->c, &d->net))
		doctor_fault(d,
		    arena_print(a,
			"apt-get install libcurl4; then `ldd %s` shows what "
			"is missing",
			path),
		    "%s does not load, or is of another version.", path);
	else
		d->grounds |= ON_NET;
}

/* ---- channels ----------------------------------------------------------------------- */

static bool
uses_files(const struct conf *conf)
{
	return strcmp(conf->email_channel, "file") == 0 ||
	       strcmp(conf->sms_channel, "file") == 0 ||
	       strcmp(conf->whatsapp_channel, "file") == 0;
}

void
doctor_channels(struct doctor *d)
{
	const char *dir = d->conf.message_dir;
	const char *why = channels_check(d->c->arena, &d->conf);

	doctor_word(d, "mail %s, SMS %s, WhatsApp %s", d->conf.email_channel,
	    d->conf.sms_channel, d->conf.whatsapp_channel);
	if (why != NULL)
		doctor_fault(d,
		    arena_print(d->c->arena,
			"correct it in %s; doorward.conf(5) has each key",
			d->in->conf),
		    "%s.", why);
	if (uses_files(&d->conf) && access(dir, W_OK | X_OK) != 0)
		doctor_fault(d,
		    arena_print(d->c->arena,
			"mkdir -p %s, and let the workers' user write there",
			dir),
		    "message_dir = %s: %s.", dir, strerror(errno));
	if (channel_for(&d->conf, MESSAGE_EMAIL) == NULL &&
	    channel_for(&d->conf, MESSAGE_SMS) == NULL &&
	    channel_for(&d->conf, MESSAGE_WHATSAPP) == NULL)
		doctor_warn(d, "email_channel = smtp",
		    "No message can leave: nobody can sign in.");
}

/* ---- the mail server ------------------------------------------------------------------ */

static const char *
mail_mend(struct doctor *d, const struct net_answer *answer)
{
	struct arena *a = d->c->arena;

	if (answer->code == 535 || answer->code == 534 || answer->code == 530)
		return arena_print(a,
		    "correct smtp_user, and the password in %s",
		    d->conf.smtp_password_file);
	if (strstr(answer->why, "ertificate") != NULL ||
	    strstr(answer->why, "SSL") != NULL)
		return "name in smtp_ca the certificate that vouches for it, "
		       "and in smtp_url the host that its certificate is for";
	if (strstr(answer->why, "STARTTLS") != NULL)
		return "smtp_tls = implicit with smtps://, if it speaks TLS "
		       "from the first byte";
	return "correct smtp_url, or start the mail server there";
}

void
doctor_mail(struct doctor *d)
{
	struct net_answer answer;

	if (strcmp(d->conf.email_channel, "smtp") != 0) {
		doctor_word(d, "not used");
		return;
	}
	doctor_word(d, "%s, %s, %s", d->conf.smtp_url, d->conf.smtp_tls,
	    *d->conf.smtp_user ? d->conf.smtp_user : "no sign-in");
	smtp_probe(d->c, &answer);
	if (answer.result != NET_OK)
		doctor_fault(d, mail_mend(d, &answer), "%s: %s (code %ld).",
		    d->conf.smtp_url, answer.why, answer.code);
}

/* ---- services over HTTP ---------------------------------------------------------------- */

enum { SERVICE_TIMEOUT_MS = 10000 };

/* The text of a key; "" when it has none. */
static const char *
conf_text(const struct doctor *d, const char *key)
{
	const struct setting *row;
	const char *s;

	for (row = conf_settings; row->name != NULL; row++)
		if (strcmp(row->name, key) == 0 && row->type == SETTING_TEXT) {
			memcpy(&s, (const char *)&d->conf + row->offset,
			    sizeof(s));
			return s;
		}
	return "";
}

/* Any status will do: it is there, and speaks TLS that is vouched for. */
static void
service_ask(struct doctor *d, const char *key, const char *url)
{
	struct net_request r = {.method = "GET",
	    .url = url,
	    .allow = d->conf.outbound_networks,
	    .ca_file = d->conf.outbound_ca,
	    .timeout_ms = SERVICE_TIMEOUT_MS};
	struct net_answer answer;

	d->net->fetch(&r, &answer);
	if (answer.code == 0)
		doctor_fault(d,
		    arena_print(d->c->arena,
			"correct %s; let this machine reach it; list it in "
			"outbound_networks if it is a private address, and in "
			"outbound_ca who vouches for it",
			key),
		    "%s = %s: %s.", key, url, answer.why);
}

/* The channel NAME is reached at NAME_url. */
void
doctor_services(struct doctor *d)
{
	const char *const names[] = {d->conf.email_channel,
	    d->conf.whatsapp_channel, d->conf.sms_channel};
	struct text word = text_new(d->c->arena);
	const char *key, *url;
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		key = arena_print(d->c->arena, "%s_url", names[i]);
		url = conf_text(d, key);
		if (strncmp(url, "http", 4) != 0)
			continue;
		text_addf(&word, "%s%s", word.len > 0 ? ", " : "", url);
		service_ask(d, key, url);
	}
	doctor_word(d, "%s", word.len > 0 ? word.s : "none is used");
}

/* ---- the outbox ------------------------------------------------------------------------- */

void
doctor_outbox(struct doctor *d)
{
	struct backlog_row row;

	if (doctor_failed(
		d, store_doctor_backlog(d->c, d->c->now - LATE_MS, &row)))
		return;
	doctor_word(d, "deliver = %s: %lld wait, %lld dead", d->conf.deliver,
	    (long long)row.queued, (long long)row.dead);
	if (row.late > 0)
		doctor_fault(d, MEND_COURIER,
		    "%lld messages are due for more than 5 minutes, the "
		    "oldest since %s: the courier does not run.",
		    (long long)row.late, time_text(d->c->arena, row.oldest));
	if (row.spent != 0 && row.spent < d->c->now - UNCLEARED_MS)
		doctor_fault(d, MEND_COURIER,
		    "Nothing that is spent was cleared away since %s: no "
		    "courier runs.",
		    time_text(d->c->arena, row.spent));
	if (row.dead > 0)
		doctor_warn(d,
		    "`doorward outbox list --state dead` says why; `doorward "
		    "outbox retry ID` tries again",
		    "%lld messages could not be delivered.",
		    (long long)row.dead);
}

/* ---- webhooks --------------------------------------------------------------------------- */

static void
hook_tell(struct doctor *d, const struct hook_row *row)
{
	struct arena *a = d->c->arena;
	const char *shop = row->slug ? row->slug : uuid_text(a, row->tenant);
	const char *id = uuid_text(a, row->webhook);

	if (row->dead > 0)
		doctor_warn(d,
		    arena_print(a,
			"`doorward webhook log %s %s --state dead` says why; "
			"`doorward webhook retry %s %s` tells them again",
			shop, id, shop, id),
		    "%lld events of %s's webhook %s died.",
		    (long long)row->dead, shop, id);
	if (row->oldest != 0 && row->oldest < d->c->now - HOOK_LATE_MS)
		doctor_warn(d,
		    arena_print(a,
			"`doorward webhook log %s %s` says why; its receiver "
			"must answer 2xx, and soon; and " MEND_COURIER,
			shop, id),
		    "%lld events wait for %s's webhook %s, the oldest since "
		    "%s.",
		    (long long)row->queued, shop, id,
		    time_text(a, row->oldest));
}

void
doctor_webhooks(struct doctor *d)
{
	struct hook_row *rows;
	size_t i, n;

	if (doctor_failed(d, store_doctor_hooks(d->c, d->c->now - HOOK_LATE_MS,
				 HOOKS_MOST, &rows, &n)))
		return;
	if (n == 0)
		doctor_word(d, "none is behind");
	for (i = 0; i < n; i++)
		hook_tell(d, &rows[i]);
}
