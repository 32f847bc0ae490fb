/* SPDX-License-Identifier: ISC */
/* Short words for the tests of db, and a second connection beside the first. */

#ifndef TESTS_DB_SECOND_H
#define TESTS_DB_SECOND_H

#include "db/db.h"
#include "test.h"

struct number {
	int64_t	 i;
};

extern const struct col number_cols[];

/* Another connection to the same database, with a context of its own. */
struct ctx	*second_new(const struct ctx *);
void		 second_done(struct ctx *);

/* Run this script, which must work. */
void		 say(struct ctx *, const char *, ...) PRINTF(2, 3);
/* The one number that this statement answers. */
int64_t		 ask(struct ctx *, const struct stmt *);
int64_t		 connection_id(struct ctx *);
/* End c's connection from another one, and wait until the server has done so. */
void		 kill_connection(struct ctx *c);
/* The same in a process beside, ms from now; wait for it with child_wait(). */
int		 kill_later(struct ctx *c, int64_t ms);
void		 child_wait(int pid);
int		 child_status(int pid);

/* A server that a test may stop; zeroed before its first start. */
struct server {
	char	 run[64];	/* its DW_RUN */
	char	 socket[128];
	char	 ca[128];
	int	 pid;
	unsigned port;
};

/* On the same data each time; tls is yes, no or wrong, as for db_up.sh. */
void		 server_start(struct server *, const char *tls);
void		 server_stop(struct server *);
void		 server_remove(struct server *);

#endif
