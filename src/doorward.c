/* SPDX-License-Identifier: ISC */
/* doorward: the operator's command. */

#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "cli/cli.h"

/* Keys are in its memory: no core, no other process that reads it. */
static void
process_harden(void)
{
	const struct rlimit none = {0, 0};

	umask(077);
	if (setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		abort();
}

int
main(int argc, char **argv)
{
	process_harden();
	return cli_main(argc, argv);
}
