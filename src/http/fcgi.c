/* SPDX-License-Identifier: ISC */
/* The loop: FastCGI until SIGTERM, or one request as plain CGI. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "http/http.h"

enum { SILENCE_MS = 2000, UNREAD_MAX = 16 * 1024 * 1024 };

static int null_fd = -1;
static volatile sig_atomic_t stop;

/*
 * Leave when the request in hand is answered. The listening socket is swapped
 * for /dev/null, so that an accept() begun or restarted after this fails.
 */
static void
on_term(int signo)
{
	int saved = errno;

	(void)signo;
	stop = 1;
	dup2(null_fd, STDIN_FILENO);
	FCGX_ShutdownPending();
	errno = saved;
}

/* Restarting, so that no read or write of a request in hand is cut short. */
static void
leave_by(void (*handler)(int))
{
	struct sigaction leave = {.sa_handler = handler};

	leave.sa_flags = SA_RESTART;
	sigaction(SIGTERM, &leave, NULL);
	sigaction(SIGUSR1, &leave, NULL);
}

static _Noreturn void
start_failed(void)
{
	log_event(NULL, LOG_ERROR, "start_failed", "error %d", errno);
	abort();
}

/*
 * Asked once. Our handlers come first: FCGX_Init() would set one of its own,
 * and who is told to leave between the two would stay. Told that early, stdin
 * says nothing any more, and there is nothing to do.
 */
bool
fcgi_is_cgi(void)
{
	static bool cgi;

	if (null_fd != -1)
		return cgi;
	if ((null_fd = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1)
		start_failed();
	leave_by(on_term);
	if (FCGX_Init() != 0)
		start_failed();
	(void)signal(SIGPIPE, SIG_IGN);
	cgi = FCGX_IsCGI() != 0;
	if (stop)
		exit(EXIT_SUCCESS);
	if (cgi)
		leave_by(SIG_DFL);
	return cgi;
}

static size_t
read_stream(void *from, char *into, size_t n)
{
	return (size_t)FCGX_GetStr(into, n > INT_MAX ? INT_MAX : (int)n, from);
}

static size_t
read_stdin(void *from, char *into, size_t n)
{
	size_t *taken = from;
	ssize_t got;

	do
		got = read(STDIN_FILENO, into, n);
	while (got == -1 && errno == EINTR);
	if (got <= 0)
		return 0;
	*taken += (size_t)got;
	return (size_t)got;
}

/* As much as is announced: not every server lets stdin end after that. */
static size_t
body_length(void)
{
	const char *length = getenv("CONTENT_LENGTH");
	const char *coding = getenv("HTTP_TRANSFER_ENCODING");
	int64_t n = 0;

	if (length && *length)
		return number_read(length, UNREAD_MAX, &n) ? (size_t)n : 0;
	return coding ? UNREAD_MAX : 0;
}

/*
 * The body to its end, though it was refused: Apache's mod_cgid writes all of
 * it first, and an answer beside unread bytes arrives torn.
 */
static void
body_drain(size_t taken)
{
	size_t length = body_length();
	char rest[4096];

	while (taken < length && read_stdin(&taken, rest, sizeof(rest)) > 0)
		;
}

static bool
write_stream(FCGX_Stream *out, const char *s, size_t len)
{
	int n, put;

	for (; len > 0; s += n, len -= (size_t)n) {
		n = len > INT_MAX ? INT_MAX : (int)len;
		put = FCGX_PutStr(s, n, out);
		if (put != n)
			return false;
	}
	return true;
}

static bool
write_stdout(const char *s, size_t len)
{
	ssize_t put;

	while (len > 0) {
		put = write(STDOUT_FILENO, s, len);
		if (put == -1 && errno != EINTR)
			return false;
		s += put > 0 ? put : 0;
		len -= put > 0 ? (size_t)put : 0;
	}
	return true;
}

static void
log_unsent(bool sent, size_t len)
{
	if (!sent)
		log_event(NULL, LOG_WARN, "answer_unsent", "%zu bytes", len);
}

/*
 * The server waits for the end of stdout: give it before `after` works on. Once
 * it has the answer it ends the program by SIGTERM, as lighttpd and Apache do;
 * what is left to do is soon done, and must be.
 */
static int
serve_cgi(serve_fn *serve, void (*after)(void *), void *with)
{
	size_t taken = 0, len = 0;
	struct source source = {read_stdin, &taken};
	const char *answer = NULL;

	serve(with, environ, source, &answer, &len);
	body_drain(taken);
	leave_by(SIG_IGN);
	log_unsent(write_stdout(answer, len), len);
	dup2(null_fd, STDOUT_FILENO);
	if (after)
		after(with);
	return EXIT_SUCCESS;
}

static void
serve_fcgi(FCGX_Request *r, serve_fn *serve, void *with)
{
	struct source source = {read_stream, r->in};
	const char *answer = NULL;
	size_t len = 0;

	serve(with, r->envp, source, &answer, &len);
	log_unsent(write_stream(r->out, answer, len), len);
	r->keepConnection = 0;
	FCGX_Finish_r(r);
}

/* Does the web server begin to speak, as it does at once? */
static bool
speaks(int fd)
{
	struct pollfd waited = {fd, POLLIN, 0};
	int n;

	do
		n = poll(&waited, 1, SILENCE_MS);
	while (n == -1 && errno == EINTR);
	return n > 0;
}

/*
 * The next request; 0, or -errno. We accept ourselves, for libfcgi lets go of
 * a connection that it has just accepted when a signal comes at that moment.
 * keepConnection keeps it from closing ours before it reads.
 */
static int
request_await(FCGX_Request *r)
{
	int fd;

	for (;;) {
		fd = accept(STDIN_FILENO, NULL, NULL);
		if (fd == -1 && errno != ECONNABORTED)
			return -errno;
		if (fd != -1 && speaks(fd))
			break;
		if (fd != -1)
			close(fd);
	}
	r->ipcFd = fd;
	r->keepConnection = 1;
	return FCGX_Accept_r(r);
}

int
fcgi_serve(serve_fn *serve, void (*after)(void *), void *with)
{
	FCGX_Request r;
	int e = 0;

	if (fcgi_is_cgi())
		return serve_cgi(serve, after, with);
	FCGX_InitRequest(&r, STDIN_FILENO, FCGI_FAIL_ACCEPT_ON_INTR);
	while (!stop && (e = request_await(&r)) == 0) {
		serve_fcgi(&r, serve, with);
		if (after)
			after(with);
	}
	FCGX_Free(&r, 1);
	if (stop)
		return EXIT_SUCCESS;
	log_event(NULL, LOG_ERROR, "accept_failed", "error %d", -e);
	return EXIT_FAILURE;
}
