#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: functions, files, lines, nesting and parameters stay small.

import re

from house import Report, blank, code_only, exists, files, read

FUNCTION_LINES = 60     # from the name to the closing brace
FILE_LINES = 400
LINE_COLUMNS = 100      # a tab counts to the next multiple of 8
NESTING = 3             # if, for, while, do, switch within each other
PARAMETERS = 5

TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|\.\.\.|[^\s\w]")
PAIRS = {"(": ")", "{": "}", "[": "]"}
CONTROL = {"if", "for", "while", "switch"}


def loop_macros():
    text = read(".clang-format") if exists(".clang-format") else ""
    match = re.search(r"^ForEachMacros:\s*\[([^]]*)\]", text, re.M)
    return set(re.findall(r"\w+", match[1])) if match else set()


LOOPS = CONTROL | loop_macros()


def tokens_of(text):
    """(word, line) of C code, without the preprocessor's lines."""
    code = re.sub(
        r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: blank(m[0]),
        code_only(text), flags=re.M,
    )
    line, at, found = 1, 0, []
    for match in TOKEN.finditer(code):
        line += code.count("\n", at, match.start())
        at = match.start()
        found.append((match[0], line))
    return found


def skip_pair(tokens, i):
    """The index after the bracket that closes tokens[i]."""
    opens, closes, depth = tokens[i][0], PAIRS[tokens[i][0]], 0
    while i < len(tokens):
        depth += (tokens[i][0] == opens) - (tokens[i][0] == closes)
        i += 1
        if depth == 0:
            break
    return i


class Body:
    """Walks a function's statements; knows how deep they go, and where."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.depth, self.line = 0, 0

    def word(self, i):
        return self.tokens[i][0] if i < len(self.tokens) else ";"

    def inner(self, i, depth):
        if depth + 1 > self.depth:
            self.depth, self.line = depth + 1, self.tokens[i][1]
        return self.statement(i, depth + 1)

    def block(self, i, depth):
        end = skip_pair(self.tokens, i) - 1
        i += 1
        while i < end:
            i = self.statement(i, depth)
        return end + 1

    def statement(self, i, depth):
        word = self.word(i)
        if word == "{":
            return self.block(i, depth)
        if word == "do":
            i = self.inner(i + 1, depth)
            return self.simple(i)
        if word in ("case", "default"):
            return self.label(i)
        if self.word(i + 1) == ":" and word.isidentifier():
            return i + 2
        if word.isidentifier() and self.word(i + 1) == "(":
            after = skip_pair(self.tokens, i + 1)
            if word in LOOPS or self.word(after) == "{":
                i = self.inner(after, depth)
                return self.otherwise(i, depth) if word == "if" else i
        return self.simple(i)

    def otherwise(self, i, depth):
        if self.word(i) != "else":
            return i
        if self.word(i + 1) == "if":
            return self.statement(i + 1, depth)
        return self.inner(i + 1, depth)

    def label(self, i):
        while self.word(i) != ":":
            i = skip_pair(self.tokens, i) if self.word(i) in PAIRS else i + 1
        return i + 1

    def simple(self, i):
        while self.word(i) not in (";", "}"):
            i = skip_pair(self.tokens, i) if self.word(i) in PAIRS else i + 1
        return i + 1 if self.word(i) == ";" else i


def parameters(tokens):
    depth, count = 0, 1
    for word, _ in tokens:
        depth += (word in PAIRS) - (word in PAIRS.values())
        count += word == "," and depth == 0
    words = [word for word, _ in tokens]
    return 0 if words in ([], ["void"]) else count - words.count("...")


def functions(tokens):
    """(name, first line, last line, parameters, Body) of each definition."""
    i, head = 0, None
    while i < len(tokens):
        word = tokens[i][0]
        if word == "(":
            after = skip_pair(tokens, i)
            if tokens[i - 1][0] != "__attribute__":
                head = (i - 1, i + 1, after - 1)
            i = after
        elif word == "{":
            after = skip_pair(tokens, i)
            if tokens[i - 1][0] == ")" and head:
                yield function(tokens, head, i, after)
            i, head = after, None
        else:
            head = None if word in (";", "=") else head
            i += 1


def function(tokens, head, start, end):
    name_at, first, last = head
    name = tokens[name_at][0]
    count = parameters(tokens[first:last])
    if name in ("START_TEST", "START_LOOP_TEST"):
        name, count = tokens[first][0], 0
    body = Body(tokens[start:end])
    body.block(0, 0)
    return name, tokens[name_at][1], tokens[end - 1][1], count, body


def check(path, report):
    """Report what is too large; the lengths of the functions."""
    text = read(path)
    lines = text.split("\n")
    if len(lines) - 1 > FILE_LINES:
        report.add(path, 0, f"{len(lines) - 1} lines, at most {FILE_LINES}")
    for n, line in enumerate(lines, 1):
        if len(line.expandtabs(8)) > LINE_COLUMNS:
            report.add(path, n, f"wider than {LINE_COLUMNS} columns")
    lengths = []
    for name, first, last, count, body in functions(tokens_of(text)):
        length = last - first + 1
        lengths.append(length)
        if length > FUNCTION_LINES:
            why = f"{name} has {length} lines, at most {FUNCTION_LINES}"
            report.add(path, first, why)
        if body.depth > NESTING:
            why = f"{name} nests {body.depth} deep, at most {NESTING}"
            report.add(path, body.line, why)
        if count > PARAMETERS:
            why = f"{name} has {count} parameters, at most {PARAMETERS}"
            report.add(path, first, why)
    return lengths


def main():
    report = Report(
        f"functions to {FUNCTION_LINES} lines and {PARAMETERS} parameters, "
        f"nesting to {NESTING}, files to {FILE_LINES} lines, lines to "
        f"{LINE_COLUMNS} columns"
    )
    lengths = []
    sources = files("src", ".c", ".h")
    for path in sources:
        lengths += check(path, report)
    for path in files("tests", ".c", ".h"):
        check(path, report)
    lengths.sort()
    if lengths:
        n = len(lengths)
        print(f"src: {n} functions; lines: median {lengths[n // 2]}, "
              f"p95 {lengths[n * 95 // 100]}, longest {lengths[-1]}")
    report.done(f"{len(sources)} files")


main()
