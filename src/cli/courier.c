/* SPDX-License-Identifier: ISC */
/* doorward courier: delivers the outbox, once or until told to stop. */

#include <signal.h>

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

static enum err
round_run(struct ctx *c, struct courier_round *round)
{
	enum err e;

	arena_wipe(c->arena);
	c->now = world_now();
	e = courier_run(c, round);
	db_settle(c);
	return e;
}

static uint64_t
handled(const struct courier_round *round)
{
	return round->sent + round->later + round->dead;
}

/* A full batch was hardly the whole of it. */
static int64_t
pause_after(const struct courier_round *round)
{
	if (handled(round) >= COURIER_BATCH)
		return 0;
	return handled(round) > 0 ? BUSY_MS : IDLE_MS;
}

/* ---- --once ------------------------------------------------------------------- */

static enum err
run_once(struct ctx *c)
{
	struct courier_round round;
	enum err e;

	do {
		if ((e = round_run(c, &round)))
			return e;
	} while (!stop && handled(&round) > 0);
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
run_on(struct ctx *c)
{
	struct courier_round round;
	int64_t trouble = TROUBLE_MIN_MS;
	enum err e;

	log_event(
	    c, LOG_INFO, "courier_started", "%d at a time", COURIER_BATCH);
	while (!stop) {
		e = round_run(c, &round);
		if (e == ERR_DB_AWAY) {
			database_await(c);
		} else if (e) {
			nap(trouble);
			trouble = twice(trouble);
			continue;
		}
		trouble = TROUBLE_MIN_MS;
		nap(pause_after(&round));
	}
	log_event(c, LOG_INFO, "courier_stopped", "by signal");
	return OK;
}

enum err
cli_courier(struct ctx *c, const struct given *in)
{
	const char *why = channels_check(c->arena, c->conf);

	if (why != NULL)
		return say(ERR_CONF, "%s.", why);
	log_level_usual(c);
	signals_set();
	return in->once ? run_once(c) : run_on(c);
}
