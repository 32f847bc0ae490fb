/* SPDX-License-Identifier: ISC */
/* fuzz: strict JSON; what is read, written and read again is the same. */

#include "fuzz/fuzz.h"

#include <string.h>

static const char *
again(struct ctx *c, const struct json *tree)
{
	struct writer w = writer_new(c->arena);

	write_tree(&w, NULL, tree);
	return writer_text(&w);
}

int
FUZZ_TARGET(json)(const uint8_t *p, size_t n)
{
	struct ctx *c = fuzz_ctx();
	const struct json *tree;
	const char *first;

	if (json_parse(c, (const char *)p, n, &tree) != OK)
		return 0;
	first = again(c, tree);
	fuzz_must(json_parse(c, first, strlen(first), &tree) == OK,
	    "what was written can be read");
	fuzz_must(strcmp(first, again(c, tree)) == 0, "and is the same");
	return 0;
}
