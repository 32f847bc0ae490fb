# SPDX-License-Identifier: ISC
"""A worker dies between its commit and its answer: the client can go on."""

from check import WATCHED, conversation, equal, status, true
from people import Person
from processes import until

OPTIONS = {'mortal': True}
LOST = (500, 502, 503)          # what a web server says of a worker that died


def lost(stack, call):
    """Send it to a worker that dies with the answer in hand."""
    stack.web.die.touch()
    status(call(), LOST, 'the answer of a dead worker')
    true(not stack.web.die.exists(), 'no worker died')
    true(until(stack.web.answers, 20), 'no worker')


@conversation('a refresh whose answer is lost is made again with the same '
              'token, and the session goes on', WATCHED)
def refresh(stack):
    login = Person(stack).sign_in()
    lost(stack, login.refresh)
    equal(stack.one('SELECT MAX(generation) FROM sessions'), '2', 'committed')
    again = status(login.refresh(), 200, 'the same token').json
    equal(stack.one('SELECT MAX(generation) FROM sessions'), '2', 'not again')
    status(login.refresh(again['refreshToken']), 200, 'its successor')
    status(login.profile(), 200, 'the session')


@conversation('of a sign-in whose answer is lost the code is spent, and another '
              'may be asked for at once', WATCHED)
def sign_in(stack):
    person = Person(stack)
    code = person.mail().code
    lost(stack, lambda: person.verify(code))
    born = stack.one('SELECT LOWER(HEX(customer_id)) FROM sessions'
                     ' ORDER BY id DESC LIMIT 1')
    status(person.verify(code), 400, 'the code again')
    login = person.sign_in()
    equal(login.id.replace('-', ''), born, 'the customer')


@conversation('what a dead worker has written is written once', WATCHED)
def cart(stack):
    login = Person(stack).sign_in()
    lines = {'items': [{'productId': 'p', 'quantity': 3}]}
    lost(stack, lambda: login.bearer.put('/v1/cart', lines))
    found = status(login.bearer.get('/v1/cart'), 200, 'the cart').data['items']
    equal([line['quantity'] for line in found], [3], 'what is in it')
