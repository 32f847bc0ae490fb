# SPDX-License-Identifier: ISC
"""Webhooks by the real courier: signed, in order, again, and never lost."""

import hashlib
import hmac
import http.server
import json
import os
import signal
import threading
import time

from check import FASTCGI, conversation, equal, status, true
from people import Person
from processes import alive, children, name, until

TIMEOUT_SECONDS = 3
SCHEDULE_SECONDS = (60, 300, 1800, 7200)
LEASE_SECONDS = 300
TESTS = 'webhook.test'
MANY = 40               # events of as many customers
SOON_SECONDS = TIMEOUT_SECONDS + 2
LATE_SECONDS = 2.5


class Receiver(http.server.ThreadingHTTPServer):
    """A shop's server: it keeps what it hears, and answers as it is told."""

    daemon_threads = True

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Handler)
        self.heard = []         # (path, body, signature), in their order
        self.say = 200
        self.ways = {}          # how paths of their own ways answer
        self.awake = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def told(self, path, secret):
        """What this path was told, each signature checked."""
        found = []
        for at, body, signature in list(self.heard):
            if at == path:
                right = hmac.new(secret.encode(), body,
                                 hashlib.sha256).hexdigest()
                equal(signature, right, 'X-Signature')
                found.append(json.loads(body))
        return found

    def hang(self, path=None):
        """Answer nobody from now on, or not at this path."""
        self.awake.clear()
        if path:
            self.ways[path] = 'hang'
        else:
            self.say = 'hang'

    def recover(self):
        """Answer again."""
        self.say = 200
        self.ways = {}
        self.awake.set()


class Handler(http.server.BaseHTTPRequestHandler):
    """One request."""

    def log_message(self, *_):
        pass

    def do_POST(self):
        """Heard, and answered or not."""
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.server.heard.append(
            (self.path, body, self.headers['X-Signature']))
        say = self.server.ways.get(self.path, self.server.say)
        if say == 'hang':
            self.server.awake.wait(60)
            return
        if say == 'late':
            time.sleep(LATE_SECONDS)
            say = 200
        self.send_response(say)
        self.send_header('Content-Length', '0')
        self.end_headers()


class Hook:
    """A webhook of a shop."""

    numbers = iter(range(1, 1000))

    def __init__(self, stack, *words, shop='one'):
        self.stack, self.shop = stack, shop
        self.path = f'/told/{next(self.numbers)}'
        made = json.loads(stack.doorward(
            'webhook', 'create', shop,
            f'http://127.0.0.1:{RECEIVER.server_port}{self.path}', *words,
            '--json'))
        self.id, self.secret = made['id'], made['secret']
        stack.secrets.add(self.secret)

    def told(self):
        """Its events."""
        return RECEIVER.told(self.path, self.secret)

    def say(self, what, *words):
        """doorward webhook … of this one."""
        return self.stack.doorward('webhook', what, self.shop, self.id,
                                   *words)

    def log(self, *words):
        """doorward webhook log."""
        return json.loads(self.say('log', *words, '--json'))

    def queue(self, count):
        """Something happens to so many customers at once."""
        self.stack.sql(
            'INSERT INTO webhook_events (tenant_id, webhook_id, id, event,'
            ' customer_id, at, next_at) SELECT tenant_id, id,'
            ' UNHEX(MD5(RAND())), "customer.updated", UNHEX(MD5(RAND())),'
            f' {self.stack.now_ms()}, {self.stack.now_ms()}'
            f' FROM webhooks, seq_1_to_{count}'
            f' WHERE id = UNHEX("{self.id.replace("-", "")}")')

    def waits(self):
        """How many events are still to be told."""
        return len(self.log('--state', 'queued'))


RECEIVER = Receiver()


def OPTIONS():
    """The receiver is on this machine."""
    return {'outbound_networks': '127.0.0.0/8',
            'delivery_timeout_seconds': TIMEOUT_SECONDS}


def names(events):
    """What they are."""
    return [event['event'] for event in events]


def heralds(stack):
    """Of the courier's helpers the one that tells webhooks, or none."""
    return [pid for pid in children(stack.courier.pid)
            if name(pid) == 'dw-herald']


def stopped(stack):
    """The daemon ends at SIGTERM, and its helpers with it."""
    helpers = children(stack.courier.pid)
    stack.courier.terminate()
    equal(stack.courier.wait(20), 0, 'its end')
    stack.courier = None
    equal([pid for pid in helpers if alive(pid)], [], 'what is left of it')


@conversation('a shop hears, signed, who came, who changed and who left',
              FASTCGI)
def all_of_it(stack):
    hook = Hook(stack, '--header-file', stack.secret_file(
        'headers', 'Authorization: Bearer t0p-s3cret-of-shop'))
    stack.secrets.add('t0p-s3cret-of-shop')
    login = Person(stack).sign_in()
    status(login.bearer.call('PATCH', '/v1/customers/profile/update',
                             {'fullName': 'Ada Obi'}), 200, 'update')
    status(login.person.client.post(
        '/v1/auth/logout', {'refreshToken': login.refresh_token}), 200,
        'logout')
    stack.courier_run()
    told = hook.told()
    equal(names(told), ['customer.created', 'customer.signed_in',
                        'customer.updated', 'session.revoked'], 'events')
    for event in told:
        equal(set(event), {'app_id', 'timestamp', 'event', 'data', 'id'},
              'members')
        equal(event['data']['customer']['email'], login.person.email, 'email')
    equal(len({event['id'] for event in told}), 4, 'ids')
    equal(hook.waits(), 0, 'left')
    hook.say('delete')


@conversation('again by the schedule, the same id, in order; dead and listed, '
              'revived by retry', FASTCGI)
def schedule(stack):
    hook = Hook(stack, '--events', 'customer.created,customer.signed_in')
    RECEIVER.say = 500
    Person(stack).sign_in()
    stack.courier_run()
    for n, seconds in enumerate(SCHEDULE_SECONDS, 1):
        equal(names(hook.told()), n * ['customer.created'], f'try {n}')
        stack.move(seconds - 5)
        stack.courier_run()
        equal(len(hook.told()), n, 'too early')
        stack.move(6)
        stack.courier_run()
    # it rests for five seconds, and then comes what the five tries held back
    stack.move(6)
    stack.courier_run()
    equal(names(hook.told()), 5 * ['customer.created'] + ['customer.signed_in'],
          'in the end')
    equal(len({event['id'] for event in hook.told()[:5]}), 1, 'ids')
    [dead] = hook.log('--state', 'dead')
    equal((dead['event'], dead['why']), ('customer.created', 'HTTP 500'),
          'what died')
    equal(dead['id'], hook.told()[0]['id'], 'its id')
    RECEIVER.recover()
    hook.say('retry')
    stack.move(61)
    stack.courier_run()
    stack.courier_run()
    equal(names(hook.told())[6:], ['customer.created', 'customer.signed_in'],
          'after retry')
    equal(hook.told()[6]['id'], dead['id'], 'the same id')
    equal(hook.log('--state', 'dead'), [], 'dead')
    hook.say('delete')


@conversation('a receiver that hangs holds up no sign-in code', FASTCGI)
def hangs(stack):
    hook = Hook(stack)
    RECEIVER.hang()
    for _ in range(3):
        hook.say('test')
    stack.courier_start()
    try:
        true(until(lambda: RECEIVER.heard and hook.told(), 10), 'not asked')
        for _ in range(3):
            person = Person(stack)
            begun = time.monotonic()
            status(person.ask(), 200, 'initiate')
            true(until(lambda: stack.arrived(person.email), 10), 'no mail')
            took = time.monotonic() - begun
            true(took < 2, f'the mail took {took:.1f} s')
        equal(hook.waits(), 3, 'waiting')
        RECEIVER.recover()

        def all_told():
            stack.move(61)
            return hook.waits() == 0

        true(until(all_told, 20, 0.5), 'events are left')
    finally:
        RECEIVER.recover()
        stopped(stack)
    equal(len({event['id'] for event in hook.told()}), 3, 'ids')
    hook.say('delete')


def soon(hook, count):
    """It is told of one more event while others hang."""
    begun = time.monotonic()
    hook.say('test')
    true(until(lambda: len(hook.told()) == count, 20, 0.05), 'not told')
    took = time.monotonic() - begun
    true(took < SOON_SECONDS, f'it took {took:.1f} s')


@conversation('a shop that hangs, with events of many customers, holds up no '
              "other shop's; one that is slow hears, too", FASTCGI)
def two_shops(stack):
    stuck, slow = Hook(stack), Hook(stack)
    other = Hook(stack, shop='two')
    RECEIVER.hang(stuck.path)
    RECEIVER.ways[slow.path] = 'late'
    stuck.queue(MANY)
    stack.courier_start()
    try:
        true(until(stuck.told, 20), 'not asked')
        for count in range(1, 4):
            soon(other, count)
        slow.queue(MANY)
        for count in range(4, 6):
            soon(other, count)
        equal(len(stuck.told()), 1, 'while it rests it is asked')
        # a minute later it is asked once, and still nobody waits for it
        stack.move(61)
        soon(other, 6)
        true(until(lambda: len(stuck.told()) == 2, 20), 'not asked again')
        for count in range(7, 10):
            soon(other, count)
        true(until(lambda: len(slow.told()) > 2, 20), 'the slow one starves')
        # no try was counted of those that were not told
        equal(stack.one('SELECT COUNT(*) FROM webhook_events WHERE attempts > 0'
                        f' AND webhook_id = UNHEX("{stuck.id.replace("-", "")}")'
                        ' AND state = "queued"'), '2', 'tries')
        RECEIVER.recover()

        def all_told():
            stack.move(61)
            return stuck.waits() + slow.waits() == 0

        true(until(all_told, 30, 0.5), 'events are left')
    finally:
        RECEIVER.recover()
        stopped(stack)
    for hook in (stuck, slow, other):
        hook.say('delete')


@conversation("one customer's events stay in order when nobody answers", FASTCGI)
def in_order(stack):
    hook = Hook(stack, '--events', 'customer.created,customer.signed_in')
    RECEIVER.hang(hook.path)
    Person(stack).sign_in()
    stack.courier_run()
    stack.move(61)
    stack.courier_run()
    equal(names(hook.told()), 2 * ['customer.created'], 'while it hangs')
    RECEIVER.recover()
    stack.move(301)
    stack.courier_run()
    equal(names(hook.told()),
          3 * ['customer.created'] + ['customer.signed_in'], 'in the end')
    hook.say('delete')


@conversation('a herald that is killed is begun again, and nothing is lost',
              FASTCGI)
def killed(stack):
    hook = Hook(stack)
    RECEIVER.hang()
    hook.say('test')
    stack.courier_start()
    try:
        true(until(hook.told, 10), 'not asked')
        [first] = heralds(stack)
        os.kill(first, signal.SIGKILL)
        RECEIVER.recover()
        stack.move(LEASE_SECONDS + 1)
        true(until(lambda: hook.waits() == 0, 20, 0.3), 'events are left')
        [second] = heralds(stack)
        true(second != first, 'the same process')
    finally:
        RECEIVER.recover()
        stopped(stack)
    equal(len({event['id'] for event in hook.told()}), 1, 'ids')
    equal(names(hook.told()), [TESTS, TESTS], 'at least once')
    hook.say('delete')


@conversation('helpers whose courier is killed end, too', FASTCGI)
def orphans(stack):
    stack.courier_start()
    true(until(lambda: heralds(stack), 10), 'no herald')
    helpers = children(stack.courier.pid)
    equal(sorted(name(pid) for pid in helpers),
          ['dw-herald', 'dw-sms', 'dw-whatsapp'], 'helpers')
    stack.courier_kill()
    true(until(lambda: not any(map(alive, helpers)), 10), 'they still run')
