/* SPDX-License-Identifier: ISC */
/* What each door's sessions and tokens are like, by the tenant's settings. */

#include "domain/inside.h"

#include <string.h>

/* clang-format off */
#define S struct tenant_settings
static const struct {
	const char	*door;
	size_t		 alg, access, idle, whole, sessions;
	const char	*idle_fault, *whole_fault;
	bool		 signs_refresh;		/* its refresh tokens are JWTs */
} doors[] = {
	{ "B", AT(S, door_b_alg, const char *),
	  AT(S, door_b_access_seconds, int64_t),
	  AT(S, door_b_refresh_idle_seconds, int64_t),
	  AT(S, door_b_refresh_seconds, int64_t),
	  AT(S, sessions_max, int64_t),
	  "door_b_refresh_idle_seconds must be above door_b_access_seconds.",
	  "door_b_refresh_seconds must not be below door_b_refresh_idle_seconds.",
	  false },
	{ "A", AT(S, door_a_alg, const char *),
	  AT(S, door_a_access_seconds, int64_t),
	  AT(S, door_a_refresh_idle_seconds, int64_t),
	  AT(S, door_a_refresh_seconds, int64_t),
	  AT(S, door_a_sessions_max, int64_t),
	  "door_a_refresh_idle_seconds must be above door_a_access_seconds.",
	  "door_a_refresh_seconds must not be below door_a_refresh_idle_seconds.",
	  true },
};
#undef S
/* clang-format on */

static int64_t
number_at(const struct tenant_settings *set, size_t offset)
{
	int64_t n;

	memcpy(&n, (const char *)set + offset, sizeof(n));
	return n;
}

static enum alg
alg_at(const struct tenant_settings *set, size_t offset)
{
	enum alg out = ALG_HS512;
	const char *name;

	memcpy(&name, (const char *)set + offset, sizeof(name));
	(void)alg_read(name, &out);
	return out;
}

struct door_terms
door_terms(const struct tenant *t, const char *door)
{
	struct door_terms out;
	size_t i = COUNT(doors);

	while (--i > 0 && strcmp(doors[i].door, door) != 0)
		;
	out.alg = alg_at(&t->set, doors[i].alg);
	out.access_ms = number_at(&t->set, doors[i].access) * SECOND_MS;
	out.idle_ms = number_at(&t->set, doors[i].idle) * SECOND_MS;
	out.whole_ms = number_at(&t->set, doors[i].whole) * SECOND_MS;
	out.sessions_max = number_at(&t->set, doors[i].sessions);
	return out;
}

const char *
door_terms_fault(const struct tenant_settings *set)
{
	size_t i;

	for (i = 0; i < COUNT(doors); i++) {
		if (number_at(set, doors[i].idle) <=
		    number_at(set, doors[i].access))
			return doors[i].idle_fault;
		if (number_at(set, doors[i].whole) <
		    number_at(set, doors[i].idle))
			return doors[i].whole_fault;
	}
	return NULL;
}

bool
doors_sign_by(const struct tenant_settings *set, enum alg alg)
{
	size_t i;

	for (i = 0; i < COUNT(doors); i++)
		if (alg_at(set, doors[i].alg) == alg)
			return true;
	return false;
}

int64_t
doors_longest_ms(const struct tenant_settings *set)
{
	int64_t most = 0, life;
	size_t i;

	for (i = 0; i < COUNT(doors); i++) {
		life = number_at(set,
		    doors[i].signs_refresh ? doors[i].idle : doors[i].access);
		most = life > most ? life : most;
	}
	return most * SECOND_MS;
}

int64_t
doors_tokens_until(const struct ctx *c, const struct tenant_settings *before,
    const struct tenant_settings *after)
{
	int64_t longest = doors_longest_ms(before);

	return doors_longest_ms(after) < longest ? c->now + longest : 0;
}

void
session_draft(struct ctx *c, const char *door, struct session *out)
{
	struct door_terms terms = door_terms(c->tenant, door);
	int64_t idle =
	    terms.idle_ms < terms.whole_ms ? terms.idle_ms : terms.whole_ms;

	*out = (struct session){.id = uuid_make(c->now),
	    .door = door,
	    .device = c->agent,
	    .address = c->address,
	    .generation = 1,
	    .rotated_at = c->now,
	    .authenticated_at = c->now,
	    .created_at = c->now,
	    .seen_at = c->now,
	    .idle_expires_at = c->now + idle,
	    .expires_at = c->now + terms.whole_ms};
	world_random(out->salt, sizeof(out->salt));
}
