#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: a file begins with its licence and with one line that says what it is.

import re

from house import Report, files, read

C_STYLE = (
    re.compile(r"/\* SPDX-License-Identifier: ISC \*/"),
    re.compile(r"/\* \S.* \*/"),
)
HASH_STYLE = (
    re.compile(r"# SPDX-License-Identifier: ISC"),
    re.compile(r"(# |\"\"\")\S.*"),
)

report = Report("line one is the SPDX line, line two says what the file is")


def check(path, style):
    lines = read(path).split("\n")
    if lines[0].startswith("#!"):
        lines = lines[1:]
    for pattern, line in zip(style, (lines + [""])[:2]):
        if not pattern.fullmatch(line):
            report.add(path, 0, f"{line!r} is not {pattern.pattern!r}")


c_files = files("src", ".c", ".h", ".def") + files("tests", ".c", ".h")
hash_files = files("tests", ".py", ".sh") + files("script", "")
for name in c_files:
    check(name, C_STYLE)
for name in hash_files:
    check(name, HASH_STYLE)
report.done(f"{len(c_files) + len(hash_files)} files")
