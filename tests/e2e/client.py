# SPDX-License-Identifier: ISC
"""A client over HTTP, with an address of its own and every header by hand."""

import concurrent.futures
import http.client
import itertools
import json
import os
import threading

TIMEOUT_SECONDS = 120
ADDRESSES = itertools.count(1)
UNTOLD = ('x-request-id', 'date', 'content-length', 'transfer-encoding')


def new_address():
    """An address of this machine that nobody has used: 127.x.y.z."""
    n = next(ADDRESSES)
    return f'127.{10 + n // 62500}.{n // 250 % 250}.{n % 250 + 1}'


def record(method, path, said, answer):
    """Keep an exchange for tests/contract, in the file that DW_RECORD names.

    said: the request's headers and its body or None.
    """
    name = os.environ.get('DW_RECORD')
    if not name:
        return
    headers, body = said
    line = json.dumps({
        'method': method, 'path': path, 'headers': headers,
        'body': body.decode('latin-1') if body else '',
        'status': answer.status, 'answered': answer.headers,
        'said': answer.body.decode('latin-1')})
    out = os.open(name, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(out, line.encode() + b'\n')
    finally:
        os.close(out)


class Answer:
    """A status, headers, and a body."""

    def __init__(self, got):
        self.status = got.status
        self.headers = got.getheaders()
        self.body = got.read()

    @property
    def shown(self):
        """All but what names the request and the moment, and how the web server
        frames it: Apache's CGI does as the program's end falls."""
        return self.status, self.body, [
            h for h in self.headers if h[0].lower() not in UNTOLD]

    def header(self, name):
        """The values of that name, with commas; None when there is none."""
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        return ', '.join(values) if values else None

    @property
    def json(self):
        """The body as JSON; {} when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def data(self):
        """The data of an envelope."""
        return self.json.get('data')


class Client:
    """Somebody at one address, with a shop's key and perhaps a token."""

    def __init__(self, stack, key=None, address=None, bearer=None):
        self.stack = stack
        self.key = key
        self.address = address or new_address()
        self.bearer = bearer

    def as_bearer(self, token):
        """The same somebody with this token."""
        return Client(self.stack, self.key, self.address, token)

    def headers(self, more):
        """What each request of this client says."""
        said = []
        if self.key:
            said.append(('X-MerchantApiKey', self.key))
        if self.bearer:
            said.append(('Authorization', f'Bearer {self.bearer}'))
        return said + list(more)

    def raw(self, method, path, headers=(), body=None):
        """One request, on a connection of its own."""
        link = http.client.HTTPConnection(
            '127.0.0.1', self.stack.port, timeout=TIMEOUT_SECONDS,
            source_address=(self.address, 0))
        try:
            link.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                link.putheader(name, value)
            if body is not None and not any(
                    n.lower() == 'content-length' for n, _ in headers):
                link.putheader('Content-Length', str(len(body)))
            link.endheaders(body)
            answer = Answer(link.getresponse())
        finally:
            link.close()
        self.stack.secrets.learn(answer)
        if self.stack.recorded:
            record(method, path, (list(headers), body), answer)
        return answer

    def call(self, method, path, document=None, headers=()):
        """One request with a JSON document, or with none."""
        said = self.headers(headers)
        body = None
        if document is not None:
            body = json.dumps(document).encode()
            said.append(('Content-Type', 'application/json'))
        elif method in ('POST', 'PUT', 'PATCH'):
            body = b''
        return self.raw(method, path, said, body)

    def get(self, path, **more):
        """GET."""
        return self.call('GET', path, **more)

    def post(self, path, document=None, **more):
        """POST."""
        return self.call('POST', path, document, **more)

    def put(self, path, document, **more):
        """PUT."""
        return self.call('PUT', path, document, **more)


def together(calls):
    """Do all of these at the same moment; their answers, in order."""
    ready = threading.Barrier(len(calls))

    def one(call):
        ready.wait()
        return call()

    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))
