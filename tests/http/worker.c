/* SPDX-License-Identifier: ISC */
/* A worker of our own, and a small FastCGI client to speak to it. */

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

enum {
	BEGIN_REQUEST = 1,
	END_REQUEST = 3,
	PARAMS = 4,
	STDIN = 5,
	STDOUT = 6,
	ANSWER_ROOM = 512 * 1024,
	PATIENCE_MS = 10000
};

int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
socket_of(const struct worker *w, struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ne(fd, -1);
	memset(at, 0, sizeof(*at));
	at->sun_family = AF_UNIX;
	memcpy(at->sun_path, w->path, sizeof(w->path));
	return fd;
}

/* In the child, which has a copy of c to itself. */
static int
run(struct ctx *c, serve_fn *serve, void (*after)(void *))
{
	int status = fcgi_serve(serve, after, c);

	test_done(c);
	return status;
}

void
worker_start(
    struct ctx *c, struct worker *w, serve_fn *serve, void (*after)(void *))
{
	struct sockaddr_un at;
	int fd;

	memcpy(w->folder, "/tmp/fcgiXXXXXX", 16);
	ck_assert_ptr_nonnull(mkdtemp(w->folder));
	snprintf(w->path, sizeof(w->path), "%s/s", w->folder);
	fd = socket_of(w, &at);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	fflush(NULL);
	w->pid = fork();
	ck_assert_int_ne(w->pid, -1);
	if (w->pid == 0) {
		dup2(fd, STDIN_FILENO);
		_exit(run(c, serve, after));
	}
	close(fd);
}

int
worker_wait(pid_t pid, int64_t *took)
{
	int64_t start = clock_ms();
	int status = -1;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_ms() - start > PATIENCE_MS)
			kill(pid, SIGKILL);
		poll(NULL, 0, 2);
	}
	*took = clock_ms() - start;
	if (*took > PATIENCE_MS)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
worker_end(struct worker *w, int64_t *took)
{
	int status = worker_wait(w->pid, took);

	unlink(w->path);
	rmdir(w->folder);
	return status;
}

int
worker_term(struct worker *w, int64_t *took)
{
	kill(w->pid, SIGTERM);
	return worker_end(w, took);
}

/* ---- a small FastCGI client --------------------------------------------- */

static void
record_add(struct stream *t, unsigned char type, const void *s, size_t n)
{
	unsigned char head[RECORD_HEAD] = {
	    1, type, 0, 1, (unsigned char)(n >> 8), (unsigned char)n, 0, 0};

	ck_assert_uint_le(t->len + sizeof(head) + n, sizeof(t->s));
	memcpy(t->s + t->len, head, sizeof(head));
	if (n)
		memcpy(t->s + t->len + sizeof(head), s, n);
	t->len += sizeof(head) + n;
}

/* Names and values shorter than 128 bytes. */
static size_t
param_add(unsigned char *to, const char *name, const char *value)
{
	size_t n = strlen(name), m = strlen(value);

	to[0] = (unsigned char)n;
	to[1] = (unsigned char)m;
	memcpy(to + 2, name, n);
	memcpy(to + 2 + n, value, m);
	return 2 + n + m;
}

struct stream *
request_make(struct ctx *c, const char *path, const char *body, size_t n)
{
	static const unsigned char begin[8] = {0, 1, 1}; /* responder, keep */
	struct stream *t = arena_get(c->arena, sizeof(*t));
	unsigned char params[512];
	size_t len = 0, at, step;
	char length[24];

	snprintf(length, sizeof(length), "%zu", n);
	len += param_add(params, "REQUEST_METHOD", n ? "POST" : "GET");
	len += param_add(params + len, "PATH_INFO", path);
	len += param_add(params + len, "CONTENT_LENGTH", n ? length : "");
	record_add(t, BEGIN_REQUEST, begin, sizeof(begin));
	record_add(t, PARAMS, params, len);
	record_add(t, PARAMS, NULL, 0);
	for (at = 0; at < n; at += step) {
		step = n - at > RECORD_MAX ? RECORD_MAX : n - at;
		record_add(t, STDIN, body + at, step);
	}
	record_add(t, STDIN, NULL, 0);
	return t;
}

int
client_connect(const struct worker *w)
{
	struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
	struct sockaddr_un at;
	int fd = socket_of(w, &at);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

void
client_send(int fd, const unsigned char *s, size_t n)
{
	ssize_t put;

	for (; n > 0; s += put, n -= (size_t)put) {
		put = send(fd, s, n, MSG_NOSIGNAL);
		ck_assert_int_gt(put, 0);
	}
}

static size_t
read_all(int fd, char *to, size_t room)
{
	size_t len = 0;
	ssize_t got;

	while (len < room && (got = read(fd, to + len, room - len)) > 0)
		len += (size_t)got;
	return len;
}

char *
answer_read(struct ctx *c, int fd)
{
	unsigned char *raw = arena_get(c->arena, ANSWER_ROOM);
	size_t n, at = 0, len = read_all(fd, (char *)raw, ANSWER_ROOM);
	struct text out = text_new(c->arena);
	bool ended = false;

	close(fd);
	text_add(&out, "");
	while (at + RECORD_HEAD <= len) {
		n = (size_t)(raw[at + 4] << 8 | raw[at + 5]);
		if (at + RECORD_HEAD + n > len)
			return NULL;
		if (raw[at + 1] == STDOUT)
			text_add_n(&out, (char *)raw + at + RECORD_HEAD, n);
		ended = raw[at + 1] == END_REQUEST;
		at += RECORD_HEAD + n + raw[at + 6];
	}
	return ended ? out.s : NULL;
}

char *
ask(struct ctx *c, const struct worker *w, const char *path, const char *body,
    size_t n)
{
	struct stream *t = request_make(c, path, body, n);
	int fd = client_connect(w);

	client_send(fd, t->s, t->len);
	return answer_read(c, fd);
}

/* A child with these as its stdin and stdout; here they are closed. */
static pid_t
cgi_fork(struct ctx *c, const int ends[2], char **env, serve_fn *serve,
    void (*after)(void *))
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	ck_assert_int_ne(pid, -1);
	if (pid == 0) {
		dup2(ends[0], STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		closefrom(STDERR_FILENO + 1);
		environ = env;
		_exit(fcgi_is_cgi() ? run(c, serve, after) : 99);
	}
	close(ends[0]);
	if (ends[1] != ends[0])
		close(ends[1]);
	return pid;
}

void
cgi_start(struct ctx *c, struct cgi *g, char **env, serve_fn *serve,
    void (*after)(void *))
{
	int in[2], out[2];

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	g->pid = cgi_fork(c, (int[2]){in[0], out[1]}, env, serve, after);
	g->in = in[1];
	g->out = out[0];
}

void
cgi_start_joined(struct ctx *c, struct cgi *g, char **env, serve_fn *serve)
{
	int ends[2];

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	g->pid = cgi_fork(c, (int[2]){ends[0], ends[0]}, env, serve, NULL);
	g->in = g->out = ends[1];
}

char *
cgi_answer(struct ctx *c, struct cgi *g)
{
	char *out = arena_get(c->arena, ANSWER_ROOM);

	read_all(g->out, out, ANSWER_ROOM - 1);
	close(g->out);
	return out;
}
