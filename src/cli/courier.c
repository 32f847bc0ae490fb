/* SPDX-License-Identifier: ISC */
/* doorward courier: delivers messages and tells webhooks, once or on and on. */

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "delivery/delivery.h"

enum {
	IDLE_MS = 1000,       /* nothing was due */
	BUSY_MS = 250,        /* something was */
	TROUBLE_MIN_MS = 250, /* doubled up to … */
	TROUBLE_MAX_MS = 10 * 1000,
	NAP_MS = 50 /* a stop is heard within */
};

static volatile sig_atomic_t stop;

static void
on_stop(int signo)
{
	(void)signo;
	stop = 1;
	courier_stop();
	herald_stop();
}

/* Restarting, so that no delivery in hand is cut short. */
static void
signals_set(void)
{
	struct sigaction leave = {.sa_handler = on_stop};

	leave.sa_flags = SA_RESTART;
	(void)sigaction(SIGTERM, &leave, NULL);
	(void)sigaction(SIGINT, &leave, NULL);
}

static void
nap(int64_t ms)
{
	for (; ms > 0 && !stop; ms -= NAP_MS)
		world_sleep(ms < NAP_MS ? ms : NAP_MS);
}

static int64_t
twice(int64_t ms)
{
	return 2 * ms < TROUBLE_MAX_MS ? 2 * ms : TROUBLE_MAX_MS;
}

/* ---- what it is on duty for ------------------------------------------------- */

/* A round of work; how much of it there was, and from how much on more waits. */
struct duty {
	const char *name;
	enum err (*round)(struct ctx *, uint64_t *n);
	uint64_t batch;
};

/* Old signing keys get successors: asked once an hour, some tenants a round. */
static enum err
keys_turn(struct ctx *c, uint64_t *n)
{
	static struct uuid after;
	static int64_t due_at;
	int64_t made = 0;
	enum err e;

	if (c->now < due_at)
		return OK;
	if ((e = signing_keys_turn(c, &after, &made)))
		return e;
	if (made > 0)
		log_event(
		    c, LOG_INFO, "signing_keys_rotated", "%" PRId64, made);
	if (uuid_is_nil(after))
		due_at = c->now + HOUR_MS;
	*n += !uuid_is_nil(after);
	return OK;
}

static enum err
post_round(struct ctx *c, uint64_t *n)
{
	struct courier_round round;
	enum err e = courier_run(c, &round);

	*n = round.sent + round.later + round.dead;
	return e ? e : keys_turn(c, n);
}

static enum err
herald_round_run(struct ctx *c, uint64_t *n)
{
	struct herald_round round;
	enum err e = herald_run(c, &round);

	*n = round.told + round.later + round.dead;
	return e;
}

static const struct duty post = {"courier", post_round, COURIER_BATCH};
static const struct duty herald = {"herald", herald_round_run, 1};

static enum err
round_run(struct ctx *c, const struct duty *duty, uint64_t *n)
{
	enum err e;

	arena_wipe(c->arena);
	c->now = world_now();
	*n = 0;
	e = duty->round(c, n);
	db_settle(c);
	return e;
}

/* A full batch was hardly the whole of it. */
static int64_t
pause_after(const struct duty *duty, uint64_t n)
{
	if (n >= duty->batch)
		return 0;
	return n > 0 ? BUSY_MS : IDLE_MS;
}

/* ---- --once ------------------------------------------------------------------- */

static enum err
run_once(struct ctx *c, const struct duty *duty)
{
	uint64_t n;
	enum err e;

	do {
		if ((e = round_run(c, duty, &n)))
			return e;
	} while (!stop && n > 0);
	return OK;
}

/* ---- the daemon ----------------------------------------------------------------- */

/* The level that the configuration names. */
static void
log_level_usual(const struct ctx *c)
{
	enum log_level level = LOG_INFO;

	(void)log_level_read(c->conf->log_level, &level);
	log_level_set(level);
}

static enum err run_on(struct ctx *, const struct duty *);

/*
 * Webhooks have a process of their own, so that none that is slow ever holds up
 * a code. It ends with its parent, and is begun again should it die.
 */
static bool helper_wanted;
static pid_t helper;
static int64_t helper_begun_at;

static void
helper_run(struct ctx *c, pid_t parent)
{
	helper_wanted = false;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	db_forget(c->db);
	_exit(run_on(c, &herald) == OK ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void
helper_look(struct ctx *c)
{
	pid_t parent = getpid();

	if (!helper_wanted)
		return;
	if (helper > 0 && waitpid(helper, NULL, WNOHANG) == 0)
		return;
	helper = 0;
	if (helper_begun_at != 0 && c->now - helper_begun_at < TROUBLE_MAX_MS)
		return;
	helper_begun_at = world_now();
	if ((helper = fork()) == 0)
		helper_run(c, parent);
	if (helper < 0)
		log_event(c, LOG_ERROR, "herald_not_begun", "no process");
}

static void
helper_end(void)
{
	if (helper <= 0)
		return;
	(void)kill(helper, SIGTERM);
	while (waitpid(helper, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Said once; then quietly ask until the database answers again. */
static void
database_await(struct ctx *c)
{
	int64_t pause = TROUBLE_MIN_MS;
	enum err e;

	log_event(c, LOG_ERROR, "courier_waits", "for the database");
	log_level_set(LOG_ERROR + 1);
	do {
		nap(pause);
		pause = twice(pause);
		arena_wipe(c->arena);
		c->now = world_now();
		e = stop ? OK : house_ready(c);
	} while (e == ERR_DB_AWAY);
	log_level_usual(c);
	log_event(c, LOG_INFO, "courier_goes_on", "the database answers");
}

static enum err
run_on(struct ctx *c, const struct duty *duty)
{
	int64_t trouble = TROUBLE_MIN_MS;
	uint64_t n;
	enum err e;

	log_event(c, LOG_INFO, "courier_started", "%s", duty->name);
	while (!stop) {
		helper_look(c);
		e = round_run(c, duty, &n);
		if (e == ERR_DB_AWAY) {
			database_await(c);
		} else if (e) {
			nap(trouble);
			trouble = twice(trouble);
			continue;
		}
		trouble = TROUBLE_MIN_MS;
		nap(pause_after(duty, n));
	}
	log_event(c, LOG_INFO, "courier_stopped", "%s, by signal", duty->name);
	return OK;
}

enum err
cli_courier(struct ctx *c, const struct given *in)
{
	const char *why = channels_check(c->arena, c->conf);
	enum err e;

	if (why != NULL)
		return say(ERR_CONF, "%s.", why);
	log_level_usual(c);
	signals_set();
	if (in->once)
		return (e = run_once(c, &post)) ? e : run_once(c, &herald);
	helper_wanted = true;
	e = run_on(c, &post);
	helper_end();
	return e;
}
