/* SPDX-License-Identifier: ISC */
/* A whole installation, made ill in one way at a time, and doctor's word on it. */

#ifndef SICK_H
#define SICK_H

#include "stage.h"

struct sick {
	struct stage	 s;
	const char	*well;		/* the configuration, when all is well */
};

/* One fault: seeded, found, mended; then doctor is content again. */
struct sickness {
	const char	*what;
	const char	*conf;		/* a line, or NULL */
	void		(*seed)(struct sick *);	/* or NULL */
	const char	*check;		/* the row that finds it */
	const char	*says, *mend;	/* in its sentences */
	void		(*cure)(struct sick *);	/* beside the old lines */
};

/* With schema, a platform and the shop `green`; doctor is content. */
void		 sick_open(struct sick *);
void		 sick_close(struct sick *);
/* Put this line in the place of its key's, or at the end. */
void		 sick_conf(struct sick *, const char *line);
/* The configuration as it was when all was well. */
void		 sick_conf_well(struct sick *);
/* A file of the folder, written anew with this mode. */
void		 sick_file(struct sick *, const char *name, const char *text,
		    unsigned mode);
const char	*sick_path(struct sick *, const char *name);

/* Doctor is content: exit status 0. */
void		 sick_is_well(struct sick *, const char *what);
/* Doctor finds it: this row says this, and how it is mended. */
void		 sick_is_found(struct sick *, const struct sickness *);
/* Seed, find, mend, be content: all of them, one after the other. */
void		 sick_each(struct sick *, const struct sickness *, size_t n);

/* A row that warns, and content all the same. */
void		 sick_warns(struct sick *, const char *check, const char *says);

#endif
