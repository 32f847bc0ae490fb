# SPDX-License-Identifier: ISC
"""Runs the conversations, part by part, and counts them."""

import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback

import check
from database import Database
from stack import Stack

PARTS = ('talk_signin', 'talk_cart', 'talk_alike', 'talk_tenants', 'talk_codes',
         'talk_refresh', 'talk_merchant', 'talk_limits', 'talk_crash',
         'talk_bad', 'talk_cors', 'talk_contract', 'talk_logs', 'talk_mail',
         'talk_courier', 'talk_channels', 'talk_inline', 'talk_doctor')
LONG_PARTS = ('long_memory',)
BEGUN = time.monotonic()


def say(text):
    """A line with the seconds since the beginning."""
    print(f'[{time.monotonic() - BEGUN:6.1f} s] {text}', flush=True)


class Run:
    """One database for all; a stack of its own for each part and way."""

    def __init__(self, keep):
        self.keep = keep
        self.folder = tempfile.mkdtemp(prefix='doorward-e2e.')
        os.chmod(self.folder, 0o755)
        self.database = Database(os.path.join(self.folder, 'db'))
        self.failed = 0
        self.parts = 0

    def close(self):
        """Nothing of it stays, unless something failed and is to be seen."""
        self.database.stop()
        if self.keep:
            say(f'kept: {self.folder}')
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def one(self, conversation, stack):
        """Hold one conversation: did it go well?"""
        begun = time.monotonic()
        try:
            conversation(stack)
        except Exception as wrong:
            say(f'FAILED: {conversation.sentence}')
            print(f'    {type(wrong).__name__}: {wrong}', flush=True)
            if not isinstance(wrong, check.Wrong):
                print(traceback.format_exc(), flush=True)
            return False
        say(f'ok ({time.monotonic() - begun:.1f} s): {conversation.sentence}')
        return True

    def part(self, name, mode):
        """All conversations of a part through one kind of server."""
        part = importlib.import_module(name)
        held = [c for c in check.of_part(part) if mode in c.through]
        if not held:
            return
        under = os.environ['DW_WORKERS']
        title = f'{name.partition("_")[2]} through {mode} {under}'.strip()
        self.parts += 1
        folder = os.path.join(self.folder, f'{self.parts}-{name}')
        try:
            stack = Stack(self.database, folder, mode, **part_options(part))
        except Exception:
            print(traceback.format_exc(), flush=True)
            return self.count(f'{title}: did not start', 0, 1)
        good = sum(self.one(c, stack) for c in held)
        wrong = stack.close(self.keep)
        for sentence in wrong:
            print(f'    behind the scenes: {sentence}', flush=True)
        self.count(title, good + (not wrong), len(held) - good + bool(wrong))

    def count(self, title, good, bad):
        """The part's closing line."""
        self.failed += bad
        say(title)
        print(f'{good} passed, {bad} failed', flush=True)


def part_options(part):
    """How a part wants its stack; some things are made when it begins."""
    options = getattr(part, 'OPTIONS', {})
    return options() if callable(options) else dict(options)


def chosen(words):
    """The parts to run, in their order."""
    every = PARTS + LONG_PARTS
    named = [p for p in every if p.partition('_')[2] in words]
    if len(named) != len(words):
        sys.exit(f'parts: {" ".join(p.partition("_")[2] for p in every)}')
    return named or PARTS


def passes(long):
    """(what the workers run under, through what, which parts)"""
    if not long:
        return [('', mode, PARTS) for mode in check.BOTH]
    return [('valgrind', 'fastcgi', PARTS), ('', 'fastcgi', LONG_PARTS)]


def main(words):
    """All parts, or those named."""
    if '--list' in words:
        print(*(p.partition('_')[2] for p in PARTS + LONG_PARTS))
        return 0
    options = {w for w in words if w.startswith('--')}
    named = [w for w in words if not w.startswith('--')]
    parts = chosen(named)
    wanted = os.environ.get('DW_WORKERS', '')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = Run(os.environ.get('DW_KEEP') == 'yes')
    try:
        for under, mode, every in passes('--long' in options):
            if options & {'--fastcgi', '--cgi'} and f'--{mode}' not in options:
                continue
            os.environ['DW_WORKERS'] = under or wanted
            for name in parts if named else every:
                run.part(name, mode)
    finally:
        run.close()
    return 1 if run.failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
