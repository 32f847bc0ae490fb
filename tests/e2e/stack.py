# SPDX-License-Identifier: ISC
"""A whole Doorward in a throwaway folder: shops, web server, courier."""

import json
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import messages
import place
import processes
import watch
import webserver
from client import Client
from database import PASSWORD, quote
from processes import until
from secrets_seen import Secrets
from setups import SETUPS

SRC = place.SRC
MASTER_KEY = '1 ' + ''.join(f'{17 * n % 251:02x}' for n in range(1, 33))
ORIGINS = {'one': 'https://one.example http://localhost:3000',
           'two': 'https://two.example'}
TABLES = ('customers', 'identities', 'challenges', 'sessions', 'outbox',
          'carts', 'cart_lines', 'audit_events', 'limits', 'event_counters')


class Stack:
    """The shops one and two, and all that serves them."""

    numbers = iter(range(1, 1000000))

    def __init__(self, run, folder, setup, **options):
        self.database = run.database
        self.place = run.place
        self.folder = Path(folder)
        self.setup = setup
        self.name = f'doorward_{next(self.numbers)}'
        self.messages_at = self.folder / 'messages'
        self.clock_file = self.folder / 'clock'
        self.conf_path = self.folder / 'doorward.conf'
        self.secrets = Secrets()
        self.keys = {}
        self.courier = None
        self.moved_ms = 0
        self.smtp = options.pop('smtp', None)
        self.services = options.pop('services', None)
        self.tenant = options.pop('tenant', {})
        # no: a part whose answers are the web server's as often as Doorward's
        self.recorded = options.pop('recorded', True)
        daemon = options.pop('courier', 'on demand') == 'daemon'
        choices = {name: options.pop(name, False)
                   for name in ('probe', 'tls', 'mortal')}
        self.folder.mkdir()
        place.give(self.folder)
        self.messages_at.mkdir()
        place.give(self.messages_at)
        # what root's courier leaves there, the workers can read
        self.messages_at.chmod(0o2755)
        self.lock = threading.Lock()
        self.box = (messages.Box(self.smtp.mailbox, True) if self.smtp
                    else messages.Box(self.messages_at))
        self.write_files(options)
        self.database.create(self.name)
        self.found_shops()
        self.web = SETUPS[setup](self.folder, self.place, self.conf_path,
                                 **choices)
        self.port = self.web.port
        if daemon:
            self.courier_start()

    # ---- files ----------------------------------------------------------

    def secret_file(self, name, text):
        """A file that only its owner may read."""
        path = self.folder / name
        path.write_text(text + '\n')
        path.chmod(0o600)
        place.give(path)
        return path

    def conf(self, options):
        """What doorward.conf says."""
        said = {
            'environment': 'test',
            'public_url': 'https://auth.example.com',
            'default_shop': '',
            'clock_file': self.clock_file,
            'module_dir': self.place.modules,
            'template_dir': self.place.templates,
            'master_key_file': self.secret_file('master.key', MASTER_KEY),
            'db_socket': self.database.socket,
            'db_name': self.name,
            'db_password_file': self.secret_file('db.password', PASSWORD),
            'email_channel': 'file',
            'sms_channel': 'file',
            'whatsapp_channel': 'file',
            'message_dir': self.messages_at,
            'mail_from': 'no-reply@auth.example.com',
        }
        if self.smtp:
            said.update(self.smtp.conf())
            said['smtp_password_file'] = self.secret_file(
                'smtp.password', self.smtp.password)
        if self.services:
            said.update(self.services.conf(self))
        said.update(options)
        return said

    def write_files(self, options):
        """The configuration of the services, and the operator's."""
        said = self.conf(options)
        self.clock_file.write_text('0')
        self.conf_write(self.conf_path, said)
        self.conf_write(self.folder / 'operator.conf',
                        {**said, 'db_user': 'root', 'db_password_file': ''})

    @staticmethod
    def conf_write(path, said):
        """key = value, line by line."""
        place.rewrite(path, ''.join(f'{k} = {v}\n' for k, v in said.items()))

    # ---- the operator's part --------------------------------------------

    def command(self, conf, *words):
        """The operator's command, as it is typed."""
        return [self.place.programs / 'doorward', '-c', self.folder / conf,
                *words]

    def environment(self):
        """What it finds in its environment."""
        return {**os.environ, **webserver.sanitizers(self.folder),
                'DOORWARD_SQL_DIR': str(SRC / 'sql')}

    def doorward(self, *words):
        """Run the operator's command."""
        return processes.run(self.command('operator.conf', *words),
                             env=self.environment())

    def found_shops(self):
        """The schema, the platform, two shops and their keys."""
        self.doorward('migrate')
        self.doorward('tenant', 'create', 'platform', '--platform')
        for slug in ('one', 'two'):
            self.doorward('tenant', 'create', slug,
                          '--name', f'Shop {slug.title()}')
            settings = {'phone_countries': '*', 'origins': ORIGINS[slug]}
            for key, value in {**settings, **self.tenant}.items():
                self.doorward('tenant', 'set', slug, key, value)
            self.keys[slug] = self.doorward('apikey', 'create', slug).strip()
            self.secrets.add(self.keys[slug])

    def client(self, shop='one', address=None):
        """Somebody new, at an address of their own."""
        return Client(self, self.keys.get(shop), address)

    # ---- messages -------------------------------------------------------

    def courier_begin(self, *words):
        """The courier's process; its log is kept."""
        with open(self.folder / 'courier.log', 'ab') as log:
            return processes.start(
                self.command('doorward.conf', 'courier', *words),
                stderr=log, env=self.environment(), **place.as_user())

    def courier_start(self):
        """The daemon."""
        self.courier = self.courier_begin()

    def courier_run(self):
        """One round, unless the daemon runs."""
        if self.courier is None and self.courier_begin('--once').wait(60) != 0:
            raise RuntimeError('courier --once failed')

    def arrived(self, to):
        """All messages to this address or number, oldest first."""
        with self.lock:
            found = [m for m in self.box.all() if m.to == to]
        for message in found:
            self.secrets.add(message.code, message.token, message.link)
        return found

    def newest(self, to, count=1):
        """The newest message, once so many have arrived."""
        self.courier_run()
        found = until(lambda: len(self.arrived(to)) >= count, 30)
        if not found:
            raise RuntimeError(f'no message {count} to {to}')
        return self.arrived(to)[-1]

    # ---- time and rows --------------------------------------------------

    def move(self, seconds):
        """Let this much time have gone by."""
        self.moved_ms += int(seconds * 1000)
        place.rewrite(self.clock_file, str(self.moved_ms))

    def move_to(self, moment_ms):
        """Let it be this moment now."""
        self.move((moment_ms - self.now_ms()) / 1000)

    def now_ms(self):
        """What the workers' clock shows."""
        return int(time.time() * 1000) + self.moved_ms

    def sql(self, text):
        """Rows of this stack's database."""
        return self.database.sql(text, self.name)

    def one(self, text):
        """The first value of the first row."""
        return self.sql(text)[0][0]

    def counts(self):
        """How many rows each table has."""
        rows = self.sql(' UNION ALL '.join(
            f"SELECT {quote(t)}, COUNT(*) FROM {t}" for t in TABLES))
        return {table: int(n) for table, n in rows}

    def logs(self):
        """All that the workers and couriers have said."""
        return '\n'.join(p.read_text(errors='replace')
                         for p in sorted(self.folder.glob('*.log'))
                         if p.name in ('worker.log', 'courier.log'))

    def events(self):
        """The log as maps."""
        return [json.loads(line) for line in self.logs().splitlines() if line]

    # ---- the end --------------------------------------------------------

    def close(self, keep=False):
        """Stop all; sentences about what was wrong behind the scenes."""
        wrong = []
        if self.courier and processes.stop(self.courier) != 0:
            wrong.append(f'the courier ended with {self.courier.returncode}')
        wrong += self.web.stop()
        if self.smtp:
            self.smtp.stop()
        if self.services:
            self.services.stop()
        wrong += watch.faults(self)
        self.database.sql(f'DROP DATABASE {self.name}')
        if not keep and not wrong:
            shutil.rmtree(self.folder)
        return wrong

    def courier_kill(self):
        """Without a warning."""
        os.kill(self.courier.pid, signal.SIGKILL)
        self.courier.wait(10)
        self.courier = None
