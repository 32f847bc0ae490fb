#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: src/api/routes.c serves what doc/openapi.yaml promises, no more or less.

import re

from house import Report, exists, line_of, read, skip, without_comments

ROUTES, PAPER = "src/api/routes.c", "doc/openapi.yaml"
METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
ROW = re.compile(rf'\{{\s*(?:METHOD_)?({METHODS})\s*,\s*"(/[^"]*)"')

if not exists(ROUTES) and not exists(PAPER):
    skip(f"neither {ROUTES} nor {PAPER} is there")
try:
    import yaml
except ImportError:
    skip("python3-yaml is not installed")


def shape(path):
    """A parameter's name is nobody's business: {id} and {sessionId} agree."""
    return re.sub(r"\{[^}]*\}", "{}", path)


report = Report(f"{ROUTES} and {PAPER} have the same methods and paths")
served, promised = {}, {}
if exists(ROUTES):
    text = without_comments(read(ROUTES))
    for match in ROW.finditer(text):
        row = (match[1], shape(match[2]))
        if row in served:
            report.add(ROUTES, line_of(text, match.start()), "a second such row")
        served[row] = f"{match[1]} {match[2]}"
if exists(PAPER):
    for path, item in (yaml.safe_load(read(PAPER)).get("paths") or {}).items():
        for method in item:
            if re.fullmatch(METHODS, method.upper()):
                row = (method.upper(), shape(path))
                promised[row] = f"{method.upper()} {path}"
for row in sorted(set(promised) - set(served)):
    report.add(ROUTES, 0, f"has no {promised[row]}, which {PAPER} promises")
for row in sorted(set(served) - set(promised)):
    report.add(PAPER, 0, f"is silent about {served[row]}")
if not served:
    report.add(ROUTES, 0, "has no row that this guard can read")
report.done(f"{len(served)} routes")
