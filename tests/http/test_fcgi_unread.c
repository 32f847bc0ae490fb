/* SPDX-License-Identifier: ISC */
/* Plain CGI whose body nobody wants: the answer arrives whole all the same. */

#include <sys/socket.h>
#include <unistd.h>

#include "worker.h"

enum { SENT = 100 * 1024 };

/* What each says of its body, of which SENT bytes come; stdin stays open? */
static const struct {
	const char *what;
	char *said;
	bool endless;
	/* clang-format off */
} unread[] = {
	{ "a body of a length", "CONTENT_LENGTH=102400", true },
	{ "one that is shorter than announced", "CONTENT_LENGTH=999999", false },
	{ "one in chunks", "HTTP_TRANSFER_ENCODING=chunked", false },
};
/* clang-format on */

static void
serve_unasked(void *with, char *const *env, struct source source,
    const char **answer, size_t *len)
{
	static const char said[] = "Status: 404 Not Found\r\n\r\n";

	(void)with;
	(void)env;
	(void)source;
	*answer = said;
	*len = sizeof(said) - 1;
}

/* All that comes; false when it ends with an error. */
static bool
read_whole(int fd, char *into, size_t room)
{
	ssize_t n;

	memset(into, 0, room);
	while ((n = read(fd, into + strlen(into), room - strlen(into) - 1)) > 0)
		;
	return n == 0;
}

START_TEST(test_unread)
{
	struct ctx *c = test_ctx();
	char *body = arena_get(c->arena, SENT);
	char said[256];
	struct cgi g;
	int64_t took;
	size_t i;

	for (i = 0; i < COUNT(unread); i++) {
		char *env[] = {"REQUEST_METHOD=POST", unread[i].said, NULL};

		cgi_start_joined(c, &g, env, serve_unasked);
		ck_assert_int_eq(write(g.in, body, SENT), SENT);
		if (!unread[i].endless)
			ck_assert_int_eq(shutdown(g.in, SHUT_WR), 0);
		ck_case(unread[i].what, read_whole(g.out, said, sizeof(said)));
		ck_case(unread[i].what, strstr(said, "404 Not Found") != NULL);
		ck_assert_int_eq(worker_wait(g.pid, &took), 0);
		close(g.in);
	}
	test_done(c);
}
END_TEST

SUITE(fcgi_unread, test_unread)
