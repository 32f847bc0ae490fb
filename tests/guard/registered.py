#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: a test that is written is a test that runs.

import re

from house import Report, code_only, exists, files, line_of, read, room

report = Report("each START_TEST stands in a SUITE, each SUITE in its ROOM")


def words(text):
    return [w for w in re.split(r"[\s,]+", text) if w]


def suites_of(path):
    """The suites of a test file; reports tests that are in none or in two."""
    code = code_only(read(path))
    tests = re.findall(r"\bSTART_TEST\s*\(\s*(\w+)", code)
    suites, listed = [], []
    for match in re.finditer(r"^SUITE\s*\(([^)]*)\)", code, re.M):
        name, *members = words(match[1])
        suites.append((name, line_of(code, match.start())))
        listed += members
    for test in tests:
        if listed.count(test) != 1:
            report.add(path, 0, f"{test} is {listed.count(test)} times in SUITE")
        if tests.count(test) != 1:
            report.add(path, 0, f"{test} is written twice")
    for test in set(listed) - set(tests):
        report.add(path, 0, f"SUITE names {test}, which is not here")
    if not tests:
        report.add(path, 0, "has no START_TEST")
    return len(tests), suites


def check_room(folder, paths):
    main = f"tests/{folder}/main.c"
    if not exists(main):
        report.add(main, 0, f"is missing: who runs {paths[0]}?")
        return 0
    match = re.search(r"^ROOM\s*\(([^)]*)\)", code_only(read(main)), re.M)
    ran = words(match[1]) if match else []
    total, written = 0, []
    for path in paths:
        n, suites = suites_of(path)
        total += n
        written += [name for name, _ in suites]
        for name, line in suites:
            if ran.count(name) != 1:
                report.add(path, line, f"suite {name} is not once in {main}")
    for name in set(ran) - set(written):
        report.add(main, 0, f"runs {name}, which no file has")
    return total


rooms = {}
for test_file in files("tests", ".c"):
    if room(test_file) and "/test_" in test_file:
        rooms.setdefault(room(test_file), []).append(test_file)
count = sum(check_room(folder, paths) for folder, paths in rooms.items())
report.done(f"{count} tests in {len(rooms)} rooms")
