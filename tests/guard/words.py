#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: nothing is left for later.

import re

from house import Report, exists, files, line_of, read

# written so that this file does not find itself
LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
FOLDERS = ["src", "tests", "script", "conf", "sql", "web", "doc", "m4", "bench"]
TOP = ["Makefile.am", "configure.ac", "README.md", "HACKING.md", "CHANGELOG.md"]
ENDINGS = (
    ".c", ".h", ".def", ".py", ".sh", ".sql", ".conf", ".html", ".css", ".js",
    ".mjs", ".ts",
    ".md", ".yaml", ".txt", ".service", ".timer", "doorward.m4",
)

report = Report("nothing is left for later: mend it now or write it down")
texts = [p for p in TOP if exists(p)] + files("script", "")
for folder in FOLDERS:
    texts += files(folder, *ENDINGS)
for path in sorted(set(texts)):
    text = read(path)
    for match in LATER.finditer(text):
        report.add(path, line_of(text, match.start()), f"says {match[0]}")
report.done(f"{len(set(texts))} files")
