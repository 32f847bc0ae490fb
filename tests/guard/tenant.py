#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: every WHERE names the tenant, or its row says why it need not.

import os
import re
import shlex
import subprocess

from house import ROOT, Report, files, skip

STRING = r'"(?:\\.|[^"\\\n])*"'
TOKEN = re.compile(rf"(?P<mark>^# (?P<line>\d+) \"(?P<file>[^\"]*)\".*$)|"
                   rf"{STRING}|[A-Za-z_]\w*|\d\w*|\n|[^\s\w]", re.M)
SQL = re.compile(
    r"\s*(SELECT|INSERT|REPLACE|UPDATE|DELETE|BEGIN|WITH|CALL|SET|CREATE|"
    r"START|TRUNCATE)\b"
)
# what touches rows of a table and has no WHERE at all
WHOLE_TABLE = re.compile(
    r"(?<!KEY )\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\s+\w+|"
    r"\bFROM\s+(?!\(|JSON_TABLE|DUAL\b)\w+"
)


def expanded(path):
    """(token, line) of a file as the compiler reads it, its macros unfolded."""
    compiler = shlex.split(os.environ.get("CC", "cc"))
    answer = subprocess.run(
        [*compiler, "-E", "-std=c11", "-D_GNU_SOURCE", "-Isrc", path],
        cwd=ROOT, capture_output=True, text=True,
    )
    if answer.returncode:
        report.add(path, 0, answer.stderr.strip().split("\n")[0])
    line, here = 1, False
    for match in TOKEN.finditer(answer.stdout):
        if match["mark"]:
            line, here = int(match["line"]) - 1, match["file"] == path
        elif match[0] == "\n":
            line += 1
        elif here:
            yield match[0], line


def words_of(tokens):
    text = "".join(t[1:-1] for t in tokens if t[0] == '"')
    return text.replace('\\"', '"').replace("\\n", " ").replace("\\t", " ")


def statements(path):
    """(line, sql, the rest of its row) of each SQL text in a file."""
    tokens = list(expanded(path))
    words = [word for word, _ in tokens]
    i = 0
    while i < len(words):
        start = i
        while i < len(words) and words[i][0] == '"':
            i += 1
        sql = words_of(words[start:i])
        if SQL.match(sql):
            end = i
            while end < len(words) and words[end] not in ("}", ";"):
                end += 1
            yield tokens[start][1], sql, words[i:end]
        i += 1


def local(clause):
    """Does it ask nothing but the compound's own variables (v_…)?"""
    names = set(re.findall(r"[A-Za-z_]\w*", clause))
    names -= {"AND", "OR", "NOT", "IS", "NULL"}
    return all(name.startswith("v_") for name in names)


def faults(sql):
    """What a statement, or each statement of a compound, does to all shops."""
    for part in sql.split(";"):
        pieces = re.split(r"\bWHERE\b", part)
        for clause in pieces[1:]:
            if not re.search(r"\btenant_id\b", clause) and not local(clause):
                yield "WHERE " + " ".join(clause.split())[:60] + "…"
        joined = re.search(r"\bON\b.*\btenant_id\b", part)
        if len(pieces) == 1 and not joined and WHOLE_TABLE.search(part):
            yield " ".join(part.split())[:60] + "… (no WHERE)"


def check(path):
    """Report what names no tenant; how many statements, and which cross."""
    total, crossing = 0, []
    for line, sql, rest in statements(path):
        total += 1
        if "CROSS_TENANT" not in rest:
            for fault in faults(sql):
                report.add(path, line, f"names no tenant_id: {fault}")
        elif words_of(rest):
            crossing.append(f"{path}:{line}: {words_of(rest)}")
        else:
            report.add(path, line, "CROSS_TENANT, and no word why")
    return total, crossing


report = Report(
    "every WHERE in src/store names tenant_id, unless the row is CROSS_TENANT "
    "and says why"
)
try:
    checked = [check(path) for path in files("src/store", ".c")]
except FileNotFoundError:
    skip("there is no compiler to unfold macros")
crossing = [text for _, texts in checked for text in texts]
print(f"{len(crossing)} statements are CROSS_TENANT:")
for text in crossing:
    print(f"    {text}")
report.done(f"{sum(total for total, _ in checked)} statements")
