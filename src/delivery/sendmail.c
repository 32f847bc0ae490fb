/* SPDX-License-Identifier: ISC */
/* The channel sendmail: hand a mail to the program that this machine has. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "delivery/delivery.h"

enum {
	NAP_MS = 10,
	NOT_STARTED = 127 /* exit status of a child that could not become it */
};

/* clang-format off */
/* Others are temporary, as EX_TEMPFAIL and EX_CONFIG are: they may be mended. */
static const struct {
	int			 status;
	enum delivery_result	 result;
	const char		*words;
} exits[] = {
	{ EX_OK,	  DELIVERY_DONE,  "" },
	{ EX_USAGE,	  DELIVERY_NEVER, "usage (64)" },
	{ EX_DATAERR,	  DELIVERY_NEVER, "the mail or an address is malformed (65)" },
	{ EX_NOUSER,	  DELIVERY_NEVER, "no such recipient (67)" },
	{ EX_NOHOST,	  DELIVERY_NEVER, "no such domain (68)" },
	{ EX_UNAVAILABLE, DELIVERY_LATER, "unavailable (69)" },
	{ EX_TEMPFAIL,	  DELIVERY_LATER, "try again later (75)" },
	{ EX_NOPERM,	  DELIVERY_LATER, "not allowed (77)" },
	{ EX_CONFIG,	  DELIVERY_LATER, "its configuration is wrong (78)" },
	{ NOT_STARTED,	  DELIVERY_LATER, "could not be started" },
};
/* clang-format on */

/* A sendmail at work. */
struct run {
	pid_t pid;
	int to;          /* its standard input */
	int64_t left_ms; /* of its time */
};

static const char *
path_fault(struct arena *a, const char *path)
{
	struct stat st;

	if (!path || *path != '/')
		return "sendmail must be a path that begins with /";
	if (stat(path, &st) || !S_ISREG(st.st_mode) || access(path, X_OK))
		return arena_print(a,
		    "sendmail: %s is no program; install a mail server that "
		    "brings it, or name its path",
		    path);
	return NULL;
}

const char *
sendmail_check(struct arena *a, const struct conf *conf)
{
	if (!conf->mail_from || !*conf->mail_from)
		return "mail_from is not set";
	return path_fault(a, conf->sendmail);
}

/* In the child: nothing of ours but the pipe, and a group of its own. */
static void
become(const char *path, char *const argv[], int in)
{
	char env_path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char env_locale[] = "LC_ALL=C";
	char *const envp[] = {env_path, env_locale, NULL};
	int nowhere = open("/dev/null", O_WRONLY);

	if (setsid() < 0 || nowhere < 0 || chdir("/") ||
	    signal(SIGPIPE, SIG_DFL) == SIG_ERR || dup2(in, 0) < 0 ||
	    dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0 ||
	    close_range(3, ~0U, 0))
		_exit(NOT_STARTED);
	execve(path, argv, envp);
	_exit(NOT_STARTED);
}

static bool
begin(struct ctx *c, const struct message *m, struct run *run)
{
	char *const argv[] = {arena_text(c->arena, c->conf->sendmail),
	    arena_text(c->arena, "-i"), arena_text(c->arena, "-f"),
	    arena_text(c->arena, mail_sender(c->conf, m)),
	    arena_text(c->arena, "--"), arena_text(c->arena, m->to), NULL};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return false;
	run->to = ends[1];
	run->pid = fork();
	if (run->pid == 0)
		become(argv[0], argv, ends[0]);
	close(ends[0]);
	if (run->pid > 0 && !fcntl(run->to, F_SETFL, O_NONBLOCK))
		return true;
	close(run->to);
	return false;
}

/* As much as it takes within its time; one that reads no more is judged later. */
static void
feed(struct run *run, const char *s, size_t len)
{
	struct pollfd wait = {.fd = run->to, .events = POLLOUT};
	ssize_t n;

	while (len > 0 && run->left_ms > 0) {
		n = write(run->to, s, len);
		if (n > 0) {
			s += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			if (poll(&wait, 1, NAP_MS) == 0)
				run->left_ms -= NAP_MS;
		} else if (errno != EINTR) {
			break;
		}
	}
	close(run->to);
}

/* Its wait status; false when its time was over, and it was killed. */
static bool
await(struct run *run, int *status)
{
	pid_t pid;

	while ((pid = waitpid(run->pid, status, WNOHANG)) != run->pid) {
		if (pid < 0 && errno != EINTR)
			return false;
		if (run->left_ms <= 0)
			break;
		world_sleep(NAP_MS);
		run->left_ms -= NAP_MS;
	}
	if (pid == run->pid)
		return true;
	kill(-run->pid, SIGKILL);
	kill(run->pid, SIGKILL);
	while (waitpid(run->pid, status, 0) < 0 && errno == EINTR)
		;
	return false;
}

static void
judge(struct ctx *c, int status, struct delivery_report *out)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	size_t i;

	out->result = DELIVERY_LATER;
	for (i = 0; i < COUNT(exits); i++)
		if (exits[i].status == code)
			break;
	if (i < COUNT(exits)) {
		out->result = exits[i].result;
		out->why = *exits[i].words ? arena_print(c->arena,
						 "sendmail: %s", exits[i].words)
					   : "";
	} else if (code >= 0) {
		out->why = arena_print(
		    c->arena, "sendmail ended with status %d", code);
	} else {
		out->why = arena_print(
		    c->arena, "sendmail ended by signal %d", WTERMSIG(status));
	}
}

/* NULL, or why this message never leaves. */
static const char *
message_fault(const struct message *m, const char *from)
{
	if (has_control(from) || strpbrk(from, " <>"))
		return "the sender is no bare address";
	if (!*m->to || has_control(m->to) || strpbrk(m->to, " <>"))
		return "the recipient is no bare address";
	return NULL;
}

static void
mail_hand(struct ctx *c, const struct message *m, struct delivery_report *out)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, pipe_usual;
	struct sigaction wait = {.sa_handler = SIG_DFL}, child_usual;
	struct run run = {
	    .left_ms = c->conf->delivery_timeout_seconds * SECOND_MS};
	struct text mail = mail_text(c, m);
	int status;

	(void)sigaction(SIGPIPE, &ignore, &pipe_usual);
	(void)sigaction(SIGCHLD, &wait, &child_usual);
	if (!begin(c, m, &run)) {
		out->why = "sendmail could not be started";
	} else {
		feed(&run, mail.s, mail.len);
		if (await(&run, &status))
			judge(c, status, out);
		else
			out->why = "sendmail took too long";
	}
	(void)sigaction(SIGCHLD, &child_usual, NULL);
	(void)sigaction(SIGPIPE, &pipe_usual, NULL);
}

void
sendmail_send(
    struct ctx *c, const struct message *m, struct delivery_report *out)
{
	const char *from = mail_sender(c->conf, m);

	out->result = DELIVERY_NEVER;
	if ((out->why = message_fault(m, from)))
		return;
	out->result = DELIVERY_LATER;
	if ((out->why = path_fault(c->arena, c->conf->sendmail)))
		return;
	out->why = "there is no sender: mail_from is not set";
	if (*from)
		mail_hand(c, m, out);
}
