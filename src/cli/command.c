/* SPDX-License-Identifier: ISC */
/* The operator's commands, and how one of them is run. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unversioned"
#endif

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
enum { WAIT_SECONDS = 60 }; /* for the database, at least */

/* clang-format off */
const struct command commands[] = {
	{ "migrate", "", "", 0, 0, cli_migrate,
	    "Bring the database to the schema of this version; safe to repeat." },
	{ "tenant create", "SLUG", "[--name TEXT] [--platform] [--json]", 1, 1,
	    cli_tenant_create,
	    "Found a shop, or the platform, with its signing keys." },
	{ "tenant list", "", "[--json]", 0, 0, cli_tenant_list,
	    "All tenants." },
	{ "tenant show", "SHOP", "[--json]", 1, 1, cli_tenant_show,
	    "A tenant, what it sent today, and all its settings." },
	{ "tenant set", "SHOP KEY VALUE", "", 3, 3, cli_tenant_set,
	    "Change one setting, or the name." },
	{ "tenant invite", "EMAIL", "", 1, 1, cli_tenant_invite,
	    "Let who reads this mail found one shop (founding = invite)." },
	{ "tenant approve", "SHOP", "", 1, 1, cli_tenant_approve,
	    "Lift what a founded shop is held to: few mails, no messages, no name." },
	{ "tenant suspend", "SHOP", "", 1, 1, cli_tenant_suspend,
	    "Close a shop at once; all that it holds stays." },
	{ "tenant resume", "SHOP", "", 1, 1, cli_tenant_resume,
	    "Open a suspended shop again." },
	{ "tenant delete", "SHOP", "", 1, 1, cli_tenant_delete,
	    "Close a shop at once; all that it holds goes after thirty days." },
	{ "tenant keep", "SHOP", "", 1, 1, cli_tenant_keep,
	    "Take a deletion back, and open the shop again." },
	{ "member list", "SHOP", "[--json]", 1, 1, cli_member_list,
	    "Who runs a shop." },
	{ "member add", "SHOP EMAIL", "", 2, 2, cli_member_add,
	    "Let an account of the platform run a shop." },
	{ "member remove", "SHOP EMAIL", "", 2, 2, cli_member_remove,
	    "Let it run this shop no longer." },
	{ "apikey create", "SHOP",
	    "[--kind publishable|secret|partner] [--name TEXT] [--scopes LIST]"
	    " [--source WORD] [--networks LIST] [--days N] [--per-minute N]"
	    " [--json]", 1, 1,
	    cli_apikey_create,
	    "Make an API key and print it, this once." },
	{ "apikey scopes", "", "[--json]", 0, 0, cli_apikey_scopes,
	    "What a key may be allowed to do." },
	{ "apikey list", "SHOP", "[--json]", 1, 1, cli_apikey_list,
	    "A tenant's API keys." },
	{ "apikey disable", "SHOP ID", "", 2, 2, cli_apikey_disable,
	    "Let a key open nothing, until it is enabled again." },
	{ "apikey enable", "SHOP ID", "", 2, 2, cli_apikey_enable,
	    "Let a disabled key open again what it did." },
	{ "apikey revoke", "SHOP ID", "", 2, 2, cli_apikey_revoke,
	    "Revoke an API key, at once." },
	{ "key create", "SHOP", "[--alg ES256|HS512] [--json]", 1, 1,
	    cli_key_create,
	    "Make a key that signs access tokens; it signs after six minutes." },
	{ "key list", "SHOP", "[--json]", 1, 1, cli_key_list,
	    "A tenant's signing keys: published, signs, overlapping, retired." },
	{ "key rotate", "[SHOP]", "[--alg ES256|HS512] [--all] [--schedule]",
	    0, 1, cli_key_rotate,
	    "New keys for a shop, for all, or for all whose keys are old enough." },
	{ "key retire", "SHOP KID", "--now", 2, 2, cli_key_retire,
	    "End a key that others may know: its tokens are dead in a minute." },
	{ "customer find", "SHOP TEXT", "[--limit N] [--json]", 2, 2,
	    cli_customer_find,
	    "Customers whose mail address, number, id or username begins so." },
	{ "customer show", "SHOP WHO", "[--json]", 2, 2, cli_customer_show,
	    "Who a customer is, how they are found, when they last signed in." },
	{ "customer disable", "SHOP WHO", "", 2, 2, cli_customer_disable,
	    "Let a customer in no longer; every session of theirs ends." },
	{ "customer enable", "SHOP WHO", "", 2, 2, cli_customer_enable,
	    "Let a disabled customer sign in again." },
	{ "customer export", "SHOP WHO", "", 2, 2, cli_customer_export,
	    "All that is held of a customer, as JSON, for them to have." },
	{ "customer delete", "SHOP WHO", "[--yes]", 2, 2, cli_customer_delete,
	    "Delete all that is held of a customer, for good; with --yes." },
	{ "session list", "SHOP [WHO]", "[--limit N] [--json]", 1, 2,
	    cli_session_list,
	    "Who is signed in, on which device, from where." },
	{ "session revoke", "SHOP [ID]", "[--customer WHO]", 1, 2,
	    cli_session_revoke,
	    "End one session, or all of a customer's, at once." },
	{ "audit", "[SHOP]",
	    "[--event WORD] [--customer WHO] [--since TIME]"
	    " [--result ok|refused] [--limit N] [--follow] [--odd] [--json]", 0, 1,
	    cli_audit,
	    "Who did what, when and from where, the newest first." },
	{ "outbox list", "[SHOP]", "[--state STATE] [--json]", 0, 1,
	    cli_outbox_list,
	    "The newest messages: queued, sent, dead, suppressed or expired." },
	{ "outbox retry", "ID", "", 1, 1, cli_outbox_retry,
	    "Queue a dead message again while it has not expired." },
	{ "channel test", "TO", "[--kind email|sms|whatsapp]", 1, 1,
	    cli_channel_test,
	    "Send a test message to a mail address or phone number, now." },
	{ "webhook create", "SHOP URL", "[--events LIST] [--header-file FILE] [--json]",
	    2, 2, cli_webhook_create,
	    "Tell this URL what happens, signed; prints the secret, this once." },
	{ "webhook list", "SHOP", "[--json]", 1, 1, cli_webhook_list,
	    "A shop's webhooks, and how many events wait or died." },
	{ "webhook events", "", "[--json]", 0, 0, cli_webhook_events,
	    "What can be told." },
	{ "webhook test", "SHOP ID", "", 2, 2, cli_webhook_test,
	    "Queue one event that says webhook.test." },
	{ "webhook log", "SHOP ID", "[--state STATE] [--json]", 2, 2,
	    cli_webhook_log,
	    "What a webhook was told lately: queued, sent or dead." },
	{ "webhook retry", "SHOP ID", "", 2, 2, cli_webhook_retry,
	    "Queue again what died." },
	{ "webhook disable", "SHOP ID", "", 2, 2, cli_webhook_disable,
	    "Tell it nothing until it is enabled; what is queued waits." },
	{ "webhook enable", "SHOP ID", "", 2, 2, cli_webhook_enable,
	    "Tell it again." },
	{ "webhook delete", "SHOP ID", "", 2, 2, cli_webhook_delete,
	    "Forget it, and what it was still to be told." },
	{ "courier", "", "[--once]", 0, 0, cli_courier,
	    "Deliver messages and clear away what has expired, until told to stop." },
	{ "doctor", "", "[--url URL] [--ca FILE] [--json]", 0, 0, cli_doctor,
	    "Find what is wrong here, and how it is mended; asks the service at URL, too." },
	{ .words = NULL }
};

/* What is wrong with the configuration is for these to find, not before them. */
static enum err (*const unready[])(struct ctx *, const struct given *) = {
	cli_doctor,
};

/* What the operator is told where a command had nothing to say of its own. */
static const struct {
	enum err	 e;
	const char	*sentence;
} mends[] = {
	{ ERR_DB_AWAY,
	    "The database does not answer. Do db_socket or db_hosts, and db_user, fit it?" },
	{ ERR_DB_UNKNOWN,
	    "The database went away in the middle. See whether it was done; repeat it if not." },
	{ ERR_DB_RETRY,
	    "The database was too busy. Do it again." },
	{ ERR_DB,
	    "The database refused. Is its schema of this version? `doorward migrate` brings it." },
	{ ERR_SEALED,
	    "A sealed secret cannot be opened. Is master_key_file the one it was sealed with?" },
	{ ERR_INTERNAL,
	    "This is a defect. Please report it with the lines above." },
};
/* clang-format on */

static bool said;

static void line_tell(const char *before, const char *, va_list) PRINTF(2, 0);

/* What others said may be part of it. */
static void
line_tell(const char *before, const char *sentence, va_list args)
{
	struct arena *a = arena_new();
	va_list again;
	char *s;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, sentence, again);
	va_end(again);
	s = arena_get(a, (size_t)n + 1);
	(void)vsnprintf(s, (size_t)n + 1, sentence, args);
	(void)fprintf(stderr, "%s%s\n", before, text_shown(a, s));
	arena_free(a);
}

enum err
say(enum err e, const char *sentence, ...)
{
	va_list args;

	said = true;
	va_start(args, sentence);
	line_tell("doorward: ", sentence, args);
	va_end(args);
	return e;
}

void
note(const char *sentence, ...)
{
	va_list args;

	va_start(args, sentence);
	line_tell("", sentence, args);
	va_end(args);
}

static void
say_mend(enum err e)
{
	size_t i;

	for (i = 0; i < COUNT(mends); i++)
		if (mends[i].e == e)
			break;
	(void)say(
	    e, "%s", i < COUNT(mends) ? mends[i].sentence : err_sentence(e));
}

static const char *
conf_path(const struct line *line)
{
	const char *path = line->conf ? line->conf : getenv("DOORWARD_CONF");

	return path && *path ? path : SYSCONFDIR "/doorward/doorward.conf";
}

/*
 * Who types a command waits longer than who signs in, and some read whole
 * tables; the courier has others to serve meanwhile.
 */
static void
wait_longer(struct conf *conf, const struct command *cmd)
{
	if (cmd->run != cli_courier && conf->db_timeout_seconds < WAIT_SECONDS)
		conf->db_timeout_seconds = WAIT_SECONDS;
}

/* What outlives a command's own memory: configuration and keys. */
static enum err
house_enter(struct ctx *c, struct arena *lasting, const struct line *line)
{
	struct conf *conf = arena_get(lasting, sizeof(*conf));
	const char *why = NULL;

	c->conf = conf;
	if (conf_read(lasting, line->given.conf, conf, &why) ||
	    house_open(conf, lasting, &c->house, &why))
		return say(ERR_CONF, "%s", why);
	wait_longer(conf, line->command);
	world_clock_file(conf->clock_file);
	c->db = db_new(conf);
	c->now = world_now();
	(void)snprintf(
	    c->id, sizeof(c->id), "%s", uuid_text(lasting, uuid_make(c->now)));
	return OK;
}

static bool
is_unready(const struct command *cmd)
{
	size_t i;

	for (i = 0; i < COUNT(unready); i++)
		if (unready[i] == cmd->run)
			return true;
	return false;
}

static enum err
command_run(struct line *line, struct arena *lasting)
{
	struct ctx c = {.arena = arena_new()};
	enum err e;

	log_level_set(LOG_WARN);
	line->given.conf = conf_path(line);
	if (is_unready(line->command)) {
		e = line->command->run(&c, &line->given);
	} else if (!(e = house_enter(&c, lasting, line))) {
		e = line->command->run(&c, &line->given);
		db_settle(&c);
		db_close(c.db);
		house_close(c.house);
	}
	arena_free(c.arena);
	if (!e && (fflush(stdout) || ferror(stdout)))
		return say(ERR_IO, "The answer could not be written.");
	return e;
}

static enum err
line_run(struct line *line, struct arena *lasting)
{
	if (line->version)
		return puts("doorward " PACKAGE_VERSION) < 0 ? ERR_IO : OK;
	if (line->help) {
		line_help();
		return OK;
	}
	return command_run(line, lasting);
}

int
cli_main(int argc, char **argv)
{
	struct arena *lasting = arena_new();
	struct line line;
	enum err e;

	said = false;
	if (!(e = line_read(lasting, argc, argv, &line)))
		e = line_run(&line, lasting);
	if (e && !said)
		say_mend(e);
	arena_free(lasting);
	if (e == ERR_USAGE)
		return EXIT_USAGE;
	return e ? EXIT_FAILED : EXIT_OK;
}
