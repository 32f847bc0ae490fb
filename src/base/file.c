/* SPDX-License-Identifier: ISC */
/* file: small files, read whole; secrets only where nobody else reads them. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

struct file {
	struct arena *arena;
	const char *path;
	int fd;
	const char *why;
};

static enum err
refuse(struct file *file, const char *what)
{
	file->why = arena_print(file->arena, "%s: %s", file->path, what);
	return ERR_IO;
}

/* Only the owner may reach a secret; root may let its group read it. */
static enum err
check_mode(struct file *file, const struct stat *st)
{
	unsigned others = st->st_mode & 077U;

	if (others == 0 || (others == 040 && st->st_uid == 0))
		return OK;
	return refuse(
	    file, arena_print(file->arena,
		      "holds a secret, but has mode %03o: chmod 600 %s",
		      (unsigned)st->st_mode & 0777U, file->path));
}

static enum err
read_all(struct file *file, size_t max, char **out, size_t *out_len)
{
	char *s = arena_get(file->arena, max + 2);
	size_t len = 0;
	ssize_t n;

	/* one byte more than allowed tells that there is more */
	while ((n = read(file->fd, s + len, max + 1 - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse(file, strerror(errno));
		if ((len += (size_t)n) > max)
			return refuse(file, arena_print(file->arena,
						"more than %zu bytes", max));
	}
	*out = s;
	*out_len = len;
	return OK;
}

/* Open, see what it is, read, close. */
static enum err
file_take(struct file *file, bool secret, size_t max, struct text *out)
{
	struct stat st;
	enum err e = OK;

	file->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0)
		return refuse(file, strerror(errno));
	if (fstat(file->fd, &st) != 0)
		e = refuse(file, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		e = refuse(file, "not a regular file");
	else if (secret)
		e = check_mode(file, &st);
	if (!e)
		e = read_all(file, max, &out->s, &out->len);
	if (!e && memchr(out->s, '\0', out->len) != NULL)
		e = refuse(file, "holds a NUL");
	(void)close(file->fd);
	return e;
}

enum err
file_read(
    struct arena *a, const char *path, size_t max, char **out, const char **why)
{
	struct file file = {.arena = a, .path = path};
	struct text text = text_new(a);
	enum err e = file_take(&file, false, max, &text);

	*why = file.why;
	*out = text.s;
	return e;
}

enum err
file_read_secret(
    struct arena *a, const char *path, size_t max, char **out, const char **why)
{
	struct file file = {.arena = a, .path = path};
	struct text text = text_new(a);
	enum err e = file_take(&file, true, max, &text);

	while (!e && text.len > 0 && strchr("\r\n", text.s[text.len - 1]))
		text.s[--text.len] = '\0';
	*why = file.why;
	*out = text.s;
	return e;
}
