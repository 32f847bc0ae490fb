# SPDX-License-Identifier: ISC
"""Apache as Debian sets it up: mod_fcgid, plain CGI, or only a .htaccess."""

import os
import shutil
import signal
from pathlib import Path

import processes
from webserver import WebServer, chosen, fitted, shipped

DEBIAN = Path('/etc/apache2')
MODULES = ('access_compat alias auth_basic authn_core authn_file authz_core '
           'authz_host authz_user autoindex deflate dir env filter mime '
           'mpm_event negotiation reqtimeout setenvif status').split()
CONFS = ('charset', 'localized-error-pages', 'other-vhosts-access-log',
         'security', 'serve-cgi-bin')

# where a user who is not root keeps what mod_fcgid keeps
FCGID = '''
FcgidIPCDir {folder}/ipc
FcgidProcessTableFile {folder}/shm
'''

# what somebody else, whose server it is, lets a .htaccess do
HOST = '''
<Directory {public}>
  AllowOverride FileInfo
  Options +ExecCGI +SymLinksIfOwnerMatch
  Require all granted
</Directory>
<VirtualHost *:{port}>
  DocumentRoot {public}
</VirtualHost>
'''

TLS_HOST = '''
<VirtualHost *:{port}>
  DocumentRoot {public}
  SSLEngine on
  SSLCertificateFile {folder}/fullchain.pem
  SSLCertificateKeyFile {folder}/privkey.pem
</VirtualHost>
'''


class Apache(WebServer):
    """Debian's apache2.conf, its modules, and one site."""

    graceful = signal.SIGWINCH
    needs = ('apache2', DEBIAN / 'apache2.conf')
    modules = ()

    def write(self):
        self.root = self.new_folder('apache')
        for name in ('mods', 'conf', 'sites'):
            shutil.rmtree(self.root / f'{name}-enabled', ignore_errors=True)
            (self.root / f'{name}-enabled').mkdir()
        for name in ('run', 'run/socks', 'lock', 'log', 'ipc'):
            self.new_folder('apache', name)
        tls = ('ssl', 'socache_shmcb') if self.tls else ()
        for name in (*MODULES, *self.modules, *tls):
            self.enable('mods', name)
        for name in CONFS:
            self.enable('conf', name)
        (self.root / 'ports.conf').write_text(''.join(
            f'Listen 127.0.0.1:{port}\n' for port in self.ports()))
        (self.root / 'sites-enabled/doorward.conf').write_text(self.site())

    def ports(self):
        """What it listens on; the last is where Doorward answers."""
        return (self.port, self.tls_port) if self.tls else (self.port,)

    def enable(self, kind, name):
        """As a2enmod and a2enconf do."""
        for path in DEBIAN.glob(f'{kind}-available/{name}.*'):
            (self.root / f'{kind}-enabled' / path.name).symlink_to(path)

    def site(self):
        """The site's text."""
        raise NotImplementedError

    def from_shipped(self, name):
        """A shipped site, made to fit."""
        text = self.settings(name, {
            f'Define doorward_{what}\\s': f'Define doorward_{what} {value}'
            for what, value in (
                ('programs', self.programs), ('settings', self.conf),
                ('pages', self.place.pages),
                ('challenges', self.challenges), ('port', self.ports()[-1]))})
        return text.replace('*:80>', f'*:{self.port}>')

    def environment(self):
        return {'APACHE_RUN_USER': 'www-data', 'APACHE_RUN_GROUP': 'www-data',
                'APACHE_PID_FILE': f'{self.root}/run/apache2.pid',
                'APACHE_RUN_DIR': f'{self.root}/run',
                'APACHE_LOCK_DIR': f'{self.root}/lock',
                'APACHE_LOG_DIR': f'{self.root}/log', 'LANG': 'C'}

    def words(self):
        return ['apache2', '-d', self.root, '-f', DEBIAN / 'apache2.conf',
                '-D', 'FOREGROUND']

    def says(self):
        return super().says() + ' '.join(
            p.read_text(errors='replace')[-1500:]
            for p in sorted(self.root.glob('log/*.log')))


class Fcgid(Apache):
    """mod_fcgid starts the workers, as many as it needs, and keeps them."""

    needs = (*Apache.needs, DEBIAN / 'mods-available/fcgid.load')
    modules = ('fcgid', 'headers')

    def site(self):
        return (FCGID.format(folder=self.root)
                + self.from_shipped('apache-fcgid.conf'))

    def workers(self):
        return [pid for pid in processes.descendants(self.process.pid)
                if processes.name(pid) == 'doorward.fcgi']


class Cgi(Apache):
    """A process for each request."""

    modules = ('cgid', 'headers')

    def site(self):
        return self.from_shipped('apache-cgi.conf')


class Htaccess(Apache):
    """Nothing but files in the folder that the web server shows."""

    modules = ('cgid', 'headers', 'rewrite')

    def site(self):
        public = self.challenges = self.folder / 'public'
        if not public.exists():
            shutil.copytree(self.place.pages, public / 'pages')
            rules = shipped('htaccess/dot-htaccess')
            (public / '.htaccess').write_text(
                chosen(rules) if self.tls else rules)
            (public / 'doorward.cgi').write_text(fitted(
                shipped('htaccess/doorward.cgi'), {
                    'DOORWARD_CONF=': f'DOORWARD_CONF={self.conf}',
                    'exec ': f'exec {self.programs}/doorward.fcgi'}))
            os.chmod(public / 'doorward.cgi', 0o755)
        text = HOST.format(port=self.port, public=public)
        if self.tls:
            text += TLS_HOST.format(port=self.tls_port, public=public,
                                    folder=self.folder)
        return text
