# SPDX-License-Identifier: ISC
"""nginx, and beside it the workers, by the command of the shipped unit."""

import re
import shlex
import signal
from pathlib import Path

import processes
from place import as_user
from webserver import WebServer, fitted, shipped

DEBIAN = Path('/etc/nginx/nginx.conf')
FOLDERS = ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi')


class Nginx(WebServer):
    """Debian's nginx.conf with one site, and multiwatch behind a socket."""

    graceful = signal.SIGQUIT
    needs = ('nginx', 'spawn-fcgi', 'multiwatch', DEBIAN)

    def write(self):
        self.root = self.new_folder('nginx')
        self.socket = f'{self.root}/fcgi.sock'
        (self.root / 'site.conf').write_text(self.settings('nginx.conf', {
            r'listen 80 ': f'listen 127.0.0.1:{self.port} default_server;',
            r'root\s': f'root {self.place.pages};',
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
        """The command of the unit, with our paths."""
        command = re.search(r'^ExecStart=(.*)$',
                            shipped('doorward-workers.service'), re.M)[1]
        command = fitted(command.replace(' -- ', '\n-- ').replace(
            ' -s ', '\n-s ').replace(' -c ', '\n-c '), {
                r'-s /run/doorward/fcgi.sock': f'-s {self.socket} -M 0660 -b 1024',
                r'-- /usr/lib/doorward/doorward.fcgi':
                    f'-- {self.programs}/doorward.fcgi',
                r'-c /etc/doorward/doorward.conf': f'-c {self.conf}'})
        return shlex.split(command)

    def start(self):
        with open(self.folder / 'workers.txt', 'ab') as log:
            self.helpers = [processes.start(
                self.workers_words(), stdout=log, stderr=log, **as_user())]
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
