/* SPDX-License-Identifier: ISC */
/* A worker of our own: under FastCGI on a unix socket, or as plain CGI. */

#ifndef WORKER_H
#define WORKER_H

#include <sys/types.h>

#include "http/http.h"
#include "test.h"

enum { RECORD_MAX = 32 * 1024, RECORD_HEAD = 8 };

int64_t		 clock_ms(void);

/* ---- FastCGI -------------------------------------------------------------- */

struct worker {
	char	folder[32], path[48];
	pid_t	pid;
};

/*
 * A child that listens as a web server would have started it. Its serve and
 * after are handed a copy of the context.
 */
void		 worker_start(struct ctx *, struct worker *, serve_fn *,
		    void (*after)(void *));
/* Exit status, 128 + signal, or -1 if it had to be killed; ms waited. */
int		 worker_wait(pid_t, int64_t *took);
/* The same, and the socket is removed. */
int		 worker_end(struct worker *, int64_t *took);
int		 worker_term(struct worker *, int64_t *took);

/* The bytes of one request. */
struct stream {
	unsigned char	s[128 * 1024];
	size_t		len;
};

/* GET, or POST when there is a body; the client asks to keep the connection. */
struct stream	*request_make(struct ctx *, const char *path, const char *body,
		    size_t n);
int		 client_connect(const struct worker *);
void		 client_send(int fd, const unsigned char *, size_t);
/* The worker's stdout; NULL when the answer does not end as it should. */
char		*answer_read(struct ctx *, int fd);
/* All of these in one. */
char		*ask(struct ctx *, const struct worker *, const char *path,
		    const char *body, size_t n);

/* ---- plain CGI ------------------------------------------------------------ */

struct cgi {
	pid_t	pid;
	int	in, out;	/* our ends of its stdin and stdout */
};

/* A child that leaves with 99 when it does not see that it is CGI. */
void		 cgi_start(struct ctx *, struct cgi *, char **env, serve_fn *,
		    void (*after)(void *));
/* The same with one socket for both, as Apache's mod_cgid does it. */
void		 cgi_start_joined(struct ctx *, struct cgi *, char **env,
		    serve_fn *);
/* Its stdout, to the end. */
char		*cgi_answer(struct ctx *, struct cgi *);

#endif
