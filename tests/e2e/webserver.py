# SPDX-License-Identifier: ISC
"""A web server before the workers, by the files that are shipped in conf/."""

import http.client
import os
import re
import signal
import ssl
import subprocess
from pathlib import Path

import processes
from place import SRC, as_user, give
from processes import until

PAST = re.compile(r'/etc/letsencrypt/live/auth\.example\.com/(\w+)\.pem')

WORKER = '''#!/bin/sh
exec 2>>"{folder}/worker.log"
{environment}
exec {program} "$@"
'''

SANITIZERS = {
    'ASAN_OPTIONS': 'log_path={folder}/sanitizer:'
                    'detect_stack_use_after_return=1:'
                    'verify_asan_link_order=0',
    'UBSAN_OPTIONS': 'log_path={folder}/sanitizer:print_stacktrace=1',
}

VALGRIND = ('valgrind --quiet -v --error-exitcode=9 --leak-check=full '
            '--log-file={folder}/valgrind.%p --suppressions={suppressions} ')


def sanitizers(folder):
    """Where the sanitizers of an instrumented build leave their findings."""
    return {k: v.format(folder=folder) for k, v in SANITIZERS.items()}


def shipped(name):
    """The text of a file in conf/."""
    return (SRC / 'conf' / name).read_text(encoding='utf-8')


def fitted(text, fits):
    """Each pattern, a line's beginning, is found once; the line is replaced."""
    for pattern, line in fits.items():
        text, n = re.subn(rf'^([ \t]*){pattern}.*$',
                          lambda m, line=line: m[1] + line, text, flags=re.M)
        if n != 1:
            raise RuntimeError(f'{n} lines begin with {pattern}')
    return text


def chosen(text):
    """The lines that are settings to choose, chosen: "#word", not "# word"."""
    return re.sub(r'^([ \t]*)#(?! |$)', r'\1', text, flags=re.M)


class WebServer:
    """The server and its workers; subclasses know its files and words."""

    graceful = signal.SIGTERM
    needs = ()          # programs and files of packages

    def __init__(self, folder, place, conf, probe=False, tls=False,
                 mortal=False):
        self.folder = Path(folder)
        self.place = place
        self.conf = conf
        self.tls = tls
        self.helpers = []
        self.challenges = self.folder / 'challenges'    # of ACME
        self.under = ''
        self.die = self.folder / 'die'      # a mortal worker does when it is there
        self.write_worker(probe, self.mortality() if mortal else {})
        if tls:
            self.write_certificate()
        for _ in range(5):
            self.port = processes.free_port()
            self.tls_port = processes.free_port()
            self.write()
            self.start()
            became = until(self.settled, 60 if self.under else 20)
            if became == 'answers':
                return
            self.end()
            if not became:      # else somebody took the port
                break
        raise RuntimeError(f'{type(self).__name__}: {self.says()}')

    # ---- what a subclass is asked ----------------------------------------

    def write(self):
        """Write the server's files, for this port."""
        raise NotImplementedError

    def words(self):
        """The command that runs it in the foreground."""
        raise NotImplementedError

    def environment(self):
        """What it finds in its environment beside ours."""
        return {}

    def workers(self):
        """The numbers of the worker processes, where they stay."""
        return []

    # ---- files -----------------------------------------------------------

    def new_folder(self, *names):
        """A folder in ours that the server may write into."""
        path = self.folder.joinpath(*names)
        path.mkdir(exist_ok=True)
        give(path)
        return path

    def mortality(self):
        """The environment of workers that die before they answer, when told."""
        library = self.folder / 'mortal.so'
        processes.run(['cc', '-shared', '-fPIC', '-D_GNU_SOURCE', '-o', library,
                       SRC / 'tests/e2e/mortal.c', '-ldl'])
        library.chmod(0o755)
        return {'LD_PRELOAD': library, 'DW_DIE': self.die}

    def write_worker(self, probe, more):
        """What the server runs: the worker, perhaps under a checker."""
        program = f'{self.place.programs}/doorward.fcgi'
        if probe:
            program = f'/usr/bin/python3 {self.place.probe}'
        elif os.environ.get('DW_WORKERS', '') == 'valgrind':
            self.under = VALGRIND.format(
                folder=self.folder, suppressions=self.place.suppressions)
        self.programs = self.new_folder('programs')
        path = self.programs / 'doorward.fcgi'
        path.write_text(WORKER.format(
            folder=self.folder, program=self.under + program,
            environment='; '.join(f"export {k}='{v}'" for k, v in
                                  {**sanitizers(self.folder), **more}.items())))
        path.chmod(0o755)

    def write_certificate(self):
        """One that nobody vouches for, as the files that conf/ names."""
        processes.run([
            'openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
            'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
            '/CN=auth.example.com', '-keyout', self.folder / 'privkey.pem',
            '-out', self.folder / 'fullchain.pem'])
        give(self.folder / 'privkey.pem')

    def settings(self, name, fits):
        """A shipped file, with the lines that are to be made to fit."""
        text = shipped(name)
        if self.tls:
            text = PAST.sub(rf'{self.folder}/\1.pem', chosen(text))
        return fitted(text, fits)

    # ---- its life --------------------------------------------------------

    def start(self):
        """The server on its port."""
        with open(self.folder / 'server.txt', 'ab') as log:
            self.process = processes.start(
                self.words(), stdout=log, stderr=log, **as_user(),
                env={**os.environ, **self.environment()})

    def connection(self, address='127.0.0.1', seconds=30):
        """To it, from this address; over TLS where it speaks that."""
        if not self.tls:
            return http.client.HTTPConnection(
                '127.0.0.1', self.port, timeout=seconds,
                source_address=(address, 0))
        context = ssl.create_default_context(
            cafile=self.folder / 'fullchain.pem')
        context.check_hostname = False
        return http.client.HTTPSConnection(
            '127.0.0.1', self.tls_port, timeout=seconds, context=context,
            source_address=(address, 0))

    def settled(self):
        """What became of the start; None: nothing yet."""
        if self.process.poll() is not None:
            return 'ended'
        return 'answers' if self.answers() else None

    def connects(self):
        """Does it listen?"""
        link = self.connection()
        try:
            link.connect()
            return True
        except OSError:
            return False
        finally:
            link.close()

    def answers(self):
        """Does a worker?"""
        link = self.connection()
        try:
            link.request('GET', '/healthz')
            return link.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    def says(self):
        """The ends of its logs."""
        return ' '.join(p.read_text(errors='replace')[-1500:] for p in
                        (*sorted(self.folder.glob('*.txt')),
                         self.folder / 'worker.log') if p.exists())

    def end(self):
        """Stop the server, and what was started beside it."""
        if self.process.poll() is None:
            self.process.send_signal(self.graceful)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for helper in self.helpers:
            processes.stop(helper)
        self.helpers = []

    def stop(self):
        """End it and its workers; sentences about what did not go well."""
        family = [pid for process in (self.process, *self.helpers)
                  for pid in processes.descendants(process.pid)]
        self.end()
        until(lambda: not any(map(processes.alive, family)), 30)
        left = [pid for pid in family if processes.alive(pid)]
        wrong = [f'still there 30 s after the end: {processes.told(pid)}'
                 for pid in left]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return wrong
