#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A real mail server for tests and demos, on 127.0.0.1 (python3-aiosmtpd).

usage: mailserver.py [--tls starttls|implicit|none] [--port N]
                     [--user NAME] [--password WORD] [DIR]

Prints one line, "ready <port> <dir>", and serves until SIGTERM, or until its
parent is gone. Without DIR it keeps its files in a folder of its own, which it
removes in the end. There it writes

  ca.pem       what signed the server's certificate, which names 127.0.0.1
               alone: to a client localhost is somebody else
  other.pem    an authority that signed nothing
  mail/        the mailbox, a Maildir
  last/        of the newest mail: from, to, headers, text, html (decoded)
  wire         every byte that clients sent, taken out of TLS

With starttls and implicit a client must sign in (AUTH). With none there is
neither TLS nor a need to sign in, though AUTH is offered in plain text.

Senders and recipients: refuse@ gets 550, later@ 451, relay@ 530 (sign in
first), slow@ its answer after five seconds.

While there is a file named mute in the folder, QUIT has no answer, and the line
stays open.
"""

import argparse
import asyncio
import email
import email.policy
import logging
import mailbox
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

REFUSALS = {
    'refuse': '550 5.1.1 No such mailbox here',
    'later': '451 4.7.1 Try again later',
    'relay': '530 5.7.0 Authentication required',
}
SLOW_SECONDS = 5


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.mailbox = mailbox.Maildir(folder / 'mail')

    async def answer(self, address):
        name = address.split('@')[0]
        if name == 'slow':
            await asyncio.sleep(SLOW_SECONDS)
        return REFUSALS.get(name)

    async def handle_MAIL(self, server, session, envelope, address, options):
        refusal = await self.answer(address)
        if refusal:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return '250 OK'

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = await self.answer(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        self.mailbox.add(envelope.content)
        mail = email.message_from_bytes(envelope.content,
                                        policy=email.policy.default)
        last = self.folder / 'last'
        shutil.rmtree(last, ignore_errors=True)
        last.mkdir()
        headers = ''.join(f'{k}: {v}\n' for k, v in mail.items())
        (last / 'from').write_text(envelope.mail_from)
        (last / 'to').write_text('\n'.join(envelope.rcpt_tos))
        (last / 'headers').write_text(headers, encoding='utf-8')
        for part in mail.walk():
            if part.get_content_maintype() == 'text':
                name = {'plain': 'text'}.get(part.get_content_subtype(),
                                             part.get_content_subtype())
                (last / name).write_bytes(part.get_payload(decode=True))
        return '250 OK'


class Server(SMTP):
    wire = None

    def data_received(self, data):
        with open(self.wire, 'ab') as out:
            out.write(data)
        super().data_received(data)

    async def smtp_QUIT(self, arg):
        while (self.wire.parent / 'mute').exists():
            await asyncio.sleep(0.1)
        await super().smtp_QUIT(arg)


def openssl(*words):
    subprocess.run(['openssl', *map(str, words)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificates(folder):
    new = ('req', '-x509', '-newkey', 'ec', '-pkeyopt',
           'ec_paramgen_curve:P-256', '-nodes', '-days', '2')
    for name in 'ca', 'other':
        openssl(*new, '-subj', f'/CN=Throwaway {name}',
                '-keyout', folder / f'{name}.key',
                '-out', folder / f'{name}.pem')
    openssl(*new, '-subj', '/CN=Throwaway server', '-CA', folder / 'ca.pem',
            '-CAkey', folder / 'ca.key',
            '-addext', 'basicConstraints=critical,CA:FALSE',
            '-addext', 'subjectAltName=IP:127.0.0.1',
            '-keyout', folder / 'server.key', '-out', folder / 'server.pem')
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / 'server.pem', folder / 'server.key')
    return context


def options_for(args, context):
    def sign_in(server, session, envelope, mechanism, data):
        right = (data.login == args.user.encode()
                 and data.password == args.password.encode())
        return AuthResult(success=right, handled=False)

    options = {'authenticator': sign_in, 'enable_SMTPUTF8': True,
               'hostname': 'localhost'}
    if args.tls == 'starttls':
        options.update(tls_context=context, require_starttls=True,
                       auth_required=True)
    else:
        options.update(auth_require_tls=False,
                       auth_required=args.tls == 'implicit')
    return options


async def serve(args, folder, parent):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in signal.SIGTERM, signal.SIGINT:
        loop.add_signal_handler(number, stop.set)
    context = make_certificates(folder) if args.tls != 'none' else None
    options = options_for(args, context)
    handler = Handler(folder)
    Server.wire = folder / 'wire'
    Server.wire.touch()
    server = await loop.create_server(
        lambda: Server(handler, loop=loop, **options), '127.0.0.1', args.port,
        ssl=context if args.tls == 'implicit' else None)
    port = server.sockets[0].getsockname()[1]
    print('ready', port, folder, flush=True)
    while not stop.is_set() and os.getppid() == parent:
        try:
            await asyncio.wait_for(stop.wait(), 0.3)
        except asyncio.TimeoutError:
            pass
    server.close()


def main():
    parser = argparse.ArgumentParser(add_help=True)
    parser.add_argument('--tls', default='starttls',
                        choices=('starttls', 'implicit', 'none'))
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--user', default='shop')
    parser.add_argument('--password', default='s3cret')
    parser.add_argument('dir', nargs='?')
    args = parser.parse_args()
    parent = os.getppid()
    logging.getLogger('mail').setLevel(logging.CRITICAL)
    logging.getLogger('asyncio').setLevel(logging.CRITICAL)
    warnings.simplefilter('ignore')
    folder = Path(args.dir or tempfile.mkdtemp(prefix='doorward-mail-'))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(serve(args, folder.resolve(), parent))
    finally:
        if not args.dir:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
