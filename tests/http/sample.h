/* SPDX-License-Identifier: ISC */
/* A struct with a field of every type, and its tables. */

#ifndef SAMPLE_H
#define SAMPLE_H

#include "http/http.h"
#include "test.h"

struct sample {
	const char	*name, *email, *phone, *kind, *born, *site;
	struct secret	 code;
	int64_t		 count;
	bool		 terms;
	struct change	 nick, mobile, date, page, spoken, land, north;
	const struct json *tags, *more;
};

/* All optional; and a few, all required. */
extern const struct field sample_fields[];
extern const struct field sample_required[];

/* A body, which must be well-formed, into a sample by a table. */
enum err	 sample_read(struct ctx *, const struct field *,
		    const char *body, struct sample *into,
		    struct field_errors *) MUST_USE;
/* What a sample holds, in the order of its table: "name=ann;nick:null;". */
const char	*sample_show(struct ctx *, const struct sample *);
/* "name is required;" */
const char	*sample_errors(struct ctx *, const struct field_errors *);

#endif
