# SPDX-License-Identifier: ISC
"""A MariaDB of the tests' own, which may be killed and started again."""

import os
import pwd
import signal
import subprocess
from pathlib import Path

import processes

USER = 'nobody'
LIFETIME_SECONDS = 3 * 3600
PASSWORD = 'only-for-tests'
SETTINGS = (
    '--skip-networking', '--skip-name-resolve', '--performance-schema=OFF',
    '--innodb-buffer-pool-size=32M', '--innodb-log-file-size=32M',
    '--character-set-server=utf8mb4', '--max-connections=200',
)


def quote(value):
    """A text as SQL writes it."""
    return "'" + str(value).replace('\\', '\\\\').replace("'", "''") + "'"


class Database:
    """The server: its folder, its process, and questions to it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.socket = self.folder / 'sock'
        self.log = self.folder / 'log'
        self.process = None
        self.as_user = [f'--user={USER}'] if os.getuid() == 0 else []
        self.folder.mkdir()
        if self.as_user:
            of = pwd.getpwnam(USER)
            os.chown(self.folder, of.pw_uid, of.pw_gid)
        processes.run([
            'mariadb-install-db', '--no-defaults', '--force', *self.as_user,
            f'--datadir={self.folder}/data', f'--tmpdir={self.folder}',
            '--skip-test-db', '--skip-name-resolve', '--innodb-log-file-size=32M',
            '--auth-root-authentication-method=normal'])
        self.start()
        self.sql(f"CREATE USER doorward@localhost IDENTIFIED BY '{PASSWORD}'")

    def start(self):
        """Begin, or begin again on the same data; returns when it answers."""
        with open(self.log, 'ab') as log:
            self.process = processes.start([
                'timeout', LIFETIME_SECONDS, 'mariadbd', '--no-defaults',
                *self.as_user, f'--datadir={self.folder}/data',
                f'--socket={self.socket}', f'--pid-file={self.folder}/pid',
                f'--tmpdir={self.folder}', *SETTINGS],
                stdout=log, stderr=log)
        if not processes.until(self.answers, 30):
            raise RuntimeError(f'no database: {self.log.read_text()[-2000:]}')

    def answers(self):
        """Does it?"""
        try:
            return self.sql('SELECT 1') == [('1',)]
        except RuntimeError:
            return False

    def kill(self):
        """As a power cut would end it."""
        os.kill(int((self.folder / 'pid').read_text()), signal.SIGKILL)
        self.process.wait(10)

    def stop(self):
        """Its regular end."""
        if self.process:
            processes.stop(self.process)

    def words(self, name=''):
        """The command that speaks with it."""
        return ['mariadb', '--no-defaults', '--batch', '--skip-column-names',
                '--binary-as-hex', '--default-character-set=utf8mb4',
                f'--socket={self.socket}', '--user=root',
                *([name] if name else [])]

    def sql(self, text, name=''):
        """Rows of texts; NULL is the text 'NULL'."""
        out = processes.run(self.words(name), input=text)
        return [tuple(line.split('\t')) for line in out.splitlines()]

    def hold(self, text, name):
        """Run statements in a connection that stays open, until release()."""
        return Held(self.words(name), text)

    def create(self, name):
        """An empty database, and what the workers may do there."""
        self.sql(f'CREATE DATABASE {name};'
                 'GRANT SELECT, INSERT, UPDATE, DELETE'
                 f' ON {name}.* TO doorward@localhost')


class Held:
    """A connection in the middle of its transaction."""

    def __init__(self, words, text):
        self.process = processes.start(
            words + ['--unbuffered'], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(text + "; SELECT 'held';\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.strip() == 'held':
                return
        raise RuntimeError(f'could not run: {text}')

    def release(self):
        """Undo what it did and let the others go on."""
        self.process.communicate('ROLLBACK;\n', timeout=20)
