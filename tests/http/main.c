/* SPDX-License-Identifier: ISC */
/* The tests of http. */

#include "test.h"

ROOM(request, body, authorization, query, form, forward, language, response,
    fields, fields_log, fcgi, request_twice, fcgi_unread)
