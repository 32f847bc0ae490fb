/* SPDX-License-Identifier: ISC */
/* The tests of the room domain. */

#include "test.h"

/* clang-format off */
ROOM(apikey, cart, challenge, counter, courier, crowd, customer, directory,
    door, forged, founding, guest, house, inline, introspect, jwks, keys,
    letter, limit, login, member, merchant, migrate, partner, proof, refresh,
    rotation, scope, server, session, standing, tenant, tenant_admin, token,
    turn, verified)
/* clang-format on */
