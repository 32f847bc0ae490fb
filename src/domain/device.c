/* SPDX-License-Identifier: ISC */
/* A device's name out of what its browser says of itself. */

#include "domain/domain.h"

#include <string.h>

struct mark {
	const char *in, *name;
};

/* The first that is found counts: most browsers also say that they are others. */
static const struct mark browsers[] = {
    {"Edg", "Edge"},
    {"OPR/", "Opera"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"FxiOS/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"},
    {"Safari/", "Safari"},
};

static const struct mark systems[] = {
    {"iPhone", "iPhone"},
    {"iPad", "iPad"},
    {"Android", "Android"},
    {"Windows", "Windows"},
    {"CrOS", "ChromeOS"},
    {"Mac OS X", "macOS"},
    {"Macintosh", "macOS"},
    {"Linux", "Linux"},
};

static const char *
mark_find(const struct mark *marks, size_t n, const char *agent)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strstr(agent, marks[i].in) != NULL)
			return marks[i].name;
	return NULL;
}

const char *
device_name(struct arena *a, const char *agent)
{
	const char *browser, *system;

	if (agent == NULL)
		return NULL;
	browser = mark_find(browsers, COUNT(browsers), agent);
	system = mark_find(systems, COUNT(systems), agent);
	if (browser != NULL && system != NULL)
		return arena_print(a, "%s on %s", browser, system);
	if (browser != NULL || system != NULL)
		return browser ? browser : system;
	/* a program's: "curl/7.88.1" */
	return arena_copy(a, agent, strcspn(agent, " ("));
}
