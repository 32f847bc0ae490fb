/* SPDX-License-Identifier: ISC */
/* The tests of the room cli. */

#include "test.h"

/* clang-format off */
ROOM(apikey, channel, command, courier, example, key, line, member, migrate, outbox,
    shop, table, tenant)
/* clang-format on */
