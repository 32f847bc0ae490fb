/* SPDX-License-Identifier: ISC */
/* office: a house with its keys, and a folder that letters go to. */

#ifndef OFFICE_H
#define OFFICE_H

#include "domain/domain.h"
#include "courier_all.h"
#include "test.h"

#define ck_ok(e) ck_assert_msg((e) == OK, "%s", err_name(e))

/* With a database, with or without the schema; every channel is file. */
struct ctx	*office_open(bool with_schema);
void		 office_close(struct ctx *);
/* The test's own configuration, to be written to. */
struct conf	*office_conf(struct ctx *);
/* Let the clock stand at this time from now on. */
void		 office_time(struct ctx *, int64_t now);

/* One number, or one text, out of the database. */
int64_t		 office_count(struct ctx *, const char *sql);
const char	*office_text(struct ctx *, const char *sql);
void		 office_do(struct ctx *, const char *sql);

/* A new folder below the system's, and files in it. */
char		*office_folder(struct ctx *);
void		 office_write(struct ctx *, const char *folder,
		    const char *name, const char *text);
void		 office_remove(struct ctx *, const char *folder);
/* How many files it holds; *one is the text of one of them. */
size_t		 office_files(struct ctx *, const char *folder,
		    const char **one);

/* A shop of this slug. */
const struct tenant *office_shop(struct ctx *, const char *slug);

/* Run this in two processes at once; each must answer OK. */
void		 office_twice(struct ctx *, enum err (*)(struct ctx *));

#endif
