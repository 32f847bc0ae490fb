# SPDX-License-Identifier: ISC
"""A mail server that takes its time, or is not there, as a test has it."""

import itertools
import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path

MUTE_SECONDS = 60
ANSWERS = {b'DATA': b'354 go on\r\n', b'QUIT': b'221 bye\r\n'}


class Receiver:
    """Stands where smtp.MailServer does, without TLS; mail in a Maildir."""

    password = 'unused'

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix='doorward-mail.'))
        self.mailbox = self.folder / 'mail'
        (self.mailbox / 'new').mkdir(parents=True)
        self.stall_seconds = 0
        self.mute = False               # no answer to QUIT
        self.numbers = itertools.count(1)
        self.port = 0
        self.listener = None
        self.open()

    def conf(self):
        """The lines of doorward.conf."""
        return {'email_channel': 'smtp', 'smtp_tls': 'none',
                'smtp_url': f'smtp://127.0.0.1:{self.port}'}

    def open(self):
        """Begin to listen, at the same port as before."""
        self.listener = socket.create_server(('127.0.0.1', self.port),
                                             backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, args=(self.listener,),
                         daemon=True).start()

    def close(self):
        """From now on nobody answers."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def listen(self, listener):
        """Each client has a thread."""
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(link,),
                             daemon=True).start()

    def talk(self, link):
        """As much of RFC 5321 as one mail needs."""
        try:
            time.sleep(self.stall_seconds)
            with link, link.makefile('rb') as lines:
                link.sendall(b'220 here\r\n')
                for line in lines:
                    verb = line[:4].upper()
                    if verb == b'QUIT' and self.mute:
                        time.sleep(MUTE_SECONDS)
                    link.sendall(ANSWERS.get(verb, b'250 ok\r\n'))
                    if verb == b'DATA':
                        self.keep(lines)
                        link.sendall(b'250 kept\r\n')
                    elif verb == b'QUIT':
                        return
        except OSError:
            pass

    def keep(self, lines):
        """One mail, to the line with a dot alone."""
        content = b''
        for line in lines:
            if line == b'.\r\n':
                break
            content += line[line.startswith(b'..'):]
        else:
            return
        name = f'{next(self.numbers)}'
        (self.mailbox / f'.{name}').write_bytes(content)
        (self.mailbox / f'.{name}').rename(self.mailbox / 'new' / name)

    def stop(self):
        """End it."""
        try:
            self.close()
        except OSError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)
