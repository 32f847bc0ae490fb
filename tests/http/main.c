/* SPDX-License-Identifier: ISC */
/* The tests of http. */

#include "test.h"

ROOM(request, body, bearer, query, forward, response, fields, fields_log, fcgi)
