# SPDX-License-Identifier: ISC
"""Couriers: two at once, one that is killed, and an absent database."""

import time

from check import FASTCGI, conversation, equal, status, true
from people import BEGIN, Person, new_email
from processes import until
from services import Services

LEASE_SECONDS = 120
TIMEOUT_SECONDS = 8
SOON_SECONDS = 5
IN_HAND = ("SELECT COUNT(*) FROM outbox WHERE kind = 'whatsapp'"
           ' AND lease_owner IS NOT NULL')
QUEUED = "SELECT COUNT(*) FROM outbox WHERE state = 'queued'"


def OPTIONS():
    """Mail into files; the phone's messages go out, and may take long."""
    return {'services': Services(), 'email_channel': 'file',
            'delivery_timeout_seconds': TIMEOUT_SECONDS}


def queue(stack, count):
    """So many messages; to whom."""
    addresses = [new_email() for _ in range(count)]
    for n, address in enumerate(addresses):
        if n % 50 == 0:
            client = stack.client()
        status(client.post(BEGIN + '/email', {'email': address}), 200,
               'initiate')
    return addresses


def files_to(stack, addresses):
    """How many messages have arrived, for each address."""
    found = {address: 0 for address in addresses}
    for path in stack.messages_at.glob('*.eml'):
        to = path.read_text().partition('\nTo: ')[2].partition('\n')[0]
        if to in found:
            found[to] += 1
    return found


def emptied(stack):
    """Nothing is left to send."""
    return stack.one(QUEUED) == '0'


@conversation('two couriers at once deliver a hundred messages, each once',
              FASTCGI)
def two(stack):
    addresses = queue(stack, 100)
    couriers = []
    for _ in range(2):
        stack.courier_start()
        couriers.append(stack.courier)
    try:
        true(until(lambda: emptied(stack), 30), 'messages are left')
    finally:
        for courier in couriers:
            courier.terminate()
        ended = [courier.wait(20) for courier in couriers]
        stack.courier = None
    equal(ended, [0, 0], 'their ends')
    equal(set(files_to(stack, addresses).values()), {1}, 'files each')
    equal(stack.one("SELECT COUNT(*) FROM outbox WHERE state <> 'sent'"), '0',
          'messages that are not sent')


@conversation('what a killed courier left is delivered when its lease is over',
              FASTCGI)
def killed(stack):
    addresses = queue(stack, 120)
    stack.courier_start()
    some = until(lambda: sum(files_to(stack, addresses).values()) >= 5, 20,
                 0.001)
    stack.courier_kill()
    true(some, 'it delivered nothing')
    left = int(stack.one(QUEUED))
    true(left > 0, 'it was killed too late')
    stack.courier_start()
    try:
        stack.move(LEASE_SECONDS + 1)
        true(until(lambda: emptied(stack), 30), 'messages are left')
    finally:
        stack.courier.terminate()
        equal(stack.courier.wait(20), 0, 'its end')
        stack.courier = None
    found = files_to(stack, addresses)
    equal(min(found.values()), 1, 'the fewest files to one address')
    true(sum(found.values()) <= 121, f'{sum(found.values())} files: more than '
         'the one in hand came twice')


@conversation('a courier waits for the database, and goes on by itself',
              FASTCGI)
def waits(stack):
    stack.courier_start()
    try:
        time.sleep(0.3)
        stack.database.kill()
        time.sleep(1.5)
        stack.database.start()
        addresses = queue(stack, 3)
        true(until(lambda: emptied(stack), 30), 'messages are left')
        equal(stack.courier.poll(), None, 'the same courier')
    finally:
        stack.courier.terminate()
        equal(stack.courier.wait(20), 0, 'its end')
        stack.courier = None
    equal(set(files_to(stack, addresses).values()), {1}, 'files each')


@conversation('a message that nobody delivers in time is let go', FASTCGI)
def too_late(stack):
    address = queue(stack, 1)[0]
    stack.move(601)
    stack.courier_run()
    equal(files_to(stack, [address])[address], 0, 'files')
    equal(stack.sql('SELECT state, payload IS NULL, destination IS NULL'
                    ' FROM outbox ORDER BY id DESC LIMIT 1'),
          [('expired', '1', '1')], 'its row')


@conversation('a service for SMS that hangs holds up no mail', FASTCGI)
def apart(stack):
    stack.services.say(*60 * ['slow'])
    people = [Person(stack) for _ in range(10)]
    for person in people:
        status(person.ask_phone(), 200, 'initiate')
    stack.courier_start()
    try:
        true(until(lambda: stack.one(IN_HAND) == '10', 10), 'none in hand')
        for _ in range(3):
            mail = queue(stack, 1)
            true(until(lambda: files_to(stack, mail)[mail[0]], SOON_SECONDS),
                 f'no mail within {SOON_SECONDS} s')
    finally:
        stack.services.say()
        stack.courier.terminate()
        equal(stack.courier.wait(3 * TIMEOUT_SECONDS), 0, 'its end')
        stack.courier = None
    equal([stack.services.taken(person.phone) for person in people], 10 * [[]],
          'messages to telephones')
