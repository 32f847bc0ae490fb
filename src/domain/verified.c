/* SPDX-License-Identifier: ISC */
/* Signatures that held before: a bounded memory of tokens, never of sessions. */

#include "domain/inside.h"

#include <string.h>

/* A shared secret's MAC costs no more than the hash that would spare it. */
static bool
is_worth_it(const struct ring_key *ring)
{
	return key_alg(ring->key) == ALG_ES256;
}

/*
 * A turn is that of one parsed key: when its slot of the ring takes another,
 * or finds it gone, all that it has proven is forgotten with it.
 */
enum err
token_prove(
    struct ctx *c, const struct jwt_head *head, const struct ring_key *ring)
{
	struct digest hash = digest_text(head->token);
	struct verified *slot = &c->house->verified[hash.b[0] % VERIFIED_SLOTS];
	enum err e;

	if (is_worth_it(ring) && slot->turn == ring->turn &&
	    digest_equal(&slot->token, &hash))
		return OK;
	c->house->proofs++;
	if ((e = jwt_prove(c, head, ring->key)))
		return e;
	if (is_worth_it(ring))
		*slot = (struct verified){hash, ring->turn};
	return OK;
}
