/* SPDX-License-Identifier: ISC */
/* fuzz: base64url; what is read is written again to the letter. */

#include "fuzz/fuzz.h"

#include <string.h>

int
FUZZ_TARGET(base64url)(const uint8_t *p, size_t n)
{
	struct ctx *c = fuzz_ctx();
	unsigned char *bytes;
	const char *text;
	size_t len;

	bytes = base64url_read(c->arena, (const char *)p, n, &len);
	if (bytes != NULL) {
		text = base64url_text(c->arena, bytes, len);
		fuzz_must(strlen(text) == n && memcmp(text, p, n) == 0,
		    "one text for the same bytes");
	}
	text = base64url_text(c->arena, p, n);
	bytes = base64url_read(c->arena, text, strlen(text), &len);
	fuzz_must(bytes != NULL && len == n && memcmp(bytes, p, n) == 0,
	    "all bytes can be written and read");
	return 0;
}
