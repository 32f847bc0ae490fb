# SPDX-License-Identifier: ISC
"""The real mail server of the tests, and what Doorward must know of it."""

import os
import subprocess
import tempfile
from pathlib import Path

import processes


class MailServer:
    """tests/mailserver.py with STARTTLS and AUTH, or as told."""

    user = 'shop'
    password = 's3cret-of-the-shop'

    def __init__(self, tls='starttls'):
        self.tls = tls
        self.folder = Path(tempfile.mkdtemp(prefix='doorward-mail.'))
        self.folder.chmod(0o755)        # the workers look at ca.pem
        self.process = processes.start([
            '/usr/bin/python3', Path(os.environ['DW_SRC'])
            / 'tests/mailserver.py', '--tls', tls, '--user', self.user,
            '--password', self.password, self.folder],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        ready = self.process.stdout.readline().split()
        if not ready or ready[0] != 'ready':
            raise RuntimeError(f'no mail server: {ready}')
        self.port = int(ready[1])
        self.mailbox = self.folder / 'mail'

    def conf(self):
        """The lines of doorward.conf; the password's file apart."""
        scheme = 'smtps' if self.tls == 'implicit' else 'smtp'
        return {'email_channel': 'smtp', 'smtp_tls': self.tls,
                'smtp_url': f'{scheme}://127.0.0.1:{self.port}',
                'smtp_user': self.user, 'smtp_ca': self.folder / 'ca.pem'}

    def wire(self):
        """Every byte that was said to it, taken out of TLS."""
        return (self.folder / 'wire').read_bytes()

    def stop(self):
        """End it."""
        processes.stop(self.process)
        self.process.stdout.close()
        processes.run(['rm', '-rf', self.folder])
