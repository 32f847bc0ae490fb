# SPDX-License-Identifier: ISC
"""Signing in without a password, whole."""

import base64
import json

from check import conversation, equal, status, true
from people import (BEGIN, LOGOUT, REFRESH, Login, Person, refused)

OPTIONS = {'courier': 'daemon'}


def claims_of(token):
    """What an access token says."""
    part = token.split('.')[1]
    return json.loads(base64.urlsafe_b64decode(part + '=' * (-len(part) % 4)))


def whole(stack, person, answer):
    """From the answer to a verify to the end of the session."""
    login = Login(person, status(answer, 200, 'verify').data)
    equal(status(login.profile(), 200, 'profile').data['id'], login.id,
          'whose profile')
    no_key = stack.client(None).as_bearer(login.token)
    status(no_key.get('/v1/customers/profile'), 200, 'profile without a key')
    after = status(login.refresh(), 200, 'refresh').json
    equal(after['customer']['id'], login.id, 'whose refresh')
    true(after['refreshToken'] != login.refresh_token, 'no new refresh token')
    status(login.profile(), 200, 'profile with the older access token')
    new = Login(person, after)
    status(new.profile(), 200, 'profile with the newer access token')
    answer = person.client.post(LOGOUT, {'refreshToken': new.refresh_token})
    status(answer, 200, 'logout')
    refused(login.profile(), 'session_ended', 'profile after logout')
    refused(new.profile(), 'session_ended', 'profile after logout')
    refused(new.refresh(), 'session_ended', 'refresh after logout')
    status(person.client.post(LOGOUT, {'refreshToken': new.refresh_token}),
           200, 'a second logout')


@conversation('a new customer signs in by the code of a mail, sees the '
              'profile, refreshes and signs out')
def by_mail_code(stack):
    person = Person(stack)
    answer = status(person.ask(), 200, 'initiate')
    equal(answer.json, {'status': True, 'message': 'Verification email sent.',
                        'data': {}}, 'what initiate says')
    message = stack.newest(person.email)
    true(message.code and message.token, 'the mail lacks code or link')
    true('Shop One' in message.text and message.code in message.html
         and message.link.replace('&', '&amp;') in message.html,
         'the mail lacks the shop, or its HTML lacks code or link')
    answer = person.verify(message.code)
    data = status(answer, 200, 'verify').data
    equal(answer.json['message'], 'Email verified successfully.', 'message')
    equal((data['expiresIn'], data['refreshTokenExpiresIn']),
          (86400000, 1209600000), 'lives in milliseconds')
    equal(data['user']['email'], person.email, 'user.email')
    equal(data['user']['role'], 'customer', 'user.role')
    claims = claims_of(data['token'])
    equal((claims['sub'], claims['email'], claims['amr'], claims['idp']),
          (data['customer']['id'], person.email, ['otp'], 'email'), 'claims')
    equal(claims['iss'], f'https://auth.example.com/{claims["tid"]}', 'iss')
    whole(stack, person, answer)


@conversation('by the link of the mail, which is opened in any browser')
def by_mail_link(stack):
    person = Person(stack)
    message = person.mail()
    equal(message.link.split('#')[0], 'https://auth.example.com/signin',
          'where the link leads')
    answer = person.verify(message.token, stack.client())
    whole(stack, person, answer)
    status(person.verify(message.token), 400, 'the same link again')
    status(person.verify(message.code), 400, 'the code of the same mail')


@conversation('by the code of a text message')
def by_phone(stack):
    person = Person(stack)
    message = person.text()
    answer = person.verify_phone(message.code)
    equal(answer.json.get('message'), 'Phone verified successfully.', 'message')
    equal(claims_of(answer.data['token'])['amr'], ['otp', 'sms'], 'amr')
    equal(answer.data['customer']['phoneNumber'], person.phone, 'number')
    whole(stack, person, answer)


@conversation('mail and text message are asked for at once, and each of them '
              'is a sign-in of its own')
def by_both(stack):
    person = Person(stack)
    answer = person.client.post(
        BEGIN, {'email': person.email, 'phoneNumber': person.phone})
    status(answer, 200, 'initiate')
    mail, text = stack.newest(person.email), stack.newest(person.phone)
    first = Login(person, status(
        person.verify(mail.code), 200, 'by mail').data)
    second = Login(person, status(
        person.verify_phone(text.code), 200, 'by phone').data)
    true(first.id != second.id, 'one customer, though nothing was proven '
         'to belong together')


@conversation('a signed-in customer adds a number, and is then found by it')
def adds_a_number(stack):
    person = Person(stack)
    login = person.sign_in()
    message = person.text()
    answer = status(person.verify_phone(message.code, login.bearer), 200,
                    'adding the number')
    equal(answer.data['customer']['id'], login.id, 'whose number')
    stack.move(31)
    answer = status(person.verify_phone(person.text().code), 200, 'by phone')
    equal(answer.data['customer']['id'], login.id, 'who is found')
    equal(stack.one("SELECT COUNT(*) FROM identities WHERE customer_id ="
                    f" UNHEX(REPLACE('{login.id}', '-', ''))"), '2', 'ways')


@conversation('the first sign-in creates the customer, the second finds the '
              'same one')
def same_customer(stack):
    person = Person(stack)
    before = stack.counts()
    first = person.sign_in()
    equal(stack.counts()['customers'], before['customers'] + 1, 'customers')
    stack.move(31)
    again = Person(stack, email=person.email.upper().replace(
        'EXAMPLE.COM', 'example.COM'))
    status(again.ask(), 200, 'the same address in capitals')
    message = stack.newest(person.email, 2)
    second = Login(again, status(
        again.verify(message.code), 200, 'second sign-in').data)
    equal(second.id, first.id, 'the customer')
    equal(stack.counts()['customers'], before['customers'] + 1, 'customers')
    status(first.profile(), 200, 'the first session lives on')


@conversation('a customer sees the sessions, ends one, and then all others')
def sessions(stack):
    person = Person(stack)
    logins = []
    for _ in range(3):
        logins.append(person.sign_in())
        stack.move(31)
    listed = status(logins[2].bearer.get('/v1/sessions'), 200, 'list').data
    equal(len(listed), 3, 'how many')
    equal([s['current'] for s in listed], [True, False, False], 'current')
    status(logins[2].bearer.call('DELETE', f'/v1/sessions/{listed[2]["id"]}'),
           200, 'ending the first')
    refused(logins[0].profile(), 'session_ended', 'the first')
    status(logins[1].profile(), 200, 'the second')
    answer = logins[2].bearer.call('DELETE', '/v1/sessions')
    equal(status(answer, 200, 'ending the others').data, {'ended': 1}, 'data')
    refused(logins[1].refresh(), 'session_ended', 'the second')
    status(logins[2].profile(), 200, 'the third')
    stack.move(600)
    answer = logins[2].bearer.call('DELETE', '/v1/sessions')
    status(answer, 403, 'ending others without a fresh proof')
    equal(answer.json['code'], 'reauth_required', 'code')


@conversation('a session idles away, and ends after its longest time')
def lives(stack):
    person = Person(stack)
    login = person.sign_in()
    stack.move(86400 + 61)
    refused(login.profile(), 'token_expired', 'an access token after a day')
    login = Login(person, status(login.refresh(), 200, 'a day later').json)
    status(login.profile(), 200, 'with the new token')
    stack.move(1209600 + 1)
    refused(login.refresh(), 'session_ended', 'after idling for 14 days')
    login = person.sign_in()
    for _ in range(3):
        stack.move(10 * 86400 - 1000)
        after = status(login.refresh(), 200, 'ten days later').json
        login = Login(person, after)
    true(after['refreshTokenExpiresIn'] <= 3000000, 'it would outlive 30 days')
    true(after['expiresIn'] <= 3000000, 'the access token would, too')
    stack.move(3001)
    refused(login.refresh(), 'session_ended', 'after 30 days')
    refused(login.profile(), 'session_ended', 'after 30 days')


@conversation('the same path renews both kinds of sessions')
def both_refresh_paths(stack):
    person = Person(stack)
    login = person.sign_in()
    answer = person.client.post('/v1/auth/refresh-token',
                                {'refreshToken': login.refresh_token})
    after = status(answer, 200, 'refresh-token').json
    true('status' not in after, 'an envelope where a bare answer is promised')
    answer = person.client.post(REFRESH, {'refreshToken':
                                          after['refreshToken']})
    status(answer, 200, 'customer/refresh-token')


@conversation('a page learns whose it is, and the inbox of this machine shows '
              'what was sent')
def pages(stack):
    person = Person(stack)
    shop = status(person.client.get('/v1/shop'), 200, 'the shop').data
    equal(shop, {'name': 'Shop One', 'locale': 'en',
                 'channels': ['email', 'phone']}, 'the shop')
    message = person.mail()
    listed = status(person.client.get('/dev/messages'), 200, 'inbox').json
    mine = [m for m in listed['messages'] if m['to'] == person.email]
    equal([(m['kind'], m['subject']) for m in mine],
          [('email', 'Sign in to Shop One')], 'the messages')
    answer = person.client.get(f'/dev/messages/{mine[0]["id"]}')
    true(message.code in status(answer, 200, 'message').json['text'],
         'the message lacks its code')
    answer = person.client.get('/dev/messages',
                               headers=[('X-Forwarded-For', '192.0.2.1')])
    status(answer, 404, 'somebody behind a proxy')
