/* SPDX-License-Identifier: ISC */
/* doorward.fcgi: the worker, under FastCGI or as plain CGI. */

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "api/api.h"
#include "db/db.h"
#include "delivery/delivery.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/usr/local/etc"
#endif

/* What lasts, and the context that each request begins anew. */
struct worker {
	struct arena *lasting, *request;
	struct conf conf;
	struct house *house;
	struct db *db;
	struct ctx c;
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

/* The answer is out: nobody waits for this. */
static void
after(void *with)
{
	struct worker *w = with;

	db_settle(&w->c);
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
	struct worker w = {.lasting = arena_new()};
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
