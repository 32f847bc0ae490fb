# SPDX-License-Identifier: ISC
"""lighttpd: FastCGI workers kept by multiwatch, or plain CGI."""

import signal

import processes
from webserver import WebServer

MODULE = '/usr/lib/lighttpd/mod_openssl.so'


class Lighttpd(WebServer):
    """A whole configuration; subclasses name it."""

    graceful = signal.SIGINT
    needs = ('lighttpd', 'multiwatch', MODULE)
    name = ''
    more = {}

    def write(self):
        fits = {
            r'var\.worker\s': f'var.worker = "{self.programs}/doorward.fcgi"',
            r'var\.settings\s': f'var.settings = "{self.conf}"',
            r'var\.pages\s': f'var.pages = "{self.place.pages}"',
            r'var\.challenges\s': f'var.challenges = "{self.challenges}"',
            r'var\.logs\s': f'var.logs = "{self.folder}/log"',
            r'server\.bind\s': 'server.bind = "127.0.0.1"',
            r'server\.port\s': f'server.port = {self.port}',
            r'server\.username\s': '', r'server\.groupname\s': '',
            r'server\.pid-file\s': '', **self.more}
        self.new_folder('log')
        text = self.settings(self.name, fits)
        text = text.replace('0.0.0.0:443', f'127.0.0.1:{self.tls_port}')
        # a worker that fails stops our end for five seconds, no longer
        text += '\nserver.feature-flags = ' \
                '("server.graceful-shutdown-timeout" => 5)\n'
        (self.folder / 'lighttpd.conf').write_text(
            text.replace('{sockets}', str(self.folder / 'log')))

    def words(self):
        return ['lighttpd', '-D', '-f', self.folder / 'lighttpd.conf']

    def says(self):
        return super().says() + ' '.join(
            p.read_text(errors='replace')[-1500:]
            for p in sorted(self.folder.glob('log/*.log')))


class Fcgi(Lighttpd):
    """The workers are the children of the server's child, multiwatch."""

    name = 'lighttpd.conf'
    more = {r'var\.sockets\s': 'var.sockets = "{sockets}"'}

    def workers(self):
        return [pid for watcher in processes.children(self.process.pid)
                for pid in processes.children(watcher)]


class Cgi(Lighttpd):
    """A process for each request."""

    name = 'lighttpd-cgi.conf'
