#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# The guards, guarded: each finds the fault that is put in front of it.

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SPDX = "/* SPDX-License-Identifier: ISC */\n"
TEST = SPDX + """/* Tests. */

#include "test.h"

START_TEST(test_holds)
{
	ck_assert(1);
}
END_TEST

SUITE(%s, test_holds)
"""
MAIN = SPDX + """/* The suites of a room. */

#include "test.h"

ROOM(%s)
"""
GATE = SPDX + """/* A file of src/store. */

#include "store/store.h"

static const struct stmt questions[] = {
    {"SELECT id FROM carts WHERE tenant_id = ? AND id = ?", 0, NULL},
%s};
"""
MAKE = """libdw_base_a_SOURCES = \\
	src/base/base.h \\
	src/base/list.c

libdw_store_a_SOURCES = \\
	src/store/cart.c \\
	src/store/store.h

tests_base_check_base_SOURCES = \\
	tests/base/main.c \\
	tests/base/test_list.c

tests_store_check_store_SOURCES = \\
	tests/store/main.c \\
	tests/store/test_cart.c

libdw_test_a_SOURCES = \\
	tests/test.h
"""
# a small house in which every guard is content
HOUSE = {
    "Makefile.am": MAKE,
    ".clang-format": open(os.path.join(HERE, "../../.clang-format")).read(),
    "src/base/base.h": SPDX + "/* base. */\n",
    "src/base/list.c": SPDX + '/* Lists. */\n\n#include "base/base.h"\n',
    "src/store/store.h": SPDX + '/* store. */\n\n#include "base/base.h"\n',
    "src/store/cart.c": GATE % "",
    "tests/test.h": SPDX + "/* Tests. */\n",
    "tests/base/main.c": MAIN % "list",
    "tests/base/test_list.c": TEST % "list",
    "tests/store/main.c": MAIN % "cart",
    "tests/store/test_cart.c": TEST % "cart",
}
PAPER = """info: {title: A, version: '1', summary: B., description: C.}
servers: [{url: 'https://a.example'}]
tags: [{name: things, description: D.}]
components: {securitySchemes: {}}
paths:
  /things:
    get:
      tags: [things]
      operationId: getThings
      summary: E
      description: F.
      responses: {'200': {description: G.}}
"""


def page_of(paper):
    """What doc/api_page.py makes of it; the guard skips where it cannot."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.join(HERE, "../../doc"))
    try:
        import api_page
    except ImportError:
        return ""
    return api_page.page(paper)


COMMANDS = SPDX + """/* Commands. */

const struct command commands[] = {
	{ "sing", "SONG", "[--loud]", 1, 1, cli_sing,
	    "Sing %s." },
};
"""
KEYS = SPDX + """/* Keys. */

const struct setting %s[] = {
	%s"%s", NULL, "A word."),
};
"""
MANUAL = """.Dd November 22, 2026
.Dt SONG 1
.Os
.Sh NAME
.Nm song
.Nd a page
.Sh DESCRIPTION
%s"""
LIST = """.\\" %s: begin
.Bl -tag -width Ds
%s
.El
.\\" %s: end
"""
KEY = ".It Ic word\nA word.\nDefault:\n.Ql %s ."
SONG = ".It Cm sing Ar SONG Oo Fl Fl loud Oc\nSing it."
# what one guard alone looks at
OWN = {"manual": {
    "doc/man/generate.py":
        open(os.path.join(HERE, "../../doc/man/generate.py")).read(),
    "src/cli/command.c": COMMANDS % "it",
    "src/base/conf_table.c": KEYS % ("conf_settings", "TEXT(word, ", "a"),
    "src/domain/tenant.c": KEYS % ("tenant_settings_table", "SETTING_ROW_TEXT(S, word, ", "b"),
    "doc/man/doorward.1": MANUAL % (
        LIST % ("commands", SONG, "commands")
        + LIST % ("settings", KEY % "b", "settings")),
    "doc/man/doorward.conf.5": MANUAL.replace("SONG 1", "SONG 5") % (
        LIST % ("keys", KEY % "a", "keys")),
}, "routes": {
    "src/api/routes.c": SPDX + '/* Routes. */\n\nint x[] = {\n\t'
                        '{GET, "/cart/{id}", 0},\n};\n',
    "doc/openapi.yaml": "paths:\n  /cart/{cartId}:\n    get: {}\n",
}, "apipage": {"doc/openapi.yaml": PAPER, "doc/api.html": page_of(PAPER)
}, "texts": {
    "web/cart/texts.js": "".join(
        f'\t{name}: {{\n\t\ttitle: "{{n}} {name}",\n\t}},\n'
        for name in ("en", "ar", "fr", "pl")),
    "web/cart/cart.js": 'fill("title");\n',
}}


def code(text):
    return SPDX + "/* A file. */\n\n" + text


def store(row):
    return {"src/store/cart.c": GATE % f"\t{row},\n"}


def function(body, name="walk(int a)"):
    return {"src/base/list.c": code(f"static void\n{name}\n{{\n{body}}}\n")}


def texts(old, new):
    path = "web/cart/texts.js"
    return {path: OWN["texts"][path].replace(old, new)}


DEEP = """	for (;;)
		if (a)
			switch (a) {
			case 1:
				while (a)
					a--;
			}
"""
NOT_DEEP = """	if (a) {
		f((struct x){1, {2}});
	} else if (a) {
		json_each (x, y)
			do {
				a = b ? c : d;
			} while (a);
	} else if (a) {
		switch (a) {
		case A ? 1 : 2:
		default:
			goto out;
		}
	}
out:
	return;
"""

FAULTY, CONTENT = 1, 0
# guard, what is put in front of it, files (None: removed), verdict, its words
CASES = [
    ("layers", "an include goes up",
     {"src/base/list.c": code('#include "store/store.h"\n')},
     FAULTY, "goes up from base"),
    ("layers", "an include goes sideways",
     {"src/http/http.h": code('#include "db/db.h"\n')},
     FAULTY, "goes sideways from http"),
    ("layers", "an include that is commented out",
     {"src/base/list.c": code('/* #include "store/store.h" */\n')},
     CONTENT, "Holds"),
    ("layers", "a program may include all",
     {"src/doorward.c": code('#include "cli/cli.h"\n#include "db/db.h"\n')},
     CONTENT, "Holds"),
    ("layers", "a header without its room",
     {"src/base/list.c": code('#include "base.h"\n')},
     FAULTY, 'no "<room>/<file>.h"'),
    ("layers", "a folder that is no room",
     {"src/attic/old.c": code("")}, FAULTY, "no room of the house"),
    ("foreign", "a foreign header in another room",
     {"src/store/cart.c": code("#include <mysql.h>\n")},
     FAULTY, "belongs to src/db"),
    ("foreign", "a foreign header in its room",
     {"src/db/db.c": code("#include <mysql.h>\n#include <stdio.h>\n")},
     CONTENT, "Holds"),
    ("foreign", "a library nobody has heard of",
     {"src/base/list.c": code("#include <glib.h>\n")},
     FAULTY, "has no room yet"),
    ("sql", "a question outside the store",
     {"src/base/list.c": code('const char *q = "SELECT 1 FROM t";\n')},
     FAULTY, "a statement"),
    ("sql", "a compound statement outside the store",
     {"src/base/list.c": code('const char *q = "BEGIN NOT ATOMIC";\n')},
     FAULTY, "a statement"),
    ("sql", "db speaks of transactions",
     {"src/db/tx.c": code('const char *q = "START TRANSACTION";\n')},
     CONTENT, "Holds"),
    ("sql", "db asks a table",
     {"src/db/tx.c": code('const char *q = "DELETE FROM carts";\n')},
     FAULTY, "a statement"),
    ("sql", "plain English that begins like SQL",
     {"src/base/list.c": code('const char *q = "Update the password.";\n')},
     CONTENT, "Holds"),
    ("tenant", "a WHERE without its tenant",
     store('{"SELECT id FROM carts"\n\t " WHERE id = ?", 0, NULL}'),
     FAULTY, "names no tenant_id"),
    ("tenant", "an inner WHERE without its tenant",
     store('{"DELETE FROM carts WHERE tenant_id = ? AND id IN "'
           '"(SELECT id FROM lines WHERE n = 0)", 0, NULL}'),
     FAULTY, "names no tenant_id"),
    ("tenant", "a second statement of a compound without its tenant",
     store('{"BEGIN NOT ATOMIC UPDATE c SET n = 1 WHERE tenant_id = ?;"'
           '" UPDATE c SET n = 2 WHERE id = ?; END", 0, NULL}'),
     FAULTY, "names no tenant_id"),
    ("tenant", "a DELETE without any WHERE",
     store('{"DELETE FROM carts", 0, NULL}'), FAULTY, "no WHERE"),
    ("tenant", "a row that crosses tenants and says why",
     store('{"DELETE FROM carts WHERE n < ?", CROSS_TENANT, "sweeps all"}'),
     CONTENT, "sweeps all"),
    ("tenant", "a row that crosses tenants and does not say why",
     store('{"DELETE FROM carts WHERE n < ?", CROSS_TENANT, NULL}'),
     FAULTY, "no word why"),
    ("tenant", "a WHERE that a macro hides",
     {"src/store/cart.c": code('#define ALIVE " WHERE n > 0"\n'
      'static const struct stmt s[] = {{"SELECT id FROM carts" ALIVE}};\n')},
     FAULTY, "names no tenant_id"),
    ("tenant", "a WHERE over variables of the compound",
     store('{"BEGIN NOT ATOMIC SELECT v_n, 1 FROM (SELECT 1) one"\n\t'
           '" WHERE v_n > 0; END", 0, NULL}'), CONTENT, "Holds"),
    ("tenant", "a reason that a macro holds",
     {"src/store/cart.c": code('#define WHY "sweeps all"\n'
      'static const struct stmt s[] = {{"DELETE FROM carts WHERE n < ?",'
      ' CROSS_TENANT, WHY}};\n')},
     CONTENT, "sweeps all"),
    ("sizes", "a long function",
     function("\ta++;\n" * 58), FAULTY, "walk has 61 lines"),
    ("sizes", "a function just short enough",
     function("\ta++;\n" * 57), CONTENT, "longest 60"),
    ("sizes", "a long file",
     {"src/base/list.c": code("int a;\n" * 398)}, FAULTY, "401 lines"),
    ("sizes", "a wide line",
     {"src/base/list.c": code("\t/* " + "x" * 90 + " */\n")},
     FAULTY, "wider than 100"),
    ("sizes", "nesting four deep", function(DEEP), FAULTY, "nests 4 deep"),
    ("sizes", "nesting three deep, with else if, labels and macros",
     function(NOT_DEEP), CONTENT, "Holds"),
    ("sizes", "six parameters",
     function("", "walk(int a, int b, int c, int (*d)(int, int), int e, int f)"),
     FAULTY, "6 parameters"),
    ("sizes", "five parameters and dots",
     function("", "walk(int a, int b, int c, int (*d)(int, int), int e, ...)"),
     CONTENT, "Holds"),
    ("sizes", "a long test",
     {"tests/base/test_list.c": (TEST % "list").replace(
         "\tck_assert(1);\n", "\tck_assert(1);\n" * 60)},
     FAULTY, "test_holds has 63 lines"),
    ("mirrored", "a source without a test",
     {"tests/base/test_list.c": None}, FAULTY, "has no tests/base/test_list.c"),
    ("registered", "a test that no suite names",
     {"tests/base/test_list.c": (TEST % "list") + (
         "START_TEST(test_forgotten)\n{\n}\nEND_TEST\n")},
     FAULTY, "test_forgotten is 0 times in SUITE"),
    ("registered", "a suite that no room names",
     {"tests/base/main.c": MAIN % "other"}, FAULTY, "suite list is not once"),
    ("registered", "a room that nobody runs",
     {"tests/base/main.c": None}, FAULTY, "is missing: who runs"),
    ("registered", "a test that is commented out of its suite",
     {"tests/base/test_list.c": (TEST % "list").replace(
         "(list, test_holds)", "(list /*, test_holds */)")},
     FAULTY, "test_holds is 0 times"),
    ("firstlines", "no licence",
     {"src/base/list.c": "/* Lists. */\n"}, FAULTY, "src/base/list.c"),
    ("firstlines", "no word what the file is",
     {"src/base/list.c": SPDX + "\n#include <stdio.h>\n"},
     FAULTY, "src/base/list.c"),
    ("words", "something left for later",
     {"src/base/list.c": code("/* TO" "DO: all of it */\n")},
     FAULTY, "says TO" "DO"),
    ("words", "a name for mktemp is no word",
     {"src/base/list.c": code('const char *t = "/tmp/dw-XXXXXX";\n')},
     CONTENT, "Holds"),
    ("listed", "a source that is not built",
     {"src/base/tree.c": code("")}, FAULTY, "is not in libdw_base_a_SOURCES"),
    ("listed", "a test that is not built",
     {"tests/base/test_tree.c": TEST % "tree"},
     FAULTY, "is not in tests_base_check_base_SOURCES"),
    ("listed", "a listed file that is gone",
     {"src/base/list.c": None}, FAULTY, "which is not"),
    ("listed", "a source behind the end of its list",
     {"Makefile.am": MAKE.rstrip("\n") + "\n\tsrc/base/list.c\n"},
     FAULTY, "stands behind the end of its list"),
    ("headers", "a second header shown to another room",
     {"src/base/inside.h": code(""),
      "src/store/cart.c": code('#include "base/inside.h"\n')},
     FAULTY, "is private to src/base"),
    ("headers", "a second header within its room",
     {"src/base/inside.h": code(""),
      "src/base/list.c": code('#include "base/inside.h"\n')},
     CONTENT, "Holds"),
    ("headers", "a room without its header",
     {"src/net/load.c": code("")}, FAULTY, "has no net.h"),
    ("routes", "a promised route that is not served",
     {"doc/openapi.yaml": "paths:\n  /cart/{id}:\n    get: {}\n    put: {}\n"},
     FAULTY, "has no PUT /cart/{id}"),
    ("routes", "a served route that is not promised",
     {"doc/openapi.yaml": "paths: {}\n"}, FAULTY, "silent about GET"),
    ("apipage", "a page of yesterday's document",
     {"doc/openapi.yaml": PAPER.replace("G.", "H.")},
     FAULTY, "python3 doc/api_page.py"),
    ("apipage", "no page", {"doc/api.html": None}, FAULTY, "not of today"),
    ("apipage", "a document that cannot be read",
     {"doc/openapi.yaml": "paths: {"}, FAULTY, "fails"),
    ("texts", "a text that one language lacks",
     texts('title: "{n} fr"', 'heading: "{n} fr"'),
     FAULTY, "title is not in both en and fr"),
    ("texts", "a slot that one language lacks",
     texts("{n} pl", "{m} pl"), FAULTY, "other slots in pl"),
    ("texts", "an empty text",
     texts("{n} ar", ""), FAULTY, "ar has nothing to say as title"),
    ("texts", "a language too few",
     texts("\tpl: {", "\tde: {"), FAULTY, "has no pl"),
    ("texts", "a text that nobody says",
     {"web/cart/cart.js": 'fill("heading");\n'}, FAULTY, "nobody says title"),
    ("manual", "a command that the page does not know",
     {"src/cli/command.c": COMMANDS % "another song"},
     FAULTY, "its list of commands is not that of the source"),
    ("manual", "a key whose default has changed",
     {"src/base/conf_table.c": KEYS % ("conf_settings", "TEXT(word, ", "c")},
     FAULTY, "its list of keys is not that of the source"),
    ("manual", "a page without its list",
     {"doc/man/doorward.conf.5": MANUAL % "Nothing.\n"},
     FAULTY, "no list 'keys'"),
    ("manual", "a page that says what only Python calls so",
     {"doc/man/doorward.fcgi.8": MANUAL % "It is from None to 30 s.\n"},
     FAULTY, "says None"),
    ("manual", "a page with a macro that there is not",
     {"doc/man/doorward.fcgi.8": MANUAL % ".Xy what\n"},
     FAULTY, "unknown macro"),
    ("format", "code as nobody formats it",
     {"src/base/list.c": code("static int a  =  1 ;\n")},
     FAULTY, "is not formatted"),
    ("calls", "a shell", function('\tsystem("ls");\n'), FAULTY, "a shell"),
    ("calls", "a pipe to a shell",
     function('\tpopen("ls", "r");\n'), FAULTY, "a shell"),
    ("calls", "a shell in a comment",
     function("\t/* system(x) */\n"), CONTENT, "Holds"),
    ("calls", "a second clock",
     function("\ta = (int)time(NULL);\n"), FAULTY, "world_now()"),
    ("calls", "goto without a handle",
     function("\tgoto out;\nout:\n\treturn;\n"), FAULTY, "goto"),
]


def build(root, changes):
    for path, text in {**HOUSE, **changes}.items():
        if text is None:
            continue
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(text)


def run(guard, changes):
    with tempfile.TemporaryDirectory() as root:
        build(root, {**OWN.get(guard, {}), **changes})
        return subprocess.run(
            [sys.executable, os.path.join(HERE, guard + ".py")],
            env={**os.environ, "DW_SRC": root, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True, text=True,
        )


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    guards = sorted({case[0] for case in CASES})
    all_cases = [(g, "nothing wrong", {}, CONTENT, "Holds") for g in guards]
    for guard, what, changes, verdict, words in all_cases + CASES:
        answer = run(guard, changes)
        said = answer.stdout + answer.stderr
        if answer.returncode == 77:
            counts["skipped"] += 1
            print(f"SKIPPED {guard}: {what}: {said.strip()}")
        elif answer.returncode == verdict and words in said:
            counts["passed"] += 1
        else:
            counts["failed"] += 1
            print(f"FAILED {guard}: {what}: {answer.returncode}\n{said}")
    for name in os.listdir(HERE):
        if name.endswith(".py") and name[:-3] not in guards + [
            "house", "selftest"
        ]:
            counts["failed"] += 1
            print(f"FAILED {name}: a guard that no case has tried")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    return 1 if counts["failed"] else 0


sys.exit(main())
