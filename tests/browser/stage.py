# SPDX-License-Identifier: ISC
"""Doorward as it is shipped, with its pages, and a browser before it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

SRC = Path(os.environ['DW_SRC'])
sys.path.insert(0, str(SRC / 'tests/e2e'))

import web_lighttpd                     # noqa: E402
from main import Run                    # noqa: E402
from setups import SETUPS               # noqa: E402
from stack import Stack                 # noqa: E402
from webserver import shipped           # noqa: E402

PATIENCE_SECONDS = 900
OPTIONS = {'courier': 'daemon', 'default_shop': 'one',
           'client_address_factor': '1000',
           'tenant': {'phone_channel': 'sms'}}


class Told(web_lighttpd.Fcgi):
    """The shipped lighttpd; Doorward knows its address, where links lead."""

    def write(self):
        super().write()
        for name in ('doorward.conf', 'operator.conf'):
            path = self.folder / name
            path.write_text(re.sub(
                r'^public_url = .*$', 'public_url = http://127.0.0.1:'
                f'{self.port}', path.read_text(), flags=re.M))


def environment(stack):
    """What the browser's side is told."""
    return {**os.environ,
            'BASE': f'http://127.0.0.1:{stack.port}',
            'KEY_ONE': stack.keys['one'], 'KEY_TWO': stack.keys['two'],
            'CLOCK_FILE': str(stack.clock_file)}


def browse(stack, words):
    """Run the cases; they print their own closing line."""
    return subprocess.run(
        ['node', SRC / 'tests/browser/main.mjs', *words], check=False,
        env=environment(stack), timeout=PATIENCE_SECONDS).returncode


def main(words):
    """A database, a stack, a browser; all of it is gone afterwards."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.setdefault('DW_WORKERS', '')
    keep = os.environ.get('DW_KEEP') == 'yes'
    SETUPS['told'] = Told
    run = Run(keep)
    try:
        stack = Stack(run, os.path.join(run.folder, 'stack'), 'told', **OPTIONS)
        try:
            status = browse(stack, words)
        finally:
            wrong = stack.close(keep)
    finally:
        run.close()
    for sentence in wrong:
        print(f'    behind the scenes: {sentence}', flush=True)
    print(f'{int(not wrong)} passed, {int(bool(wrong))} failed', flush=True)
    return 1 if wrong or status else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
