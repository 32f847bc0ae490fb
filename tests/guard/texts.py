#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# Guard: a page says the same things in all of its languages.

import os
import re

from house import Report, files, line_of, read, skip

LANGUAGE = re.compile(r"^\t(\w+): \{\n(.*?)^\t\},$", re.M | re.S)
TEXT = re.compile(r'^\t\t(\w+): "((?:\\.|[^"\\])*)",$', re.M)
SLOT = re.compile(r"\{\w+\}")
QUOTED = re.compile(r'["\']([a-z]\w*)["\']')
WANTED = {"en", "ar", "fr", "pl"}

pages = [path for path in files("web", ".js") if path.endswith("/texts.js")]
if not pages:
    skip("no page has texts")
report = Report(
    "each language of web/<page>/texts.js has the same keys with the same "
    "{slots}, each said once and used by the page"
)


def texts_of(path, name, body, line):
    """Key to text of one language; complaints about doubles and odd lines."""
    found = {}
    for key, text in TEXT.findall(body):
        if key in found:
            report.add(path, line, f"{name} says {key} twice")
        if not text.strip():
            report.add(path, line, f"{name} has nothing to say as {key}")
        found[key] = text
    lines = [part for part in body.split("\n") if part.strip()]
    if len(lines) != len(TEXT.findall(body)):
        report.add(path, line, f"{name} has a line that is no text")
    return found


def used_by(path):
    """What the page's own files quote: keys, and beginnings of keys."""
    folder = os.path.dirname(path)
    sources = [p for p in files(folder, ".js", ".html") if p != path]
    return {word for p in sources for word in QUOTED.findall(read(p))}


def check(path):
    source = read(path)
    languages = {
        match[1]: texts_of(path, match[1], match[2],
                           line_of(source, match.start()))
        for match in LANGUAGE.finditer(source)
    }
    for name in sorted(WANTED - set(languages)):
        report.add(path, 0, f"has no {name}")
    first = languages.get("en", {})
    for name, texts in languages.items():
        for key in sorted(set(first) ^ set(texts)):
            report.add(path, 0, f"{key} is not in both en and {name}")
        for key in set(first) & set(texts):
            if set(SLOT.findall(first[key])) != set(SLOT.findall(texts[key])):
                report.add(path, 0, f"{key} has other slots in {name}")
    words = used_by(path)
    for key in first:
        if not any(key == word or (word.endswith("_") and key.startswith(word))
                   for word in words):
            if f".{key}" not in "".join(
                    read(p) for p in files(os.path.dirname(path), ".js")):
                report.add(path, 0, f"nobody says {key}")
    return len(first) * len(languages)


count = sum(check(path) for path in pages)
report.done(f"{count} texts of {len(pages)} pages")
