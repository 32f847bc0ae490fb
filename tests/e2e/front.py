# SPDX-License-Identifier: ISC
"""A proxy before the web server, as good or as careless as it is told."""

import http.client
import http.server
import ssl
import threading

import processes

HOP = ('connection', 'host', 'keep-alive', 'transfer-encoding')


class Front:
    """Hands requests on to a port of this machine.

    strip: headers that it loses; tell: headers that it sets itself; client:
    the address that it writes into X-Forwarded-For, or None.
    """

    def __init__(self, port, **how):
        self.port_behind = port
        self.strip = [n.lower() for n in how.pop('strip', ())]
        self.tell = dict(how.pop('tell', {}))
        self.client = how.pop('client', '198.51.100.20')
        certificate = how.pop('certificate', None)
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """One request."""
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                front.hand_on(self)
            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(
            ('127.0.0.1', processes.free_port()), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True)
        self.scheme = 'https' if certificate else 'http'
        self.url = f'{self.scheme}://127.0.0.1:{self.server.server_port}'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def headers(self, handler):
        """What it sends on."""
        sent = {n: v for n, v in handler.headers.items()
                if n.lower() not in HOP and n.lower() not in self.strip}
        if self.client:
            before = sent.pop('X-Forwarded-For', None)
            sent['X-Forwarded-For'] = ', '.join(
                filter(None, (before, self.client)))
        return {**sent, **self.tell}

    def hand_on(self, handler):
        """Ask the server behind, and answer what it answered."""
        body = handler.rfile.read(int(handler.headers.get('Content-Length', 0)))
        link = http.client.HTTPConnection('127.0.0.1', self.port_behind,
                                          timeout=30)
        link.request(handler.command, handler.path, body or None,
                     self.headers(handler))
        got = link.getresponse()
        answer = got.read()
        link.close()
        handler.send_response(got.status)
        for name, value in got.getheaders():
            if name.lower() not in HOP + ('content-length', 'date', 'server'):
                handler.send_header(name, value)
        handler.send_header('Content-Length', str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
