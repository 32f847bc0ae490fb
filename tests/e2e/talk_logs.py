# SPDX-License-Identifier: ISC
"""What the logs tell, and what they must never tell."""

import json

from check import conversation, equal, status, true
from people import (BEGIN, CART, GUEST, PROFILE, REFRESH, VERIFY, Login, Person)

OPTIONS = {'log_level': 'debug', 'courier': 'daemon'}


@conversation('of a run full of secrets, shown in all the wrong places, the '
              'logs hold none')
def canary(stack):
    person = Person(stack)
    guest = person.client.get(GUEST).data
    message, text = person.mail(), person.text()
    login = Login(person, status(person.verify(
        message.code, sessionId=guest), 200, 'verify').data)
    status(person.verify_phone(text.code), 200, 'verify')
    secrets = (login.token, login.refresh_token, guest, message.token,
               message.link, person.client.key, message.code)
    status(login.refresh(), 200, 'refresh')
    for secret in secrets:
        astray(stack, person, secret)
    equal(stack.secrets.leaks(stack.logs()), [], 'secrets in the log')
    for body in ('sign-in code', 'Shop One', message.html[:40]):
        true(body not in stack.logs(), f'a message\'s body: {body}')
    master = (stack.folder / 'master.key').read_text().split()[1]
    true(master not in stack.logs(), 'the master key')


def astray(stack, person, secret):
    """A secret where it does not belong."""
    plain = secret.replace('#', '%23').replace('&', '%26')
    client, nobody = stack.client(), stack.client(None)
    for path in (f'/v1/{plain}', f'{PROFILE}?access_token={plain}',
                 f'/v1/sessions/{plain}', f'/v1/cart?{plain}={plain}'):
        client.get(path)
    client.post(VERIFY + 'email', {'email': person.email, 'token': secret})
    client.post(VERIFY + 'email', {'email': secret, 'token': secret})
    client.post(VERIFY + 'phone', {'phoneNumber': secret, 'code': secret})
    client.post(REFRESH, {'refreshToken': secret + 'x'})
    client.post(BEGIN + '/email', {'email': person.email, 'userType': secret})
    client.post(BEGIN + '/email', {secret: 'an unknown member'})
    client.put(CART, {'items': []}, headers=[('X-Session-Id', secret)])
    client.get(CART, headers=[('X-SessionId', secret),
                              ('X-Session-Id', 'another')])
    nobody.get(PROFILE, headers=[('X-MerchantApiKey', secret)])
    nobody.get(PROFILE, headers=[('Authorization', f'Bearer {secret}')])
    nobody.get(PROFILE, headers=[('Authorization', f'Basic {secret}')])
    nobody.get(PROFILE, headers=[('Authorization', secret),
                                 ('User-Agent', secret)])
    client.raw('POST', BEGIN + '/email', client.headers(
        [('Content-Type', 'application/json')]), secret.encode())
    client.raw('POST', BEGIN + '/email', client.headers(
        [('Content-Type', secret)]), b'{}')
    client.call(secret[:6], PROFILE)


@conversation('this search finds what it should')
def search_works(stack):
    person = Person(stack)
    message = person.mail()
    for secret in (message.code, message.token, person.client.key):
        line = json.dumps({'event': 'x', 'detail': f'it was {secret}.'})
        true(stack.secrets.leaks(line), 'a planted secret was not found')


@conversation('each request is one line, and an attack is named')
def named(stack):
    person = Person(stack)
    login = person.sign_in()
    equal([login.refresh().status for _ in range(3)], 3 * [200], 'refreshes')
    stack.move(11)
    login.refresh()
    login.refresh('A' * 70)
    login.bearer.get(PROFILE)
    stack.client(None).as_bearer(login.token[:-4] + 'AAAA').get(PROFILE)
    person.verify('123456')
    foreign = stack.client('two').get(GUEST).data
    person.client.get(CART, headers=[('X-Session-Id', foreign)])
    person.client.post(BEGIN + '/email', {'email': person.email},
                       headers=[('Origin', 'https://evil.example')])
    events = stack.events()
    for wanted in ('request', 'signed_up', 'refresh_reused', 'refresh_wrong',
                   'session_ended', 'token_invalid', 'code_wrong',
                   'guest_forged', 'origin', 'message_sent'):
        true(any(e['event'].lower() == wanted for e in events),
             f'no event {wanted} among {sorted({e["event"] for e in events})}')
    for event in events:
        true({'ts', 'level', 'event'} <= set(event), f'a member lacks: {event}')
        true(event['ts'].endswith('Z') and len(event['ts']) == 24,
             f'time: {event["ts"]}')
    told = [e for e in events if e['event'] == 'request']
    for event in told:
        true(event.get('request_id') and event.get('address'),
             f'of which request: {event}')


@conversation('a request id of the web server\'s is kept, a strange one is not')
def request_ids(stack):
    client = stack.client()
    for given, kept in (('abcdef-1234', True), ('x' * 64, True), ('x' * 65,
                        False), ('short', False), ('a b c d e f', False),
                        ('<script>alert(1)</script>', False)):
        answer = client.get(PROFILE, headers=[('X-Request-Id', given)])
        equal(answer.header('X-Request-Id') == given, kept, given)
        if kept:
            true(any(e.get('request_id') == given for e in stack.events()),
                 'it is not in the log')
