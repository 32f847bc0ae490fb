/* SPDX-License-Identifier: ISC */
/* The tests of the room store. */

#include "test.h"

/* clang-format off */
ROOM(apikey, audit, cart, challenge, counter, customer, dossier, erase,
    founding, limit, lookup, member, metrics, migration, outbox,
    outbox_locale, partner, purge, session, signin, signing_key, statements,
    tenant, doctor, told, webhook, webhook_event, webhook_turn, location,
    odd)
/* clang-format on */
