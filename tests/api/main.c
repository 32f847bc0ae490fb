/* SPDX-License-Identifier: ISC */
/* The tests of api, one suite per source file. */

#include "test.h"

ROOM(apikey, cart, cors, directory, door_a, door_b, doors, founding, guest,
    health, language, location, matrix, merchant, oauth, partner,
    partner_profile, passwordless, profile, refusals, routes, serve, server,
    session, words, metrics)
