/* SPDX-License-Identifier: ISC */
/* stage: the command run in a process of its own, and what it said. */

#ifndef STAGE_H
#define STAGE_H

#include "cli/cli.h"
#include "test.h"

#define ck_ok(e) ck_assert_msg((e) == OK, "%s", err_name(e))

struct stage {
	struct ctx	*c;
	const char	*dir;	/* configuration, keys, messages */
	const char	*conf;	/* the configuration's path */
};

struct ran {
	int		 status;	/* of exit */
	const char	*out, *err;
};

/* With a database, with or without the schema; every channel is file. */
void		 stage_open(struct stage *, bool with_schema);
void		 stage_close(struct stage *);
/* Another line for the configuration. */
void		 stage_conf(struct stage *, const char *line);
/* The words after "doorward", blank-separated; ~ stands for a blank. */
struct ran	 stage_run(struct stage *, const char *words);
/* The same without a word said of the configuration. */
struct ran	 stage_run_bare(struct stage *, const char *words);
/* Begin it and answer its pid; its stderr goes to this file of the folder. */
int		 stage_begin(struct stage *, const char *words,
		    const char *log);
/* Its exit status, when it has ended. */
int		 stage_end(int pid);
/* A whole file of the folder. */
const char	*stage_file(struct stage *, const char *name);

/* stdout, read as JSON. */
const struct json *stage_json(struct stage *, const struct ran *);
int64_t		 stage_count(struct stage *, const char *sql);
const char	*stage_text(struct stage *, const char *sql);
void		 stage_do(struct stage *, const char *sql);

/*
 * The shops "shop" and "other", each with ann@x.example, who signed in twice
 * (first an hour ago), has a number that she only stated, a username at acme,
 * a cart and a place; answers shop's ann's id as text.
 */
const char	*stage_people(struct stage *);

/* A shop with a message that waits for ada@example.com; its id. */
struct uuid	 stage_message(struct stage *);

/* Fail with all that was said unless this holds. */
#define ck_ran(ran, condition) \
	ck_assert_msg((condition), "%s: %d\n%s%s", #condition, (ran).status, \
	    (ran).out, (ran).err)
#define ck_says(ran, text) ck_ran(ran, strstr((ran).out, text) != NULL)
#define ck_warns(ran, text) ck_ran(ran, strstr((ran).err, text) != NULL)

#endif
