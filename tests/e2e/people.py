# SPDX-License-Identifier: ISC
"""Customers of a shop, and the steps of their conversations."""

import itertools

from check import equal, status

NUMBERS = itertools.count(1)
BEGIN = '/v1/auth/passwordless/initiate'
VERIFY = '/v1/auth/passwordless/customer/verify-'
PROFILE = '/v1/customers/profile'
REFRESH = '/v1/auth/customer/refresh-token'
LOGOUT = '/v1/auth/logout'
CART = '/v1/cart'
GUEST = '/v1/generate/session/id'


def new_email():
    """An address that nobody has used."""
    return f'person{next(NUMBERS)}@example.com'


def new_phone():
    """A number that nobody has used, and unlike the others'."""
    n = next(NUMBERS)
    return f'+23480{30 + n // 1000 % 60:02d}{n % 1000:03d}000'


class Login:
    """What a sign-in gave: the two tokens, and all the rest."""

    def __init__(self, person, data):
        self.person = person
        self.data = data
        self.token = data['token']
        self.refresh_token = data['refreshToken']
        self.customer = data.get('customer') or {}
        self.id = self.customer.get('id')

    @property
    def bearer(self):
        """The customer's client, with the token."""
        return self.person.client.as_bearer(self.token)

    def profile(self):
        """Ask who one is."""
        return self.bearer.get(PROFILE)

    def refresh(self, token=None):
        """Trade the refresh token; the answer."""
        return self.person.client.post(
            REFRESH, {'refreshToken': token or self.refresh_token})


class Person:
    """Somebody with an address, a number and a client of their own."""

    def __init__(self, stack, shop='one', email=None, phone=None):
        self.stack = stack
        self.client = stack.client(shop)
        self.email = email or new_email()
        self.phone = phone or new_phone()

    def ask(self, client=None):
        """Have a mail sent; the answer."""
        return (client or self.client).post(
            BEGIN + '/email', {'email': self.email})

    def ask_phone(self, client=None):
        """Have a text message sent; the answer."""
        return (client or self.client).post(
            BEGIN + '/phone', {'phoneNumber': self.phone})

    def mail(self, count=None):
        """Ask for a mail and read it."""
        count = count or len(self.stack.arrived(self.email)) + 1
        status(self.ask(), 200, 'asking for a mail')
        return self.stack.newest(self.email, count)

    def text(self):
        """Ask for a text message and read it."""
        count = len(self.stack.arrived(self.phone)) + 1
        status(self.ask_phone(), 200, 'asking for a text message')
        return self.stack.newest(self.phone, count)

    def verify(self, token, client=None, **more):
        """Show a code or a link's token from a mail; the answer."""
        return (client or self.client).post(
            VERIFY + 'email', {'email': self.email, 'token': token, **more})

    def verify_phone(self, code, client=None, **more):
        """Show a code from a text message; the answer."""
        return (client or self.client).post(
            VERIFY + 'phone', {'phoneNumber': self.phone, 'code': code, **more})

    def sign_in(self, **more):
        """By mail and code, from beginning to end."""
        answer = self.verify(self.mail().code, **more)
        return Login(self, status(answer, 200, 'signing in').data)

    def wrong_code(self, right):
        """Six digits that are not these."""
        return f'{(int(right) + 1) % 1000000:06d}'


def refused(answer, code, what):
    """A 401 of this door, with this code."""
    status(answer, 401, what)
    equal(answer.json.get('code'), code, f'{what}: code')
    equal((answer.header('WWW-Authenticate') or '')[:6], 'Bearer',
          f'{what}: WWW-Authenticate')
