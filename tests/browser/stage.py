# SPDX-License-Identifier: ISC
"""Doorward as it is shipped, with its pages and inbox, and a browser before it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

SRC = Path(os.environ['DW_SRC'])
sys.path.insert(0, str(SRC / 'tests/e2e'))

import processes                        # noqa: E402
import setups                           # noqa: E402
import web_lighttpd                     # noqa: E402
from database import Database           # noqa: E402
from place import Place                 # noqa: E402
from stack import Stack                 # noqa: E402
from webserver import shipped           # noqa: E402

PATIENCE_SECONDS = 900
OPTIONS = {'courier': 'daemon', 'default_shop': 'one',
           'client_address_factor': '1000',
           'tenant': {'phone_channel': 'sms'}}


class Shipped(web_lighttpd.Fcgi):
    """lighttpd by conf/lighttpd.conf, and the inbox."""

    def write(self):
        """The same as in an installation, but for paths and port."""
        self.told()
        super().write()
        with open(self.folder / 'lighttpd.conf', 'a', encoding='utf-8') as file:
            file.write(shipped('lighttpd-inbox.conf'))

    def told(self):
        """Doorward knows its own address: links lead to it."""
        for name in ('doorward.conf', 'operator.conf'):
            path = self.folder / name
            path.write_text(re.sub(
                r'^public_url = .*$', f'public_url = http://127.0.0.1:'
                f'{self.port}', path.read_text(), flags=re.M))


def environment(stack):
    """What the browser's side is told."""
    return {**os.environ,
            'BASE': f'http://127.0.0.1:{stack.port}',
            'KEY_ONE': stack.keys['one'], 'KEY_TWO': stack.keys['two'],
            'CLOCK_FILE': str(stack.clock_file),
            'PROFILES': str(stack.folder / 'profiles')}


def browse(stack, words):
    """Run the cases; they print their own closing line."""
    return subprocess.run(
        ['node', SRC / 'tests/browser/main.mjs', *words], check=False,
        env=environment(stack), timeout=PATIENCE_SECONDS).returncode


def main(words):
    """A database, a stack, a browser; all of it is gone afterwards."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    setups.SETUPS['lighttpd-fcgi'] = Shipped
    os.environ.setdefault('DW_WORKERS', '')
    folder = tempfile.mkdtemp(prefix='doorward-browser.')
    os.chmod(folder, 0o755)
    database = Database(os.path.join(folder, 'db'))
    wrong, status = [], 1
    try:
        run = SimpleNamespace(database=database,
                              place=Place(os.path.join(folder, 'place')))
        stack = Stack(run, os.path.join(folder, 'stack'), 'lighttpd-fcgi',
                      **OPTIONS)
        try:
            status = browse(stack, words)
        finally:
            wrong = stack.close(os.environ.get('DW_KEEP') == 'yes')
    finally:
        database.stop()
        if os.environ.get('DW_KEEP') != 'yes':
            shutil.rmtree(folder, ignore_errors=True)
    for sentence in wrong:
        print(f'    behind the scenes: {sentence}', flush=True)
    print(f'{int(not wrong)} passed, {int(bool(wrong))} failed', flush=True)
    return 1 if wrong or status else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
