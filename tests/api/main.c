/* SPDX-License-Identifier: ISC */
/* The tests of api, one suite per source file. */

#include "test.h"

ROOM(apikey, cart, cors, directory, door_a, door_b, doors, founding, guest,
    health, language, matrix, merchant, oauth, partner, passwordless, profile,
    refusals, routes, serve, server, session, words, metrics, wellknown, inbox,
    shop, probe, location, partner_profile)
