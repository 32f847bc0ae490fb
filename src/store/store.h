/* SPDX-License-Identifier: ISC */
/* store: the tables, and every question that is ever asked of them. */

#ifndef STORE_H
#define STORE_H

#include "base/base.h"
#include "db/db.h"
/* by subject; outside this room include this header, never those */
#include "store/shops.h"
#include "store/proofs.h"
#include "store/people.h"
#include "store/post.h"

/* ---- statements.c: all tables of statements, for doctor and the tests ----- */

struct stmt_table {
	const char		*name;		/* "session" */
	const struct stmt	*list;
	const size_t		*n;
};

extern const struct stmt_table store_statements[];	/* .name NULL ends */

#endif
