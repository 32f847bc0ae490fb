/* SPDX-License-Identifier: ISC */
/* Guests: a session id that is made without a write, and names a cart. */

#include "domain/domain.h"

#include <string.h>

enum { GUEST_RANDOM = 16, GUEST_MAC = 16, GUEST_LEN = 32 };

enum err
guest_make(struct ctx *c, struct secret *out)
{
	unsigned char bytes[GUEST_LEN];
	struct bytes part = {bytes, GUEST_RANDOM};
	struct digest mac;
	enum err e;

	world_random(bytes, GUEST_RANDOM);
	if ((e = tenant_mac(c, "guest", &part, 1, &mac)))
		return e;
	memcpy(bytes + GUEST_RANDOM, mac.b, GUEST_MAC);
	out->s = base64url_text(c->arena, bytes, sizeof(bytes));
	return OK;
}

enum err
guest_cart(struct ctx *c, const char *guest, struct uuid *out)
{
	unsigned char *bytes;
	struct bytes part;
	struct digest mac, hash;
	size_t n;
	enum err e;

	*out = (struct uuid){{0}};
	if (guest == NULL)
		return OK;
	bytes = base64url_read(c->arena, guest, strlen(guest), &n);
	if (bytes == NULL || n != GUEST_LEN)
		return OK;
	part = (struct bytes){bytes, GUEST_RANDOM};
	if ((e = tenant_mac(c, "guest", &part, 1, &mac)))
		return e;
	if (!bytes_equal(mac.b, bytes + GUEST_RANDOM, GUEST_MAC)) {
		log_event(c, LOG_WARN, "guest_forged", "not made here");
		return OK;
	}
	hash = digest_text(guest);
	memcpy(out->b, hash.b, sizeof(out->b));
	return OK;
}
