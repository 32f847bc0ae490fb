# SPDX-License-Identifier: ISC
"""Messages by WhatsApp, SMS, sendmail and a hook, and when these fail."""

import json
import re
import urllib.parse

from check import FASTCGI, conversation, equal, status, true
from messages import read_mail
from people import Login, Person
from place import rewrite
from processes import until
from services import ACCOUNT, Services

LEASE_SECONDS = 120
AGAIN_SECONDS = 12      # after a first failure
ROW = ('SELECT kind, state, attempts FROM outbox ORDER BY id DESC LIMIT 1')


def OPTIONS():
    """Services of their own."""
    return {'services': Services()}


def asked(stack, *words):
    """Somebody who asks for a code while the services answer so."""
    person = Person(stack)
    stack.services.say(*words)
    status(person.ask_phone(), 200, 'initiate')
    stack.courier_run()
    return person


def again(stack):
    """Time goes by, and the courier comes again."""
    stack.move(AGAIN_SECONDS)
    stack.courier_run()


def code_in(stack, what):
    """The code that a service was given."""
    code = re.search(r'\b[0-9]{6}\b', what)[0]
    stack.secrets.add(code)
    return code


def one_message(stack, person, service):
    """Just one, by this service; and its code signs in."""
    taken = stack.services.taken(person.phone)
    equal([by for by, _ in taken], [service], 'messages')
    code = code_in(stack, taken[0][1])
    answer = status(person.verify_phone(code), 200, 'verify')
    equal(Login(person, answer.data).profile().data['phoneNumber'],
          person.phone, 'profile')
    equal(stack.services.read('faults'), '', 'what the services complain of')
    return code


@conversation('a code comes by WhatsApp, in a request as Meta has it', FASTCGI)
def whatsapp(stack):
    person = asked(stack)
    said = json.loads(stack.services.read('last'))
    code = one_message(stack, person, 'messages')
    given = [{'type': 'text', 'text': code}]
    equal(said, {
        'messaging_product': 'whatsapp', 'recipient_type': 'individual',
        'to': person.phone[1:], 'type': 'template', 'template': {
            'name': 'sign_in_code', 'language': {'code': 'en_US'},
            'components': [
                {'type': 'body', 'parameters': given},
                {'type': 'button', 'sub_type': 'url', 'index': '0',
                 'parameters': given}]}}, 'the body')
    wire = stack.services.read('wire')
    true('POST /v23.0/106540352242922/messages HTTP/1.1' in wire, 'the path')
    true('Authorization: Bearer whatsapp-s3cret\n' in wire, 'the token')
    equal(stack.sql(ROW), [('whatsapp', 'sent', '1')], 'its row')


@conversation('whom WhatsApp does not reach gets an SMS at once', FASTCGI)
def refused(stack):
    person = asked(stack, '400:131026')
    form = dict(urllib.parse.parse_qsl(stack.services.read('last')))
    code = one_message(stack, person, 'Messages.json')
    equal(form['To'], person.phone, 'To')
    equal(form['From'], '+15005550006', 'From')
    equal(form['Body'].splitlines()[-1], f'@auth.example.com #{code}',
          'the last line')
    equal(set(form), {'To', 'From', 'Body'}, 'the fields')
    true(f'POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1'
         in stack.services.read('wire'), 'the path')
    equal(stack.sql(ROW), [('sms', 'sent', '1')], 'its row')


@conversation('when WhatsApp is down a second time, an SMS goes', FASTCGI)
def down(stack):
    person = asked(stack, '503', '503')
    equal(stack.sql(ROW), [('whatsapp', 'queued', '1')], 'after the first')
    equal(stack.services.taken(person.phone), [], 'messages')
    again(stack)
    one_message(stack, person, 'Messages.json')


@conversation('a shop that wants no SMS instead has none', FASTCGI)
def no_fallback(stack):
    stack.doorward('tenant', 'set', 'two', 'whatsapp_fallback', 'none')
    person = Person(stack, 'two')
    stack.services.say('400:131026')
    status(person.ask_phone(), 200, 'initiate')
    stack.courier_run()
    equal(stack.services.taken(person.phone), [], 'messages')
    equal(stack.sql(ROW), [('whatsapp', 'dead', '1')], 'its row')


@conversation('WhatsApp is silent once, and then takes the message', FASTCGI)
def silent(stack):
    person = asked(stack, 'slow')
    equal(stack.sql(ROW), [('whatsapp', 'queued', '1')], 'its row')
    again(stack)
    one_message(stack, person, 'messages')


@conversation('garbage, redirects and endless answers lose no message', FASTCGI)
def garbage(stack):
    for word in 'garbage', 'drop', '429:130429':
        person = asked(stack, word)
        again(stack)
        one_message(stack, person, 'messages')
    person = asked(stack, 'redirect')
    one_message(stack, person, 'Messages.json')


@conversation('an SMS waits until its service is back', FASTCGI)
def sms_down(stack):
    person = asked(stack, '400:131026', '500', '429:20429')
    equal(stack.sql(ROW), [('sms', 'queued', '1')], 'its row')
    again(stack)
    equal(stack.sql(ROW), [('sms', 'queued', '2')], 'its row')
    stack.move(40)
    stack.courier_run()
    one_message(stack, person, 'Messages.json')


@conversation('an SMS service that is silent, and one that hangs up, lose no '
              'message', FASTCGI)
def sms_silent(stack):
    person = asked(stack, '400:131026', 'slow', 'drop')
    equal(stack.sql(ROW), [('sms', 'queued', '1')], 'after the silence')
    again(stack)
    equal(stack.sql(ROW), [('sms', 'queued', '2')], 'after it hung up')
    stack.move(40)
    stack.courier_run()
    one_message(stack, person, 'Messages.json')


@conversation('many messages by two couriers, each taken once', FASTCGI)
def many(stack):
    people = [Person(stack) for _ in range(30)]
    for person in people:
        status(person.ask_phone(), 200, 'initiate')
    couriers = [stack.courier_begin('--once') for _ in range(2)]
    equal([courier.wait(60) for courier in couriers], [0, 0], 'their ends')
    equal({len(stack.services.taken(p.phone)) for p in people}, {1},
          'messages each')


def with_hook(stack):
    """From now on all leaves by the hook; a way back."""
    hook = {f'{kind}_channel': 'hook' for kind in ('email', 'sms', 'whatsapp')}
    usual = stack.conf_path.read_text()
    stack.conf_write(stack.conf_path, stack.conf(hook))
    return lambda: rewrite(stack.conf_path, usual)


@conversation('a hook gets signed JSON for every kind of message', FASTCGI)
def hook(stack):
    back = with_hook(stack)
    try:
        person = asked(stack)
        status(person.ask(), 200, 'initiate by mail')
        stack.courier_run()
    finally:
        back()
    said = json.loads(stack.services.read('last'))
    equal(said['to'], person.email, 'to')
    equal(said['from'], 'no-reply@auth.example.com', 'from')
    equal(said['subject'], 'Sign in to Shop One', 'subject')
    true(said['code'] in said['text'] and said['code'] in said['html'],
         'the mail lacks its code')
    stack.secrets.add(said['code'])
    one_message(stack, person, 'hook')


@conversation('a hook that is down, silent and hangs up has the message when '
              'it is back', FASTCGI)
def hook_fails(stack):
    back = with_hook(stack)
    try:
        person = Person(stack)
        stack.services.say('503', 'slow', 'drop')
        status(person.ask(), 200, 'initiate')
        for attempts, pause in ('1', 12), ('2', 40), ('3', 70):
            stack.courier_run()
            equal(stack.sql(ROW), [('email', 'queued', attempts)], 'its row')
            stack.move(pause)
        stack.courier_run()
    finally:
        back()
    equal([by for by, _ in stack.services.taken(person.email)], ['hook'],
          'messages')
    equal(stack.sql(ROW), [('email', 'sent', '4')], 'its row')
    code = json.loads(stack.services.read('last'))['code']
    stack.secrets.add(code)
    status(person.verify(code), 200, 'verify')


@conversation('a hook that refuses WhatsApp is given the SMS under another '
              'key, and the same id', FASTCGI)
def hook_to_hook(stack):
    back = with_hook(stack)
    try:
        person = asked(stack, '400')
    finally:
        back()
    wire = stack.services.read('wire')
    keys = re.findall(r'(?m)^Idempotency-Key: (\S+)$', wire)[-2:]
    message = json.loads(stack.services.read('last'))['id']
    equal(keys, [f'{message}-whatsapp', f'{message}-sms'], 'their keys')
    one_message(stack, person, 'hook')
    equal(stack.sql(ROW), [('sms', 'sent', '1')], 'its row')


@conversation('a code of WhatsApp that nobody took is not sent after a newer '
              'one, nor after its own end', FASTCGI)
def outlived(stack):
    person = asked(stack, '503')
    stack.move(31)
    status(person.ask_phone(), 200, 'again')
    stack.courier_run()
    stack.move(60)
    stack.courier_run()
    one_message(stack, person, 'Messages.json')     # by SMS the second time
    late = asked(stack, '503')
    stack.move(301)
    stack.courier_run()
    equal(stack.services.taken(late.phone), [], 'messages after the end')
    equal(stack.sql(ROW), [('whatsapp', 'expired', '1')], 'its row')


def attacked(stack, person, shop='one'):
    """Others guess until code entry is off for this number."""
    for n in range(21):
        client = stack.client(shop) if n % 5 == 0 else client
        if n % 5 == 0:
            status(person.ask_phone(client), 200, 'initiate')
            stack.courier_run()
            said = stack.services.taken(person.phone)[-1][1]
            if n == 20:
                return said
            code = code_in(stack, said)
        status(person.verify_phone(person.wrong_code(code), client), 400,
               'a wrong code')
    return None


@conversation('whose codes were used up by others gets a link by SMS, though '
              'the shop wants no SMS for lack of WhatsApp', FASTCGI)
def link_by_sms(stack):
    stack.doorward('tenant', 'set', 'two', 'whatsapp_fallback', 'none')
    person = Person(stack, 'two')
    said = attacked(stack, person, 'two')
    token = re.search(r'token=([\w-]{43})', said)[1]
    stack.secrets.add(token)
    status(person.verify_phone(token), 200, 'the link')


@conversation('with WhatsApp alone a long code stands for the link, and turns '
              'code entry on again', ('lighttpd-cgi',))
def long_code(stack):
    usual = stack.conf_path.read_text()
    stack.conf_write(stack.conf_path, stack.conf({'sms_channel': 'none'}))
    try:
        person = Person(stack)
        code = attacked(stack, person).split()[-1]
        stack.secrets.add(code)
        equal(len(code), 15, f'the length of {code}')
        status(person.verify_phone(code[:-1] + '2' * (code[-1] != '2')
                                   + '3' * (code[-1] == '2')), 400, 'another')
        status(person.verify_phone(code.lower()), 200, 'the long code')
        status(person.ask_phone(), 200, 'initiate')
        stack.courier_run()
        said = stack.services.taken(person.phone)[-1][1]
        status(person.verify_phone(code_in(stack, said)), 200, 'six digits')
    finally:
        rewrite(stack.conf_path, usual)


@conversation('a courier killed before it noted the answer: the same message '
              'again, with the same idempotency key', FASTCGI)
def killed(stack):
    back = with_hook(stack)
    try:
        person = Person(stack)
        stack.services.say('stall')
        status(person.ask_phone(), 200, 'initiate')
        stack.courier_start()
        true(until(lambda: stack.services.taken(person.phone), 20),
             'nothing was sent')
        stack.courier_kill()
        equal(stack.sql(ROW), [('whatsapp', 'queued', '0')], 'its row')
        stack.move(LEASE_SECONDS + 1)
        stack.courier_run()
        stack.courier_run()
    finally:
        back()
    taken = stack.services.taken(person.phone)
    equal(len(taken), 2, 'messages')
    keys = re.findall(r'(?m)^Idempotency-Key: (\S+)$',
                      stack.services.read('wire'))
    equal(keys[-1], keys[-2], 'their keys')
    equal(stack.sql(ROW), [('whatsapp', 'sent', '1')], 'its row')
    code_in(stack, taken[0][1])


@conversation('a lost answer: at least once, never lost', FASTCGI)
def lost(stack):
    person = asked(stack, 'lost')
    equal(stack.sql(ROW), [('whatsapp', 'queued', '1')], 'its row')
    again(stack)
    taken = stack.services.taken(person.phone)
    equal(len(taken), 2, 'messages')
    equal(taken[0], taken[1], 'the same')
    code = code_in(stack, taken[0][1])
    status(person.verify_phone(code), 200, 'verify')


@conversation('an answer that is cut after its 200 is an answer', FASTCGI)
def cut(stack):
    one_message(stack, asked(stack, 'cut'), 'messages')


@conversation('a mail goes by sendmail, and its code signs in', FASTCGI)
def sendmail(stack):
    person = Person(stack)
    status(person.ask(), 200, 'initiate')
    stack.courier_run()
    [(argv, mail)] = stack.services.mailed(person.email)
    equal(argv, ['-i', '-f', 'no-reply@auth.example.com', '--', person.email],
          'argv')
    message = read_mail(mail)
    stack.secrets.add(message.code, message.token)
    status(person.verify(message.code), 200, 'verify')


@conversation('a sendmail that fails, and hangs, and recovers', FASTCGI)
def sendmail_fails(stack):
    person = Person(stack)
    stack.services.sendmail_say('75', 'hang')
    status(person.ask(), 200, 'initiate')
    stack.courier_run()
    equal(stack.sql(ROW), [('email', 'queued', '1')], 'after 75')
    again(stack)
    equal(stack.sql(ROW), [('email', 'queued', '2')], 'after it hung')
    stack.move(40)
    stack.courier_run()
    equal(len(stack.services.mailed(person.email)), 1, 'mails')
    person = Person(stack)
    stack.services.sendmail_say('67')
    status(person.ask(), 200, 'initiate')
    stack.courier_run()
    equal(stack.sql(ROW), [('email', 'dead', '1')], 'after 67')


@conversation('the operator tests each channel', FASTCGI)
def channel_test(stack):
    phone = Person(stack).phone
    equal(stack.doorward('channel', 'test', phone, '--kind', 'whatsapp'),
          'Sent: whatsapp took the whatsapp.\n', 'WhatsApp')
    equal(stack.doorward('channel', 'test', phone),
          'Sent: twilio took the sms.\n', 'SMS')
    equal(stack.doorward('channel', 'test', 'test@example.com'),
          'Sent: sendmail took the email.\n', 'mail')
    equal([by for by, _ in stack.services.taken(phone)],
          ['messages', 'Messages.json'], 'messages')
    stack.services.say('401:20003')
    try:
        stack.doorward('channel', 'test', phone)
    except RuntimeError as wrong:
        true('Temporary: twilio did not take the sms: HTTP 401, error '
             '20003: not signed in' in str(wrong), f'said: {wrong}')
    else:
        true(False, 'a refusal is no failure')
    equal(stack.services.read('faults'), '', 'what the services complain of')
