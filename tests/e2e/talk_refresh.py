# SPDX-License-Identifier: ISC
"""Refresh tokens: spent once, forgiven within the grace, theft shown."""

from check import conversation, equal, status, true
from client import together
from people import Login, Person, refused


def renewed(login, token=None):
    """The login after one more refresh."""
    return Login(login.person,
                 status(login.refresh(token), 200, 'refresh').json)


@conversation('fifty refreshes of one token at once get one and the same '
              'successor')
def fifty(stack):
    login = Person(stack).sign_in()
    answers = together([login.refresh for _ in range(50)])
    good = [a for a in answers if a.status == 200]
    true(len(good) >= 45, f'only {len(good)} of 50 were answered 200: '
         f'{sorted(a.status for a in answers)}')
    equal(len({a.json['refreshToken'] for a in good}), 1, 'successors')
    after = renewed(login, good[0].json['refreshToken'])
    status(after.profile(), 200, 'the session')


@conversation('within the grace the predecessor gets the successor again')
def grace(stack):
    login = Person(stack).sign_in()
    after = renewed(login)
    stack.move(9)
    again = renewed(login)
    equal(again.refresh_token, after.refresh_token, 'the successor')
    status(again.profile(), 200, 'the session')


@conversation('within the grace, but with its successor spent, it is refused '
              'and the session lives')
def late(stack):
    first = Person(stack).sign_in()
    second = renewed(first)
    third = renewed(second)
    refused(first.refresh(), 'token_invalid', 'the first token')
    status(third.profile(), 200, 'the session')
    fourth = renewed(third)
    status(fourth.profile(), 200, 'the session after another refresh')


@conversation('after the grace a spent token ends the session for both')
def replay(stack):
    login = Person(stack).sign_in()
    other = Person(stack).sign_in()
    after = renewed(login)
    stack.move(11)
    refused(login.refresh(), 'session_ended', 'the spent token')
    refused(after.refresh(), 'session_ended', 'the newest token')
    refused(after.profile(), 'session_ended', 'the access token')
    status(other.profile(), 200, 'somebody else\'s session')
    equal(stack.one("SELECT COUNT(*) FROM audit_events WHERE event ="
                    " 'session_ended' AND result = 'refused' AND detail ="
                    " 'reused'"), '1', 'audited')


@conversation('an older genuine token ends it, too')
def older(stack):
    first = Person(stack).sign_in()
    fourth = renewed(renewed(renewed(first)))
    refused(first.refresh(), 'session_ended', 'three generations old')
    refused(fourth.refresh(), 'session_ended', 'the newest token')


@conversation('a forged refresh token ends nothing')
def forged(stack):
    login = Person(stack).sign_in()
    token = login.refresh_token
    middle = len(token) // 2
    for forgery in (
            token[:-2] + ('AA' if token[-2:] != 'AA' else 'BB'),
            token[:middle] + ('A' if token[middle] != 'A' else 'B')
            + token[middle + 1:],
            ('A' if token[0] != 'A' else 'B') + token[1:],
            token[:-1], token + 'A', 'A' * len(token), '.', 'x' * 1024):
        refused(login.refresh(forgery), 'token_invalid', forgery[:20])
    status(login.profile(), 200, 'the session')
    refused(login.bearer.as_bearer(login.refresh_token).get(
        '/v1/customers/profile'), 'token_invalid', 'it as an access token')
    refused(login.refresh(login.token), 'token_invalid',
            'an access token as refresh token')
    renewed(login)


@conversation('signing out, and signing in somewhere else, end only what they '
              'should')
def apart(stack):
    person = Person(stack)
    home = person.sign_in()
    stack.move(31)
    away = person.sign_in()
    person.client.post('/v1/auth/logout', {'refreshToken':
                                           home.refresh_token})
    refused(home.refresh(), 'session_ended', 'the one that signed out')
    renewed(away)


@conversation('the eleventh session of a customer ends the oldest')
def eleven(stack):
    person = Person(stack)
    logins = []
    for _ in range(11):
        person.client = stack.client()
        logins.append(person.sign_in())
    refused(logins[0].profile(), 'session_ended', 'the first')
    for login in logins[1:]:
        status(login.profile(), 200, 'the others')
