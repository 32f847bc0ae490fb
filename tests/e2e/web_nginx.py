# SPDX-License-Identifier: ISC
"""nginx, and beside it the workers, as the shipped units have them."""

import re
import shlex
import signal
import sys
from pathlib import Path

import processes
from webserver import WebServer, fitted, shipped

DEBIAN = Path('/etc/nginx/nginx.conf')
FOLDERS = ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi')
WORKERS = 4


def unit(name, key):
    """A setting of a shipped unit."""
    return re.search(rf'^{key}=(.*)$', shipped(f'systemd/{name}'), re.M)[1]


class Nginx(WebServer):
    """Debian's nginx.conf with one site, and workers behind a socket."""

    graceful = signal.SIGQUIT
    needs = ('nginx', DEBIAN)

    def write(self):
        self.root = self.new_folder('nginx')
        self.socket = f'{self.root}/fcgi.sock'
        (self.root / 'site.conf').write_text(self.settings('nginx.conf', {
            r'listen 80 ': f'listen 127.0.0.1:{self.port} default_server;',
            r'root\s': f'root {self.place.pages};',
            r'location \^~ ': 'location ^~ /.well-known/acme-challenge/ '
                              f'{{ root {self.challenges}; }}',
            r'fastcgi_pass\s': f'fastcgi_pass unix:{self.socket};',
            **({r'listen 443 ':
                f'listen 127.0.0.1:{self.tls_port} ssl default_server;'}
               if self.tls else {})}))
        ours = ' '.join(f'{name}_temp_path {self.root}/{name};'
                        for name in FOLDERS)
        (self.root / 'nginx.conf').write_text(fitted(DEBIAN.read_text(), {
            r'include /etc/nginx/modules-enabled/': '',
            r'user\s': '', r'pid\s': f'pid {self.root}/pid;',
            r'error_log\s': f'error_log {self.root}/error.log;',
            r'access_log\s': f'access_log {self.root}/access.log;',
            r'include /etc/nginx/conf\.d/': ours,
            r'include /etc/nginx/sites-enabled/':
                f'include {self.root}/site.conf;'}))

    def workers_words(self):
        """The command of the units, with our paths."""
        command = shlex.split(unit('doorward@.service', 'ExecStart'))
        ours = {'/usr/lib/doorward/doorward.fcgi':
                f'{self.programs}/doorward.fcgi',
                '/etc/doorward/doorward.conf': str(self.conf)}
        return [sys.executable, Path(__file__).with_name('keeper.py'),
                self.socket, unit('doorward.socket', 'Backlog'), WORKERS,
                *(ours.get(word, word) for word in command)]

    def start(self):
        with open(self.folder / 'workers.txt', 'ab') as log:
            self.helpers = [processes.start(
                self.workers_words(), stdout=log, stderr=log)]
        processes.until(Path(self.socket).exists, 10)
        super().start()

    def words(self):
        return ['nginx', '-p', self.root, '-e', self.root / 'error.log',
                '-c', self.root / 'nginx.conf', '-g', 'daemon off;']

    def workers(self):
        return [pid for helper in self.helpers
                for pid in processes.children(helper.pid)]

    def says(self):
        log = self.root / 'error.log'
        return super().says() + (log.read_text()[-1500:] if log.exists()
                                 else '')
