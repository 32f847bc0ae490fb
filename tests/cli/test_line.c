/* SPDX-License-Identifier: ISC */
/* What was typed: understood, or refused with a word that helps. */

#include "stage.h"

START_TEST(test_understood)
{
	static const struct {
		const char *what, *words, *command;
		size_t n;
		const char *first;
	} cases[] = {
	    {"one word", "migrate", "migrate", 0, NULL},
	    {"two words", "tenant list", "tenant list", 0, NULL},
	    {"an operand", "tenant show shop", "tenant show", 1, "shop"},
	    {"options before", "--json tenant show shop", "tenant show", 1,
		"shop"},
	    {"options between", "tenant --json show shop", "tenant show", 1,
		"shop"},
	    {"options after", "tenant show shop --json", "tenant show", 1,
		"shop"},
	    {"an operand with a dash", "tenant set a b -- -5", "tenant set", 3,
		"a"},
	    {"an operand that may be left out", "outbox list", "outbox list", 0,
		NULL},
	    {"and is not", "outbox list shop", "outbox list", 1, "shop"},
	};
	struct ctx *c = test_ctx();
	struct line line;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		char *argv[8] = {arena_text(c->arena, "doorward")};
		char *rest = arena_text(c->arena, cases[i].words), *word;
		int argc = 1;

		while ((word = strsep(&rest, " ")) != NULL)
			argv[argc++] = word;
		ck_case(cases[i].what,
		    line_read(c->arena, argc, argv, &line) == OK);
		ck_case(cases[i].what,
		    !strcmp(line.command->words, cases[i].command));
		ck_case(cases[i].what, line.given.n == cases[i].n);
		ck_case(
		    cases[i].what, line.given.operands[line.given.n] == NULL);
		ck_case(cases[i].what,
		    cases[i].first == NULL ||
			!strcmp(line.given.operands[0], cases[i].first));
	}
	test_done(c);
}
END_TEST

START_TEST(test_options)
{
	char *argv[] = {"doorward", "--name", "The Shop", "apikey", "-c",
	    "/a/b", "create", "--kind=secret", "shop", "--json", NULL};
	struct ctx *c = test_ctx();
	struct line line;

	ck_ok(line_read(c->arena, (int)COUNT(argv) - 1, argv, &line));
	ck_assert_str_eq(line.conf, "/a/b");
	ck_assert_str_eq(line.given.name, "The Shop");
	ck_assert_str_eq(line.given.kind, "secret");
	ck_assert(line.given.json && !line.given.once);
	ck_assert(!line.given.platform);
	ck_assert_ptr_null(line.given.alg);
	ck_assert_ptr_null(line.given.state);
	ck_assert_str_eq(line.given.operands[0], "shop");
	test_done(c);
}
END_TEST

START_TEST(test_refused)
{
	static const struct {
		const char *what, *words, *says;
	} cases[] = {
	    {"nothing", "--json", "Which command?"},
	    {"no such command", "xyzzy", "`doorward help`"},
	    {"a letter is missing", "tenant creat",
		"Did you mean 'tenant create'?"},
	    {"a letter is wrong", "migrute", "Did you mean 'migrate'?"},
	    {"half a command", "tenant", "tenant create, tenant list, tenant "},
	    {"half of one, and wrong", "tenants", "but tenant create,"},
	    {"an operand is missing", "tenant show",
		"doorward tenant show SHOP"},
	    {"two are missing", "tenant set shop", "SHOP KEY VALUE"},
	    {"one is too much", "migrate now", "'now' is too much"},
	    {"an unknown option", "migrate --force", "no option '--force'"},
	    {"an option of another command", "migrate --once",
		"not for this command"},
	    {"an option without its value", "tenant create a --name",
		"--name needs a value"},
	    {"a file that is not named", "migrate -c", "-c needs a value"},
	    {"a value for none", "courier --once=yes", "takes no value"},
	    {"too many words", "a b c d e f g h i j k l m n o p q", "too many"},
	};
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, false);
	for (i = 0; i < COUNT(cases); i++) {
		ran = stage_run_bare(&s, cases[i].words);
		ck_case(cases[i].what, ran.status == 2);
		ck_case(cases[i].what, ran.out[0] == '\0');
		ck_warns(ran, cases[i].says);
		ck_case(cases[i].what, !strncmp(ran.err, "doorward: ", 10));
	}
	stage_close(&s);
}
END_TEST

START_TEST(test_help_names_every_command)
{
	static const char *const ways[] = {
	    "help", "--help", "-h", "tenant list --help", "help tenant"};
	const struct command *cmd;
	struct stage s;
	struct ran ran;
	size_t i;

	stage_open(&s, false);
	for (i = 0; i < COUNT(ways); i++) {
		ran = stage_run_bare(&s, ways[i]);
		ck_case(ways[i], ran.status == 0);
		for (cmd = commands; cmd->words != NULL; cmd++) {
			ck_says(ran, cmd->words);
			ck_says(ran, cmd->about);
		}
	}
	stage_close(&s);
}
END_TEST

SUITE(line, test_understood, test_options, test_refused,
    test_help_names_every_command)
