/* SPDX-License-Identifier: ISC */
/* What was typed: words, operands and options, as the table has them. */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

/* No farther apart are a word and what was meant. */
enum { NEAR = 2, WORD_MAX = 40 };

struct option {
	const char *name;
	const char *value; /* what it takes; NULL: nothing */
	size_t offset;     /* in struct line */
	bool everywhere;
};

/* clang-format off */
static const struct option options[] = {
	{ "-c",         "FILE", AT(struct line, conf, const char *),        true },
	{ "-h",         NULL,   AT(struct line, help, bool),                true },
	{ "--help",     NULL,   AT(struct line, help, bool),                true },
	{ "--version",  NULL,   AT(struct line, version, bool),             true },
	{ "--json",     NULL,   AT(struct line, given.json, bool),          false },
	{ "--once",     NULL,   AT(struct line, given.once, bool),          false },
	{ "--odd",      NULL,   AT(struct line, given.odd, bool),           false },
	{ "--platform", NULL,   AT(struct line, given.platform, bool),      false },
	{ "--all",      NULL,   AT(struct line, given.all, bool),           false },
	{ "--schedule", NULL,   AT(struct line, given.schedule, bool),      false },
	{ "--now",      NULL,   AT(struct line, given.now, bool),           false },
	{ "--name",     "TEXT", AT(struct line, given.name, const char *),  false },
	{ "--kind",     "WORD", AT(struct line, given.kind, const char *),  false },
	{ "--alg",      "WORD", AT(struct line, given.alg, const char *),   false },
	{ "--state",    "WORD", AT(struct line, given.state, const char *), false },
	{ "--scopes",   "LIST", AT(struct line, given.scopes, const char *), false },
	{ "--source",   "WORD", AT(struct line, given.source, const char *), false },
	{ "--networks", "LIST", AT(struct line, given.networks, const char *), false },
	{ "--events",   "LIST", AT(struct line, given.events, const char *), false },
	{ "--header-file", "FILE", AT(struct line, given.header_file, const char *), false },
	{ "--days",     "N",    AT(struct line, given.days, const char *), false },
	{ "--per-minute", "N",  AT(struct line, given.per_minute, const char *), false },
	{ "--yes",      NULL,   AT(struct line, given.yes, bool),           false },
	{ "--follow",   NULL,   AT(struct line, given.follow, bool),        false },
	{ "--event",    "WORD", AT(struct line, given.event, const char *), false },
	{ "--customer", "WHO",  AT(struct line, given.customer, const char *), false },
	{ "--since",    "TIME", AT(struct line, given.since, const char *), false },
	{ "--result",   "WORD", AT(struct line, given.result, const char *), false },
	{ "--limit",    "N",    AT(struct line, given.limit, const char *), false },
	{ "--url",      "URL",  AT(struct line, given.url, const char *),   false },
	{ "--ca",       "FILE", AT(struct line, given.ca, const char *),    false },
};
/* clang-format on */

#define SEE_HELP "`doorward help` lists the commands."

/* ---- options ------------------------------------------------------------------- */

/* The option named by s, which may go on with "=VALUE". */
static const struct option *
option_find(const char *s, const char **value)
{
	size_t i, n = strcspn(s, "=");

	*value = s[n] == '=' ? s + n + 1 : NULL;
	for (i = 0; i < COUNT(options); i++)
		if (strlen(options[i].name) == n &&
		    strncmp(options[i].name, s, n) == 0)
			return &options[i];
	return NULL;
}

/* Takes the option at argv[*at], and its value, which may be the next one. */
static enum err
option_take(struct line *line, int argc, char **argv, int *at)
{
	const char *value;
	const struct option *o = option_find(argv[*at], &value);
	void *into;

	if (o == NULL)
		return say(
		    ERR_USAGE, "There is no option '%s'. " SEE_HELP, argv[*at]);
	if (o->value == NULL && value != NULL)
		return say(ERR_USAGE, "%s takes no value.", o->name);
	if (o->value != NULL && value == NULL && *at + 1 < argc)
		value = argv[++*at];
	if (o->value != NULL && value == NULL)
		return say(ERR_USAGE, "%s needs a value: %s %s.", o->name,
		    o->name, o->value);
	into = (char *)line + o->offset;
	if (o->value == NULL)
		*(bool *)into = true;
	else
		*(const char **)into = value;
	if (!o->everywhere && line->options_n < LINE_OPTIONS_MAX)
		line->options[line->options_n++] = o->name;
	return OK;
}

static enum err
words_take(struct line *line, int argc, char **argv)
{
	bool words_only = false;
	enum err e;
	int i;

	for (i = 1; i < argc; i++) {
		if (!words_only && strcmp(argv[i], "--") == 0) {
			words_only = true;
		} else if (!words_only && argv[i][0] == '-' && argv[i][1]) {
			if ((e = option_take(line, argc, argv, &i)))
				return e;
		} else if (line->n < LINE_WORDS_MAX) {
			line->words[line->n++] = argv[i];
		} else {
			return say(ERR_USAGE, "These are too many words.");
		}
	}
	return OK;
}

/* ---- the command --------------------------------------------------------------- */

/* How many of the line's words are the command's; 0 when it is another. */
static size_t
words_match(const struct line *line, const char *words)
{
	size_t i, n;

	for (i = 0; *words != '\0'; i++) {
		n = strcspn(words, " ");
		if (i == line->n || strlen(line->words[i]) != n ||
		    strncmp(line->words[i], words, n) != 0)
			return 0;
		words += n + (words[n] == ' ');
	}
	return i;
}

/* How many letters must be changed, added or left out to make a into b. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], i, j, n = strlen(b), corner, above, best;

	if (n > WORD_MAX || strlen(a) > WORD_MAX)
		return WORD_MAX;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 0; a[i] != '\0'; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (j = 0; j < n; j++) {
			above = row[j + 1];
			best = corner + (a[i] != b[j]);
			best = above + 1 < best ? above + 1 : best;
			row[j + 1] = row[j] + 1 < best ? row[j] + 1 : best;
			corner = above;
		}
	}
	return row[n];
}

/* The command whose words are nearest to what was typed, or NULL. */
static const char *
words_nearest(const char *typed)
{
	size_t d, best = NEAR + 1;
	const char *found = NULL;
	const struct command *cmd;

	for (cmd = commands; cmd->words != NULL; cmd++) {
		d = distance(typed, cmd->words);
		if (d < best) {
			best = d;
			found = cmd->words;
		}
	}
	return found;
}

/* "tenant create, tenant list": commands whose first word is near to this. */
static const char *
words_beginning(struct arena *a, const char *typed)
{
	struct text out = text_new(a);
	const struct command *cmd;
	size_t n;

	for (cmd = commands; cmd->words != NULL; cmd++) {
		n = strcspn(cmd->words, " ");
		if (cmd->words[n] == ' ' &&
		    distance(typed, arena_copy(a, cmd->words, n)) <= NEAR)
			text_addf(
			    &out, "%s%s", out.len > 0 ? ", " : "", cmd->words);
	}
	return out.s;
}

static enum err
unknown(struct arena *a, const struct line *line)
{
	const char *typed = line->words[0], *meant, *group;

	group = words_beginning(a, typed);
	if ((meant = words_nearest(typed)) == NULL && line->n > 1) {
		typed = arena_print(a, "%s %s", typed, line->words[1]);
		meant = words_nearest(typed);
	}
	if (meant != NULL)
		return say(ERR_USAGE,
		    "There is no command '%s'. Did you mean '%s'?", typed,
		    meant);
	if (group != NULL)
		return say(ERR_USAGE, "There is no command '%s', but %s.",
		    typed, group);
	return say(ERR_USAGE, "There is no command '%s'. " SEE_HELP, typed);
}

static const char *
usage(struct arena *a, const struct command *cmd)
{
	return arena_print(a, "doorward %s%s%s%s%s", cmd->words,
	    *cmd->operands ? " " : "", cmd->operands, *cmd->options ? " " : "",
	    cmd->options);
}

/* Only what the command takes: neither more operands nor other options. */
static enum err
command_check(struct arena *a, const struct line *line)
{
	const struct command *cmd = line->command;
	size_t i;

	if (line->given.n < cmd->least)
		return say(
		    ERR_USAGE, "Something is missing: %s", usage(a, cmd));
	if (line->given.n > cmd->most)
		return say(ERR_USAGE, "'%s' is too much: %s",
		    line->given.operands[cmd->most], usage(a, cmd));
	for (i = 0; i < line->options_n; i++)
		if (strstr(cmd->options, line->options[i]) == NULL)
			return say(ERR_USAGE, "%s is not for this command: %s",
			    line->options[i], usage(a, cmd));
	return OK;
}

enum err
line_read(struct arena *a, int argc, char **argv, struct line *out)
{
	const struct command *cmd;
	size_t n = 0;
	enum err e;

	*out = (struct line){.conf = NULL};
	if ((e = words_take(out, argc, argv)))
		return e;
	if (out->n > 0 && strcmp(out->words[0], "help") == 0)
		out->help = true;
	if (out->help || out->version)
		return OK;
	if (out->n == 0)
		return say(ERR_USAGE, "Which command? " SEE_HELP);
	for (cmd = commands; cmd->words != NULL; cmd++)
		if ((n = words_match(out, cmd->words)) > 0)
			break;
	if (cmd->words == NULL)
		return unknown(a, out);
	out->command = cmd;
	out->given.operands = out->words + n;
	out->given.n = out->n - n;
	return command_check(a, out);
}

void
line_help(void)
{
	const struct command *cmd;

	puts("doorward [-c FILE] COMMAND …\n");
	for (cmd = commands; cmd->words != NULL; cmd++)
		printf("  %s%s%s%s%s\n      %s\n", cmd->words,
		    *cmd->operands ? " " : "", cmd->operands,
		    *cmd->options ? " " : "", cmd->options, cmd->about);
	puts(
	    "\n  help, --version\n\n"
	    "SHOP is a slug, or the id of a shop that has none.\n"
	    "WHO is a customer's id, mail address, phone number, or username\n"
	    "at a partner. TIME is how long ago, 30m, 2h or 3d, or a time in\n"
	    "UTC, 2026-11-22 or 2026-11-22T10:00.\n"
	    "Without -c the configuration is the file that DOORWARD_CONF names,"
	    "\nelse " SYSCONFDIR "/doorward/doorward.conf.");
}
