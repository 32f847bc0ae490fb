/* SPDX-License-Identifier: ISC */
/* The tests of the room cli. */

#include "test.h"

/* clang-format off */
ROOM(apikey, audit, channel, command, courier, customer, example, export,
    key, line, member, migrate, outbox, range, session, shop, table,
    tenant, webhook)
/* clang-format on */
