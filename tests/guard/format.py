#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: code is formatted as .clang-format says; headers are aligned by hand.

import re
import shutil
import subprocess

from house import ROOT, Report, files, skip

VERSION = "14"      # others differ in details

tool = shutil.which("clang-format-14") or shutil.which("clang-format")
if not tool:
    skip("clang-format is not installed")
answer = subprocess.run([tool, "--version"], capture_output=True, text=True)
if not re.search(rf"version {VERSION}\.", answer.stdout):
    skip(f"{answer.stdout.strip()} is not version {VERSION}")

report = Report("each .c file is as clang-format -i leaves it")
sources = files("src", ".c") + files("tests", ".c")
answer = subprocess.run(
    [tool, "--dry-run", "--Werror", "--style=file", *sources],
    cwd=ROOT, capture_output=True, text=True,
)
for match in re.finditer(r"^(\S+?):(\d+):\d+: error", answer.stderr, re.M):
    report.add(match[1], int(match[2]), "is not formatted: clang-format -i")
if answer.returncode and not report.wrong:
    report.add("clang-format", 0, answer.stderr.strip() or "failed")
report.done(f"{len(sources)} files")
