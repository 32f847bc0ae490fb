#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A real HTTP(S) server for tests, on 127.0.0.1: it plays the services that
messages leave through, and checks what they publish of their requests.

usage: receiver.py [--tls implicit|none] [--port N] [DIR]

Prints one line, "ready <port> <dir>", and serves until SIGTERM, or until its
parent is gone. Without DIR it keeps its files in a folder of its own, which it
removes in the end. There it writes

  ca.pem, other.pem   as mailserver.py does, with implicit alone
  wire                every request, whole, as it came
  last                the newest request's body
  faults              what was wrong with requests, a line each
  done                a line for each message that was taken: path, to, what

and reads

  say                 how to answer the next requests, a word a line; a word
                      with a * behind it stays. Without it requests are served

Words: a status (500), status:code (400:131026, the service's own code), slow
(five seconds of silence, and not served), refuse (three seconds of silence, and
status 400), late (served after three seconds), trickle (a header that comes
letter by letter, without end), stall (served, and half an answer),
drop (the line is cut), lost (served, and then the line is cut), cut (an answer shorter
than it said), garbage, huge (a body without end), headers (the same of
headers), redirect.

Paths: /<version>/<digits>/messages is the WhatsApp Cloud API,
/2010-04-01/Accounts/<sid>/Messages.json is Twilio's, /hook is our own; all
others answer with "METHOD path" and the body.
"""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import shutil
import signal
import socketserver
import sys
import tempfile
import threading
import urllib.parse
from pathlib import Path

SLOW_SECONDS = 5
REFUSE_SECONDS = 3
LATE_SECONDS = 3
WHATSAPP_TOKEN = 'whatsapp-s3cret'
TWILIO_TOKEN = 'twilio-s3cret'
HOOK_SECRET = 'hook-s3cret-of-thirty-two-bytes!'

# ---- what the services publish --------------------------------------------------


class Refused(Exception):
    """status, the service's code, and a sentence."""


def need(condition, status, code, sentence):
    if not condition:
        raise Refused(status, code, sentence)


def whatsapp_check(handler, body):
    """developers.facebook.com: Cloud API, authentication templates."""
    auth = handler.headers.get('Authorization', '')
    need(auth == 'Bearer ' + WHATSAPP_TOKEN, 401, 190, 'no valid token')
    need(handler.headers.get('Content-Type') == 'application/json', 400, 100,
         'the body is no JSON')
    try:
        said = json.loads(body)
    except ValueError as wrong:
        raise Refused(400, 100, 'the body is no JSON') from wrong
    template = said.get('template', {})
    need(set(said) == {'messaging_product', 'recipient_type', 'to', 'type',
                       'template'}, 400, 100, 'unknown or missing fields')
    need(said['messaging_product'] == 'whatsapp'
         and said['recipient_type'] == 'individual'
         and said['type'] == 'template', 400, 100, 'fields with other values')
    need(re.fullmatch(r'[1-9][0-9]{6,14}', said['to']), 400, 100,
         'the number is not made of digits')
    need(set(template) == {'name', 'language', 'components'}, 400, 100,
         'a template of other fields')
    need(template['name'] == 'sign_in_code', 404, 132001, 'no such template')
    need(set(template['language']) == {'code'}, 400, 100, 'no language')
    need(template['language']['code'] in ('en', 'en_US', 'de', 'fr'), 404,
         132001, 'the template is not there in this language')
    code = whatsapp_code(template['components'])
    return said['to'], f"{template['language']['code']} {code}"


def whatsapp_code(components):
    need(isinstance(components, list) and len(components) == 2, 400, 132000,
         'parameters do not match')
    body, button = components
    need(set(body) == {'type', 'parameters'} and body['type'] == 'body', 400,
         132000, 'no body')
    need(set(button) == {'type', 'sub_type', 'index', 'parameters'}
         and button['type'] == 'button' and button['sub_type'] == 'url'
         and button['index'] == '0', 400, 132000, 'no button')
    need(body['parameters'] == button['parameters'], 400, 132000,
         'body and button differ')
    need(len(body['parameters']) == 1
         and set(body['parameters'][0]) == {'type', 'text'}
         and body['parameters'][0]['type'] == 'text', 400, 132000,
         'one text parameter')
    code = body['parameters'][0]['text']
    need(re.fullmatch(r'[A-Za-z0-9]{1,15}', code), 400, 132018,
         'a code has at most 15 characters')
    return code


def whatsapp_done(to):
    return 200, {'messaging_product': 'whatsapp',
                 'contacts': [{'input': to, 'wa_id': to}],
                 'messages': [{'id': 'wamid.HBgLMTY0',
                               'message_status': 'accepted'}]}


def whatsapp_refused(status, code, sentence):
    return status, {'error': {'message': f'(#{code}) {sentence}',
                              'type': 'OAuthException', 'code': code,
                              'fbtrace_id': 'Az8or2'}}


def twilio_check(handler, body):
    """twilio.com: Messages resource, POST."""
    auth = handler.headers.get('Authorization', '')
    account = handler.path.split('/')[3]
    users = account, 'SK0123456789abcdef0123456789abcdef'
    need(auth in [basic(user, TWILIO_TOKEN) for user in users], 401, 20003,
         'Authenticate')
    need(handler.headers.get('Content-Type')
         == 'application/x-www-form-urlencoded', 400, 21602, 'no form')
    fields = urllib.parse.parse_qs(body.decode('ascii'), strict_parsing=True,
                                   keep_blank_values=True)
    need(all(len(v) == 1 for v in fields.values()), 400, 20001, 'twice')
    said = {k: v[0] for k, v in fields.items()}
    need(set(said) in ({'To', 'Body', 'From'},
                       {'To', 'Body', 'MessagingServiceSid'}), 400, 20001,
         'unknown or missing fields')
    need(re.fullmatch(r'\+[1-9][0-9]{6,14}', said['To']), 400, 21211,
         'Invalid To number')
    need(re.fullmatch(r'\+[1-9][0-9]{6,14}|[A-Za-z0-9 ]{1,11}',
                      said.get('From', 'Shop')), 400, 21212, 'Invalid From')
    need(re.fullmatch(r'MG[0-9a-f]{32}',
                      said.get('MessagingServiceSid', 'MG' + 32 * '0')),
         404, 21701, 'no such messaging service')
    need(0 < len(said['Body']) <= 1600, 400, 21617, 'too long or empty')
    return said['To'], said['Body'].replace('\n', '|')


def twilio_done(to):
    return 201, {'sid': 'SM' + 32 * 'a', 'status': 'queued', 'to': to,
                 'error_code': None, 'error_message': None}


def twilio_refused(status, code, sentence):
    return status, {'code': code, 'message': sentence, 'status': status,
                    'more_info': f'https://www.twilio.com/docs/errors/{code}'}


def hook_check(handler, body):
    """doorward.conf.example says what a hook receives."""
    right = hmac.new(HOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    need(hmac.compare_digest(handler.headers.get('X-Signature', ''), right),
         401, 0, 'the signature is wrong')
    need(handler.headers.get('Content-Type') == 'application/json', 400, 0,
         'the body is no JSON')
    said = json.loads(body)
    always = {'id', 'kind', 'to', 'from', 'text', 'locale'}
    need(always <= set(said) <= always | {'subject', 'html', 'code'}, 400, 0,
         'unknown or missing fields')
    need(handler.headers.get('Idempotency-Key')
         == f"{said['id']}-{said['kind']}", 400, 0, 'no idempotency key')
    return said['to'], f"{said['kind']} {said.get('code')}"


def hook_done(to):
    return 204, None


def hook_refused(status, code, sentence):
    return status, {'error': sentence, 'code': code}


SERVICES = (
    (re.compile(r'/v[0-9]+\.[0-9]+/[0-9]+/messages'),
     whatsapp_check, whatsapp_done, whatsapp_refused),
    (re.compile(r'/2010-04-01/Accounts/AC[0-9a-f]{32}/Messages\.json'),
     twilio_check, twilio_done, twilio_refused),
    (re.compile(r'/hook'), hook_check, hook_done, hook_refused),
)

# ---- the server -------------------------------------------------------------------


def basic(user, password):
    word = base64.b64encode(f'{user}:{password}'.encode()).decode()
    return 'Basic ' + word


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    lock = threading.Lock()
    folder = stop = None

    def log_message(self, *_):
        pass

    def note(self, name, what):
        with self.lock, open(self.folder / name, 'ab') as out:
            out.write(what)

    def next_word(self):
        """The first line of say, which is taken away unless it stays."""
        path = self.folder / 'say'
        with self.lock:
            words = path.read_text().split() if path.exists() else []
            if words and not words[0].endswith('*'):
                path.write_text('\n'.join(words[1:]))
        return words[0].rstrip('*') if words else ''

    def serve(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        head = f'{self.requestline}\r\n{self.headers}'.encode()
        self.note('wire', head + body + b'\n')
        (self.folder / 'last').write_bytes(body)
        word = self.next_word()
        special = getattr(self, 'say_' + word, None)
        if special:
            special(body)
        elif word:
            status, _, code = word.partition(':')
            self.answer(*self.service()[3](int(status), int(code or 0),
                                           'as it was told to'))
        else:
            self.answer(*self.judged(body))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = serve

    def service(self):
        for service in SERVICES:
            if service[0].fullmatch(self.path):
                return service
        return None, self.echo_check, None, hook_refused

    def echo_check(self, handler, body):
        return None, None

    def judged(self, body):
        """Check the request, remember it when it is right, and answer."""
        _, check, done, refused = self.service()
        if not done:
            return 200, f'{self.command} {self.path}\n'.encode() + body
        try:
            to, what = check(self, body)
        except Refused as wrong:
            self.note('faults', f'{self.path} {wrong}\n'.encode())
            return refused(*wrong.args)
        except Exception as wrong:      # a defect of request or check: say so
            self.note('faults', f'{self.path} {wrong!r}\n'.encode())
            return refused(400, 0, 'malformed')
        self.note('done', f'{self.path} {to} {what}\n'.encode())
        return done(to)

    def answer(self, status, said):
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        body = b'' if said is None else body
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        if status != 204:
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def say_slow(self, body):
        self.stop.wait(SLOW_SECONDS)
        self.close_connection = True

    def say_refuse(self, body):
        self.stop.wait(REFUSE_SECONDS)
        self.answer(*self.service()[3](400, 0, 'as it was told to'))

    def say_late(self, body):
        self.stop.wait(LATE_SECONDS)
        self.answer(*self.judged(body))

    def say_trickle(self, body):
        self.wfile.write(b'HTTP/1.1 200 OK\r\nX-More: ')
        self.close_connection = True
        self.endlessly(b'x', 0.1)

    def say_stall(self, body):
        self.judged(body)
        self.send_response(200)
        self.send_header('Content-Length', '100')
        self.end_headers()
        self.wfile.flush()
        self.stop.wait(SLOW_SECONDS)
        self.close_connection = True

    def say_drop(self, body):
        self.close_connection = True

    def say_lost(self, body):
        self.judged(body)
        self.close_connection = True

    def say_cut(self, body):
        self.judged(body)
        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nfew')
        self.close_connection = True

    def say_garbage(self, body):
        self.wfile.write(b'\0\1\2 this is not HTTP\r\n\r\n')
        self.close_connection = True

    def say_huge(self, body):
        self.wfile.write(b'HTTP/1.1 200 OK\r\n\r\n')
        self.close_connection = True
        self.endlessly(b'x' * 65536)

    def say_headers(self, body):
        self.wfile.write(b'HTTP/1.1 200 OK\r\n')
        self.close_connection = True
        self.endlessly(b'X-More: ' + b'x' * 1000 + b'\r\n')

    def endlessly(self, data, pause=0):
        try:
            while not self.stop.wait(pause):
                self.wfile.write(data)
        except OSError:
            pass

    def say_redirect(self, body):
        self.send_response(302)
        self.send_header('Location', '/elsewhere')
        self.send_header('Content-Length', '0')
        self.end_headers()


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    context = None

    def process_request_thread(self, request, client_address):
        """TLS begins in the connection's own thread."""
        try:
            if self.context:
                request.settimeout(10)
                request = self.context.wrap_socket(request, server_side=True)
        except OSError:
            request.close()
            return
        super().process_request_thread(request, client_address)

    def handle_error(self, request, client_address):
        pass


def run(args, folder):
    parent = os.getppid()
    stop = threading.Event()
    Handler.folder, Handler.stop = folder, stop
    server = Server(('127.0.0.1', args.port), Handler)
    if args.tls == 'implicit':
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from mailserver import make_certificates
        server.context = make_certificates(folder)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print('ready', server.server_address[1], folder, flush=True)
    while not stop.wait(0.3) and os.getppid() == parent:
        pass
    stop.set()
    server.shutdown()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--tls', default='none', choices=('implicit', 'none'))
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('dir', nargs='?')
    args = parser.parse_args()
    folder = Path(args.dir or tempfile.mkdtemp(prefix='doorward-receiver-'))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        run(args, folder.resolve())
    finally:
        if not args.dir:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
