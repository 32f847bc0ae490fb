/* SPDX-License-Identifier: ISC */
/* All tables of statements, for doctor and for the test that runs each. */

#include "store/store.h"

/* clang-format off */

#define ROOM_TABLES(T) \
	T(apikey) T(audit) T(cart) T(challenge) T(counter) T(customer) \
	T(doctor) T(dossier) T(erase) T(founding) T(limit) T(location) \
	T(lookup) \
	T(member) T(metrics) T(migration) T(odd) T(outbox) T(partner) \
	T(purge) T(session) T(signin) T(signing_key) T(tenant) T(webhook) \
	T(webhook_event)

#define DECLARE(name) \
	extern const struct stmt store_##name##_sql[]; \
	extern const size_t	 store_##name##_sql_n;
ROOM_TABLES(DECLARE)

#define ROW(name) { #name, store_##name##_sql, &store_##name##_sql_n },

const struct stmt_table store_statements[] = {
	ROOM_TABLES(ROW)
	{ NULL, NULL, NULL }
};
/* clang-format on */
