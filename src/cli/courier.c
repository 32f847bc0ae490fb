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
kind_round(struct ctx *c, enum message_kind kind, uint64_t *n)
{
	struct courier_round round = {0};
	enum err e = courier_deliver(c, kind, &round);

	*n = round.sent + round.later + round.dead;
	return e;
}

static enum err
sms_round(struct ctx *c, uint64_t *n)
{
	return kind_round(c, MESSAGE_SMS, n);
}

static enum err
whatsapp_round(struct ctx *c, uint64_t *n)
{
	return kind_round(c, MESSAGE_WHATSAPP, n);
}

/* Mail, and what else there is to do that waits for nobody outside. */
static enum err
mail_round(struct ctx *c, uint64_t *n)
{
	struct courier_round tidied = {0};
	enum err e;

	if ((e = kind_round(c, MESSAGE_EMAIL, n)) ||
	    (e = courier_tidy(c, &tidied)))
		return e;
	return keys_turn(c, n);
}

static enum err
herald_round_run(struct ctx *c, uint64_t *n)
{
	struct herald_round round;
	enum err e = herald_run(c, &round);

	*n = round.told + round.later + round.dead;
	return e;
}

static const struct duty mail = {"courier", mail_round, COURIER_BATCH};

/* What is done in a process of its own beside that. */
static const struct duty others[] = {
    {"whatsapp", whatsapp_round, COURIER_BATCH},
    {"sms", sms_round, COURIER_BATCH},
    {"herald", herald_round_run, 1},
};

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
duty_finish(struct ctx *c, const struct duty *duty)
{
	uint64_t n;
	enum err e;

	do {
		if ((e = round_run(c, duty, &n)))
			return e;
	} while (!stop && n > 0);
	return OK;
}

/* What WhatsApp did not take is an SMS now: those come after it. */
static enum err
run_once(struct ctx *c)
{
	enum err e = duty_finish(c, &mail);
	size_t i;

	for (i = 0; i < COUNT(others) && e == OK; i++)
		e = duty_finish(c, &others[i]);
	return e;
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
 * Whoever is slow holds up nothing else: WhatsApp no SMS, a webhook no code.
 * Helpers end with their parent, and are begun again should they die.
 */
struct helper {
	const struct duty *duty;
	pid_t pid; /* 0: does not run */
	int64_t begun_at;
};

static struct helper helpers[COUNT(others)];
static size_t helpers_n; /* a helper has none */

static void
helper_run(struct ctx *c, const struct duty *duty, pid_t parent)
{
	helpers_n = 0;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)prctl(
	    PR_SET_NAME, arena_print(c->arena, "dw-%s", duty->name), 0, 0, 0);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	db_forget(c->db);
	_exit(run_on(c, duty) == OK ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void
helper_look(struct ctx *c, struct helper *h)
{
	pid_t parent = getpid();

	if (h->pid > 0 && waitpid(h->pid, NULL, WNOHANG) == 0)
		return;
	h->pid = 0;
	if (h->begun_at != 0 && c->now - h->begun_at < TROUBLE_MAX_MS)
		return;
	h->begun_at = world_now();
	if ((h->pid = fork()) == 0)
		helper_run(c, h->duty, parent);
	if (h->pid < 0)
		log_event(c, LOG_ERROR, "helper_not_begun", "%s: no process",
		    h->duty->name);
}

static void
helpers_look(struct ctx *c)
{
	size_t i;

	for (i = 0; i < helpers_n; i++)
		helper_look(c, &helpers[i]);
}

/* All are told before any is waited for. */
static void
helpers_end(void)
{
	size_t i;

	for (i = 0; i < helpers_n; i++)
		if (helpers[i].pid > 0)
			(void)kill(helpers[i].pid, SIGTERM);
	for (i = 0; i < helpers_n; i++)
		while (helpers[i].pid > 0 &&
		       waitpid(helpers[i].pid, NULL, 0) < 0 && errno == EINTR)
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
		helpers_look(c);
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
		return run_once(c);
	for (; helpers_n < COUNT(others); helpers_n++)
		helpers[helpers_n].duty = &others[helpers_n];
	e = run_on(c, &mail);
	helpers_end();
	return e;
}
