/* SPDX-License-Identifier: ISC */
/* What the fuzz targets share. */

#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

struct ctx *
fuzz_ctx(void)
{
	static struct conf conf;
	static struct ctx c;

	if (c.arena == NULL) {
		settings_preset(conf_settings, &conf);
		conf.public_url = "https://auth.example.com";
		c.arena = arena_new();
		c.conf = &conf;
		log_level_set(LOG_ERROR + 1);
	}
	arena_wipe(c.arena);
	c.now = FUZZ_NOW * SECOND_MS;
	return &c;
}

char *
fuzz_text(struct ctx *c, const uint8_t *p, size_t n)
{
	return arena_copy(c->arena, (const char *)p, n);
}

void
fuzz_must(bool holds, const char *what)
{
	if (holds)
		return;
	(void)fprintf(stderr, "must hold: %s\n", what);
	abort();
}
