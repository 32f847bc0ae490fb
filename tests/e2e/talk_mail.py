# SPDX-License-Identifier: ISC
"""The same first sign-in, by a real mail server: STARTTLS and AUTH."""

import email
import email.policy

from check import FASTCGI, conversation, equal, status, true
from people import Login, Person
from smtp import MailServer


def OPTIONS():
    """A mail server of their own, and the courier as a daemon."""
    return {'smtp': MailServer(), 'courier': 'daemon'}


@conversation('a new customer signs in by a code that came by SMTP', FASTCGI)
def by_smtp(stack):
    person = Person(stack)
    status(person.ask(), 200, 'initiate')
    message = stack.newest(person.email)
    true(message.code and message.token, 'the mail lacks code or link')
    login = Login(person, status(
        person.verify(message.code), 200, 'verify').data)
    equal(login.profile().data['email'], person.email, 'profile')
    status(login.refresh(), 200, 'refresh')


@conversation('and by its link', FASTCGI)
def by_smtp_link(stack):
    person = Person(stack)
    message = person.mail()
    status(person.verify(message.token), 200, 'verify')


@conversation('the mail is one that mail programs take for a good one', FASTCGI)
def good_mail(stack):
    person = Person(stack)
    person.mail()
    raw = next(p.read_bytes() for p in
               sorted((stack.smtp.mailbox / 'new').iterdir(),
                      key=lambda p: -p.stat().st_mtime_ns))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    equal(mail['To'], person.email, 'To')
    true('no-reply@auth.example.com' in mail['From'], f'From {mail["From"]}')
    equal(mail['Subject'], 'Sign in to Shop One', 'Subject')
    for name in ('Date', 'Message-ID', 'MIME-Version'):
        true(mail[name], f'no {name}')
    equal(mail.get_content_type(), 'multipart/alternative', 'type')
    equal([p.get_content_type() for p in mail.iter_parts()],
          ['text/plain', 'text/html'], 'parts')
    true(not mail.defects, f'defects: {mail.defects}')
    said = stack.smtp.wire()
    true(b'STARTTLS' in said.upper() and b'AUTH' in said, 'STARTTLS and AUTH')
    true(said.upper().index(b'STARTTLS') < said.index(b'AUTH'),
         'AUTH before TLS')
    equal(stack.one("SELECT COUNT(*) FROM outbox WHERE payload IS NOT NULL"
                    " OR destination IS NOT NULL"), '0',
          'messages that stay after they were sent')
