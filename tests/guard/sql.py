#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: SQL is written in src/store and nowhere else.

import re

from house import Report, files, line_of, read, room, without_comments

# a string that begins a statement
STATEMENT = re.compile(
    r'"\s*(SELECT\s|INSERT\s+(IGNORE\s+)?INTO\s|REPLACE\s+INTO\s|'
    r"UPDATE\s+\S+\s+SET\s|DELETE\s+(\w+\s+)?FROM\s|BEGIN\b|"
    r"CREATE\s+(OR\s+REPLACE\s+)?(TABLE|INDEX|UNIQUE|DATABASE|USER|VIEW|"
    r"TRIGGER|PROCEDURE|FUNCTION)\b|ALTER\s+TABLE\b|"
    r"DROP\s+(TABLE|DATABASE|INDEX)\b|TRUNCATE\s|CALL\s+\w+\s*\(|WITH\s+\w+\s+"
    r"AS\b|SHOW\s|GRANT\s|START\s+TRANSACTION|COMMIT\b|ROLLBACK\b|SAVEPOINT\s|"
    r"SET\s+(SESSION|GLOBAL|NAMES|STATEMENT|TRANSACTION|@@?)|"
    r"LOCK\s+TABLES?\b|UNLOCK\s+TABLES\b)"
)
# the words of a connection and of its transactions, which src/db speaks itself
OF_DB = re.compile(
    r'"\s*(SET\s|START\s+TRANSACTION|BEGIN"|COMMIT\b|ROLLBACK\b|SAVEPOINT\s|'
    r"SELECT\s+(GET_LOCK|RELEASE_LOCK|CONNECTION_ID|@@\w+))"
)

report = Report("SQL is written in src/store only (src/db: session words)")
sources = [p for p in files("src", ".c", ".h") if room(p) != "store"]
for path in sources:
    text = without_comments(read(path))
    for match in STATEMENT.finditer(text):
        if room(path) == "db" and OF_DB.match(text, match.start()):
            continue
        words = " ".join(match[0].split())
        report.add(path, line_of(text, match.start()), f"a statement: {words}…")
report.done(f"{len(sources)} files")
