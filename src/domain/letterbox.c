/* SPDX-License-Identifier: ISC */
/* Who may see what was sent, while it is developed: nobody in production. */

#include <string.h>

#include "delivery/delivery.h"
#include "domain/domain.h"

bool
letterbox_is_open(const struct ctx *c, bool local)
{
	const char *environment = c->conf->environment;

	return local &&
	       (strcmp(environment, "development") == 0 ||
		   strcmp(environment, "test") == 0) &&
	       inbox_in_use(c->conf);
}
