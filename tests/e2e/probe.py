# SPDX-License-Identifier: ISC
"""In the worker's place: tells what it was handed, as FastCGI or plain CGI."""

import hashlib
import json
import os
import socket
import struct
import sys

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def answer(env, body):
    """What came, as an answer."""
    said = json.dumps({
        'env': env, 'length': len(body),
        'sha256': hashlib.sha256(body).hexdigest()})
    return (f'Status: 200 OK\r\nContent-Type: application/json\r\n'
            f'Content-Length: {len(said)}\r\n\r\n{said}').encode()


def records(link):
    """(type, content) of a connection, until it ends."""
    while True:
        head = link.read(8)
        if len(head) < 8:
            return
        _, kind, _, length, padding, _ = struct.unpack('>BBHHBB', head)
        content = link.read(length)
        link.read(padding)
        yield kind, content


def length_at(data, at):
    """A length of a name or value, and where the next thing begins."""
    if data[at] < 128:
        return data[at], at + 1
    return struct.unpack_from('>I', data, at)[0] & 0x7fffffff, at + 4


def pairs(data):
    """Names and values; of two of a name the first, as the worker takes it."""
    found, at = {}, 0
    while at < len(data):
        n, at = length_at(data, at)
        v, at = length_at(data, at)
        name = data[at:at + n].decode(errors='replace')
        value = data[at + n:at + n + v].decode(errors='replace')
        found.setdefault(name, value)
        at += n + v
    return found


def serve_fastcgi(link):
    """One request on this connection."""
    got = {PARAMS: b'', STDIN: b''}
    with link, link.makefile('rb') as stream:
        for kind, content in records(stream):
            if kind == STDIN and not content:
                break
            if kind in got:
                got[kind] += content
        else:
            return
        said = answer(pairs(got[PARAMS]), got[STDIN])
        for kind, content in ((STDOUT, said), (STDOUT, b''), (END, bytes(8))):
            link.sendall(struct.pack('>BBHHBB', 1, kind, 1, len(content), 0, 0)
                         + content)


def main():
    """FastCGI where descriptor 0 listens, else one request."""
    try:
        listener = socket.socket(fileno=os.dup(0))
        listens = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    except OSError:
        listens = 0
    while listens:
        try:
            serve_fastcgi(listener.accept()[0])
        except OSError:
            pass        # the server hung up
    length = os.environ.get('CONTENT_LENGTH')
    if length:
        body = sys.stdin.buffer.read(int(length))
    elif os.environ.get('HTTP_TRANSFER_ENCODING'):
        body = sys.stdin.buffer.read()
    else:
        body = b''
    sys.stdout.buffer.write(answer(dict(os.environ), body))


main()
