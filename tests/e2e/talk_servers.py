# SPDX-License-Identifier: ISC
"""What web servers do differently, and what none of them may do."""

import http.client
import os
import signal
import socket
import time

from check import ALL, conversation, equal, status, true
from client import Answer, together
from people import BEGIN, PROFILE, Person

OPTIONS = {'recorded': False}
EMAIL = BEGIN + '/email'
KIB = 1024
AT_ONCE = 30
ROUNDS = 12
STALL_SECONDS = 0.9

# what each answers to a GET of this, in the order of check.ALL: 401 is the
# profile's own answer, for the path was taken to mean the profile
# pylint: disable=line-too-long
PATHS = (
    ('/v1/customers/profile',           401, 401, 401, 401, 401, 401),
    ('/v1/customers/profile/',          401, 401, 401, 401, 401, 401),
    ('/v1/customers/profile%0A',        400, 400, 404, 404, 404, 404),
    ('/%0Av1/customers/profile',        400, 400, 404, 404, 404, 404),
    ('/v1/customers/%0Aprofile',        400, 400, 404, 404, 404, 404),
    ('/v1/customers/profile%00',        400, 400, 404, 404, 404, 400),
    ('/v1/customers/profile%FF',        400, 400, 404, 404, 404, 404),
    ('/v1/customers/profile%zz',        404, 404, 400, 400, 400, 400),
    ('/v1/customers/profile%25',        404, 404, 404, 404, 400, 404),
    ('/v1/customers/profile%3Fa',       404, 404, 404, 404, 403, 404),
    ('/v1/customers/profile%23a',       404, 404, 404, 404, 401, 404),
    ('/v1/customers/profile;a',         404, 404, 404, 404, 404, 404),
    ('/v1/customers/profile%5C',        404, 404, 404, 404, 404, 404),
    ('/v1/customers%2Fprofile',         401, 401, 404, 404, 404, 401),
    ('/v1/customers%252Fprofile',       404, 404, 404, 404, 404, 404),
    ('/v1//customers/profile',          401, 401, 401, 401, 401, 401),
    ('/v1/a/../customers/profile',      401, 401, 401, 401, 401, 401),
    ('/v1/a/%2E%2E/customers/profile',  401, 401, 401, 401, 401, 401),
    ('/../v1/customers/profile',        401, 401, 400, 400, 400, 400),
    ('/doorward.fcgi/v1/carts',         404, 404, 404, 404, 404, 404),
    ('/doorward.cgi/v1/customers/profile', 404, 404, 404, 404, 401, 404),
    ('/.htaccess',                      404, 404, 404, 404, 403, 404),
)

# what, bytes of the body, in chunks; the answers, ours where they are negative
BODIES = (
    ('64 KiB, and one byte', 64 * KIB + 1, False, -413, -413, -413, -413, -413, -413),
    ('900 KiB',             900 * KIB, False, -413, -413, -413, -413, -413, -413),
    ('2 MiB',              2048 * KIB, False, 413, 413, 500, 413, -413, 413),
    ('64 KiB, and one byte, in chunks', 64 * KIB + 1, True, -413, -413, -413, -413, -413, -413),
    ('900 KiB in chunks',   900 * KIB, True, -413, -413, -413, -413, -413, -413),
    ('2 MiB in chunks',    2048 * KIB, True, 413, 413, 500, 413, -413, 413),
)


def of(stack, row):
    """This server's column."""
    return row[-len(ALL):][ALL.index(stack.setup)]


@conversation('paths that servers read differently mean what they should, or '
              'nothing')
def paths(stack):
    wrong = []
    for row in PATHS:
        answer = stack.client().get(row[0])
        if answer.status != of(stack, row):
            wrong.append(f'{row[0]}: {answer.status}, not {of(stack, row)}')
    equal(wrong, [], 'paths')


def chunks(body):
    """A body in chunks, as they travel."""
    size = 8000
    parts = [body[at:at + size] for at in range(0, len(body), size)]
    return b''.join(b'%x\r\n%s\r\n' % (len(p), p) for p in parts + [b''])


def post(client, body, chunked):
    """The answer, though the server may not take all of the body."""
    link = http.client.HTTPConnection(
        '127.0.0.1', client.stack.port, timeout=60,
        source_address=(client.address, 0))
    try:
        link.putrequest('POST', EMAIL, skip_accept_encoding=True)
        for name, value in client.headers([
                ('Content-Type', 'application/json'),
                ('Transfer-Encoding', 'chunked') if chunked else
                ('Content-Length', str(len(body)))]):
            link.putheader(name, value)
        link.endheaders()
        try:
            link.send(chunks(body) if chunked else body)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return Answer(link.getresponse())
    finally:
        link.close()


@conversation('a body over our bound is refused in our words, one over the '
              'server\'s by the server')
def bodies(stack):
    wrong = []
    for row in BODIES:
        what, size, chunked = row[:3]
        body = b'{"email":"a@example.com"' + b' ' * (size - 25) + b'}'
        answer = post(stack.client(), body, chunked)
        ours = answer.json.get('status') is False
        got = -answer.status if ours else answer.status
        if got != of(stack, row):
            wrong.append(f'{what}: {got}, not {of(stack, row)}: '
                         f'{answer.body[:80]!r}')
    equal(wrong, [], 'bodies')


@conversation('a body in chunks is one like any other')
def chunked_body(stack):
    person = Person(stack)
    body = b'{"email":"%s"}' % person.email.encode()
    status(post(person.client, body, True), 200, 'in chunks')
    true(stack.newest(person.email), 'no mail')


@conversation('a body that nobody wants does not tear the answer')
def unwanted(stack):
    client = stack.client()
    for path in ('/v1/nothing', PROFILE):
        answer = client.raw('POST', path, client.headers(
            [('Content-Type', 'application/json')]), b' ' * 200000)
        status(answer, (404, 405), path)
        equal(answer.json.get('status'), False, f'{path}: the answer')


@conversation('a POST with neither a length nor a body')
def no_length(stack):
    want = 411 if 'lighttpd' in stack.setup else 422
    status(stack.client().raw('POST', EMAIL, stack.client().headers([])), want,
           'no length')


@conversation('HEAD is answered like GET, without a body')
def head(stack):
    for path in ('/healthz', '/v1/nothing'):
        of_get = stack.client(None).get(path)
        answer = stack.client(None).call('HEAD', path)
        equal(answer.status, of_get.status, f'HEAD {path}')
        equal(answer.body, b'', f'HEAD {path}: body')
        equal(answer.header('Content-Type'), of_get.header('Content-Type'),
              f'HEAD {path}: Content-Type')


@conversation('who vouches for the certificate finds the answer over http')
def challenge(stack):
    folder = stack.web.challenges / '.well-known/acme-challenge'
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'a-B_c1').write_text('a-B_c1.of-the-account')
    for path, want, body in (('a-B_c1', 200, b'a-B_c1.of-the-account'),
                             ('another', 404, None)):
        answer = stack.client(None).get(f'/.well-known/acme-challenge/{path}')
        equal(status(answer, want, path).body, body or answer.body, path)


def crowd(stack, calls):
    """How long the slowest of these takes, begun at the same moment."""
    def timed(client):
        begun = time.monotonic()
        status(client.get('/readyz'), 200, 'readyz')
        return time.monotonic() - begun

    clients = [stack.client(None) for _ in range(calls)]
    return max(together([lambda c=c: timed(c) for c in clients]))


@conversation('thirty at once are answered, and none of them sleeps for a '
              'second once as many workers are there')
def thirty(stack):
    slowest = []
    while len(slowest) < ROUNDS:
        slowest.append(crowd(stack, AT_ONCE))
        if len(slowest) >= 3 and max(slowest[-3:]) < STALL_SECONDS:
            return
    true(False, f'the slowest of each {AT_ONCE}: {slowest}')


@conversation('mod_fcgid replaces workers that left or were killed, and the '
              'next request is answered', ('apache-fcgid',))
def workers_gone(stack):
    login = Person(stack).sign_in()
    for number in (signal.SIGTERM, signal.SIGKILL):
        workers = stack.web.workers()
        true(workers, 'no worker')
        for pid in workers:
            os.kill(pid, number)
        time.sleep(0.2)
        status(login.profile(), 200, f'after {number.name}')
        true(not set(workers) & set(stack.web.workers()), 'the old ones')


@conversation('a client that hangs up, or never says all, costs the others '
              'nothing')
def hangs_up(stack):
    idle = []
    for said in (b'POST /v1/cart HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n'
                 b'\r\n{', b'GET /v1/ca', b''):
        for _ in range(8):
            link = socket.create_connection(('127.0.0.1', stack.port))
            link.sendall(said)
            idle.append(link)
    equal(stack.client(None).get('/readyz').status, 200, 'beside them')
    for link in idle:
        link.close()
    equal(stack.client(None).get('/readyz').status, 200, 'after them')
