/* SPDX-License-Identifier: ISC */
/* Faults of files: settings, secrets. */

#include <sys/stat.h>
#include <unistd.h>

#include "sick.h"

#define KEY_LINE \
	"1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static void
key_gone(struct sick *k)
{
	ck_assert_int_eq(unlink(sick_path(k, "master.key")), 0);
}

static void
key_open(struct sick *k)
{
	sick_file(k, "master.key", KEY_LINE, 0644);
}

static void
key_short(struct sick *k)
{
	sick_file(k, "master.key", "1 0011\n", 0600);
}

static void
key_empty(struct sick *k)
{
	sick_file(k, "master.key", "", 0600);
}

static void
key_well(struct sick *k)
{
	sick_file(k, "master.key", KEY_LINE, 0600);
}

/* Root reads what nobody may; a folder nobody can read as a file. */
static void
key_unreadable(struct sick *k)
{
	key_gone(k);
	if (geteuid() == 0)
		ck_assert_int_eq(mkdir(sick_path(k, "master.key"), 0700), 0);
	else
		sick_file(k, "master.key", KEY_LINE, 0);
}

static void
key_readable(struct sick *k)
{
	(void)rmdir(sick_path(k, "master.key"));
	key_well(k);
}

static void
conf_for_all(struct sick *k)
{
	ck_assert_int_eq(chmod(k->s.conf, 0666), 0);
}

static void
folder_for_all(struct sick *k)
{
	ck_assert_int_eq(chmod(k->s.dir, 0777), 0);
}

static void
folder_well(struct sick *k)
{
	ck_assert_int_eq(chmod(k->s.dir, 0700), 0);
}

static void
password_for_all(struct sick *k)
{
	sick_file(k, "db.password", "word\n", 0640 | 04);
	sick_conf(k, arena_print(k->s.c->arena, "db_password_file = %s",
			 sick_path(k, "db.password")));
}

static const struct sickness settings[] = {
    {"a key that there is not", "colour = red", NULL, "configuration",
	"colour is not a known key.", "Mend: edit ", NULL},
    {"a number out of its bounds", "db_timeout_seconds = 900", NULL,
	"configuration", "from 1 to 60", "Mend: edit ", NULL},
    {"message files in production", "environment = production", NULL,
	"configuration", "takes no channel file", "doorward.conf(5)", NULL},
    {"a clock that is moved outside tests", "clock_file = /tmp/clock", NULL,
	"configuration", "clock_file needs environment = test", "Mend: edit ",
	NULL},
    {"networks that are none", "trusted_proxies = proxy.example", NULL,
	"configuration", "trusted_proxies must be networks", "Mend: edit ",
	NULL},
    {"a configuration that everybody may change", NULL, conf_for_all,
	"configuration", "everybody may change it", "Mend: chmod o-w ", NULL},
    {"all the world a proxy", "trusted_proxies = 0.0.0.0/0", NULL,
	"environment", "everybody may choose the address",
	"Mend: name only your own proxies", NULL},
};

static const struct sickness secrets[] = {
    {"no master key", NULL, key_gone, "secret files",
	"No such file or directory", "Mend: put back your copy; only",
	key_well},
    {"a master key that cannot be read", NULL, key_unreadable, "secret files",
	"master_key_file = ", "Mend: ch", key_readable},
    {"a master key that others may read", NULL, key_open, "secret files",
	"mode 644", "Mend: ch", key_well},
    {"a master key that is none", NULL, key_short, "master key",
	"the key must be 64 hex digits", "Mend: put back the copy", key_well},
    {"an empty master key", NULL, key_empty, "secret files", "it is empty",
	"Mend: put back your copy; only", key_well},
    {"a password that others may read", NULL, password_for_all, "secret files",
	"db_password_file = ", "Mend: ch", NULL},
    {"secrets in everybody's folder", NULL, folder_for_all, "secret files",
	"everybody may put another in its place", "Mend: chmod o-w ",
	folder_well},
};

START_TEST(test_settings)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, settings, COUNT(settings));
	sick_close(&k);
}
END_TEST

START_TEST(test_secrets)
{
	struct sick k;

	sick_open(&k);
	sick_each(&k, secrets, COUNT(secrets));
	sick_close(&k);
}
END_TEST

START_TEST(test_a_key_is_put_back_before_one_is_made)
{
	struct sick k;
	struct ran ran;
	const char *copy, *make;

	sick_open(&k);
	key_gone(&k);
	ran = stage_run(&k.s, "doctor");
	copy = strstr(ran.out, "Mend: put back your copy; only where nothing "
			       "was sealed yet (there is no tenant)");
	make = strstr(ran.out, "openssl rand -hex 32");
	ck_ran(ran, ran.status == 1 && copy && make && copy < make);
	/* as README has it: the workers' group may read */
	if (geteuid() == 0)
		ck_ran(ran, strstr(make, "&& chgrp www-data ") &&
				strstr(make, "chmod 640"));
	key_well(&k);
	sick_close(&k);
}
END_TEST

START_TEST(test_another_environment_is_a_warning)
{
	struct sick k;

	sick_open(&k);
	sick_warns(&k, "environment", "Mend: environment = production");
	sick_close(&k);
}
END_TEST

SUITE(doctor_files, test_settings, test_secrets,
    test_a_key_is_put_back_before_one_is_made,
    test_another_environment_is_a_warning)
