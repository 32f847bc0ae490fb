/* SPDX-License-Identifier: ISC */
/* The comparison of tables with a script: what differs, and what does not. */

#include "office.h"

static const char script[] =
    "-- a comment (\n"
    "CREATE TABLE things (\n"
    "    id BINARY(16) NOT NULL PRIMARY KEY,\n"
    "    n INT UNSIGNED NOT NULL DEFAULT 0,\n"
    "    yes BOOL NOT NULL,\n"
    "    kind ENUM('a b','c, d') NOT NULL,\n"
    "    far DECIMAL(8,6) NULL,\n"
    "    word VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin\n"
    "        AS (IF(yes, kind, NULL)) PERSISTENT,\n"
    "    KEY both_ways (kind, n),\n"
    "    UNIQUE KEY far (far)\n"
    ") ENGINE=InnoDB;\n";

/* clang-format off */
static const struct {
	const char *what, *change, *says;	/* says NULL: no fault */
} cases[] = {
	{ "as it was made", NULL, NULL },
	{ "a preset that changed",
	  "ALTER TABLE things ALTER n SET DEFAULT 5;\n", NULL },
	{ "a column too many",
	  "ALTER TABLE things ADD more INT NULL;\n", NULL },
	{ "a sign that it should not have",
	  "ALTER TABLE things MODIFY n INT NOT NULL;\n",
	  "Column things.n is int, not int unsigned." },
	{ "a smaller number",
	  "ALTER TABLE things MODIFY n SMALLINT UNSIGNED NOT NULL;\n",
	  "Column things.n is smallint unsigned, not int unsigned." },
	{ "a choice less",
	  "ALTER TABLE things MODIFY kind ENUM('a b') NOT NULL;\n",
	  "Column things.kind is enum('a b'), not enum('a b','c, d')." },
	{ "a shorter text",
	  "ALTER TABLE things MODIFY far DECIMAL(8,5) NULL;\n",
	  "Column things.far is decimal(8,5), not decimal(8,6)." },
	{ "a column that is gone",
	  "ALTER TABLE things DROP word;\n",
	  "Column things.word is missing." },
	{ "a key over another column",
	  "ALTER TABLE things DROP KEY both_ways, ADD KEY both_ways (kind);\n",
	  "Key both_ways of table things is another one: (kind)." },
	{ "a key that is gone",
	  "ALTER TABLE things DROP KEY far;\n",
	  "Key far of table things is missing." },
	{ "a table that is gone",
	  "DROP TABLE things;\n", "Table things is missing." },
};
/* clang-format on */

START_TEST(test_what_differs)
{
	struct schema_faults faults;
	struct ctx *c;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		c = office_open(false);
		ck_ok(db_script(c, script));
		if (cases[i].change != NULL)
			ck_ok(db_script(c, cases[i].change));
		ck_ok(schema_compare(c, script, &faults));
		ck_case(cases[i].what, faults.n == (cases[i].says != NULL));
		if (faults.n > 0)
			ck_assert_str_eq(faults.list[0], cases[i].says);
		ck_assert_uint_eq(faults.tables, 1);
		office_close(c);
	}
}
END_TEST

START_TEST(test_the_real_one)
{
	const char *src = getenv("DW_SRC"), *why;
	struct ctx *c = office_open(true);
	struct schema_faults faults;
	char *text;

	ck_ok(file_read(c->arena,
	    arena_print(c->arena, "%s/sql/schema.sql", src ? src : "."),
	    1 << 20, &text, &why));
	ck_ok(schema_compare(c, text, &faults));
	ck_assert_msg(faults.n == 0, "%s", faults.list[0]);
	ck_assert_uint_gt(faults.tables, 15);
	ck_assert_uint_gt(faults.columns, 180);
	office_close(c);
}
END_TEST

SUITE(schema, test_what_differs, test_the_real_one)
