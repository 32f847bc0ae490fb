# SPDX-License-Identifier: ISC
# What the guards share: where the house is, how C is read, how to report.

import os
import re
import sys

SKIP = 77
ROOT = os.environ.get(
    "DW_SRC", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
)

# The floors of the house, from the ground up; includes go down only.
FLOORS = {
    "base": 1,
    "http": 2, "db": 2, "net": 2, "crypto": 2,
    "store": 3, "provider": 3, "delivery": 3,
    "domain": 4,
    "api": 5, "cli": 5,
}
PROGRAM_FLOOR = 6


def files(folder, *endings):
    """Paths below a folder of the house, sorted, relative to its root."""
    found = []
    for where, folders, names in os.walk(os.path.join(ROOT, folder)):
        folders[:] = [f for f in folders if f not in ("__pycache__", ".libs")]
        for name in names:
            if name.endswith(endings) and not name.startswith("."):
                path = os.path.relpath(os.path.join(where, name), ROOT)
                found.append(path)
    return sorted(found)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def exists(path):
    return os.path.exists(os.path.join(ROOT, path))


def room(path):
    """The room of src/<room>/<file> or tests/<room>/<file>, else None."""
    parts = path.split("/")
    return parts[1] if len(parts) == 3 and parts[1] in FLOORS else None


C_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S
)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """The same text, line by line, its comments blanked."""
    def one(match):
        return match[0] if match[0][0] in "\"'" else blank(match[0])
    return C_TOKEN.sub(one, text)


def code_only(text):
    """Comments blanked, and strings and characters emptied."""
    def one(match):
        if match[0][0] in "\"'":
            return match[0][0] + " " * (len(match[0]) - 2) + match[0][0]
        return blank(match[0])
    return C_TOKEN.sub(one, text)


def includes(path):
    """(line, '"' or '<', header) of each #include."""
    pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)', re.M)
    text = without_comments(read(path))
    for match in pattern.finditer(text):
        yield line_of(text, match.start()), match[1], match[2]


def line_of(text, at):
    return text.count("\n", 0, at) + 1


class Report:
    """Collects what is wrong; ends the guard with a sentence."""

    def __init__(self, rule):
        self.rule = rule
        self.wrong = 0

    def add(self, path, line, why):
        self.wrong += 1
        print(f"{path}:{line}: {why}" if line else f"{path}: {why}")

    def done(self, seen):
        if self.wrong:
            print(f"The rule: {self.rule}")
            sys.exit(1)
        print(f"Holds ({seen}): {self.rule}")


def skip(why):
    print(f"SKIPPED, nothing was checked: {why}")
    sys.exit(SKIP)
