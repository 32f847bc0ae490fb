# SPDX-License-Identifier: ISC
"""lighttpd before the workers: FastCGI by multiwatch, or plain CGI."""

import http.client
import os
import signal
import subprocess
from pathlib import Path

import processes
from processes import until

WORKERS = 4
PATIENCE = 1000      # ends of workers that multiwatch mends within 10 s
SUPPRESSIONS = Path(os.environ['DW_SRC']) / 'tests/valgrind.supp'

COMMON = '''
server.document-root = "{folder}/www"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{folder}/server.txt"
server.breakagelog = "{folder}/breakage.txt"
server.max-request-size = 1024
server.max-connections = 1024
server.max-fds = 4096
server.feature-flags = ("server.graceful-shutdown-timeout" => 5)
'''

FASTCGI = '''
server.modules = ("mod_fastcgi")
fastcgi.server = ("/" => ((
  "bin-path" => "/usr/bin/multiwatch {watch} -- {worker} -c {conf}",
  "socket" => "{folder}/fcgi.sock", "max-procs" => 1,
  "check-local" => "disable", "fix-root-scriptname" => "enable")))
'''

CGI = '''
server.modules = ("mod_rewrite", "mod_alias", "mod_setenv", "mod_cgi")
url.rewrite-once = ("^(/.*)$" => "/doorward.fcgi$1")
alias.url = ("/doorward.fcgi" => "{worker}")
$HTTP["url"] =~ "^/doorward\\.fcgi/" {{
  cgi.assign = ("" => "")
  setenv.set-environment = ("DOORWARD_CONF" => "{conf}")
}}
'''

WORKER = '''#!/bin/sh
exec 2>>"{folder}/worker.log"
{environment}
exec {under}{build}/doorward.fcgi "$@"
'''

SANITIZERS = {
    'ASAN_OPTIONS': 'log_path={folder}/sanitizer:'
                    'detect_stack_use_after_return=1',
    'UBSAN_OPTIONS': 'log_path={folder}/sanitizer:print_stacktrace=1',
}

VALGRIND = ('valgrind --quiet -v --error-exitcode=9 --leak-check=full '
            '--log-file={folder}/valgrind.%p --suppressions={suppressions} ')


def build():
    """Where the programs were built that are to run now."""
    return Path(os.environ['DW_BUILD'])


def sanitizers(folder):
    """Where the sanitizers of an instrumented build leave their findings."""
    return {k: v.format(folder=folder) for k, v in SANITIZERS.items()}


class Lighttpd:
    """The server and its workers."""

    def __init__(self, folder, mode, conf):
        self.folder = Path(folder)
        self.mode = mode
        self.conf = conf
        (self.folder / 'www').mkdir()
        self.worker = self.write_worker()
        for _ in range(5):
            self.port = processes.free_port()
            self.start()
            if until(self.answers, 60 if self.under else 10):
                break
            processes.stop(self.process)
        else:
            raise RuntimeError('lighttpd: ' + self.says())

    def write_worker(self):
        """What the server runs: the worker, perhaps under a checker."""
        kind = os.environ.get('DW_WORKERS', '')
        self.under = VALGRIND.format(
            folder=self.folder, suppressions=SUPPRESSIONS
        ) if kind == 'valgrind' else ''
        path = self.folder / 'worker'
        path.write_text(WORKER.format(
            folder=self.folder, under=self.under, build=build(),
            environment='; '.join(f"export {k}='{v}'" for k, v in
                                  sanitizers(self.folder).items())))
        path.chmod(0o755)
        return path

    def start(self):
        """The server on its port."""
        text = COMMON + (FASTCGI if self.mode == 'fastcgi' else CGI)
        path = self.folder / 'lighttpd.conf'
        path.write_text(text.format(
            folder=self.folder, port=self.port,
            watch=f'-f {WORKERS} -r {PATIENCE}',
            worker=self.worker, conf=self.conf))
        with open(self.folder / 'breakage.txt', 'ab') as log:
            self.process = processes.start(
                ['lighttpd', '-D', '-f', path], stdout=log, stderr=log)

    def answers(self):
        """Does a worker?"""
        link = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        try:
            link.request('GET', '/healthz')
            return link.getresponse().status == 200
        except OSError:
            return False
        finally:
            link.close()

    def says(self):
        """The ends of its logs."""
        return ' '.join(p.read_text(errors='replace')[-1500:] for p in
                        sorted(self.folder.glob('*.txt')))

    def workers(self):
        """The numbers of the worker processes."""
        return [pid for watcher in processes.children(self.process.pid)
                for pid in processes.children(watcher)]

    def stop(self):
        """End it and its workers; sentences about what did not go well."""
        workers = self.workers()
        watchers = processes.children(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        ended = until(lambda: not any(map(processes.alive, workers)), 30)
        for pid in watchers + workers:
            if processes.alive(pid):
                os.kill(pid, signal.SIGKILL)
        return [] if ended else ['workers were still there 30 s after the end']
