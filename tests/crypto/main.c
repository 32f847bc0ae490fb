/* SPDX-License-Identifier: ISC */
/* The suites of crypto. */

#include "test.h"

ROOM(digest, master, seal, key, public, jwk, jwt, jwt_make, published)
