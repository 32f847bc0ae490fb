/* SPDX-License-Identifier: ISC */
/* The channel file: every message a file, for development and the demo. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "delivery/delivery.h"

enum { MESSAGE_MODE = 0640 };

static struct text
phone_file(struct ctx *c, const struct message *m)
{
	struct text t = text_new(c->arena);

	text_addf(&t, "To: %s\n", mail_clean(c->arena, m->to));
	text_addf(&t, "Channel: %s\n\n", message_kind_name(m->kind));
	text_add(&t, m->text);
	text_add(&t, "\n");
	return t;
}

static const char *
file_name(struct ctx *c, const struct message *m)
{
	const char *id = uuid_text(c->arena, m->id);
	const char *kind = message_kind_name(m->kind);

	if (m->kind == MESSAGE_EMAIL)
		return arena_print(
		    c->arena, "%lld-%s.eml", (long long)c->now, id);
	return arena_print(
	    c->arena, "%lld-%s.%s.txt", (long long)c->now, id, kind);
}

static bool
write_all(int fd, const char *s, size_t len)
{
	ssize_t n;

	for (; len > 0; s += n, len -= (size_t)n) {
		n = write(fd, s, len);
		if (n < 0 && errno != EINTR)
			return false;
		n = n < 0 ? 0 : n;
	}
	return true;
}

static bool
file_fill(int dir, const char *name, const struct text *t)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, name, flags, MESSAGE_MODE);
	bool done;

	if (fd < 0)
		return false;
	done = write_all(fd, t->s, t->len) && !fchmod(fd, MESSAGE_MODE) &&
	       !fsync(fd);
	return !close(fd) && done;
}

/* 0, or the errno of the step that failed; then nothing is left behind. */
static int
file_place(struct ctx *c, int dir, const char *name, const struct text *t)
{
	const char *temporary = arena_print(c->arena, ".%s.part", name);
	int why;

	if (file_fill(dir, temporary, t) &&
	    !renameat(dir, temporary, dir, name) && !fsync(dir))
		return 0;
	why = errno;
	unlinkat(dir, temporary, 0);
	return why;
}

void
file_send(struct ctx *c, const struct message *m, struct delivery_report *out)
{
	const char *path = c->conf->message_dir;
	struct text t;
	int dir, why;

	t = m->kind == MESSAGE_EMAIL ? mail_text(c, m) : phone_file(c, m);
	dir = open(path ? path : "", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	why = dir < 0 ? errno : file_place(c, dir, file_name(c, m), &t);
	if (dir >= 0)
		close(dir);
	out->result = why ? DELIVERY_LATER : DELIVERY_DONE;
	out->why =
	    why ? arena_print(c->arena, "message_dir: %s", strerror(why)) : "";
}

const char *
file_check(struct arena *a, const struct conf *conf)
{
	const char *path = conf->message_dir;

	if (!path || !*path)
		return "message_dir is not set";
	if (access(path, W_OK | X_OK))
		return arena_print(
		    a, "message_dir: %s cannot be written", path);
	return NULL;
}
