#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: each source file of a room has its test file.

from house import Report, exists, files, room

report = Report("src/<room>/<file>.c is tested by tests/<room>/test_<file>.c")
sources = [p for p in files("src", ".c") if room(p)]
for path in sources:
    _, folder, name = path.split("/")
    test = f"tests/{folder}/test_{name}"
    if not exists(test):
        report.add(path, 0, f"has no {test}")
report.done(f"{len(sources)} files")
