# SPDX-License-Identifier: ISC
"""Runs the conversations, part by part, and counts them."""

import argparse
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
from place import Place
from setups import SETUPS
from stack import Stack

PARTS = ('talk_signin', 'talk_cart', 'talk_alike', 'talk_tenants',
         'talk_codes', 'talk_refresh', 'talk_merchant', 'talk_limits',
         'talk_crash', 'talk_lost', 'talk_bad', 'talk_cors', 'talk_contract',
         'talk_logs', 'talk_mail', 'talk_courier', 'talk_channels', 'talk_inline',
         'talk_operator', 'talk_servers', 'talk_pages', 'talk_arrives',
         'talk_https', 'talk_keys', 'talk_doctor', 'talk_webhooks',
         'talk_partner')
LONG_PARTS = ('long_memory',)
MEMORY = '/dev/shm'
ROOM_BYTES = 2 << 30
BEGUN = time.monotonic()


def say(text):
    """A line with the seconds since the beginning."""
    print(f'[{time.monotonic() - BEGUN:6.1f} s] {text}', flush=True)


def roomy():
    """Memory, for the database's files, where that has room; else None.

    They outlive a killed server there as well as on a disk.
    """
    try:
        left = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return MEMORY if left > ROOM_BYTES and os.access(MEMORY, os.W_OK) else None


class Run:
    """One database for all; a stack of its own for each part and way."""

    def __init__(self, keep):
        self.keep = keep
        self.folder = tempfile.mkdtemp(prefix='doorward-e2e.')
        os.chmod(self.folder, 0o755)
        self.tables = tempfile.mkdtemp(prefix='doorward-db.', dir=roomy())
        os.chmod(self.tables, 0o755)
        self.database = Database(os.path.join(self.tables, 'db'))
        self.place = Place(os.path.join(self.folder, 'place'))
        self.passed = 0
        self.failed = 0
        self.parts = 0
        self.wrong = []     # in words, for the end of a long log

    def close(self):
        """Nothing of it stays, unless something failed and is to be seen."""
        self.database.stop()
        if self.keep:
            return say(f'kept: {self.folder} and {self.tables}')
        for folder in self.folder, self.tables:
            shutil.rmtree(folder, ignore_errors=True)

    def one(self, conversation, stack):
        """Hold one conversation: did it go well? None: it was not held."""
        begun = time.monotonic()
        try:
            conversation(stack)
        except check.Skipped as why:
            say(f'SKIPPED: {conversation.sentence}: {why}')
            return None
        except Exception as wrong:
            self.fault(f'{conversation.sentence}: '
                       f'{type(wrong).__name__}: {wrong}')
            if not isinstance(wrong, check.Wrong):
                print(traceback.format_exc(), flush=True)
            return False
        say(f'ok ({time.monotonic() - begun:.1f} s): {conversation.sentence}')
        return True

    def part(self, name, setup):
        """All conversations of a part through one set-up."""
        part = importlib.import_module(name)
        held = [c for c in check.of_part(part) if setup in c.through]
        if not held:
            return
        under = os.environ['DW_WORKERS']
        title = f'{name.partition("_")[2]} through {setup} {under}'.strip()
        self.parts += 1
        folder = os.path.join(self.folder, f'{self.parts}-{name}')
        try:
            stack = Stack(self, folder, setup, **part_options(part))
        except Exception as wrong:
            print(traceback.format_exc(), flush=True)
            self.fault(f'{title} did not start: {wrong}')
            return self.count(title, 0, 1)
        ends = [self.one(c, stack) for c in held]
        good, skipped = ends.count(True), ends.count(None)
        wrong = stack.close(self.keep)
        for sentence in wrong:
            self.fault(f'{title}, behind the scenes: {sentence}')
        self.count(title, good + (not wrong), ends.count(False) + bool(wrong),
                   skipped)

    def fault(self, sentence):
        """Something is wrong: say so now, and again in the end."""
        say(f'FAILED: {sentence}')
        self.wrong.append(sentence)

    def count(self, title, good, bad, skipped=0):
        """The part's closing line."""
        self.passed += good
        self.failed += bad
        say(title)
        line = f'{good} passed, {bad} failed'
        print(line + (f', {skipped} skipped' if skipped else ''), flush=True)


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


def passes(long, setups):
    """(what the workers run under, through what, which parts)"""
    if not long:
        return [('', setup, PARTS) for setup in setups]
    return [('valgrind', 'lighttpd-fcgi', PARTS),
            ('', 'lighttpd-fcgi', LONG_PARTS)]


def told(words):
    """What the command line says."""
    parser = argparse.ArgumentParser(prog='tests/e2e/run.sh')
    parser.add_argument('--list', action='store_true', help='name the parts')
    parser.add_argument('--long', action='store_true',
                        help='under valgrind, then 200,000 requests')
    parser.add_argument('--through', action='append', choices=check.ALL,
                        help='one set-up; may be given more than once')
    parser.add_argument('part', nargs='*')
    return parser.parse_args(words)


def through(run, setup, parts):
    """These parts through this set-up, or a word about what it lacks."""
    lacks = [word for word in SETUPS[setup].needs if not shutil.which(word)
             and not os.path.exists(word)]
    if lacks:
        say(f'{setup} SKIPPED: no {" ".join(lacks)}')
        print('0 passed, 0 failed, 1 skipped', flush=True)
        return
    begun, good, bad = time.monotonic(), run.passed, run.failed
    for name in parts:
        run.part(name, setup)
    say(f'{setup}: {run.passed - good} passed, {run.failed - bad} failed, '
        f'{time.monotonic() - begun:.0f} s')


def main(words):
    """All parts, or those named."""
    said = told(words)
    if said.list:
        print(*(p.partition('_')[2] for p in PARTS + LONG_PARTS))
        return 0
    parts = chosen(said.part)
    wanted = os.environ.get('DW_WORKERS', '')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = Run(os.environ.get('DW_KEEP') == 'yes')
    try:
        for under, setup, every in passes(said.long, said.through or check.ALL):
            os.environ['DW_WORKERS'] = under or wanted
            through(run, setup, parts if said.part else every)
    finally:
        run.close()
    for sentence in run.wrong:
        print(f'FAILED: {sentence}', flush=True)
    return 1 if run.failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
