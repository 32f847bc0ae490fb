/* SPDX-License-Identifier: ISC */
/* Preloaded into a worker: it dies with its answer in hand, when told to. */

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* A record of FastCGI that holds what the program says (its type is STDOUT). */
static int
is_answer(const unsigned char *record, size_t n)
{
	enum { VERSION_1 = 1, STDOUT = 6 };

	return n > 8 && record[0] == VERSION_1 && record[1] == STDOUT;
}

/* The file that DW_DIE names is taken away by one worker, which is no more. */
ssize_t
write(int fd, const void *what, size_t n)
{
	ssize_t (*real)(int, const void *, size_t);
	const char *told = getenv("DW_DIE");

	if (is_answer(what, n) && told && unlink(told) == 0)
		(void)raise(SIGKILL);
	*(void **)&real = dlsym(RTLD_NEXT, "write");
	return real(fd, what, n);
}
