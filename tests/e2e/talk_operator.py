# SPDX-License-Identifier: ISC
"""The operator's day: what their command does is so at once, at every door."""

import json

import exposition
from check import conversation, equal, status, true
from people import Person, refused

WATCHED_FROM = '127.8.8.0/24'
MONITOR, STRANGER, PROXY = '127.8.8.8', '127.8.9.8', '127.9.9.9'
OPTIONS = {'metrics_from': WATCHED_FROM, 'trusted_proxies': PROXY}


def listed(stack, *words):
    """What a command lists."""
    return json.loads(stack.doorward(*words, '--json'))


@conversation('a customer is found, shown and listed, by whatever is known')
def found(stack):
    person = Person(stack)
    login = person.sign_in()
    for text in (person.email, person.email[:8], login.id):
        rows = listed(stack, 'customer', 'find', 'one', text)
        true(login.id in [row['id'] for row in rows], f'{text}: {rows}')
    equal(listed(stack, 'customer', 'find', 'two', person.email), [],
          'what another shop knows')
    shown = listed(stack, 'customer', 'show', 'one', person.email)
    equal(shown['live_sessions'], 1, 'sessions')
    equal(shown['identities'][0]['value'], person.email, 'the identity')
    rows = listed(stack, 'session', 'list', 'one', login.id)
    equal([row['customer_id'] for row in rows], [login.id], 'sessions')
    equal(rows[0]['address'], person.client.address, 'from where')


@conversation('a revoked session is dead at once, the others live')
def revoked(stack):
    person = Person(stack)
    first = person.sign_in()
    stack.move(61)
    second = person.sign_in()
    rows = listed(stack, 'session', 'list', 'one', person.email)
    equal(len(rows), 2, 'sessions')
    stack.doorward('session', 'revoke', 'one', rows[-1]['id'])
    refused(first.profile(), 'session_ended', 'the first')
    refused(first.refresh(), 'session_ended', 'refreshing the first')
    status(second.profile(), 200, 'the second')
    stack.doorward('session', 'revoke', 'one', '--customer', person.email)
    refused(second.profile(), 'session_ended', 'the second')
    events = listed(stack, 'audit', 'one', '--customer', person.email)
    equal([(e['event'], e['detail']) for e in events
           if e['actor'] == 'operator'],
          [('sessions_ended', 'by_operator'), ('session_ended', 'by_operator')],
          'the trail')


@conversation('who is disabled is out at once and cannot come in until enabled')
def disabled(stack):
    person = Person(stack)
    login = person.sign_in()
    stack.doorward('customer', 'disable', 'one', person.email)
    refused(login.profile(), 'session_ended', 'the profile')
    stack.move(61)
    status(person.ask(), 200, 'asking')
    stack.doorward('customer', 'enable', 'one', person.email)
    stack.move(3601)
    again = person.sign_in()
    equal(again.id, login.id, 'the customer')


@conversation('all that is held of somebody is handed out and then is gone')
def deleted(stack):
    person = Person(stack)
    login = person.sign_in()
    stack.move(61)
    status(person.ask(), 200, 'asking once more')
    export = json.loads(
        stack.doorward('customer', 'export', 'one', person.email))
    equal(export['profile']['email'], person.email, 'the profile')
    equal(len(export['sessions']), 1, 'sessions')
    equal(len(export['messages']), 2, 'messages')
    words = json.dumps(export)
    for secret in (login.token, login.refresh_token, stack.one(
            'SELECT LOWER(HEX(salt)) FROM sessions ORDER BY id DESC LIMIT 1')):
        true(secret not in words, 'a secret is handed out')
    stack.doorward('customer', 'delete', 'one', person.email, '--yes')
    refused(login.profile(), 'session_ended', 'the profile')
    for table in stack.counts():
        rows = str(stack.sql(f'SELECT * FROM {table}')).lower()
        for form in (person.email, person.email.encode().hex()):
            true(form not in rows, f'{table} knows the address')
    events = listed(stack, 'audit', 'one', '--customer', login.id)
    equal(events[0]['event'], 'customer_deleted', 'the trail')
    equal({e['address'] for e in events}, {None}, 'addresses in it')
    stack.move(3601)
    again = person.sign_in()
    true(again.id != login.id, 'the customer is a new one')


@conversation('a monitor is told in its own format what the house knows')
def scraped(stack):
    person = Person(stack)
    status(person.ask(), 200, 'asking')
    client = stack.client(address=MONITOR)
    client.get('/nowhere')
    stack.move(11)
    scrape = exposition.read(status(client.get('/metrics'), 200, 'scraping'))
    true(scrape.value('doorward_outbox_messages', 'state="queued"',
                      'kind="email"') >= 1, 'messages that wait')
    true(scrape.value('doorward_outbox_oldest_queued_seconds') >= 10,
         'the age of the oldest')
    for name, label in (('events', 'state="queued"'), ('events', 'state="dead"'),
                        ('oldest_queued_seconds', '')):
        true(scrape.value(f'doorward_webhook_{name}', label) is not None,
             f'nothing of webhooks: {name} {label}')
    equal(scrape.value('doorward_schema_version'),
          int(stack.one('SELECT MAX(id) FROM migrations')), 'the schema')
    equal(scrape.types['doorward_refusals_total'], 'counter', 'refusals')
    true(any(name == 'doorward_build_info' for name, _ in scrape.samples),
         'the version')
    stack.courier_run()
    stack.move(11)
    scrape = exposition.read(client.get('/metrics'))
    equal(scrape.value('doorward_outbox_messages', 'state="queued"',
                       'kind="email"'), 0, 'messages that wait')
    equal(scrape.value('doorward_outbox_oldest_queued_seconds'), 0,
          'the age of none')


@conversation('for everybody else there are no metrics, whatever they claim')
def hidden(stack):
    nothing = stack.client(address=STRANGER).get('/nowhere')
    for address, headers, what in (
            (STRANGER, (), 'a stranger'),
            (STRANGER, (('X-Forwarded-For', MONITOR),), 'a claim'),
            (MONITOR, (('X-Forwarded-For', MONITOR),), 'no listed proxy'),
            (MONITOR, (('X-Real-IP', STRANGER),), 'another header'),
            (PROXY, (('X-Forwarded-For', STRANGER),), 'for a stranger')):
        answer = stack.client(address=address).get('/metrics', headers=headers)
        status(answer, 404, what)
        equal(answer.body, nothing.body, what)
    through = stack.client(address=PROXY).get(
        '/metrics', headers=(('X-Forwarded-For', MONITOR),))
    status(through, 200, 'through the proxy')
