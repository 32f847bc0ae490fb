/* SPDX-License-Identifier: ISC */
/* cli: the doors for the operator. */

#ifndef CLI_H
#define CLI_H

#include "base/base.h"
#include "domain/domain.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/usr/local/etc"
#endif

/* ---- command.c: the table of commands -------------------------------------------- */

/* What was given after the command's words. */
struct given {
	const char *const	*operands;	/* NULL at the end */
	size_t			 n;
	bool			 json;		/* --json */
	bool			 once;		/* --once */
	bool			 platform;	/* --platform */
	bool			 all, schedule;	/* --all, --schedule */
	bool			 now;		/* --now */
	const char		*name;		/* --name TEXT */
	const char		*kind;		/* --kind WORD */
	const char		*alg;		/* --alg WORD */
	const char		*state;		/* --state WORD */
	const char		*scopes;	/* --scopes "WORD …" */
	const char		*source;	/* --source WORD */
	bool			 odd;		/* --odd */
	const char		*networks;	/* --networks "NET …" */
	const char		*days;		/* --days N */
	const char		*events;	/* --events "NAME,…" */
	const char		*header_file;	/* --header-file FILE */
	const char		*per_minute;	/* --per-minute N */
	bool			 yes;		/* --yes */
	bool			 follow;	/* --follow */
	const char		*event;		/* --event WORD */
	const char		*customer;	/* --customer WHO */
	const char		*since;		/* --since TIME */
	const char		*result;	/* --result WORD */
	const char		*limit;		/* --limit N */
	const char		*url;		/* --url URL */
	const char		*ca;		/* --ca FILE */
	const char		*conf;		/* which file, for who reads it */
};

struct command {
	const char	*words;			/* "tenant create" */
	const char	*operands;		/* "SLUG", for the usage */
	const char	*options;		/* "[--name TEXT]": those it takes */
	size_t		 least, most;		/* how many operands */
	enum err	(*run)(struct ctx *, const struct given *);
	const char	*about;
};

extern const struct command commands[];		/* .words NULL at the end */

/* Parse, read the configuration, run. Returns the exit status (0, 1, 2). */
int		 cli_main(int argc, char **argv);
/* Tell the operator what is wrong and how to mend it, on stderr; returns e. */
enum err	 say(enum err e, const char *sentence, ...) PRINTF(2, 3);
/* A word about what was done, on stderr, where stdout is for scripts. */
void		 note(const char *sentence, ...) PRINTF(1, 2);

/* ---- line.c: what was typed ---------------------------------------------------------- */

enum { LINE_WORDS_MAX = 16, LINE_OPTIONS_MAX = 16 };

struct line {
	const char		*conf;		/* -c FILE; NULL: not said */
	bool			 help, version;
	const struct command	*command;	/* NULL with help or version */
	struct given		 given;
	/* of use to line.c only */
	const char		*words[LINE_WORDS_MAX + 1];
	size_t			 n;
	const char		*options[LINE_OPTIONS_MAX];
	size_t			 options_n;
};

/* ERR_USAGE, said, when it is not a command as the table has it. */
enum err	 line_read(struct arena *, int argc, char **argv,
		    struct line *) MUST_USE;
/* All commands, on stdout. */
void		 line_help(void);

/* ---- commands, by file --------------------------------------------------------------- */

enum err	 cli_migrate(struct ctx *, const struct given *);
/* By slug or id. ERR_NOT_FOUND, said, when there is no such tenant. */
enum err	 cli_tenant_find(struct ctx *, const char *name,
		    const struct tenant **) MUST_USE;
enum err	 cli_tenant_create(struct ctx *, const struct given *);
enum err	 cli_tenant_list(struct ctx *, const struct given *);
enum err	 cli_tenant_show(struct ctx *, const struct given *);
enum err	 cli_tenant_set(struct ctx *, const struct given *);
/* Says that no tenant is the platform, and how it is made. */
enum err	 cli_no_platform(const struct ctx *);
enum err	 cli_tenant_invite(struct ctx *, const struct given *);
enum err	 cli_tenant_approve(struct ctx *, const struct given *);
enum err	 cli_tenant_suspend(struct ctx *, const struct given *);
enum err	 cli_tenant_resume(struct ctx *, const struct given *);
enum err	 cli_tenant_delete(struct ctx *, const struct given *);
enum err	 cli_tenant_keep(struct ctx *, const struct given *);
enum err	 cli_member_list(struct ctx *, const struct given *);
enum err	 cli_member_add(struct ctx *, const struct given *);
enum err	 cli_member_remove(struct ctx *, const struct given *);
enum err	 cli_apikey_create(struct ctx *, const struct given *);
enum err	 cli_apikey_list(struct ctx *, const struct given *);
enum err	 cli_apikey_disable(struct ctx *, const struct given *);
enum err	 cli_apikey_enable(struct ctx *, const struct given *);
enum err	 cli_apikey_revoke(struct ctx *, const struct given *);
enum err	 cli_apikey_scopes(struct ctx *, const struct given *);
enum err	 cli_key_create(struct ctx *, const struct given *);
enum err	 cli_key_list(struct ctx *, const struct given *);
enum err	 cli_key_rotate(struct ctx *, const struct given *);
enum err	 cli_key_retire(struct ctx *, const struct given *);
enum err	 cli_outbox_list(struct ctx *, const struct given *);
enum err	 cli_outbox_retry(struct ctx *, const struct given *);
enum err	 cli_channel_test(struct ctx *, const struct given *);
enum err	 cli_courier(struct ctx *, const struct given *);
enum err	 cli_webhook_create(struct ctx *, const struct given *);
enum err	 cli_webhook_list(struct ctx *, const struct given *);
enum err	 cli_webhook_enable(struct ctx *, const struct given *);
enum err	 cli_webhook_disable(struct ctx *, const struct given *);
enum err	 cli_webhook_delete(struct ctx *, const struct given *);
enum err	 cli_webhook_test(struct ctx *, const struct given *);
enum err	 cli_webhook_log(struct ctx *, const struct given *);
enum err	 cli_webhook_retry(struct ctx *, const struct given *);
enum err	 cli_webhook_events(struct ctx *, const struct given *);
/* As cli_tenant_find(), and stand there. */
enum err	 cli_shop_enter(struct ctx *, const char *name) MUST_USE;
/* Who is meant, of the shop where we stand; said when it is nobody, or several. */
enum err	 cli_customer_named(struct ctx *, const char *shop,
		    const char *who, struct customer *) MUST_USE;
enum err	 cli_customer_find(struct ctx *, const struct given *);
enum err	 cli_customer_show(struct ctx *, const struct given *);
enum err	 cli_customer_disable(struct ctx *, const struct given *);
enum err	 cli_customer_enable(struct ctx *, const struct given *);
enum err	 cli_customer_delete(struct ctx *, const struct given *);
enum err	 cli_customer_export(struct ctx *, const struct given *);
/* Profile and identities, into an open map. */
void		 cli_dossier_write(struct writer *, const struct dossier *);
/* null for 0 */
void		 cli_write_time(struct writer *, const char *name, int64_t ms);
enum err	 cli_session_list(struct ctx *, const struct given *);
enum err	 cli_session_revoke(struct ctx *, const struct given *);
enum err	 cli_audit(struct ctx *, const struct given *);

/* ---- range.c: --since and --limit ----------------------------------------------------- */

enum { RANGE_MAX = 10000 };

/* A time in ms, 0 when it was not given. ERR_USAGE, said. */
enum err	 range_since(struct ctx *, const struct given *,
		    int64_t *) MUST_USE;
/* 1 to RANGE_MAX; the usual one when it was not given. ERR_USAGE, said. */
enum err	 range_limit(const struct given *, int64_t usual,
		    int64_t *) MUST_USE;
/* Reads the configuration itself: c holds an arena and nothing else. */
enum err	 cli_doctor(struct ctx *, const struct given *);
/* The folder of schema.sql and the numbered scripts. */
const char	*cli_sql_dir(void);

/* ---- table.c: rows for people, or JSON ------------------------------------------------ */

/* Every row has as many cells as the heading; one that begins with # holds numbers. */
struct table {
	struct arena		*arena;
	const char *const	*heading;	/* NULL at the end */
	size_t			 columns;
	const char		***rows;
	size_t			 n, room;
};

struct table	 table_new(struct arena *, const char *const *heading);
/* The texts must outlive the table; a NULL one is an empty cell. */
void		 table_add(struct table *, const char *const *cells);
/* Columns for people; with json a list of maps by heading. On stdout. */
void		 table_print(const struct table *, bool json);
/*
 * A text of others as people are shown it on a terminal, never raw: see
 * text_shown(); "-" for none.
 */
const char	*people_text(struct arena *, const char *);
/* A time as people and programs read it; NULL for 0. */
const char	*table_time(struct arena *, int64_t ms);

#endif
