/* SPDX-License-Identifier: ISC */
/* The tests of the room cli. */

#include "test.h"

/* clang-format off */
ROOM(apikey, channel, command, courier, doctor, doctor_files, doctor_post,
    doctor_schema, doctor_server, doctor_shops, doctor_web, example, key, line,
    member, migrate, outbox, shop, table, tenant)
/* clang-format on */
