/* SPDX-License-Identifier: ISC */
/* The tests of http. */

#include "test.h"

ROOM(request, request_twice, body, authorization, query, form, forward,
    response, fields, fields_log, fcgi, fcgi_unread)
