# SPDX-License-Identifier: ISC
"""200,000 requests of all kinds: the workers keep nothing of them."""

import asyncio
import json
import os
import random

import messages
import processes
from check import FASTCGI, conversation, equal, true
from client import new_address
from people import (BEGIN, CART, GUEST, PROFILE, REFRESH, VERIFY, Person,
                    new_email)

FIRST, ALL = 20000, 200000
MOST_KIB = 256
CONNECTIONS = 24
OPTIONS = {'client_address_factor': '1000000', 'log_level': 'warn',
           'courier': 'daemon', 'platform_sends_a_day': '100000000',
           'tenant': {'mails_a_day': '100000000', 'writes_a_minute': '0'}}


class Inbox:
    """Codes by address, read from the message files, which then go."""

    def __init__(self, folder):
        self.folder = folder
        self.codes = {}

    def read(self):
        """What has come since."""
        for entry in os.scandir(self.folder):
            if entry.name.endswith('.eml'):
                with open(entry.path, 'rb') as f:
                    mail = messages.read_mail(f.read())
                os.unlink(entry.path)
                self.codes[mail.to] = mail.code

    async def code(self, address):
        """The code for this address."""
        for _ in range(600):
            if address in self.codes:
                return self.codes.pop(address)
            await asyncio.sleep(0.05)
            self.read()
        raise RuntimeError(f'no mail to {address}')


class Caller:
    """A customer on a connection that stays open."""

    def __init__(self, load):
        self.load = load
        self.address = new_address()
        self.reader = self.writer = None

    async def connect(self):
        """To the web server."""
        self.reader, self.writer = await asyncio.open_connection(
            '127.0.0.1', self.load.port, local_addr=(self.address, 0))

    async def call(self, method, path, document=None, *headers):
        """One request; status and the document that was answered."""
        body = b'' if document is None else json.dumps(document).encode()
        lines = [f'{method} {path} HTTP/1.1', 'Host: auth.example.com',
                 f'X-MerchantApiKey: {self.load.key}',
                 'Content-Type: application/json', *headers]
        if method != 'GET':
            lines.append(f'Content-Length: {len(body)}')
        for fresh in (self.writer is None, True):
            if fresh:
                await self.connect()
            try:
                self.writer.write('\r\n'.join(lines + ['', '']).encode() + body)
                return await self.answer()
            except (asyncio.IncompleteReadError, ConnectionError):
                self.writer.close()
                self.writer = None
        raise RuntimeError('the web server hangs up')

    async def answer(self):
        """Status and document of the next answer."""
        head = (await self.reader.readuntil(b'\r\n\r\n')).decode().lower()
        length = int(head.partition('content-length:')[2].split('\r')[0])
        body = await self.reader.readexactly(length)
        if 'connection: close' in head:
            self.writer.close()
            self.writer = None
        self.load.count(int(head.split()[1]))
        return int(head.split()[1]), json.loads(body)

    async def sign_in(self):
        """As a new customer, by mail."""
        email = new_email()
        await self.call('POST', BEGIN + '/email', {'email': email})
        code = await self.load.inbox.code(email)
        _, said = await self.call('POST', VERIFY + 'email',
                                  {'email': email, 'token': code})
        self.take(said['data'])

    def take(self, tokens):
        """Use these from now on."""
        self.refresh = tokens['refreshToken']
        self.bearer = 'Authorization: Bearer ' + tokens['token']

    async def step(self):
        """One request, or a few that belong together."""
        kind = random.random()
        if kind < 0.01:
            await self.sign_in()
        elif kind < 0.10:
            _, said = await self.call('POST', REFRESH,
                                      {'refreshToken': self.refresh})
            self.take(said)
        elif kind < 0.20:
            await self.call('PUT', CART, {'items': [
                {'productId': f'p{n}', 'quantity': n + 1,
                 'attributes': {'n': 'x' * n}}
                for n in range(random.randrange(20))]}, self.bearer)
        elif kind < 0.35:
            await self.call('GET', CART, None, self.bearer)
        elif kind < 0.40:
            await self.call('GET', GUEST)
        elif kind < 0.43:
            await self.call('POST', VERIFY + 'email', {'email': 7})
        elif kind < 0.45:
            await self.call('GET', PROFILE)
        else:
            await self.call('GET', PROFILE, None, self.bearer)

    async def work(self):
        """Until all is done."""
        await self.sign_in()
        while self.load.total < ALL:
            await self.step()


class Load:
    """All callers, and what they have seen."""

    def __init__(self, stack):
        self.stack = stack
        self.port = stack.port
        self.key = stack.keys['one']
        self.inbox = Inbox(stack.messages_at)
        self.total = 0
        self.seen = {}
        self.sizes = {}

    def resident(self):
        """The size of each worker."""
        return {pid: processes.resident_kib(pid)
                for pid in self.stack.web.workers()}

    def count(self, status):
        """One more answer."""
        self.total += 1
        self.seen[status] = self.seen.get(status, 0) + 1
        if self.total in (FIRST, ALL):
            self.sizes[self.total] = self.resident()

    async def run(self):
        """All of it."""
        await asyncio.gather(*(Caller(self).work()
                               for _ in range(CONNECTIONS)))


@conversation('workers are no larger after 200,000 requests than after 20,000',
              FASTCGI)
def flat(stack):
    Person(stack).sign_in()
    load = Load(stack)
    asyncio.run(load.run())
    print(f'    answers: {load.seen}; KiB: {load.sizes}', flush=True)
    true(set(load.seen) == {200, 401, 422}, f'answers: {load.seen}')
    first, last = load.sizes[FIRST], load.sizes[ALL]
    equal(sorted(last), sorted(first), 'the workers')
    for pid, size in last.items():
        true(size - first[pid] <= MOST_KIB, f'worker {pid}: {first[pid]} KiB '
             f'after {FIRST} requests, {size} after {ALL}')
