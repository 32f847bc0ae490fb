/* SPDX-License-Identifier: ISC */
/* The tests of the room cli. */

#include "test.h"

/* clang-format off */
ROOM(apikey, audit, channel, command, courier, customer, example, export, key,
    line, member, migrate, outbox, range, session, shop, table, tenant,
    doctor, doctor_ask, doctor_files, doctor_post, doctor_schema, doctor_server,
    doctor_shops, doctor_texts, doctor_web, webhook)
/* clang-format on */
