/* SPDX-License-Identifier: ISC */
/* The tests of api, one suite per source file. */

#include "test.h"

ROOM(cart, cors, door_b, doors, guest, health, passwordless, profile, refusals,
    routes, serve, session, words)
