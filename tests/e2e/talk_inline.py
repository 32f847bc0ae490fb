# SPDX-License-Identifier: ISC
"""deliver = inline: messages leave without a courier, and nobody waits."""

import os
import signal
import time

import messages
import talk_alike
from check import ALL, WATCHED, conversation, equal, status, true
from client import together
from database import quote
from people import Login, Person
from place import build
from processes import children, resident_kib, until
from receiver import Receiver

SOON_SECONDS = 5
AT_ONCE_SECONDS = 0.5
STALL_SECONDS = 4
LEASE_SECONDS = 30
AWAY_SECONDS = 12       # longer than a delivery, shorter than a lease
CHILDREN = 4            # of each worker, at a time
STAYING = ('lighttpd-fcgi', 'nginx', 'apache-fcgid')    # their workers
CROWD = 24
MANY = 200
GROWTH_KIB = 512


def OPTIONS():
    """Mail goes to a server that does as it is told; no courier runs."""
    return {'smtp': Receiver(), 'deliver': 'inline'}


def burdened():
    """Do the workers run under a checker, or with one inside?"""
    return bool(os.environ.get('DW_WORKERS')) or b'__asan_init' in (
        build() / 'doorward.fcgi').read_bytes()


def slowly():
    """Then all takes its time."""
    return 20 if burdened() else 1


def mails(stack, to, count=1, seconds=SOON_SECONDS):
    """The mails to somebody, once so many are there, within this time."""
    true(until(lambda: len(stack.arrived(to)) >= count, seconds * slowly()),
         f'no mail {count} to {to} within {seconds} s')
    return stack.arrived(to)


def row(stack, to):
    """How the newest message to somebody stands."""
    return stack.sql('SELECT state, attempts, lease_owner IS NULL FROM outbox'
                     f' WHERE destination = {quote(to)}'
                     ' ORDER BY id DESC LIMIT 1')


def queued(stack):
    """How many messages wait, leased ones too."""
    return int(stack.one(
        "SELECT COUNT(*) FROM outbox WHERE state = 'queued'"))


def tried_again(stack):
    """Whose message the server may have, though nobody heard it say so."""
    return [to for to, in stack.sql(
        'SELECT CONVERT(destination USING utf8mb4) FROM outbox'
        " WHERE state = 'queued' AND attempts > 0")]


def zombies(stack):
    """What is left of the workers' children, and should not be."""
    found = []
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/stat', encoding='ascii',
                      errors='replace') as f:
                state, parent = f.read().rpartition(')')[2].split()[:2]
        except OSError:
            continue
        if state == 'Z' and int(parent) in stack.web.workers():
            found.append(name)
    return found


def at_work(stack):
    """The children that hand something over now."""
    return [pid for worker in stack.web.workers() for pid in children(worker)]


def connections(stack):
    """Of workers and their children to the database."""
    return int(stack.one('SELECT COUNT(*) FROM information_schema.processlist'
                         f" WHERE user = 'doorward' AND db = '{stack.name}'"))


def settled(stack):
    """Nobody is at work any more, and nothing is left of those who were."""
    true(until(lambda: not at_work(stack), 15 * slowly()), 'still at work')
    most = len(stack.web.workers()) if stack.setup in STAYING else 0
    true(until(lambda: connections(stack) <= most, 5 * slowly()),
         f'{connections(stack)} connections, not {most}')
    equal(zombies(stack), [], 'zombies')


def timed(call):
    """An answer, and how long it took."""
    begun = time.monotonic()
    answer = call()
    return answer, time.monotonic() - begun


@conversation('a new customer signs in by a code that nobody but the request '
              'itself has sent', ALL)
def by_mail(stack):
    person = Person(stack)
    status(person.ask(), 200, 'initiate')
    message = mails(stack, person.email)[0]
    login = Login(person, status(
        person.verify(message.code), 200, 'verify').data)
    equal(login.profile().data['email'], person.email, 'profile')
    settled(stack)
    equal(stack.one("SELECT COUNT(*) FROM outbox WHERE state <> 'sent'"), '0',
          'messages that are not sent')


@conversation('so does a telephone', ALL)
def by_phone(stack):
    person, box = Person(stack), messages.Box(stack.messages_at)
    status(person.ask_phone(), 200, 'initiate')
    found = until(lambda: [m for m in box.all() if m.to == person.phone],
                  SOON_SECONDS * slowly())
    true(found, 'no text message')
    stack.secrets.add(found[0].code)
    status(person.verify_phone(found[0].code), 200, 'verify')
    settled(stack)


@conversation('the answer does not wait for a slow mail server, nor does the '
              'next request', ALL)
def slow_server(stack):
    stack.smtp.stall_seconds = STALL_SECONDS
    try:
        people = [Person(stack) for _ in range(CHILDREN)]
        for person in people:
            answer, seconds = timed(person.ask)
            status(answer, 200, 'initiate')
            true(seconds < AT_ONCE_SECONDS * slowly(),
                 f'the answer took {seconds:.3f} s')
        for person in people:
            equal(len(stack.arrived(person.email)), 0, 'mails at once')
        for person in people:
            mails(stack, person.email, 1, STALL_SECONDS + SOON_SECONDS)
    finally:
        stack.smtp.stall_seconds = 0
    settled(stack)
    equal(queued(stack), 0, 'messages that wait')


@conversation('what a dead mail server does not take, the courier delivers '
              'later', ALL)
def dead_server(stack):
    person = Person(stack)
    stack.smtp.close()
    try:
        status(person.ask(), 200, 'initiate')
        true(until(lambda: row(stack, person.email) == [('queued', '1', '1')],
                   SOON_SECONDS * slowly()), f'row {row(stack, person.email)}')
    finally:
        stack.smtp.open()
    settled(stack)
    equal(len(stack.arrived(person.email)), 0, 'mails')
    stack.move(12)
    stack.courier_run()
    status(person.verify(mails(stack, person.email)[0].code), 200, 'verify')


@conversation('a mail server that never answers is given up in time', ALL)
def mute_server(stack):
    person = Person(stack)
    stack.smtp.stall_seconds = 60
    try:
        status(person.ask(), 200, 'initiate')
        true(until(lambda: row(stack, person.email) == [('queued', '1', '1')],
                   8 * slowly()), f'row {row(stack, person.email)}')
    finally:
        stack.smtp.stall_seconds = 0
    settled(stack)
    stack.move(12)
    stack.courier_run()
    mails(stack, person.email)


@conversation('of a mail server that takes the mail and does not say goodbye '
              'the mail is noted at once, and goes once', WATCHED)
def no_goodbye(stack):
    by_child, by_courier = Person(stack), Person(stack)
    sent = stack.counts()['outbox'] + 2
    stack.smtp.mute = True
    try:
        status(by_child.ask(), 200, 'initiate')
        true(until(lambda: queued(stack) == 0, SOON_SECONDS * slowly()),
             'not noted')
        stack.smtp.close()
        status(by_courier.ask(), 200, 'initiate')
        settled(stack)
        stack.smtp.open()
        stack.move(12)
        _, seconds = timed(stack.courier_run)
        true(seconds < SOON_SECONDS * slowly(), f'took {seconds:.1f} s')
        stack.move(4 * LEASE_SECONDS + 1)
        stack.courier_run()
    finally:
        stack.smtp.mute = False
    for person in by_child, by_courier:
        equal(len(stack.arrived(person.email)), 1, 'mails')
    equal(stack.counts()['outbox'], sent, 'messages')
    equal(queued(stack), 0, 'messages that wait')


@conversation('what went out while the database was away is noted once it is '
              'back, within the lease', ('lighttpd-fcgi',))
def noted_late(stack):
    person = Person(stack)
    stack.smtp.stall_seconds = 2
    try:
        status(person.ask(), 200, 'initiate')
        true(until(lambda: row(stack, person.email) == [('queued', '0', '0')],
                   SOON_SECONDS), 'nobody has it in hand')
        stack.database.kill()
        time.sleep(AWAY_SECONDS)
        stack.database.start()
    finally:
        stack.smtp.stall_seconds = 0
    true(until(lambda: queued(stack) == 0, 8 * slowly()), 'not noted')
    equal(len(stack.arrived(person.email)), 1, 'mails')
    settled(stack)


@conversation('what a killed child had in hand is delivered when its lease is '
              'over', WATCHED)
def killed(stack):
    person = Person(stack)
    stack.smtp.stall_seconds = STALL_SECONDS
    try:
        status(person.ask(), 200, 'initiate')
        pids = until(lambda: row(stack, person.email) == [('queued', '0', '0')]
                     and at_work(stack), SOON_SECONDS * slowly())
        true(pids, 'nobody has it in hand')
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
    finally:
        stack.smtp.stall_seconds = 0
    settled(stack)
    stack.courier_run()
    equal(len(stack.arrived(person.email)), 0, 'mails while it is leased')
    stack.move(LEASE_SECONDS + 1)
    stack.courier_run()
    equal(len(mails(stack, person.email)), 1, 'mails')


@conversation('asked twice at once, one mail comes', ALL)
def twice(stack):
    person = Person(stack)
    told = sorted(a.status for a in together([person.ask, person.ask]))
    equal(told, [200, 429], 'the answers')
    mails(stack, person.email)
    settled(stack)
    equal(len(stack.arrived(person.email)), 1, 'mails')


@conversation('of a crowd each is answered at once and has one mail; what is '
              'too much at a time is the courier\'s', ALL)
def crowd(stack):
    people = [Person(stack) for _ in range(CROWD)]
    stack.smtp.stall_seconds = 2
    try:
        for answer in together([p.ask for p in people]):
            status(answer, 200, 'initiate')
        true(all(len(children(pid)) <= CHILDREN
                 for pid in stack.web.workers()), 'children at work')
        settled(stack)
    finally:
        stack.smtp.stall_seconds = 0
    left = queued(stack)
    true(left < CROWD, 'nobody handed anything over')
    if stack.setup not in STAYING:
        equal(left, 0, 'messages that wait')
    again = tried_again(stack)
    true(burdened() or not again, f'some took too long: {again}')
    stack.move(12)
    stack.courier_run()
    equal(queued(stack), 0, 'messages that wait in the end')
    for person in people:
        count = len(mails(stack, person.email))
        true(count == 1 or person.email in again and count == 2,
             f'{count} mails for {person.email}, not one')


@conversation('known, unknown and disabled addresses are still alike', ALL)
def alike(stack):
    talk_alike.addresses_alike(stack)
    settled(stack)


@conversation('workers keep no memory, no connection and no child of it',
              WATCHED)
def flat(stack):
    def ask(count):
        for _ in range(count):
            status(Person(stack).ask(), 200, 'initiate')

    ask(MANY // 4)
    settled(stack)
    before = {pid: resident_kib(pid) for pid in stack.web.workers()}
    ask(MANY)
    settled(stack)
    after = {pid: resident_kib(pid) for pid in stack.web.workers()}
    equal(sorted(after), sorted(before), 'the workers')
    if burdened():
        print('    not judged under a checker: memory')
        return
    grown = max(after[pid] - before[pid] for pid in before)
    true(grown < GROWTH_KIB, f'a worker grew by {grown} KiB')
