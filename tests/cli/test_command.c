/* SPDX-License-Identifier: ISC */
/* The command as a whole: which configuration, which status, which words. */

#include "stage.h"

START_TEST(test_table)
{
	const struct command *cmd, *other;

	for (cmd = commands; cmd->words != NULL; cmd++) {
		ck_case(cmd->words, cmd->run != NULL);
		ck_case(cmd->words, cmd->least <= cmd->most);
		ck_case(cmd->words, cmd->about[strlen(cmd->about) - 1] == '.');
		for (other = cmd + 1; other->words != NULL; other++)
			ck_case(cmd->words, strcmp(cmd->words, other->words));
	}
}
END_TEST

START_TEST(test_version)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, false);
	ran = stage_run_bare(&s, "--version");
	ck_ran(ran, ran.status == 0);
	ck_ran(ran, !strncmp(ran.out, "doorward ", 9));
	stage_close(&s);
}
END_TEST

START_TEST(test_the_environment_names_the_configuration)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, true);
	ck_assert_int_eq(setenv("DOORWARD_CONF", s.conf, 1), 0);
	ran = stage_run_bare(&s, "tenant list --json");
	ck_ran(ran, ran.status == 0);
	ran = stage_run_bare(&s, "tenant list -c /nonexistent");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "/nonexistent");
	stage_close(&s);
}
END_TEST

START_TEST(test_what_is_wrong_is_said)
{
	static const struct {
		const char *what, *line, *says;
	} cases[] = {
	    {"an unknown key", "colour = red", "colour is not a known key"},
	    {"a key given twice", "db_user = a", "db_user was given"},
	    {"message files in production", "email_channel = pigeon",
		"email_channel"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		stage_open(&s, false);
		stage_conf(&s, cases[i].line);
		ran = stage_run(&s, "tenant list");
		ck_case(cases[i].what, ran.status == 1);
		ck_warns(ran, cases[i].says);
		ck_warns(ran, s.conf);
		stage_close(&s);
	}
}
END_TEST

START_TEST(test_a_schema_that_is_missing)
{
	struct stage s;
	struct ran ran;

	stage_open(&s, false);
	ran = stage_run(&s, "tenant list");
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "`doorward migrate`");
	stage_close(&s);
}
END_TEST

START_TEST(test_a_database_that_is_away)
{
	struct stage s;
	struct ran ran;
	const char *elsewhere;

	stage_open(&s, false);
	elsewhere =
	    arena_print(s.c->arena, "tenant list -c %s/elsewhere.conf", s.dir);
	s.conf = arena_print(s.c->arena, "%s/elsewhere.conf", s.dir);
	stage_conf(&s, "public_url = https://auth.example.com");
	stage_conf(&s, "db_socket = /nonexistent");
	stage_conf(&s,
	    arena_print(s.c->arena, "master_key_file = %s/master.key", s.dir));
	ran = stage_run_bare(&s, elsewhere);
	ck_ran(ran, ran.status == 1);
	ck_warns(ran, "The database does not answer");
	stage_close(&s);
}
END_TEST

SUITE(command, test_table, test_version,
    test_the_environment_names_the_configuration, test_what_is_wrong_is_said,
    test_a_schema_that_is_missing, test_a_database_that_is_away)
