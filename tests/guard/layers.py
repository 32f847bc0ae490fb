#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: a floor includes from floors below and from its own room.

from house import FLOORS, PROGRAM_FLOOR, Report, files, includes, room

report = Report(
    "includes go down only: base < http, db, net, crypto < store, provider, "
    "delivery < domain < api, cli < programs; never up, never sideways"
)
sources = files("src", ".c", ".h", ".def")
for path in sources:
    here = room(path)
    if here is None and path.count("/") > 1:
        report.add(path, 0, f"src/{path.split('/')[1]} is no room of the house")
        continue
    floor = FLOORS.get(here, PROGRAM_FLOOR)
    for line, quote, header in includes(path):
        there = header.split("/")[0]
        if quote == "<":
            continue
        if header.count("/") != 1 or there not in FLOORS:
            report.add(path, line, f'"{header}" is no "<room>/<file>.h"')
        elif there != here and FLOORS[there] >= floor:
            way = "sideways" if FLOORS[there] == floor else "up"
            report.add(path, line, f'"{header}" goes {way} from {here}')
report.done(f"{len(sources)} files")
