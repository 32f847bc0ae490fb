# SPDX-License-Identifier: ISC
"""Doctor asks the service from outside: each fault is found, and its mend."""

import contextlib
import http.server
import re
import subprocess
import threading
import time

import processes
from check import FASTCGI, conversation, equal, true
from front import Front
from place import rewrite
from processes import until

PROXIES = 'trusted_proxies = 127.0.0.0/8\n'
# told to end sooner than that, multiwatch leaves those behind that it has
# forked and that have not begun
BEGIN_SECONDS = 0.5


def doctor(stack, url=None, *words, conf='doorward.conf'):
    """(exit status, what it said)"""
    words = ['doctor', '--url', url or f'http://127.0.0.1:{stack.port}', *words]
    ran = subprocess.run([str(w) for w in stack.command(conf, *words)],
                         env=stack.environment(), stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout + ran.stderr


def content(stack, *words):
    """It finds nothing to mend."""
    status, said = doctor(stack, *words)
    equal(status, 0, said)
    true(' 0 faults, ' in said and ' 0 left out.' in said, said)
    return said


def found(stack, row, sentence, mend, *words, **more):
    """It finds this, and says how it is mended."""
    status, said = doctor(stack, *words, **more)
    equal(status, 1, said)
    rows = re.split(r'\n(?! )', said)
    here = [r for r in rows if r.startswith(f'FAULT  {row:16}')]
    true(here, f'no fault in the row {row}: {said}')
    true(sentence in here[0], f'not said: {sentence}: {here[0]}')
    true(re.search(f'Mend: .*{re.escape(mend)}', here[0]),
         f'no such mend: {mend}: {here[0]}')


def restart(stack):
    """The web server and its workers, anew."""
    equal(stack.web.stop(), [], 'the end of the web server')
    stack.web.start()
    true(until(stack.web.connects, 20), 'no web server')
    time.sleep(BEGIN_SECONDS)


@contextlib.contextmanager
def served(stack, old, new):
    """The web server's configuration with this in the place of that."""
    path = stack.web.folder / 'lighttpd.conf'
    kept = path.read_text()
    true(re.search(old, kept), f'nobody says {old}')
    path.write_text(re.sub(old, new, kept))
    restart(stack)
    try:
        yield
    finally:
        path.write_text(kept)
        restart(stack)
        true(until(stack.web.answers, 20), 'no worker')


@contextlib.contextmanager
def settings(stack, more):
    """The workers' configuration with these lines, too."""
    kept = stack.conf_path.read_text()
    rewrite(stack.conf_path, kept + more)
    restart(stack)
    try:
        yield
    finally:
        rewrite(stack.conf_path, kept)
        restart(stack)


def certificate(stack):
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    path = stack.folder / 'front.pem'
    key, pem = stack.folder / 'front.key', stack.folder / 'front.crt'
    processes.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                   'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                   '-subj', '/CN=front', '-addext',
                   'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', pem])
    path.write_text(key.read_text() + pem.read_text())
    return path, pem


@conversation('where all is well, doctor is content')
def well(stack):
    said = content(stack)
    for row in ('service', 'probe', 'paths', 'Authorization',
                'client address', 'https', 'body', 'pages'):
        true(f'ok     {row:16}' in said, f'{row}: {said}')


@conversation('a web server that strips Authorization', FASTCGI)
def stripped(stack):
    with served(stack, r'server\.max-read-idle',
                'setenv.set-request-header = ("Authorization" => "")\n'
                'server.max-read-idle'):
        found(stack, 'Authorization', 'arrives not at all', 'CGIPassAuth On')
    content(stack)


@conversation('a proxy that strips Authorization, or puts its own there')
def stripped_before(stack):
    with Front(stack.port, client=None, strip=['Authorization']) as front:
        found(stack, 'Authorization', 'arrives not at all', 'CGIPassAuth On',
              front.url)
    with Front(stack.port, client=None,
               tell={'Authorization': 'Bearer of-the-proxy'}) as front:
        found(stack, 'Authorization', 'arrives changed', 'CGIPassAuth On',
              front.url)
    with Front(stack.port, client=None) as front:
        content(stack, front.url)


@conversation('a proxy that is not listed', FASTCGI)
def unlisted(stack):
    with Front(stack.port) as front:
        found(stack, 'client address', 'through a proxy at 127.0.0.1',
              'trusted_proxies = 127.0.0.1', front.url)
        with settings(stack, 'trusted_proxies = 127.0.0.1\n'):
            content(stack, front.url)


@conversation('a proxy that hands on any X-Forwarded-For', FASTCGI)
def believed(stack):
    said = {'X-Forwarded-Proto': 'http'}
    with settings(stack, PROXIES):
        with Front(stack.port, client=None, tell=said) as front:
            found(stack, 'client address', 'everybody may choose the address',
                  'proxy_set_header X-Forwarded-For', front.url)
        with Front(stack.port, client=None, tell=said,
                   strip=['X-Forwarded-For']) as front:
            found(stack, 'client address', 'hands on whatever X.Forwarded.For',
                  'proxy_set_header X-Forwarded-For', front.url)
        with Front(stack.port, client=None, tell=said,
                   strip=['X-Forwarded-For', 'X.Forwarded.For',
                          'X_Forwarded-For']) as front:
            found(stack, 'client address', 'does not say for whom it asks',
                  'proxy_set_header X-Forwarded-For', front.url)
        with Front(stack.port, tell=said) as front:
            content(stack, front.url)


@conversation('https that the workers do not see', FASTCGI)
def unseen(stack):
    pem, ca = certificate(stack)
    with settings(stack, PROXIES):
        with Front(stack.port, certificate=pem) as front:
            found(stack, 'service', 'certificate', 'name in --ca', front.url)
            found(stack, 'https', 'do not see that the request came over https',
                  'X-Forwarded-Proto $scheme', front.url, '--ca', ca)
        with Front(stack.port, certificate=pem,
                   tell={'X-Forwarded-Proto': 'https'}) as front:
            content(stack, front.url, '--ca', ca)


@conversation('a web server that does not hand the path on', FASTCGI)
def pathless(stack):
    with served(stack, '"fix-root-scriptname" => "enable"',
                '"fix-root-scriptname" => "disable"'):
        found(stack, 'service', 'PATH_INFO does not arrive',
              'fix-root-scriptname = enable')
    content(stack)


@conversation('a web server that takes no body of 64 KiB', FASTCGI)
def narrow(stack):
    with served(stack, r'(server\.max-request-size *=) 1024', r'\1 32'):
        found(stack, 'body', 'is not answered by a worker',
              'server.max-request-size = 1024')
    content(stack)


@conversation('workers of another installation', FASTCGI)
def strangers(stack):
    conf = stack.conf_path.read_text()
    other = stack.secret_file(
        'other.key', '1 ' + ''.join(f'{n * 7 % 256:02x}' for n in range(32)))
    mine = stack.folder / 'mine.conf'
    mine.write_text(re.sub('master_key_file = .*', f'master_key_file = {other}',
                           conf))
    found(stack, 'probe', 'do not know this installation\'s master key',
          'let the workers read', conf='mine.conf')
    content(stack)


@conversation('a listed proxy, and doctor on its own machine', FASTCGI)
def neighbour(stack):
    with settings(stack, PROXIES):
        with Front(stack.port, client='127.0.0.1') as front:
            true('We ask from a listed address' in content(stack, front.url),
                 'it is not said')


@conversation('somebody else at the URL, or nobody', FASTCGI)
def elsewhere(stack):
    class Pages(http.server.SimpleHTTPRequestHandler):
        """A web server that knows of no worker."""

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Pages)
    url = f'http://127.0.0.1:{server.server_port}'
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found(stack, 'service', f'{url}/healthz answers 404, which is no worker',
          'hand all paths to doorward.fcgi', url)
    server.shutdown()
    server.server_close()
    found(stack, 'service', url, 'start the web server', url)
    content(stack)


@conversation('workers whose database is away', FASTCGI)
def no_database(stack):
    well = stack.conf_path.read_text()
    mine = stack.folder / 'mine-alone.conf'
    mine.write_text(well)
    rewrite(stack.conf_path,
            re.sub('db_socket = .*', 'db_socket = /nonexistent', well))
    restart(stack)
    found(stack, 'service', 'do not reach the database', 'db_host_failed',
          conf='mine-alone.conf')
    rewrite(stack.conf_path, well)
    restart(stack)
    content(stack)


@conversation('a web server that lacks the module for the pages\' headers',
              FASTCGI)
def framed(stack):
    with served(stack, r'"Content-Security-Policy" => "[^"]*",', ''):
        found(stack, 'pages', 'any site may frame it', 'a2enmod headers')
    content(stack)
