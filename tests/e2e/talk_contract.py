# SPDX-License-Identifier: ISC
"""Every operation of the document refuses as it says, and a client that was
generated from it signs a customer in."""

import os
import re
import subprocess
import uuid

from check import conversation, equal, status, true
from client import Client
from people import BEGIN, Person, new_email, new_phone
from processes import start
from stack import SRC
from talk_merchant import KEYS, Merchant

OPTIONS = {'founding': 'open', 'client_address_factor': 20}
VERIFY_PHONE = '/v1/auth/passwordless/merchant/verify-phone'
PARTNER = '/public-api/v1/'
FORM = 'application/x-www-form-urlencoded'
TWO_GUESTS = [('X-Session-Id', 'one'), ('X-SessionId', 'two')]
SOMEBODY = str(uuid.uuid4())
TOO_MUCH = b'{"a":"' + b'x' * (64 * 1024) + b'"}'


# there is nothing here for whose address is not listed, whatever is away
UNSEEN = ('/metrics',)


def operations():
    """(method, path, operation) of the whole document."""
    import yaml
    with open(SRC / 'doc/openapi.yaml', encoding='utf-8') as file:
        document = yaml.load(file, getattr(yaml, 'CSafeLoader',
                                           yaml.SafeLoader))
    for path, item in document['paths'].items():
        for method in ('get', 'post', 'put', 'patch', 'delete'):
            if method in item:
                yield (method.upper(), re.sub('{[a-zA-Z]+}', SOMEBODY, path),
                       {'path': path, 'security': document['security'], **item[method],
                        'type': body_type(document, item[method])})


def needs(operation):
    """The schemes without which it refuses."""
    return set.intersection(*map(set, operation['security'] or [()]))


def nothing(method):
    """No body, as that method has none."""
    return b'' if method in ('POST', 'PUT', 'PATCH') else None


def body_type(document, operation):
    """The header of the body that it wants; a JSON one if it wants none."""
    body = operation.get('requestBody', {})
    name = body.get('$ref', '').rpartition('/')[2]
    body = document['components']['requestBodies'].get(name, body)
    return [('Content-Type', next(iter(body.get('content', ())),
                                  'application/json'))]


def server_key(stack, kind, scopes, *more):
    """A key of the first shop with which a server asks."""
    key = stack.doorward('apikey', 'create', 'one', '--kind', kind,
                         '--scopes', scopes, *more).strip()
    stack.secrets.add(key)
    return key


def secret_key(stack):
    """One for what may be asked about tokens."""
    return server_key(stack, 'secret', 'token:introspect token:revoke')


def partner_key(stack):
    """One of a marketplace."""
    return server_key(stack, 'partner', 'customer:authenticate channel:read',
                      '--source', 'market')


class Tour:
    """Who knocks at every door, and how."""

    def __init__(self, stack):
        self.stack = stack
        self.customer = Person(stack).sign_in()
        self.merchant = Merchant(stack)
        self.merchant.sign_in('Tour Shop')
        self.servers = {'/oauth': secret_key(stack),
                        '/public-api': partner_key(stack)}

    def client(self, operation):
        """Somebody at an address of their own who may call it."""
        if 'merchantToken' in needs(operation):
            return Client(self.stack, None, None, self.merchant.bearer.bearer)
        of = self.stack.client()
        for door, key in self.servers.items():
            if operation['path'].startswith(door) and not (
                    needs(operation) & {'accessToken'}):
                return Client(self.stack, None, None, key)
        if needs(operation) & {'accessToken', 'guestSession'}:
            return of.as_bearer(self.customer.token)
        return of

    def ways(self, method, path, operation):
        """(the status, the client, headers, the body or None, the query)"""
        client = self.client(operation)
        stranger = Client(self.stack, 'pk_unknown', None,
                          client.bearer and client.bearer + 'x')
        platform = Client(self.stack, None, None, self.merchant.bearer.bearer)
        yield '401', stranger, [], None, ''
        yield '403', client, [('Origin', 'https://evil.example')], None, ''
        if path.startswith('/v1'):
            yield '400', client, TWO_GUESTS, None, ''
            if client.bearer:
                yield '400', client, [], None, '?access_token=x'
        if method != 'GET':
            yield '400', client, operation['type'], b'{%', ''
            yield '413', client, operation['type'], TOO_MUCH, ''
            yield '415', client, [('Content-Type', 'text/plain')], b'x', ''
            yield '422', client, operation['type'], b'[]', ''
        else:
            yield '422', client, [], None, '?limit=0'
        if 'accessToken' in needs(operation):
            yield '404', platform, [], None, ''
        elif SOMEBODY in path:
            yield '404', client, [], None, ''


@conversation('each operation refuses strangers, foreign pages and bodies that '
              'cannot be read, and as the document says')
def refusals(stack):
    tour, held = Tour(stack), 0
    for method, path, operation in operations():
        if not operation['security']:   # for everybody, or for nobody
            continue
        for want, client, headers, body, query in tour.ways(
                method, path, operation):
            if want not in operation['responses']:
                continue
            answer = client.raw(method, path + query,
                                client.headers(headers),
                                nothing(method) if body is None else body)
            status(answer, int(want), f'{operation["operationId"]} ({want})')
            true(answer.header('X-Request-Id'), f'{path}: not our refusal')
            held += 1
    true(held > 100, f'only {held} refusals')


@conversation('while the database is away each operation says 503, and who is '
              'alive says so')
def away(stack):
    tour = Tour(stack)
    stack.database.kill()
    try:
        for method, path, operation in operations():
            if '503' not in operation['responses'] or path in UNSEEN:
                continue
            client = tour.client(operation)
            body = b'{}' if 'requestBody' in operation else nothing(method)
            answer = client.raw(method, path, client.headers(
                operation['type'] if body else []), body)
            status(answer, 503, operation['operationId'])
        status(stack.client().get('/healthz'), 200, 'alive')
    finally:
        stack.database.start()


@conversation('a merchant signs in by a text message, makes a second key and '
              'ends it')
def keys(stack):
    client, phone = Client(stack), new_phone()
    meg = Merchant(stack)
    meg.sign_in('Two Keys')
    made = status(meg.bearer.post(KEYS, {'name': 'page'}), 200, 'making').data
    status(Client(stack, made['key']).get('/v1/generate/session/id'), 200,
           'the new key')
    status(meg.bearer.call('DELETE', f'{KEYS}/{made["id"]}'), 200, 'ending')
    status(Client(stack, made['key']).get('/v1/generate/session/id'), 401,
           'the ended key')
    client.key = stack.keys['one']
    status(client.post(BEGIN + '/phone', {
        'phoneNumber': phone, 'userType': 'MERCHANT'}), 200, 'asking')
    code = stack.newest(phone).code
    data = status(client.post(VERIFY_PHONE, {
        'phoneNumber': phone, 'code': code}), 200, 'verify').data
    equal((data['user']['phoneNumber'], data['user']['tenantId']),
          (phone, None), 'the merchant')


@conversation('a server with a secret key asks about both tokens, and ends '
              'the session by one of them')
def service(stack):
    login = Person(stack).sign_in()
    server = Client(stack, None, None, secret_key(stack))

    def about(path, token):
        return status(server.raw('POST', path, server.headers(
            [('Content-Type', FORM)]), f'token={token}'.encode()), 200, path)

    for token in (login.token, login.refresh_token):
        equal(about('/oauth/introspect', token).json['active'], True, 'before')
    equal(about('/oauth/revoke', login.refresh_token).json, {}, 'the end')
    for token in (login.token, login.refresh_token):
        equal(about('/oauth/introspect', token).json, {'active': False},
              'after it')


@conversation('a service finds what the platform offers at the root')
def offers(stack):
    metadata = status(Client(stack).get(
        '/.well-known/oauth-authorization-server'), 200, 'metadata').json
    true(metadata['introspection_endpoint'].endswith('/oauth/introspect'),
         metadata)


@conversation('a partner signs a customer in without a message, refreshes, '
              'and signs them out')
def partner(stack):
    market = Client(stack, None, None, partner_key(stack))
    anybody = Client(stack)
    status(market.get(PARTNER + 'channel'), 200, 'the channel')
    stated = {'username': new_email(), 'name': 'Pia', 'source': 'market',
              'email': new_email(), 'engine': 'direct'}
    enter = PARTNER + 'customers/authenticate/'
    tokens = status(market.post(enter, stated), 200, 'in').json
    answer = market.post(enter, {**stated, 'name': 'Pia Obi'})
    equal(status(answer, 200, 'again').header('X-Identity-Conflict'), 'name',
          'what differs')
    tokens = status(anybody.post(PARTNER + 'customers/token/refresh/', {
        'refresh': tokens['refresh']}), 200, 'refresh').json
    login = anybody.as_bearer(tokens['access'])
    status(login.get('/v1/customers/profile'), 200, 'profile')
    gone = {'refresh': tokens['refresh']}
    status(anybody.post(PARTNER + 'customers/logout/', gone), 204, 'logout')
    status(anybody.post(PARTNER + 'customers/logout/', gone), 401, 'once more')
    status(login.get('/v1/customers/profile'), 401, 'after it')


def generated(stack):
    """The program of tests/contract/signin.ts, with what it asks for."""
    email = new_email()
    program = start(
        ['node', 'js/signin.js'], cwd=os.environ['DW_CLIENT'],
        env={**os.environ, 'DW_URL': f'http://127.0.0.1:{stack.port}',
             'DW_KEY': stack.keys['one'], 'DW_EMAIL': email},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    try:
        asked = program.stdout.readline()
        code = stack.newest(email).code if asked == 'code?\n' else ''
        said, wrong = program.communicate(f'{code}\n', timeout=60)
    finally:
        program.kill()
    equal((program.returncode, said), (0, 'signed out\n'), wrong)


if os.environ.get('DW_CLIENT'):
    generated = conversation('a client that was generated from the document '
                             'signs a customer in and out')(generated)
