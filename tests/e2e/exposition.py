# SPDX-License-Identifier: ISC
"""A strict reader of Prometheus's text format, version 0.0.4."""

import re

from check import Wrong

NAME = r'[a-zA-Z_:][a-zA-Z0-9_:]*'
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf'({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?\d+)')
COMMENT = re.compile(rf'# (HELP|TYPE) ({NAME}) (.+)')
TYPES = ('counter', 'gauge')


class Scrape:
    """Families in their order; samples by name and labels."""

    def __init__(self):
        self.types = {}
        self.helped = set()
        self.order = []
        self.samples = {}

    def comment(self, kind, name, words):
        """HELP, then TYPE, once each, before any sample of theirs."""
        known = self.helped if kind == 'HELP' else self.types
        if name in known or name in self.order:
            raise Wrong(f'a second or late {kind} of {name}')
        if kind == 'HELP':
            self.helped.add(name)
        elif words not in TYPES or name not in self.helped:
            raise Wrong(f'{name} is of type {words}')
        else:
            self.types[name] = words

    def sample(self, name, labels, value):
        """One sample: of the family that is being told, and not twice."""
        if name not in self.types:
            raise Wrong(f'a sample of {name}, which has no type')
        if self.types[name] == 'counter' and not name.endswith('_total'):
            raise Wrong(f'the counter {name} does not end in _total')
        if not self.order or self.order[-1] != name:
            if name in self.order:
                raise Wrong(f'{name} does not stand together')
            self.order.append(name)
        key = (name, frozenset((labels or '').split(',')))
        if key in self.samples:
            raise Wrong(f'{name}{{{labels}}} stands there twice')
        self.samples[key] = int(value)

    def value(self, name, *labels):
        """Of that sample, its labels as they are written; None: none."""
        return self.samples.get((name, frozenset(labels or ('',))))


def read(answer):
    """The body of an answer, all of it."""
    kind = answer.header('Content-Type')
    if kind != 'text/plain; version=0.0.4; charset=utf-8':
        raise Wrong(f'the type is {kind}')
    text = answer.body.decode()
    if not text.endswith('\n'):
        raise Wrong('the last line does not end')
    scrape = Scrape()
    for line in text.splitlines():
        comment, sample = COMMENT.fullmatch(line), SAMPLE.fullmatch(line)
        if comment:
            scrape.comment(*comment.groups())
        elif sample:
            scrape.sample(*sample.groups())
        else:
            raise Wrong(f'the line {line!r}')
    return scrape
