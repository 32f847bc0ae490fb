#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: every source is listed in Makefile.am. With --write: list them.

import os
import re
import sys

from house import FLOORS, ROOT, Report, exists, files, read

VARIABLE = r"^{} =((?:[^\n\\]|\\\n)*)$"
# before this line of Makefile.am a room's check program is added
TESTS_END = "# ---- tests: the order of things"
STANZA = """check_PROGRAMS += tests/ROOM/check_ROOM
tests_ROOM_check_ROOM_CPPFLAGS = $(test_cppflags)
tests_ROOM_check_ROOM_LDADD = $(test_libs) $(on_ROOM) $(foreign)
tests_ROOM_check_ROOM_SOURCES =

"""


def wanted():
    """The variables of Makefile.am and the files each should list."""
    lists = {}
    for room in FLOORS:
        # the module's own sources
        apart = ("src/net/curl.c", "src/net/fetch.c", "src/net/inside.h")
        sources = files(f"src/{room}", ".c", ".h", ".def")
        tests = files(f"tests/{room}", ".c", ".h")
        if sources:
            lists[f"libdw_{room}_a_SOURCES"] = [
                p for p in sources if p not in apart
            ]
        if f"tests/{room}/main.c" in tests:
            lists[f"tests_{room}_check_{room}_SOURCES"] = tests
    shared = [p for p in files("tests", ".c", ".h") if p.count("/") == 1]
    lists["libdw_test_a_SOURCES"] = shared
    fuzz = files("tests/fuzz", ".c", ".h")
    if fuzz:
        lists["tests_fuzz_check_fuzz_SOURCES"] = fuzz
    return lists


def listed(makefile, variable):
    match = re.search(VARIABLE.format(variable), makefile, re.M)
    return match[1].replace("\\\n", " ").split() if match else None


def rewrite(makefile, lists):
    for variable, paths in lists.items():
        tested = re.fullmatch(r"tests_(\w+)_check_\1_SOURCES", variable)
        if tested and listed(makefile, variable) is None:
            stanza = STANZA.replace("ROOM", tested[1])
            makefile = makefile.replace(TESTS_END, stanza + TESTS_END)
        text = f"{variable} =" + "".join(f" \\\n\t{p}" for p in paths)
        pattern = re.compile(VARIABLE.format(variable), re.M)
        makefile = pattern.sub(lambda _: text, makefile)
    return makefile


report = Report(
    "every source is listed in Makefile.am; "
    "python3 tests/guard/listed.py --write does it"
)
lists = wanted()
if sys.argv[1:] == ["--write"]:
    with open(os.path.join(ROOT, "Makefile.am"), "r+", encoding="utf-8") as out:
        text = rewrite(out.read(), lists)
        out.seek(0)
        out.write(text)
        out.truncate()
makefile = read("Makefile.am")
count = 0
# automake takes a source behind a list's end for a line of some recipe
for stray in re.findall(r"[^\\\n]\n\t((?:src|tests)/\S+\.[ch])$", makefile, re.M):
    report.add("Makefile.am", 0, f"{stray} stands behind the end of its list")
for variable, paths in lists.items():
    have = listed(makefile, variable)
    count += len(paths)
    if have is None:
        report.add("Makefile.am", 0, f"has no list {variable}")
        continue
    for path in sorted(set(paths) - set(have)):
        report.add(path, 0, f"is not in {variable}")
    for path in sorted(set(have) - set(paths)):
        report.add("Makefile.am", 0, f"{variable} lists {path}, which is not")
named = set(re.findall(r"\b(?:src|tests)/[\w/.-]+\.(?:c|h|def|py|sh)\b", makefile))
for path in files("src", ".c"):
    if path not in named:
        report.add(path, 0, "is listed nowhere")
for path in sorted(named):
    if not exists(path):
        report.add("Makefile.am", 0, f"names {path}, which is not there")
for path in files("tests/guard", ".py"):
    if not path.endswith("/house.py") and path not in named:
        report.add(path, 0, "is a guard that nobody calls")
report.done(f"{count} files")
