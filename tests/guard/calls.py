#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: calls that are made nowhere, or in one file only.

import re

from house import Report, code_only, files, includes, line_of, read

# function: the only files that may call it, and what to do elsewhere
BANNED = {
    "system|popen": ((), "starts a shell"),
    "gets|strcpy|strcat|sprintf|vsprintf|strtok": ((), "knows no bounds"),
    "rand|srand|random|srandom|drand48": ((), "is no dice: world_random()"),
    "getrandom|arc4random": (("src/base/world.c",), "belongs to world.c"),
    "time|gettimeofday": (("src/base/world.c",), "is world_now() elsewhere"),
    "memcmp_s|bcmp": ((), "has a better name"),
}
FOREIGN = re.compile(r"json|fcgi|mysql|curl/|openssl/|sodium|jwt|dlfcn|fido")

report = Report(
    "no system(), no unbounded copy, one clock and one dice (base/world.c), "
    "and goto only beside a foreign handle"
)
sources = files("src", ".c", ".h")
for path in sources:
    code = code_only(read(path))
    for names, (allowed, why) in BANNED.items():
        for match in re.finditer(rf"(?<![\w>.])({names})\s*\(", code):
            if path not in allowed:
                line = line_of(code, match.start())
                report.add(path, line, f"{match[1]}() {why}")
    foreign = any(q == "<" and FOREIGN.search(h) for _, q, h in includes(path))
    for match in re.finditer(r"\bgoto\b", code):
        if not foreign:
            line = line_of(code, match.start())
            report.add(path, line, "goto where no foreign handle is held")
report.done(f"{len(sources)} files")
