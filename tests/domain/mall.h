/* SPDX-License-Identifier: ISC */
/* mall: a house with a platform, and ann's account there. */

#ifndef MALL_H
#define MALL_H

#include "shop.h"

/* We stand at the platform's door; "shop" is there too. */
struct ctx	*mall_open(const char *founding, struct customer *ann);
/* One number out of the database; %s stands for this tenant's id. */
int64_t		 mall_count(struct ctx *, const char *sql, struct uuid tenant);
/* For what is counted of no tenant. */
extern const struct uuid mall_nobody;

#endif
