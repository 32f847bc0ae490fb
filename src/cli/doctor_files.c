/* SPDX-License-Identifier: ISC */
/* doctor: what lies on this machine: settings, secrets, texts. */

#include <errno.h>
#include <grp.h>
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor.h"

enum { SECRET_MAX = 4096 };

/* Whom packages run the workers by, when root asks and nothing tells. */
#define WORKERS "www-data"

/* ---- process ----------------------------------------------------------------------- */

static const char *
user_name(struct doctor *d, uid_t uid)
{
	const struct passwd *of = getpwuid(uid);

	return of != NULL ? arena_text(d->c->arena, of->pw_name)
			  : arena_print(d->c->arena, "uid %u", (unsigned)uid);
}

void
doctor_process(struct doctor *d)
{
	doctor_word(d, "run by %s", user_name(d, geteuid()));
	if (geteuid() == 0)
		doctor_warn(d,
		    "as the workers' user: sudo -u www-data doorward doctor",
		    "Root may read everything, so that a file which the "
		    "workers may not read is not noticed.");
}

/* ---- configuration ----------------------------------------------------------------- */

static void
conf_mode(struct doctor *d, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & S_IWOTH))
		doctor_fault(d, arena_print(d->c->arena, "chmod o-w %s", path),
		    "%s: everybody may change it.", path);
}

void
doctor_conf(struct doctor *d)
{
	struct arena *a = d->c->arena;
	const char *path = d->in->conf;
	struct conf_faults faults;
	size_t i;
	enum err e;

	doctor_word(d, "%s", path);
	e = conf_examine(a, path, &d->conf, &faults);
	for (i = 0; i < faults.n; i++)
		doctor_fault(d,
		    e ? "name the file by -c FILE or DOORWARD_CONF, and let "
			"this user read it"
		      : arena_print(
			    a, "edit %s; doorward.conf(5) has each key", path),
		    "%s.", faults.list[i]);
	if (e)
		return;
	conf_mode(d, path);
	if (strcmp(d->conf.environment, "test") == 0) {
		world_clock_file(d->conf.clock_file);
		d->c->now = world_now();
	}
	d->grounds |= ON_CONF;
}

void
doctor_environment(struct doctor *d)
{
	/* two networks that never belong to one proxy's owner */
	static const char *const strangers[] = {"203.0.113.1", "198.51.100.1"};
	const char *networks = d->conf.trusted_proxies;
	struct ip one, other;

	doctor_word(d, "%s", d->conf.environment);
	if (strcmp(d->conf.environment, "production") != 0)
		doctor_warn(d, "environment = production",
		    "environment = %s: plain http and message files are let "
		    "through.",
		    d->conf.environment);
	if (ip_read(strangers[0], &one) && ip_read(strangers[1], &other) &&
	    ip_in(&one, networks) && ip_in(&other, networks))
		doctor_fault(d, "name only your own proxies in trusted_proxies",
		    "trusted_proxies = %s: everybody may choose the address "
		    "that limits count by.",
		    networks);
}

/* ---- secrets ------------------------------------------------------------------------ */

/* The rows that name a file with a secret, whichever they are. */
static const char *
secret_path(const struct doctor *d, const struct setting *row)
{
	static const char ending[] = "_file";
	size_t n = strlen(row->name), end = sizeof(ending) - 1;
	const char *path;

	if (row->type != SETTING_TEXT || n < end ||
	    strcmp(row->name + n - end, ending) != 0 ||
	    strcmp(row->name, "clock_file") == 0)
		return NULL;
	memcpy(&path, (const char *)&d->conf + row->offset, sizeof(path));
	return *path != '\0' ? path : NULL;
}

static const char *
group_name(struct doctor *d)
{
	const struct group *of = getgrgid(getegid());

	return of != NULL ? arena_text(d->c->arena, of->gr_name)
			  : arena_print(d->c->arena, "%u", (unsigned)getegid());
}

/* Whether who runs this has the file, or where there is none may make it. */
static bool
is_own(struct doctor *d, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return st.st_uid == geteuid();
	return access(dirname(arena_text(d->c->arena, path)), W_OK) == 0;
}

/* What to type for the workers to read it, and nobody else. */
static const char *
secret_keep(struct doctor *d, const char *path)
{
	struct arena *a = d->c->arena;

	if (!is_own(d, path) && geteuid() != 0)
		return arena_print(a,
		    "as root: chown root:%s %s && chmod 640 %s", group_name(d),
		    path, path);
	if (geteuid() != 0 || !is_own(d, path))
		return arena_print(a, "chmod 600 %s", path);
	return arena_print(a,
	    "chgrp " WORKERS " %s && chmod 640 %s, where " WORKERS
	    " runs the workers",
	    path, path);
}

/* A new one opens nothing that the old one sealed: the copy goes first. */
static const char *
master_mend(struct doctor *d, const char *path)
{
	struct arena *a = d->c->arena;
	const char *make = arena_print(
	    a, "(umask 077; echo \"1 $(openssl rand -hex 32)\" >%s)", path);

	if (!is_own(d, path))
		make =
		    arena_print(a, "as root: %s && chgrp %s %s && chmod 640 %s",
			make, group_name(d), path, path);
	else if (geteuid() == 0)
		make = arena_print(a, "%s && %s", make, secret_keep(d, path));
	return arena_print(a,
	    "put back your copy; only where nothing was sealed yet (there is "
	    "no tenant) make one: %s",
	    make);
}

static const char *
secret_mend(struct doctor *d, const char *key, const char *path, int error)
{
	if (error == ENOENT && strcmp(key, "master_key_file") == 0)
		return master_mend(d, path);
	if (error == ENOENT)
		return arena_print(d->c->arena,
		    "(umask 077; cat >%s), and type it, then %s; or correct "
		    "%s",
		    path, secret_keep(d, path), key);
	return secret_keep(d, path);
}

/* Who owns it, or may put another in its place, has it. */
static void
secret_owner(struct doctor *d, const char *key, const char *path)
{
	struct arena *a = d->c->arena;
	const char *dir = dirname(arena_text(a, path));
	struct stat st;

	if (stat(path, &st) == 0 && geteuid() != 0 && st.st_uid != 0 &&
	    st.st_uid != geteuid())
		doctor_warn(d, secret_keep(d, path),
		    "%s = %s belongs to %s, who can read and change it.", key,
		    path, user_name(d, st.st_uid));
	if (stat(dir, &st) == 0 && (st.st_mode & S_IWOTH) &&
	    !(st.st_mode & S_ISVTX))
		doctor_fault(d, arena_print(a, "chmod o-w %s", dir),
		    "%s is in %s, where everybody may put another in its "
		    "place.",
		    key, dir);
}

static void
secret_check(struct doctor *d, const char *key, const char *path)
{
	struct arena *a = d->c->arena;
	int error = access(path, R_OK) == 0 ? 0 : errno;
	const char *why = NULL;
	char *text = NULL;

	if (file_read_secret(a, path, SECRET_MAX, &text, &why)) {
		doctor_fault(
		    d, secret_mend(d, key, path, error), "%s = %s.", key, why);
		return;
	}
	if (*text == '\0')
		doctor_fault(d, secret_mend(d, key, path, ENOENT),
		    "%s = %s: it is empty.", key, path);
	secret_owner(d, key, path);
}

void
doctor_secrets(struct doctor *d)
{
	const struct setting *row;
	const char *path;
	unsigned n = 0;

	for (row = conf_settings; row->name != NULL; row++) {
		if ((path = secret_path(d, row)) == NULL)
			continue;
		n++;
		secret_check(d, row->name, path);
	}
	doctor_word(d, "%u, read by their owner and by nobody else", n);
}

void
doctor_master(struct doctor *d)
{
	const char *why = NULL;
	const char *path = d->conf.master_key_file;

	if (house_open(&d->conf, d->c->arena, &d->c->house, &why)) {
		doctor_fault(d,
		    access(path, F_OK) == 0
			? "put back the copy that you keep; a new key does "
			  "not open what the old one sealed"
			: master_mend(d, path),
		    "%s: %s.", path, why != NULL ? why : "cannot be used");
		return;
	}
	doctor_word(d, "newest version %lld",
	    (long long)house_master(d->c)
		->list[house_master(d->c)->newest]
		.version);
	d->grounds |= ON_MASTER;
}
