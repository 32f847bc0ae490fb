#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# The lists of the manual pages, out of the tables of the source.
#
# python3 doc/man/generate.py --write    bring the pages up to date
# python3 doc/man/generate.py            say whether they are (the guard asks)

import os
import re
import sys
import textwrap

ROOT = os.environ.get(
    "DW_SRC", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
)
TOKEN = re.compile(
    r'/\*.*?\*/|(?P<text>"(?:\\.|[^"\\\n])*")|(?P<word>[\w.]+)|'
    r"(?P<mark>[{}(),;&])|\s+|.", re.S
)
WIDTH = 76
SETTING = re.compile(r"(?:SETTING_ROW_)?(TEXT|INT|BOOL|CHOICE|SECRET)$")


class Word(str):
    """A name of the source, which is no text."""


def table(path, begin):
    """The tokens of the table that begins so: texts, Words, marks."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        source = file.read()
    start = source.index(begin)
    end = source.index("\n};", start)
    found = []
    for match in TOKEN.finditer(source[start + len(begin):end]):
        if match["text"]:
            found.append(re.sub(r"\\(.)", r"\1", match["text"][1:-1]))
        elif match["word"]:
            found.append(Word(match["word"]))
        elif match["mark"]:
            found.append(Word(match["mark"]))
    return found


def is_mark(token, marks):
    return isinstance(token, Word) and token in marks


def arguments(tokens, at, closing):
    """What stands between the commas up to the closing mark, and where it is."""
    said, one = [], []
    while not is_mark(tokens[at], closing):
        if is_mark(tokens[at], ","):
            said.append(one)
            one = []
        else:
            one.append(tokens[at])
        at += 1
    return said + [one], at


def joined(tokens):
    """A text of several pieces; a folder of the build by its usual name."""
    names = {"PKGLIBDIR": "/usr/lib/doorward",
             "PKGDATADIR": "/usr/share/doorward"}
    if not tokens or (len(tokens) == 1 and is_mark(tokens[0], ("NULL",))):
        return None
    return "".join(names.get(t, t) if isinstance(t, Word) else t
                   for t in tokens)


def commands():
    """(words, operands, options, about) of each command."""
    tokens = table("src/cli/command.c", "const struct command commands[] = {")
    at = 0
    while at < len(tokens):
        if is_mark(tokens[at], "{"):
            row, at = arguments(tokens, at + 1, "}")
            if len(row) >= 7:
                yield tuple(joined(row[i]) or "" for i in (0, 1, 2, 6))
        at += 1


def settings(path, begin, has_struct):
    """(name, kind, preset, bounds, about) of each key of a table."""
    tokens = table(path, begin)
    at = 0
    while at < len(tokens):
        kind = SETTING.match(tokens[at]) if isinstance(tokens[at], Word) else None
        if kind and is_mark(tokens[at + 1], "("):
            row, at = arguments(tokens, at + 2, ")")
            row = [joined(part) for part in row[has_struct:]]
            yield setting(kind[1], row)
        at += 1


def setting(kind, row):
    name, preset, about = row[0], row[1], row[-1]
    bounds = ""
    if kind == "INT":
        bounds = f"from {row[2]} to {row[3]}" + (f" {row[4]}" if row[4] else "")
    elif kind == "BOOL":
        bounds = "true or false"
    elif kind == "CHOICE":
        *most, last = row[2].split("|")
        bounds = f"{', '.join(most)} or {last}"
    elif kind == "SECRET":
        preset = ""
    return name, preset, bounds, about


# ---- mdoc ---------------------------------------------------------------------

def escaped(text):
    """A sentence as roff takes it, one to a line."""
    text = text.replace("\\", "\\e").replace("…", "...").replace("—", "-")
    text = text.replace("`", '"')
    text = re.sub(r"(?<=[.;:]) (?=[A-Z])", "\n", text)
    lines = [line for sentence in text.split("\n")
             for line in textwrap.wrap(sentence, WIDTH, break_on_hyphens=False)]
    return "\n".join("\\&" + line if line[:1] in ".'" else line
                     for line in lines)


def words_of(text):
    """Words of a command line: [--name TEXT] [SHOP]"""
    out = []
    for part in re.findall(r"\[[^]]*\]|[^\s\[]+", text):
        inner = part.strip("[]").split()
        said = []
        for word in inner:
            if word.startswith("--"):
                said.append("Fl Fl " + word[2:])
            elif re.fullmatch(r"-\w", word):
                said.append("Fl " + word[1:])
            else:
                said.append("Ar " + word.replace("|", " | "))
        optional = part.startswith("[")
        out.append(f"Oo {' '.join(said)} Oc" if optional else " ".join(said))
    return " ".join(out)


def command_list():
    lines = [".Bl -tag -width Ds"]
    for words, operands, options, about in commands():
        rest = " ".join(filter(None, (words_of(operands), words_of(options))))
        lines.append(f".It Cm {words} {rest}".rstrip())
        lines.append(escaped(about))
    return lines + [".El"]


def key_list(rows):
    lines = [".Bl -tag -width Ds"]
    for name, preset, bounds, about in rows:
        lines.append(f".It Ic {name}")
        lines.append(escaped(about))
        if bounds:
            lines.append(f"It is {bounds}.")
        if preset is None:
            lines.append("It must be given.")
        elif preset == "":
            lines.append("By default it is empty.")
        else:
            lines.append(f"Default:\n.Ql {preset} .")
    return lines + [".El"]


LISTS = {
    ("doc/man/doorward.1", "commands"): command_list,
    ("doc/man/doorward.1", "settings"): lambda: key_list(settings(
        "src/domain/tenant.c",
        "const struct setting tenant_settings_table[] = {", 1)),
    ("doc/man/doorward.conf.5", "keys"): lambda: key_list(settings(
        "src/base/conf_table.c",
        "const struct setting conf_settings[] = {", 0)),
}


def replaced(page, name, lines):
    """The page with this list between its two marks."""
    begin, end = f'.\\" {name}: begin', f'.\\" {name}: end'
    if begin not in page or end not in page:
        sys.exit(f"a page has no list '{name}'")
    head, _, rest = page.partition(begin)
    # the mark's own line goes on to its end
    mark, _, rest = rest.partition("\n")
    _, _, tail = rest.partition(end)
    return head + begin + mark + "\n" + "\n".join(lines) + "\n" + end + tail


def main():
    write = "--write" in sys.argv[1:]
    stale = []
    for (path, name), lines in LISTS.items():
        full = os.path.join(ROOT, path)
        with open(full, encoding="utf-8") as file:
            old = file.read()
        new = replaced(old, name, lines())
        if new != old and write:
            with open(full, "w", encoding="utf-8") as file:
                file.write(new)
        elif new != old:
            stale.append(f"{path}: its list of {name} is not that of the source")
    print("\n".join(stale) if stale else "the lists are those of the source")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
