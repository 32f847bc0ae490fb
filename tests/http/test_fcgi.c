/* SPDX-License-Identifier: ISC */
/* The loop: a worker on a unix socket, spoken to in FastCGI; and plain CGI. */

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "worker.h"

/* A wait of SLOW_MS is seen as one of SEEN_MS at least, on a busy machine. */
enum { BIG = 200 * 1024, SLOW_MS = 300, SEEN_MS = 50, SOON_MS = 1000 };

static bool term_at_accept;

/*
 * In place of libc's, for the library: SIGTERM comes after the library looked
 * whether it should leave, and before it waits.
 */
int
accept(int fd, __SOCKADDR_ARG at, socklen_t *restrict len)
{
	if (term_at_accept)
		raise(SIGTERM);
	return accept4(fd, at, len, 0);
}

/* ---- what the workers do ------------------------------------------------ */

/* The path, a line feed, and the body as it came. */
static void
serve_echo(void *with, char *const *env, struct source source,
    const char **answer, size_t *len)
{
	struct ctx *c = with;
	struct text body = text_new(c->arena);
	struct res res = {.status = 200, .type = "text/plain"};
	struct req r;
	enum err e;

	if ((e = request_read(c, env, source, &r)) ||
	    (e = request_body(c, &r))) {
		response_body(&res, err_status(e), "text/plain", err_name(e));
	} else {
		text_addf(&body, "%s\n", r.path);
		text_add_n(&body, r.body, r.body_len);
		res.body = body.s;
		res.body_len = body.len;
	}
	*answer = response_text(c, &r, &res, len);
}

/* A big answer, after a while. */
static void
serve_slowly(void *with, char *const *env, struct source source,
    const char **answer, size_t *len)
{
	struct ctx *c = with;
	struct res res = {0};
	struct sigaction pipe_action;
	struct req r;
	char *body;

	sigaction(SIGPIPE, NULL, &pipe_action);
	ck_assert(pipe_action.sa_handler == SIG_IGN);
	ck_assert_int_eq(request_read(c, env, source, &r), OK);
	world_sleep(SLOW_MS);
	body = arena_get(c->arena, BIG + 1);
	memset(body, 'z', BIG);
	response_body(&res, 200, "text/plain", body);
	*answer = response_text(c, &r, &res, len);
}

/* SIGTERM comes while the request is served. */
static void
serve_and_term(void *with, char *const *env, struct source source,
    const char **answer, size_t *len)
{
	raise(SIGTERM);
	serve_echo(with, env, source, answer, len);
}

static void
after_wipe(void *with)
{
	struct ctx *c = with;

	arena_wipe(c->arena);
}

static void
after_slowly(void *with)
{
	world_sleep(SLOW_MS);
	after_wipe(with);
}

/* SIGTERM comes between two requests. */
static void
after_term(void *with)
{
	raise(SIGTERM);
	after_wipe(with);
}

#define ECHO(length, said)                                                      \
	"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " length \
	"\r\n\r\n" said

/* ---- FastCGI ------------------------------------------------------------ */

/* Though the client asks to keep it, the connection ends with the answer. */
START_TEST(test_serves_and_leaves)
{
	struct ctx *c = test_ctx();
	struct worker w;
	int64_t took;
	int i;

	worker_start(c, &w, serve_echo, after_wipe);
	for (i = 0; i < 20; i++)
		ck_assert_str_eq(
		    ask(c, &w, "/a", "hello", 5), ECHO("8", "/a\nhello"));
	ck_assert_str_eq(ask(c, &w, "/", NULL, 0), ECHO("2", "/\n"));
	poll(NULL, 0, 50);
	ck_assert_int_eq(worker_term(&w, &took), 0);
	ck_assert_int_lt(took, SOON_MS);
	test_done(c);
}
END_TEST

static const struct {
	const char *what;
	size_t n;
	const char *status;
	/* clang-format off */
} bodies[] = {
	{ "one byte", 1, "Status: 200 " },
	{ "a record and one byte", RECORD_MAX + 1, "Status: 200 " },
	{ "exactly 64 KiB", BODY_MAX, "Status: 200 " },
	{ "one byte more", BODY_MAX + 1, "Status: 413 " },
};
/* clang-format on */

START_TEST(test_bodies)
{
	struct ctx *c = test_ctx();
	char *body = arena_get(c->arena, BODY_MAX + 1);
	const char *got;
	struct worker w;
	int64_t took;
	size_t i;

	for (i = 0; i < BODY_MAX + 1; i++)
		body[i] = (char)('a' + i % 23);
	worker_start(c, &w, serve_echo, after_wipe);
	for (i = 0; i < COUNT(bodies); i++) {
		got = ask(c, &w, "/b", body, bodies[i].n);
		ck_case(bodies[i].what,
		    got && strncmp(got, bodies[i].status, 12) == 0);
		if (bodies[i].n > BODY_MAX)
			continue;
		got = strstr(got, "\n/b\n");
		ck_case(bodies[i].what,
		    got && strlen(got + 4) == bodies[i].n &&
			memcmp(got + 4, body, bodies[i].n) == 0);
	}
	ck_assert_int_eq(worker_term(&w, &took), 0);
	test_done(c);
}
END_TEST

/* Fewer bytes than announced. */
START_TEST(test_short_body)
{
	struct ctx *c = test_ctx();
	struct stream *t = request_make(c, "/b", "hello", 5);
	struct worker w;
	int64_t took;
	char *at;
	int fd;

	worker_start(c, &w, serve_echo, after_wipe);
	at = memmem(t->s, t->len, "CONTENT_LENGTH5", 15);
	ck_assert_ptr_nonnull(at);
	at[14] = '6';
	fd = client_connect(&w);
	client_send(fd, t->s, t->len);
	ck_assert_ptr_nonnull(strstr(answer_read(c, fd), "body_length"));
	ck_assert_int_eq(worker_term(&w, &took), 0);
	test_done(c);
}
END_TEST

/* SIGTERM while it serves: the whole answer, then it leaves. */
START_TEST(test_term_while_serving)
{
	struct ctx *c = test_ctx();
	struct stream *t = request_make(c, "/", NULL, 0);
	struct worker w;
	int64_t took;
	char *got;
	int fd;

	worker_start(c, &w, serve_slowly, NULL);
	ck_assert_ptr_nonnull(ask(c, &w, "/", NULL, 0));
	fd = client_connect(&w);
	client_send(fd, t->s, t->len);
	poll(NULL, 0, SLOW_MS / 3);
	kill(w.pid, SIGTERM);
	got = answer_read(c, fd);
	ck_assert_ptr_nonnull(got);
	got = strstr(got, "\r\n\r\n");
	ck_assert_ptr_nonnull(got);
	ck_assert_uint_eq(strspn(got + 4, "z"), BIG);
	ck_assert_int_eq(worker_end(&w, &took), 0);
	ck_assert_int_lt(took, SOON_MS);
	test_done(c);
}
END_TEST

/* SIGTERM while the request has not come whole: it is still answered. */
START_TEST(test_term_while_reading)
{
	struct ctx *c = test_ctx();
	struct stream *t = request_make(c, "/r", "hello", 5);
	size_t cuts[] = {0, 3, 20, t->len - 20, t->len - RECORD_HEAD - 2};
	struct worker w;
	int64_t took;
	size_t i;
	int fd;

	for (i = 0; i < COUNT(cuts); i++) {
		worker_start(c, &w, serve_echo, after_wipe);
		ck_assert_ptr_nonnull(ask(c, &w, "/", NULL, 0));
		fd = client_connect(&w);
		client_send(fd, t->s, cuts[i]);
		poll(NULL, 0, 100);
		kill(w.pid, SIGTERM);
		poll(NULL, 0, 50);
		client_send(fd, t->s + cuts[i], t->len - cuts[i]);
		ck_assert_str_eq(answer_read(c, fd), ECHO("8", "/r\nhello"));
		ck_assert_int_eq(worker_end(&w, &took), 0);
	}
	test_done(c);
}
END_TEST

/* SIGTERM by the worker's own hand, in the request and between two. */
START_TEST(test_term_within)
{
	struct ctx *c = test_ctx();
	struct worker w;
	int64_t took;

	worker_start(c, &w, serve_and_term, after_wipe);
	ck_assert_str_eq(ask(c, &w, "/t", "x", 1), ECHO("4", "/t\nx"));
	ck_assert_int_eq(worker_end(&w, &took), 0);
	ck_assert_int_lt(took, SOON_MS);

	worker_start(c, &w, serve_echo, after_term);
	ck_assert_str_eq(ask(c, &w, "/t", "x", 1), ECHO("4", "/t\nx"));
	ck_assert_int_eq(worker_end(&w, &took), 0);
	ck_assert_int_lt(took, SOON_MS);
	test_done(c);
}
END_TEST

/* The race that the library loses: nobody comes, and it leaves all the same. */
START_TEST(test_term_at_accept)
{
	struct ctx *c = test_ctx();
	struct worker w;
	int64_t took;

	term_at_accept = true;
	worker_start(c, &w, serve_echo, after_wipe);
	term_at_accept = false;
	ck_assert_int_eq(worker_end(&w, &took), 0);
	ck_assert_int_lt(took, SOON_MS);
	test_done(c);
}
END_TEST

/* The answer is out before the work after it. */
START_TEST(test_answer_first)
{
	struct ctx *c = test_ctx();
	struct worker w;
	int64_t start, took;

	worker_start(c, &w, serve_echo, after_slowly);
	ck_assert_ptr_nonnull(ask(c, &w, "/", NULL, 0));
	start = clock_ms();
	ck_assert_ptr_nonnull(ask(c, &w, "/", NULL, 0));
	ck_assert_int_ge(clock_ms() - start, SEEN_MS);
	ck_assert_int_eq(worker_term(&w, &took), 0);
	ck_assert_int_ge(took, SEEN_MS);
	test_done(c);
}
END_TEST

/* A client that leaves costs nothing but its own answer. */
START_TEST(test_client_leaves)
{
	struct ctx *c = test_ctx();
	struct stream *t = request_make(c, "/", NULL, 0);
	struct worker w;
	int64_t took;
	int fd;
	worker_start(c, &w, serve_slowly, after_wipe);
	fd = client_connect(&w);
	client_send(fd, t->s, t->len);
	close(fd);
	ck_assert_ptr_nonnull(ask(c, &w, "/", NULL, 0));
	ck_assert_int_eq(worker_term(&w, &took), 0);
	test_done(c);
}
END_TEST

/* ---- plain CGI ---------------------------------------------------------- */

static char *cgi_post[] = {
    "REQUEST_METHOD=POST", "PATH_INFO=/c/", "CONTENT_LENGTH=5", NULL};
static char *cgi_chunked[] = {"REQUEST_METHOD=POST", "PATH_INFO=/c",
    "HTTP_TRANSFER_ENCODING=chunked", NULL};
static char *cgi_get[] = {"REQUEST_METHOD=GET", NULL};

START_TEST(test_cgi)
{
	struct ctx *c = test_ctx();
	struct cgi g;
	int64_t took;

	cgi_start(c, &g, cgi_post, serve_echo, NULL);
	ck_assert_int_eq(write(g.in, "hel", 3), 3);
	poll(NULL, 0, 20);
	ck_assert_int_eq(write(g.in, "lo and more", 11), 11);
	ck_assert_str_eq(cgi_answer(c, &g), ECHO("8", "/c\nhello"));
	ck_assert_int_eq(worker_wait(g.pid, &took), 0);
	close(g.in);
	test_done(c);
}
END_TEST

START_TEST(test_cgi_chunked)
{
	struct ctx *c = test_ctx();
	struct cgi g;
	int64_t took;

	cgi_start(c, &g, cgi_chunked, serve_echo, after_wipe);
	ck_assert_int_eq(write(g.in, "to the end", 10), 10);
	close(g.in);
	ck_assert_str_eq(cgi_answer(c, &g), ECHO("13", "/c\nto the end"));
	ck_assert_int_eq(worker_wait(g.pid, &took), 0);
	test_done(c);
}
END_TEST

/* A big answer comes whole; SIGTERM, which may follow, stops no work after it. */
START_TEST(test_cgi_answer_first)
{
	struct ctx *c = test_ctx();
	struct cgi g;
	int64_t took;
	char *got;

	cgi_start(c, &g, cgi_get, serve_slowly, after_slowly);
	got = strstr(cgi_answer(c, &g), "\r\n\r\n");
	ck_assert_ptr_nonnull(got);
	ck_assert_uint_eq(strspn(got + 4, "z"), BIG);
	ck_assert_int_eq(kill(g.pid, SIGTERM), 0);
	ck_assert_int_eq(worker_wait(g.pid, &took), 0);
	ck_assert_int_ge(took, SEEN_MS);
	close(g.in);
	test_done(c);
}
END_TEST

/* Nobody reads the answer: no SIGPIPE, and the work after it is done. */
START_TEST(test_cgi_client_leaves)
{
	struct ctx *c = test_ctx();
	struct cgi g;
	int64_t took;

	cgi_start(c, &g, cgi_get, serve_slowly, after_slowly);
	close(g.out);
	ck_assert_int_eq(worker_wait(g.pid, &took), 0);
	ck_assert_int_ge(took, SLOW_MS + SEEN_MS);
	close(g.in);
	test_done(c);
}
END_TEST

SUITE(fcgi, test_serves_and_leaves, test_bodies, test_short_body,
    test_term_while_serving, test_term_while_reading, test_term_within,
    test_term_at_accept, test_answer_first, test_client_leaves, test_cgi,
    test_cgi_chunked, test_cgi_answer_first, test_cgi_client_leaves)
