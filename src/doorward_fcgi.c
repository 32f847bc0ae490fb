/* SPDX-License-Identifier: ISC */
/* doorward.fcgi: the worker, under FastCGI or as plain CGI. */

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/api.h"
#include "db/db.h"
#include "delivery/delivery.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/usr/local/etc"
#endif

enum {
	CHILDREN_MAX = 4, /* that hand messages over, at a time */
	/* a child that hangs is ended when others may have what it held */
	CHILD_SECONDS = INLINE_LEASE_MS / 1000
};

/* What lasts, and the context that each request begins anew. */
struct worker {
	struct arena *lasting, *request;
	struct conf conf;
	struct house *house;
	struct db *db;
	struct ctx c;
	bool cgi;
	pid_t children[CHILDREN_MAX];
};

/* Keys are in its memory: no core, no other process that reads it. */
static void
process_harden(void)
{
	const struct rlimit none = {0, 0};

	umask(077);
	if (setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		abort();
}

/* ---- configuration --------------------------------------------------------------- */

/* In CGI mode argv may hold words of the query, so it is not even looked at. */
static const char *
conf_path(bool cgi, int argc, char **argv)
{
	const char *path = getenv("DOORWARD_CONF");

	if (!cgi && argc == 3 && strcmp(argv[1], "-c") == 0)
		return argv[2];
	return path && *path ? path : SYSCONFDIR "/doorward/doorward.conf";
}

/* NULL, or the sentence that says what is wrong. */
static const char *
worker_open(struct worker *w, const char *path)
{
	enum log_level level = LOG_INFO;
	const char *why = NULL;

	if (conf_read(w->lasting, path, &w->conf, &why) ||
	    (why = channels_check(w->lasting, &w->conf)) != NULL ||
	    house_open(&w->conf, w->lasting, &w->house, &why))
		return why;
	(void)log_level_read(w->conf.log_level, &level);
	log_level_set(level);
	world_clock_file(w->conf.clock_file);
	w->db = db_new(&w->conf);
	return NULL;
}

/* ---- requests -------------------------------------------------------------------- */

static void
context_begin(struct worker *w)
{
	w->c = (struct ctx){
	    .arena = w->request,
	    .db = w->db,
	    .conf = &w->conf,
	    .house = w->house,
	    .now = world_now(),
	};
}

static void
serve(void *with, char *const *env, struct source source, const char **answer,
    size_t *len)
{
	struct worker *w = with;

	context_begin(w);
	api_serve(&w->c, env, source, answer, len);
}

/* ---- delivery without a daemon --------------------------------------------------- */

/*
 * A session of its own that holds nothing a web server waits for: as plain CGI
 * not even stderr. It is left to end by itself.
 */
static void
child_enter(const struct worker *w)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGUSR1, SIG_IGN);
	(void)alarm(CHILD_SECONDS);
	if (setsid() == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(null, STDOUT_FILENO) == -1 ||
	    (w->cgi && dup2(null, STDERR_FILENO) == -1))
		_exit(EXIT_FAILURE);
}

/* Should it fail, the courier has the message again when the lease is over. */
static _Noreturn void
child_run(struct worker *w)
{
	enum err e;

	child_enter(w);
	db_forget(w->db);
	w->c.now = world_now();
	e = courier_run_one(&w->c, w->c.outbox);
	db_close(w->db);
	_exit(e == OK || e == ERR_NOT_FOUND ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* NULL: as many are at work as may be. Who is over has left nothing behind. */
static pid_t *
child_place(struct worker *w)
{
	size_t i;

	for (i = 0; i < COUNT(w->children); i++)
		if (w->children[i] == 0 ||
		    waitpid(w->children[i], NULL, WNOHANG) != 0)
			return &w->children[i];
	return NULL;
}

/* In a child, or the next request would wait for it. */
static void
outbox_hand_over(struct worker *w)
{
	pid_t *place, pid;

	if (uuid_is_nil(w->c.outbox) || strcmp(w->conf.deliver, "inline") != 0)
		return;
	if ((place = child_place(w)) == NULL) {
		log_event(
		    &w->c, LOG_INFO, "inline_busy", "%d at work", CHILDREN_MAX);
		return;
	}
	if ((pid = fork()) == 0)
		child_run(w);
	if (pid == -1)
		log_event(&w->c, LOG_WARN, "inline_failed", "no child");
	*place = pid == -1 ? 0 : pid;
}

/* The answer is out: nobody waits for this. */
static void
after(void *with)
{
	struct worker *w = with;

	db_settle(&w->c);
	outbox_hand_over(w);
	server_used(&w->c);
	counters_flush(&w->c, false);
	arena_wipe(w->request);
}

/* Plain CGI cannot refuse to start: each request is told to come again. */
static void
serve_unready(void *with, char *const *env, struct source source,
    const char **answer, size_t *len)
{
	static const char unready[] = "Status: 503 Service Unavailable\r\n"
				      "Retry-After: 30\r\n"
				      "Cache-Control: no-store\r\n"
				      "Content-Length: 0\r\n"
				      "\r\n";

	(void)with;
	(void)env;
	(void)source;
	*answer = unready;
	*len = sizeof(unready) - 1;
}

static int
worker_run(struct worker *w)
{
	int status;

	w->request = arena_new();
	(void)signal(SIGCHLD, SIG_IGN); /* the system buries our children */
	status = fcgi_serve(serve, after, w);
	context_begin(w);
	counters_flush(&w->c, true);
	db_close(w->db);
	house_close(w->house);
	arena_free(w->request);
	return status;
}

int
main(int argc, char **argv)
{
	bool cgi = fcgi_is_cgi();
	struct worker w = {.lasting = arena_new(), .cgi = cgi};
	const char *wrong;
	int status = EXIT_FAILURE;

	process_harden();
	wrong = worker_open(&w, conf_path(cgi, argc, argv));
	if (wrong == NULL) {
		status = worker_run(&w);
	} else {
		log_event(NULL, LOG_ERROR, "configuration_wrong", "%s", wrong);
		if (cgi)
			status = fcgi_serve(serve_unready, NULL, NULL);
	}
	arena_free(w.lasting);
	return status;
}
