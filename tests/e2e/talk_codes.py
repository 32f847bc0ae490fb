# SPDX-License-Identifier: ISC
"""Guessing: how often a code may be tried, and what stays open all the same."""

from check import FASTCGI, conversation, equal, status, true
from client import together
from database import quote
from people import LOGOUT, PROFILE, Person, new_email

TRIES_MAX = 5
HOUR_MAX = 20
CODE_HOUR = 12      # LIMIT_CODE_HOUR in src/domain
WRONG_THIS_HOUR = ('SELECT IFNULL(SUM(n), 0) FROM limits'
                   f' WHERE kind = {CODE_HOUR}')
TRIES = 'SELECT tries FROM challenges WHERE destination = {} ORDER BY id'


def tries_of(stack, person):
    """The counters of a person's challenges, oldest first."""
    return [int(n) for n, in stack.sql(TRIES.format(quote(person.email)))]


def sessions_of(stack, person):
    """How many sessions that address has opened."""
    return int(stack.one(
        'SELECT COUNT(*) FROM sessions s JOIN identities i ON'
        ' i.tenant_id = s.tenant_id AND i.customer_id = s.customer_id'
        f' WHERE i.value = {quote(person.email)}'))


@conversation('a hundred right codes at once open exactly one session')
def hundred_right(stack):
    person = Person(stack)
    code = person.mail().code
    answers = together([lambda c=stack.client(): person.verify(code, c)
                        for _ in range(100)])
    good = [a for a in answers if a.status == 200]
    equal(len(good), 1, 'answers 200')
    others = {a.status for a in answers} - {200}
    true(others <= {400, 429}, f'others: {sorted(others)}')
    equal(sessions_of(stack, person), 1, 'sessions')
    equal(person.client.as_bearer(good[0].data['token']).get(PROFILE).status,
          200, 'the one session')


@conversation('so do a hundred right links')
def hundred_links(stack):
    person = Person(stack)
    token = person.mail().token
    answers = together([lambda c=stack.client(): person.verify(token, c)
                        for _ in range(100)])
    equal(sorted(a.status for a in answers), [200] + 99 * [400], 'answers')
    equal(sessions_of(stack, person), 1, 'sessions')


@conversation('of two hundred wrong codes at once five are compared; then the '
              'right one fails, and the next right one works')
def wrong_codes(stack):
    person = Person(stack)
    code = person.mail().code
    answers = together([
        lambda c=stack.client(), n=n: person.verify(
            f'{(int(code) + 1 + n) % 1000000:06d}', c) for n in range(200)])
    true({a.status for a in answers} <= {400, 429}, 'a wrong code was answered '
         f'with {sorted({a.status for a in answers})}')
    true(tries_of(stack, person) == [TRIES_MAX],
         f'tries: {tries_of(stack, person)}')
    status(person.verify(code), 400, 'the right code afterwards')
    stack.move(31)
    code = person.mail(2).code
    status(person.verify(code), 200, 'the next right code')


@conversation('a new code ends the old one, but not the count of wrong ones')
def old_code(stack):
    person = Person(stack)
    old = person.mail()
    before = int(stack.one(WRONG_THIS_HOUR))
    for n in range(3):
        status(person.verify(person.wrong_code(old.code)), 400, f'wrong {n}')
    equal(int(stack.one(WRONG_THIS_HOUR)), before + 3, 'wrong codes counted')
    stack.move(31)
    new = person.mail(2)
    equal(int(stack.one(WRONG_THIS_HOUR)), before + 3, 'after a new code')
    true(new.token != old.token, 'the same link twice')
    if new.code != old.code:
        status(person.verify(old.code), 400, 'the old code')
    status(person.verify(old.token), 400, 'the old link')
    true(tries_of(stack, person)[-1] >= 3, 'the new code starts at none: '
         f'{tries_of(stack, person)}')
    status(person.verify(new.code), 200, 'the new code')


@conversation('a code from another address does not end one\'s own')
def two_browsers(stack):
    person = Person(stack)
    mine = person.mail()
    status(person.ask(stack.client()), 200, 'somebody else asks')
    stack.newest(person.email, 2)
    status(person.verify(mine.code), 200, 'my code')
    theirs = stack.arrived(person.email)[1]
    status(person.verify(theirs.code), 400, 'the other one, then')
    status(person.verify(theirs.token), 400, 'its link')


@conversation('a code ends after ten minutes by mail, five by phone')
def codes_end(stack):
    person, late = Person(stack), Person(stack)
    message, text = person.mail(), person.text()
    last, last_text = late.mail(), late.text()
    stack.move(240)
    status(person.verify_phone(text.code), 200, 'by phone in time')
    stack.move(60)
    status(late.verify_phone(last_text.code), 400, 'by phone too late')
    stack.move(240)
    status(person.verify(message.code), 200, 'by mail in time')
    stack.move(60)
    status(late.verify(last.code), 400, 'by mail too late')
    status(late.verify(last.token), 400, 'its link')


def ask_from(stack, person, client):
    """A message asked for from some address."""
    count = len(stack.arrived(person.email)) + 1
    status(person.ask(client), 200, 'asking')
    return stack.newest(person.email, count)


def ask_everywhere(stack, person):
    """Use up what may be sent to a person, from one address after another."""
    answers = [status(person.ask(stack.client()), (200, 429), 'asking')
               for _ in range(24)]
    equal({a.status for a in answers[-4:]}, {429}, 'the last four of 24')
    return sum(a.status == 200 for a in answers)


def guess_everywhere(stack, person):
    """Have codes sent and guess at them, from one address after another."""
    for _ in range(12):
        client = stack.client()
        message = ask_from(stack, person, client)
        if message.code is None:
            return
        for _ in range(TRIES_MAX):
            answer = person.verify(person.wrong_code(message.code), client)
            status(answer, (400, 429), 'guessing')
    true(False, 'twelve times five guesses did not end code entry')


@conversation('a victim whose every limit was used up by others signs in by '
              'the link of the newest message, and then by code again')
def victim(stack):
    person = Person(stack)
    guess_everywhere(stack, person)
    sent = ask_everywhere(stack, person)
    true(sent <= HOUR_MAX, f'{sent} more messages within an hour')
    status(person.ask(), 429, 'the victim asks, too')
    stack.courier_run()
    message = stack.arrived(person.email)[-1]
    status(person.verify(message.token), 200, 'the newest link')
    stack.move(3601)
    message = ask_from(stack, person, stack.client())
    true(message.code, 'the next message holds no code')
    status(person.verify(message.code), 200, 'by code again')


@conversation('with code entry off the next message holds a link only, and '
              'the link turns it on again at once')
def link_only(stack):
    person = Person(stack)
    guess_everywhere(stack, person)
    message = stack.arrived(person.email)[-1]
    true('code' not in message.text, 'the message speaks of a code')
    status(person.verify(message.token), 200, 'its link')
    message = ask_from(stack, person, stack.client())
    true(message.code, 'the next message holds no code')
    status(person.verify(message.code), 200, 'the code')


@conversation('one address that guesses at many is stopped', FASTCGI)
def one_guesser(stack):
    client = stack.client()
    seen = []
    for _ in range(102):
        seen.append(client.post(
            '/v1/auth/passwordless/customer/verify-email',
            {'email': new_email(), 'token': '123456'}).status)
    equal(seen, 100 * [400] + 2 * [429], 'answers')
    status(client.post(LOGOUT, {'refreshToken': 'x'}), 200, 'all else')
