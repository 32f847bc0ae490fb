/* SPDX-License-Identifier: ISC */
/* The tests of the room domain. */

#include "test.h"

/* clang-format off */
ROOM(apikey, cart, challenge, counter, courier, crowd, customer, directory,
    door, founding, guest, house, inline, introspect, keys, letter, limit,
    login, member, merchant, migrate, partner, proof, refresh, scope, server,
    session, standing, tenant, tenant_admin, token, turn, device, dossier,
    lookup, metrics, forged, jwks, rotation, retire, verified, letterbox,
    shopfront, probe, schema, herald, herald_rest, webhook, location, odd,
    hearsay, noting)
/* clang-format on */
