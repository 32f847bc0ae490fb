/* SPDX-License-Identifier: ISC */
/* The tests of the room store. */

#include "test.h"

/* clang-format off */
ROOM(apikey, audit, cart, challenge, counter, customer, doctor, erase, founding,
    limit, member, migration, outbox, partner, purge, session, signin,
    signing_key, statements, tenant)
/* clang-format on */
