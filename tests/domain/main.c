/* SPDX-License-Identifier: ISC */
/* The tests of the room domain. */

#include "test.h"

/* clang-format off */
ROOM(apikey, cart, challenge, counter, courier, customer, guest, house, keys,
    letter, limit, login, migrate, proof, refresh, session, tenant,
    tenant_admin, token)
/* clang-format on */
