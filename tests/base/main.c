/* SPDX-License-Identifier: ISC */
/* The tests of base. */

#include "test.h"

ROOM(errors, arena, uuid, log, text, text_shown, address, language, ip, scan,
    json, writer, setting, conf_table, conf, file, world)
