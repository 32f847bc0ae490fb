/* SPDX-License-Identifier: ISC */
/* errors: the list of errors.def, looked up by number. */

#include "base/base.h"

struct error {
	const char *name;
	int status;
	const char *sentence;
};

static const struct error errors[ERR_COUNT] = {
    [OK] = {"OK", 200, "Done."},
#define ERR(name, status, sentence) [ERR_##name] = {#name, status, sentence},
#include "base/errors.def"
#undef ERR
};

enum { NAME_ROOM = 32 };

static const struct error *
error_row(enum err e)
{
	return (unsigned)e < ERR_COUNT ? &errors[e] : &errors[ERR_INTERNAL];
}

const char *
err_name(enum err e)
{
	static char names[ERR_COUNT][NAME_ROOM];
	const char *upper = error_row(e)->name;
	char *name = names[error_row(e) - errors];
	size_t i;

	if (name[0] != '\0')
		return name;
	for (i = 0; upper[i] != '\0' && i < NAME_ROOM - 1; i++)
		name[i] = upper[i] >= 'A' && upper[i] <= 'Z'
			      ? (char)(upper[i] + ('a' - 'A'))
			      : upper[i];
	return name;
}

int
err_status(enum err e)
{
	return error_row(e)->status;
}

const char *
err_sentence(enum err e)
{
	return error_row(e)->sentence;
}
