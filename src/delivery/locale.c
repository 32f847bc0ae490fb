/* SPDX-License-Identifier: ISC */
/* The languages that there are templates in: the folders of template_dir. */

#include <dirent.h>
#include <string.h>

#include "delivery/delivery.h"

enum { LOCALES_MAX = 64 };

static bool
is_listed(const char *const *list, const char *name)
{
	for (; *list != NULL; list++)
		if (ascii_equal_fold(*list, name))
			return true;
	return false;
}

/* What is no language is no folder of ours. */
static void
folder_read(struct arena *a, DIR *folder, const char **list)
{
	struct dirent *entry;
	size_t n = 1;

	while (n < LOCALES_MAX && (entry = readdir(folder)) != NULL)
		if (language_normal(a, entry->d_name) != NULL &&
		    !is_listed(list, entry->d_name))
			list[n++] = arena_text(a, entry->d_name);
}

const char *const *
locales_read(struct arena *a, const struct conf *conf)
{
	const char **list = arena_list(a, LOCALES_MAX + 1, sizeof(*list));
	DIR *folder = conf->template_dir ? opendir(conf->template_dir) : NULL;

	list[0] = "en";
	if (folder != NULL) {
		folder_read(a, folder, list);
		(void)closedir(folder);
	}
	return list;
}
