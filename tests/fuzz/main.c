/* SPDX-License-Identifier: ISC */
/* Replays the corpora: each file through its target, without a fuzzer. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 20, PATH_BYTES = 1024 };

/* clang-format off */
static const struct {
	const char	*name;
	int		(*target)(const uint8_t *, size_t);
} targets[] = {
	{ "address",   FUZZ_TARGET(address) },
	{ "base64url", FUZZ_TARGET(base64url) },
	{ "header",    FUZZ_TARGET(header) },
	{ "json",      FUZZ_TARGET(json) },
	{ "jwks",      FUZZ_TARGET(jwks) },
	{ "jwt",       FUZZ_TARGET(jwt) },
};
/* clang-format on */

static uint8_t input[INPUT_MAX];

/* From memory of just that size, so that a sanitizer sees its end. */
static bool
replay(size_t target, const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *exact;
	size_t n, i;

	if (f == NULL)
		return false;
	n = fread(input, 1, sizeof(input), f);
	(void)fclose(f);
	if ((exact = malloc(n + 1)) == NULL)
		abort();
	for (i = 0; i < n; i++)
		exact[i + 1] = input[i];
	(void)targets[target].target(exact + 1, n);
	free(exact);
	return true;
}

/* How many files went through. */
static size_t
folder_replay(size_t target, const char *src)
{
	char path[PATH_BYTES], file[2 * PATH_BYTES];
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", src,
	    targets[target].name);
	if ((dir = opendir(path)) == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(
		    file, sizeof(file), "%s/%s", path, entry->d_name);
		n += replay(target, file);
	}
	(void)closedir(dir);
	printf("%s: %zu files\n", targets[target].name, n);
	return n;
}

int
main(void)
{
	const char *src = getenv("DW_SRC");
	size_t i, n, all = 0, empty = 0;

	for (i = 0; i < COUNT(targets); i++) {
		n = folder_replay(i, src ? src : ".");
		all += n;
		empty += n == 0;
	}
	printf("%zu passed, %zu failed\n", all, empty);
	return empty > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
