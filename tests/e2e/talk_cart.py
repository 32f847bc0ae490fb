# SPDX-License-Identifier: ISC
"""Guests, their carts, and what becomes of them at a sign-in."""

from check import conversation, equal, status, true
from people import CART, GUEST, Login, Person, refused


def item(product, quantity, variant=None, **attributes):
    """A line of a cart, as it is sent and answered."""
    return {'productId': product, 'variantId': variant, 'quantity': quantity,
            'attributes': attributes}


def guest_id(client):
    """A new guest session id."""
    return status(client.get(GUEST), 200, 'a guest id').data


def by_guest(guest):
    """The header that names a guest."""
    return [('X-Session-Id', guest)]


def fill(client, items, headers=()):
    """Replace a cart."""
    return status(client.put(CART, {'items': items}, headers=headers), 200,
                  'filling the cart')


def items_of(client, headers=()):
    """What is in a cart."""
    return status(client.get(CART, headers=headers), 200,
                  'reading the cart').data['items']


def sign_in_with(person, guest):
    """Sign in by mail, bringing this guest id."""
    answer = person.verify(person.mail().code, sessionId=guest)
    return Login(person, status(answer, 200, 'signing in as a guest').data)


@conversation('a guest fills a cart, signs in, and finds it as a customer; '
              'the guest id is spent')
def cart_moves(stack):
    person = Person(stack)
    client = person.client
    before = stack.counts()
    guest = guest_id(client)
    equal(stack.counts(), before, 'rows after asking for a guest id')
    lines = [item('kettle', 2), item('shirt', 1, 'L', colour='blue')]
    fill(client, lines, by_guest(guest))
    equal(items_of(client, by_guest(guest)), lines, 'the guest\'s cart')
    login = sign_in_with(person, guest)
    equal(login.data.get('cart'), {'migrated': 2, 'clamped': 0}, 'data.cart')
    equal(items_of(login.bearer), lines, 'the customer\'s cart')
    equal(items_of(client, by_guest(guest)), [], 'the cart of a spent id')
    answer = client.put(CART, {'items': lines}, headers=by_guest(guest))
    refused(answer, 'session_ended', 'writing by a spent id')
    equal(items_of(login.bearer, by_guest(guest)), lines,
          'with both, the bearer wins')


@conversation('a second sign-in with the same guest id moves nothing')
def moves_once(stack):
    person, other = Person(stack), Person(stack)
    guest = guest_id(person.client)
    fill(person.client, [item('lamp', 1)], by_guest(guest))
    login = sign_in_with(person, guest)
    thief = sign_in_with(other, guest)
    equal(thief.data.get('cart'), {'migrated': 0, 'clamped': 0}, 'data.cart')
    equal(items_of(thief.bearer), [], 'the second customer\'s cart')
    equal(len(items_of(login.bearer)), 1, 'the first customer\'s cart')
    stack.move(31)
    again = sign_in_with(person, guest)
    equal(items_of(again.bearer), [item('lamp', 1)], 'nothing was doubled')


@conversation('forged and foreign guest ids change nothing, and the sign-in '
              'succeeds all the same')
def foreign_ids(stack):
    other_shop = stack.client('two')
    foreign = guest_id(other_shop)
    fill(other_shop, [item('vase', 3)], by_guest(foreign))
    forged = foreign[:-2] + ('AA' if foreign[-2:] != 'AA' else 'BB')
    for guest in (foreign, forged, 'a' * 43, 'nothing like it', 'x' * 300):
        person = Person(stack)
        login = sign_in_with(person, guest)
        equal(items_of(login.bearer), [], f'the cart by {guest[:20]}')
        refused(person.client.get(CART, headers=by_guest(guest)),
                'token_missing', 'reading by it')
        refused(person.client.put(CART, {'items': []},
                                  headers=by_guest(guest)),
                'token_missing', 'writing by it')
    equal(items_of(other_shop, by_guest(foreign)), [item('vase', 3)],
          'the cart in the other shop')


@conversation('lines of the same product and variant add up, to 999 at most')
def lines_add_up(stack):
    person = Person(stack)
    first = person.sign_in()
    fill(first.bearer, [item('pen', 990), item('ink', 1, 'red')])
    guest = guest_id(person.client)
    fill(person.client, [item('ink', 2, 'red'), item('pen', 20),
                         item('ink', 4, 'blue')], by_guest(guest))
    stack.move(31)
    login = sign_in_with(person, guest)
    equal(login.data['cart'], {'migrated': 3, 'clamped': 1}, 'data.cart')
    equal(items_of(login.bearer),
          [item('pen', 999), item('ink', 3, 'red'), item('ink', 4, 'blue')],
          'the cart')


@conversation('a cart has at most 100 lines, and a sign-in fills it no further')
def hundred_lines(stack):
    person = Person(stack)
    guest = guest_id(person.client)
    many = [item(f'p{n}', 1) for n in range(101)]
    answer = person.client.put(CART, {'items': many}, headers=by_guest(guest))
    status(answer, 422, '101 lines')
    fill(person.client, many[:100], by_guest(guest))
    first = person.sign_in()
    fill(first.bearer, [item('own', 1), item('p0', 1)])
    stack.move(31)
    login = sign_in_with(person, guest)
    equal(login.data['cart'], {'migrated': 99, 'clamped': 1}, 'data.cart')
    equal(len(items_of(login.bearer)), 100, 'lines')


@conversation('the guest id may come three ways, but not as two different ones')
def three_ways(stack):
    client = stack.client()
    guest, other = guest_id(client), guest_id(client)
    fill(client, [item('cup', 1)], by_guest(guest))
    equal(len(items_of(client, [('X-SessionId', guest)])), 1, 'X-SessionId')
    equal(len(items_of(client, [('X-SessionId', guest),
                                ('X-Session-Id', guest)])), 1, 'both')
    status(client.get(CART, headers=[('X-SessionId', other),
                                     ('X-Session-Id', guest)]), 400, 'two')
    person = Person(stack)
    code = person.mail().code
    answer = person.client.post(
        '/v1/auth/passwordless/customer/verify-email',
        {'email': person.email, 'token': code, 'sessionId': other},
        headers=by_guest(guest))
    status(answer, 400, 'one in the header, another in the body')
    status(person.verify(code), 200, 'the code was not spent by that')
    refused(client.get(CART), 'token_missing', 'a cart of nobody')
    true(guest != other, 'the same id twice')
