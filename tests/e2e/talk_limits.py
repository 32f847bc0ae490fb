# SPDX-License-Identifier: ISC
"""What is counted, by whom, and what a client is told when it is too much."""

import os
import signal
import time

import processes
from check import WATCHED, conversation, equal, status, true
from client import together
from people import BEGIN, Person, new_email
from talk_partner import Market

OPTIONS = {'trusted_proxies': '127.9.9.0/24'}
PROXY = '127.9.9.9'
CHANNEL = '/public-api/v1/channel/'
A_MINUTE = 20


def told(answer, name, seconds, what, since):
    """A 429 that names its limit and when to come again: so many seconds,
    less the time that really went by since a moment before they began."""
    slack = 1 + int(time.monotonic() - since)
    status(answer, 429, what)
    wait = int(answer.header('Retry-After'))
    true(seconds - slack <= wait <= seconds, f'{what}: Retry-After {wait}')
    equal(answer.header('RateLimit'), f'"{name}";r=0;t={wait}',
          f'{what}: RateLimit')
    true(answer.header('RateLimit-Policy').startswith(f'"{name}";q='),
         f'{what}: RateLimit-Policy {answer.header("RateLimit-Policy")}')


@conversation('a second mail may be had after 30 seconds, a third after 60, '
              'and after a sign-in at once')
def pause(stack):
    person = Person(stack)
    begun = time.monotonic()
    status(person.ask(), 200, 'the first')
    sent = stack.now_ms()
    told(person.ask(), 'send-pause', 30, 'at once', begun)
    stack.move_to(sent + 20000)
    told(person.ask(), 'send-pause', 10, 'after 20 s', begun)
    stack.move_to(sent + 30500)
    begun = time.monotonic()
    status(person.ask(), 200, 'after 31 s')
    stack.move(31)
    told(person.ask(), 'send-pause', 29, '31 s after the second', begun)
    stack.move(30)
    status(person.ask(), 200, '61 s after the second')
    code = stack.newest(person.email, 1).code
    status(person.verify(code), 200, 'signing in')
    status(person.ask(), 200, 'right after a sign-in')


@conversation('five an hour and ten a day from one address, twenty an hour '
              'from all')
def sends(stack):
    person = Person(stack)
    begun = time.monotonic()
    for n in range(5):
        code = person.mail().code
        status(person.verify(code), 200, f'sign-in {n}')
    told(person.ask(), 'sends-an-hour', 3600, 'the sixth', begun)
    stack.move(3601)
    for n in range(5):
        code = person.mail().code
        status(person.verify(code), 200, f'sign-in {n + 5}')
    stack.move(3601)
    answer = status(person.ask(), 429, 'the eleventh')
    true('sends-a-day' in answer.header('RateLimit'), 'which limit')
    true(int(answer.header('Retry-After')) > 70000, 'Retry-After')
    for n in range(20):
        status(person.ask(stack.client()), 200, f'from address {n}')
    answer = status(person.ask(stack.client()), 429, 'from another')
    true('all-sends-an-hour' in answer.header('RateLimit'), 'which limit')


@conversation('a refused request does not count against the limits that it '
              'would have passed')
def refused_is_free(stack):
    person = Person(stack)
    status(person.ask(), 200, 'the first')
    for _ in range(10):
        status(person.ask(), 429, 'at once')
    for n in range(3):
        stack.move(241)
        status(person.ask(), 200, f'{n + 2} of five')


@conversation('both are sent, or neither when one is over its limit')
def both_or_neither(stack):
    person = Person(stack)
    begun = time.monotonic()
    status(person.ask_phone(), 200, 'the number alone')
    before = stack.counts()
    answer = person.client.post(
        BEGIN, {'email': person.email, 'phoneNumber': person.phone})
    told(answer, 'send-pause', 30, 'both', begun)
    after = stack.counts()
    equal((after['outbox'], after['challenges']),
          (before['outbox'], before['challenges']), 'rows')
    status(person.ask(), 200, 'the address alone was not counted')


@conversation('one client address sends sixty an hour, to whomsoever')
def sixty(stack):
    client = stack.client()
    begun = time.monotonic()
    for n in range(60):
        status(client.post(BEGIN + '/email', {'email': new_email()}), 200,
               f'mail {n + 1}')
    answer = client.post(BEGIN + '/email', {'email': new_email()})
    told(answer, 'sends-per-address', 3600, 'mail 61', begun)
    status(stack.client().post(BEGIN + '/email', {'email': new_email()}), 200,
           'from another address')


def renew_workers(stack):
    """All of them leave, and others come."""
    old = stack.web.workers()
    for pid in old:
        os.kill(pid, signal.SIGTERM)
    gone = processes.until(lambda: not any(map(processes.alive, old)), 20)
    true(gone, 'workers stay after SIGTERM')
    new = processes.until(lambda: len(stack.web.workers()) == len(old)
                          and stack.web.workers(), 20)
    true(new and not set(new) & set(old), 'no new workers')


@conversation('counts survive the workers', WATCHED)
def survive(stack):
    person = Person(stack)
    status(person.ask(), 200, 'the first')
    renew_workers(stack)
    status(person.ask(), 429, 'the second, at a new worker')


@conversation('of thirty uses of a key at once, twenty are its minute\'s, at '
              'whatever workers; nor do new ones begin anew', WATCHED)
def one_count(stack):
    market = Market(stack, more=('--per-minute', str(A_MINUTE)))
    server, begun = market.server(), time.monotonic()
    answers = together([lambda: server.get(CHANNEL)] * (A_MINUTE + 10))
    equal(sorted(a.status for a in answers), [200] * A_MINUTE + [429] * 10,
          'the answers')
    for answer in answers:
        if answer.status == 429:
            told(answer, 'key-a-minute', 60, 'one too many', begun)
    renew_workers(stack)
    told(server.get(CHANNEL), 'key-a-minute', 60, 'at a new worker', begun)
    stack.move(61)
    status(server.get(CHANNEL), 200, 'a minute later')


SPELT = ('X.Forwarded.For', 'X-Forwarded_For', 'X_Forwarded-For')


def via(address):
    """The header by which a proxy tells where a request came from."""
    return [('X-Forwarded-For', address)]


@conversation('X-Forwarded-For moves the address of nobody but a listed proxy')
def forwarded(stack):
    person = Person(stack)
    status(person.ask(), 200, 'the first')
    for spoof in ('203.0.113.7', '198.51.100.1, 203.0.113.8', '127.9.9.9',
                  '::1', 'nonsense'):
        answer = person.client.post(BEGIN + '/email', {'email': person.email},
                                    headers=via(spoof))
        status(answer, 429, f'spoofing {spoof}')
    for other in ('X_Forwarded_For', 'Forwarded', 'X-Real-IP', 'Client-IP',
                  'X-Client-Address'):
        answer = person.client.post(BEGIN + '/email', {'email': person.email},
                                    headers=[(other, '203.0.113.9')])
        refused = other == 'X_Forwarded_For' and 'lighttpd' in stack.setup
        status(answer, 403 if refused else 429, f'spoofing by {other}')
    proxy = stack.client(address=PROXY)

    def ask(address):
        return proxy.post(BEGIN + '/email', {'email': person.email},
                          headers=via(address))

    status(ask('203.0.113.10'), 200, 'through the proxy')
    status(ask('203.0.113.10'), 429, 'the same client again')
    status(ask('198.51.100.9, 203.0.113.10'), 429, 'it lies about a hop')
    answer = proxy.post(BEGIN + '/email', {'email': person.email},
                        headers=via('198.51.100.9') + via('203.0.113.10'))
    status(answer, 429, 'the proxy adds a line of its own')
    # the shell that starts our program as CGI keeps one of two variables
    for other in SPELT if stack.setup != 'lighttpd-cgi' else ():
        for said in (via('203.0.113.10') + [(other, '203.0.113.77')],
                     [(other, '203.0.113.77')] + via('203.0.113.10')):
            answer = proxy.post(BEGIN + '/email', {'email': person.email},
                                headers=said)
            status(answer, 400 if 'lighttpd' in stack.setup else 429,
                   f'it lies by {other}')
    status(ask('203.0.113.11'), 200, 'another client')
    status(ask('2001:db8:1:2::1'), 200, 'over IPv6')
    status(ask('2001:db8:1:2:ffff::9'), 429, 'the same /64')
    status(ask('2001:db8:1:3::1'), 200, 'another /64')


@conversation('a country that the shop does not send to is refused, and the '
              'sixth unused code to numbers alike is, too')
def numbers(stack):
    client = stack.client()
    for n in range(5):
        status(client.post(BEGIN + '/phone',
                           {'phoneNumber': f'+234809111{n:04d}'}), 200,
               f'number {n}')
    answer = client.post(BEGIN + '/phone', {'phoneNumber': '+2348091110009'})
    true('numbers-alike' in (answer.header('RateLimit') or ''),
         f'the sixth: {answer.status}')
    stack.doorward('tenant', 'set', 'two', 'phone_countries', '234')
    answer = stack.client('two').post(BEGIN + '/phone',
                                      {'phoneNumber': '+14155550123'})
    status(answer, 422, 'another country')
    true('phoneNumber' in answer.json['errors'], 'which field')
    status(stack.client('two').post(BEGIN + '/phone',
                                    {'phoneNumber': '+2348091230123'}), 200,
           'its own country')
