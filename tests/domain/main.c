/* SPDX-License-Identifier: ISC */
/* The tests of the room domain. */

#include "test.h"

/* clang-format off */
ROOM(apikey, cart, challenge, counter, courier, crowd, customer, device,
    directory, door, dossier, founding, guest, house, introspect, keys, letter,
    limit, login, lookup, member, merchant, metrics, migrate, partner, proof,
    refresh, scope, server, session, standing, tenant, tenant_admin, token,
    turn)
/* clang-format on */
