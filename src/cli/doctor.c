/* SPDX-License-Identifier: ISC */
/* doorward doctor: what is wrong here, and how it is mended. */

#include <stdio.h>
#include <string.h>

#include "cli/doctor.h"

/* One row of the examination; those it stands on come before it. */
struct check {
	const char *name;
	const char *about;
	unsigned needs;
	void (*run)(struct doctor *);
};

/* clang-format off */
static const struct check checks[] = {
	{ "process", "who runs this",
	    0, doctor_process },
	{ "configuration", "every key of the file, and what fits together",
	    0, doctor_conf },
	{ "environment", "what is for production only, and what is not",
	    ON_CONF, doctor_environment },
	{ "secret files", "read by their owner, and by nobody else",
	    ON_CONF, doctor_secrets },
	{ "master key", "well-formed",
	    ON_CONF, doctor_master },
	{ "templates", "every message in every language",
	    ON_CONF, doctor_templates },
	{ "module", "net.so, which speaks with other servers",
	    ON_CONF, doctor_module },
	{ "channels", "how messages leave",
	    ON_CONF, doctor_channels },
	{ "mail server", "connect, TLS and sign-in; nothing is sent",
	    ON_CONF | ON_NET, doctor_mail },
	{ "services", "those that messages leave through answer",
	    ON_CONF | ON_NET, doctor_services },
	{ "database", "a server answers, and lets us in",
	    ON_CONF, doctor_database },
	{ "database TLS", "as db_tls has it",
	    ON_DB, doctor_tls },
	{ "server settings", "version, character set, sql_mode, sizes",
	    ON_DB, doctor_settings },
	{ "clock", "this machine's against the database's",
	    ON_DB, doctor_clock },
	{ "rights", "what we may do there, and no more",
	    ON_DB, doctor_rights },
	{ "migrations", "the schema is of this version",
	    ON_DB, doctor_migrations },
	{ "schema", "every table, column and key",
	    ON_DB | ON_TABLES, doctor_schema },
	{ "statements", "the server knows every question we ask",
	    ON_DB | ON_SCHEMA, doctor_statements },
	{ "sealed secrets", "the master key opens all of them",
	    ON_MASTER | ON_DB | ON_SCHEMA, doctor_sealed },
	{ "tenants", "those that the configuration names",
	    ON_MASTER | ON_DB | ON_SCHEMA, doctor_tenants },
	{ "hosts", "each leads to one tenant",
	    ON_MASTER | ON_DB | ON_SCHEMA, doctor_hosts },
	{ "languages", "there are templates in each shop's",
	    ON_MASTER | ON_DB | ON_SCHEMA, doctor_languages },
	{ "signing keys", "one that signs, for each tenant",
	    ON_MASTER | ON_DB | ON_SCHEMA, doctor_keys },
	{ "outbox", "messages leave",
	    ON_DB | ON_SCHEMA, doctor_outbox },
	{ "webhooks", "shops hear what happens, and soon",
	    ON_DB | ON_SCHEMA, doctor_webhooks },
	{ "service", "a worker answers at the URL, and soon",
	    ON_CONF | ON_NET | ON_URL, doctor_service },
	{ "probe", "it is a worker of this installation",
	    ON_MASTER | ON_SERVICE, doctor_probe },
	{ "paths", "PATH_INFO arrives, plain and encoded",
	    ON_PROBE, doctor_paths },
	{ "Authorization", "the header arrives unchanged",
	    ON_PROBE, doctor_login_header },
	{ "client address", "the customer's, not the proxy's",
	    ON_PROBE, doctor_address },
	{ "https", "the worker knows how the request came",
	    ON_PROBE, doctor_https },
	{ "body", "64 KiB arrive, and more is ours to refuse",
	    ON_SERVICE, doctor_body },
	{ "pages", "nobody may frame the sign-in page",
	    ON_SERVICE, doctor_pages },
};

/* Who lays each ground, in the order to be told. */
static const struct {
	unsigned	 ground;
	const char	*by;
} grounds[] = {
	{ ON_URL,     "--url URL is given" },
	{ ON_CONF,    "configuration is read" },
	{ ON_NET,     "module loads" },
	{ ON_MASTER,  "master key is well-formed" },
	{ ON_DB,      "database answers" },
	{ ON_TABLES,  "migrations have made tables" },
	{ ON_SCHEMA,  "schema is whole" },
	{ ON_SERVICE, "service answers" },
	{ ON_PROBE,   "probe answers" },
};
/* clang-format on */

static const char *const level_names[] = {
    [LEVEL_OK] = "ok",
    [LEVEL_INFO] = "ok",
    [LEVEL_WARN] = "warn",
    [LEVEL_FAULT] = "FAULT",
};

enum { NAME_WIDTH = 16, LEVEL_WIDTH = 5 };

#define ON_THE_WEB (ON_URL | ON_SERVICE | ON_PROBE)

struct tally {
	unsigned checks, faults, warnings, left_out;
};

/* ---- what the checks say -------------------------------------------------------- */

static const char *
sentence(struct doctor *, const char *, va_list) PRINTF(2, 0);

static const char *
sentence(struct doctor *d, const char *format, va_list args)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	s = arena_get(d->c->arena, (size_t)n + 1);
	(void)vsnprintf(s, (size_t)n + 1, format, args);
	return s;
}

/* Once, though it may be met twice. */
static void
found(struct doctor *d, enum level level, const char *what, const char *mend)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		if (strcmp(d->list[i].what, what) == 0)
			return;
	if (d->n < FINDINGS_MAX)
		d->list[d->n++] = (struct finding){level, what, mend};
}

void
doctor_fault(struct doctor *d, const char *mend, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	found(d, LEVEL_FAULT, sentence(d, what, args), mend);
	va_end(args);
}

void
doctor_warn(struct doctor *d, const char *mend, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	found(d, LEVEL_WARN, sentence(d, what, args), mend);
	va_end(args);
}

void
doctor_info(struct doctor *d, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	found(d, LEVEL_INFO, sentence(d, what, args), NULL);
	va_end(args);
}

void
doctor_word(struct doctor *d, const char *word, ...)
{
	va_list args;

	va_start(args, word);
	d->word = sentence(d, word, args);
	va_end(args);
}

bool
doctor_failed(struct doctor *d, enum err e)
{
	if (e)
		doctor_fault(d, "run it again; if it stays, see the rows above",
		    "This could not be asked: %s (database error %u).",
		    err_name(e), d->c->db != NULL ? db_errno(d->c->db) : 0);
	return e != OK;
}

/* ---- telling it ------------------------------------------------------------------- */

static enum level
worst(const struct doctor *d)
{
	enum level level = LEVEL_OK;
	size_t i;

	for (i = 0; i < d->n; i++)
		if (d->list[i].level > level)
			level = d->list[i].level;
	return level;
}

/* Several in a row that are mended alike: it is said after the last. */
static bool
is_mended_next(const struct doctor *d, const struct finding *f)
{
	return f + 1 < d->list + d->n && f[1].mend != NULL &&
	       strcmp(f->mend, f[1].mend) == 0;
}

static void
check_tell(const struct doctor *d, const struct check *check)
{
	bool well = worst(d) < LEVEL_FAULT && d->word != NULL;
	struct arena *a = d->c->arena;
	const struct finding *f;

	printf("%-*s  %-*s  %s\n", LEVEL_WIDTH, level_names[worst(d)],
	    NAME_WIDTH, check->name,
	    people_text(a, well ? d->word : check->about));
	for (f = d->list; f < d->list + d->n; f++) {
		printf("       %s%s\n",
		    f->level > LEVEL_INFO && worst(d) > f->level ? "warn: "
								 : "",
		    people_text(a, f->what));
		if (f->mend != NULL && !is_mended_next(d, f))
			printf("       Mend: %s\n", people_text(a, f->mend));
	}
}

static void
check_write(const struct doctor *d, const struct check *check, struct writer *w)
{
	static const char *const names[] = {"ok", "info", "warning", "fault"};
	const struct finding *f;

	write_map(w, NULL);
	write_text(w, "check", check->name);
	write_text(w, "about", check->about);
	write_text(w, "result", names[worst(d)]);
	write_text(w, "word", d->word);
	write_list(w, "findings");
	for (f = d->list; f < d->list + d->n; f++) {
		write_map(w, NULL);
		write_text(w, "level", names[f->level]);
		write_text(w, "what", f->what);
		write_text(w, "mend", f->mend);
		write_map_end(w);
	}
	write_list_end(w);
	write_map_end(w);
}

/* Left out, and why: the first ground that does not hold. */
static const char *
left_out_why(struct doctor *d, const struct check *check)
{
	unsigned missing = check->needs & ~d->grounds;
	size_t i;

	for (i = 0; i < COUNT(grounds); i++)
		if (missing & grounds[i].ground)
			return arena_print(
			    d->c->arena, "left out until %s", grounds[i].by);
	return "left out";
}

static void
left_out_tell(struct doctor *d, const struct check *check, struct writer *w)
{
	const char *why = left_out_why(d, check);

	if (!d->in->json) {
		printf("%-*s  %-*s  %s\n", LEVEL_WIDTH, "-", NAME_WIDTH,
		    check->name, why);
		return;
	}
	write_map(w, NULL);
	write_text(w, "check", check->name);
	write_text(w, "about", check->about);
	write_text(w, "result", "left out");
	write_text(w, "word", why);
	write_list(w, "findings");
	write_list_end(w);
	write_map_end(w);
}

static void
tally_add(struct tally *tally, const struct doctor *d)
{
	size_t i;

	tally->checks++;
	for (i = 0; i < d->n; i++) {
		tally->faults += d->list[i].level == LEVEL_FAULT;
		tally->warnings += d->list[i].level == LEVEL_WARN;
	}
}

static void
tally_tell(struct doctor *d, const struct tally *tally, struct writer *w)
{
	if (!d->in->json) {
		printf("\n%u checks: %u faults, %u warnings; %u left out.\n",
		    tally->checks, tally->faults, tally->warnings,
		    tally->left_out);
		return;
	}
	write_list_end(w);
	write_int(w, "faults", tally->faults);
	write_int(w, "warnings", tally->warnings);
	write_int(w, "leftOut", tally->left_out);
	write_map_end(w);
	puts(writer_text(w));
}

/* ---- the examination --------------------------------------------------------------- */

static void
check_run(struct doctor *d, const struct check *check, struct writer *w)
{
	d->n = 0;
	d->word = NULL;
	check->run(d);
	if (d->in->json)
		check_write(d, check, w);
	else
		check_tell(d, check);
}

static void
checks_run(struct doctor *d, struct tally *tally)
{
	struct writer w = writer_new(d->c->arena);
	size_t i;

	if (d->in->json) {
		write_map(&w, NULL);
		write_list(&w, "checks");
	}
	for (i = 0; i < COUNT(checks); i++) {
		/* what is asked of a URL is not told of where there is none */
		if (checks[i].needs & ON_THE_WEB && d->in->url == NULL)
			continue;
		if (checks[i].needs & ~d->grounds) {
			tally->left_out++;
			left_out_tell(d, &checks[i], &w);
			continue;
		}
		check_run(d, &checks[i], &w);
		tally_add(tally, d);
		(void)fflush(stdout);
	}
	tally_tell(d, tally, &w);
}

enum err
cli_doctor(struct ctx *c, const struct given *in)
{
	struct doctor *d = arena_get(c->arena, sizeof(*d));
	struct tally tally = {0};

	log_level_set(LOG_ERROR + 1);
	d->c = c;
	d->in = in;
	c->conf = &d->conf;
	c->now = world_now();
	d->grounds = in->url != NULL ? ON_URL : 0;
	checks_run(d, &tally);
	if (c->db != NULL) {
		db_settle(c);
		db_close(c->db);
	}
	if (c->house != NULL)
		house_close(c->house);
	if (tally.faults > 0)
		return say(ERR_CONF, "There are faults: %u.", tally.faults);
	return OK;
}
