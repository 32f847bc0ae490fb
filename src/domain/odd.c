/* SPDX-License-Identifier: ISC */
/* What in the audit trail is odd enough for somebody to look at. */

#include "domain/domain.h"

enum err
odd_list(struct ctx *c, int64_t since, struct odd_row **out, size_t *n)
{
	const struct odd_limits most = {.since = since,
	    .emails = ODD_EMAILS,
	    .first_signins = ODD_SIGNINS,
	    .refusals = ODD_REFUSALS};

	return store_odd(c, &most, out, n);
}
