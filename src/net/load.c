/* SPDX-License-Identifier: ISC */
/* Load the module net.so when the first outbound call is made. */

#include <dlfcn.h>

#include "net/net.h"

/* The loader itself keeps one copy per path, so that asking again is cheap. */
enum err
net_load(struct ctx *c, const struct net_table **out)
{
	const struct net_table *table;
	const char *path;
	void *module;

	path = arena_print(c->arena, "%s/net.so", c->conf->module_dir);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!module)
		return fail(c, ERR_IO, "%s", dlerror());
	table = dlsym(module, "net_table");
	if (!table)
		return fail(c, ERR_IO, "%s has no net_table", path);
	if (table->version != NET_VERSION)
		return fail(c, ERR_IO, "%s is of version %d, not %d", path,
		    table->version, (int)NET_VERSION);
	*out = table;
	return OK;
}
