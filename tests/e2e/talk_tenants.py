# SPDX-License-Identifier: ISC
"""What one shop gives out opens nothing in another."""

import json

from check import conversation, equal, status
from people import (BEGIN, CART, GUEST, LOGOUT, PROFILE, VERIFY, Login, Person,
                    refused)


def at_two(stack, person):
    """The same person, at the other shop."""
    return Person(stack, 'two', person.email, person.phone)


@conversation('codes and links of one shop are wrong in another, and are not '
              'used up by that')
def codes(stack):
    person = Person(stack)
    message = person.mail()
    other = at_two(stack, person)
    status(other.verify(message.code), 400, 'the code, with nothing begun')
    status(other.verify(message.token), 400, 'the link')
    status(other.ask(), 200, 'beginning at the second shop')
    stack.courier_run()
    status(other.verify(message.code), 400, 'the code, with another begun')
    status(other.verify(message.token), 400, 'the link')
    status(person.verify(message.code), 200, 'the code in its own shop')


@conversation('the same address is another customer in another shop')
def customers(stack):
    person = Person(stack)
    one = person.sign_in()
    other = at_two(stack, person)
    status(other.ask(), 200, 'initiate')
    message = stack.newest(person.email, 2)
    two = Login(other, status(other.verify(message.code), 200, 'verify').data)
    equal((one.id == two.id, two.data['user']['tenantId']
           == one.data['user']['tenantId']), (False, False), 'who is who')


@conversation('access and refresh tokens of one shop are refused with the key '
              'of another, and live on in their own')
def tokens(stack):
    login = Person(stack).sign_in()
    two = stack.client('two')
    refused(two.as_bearer(login.token).get(PROFILE), 'token_invalid',
            'the profile')
    refused(two.as_bearer(login.token).get(CART), 'token_invalid', 'the cart')
    for path in ('/v1/auth/refresh-token', '/v1/auth/customer/refresh-token'):
        answer = two.post(path, {'refreshToken': login.refresh_token})
        refused(answer, 'token_invalid', path)
    answer = two.post(LOGOUT, {'refreshToken': login.refresh_token})
    status(answer, 200, 'logout')
    status(login.profile(), 200, 'the session after that')
    status(login.refresh(), 200, 'its refresh token after that')


@conversation('session ids and guest ids of one shop name nothing in another')
def ids(stack):
    person = Person(stack)
    login = person.sign_in()
    session = login.bearer.get('/v1/sessions').data[0]['id']
    two = Person(stack, 'two').sign_in()
    status(two.bearer.call('DELETE', f'/v1/sessions/{session}'), 404,
           'ending a session of the other shop')
    status(login.profile(), 200, 'the session after that')
    same_shop = Person(stack).sign_in()
    status(same_shop.bearer.call('DELETE', f'/v1/sessions/{session}'), 404,
           'ending another customer\'s session')
    status(login.profile(), 200, 'the session after that')
    guest = person.client.get(GUEST).data
    refused(stack.client('two').get(CART, headers=[('X-Session-Id', guest)]),
            'token_missing', 'a cart by a guest id of the other shop')


@conversation('without a key, or with a wrong one, nobody is served')
def no_tenant(stack):
    person = Person(stack)
    client = stack.client(None)
    for key in ([], [('X-MerchantApiKey', person.client.key[:-1] + '!')]):
        for path, document in (
                (BEGIN + '/email', {'email': person.email}),
                (VERIFY + 'email', {'email': person.email, 'token': '1' * 6})):
            refused(client.post(path, document, headers=key), 'key_unknown',
                    path)
    status(stack.client(None).post(
        BEGIN + '/email', {'email': person.email, 'userType': 'CUSTOMER'}),
        401, 'a customer of no shop')


@conversation('a revoked key opens nothing, at once')
def revoked(stack):
    key = stack.doorward('apikey', 'create', 'one').strip()
    stack.secrets.add(key)
    person = Person(stack)
    person.client.key = key
    login = person.sign_in()
    newest = stack.doorward('apikey', 'list', 'one', '--json')
    row = next(k for k in json.loads(newest) if key.startswith(k['begins']))
    stack.doorward('apikey', 'revoke', 'one', row['id'])
    refused(person.ask(), 'key_unknown', 'initiate')
    refused(login.profile(), 'key_unknown', 'profile')
    equal(stack.client(None).as_bearer(login.token).get(PROFILE).status, 200,
          'the profile without a key')
