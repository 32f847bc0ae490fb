# SPDX-License-Identifier: ISC
"""Power cuts: of the database, of workers; and workers that leave in peace."""

import http.client
import os
import random
import signal
import threading
import time

import processes
from check import ALL, FASTCGI, WATCHED, conversation, equal, status, true
from client import together
from people import CART, PROFILE, Login, Person

SETTLED_SECONDS = 1.5
OPTIONS = {'courier': 'daemon', 'tenant': {'writes_a_minute': '0'}}


class Stream:
    """A client that asks again and again, and notes what it was told."""

    def __init__(self, ask):
        self.ask = ask
        self.seen = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        """Until told to stop; a broken connection is status 0."""
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                answer = self.ask()
                seen = (answer.status, answer.header('Retry-After'))
            except (OSError, http.client.HTTPException):
                seen = (0, None)
            self.seen.append((begun, time.monotonic(), *seen))

    def stop(self):
        """End it; all that was seen."""
        self.over.set()
        self.thread.join(60)
        return self.seen

    def statuses(self, since=0.0, until=float('inf')):
        """The statuses of requests that lay wholly within this time."""
        return [s for begun, ended, s, _ in self.seen
                if begun >= since and ended <= until]


def all_seen(streams, since):
    """Wait until each was answered a few times."""
    enough = processes.until(
        lambda: all(len(s.statuses(since)) >= 5 for s in streams), 60)
    true(enough, f'hardly any answer: {[s.statuses(since) for s in streams]}')


@conversation('the database is killed and started again: 200 before, 503 '
              'while it is away, 200 again, by the same workers', WATCHED)
def database_killed(stack):
    login = Person(stack).sign_in()
    workers = stack.web.workers()
    streams = [Stream(ask) for ask in (
        login.profile, lambda: login.bearer.get(CART),
        lambda: Person(stack).ask(),
        lambda: stack.client(None).get('/readyz'))]
    try:
        all_seen(streams, 0.0)
        killed = time.monotonic()
        stack.database.kill()
        down = time.monotonic()
        time.sleep(1)
        all_seen(streams, down)
        up = time.monotonic()
    finally:
        stack.database.start()
    settled = time.monotonic() + SETTLED_SECONDS
    all_seen(streams, settled)
    for n, stream in enumerate(streams):
        stream.stop()
        equal(set(stream.statuses(until=killed)), {200}, f'{n} before')
        equal(set(stream.statuses(down, up)), {503}, f'{n} while it was away')
        equal(set(stream.statuses(settled)), {200},
              f'{n} afterwards')
        true(set(stream.statuses()) <= {200, 503}, f'{n}: something else: '
             f'{set(stream.statuses())}')
        true(all(after for *_, s, after in stream.seen if s == 503),
             f'{n}: a 503 without Retry-After')
    equal(stack.web.workers(), workers, 'the workers')
    status(stack.client(None).get('/healthz'), 200, 'alive')


@conversation('503 while the database is away, 200 again, where processes '
              'come and go',
              tuple(name for name in ALL if name not in WATCHED))
def database_away(stack):
    login = Person(stack).sign_in()
    stack.database.kill()
    try:
        answer = status(login.profile(), 503, 'the profile')
        true(answer.header('Retry-After'), 'no Retry-After')
        equal(answer.json, {'status': False, 'message':
                            'The service is briefly unavailable.'}, 'body')
        status(stack.client(None).get('/readyz'), 503, 'readyz')
        status(stack.client(None).get('/healthz'), 200, 'healthz')
    finally:
        stack.database.start()
    status(login.profile(), 200, 'the profile afterwards')
    status(stack.client(None).get('/readyz'), 200, 'readyz afterwards')


class Writer:
    """A customer who keeps writing, and knows what was acknowledged."""

    def __init__(self, stack):
        self.login = Person(stack).sign_in()
        self.refresh_token = self.login.refresh_token
        self.acknowledged = 0
        self.cart = 1
        self.stored = 0
        self.lost = 0

    def step(self):
        """A refresh, tried again until it is answered, and a cart."""
        answer = self.login.refresh(self.refresh_token)
        if answer.status == 200:
            self.refresh_token = answer.json['refreshToken']
            self.login = Login(self.login.person, answer.json)
            self.acknowledged += 1
        elif answer.status < 500:
            self.lost += 1
        self.cart = self.cart % 998 + 1
        answer = self.login.bearer.put(CART, {'items': [
            {'productId': 'p', 'quantity': self.cart}]})
        if answer.status == 200:
            self.stored = self.cart
        return answer

    def check(self):
        """All that was acknowledged is there."""
        equal(self.lost, 0, 'refresh tokens refused')
        status(self.login.profile(), 200, 'the newest access token')
        items = self.login.bearer.get(CART).data['items']
        among = (self.stored, self.cart)
        true(items[0]['quantity'] in among, f'the cart has '
             f'{items[0]["quantity"]}, acknowledged was {self.stored}')
        answer = status(self.login.refresh(self.refresh_token), 200,
                        'the newest refresh token')
        equal(answer.json['customer']['id'], self.login.id, 'whose it is')


class Arrivals:
    """Customers who sign up one after another."""

    def __init__(self, stack):
        self.stack = stack
        self.logins = []

    def step(self):
        """One of them, with a code straight from the files."""
        person = Person(self.stack)
        answer = person.ask()
        if answer.status == 200:
            message = self.stack.newest(person.email)
            answer = person.verify(message.code)
            if answer.status == 200:
                self.logins.append(Login(person, answer.data))
        return answer

    def check(self):
        """Each whose sign-in was acknowledged has a session."""
        true(self.logins, 'nobody signed up')
        for login in self.logins:
            status(login.profile(), 200, f'the session of {login.id}')


def under_load(stack, act):
    """Writers and arrivals; act() in the midst of it; then check them."""
    actors = [Writer(stack) for _ in range(3)] + [Arrivals(stack)]
    streams = [Stream(actor.step) for actor in actors]
    time.sleep(0.5)
    try:
        act()
        time.sleep(0.5)
    finally:
        for stream in streams:
            stream.stop()
    for actor in actors:
        actor.check()
    return actors, streams


@conversation('workers are killed under load: nothing acknowledged is lost',
              WATCHED)
def workers_killed(stack):
    def act():
        for _ in range(8):
            time.sleep(0.25)
            workers = stack.web.workers()
            if workers:
                os.kill(random.choice(workers), signal.SIGKILL)

    before = stack.web.workers()
    actors, streams = under_load(stack, act)
    true(sum(a.acknowledged for a in actors[:3]) > 30, 'hardly any load')
    full = processes.until(
        lambda: len(stack.web.workers()) == len(before), 10)
    true(full, 'a killed worker was not replaced')
    for stream in streams:
        true(set(stream.statuses()) <= {0, 200, 500, 502, 503},
             f'answers: {set(stream.statuses())}')


@conversation('the database is killed under load: nothing acknowledged is '
              'lost', FASTCGI)
def database_killed_under_load(stack):
    def act():
        time.sleep(0.5)
        stack.database.kill()
        time.sleep(0.3)
        stack.database.start()
        time.sleep(1)

    under_load(stack, act)


@conversation('a worker told to leave finishes the request in hand', WATCHED)
def worker_leaves(stack):
    login = Person(stack).sign_in()
    answers = []
    held = stack.database.hold(
        'START TRANSACTION; SELECT COUNT(*) FROM sessions FOR UPDATE',
        stack.name)
    try:
        asker = threading.Thread(
            target=lambda: answers.append(login.refresh()))
        asker.start()
        time.sleep(0.5)
        workers = stack.web.workers()
        for pid in workers:
            os.kill(pid, signal.SIGTERM)
        gone = processes.until(
            lambda: len([p for p in workers if processes.alive(p)]) == 1, 5)
        true(gone, 'there should be one left, with the request in hand')
        true(not answers, 'it was answered although its row is locked')
    finally:
        held.release()
    asker.join(20)
    status(answers[0], 200, 'the answer')
    equal(answers[0].json['customer']['id'], login.id, 'it is whole')
    gone = processes.until(
        lambda: not any(map(processes.alive, workers)), 5)
    true(gone, 'the worker did not leave')
    status(login.profile(), 200, 'the new workers')


@conversation('all workers are replaced under load, and no client notices',
              WATCHED)
def workers_replaced(stack):
    def act():
        for _ in range(3):
            for pid in stack.web.workers():
                os.kill(pid, signal.SIGTERM)
            time.sleep(0.7)

    _, streams = under_load(stack, act)
    for stream in streams:
        equal(set(stream.statuses()), {200}, 'answers')


@conversation('a row that stays locked is a 503, and the worker is free again',
              FASTCGI)
def locked(stack):
    login = Person(stack).sign_in()
    held = stack.database.hold(
        'START TRANSACTION; SELECT COUNT(*) FROM sessions FOR UPDATE',
        stack.name)
    try:
        answers = together([login.refresh, login.profile, login.profile])
        equal([a.status for a in answers], [503, 200, 200], 'answers')
        true(answers[0].header('Retry-After'), 'no Retry-After')
    finally:
        held.release()
    status(login.refresh(), 200, 'afterwards')
    status(login.bearer.get(PROFILE), 200, 'the session')
