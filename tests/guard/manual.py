#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: the manual pages know every command and every key, and are well-formed.

import os
import re
import shutil
import subprocess
import sys

from house import ROOT, Report, exists, files, read

GENERATE = "doc/man/generate.py"

report = Report(
    "commands and keys stand in doc/man as in the source; "
    "python3 doc/man/generate.py --write does it"
)
if exists("src/cli/command.c"):
    answer = subprocess.run(
        [sys.executable, os.path.join(ROOT, GENERATE)],
        env={**os.environ, "DW_SRC": ROOT}, capture_output=True, text=True,
    )
    if answer.returncode:
        report.add(GENERATE, 0, (answer.stdout + answer.stderr).strip())
pages = [p for p in files("doc/man", "") if p[-1].isdigit()]
for path in pages:
    for n, line in enumerate(read(path).split("\n"), 1):
        # what Python calls nothing
        if re.search(r"\bNone\b", line):
            report.add(path, n, "says None")
if shutil.which("mandoc"):
    for path in pages:
        answer = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "style", path],
            cwd=ROOT, capture_output=True, text=True,
        )
        for line in answer.stdout.splitlines():
            # pages that are not installed yet, or another system's
            if "referenced manual not found" not in line:
                report.add(path, 0, line.partition(path)[2].lstrip(":"))
else:
    print("SKIPPED: mandoc is not installed: the pages are not looked at")
report.done(f"{len(pages)} pages")
