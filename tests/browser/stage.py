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

SRC = Path(os.environ['DW_SRC'])
sys.path.insert(0, str(SRC / 'tests/e2e'))

import processes                        # noqa: E402
import webserver                        # noqa: E402
from database import Database           # noqa: E402
from stack import Stack                 # noqa: E402

PATIENCE_SECONDS = 900
OPTIONS = {'courier': 'daemon', 'default_shop': 'one',
           'client_address_factor': '1000',
           'tenant': {'phone_channel': 'sms'}}


class Shipped(webserver.Lighttpd):
    """lighttpd by conf/lighttpd.conf, and the inbox."""

    def start(self):
        """The same as in an installation, but for paths and port."""
        self.told()
        text = ''.join((SRC / 'conf' / name).read_text() for name in
                       ('lighttpd.conf', 'lighttpd-inbox.conf'))
        values = {'var.worker': f'"{self.worker}"',
                  'var.settings': f'"{self.conf}"',
                  'var.pages': f'"{SRC}/web"',
                  'var.sockets': f'"{self.folder}"',
                  'var.logs': f'"{self.folder}"',
                  'server.bind': '"127.0.0.1"',
                  'server.port': str(self.port)}
        for name, value in values.items():
            text, n = re.subn(rf'^{re.escape(name)}\s*=.*$',
                              lambda _, a=name, b=value: f'{a} = {b}',
                              text, flags=re.M)
            if n != 1:
                raise RuntimeError(f'lighttpd.conf sets {name} {n} times')
        text = re.sub(r'^server\.(user|group)name.*\n', '', text, flags=re.M)
        path = self.folder / 'lighttpd.conf'
        path.write_text(text)
        with open(self.folder / 'breakage.txt', 'ab') as log:
            self.process = processes.start(
                ['lighttpd', '-D', '-f', path], stdout=log, stderr=log)

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
    webserver.Lighttpd = Shipped
    os.environ.setdefault('DW_WORKERS', '')
    folder = tempfile.mkdtemp(prefix='doorward-browser.')
    os.chmod(folder, 0o755)
    database = Database(os.path.join(folder, 'db'))
    wrong, status = [], 1
    try:
        stack = Stack(database, os.path.join(folder, 'stack'), **OPTIONS)
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
