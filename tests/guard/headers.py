#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: one header per room; a second one is private to its room.

from house import FLOORS, Report, files, includes, room

report = Report(
    "a room shows one header, src/<room>/<room>.h; any other is its own affair"
)
headers = files("src", ".h")
for path in headers:
    if room(path) is None:
        report.add(path, 0, "a header outside the rooms")
for name in FLOORS:
    inside = [p for p in files(f"src/{name}", ".c", ".h")]
    if inside and f"src/{name}/{name}.h" not in inside:
        report.add(f"src/{name}", 0, f"has no {name}.h")
for path in files("src", ".c", ".h") + files("tests", ".c", ".h"):
    for line, quote, header in includes(path):
        there = header.split("/")[0]
        if quote != '"' or there not in FLOORS:
            continue
        if header.endswith(".h") and header != f"{there}/{there}.h":
            if room(path) != there:
                report.add(path, line, f'"{header}" is private to src/{there}')
report.done(f"{len(headers)} headers")
