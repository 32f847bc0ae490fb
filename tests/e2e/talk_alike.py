# SPDX-License-Identifier: ISC
"""What must not show: who is known here; and what a look must not change."""

from check import conversation, equal, status, true
from database import quote
from people import BEGIN, VERIFY, LOGOUT, REFRESH, Person, new_email, new_phone

WRITTEN = ('challenges', 'outbox', 'audit_events', 'limits', 'customers',
           'identities', 'sessions')
ROW = ('SELECT purpose, user_type, fresh_number, tries, code_hash IS NULL,'
       ' LENGTH(link_hash), code_expires_at - created_at,'
       ' expires_at - created_at, spent_at, killed_at FROM challenges'
       ' WHERE destination = {}')


def grown(stack, act):
    """What act() answers, and how many rows it added to which table."""
    before = stack.counts()
    answer = act()
    after = stack.counts()
    return answer, {t: after[t] - before[t] for t in WRITTEN}


def disable(stack, login):
    """As the operator would."""
    stack.sql("UPDATE customers SET status = 'disabled' WHERE id ="
              f" UNHEX(REPLACE({quote(login.id)}, '-', ''))")


@conversation('a known, an unknown and a disabled address are answered alike, '
              'byte for byte, and leave as many rows')
def addresses_alike(stack):
    known, unknown, disabled = Person(stack), Person(stack), Person(stack)
    known.sign_in()
    disable(stack, disabled.sign_in())
    stack.move(3601)
    stack.sql('DELETE FROM limits')
    status(Person(stack).ask(), 200, 'somebody before them, on that day')
    told, rows = [], []
    for person in (known, unknown, disabled):
        person.client = stack.client()
        answer, more = grown(stack, person.ask)
        told.append(status(answer, 200, 'initiate').shown)
        rows.append((more, stack.sql(ROW.format(quote(person.email))
                                     + ' ORDER BY id DESC LIMIT 1')))
    equal(told[1], told[0], 'unknown against known')
    equal(told[2], told[0], 'disabled against known')
    equal(rows[1], rows[0], 'rows of unknown against known')
    equal(rows[2], rows[0], 'rows of disabled against known')
    equal(rows[0][0], {'challenges': 1, 'outbox': 1, 'audit_events': 1,
                       'limits': rows[0][0]['limits'], 'customers': 0,
                       'identities': 0, 'sessions': 0}, 'rows')
    stack.newest(known.email, 2)
    stack.newest(unknown.email, 1)
    equal(len(stack.arrived(disabled.email)), 1, 'mails to the disabled one')
    equal(stack.one('SELECT state FROM outbox WHERE id = (SELECT MAX(id) FROM'
                    f' outbox WHERE tenant_id = (SELECT tenant_id FROM'
                    f' challenges WHERE destination ='
                    f' {quote(disabled.email)} LIMIT 1))'),
          'suppressed', 'the message to the disabled one')


@conversation('so are numbers')
def numbers_alike(stack):
    known, unknown, disabled = Person(stack), Person(stack), Person(stack)
    for person in (known, disabled):
        answer = person.verify_phone(person.text().code)
        status(answer, 200, 'signing in by phone')
    stack.sql("UPDATE customers SET status = 'disabled' WHERE phone = "
              + quote(disabled.phone))
    stack.move(3601)
    told = []
    for person in (known, unknown, disabled):
        person.client = stack.client()
        told.append(status(person.ask_phone(), 200, 'initiate').shown)
    equal(told[1], told[0], 'unknown against known')
    equal(told[2], told[0], 'disabled against known')


@conversation('over a limit they get the same refusal, too')
def limits_alike(stack):
    people = [Person(stack) for _ in range(3)]
    people[0].sign_in()
    disable(stack, people[2].sign_in())
    stack.move(3601)
    told = []
    for person in people:
        client = stack.client()
        status(person.ask(client), 200, 'the first')
        answer = status(person.ask(client), 429, 'the second')
        told.append((answer.status, answer.body,
                     [n for n, _ in answer.shown[2]]))
        true(28 <= int(answer.header('Retry-After')) <= 30, 'Retry-After')
    equal(told[1], told[0], 'unknown against known')
    equal(told[2], told[0], 'disabled against known')


@conversation('a disabled customer gets in neither by a code, nor a link, nor '
              'a refresh token, nor an access token; the answers are as for '
              'a wrong one')
def disabled_stays_out(stack):
    person = Person(stack)
    login = person.sign_in()
    stack.move(31)
    message = person.mail()
    disable(stack, login)
    by_code = status(person.verify(message.code), 400, 'by code')
    wrong = Person(stack)
    wrong.mail()
    equal(wrong.verify('x' * 43).shown, by_code.shown, 'against a wrong one')
    status(person.verify(message.token), 400, 'by link')
    status(login.refresh(), 401, 'by refresh')
    status(login.profile(), 401, 'by access token')


POSTS = (
    (BEGIN, {'email': '{email}', 'phoneNumber': '{phone}'}),
    (BEGIN + '/email', {'email': '{email}'}),
    (BEGIN + '/phone', {'phoneNumber': '{phone}'}),
    (VERIFY + 'email', {'email': '{email}', 'token': '{code}'}),
    (VERIFY + 'email', {'email': '{email}', 'token': '{token}'}),
    (VERIFY + 'phone', {'phoneNumber': '{phone}', 'code': '{code}'}),
    (REFRESH, {'refreshToken': '{refresh}'}),
    ('/v1/auth/refresh-token', {'refreshToken': '{refresh}'}),
    (LOGOUT, {'refreshToken': '{refresh}'}),
)


def filled(document, values):
    """A document with its slots filled in."""
    return {k: v.format(**values) for k, v in document.items()}


@conversation('GET and HEAD on any path that takes a POST, and on the link\'s, '
              'spend, send and change nothing')
def looking_changes_nothing(stack):
    login = Person(stack).sign_in()
    person = Person(stack)
    message = person.mail()
    values = {'email': new_email(), 'phone': new_phone(), 'code': message.code,
              'token': message.token, 'refresh': login.refresh_token}
    stack.courier_run()
    before, sent = stack.counts(), len(list(stack.messages_at.iterdir()))
    state = stack.sql('SELECT * FROM sessions ORDER BY id')
    for path, document in POSTS:
        query = '&'.join(f'{k}={v.replace("+", "%2B")}' for k, v in
                         filled(document, values).items())
        for method in ('GET', 'HEAD'):
            answer = person.client.call(method, f'{path}?{query}')
            status(answer, 405, f'{method} {path}')
            true('POST' in answer.header('Allow'), 'Allow lacks POST')
            answer = person.client.call(method, path, filled(document, values))
            status(answer, (400, 405), f'{method} {path} with a body')
    look = message.link.replace('https://auth.example.com', '')
    for path in (look, look.replace('#', '?')):
        for method in ('GET', 'HEAD'):
            person.client.call(method, path.partition('#')[0])
    stack.courier_run()
    after = stack.counts()
    for table in set(before) - {'limits', 'event_counters'}:
        equal(after[table], before[table], f'rows of {table}')
    equal(stack.sql('SELECT * FROM sessions ORDER BY id'), state, 'sessions')
    equal(len(list(stack.messages_at.iterdir())), sent, 'messages')
    status(person.verify(message.code), 200, 'the code afterwards')
    status(login.refresh(), 200, 'the refresh token afterwards')
