/* SPDX-License-Identifier: ISC */
/* What the files of doctor share, and nobody else sees. */

#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "cli/cli.h"
#include "delivery/delivery.h"

/* ---- doctor.c: the table of checks, and what they found --------------------------- */

enum level { LEVEL_OK, LEVEL_INFO, LEVEL_WARN, LEVEL_FAULT };

struct finding {
	enum level	 level;
	const char	*what;		/* a sentence */
	const char	*mend;		/* what to type; NULL for LEVEL_INFO */
};

enum { FINDINGS_MAX = 64 };

/* What later checks stand on; a check says that its own holds. */
enum ground {
	ON_CONF = 1,		/* the configuration was read */
	ON_MASTER = 2,		/* c->house is open */
	ON_NET = 4,		/* d->net is loaded */
	ON_DB = 8,		/* the database answers */
	ON_TABLES = 16,		/* it has tables of ours */
	ON_SCHEMA = 32,		/* all of them, with all columns */
	ON_URL = 64,		/* --url was given */
	ON_SERVICE = 128,	/* the service answers there */
	ON_PROBE = 256		/* and its probe does */
};

struct server_row;
struct sight;

struct doctor {
	struct ctx		*c;	/* its conf is the one below */
	const struct given	*in;
	struct conf		 conf;
	unsigned		 grounds;
	const struct net_table	*net;
	const struct server_row	*server;	/* with ON_DB */
	const struct sight	*sight;		/* with ON_PROBE */
	/* of the check at hand */
	const char		*word;		/* when all is well; or NULL */
	struct finding		 list[FINDINGS_MAX];
	size_t			 n;
};

void		 doctor_fault(struct doctor *, const char *mend,
		    const char *what, ...) PRINTF(3, 4);
void		 doctor_warn(struct doctor *, const char *mend,
		    const char *what, ...) PRINTF(3, 4);
void		 doctor_info(struct doctor *, const char *what, ...)
		    PRINTF(2, 3);
/* What the check's line says beside its name. */
void		 doctor_word(struct doctor *, const char *, ...) PRINTF(2, 3);
/* Whether something failed that should not have: a fault, by the error. */
bool		 doctor_failed(struct doctor *, enum err);

/* ---- doctor_files.c: what lies on this machine -------------------------------------- */

void		 doctor_process(struct doctor *);
void		 doctor_conf(struct doctor *);
void		 doctor_environment(struct doctor *);
void		 doctor_secrets(struct doctor *);
void		 doctor_master(struct doctor *);

/* ---- doctor_texts.c: the words of messages ------------------------------------------- */

void		 doctor_templates(struct doctor *);
void		 doctor_languages(struct doctor *);

/* ---- doctor_post.c: how messages leave ---------------------------------------------- */

void		 doctor_module(struct doctor *);
void		 doctor_channels(struct doctor *);
void		 doctor_mail(struct doctor *);
void		 doctor_services(struct doctor *);
void		 doctor_outbox(struct doctor *);
void		 doctor_webhooks(struct doctor *);

/* ---- doctor_server.c: the database server ------------------------------------------- */

void		 doctor_database(struct doctor *);
void		 doctor_tls(struct doctor *);
void		 doctor_settings(struct doctor *);
void		 doctor_rights(struct doctor *);
/* Who we are there, as GRANT has it: "name"@"host". */
const char	*doctor_account(struct doctor *);
void		 doctor_clock(struct doctor *);

/* ---- doctor_schema.c: the tables ------------------------------------------------------ */

void		 doctor_migrations(struct doctor *);
void		 doctor_schema(struct doctor *);
void		 doctor_statements(struct doctor *);

/* ---- doctor_shops.c: tenants and their keys -------------------------------------------- */

void		 doctor_sealed(struct doctor *);
void		 doctor_tenants(struct doctor *);
void		 doctor_hosts(struct doctor *);
void		 doctor_keys(struct doctor *);

/* ---- doctor_ask.c: how the service is asked ---------------------------------------------- */

struct heard {
	long			 code;	/* 0: nobody answered */
	bool			 sought;	/* the header that was sought came */
	const char		*why;
	const struct json	*json;	/* NULL: none */
	int64_t			 ms;
};

/* That path of the service. */
const char	*doctor_url(struct doctor *, const char *path);
/* https, or http to this machine; else it is said. */
bool		 doctor_url_fits(struct doctor *);
/* r->url is the path. */
void		 doctor_ask(struct doctor *, struct net_request *r,
		    struct heard *out);
/* "" for none. */
const char	*heard_text(const struct heard *, const char *name);

/* ---- doctor_web.c: the service, as it is asked from outside ---------------------------- */

void		 doctor_service(struct doctor *);
void		 doctor_probe(struct doctor *);
void		 doctor_login_header(struct doctor *);
void		 doctor_address(struct doctor *);
void		 doctor_https(struct doctor *);
void		 doctor_paths(struct doctor *);
void		 doctor_body(struct doctor *);
void		 doctor_pages(struct doctor *);

#endif
