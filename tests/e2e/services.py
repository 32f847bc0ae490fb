# SPDX-License-Identifier: ISC
"""The services that messages leave through, and what they were given."""

import os
import subprocess
import tempfile
from pathlib import Path

import processes
from place import give

SENDMAIL = '''#!/bin/sh
cd {folder} || exit 70
word=$(head -n 1 sendmail.say 2>/dev/null)
[ -n "$word" ] && sed -i 1d sendmail.say
case $word in
hang) sleep 60 ;;
[0-9]*) exit "$word" ;;
esac
n=$(date +%s%N)
printf '%s\\n' "$@" >"$n.argv"
cat >"$n.mail.part" && mv "$n.mail.part" "$n.mail"
'''
ACCOUNT = 'AC0123456789abcdef0123456789abcdef'
SECRETS = {'whatsapp_token_file': 'whatsapp-s3cret',
           'twilio_token_file': 'twilio-s3cret',
           'hook_secret_file': 'hook-s3cret-of-thirty-two-bytes!'}
TIMEOUT_SECONDS = 2


class Services:
    """tests/receiver.py, and a sendmail that is a script."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix='doorward-services.'))
        self.folder.chmod(0o755)        # the workers look for sendmail
        give(self.folder)               # and it notes what it is given
        self.process = processes.start([
            '/usr/bin/python3', Path(os.environ['DW_SRC'])
            / 'tests/receiver.py', '--tls', 'implicit', self.folder],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        ready = self.process.stdout.readline().split()
        if not ready or ready[0] != 'ready':
            raise RuntimeError(f'no receiver: {ready}')
        self.url = f'https://127.0.0.1:{ready[1]}'
        self.sendmail = self.folder / 'sendmail'
        self.sendmail.write_text(SENDMAIL.format(folder=self.folder))
        self.sendmail.chmod(0o755)

    def conf(self, stack):
        """The lines of doorward.conf."""
        said = {'email_channel': 'sendmail', 'sms_channel': 'twilio',
                'whatsapp_channel': 'whatsapp', 'sendmail': self.sendmail,
                'outbound_networks': '127.0.0.0/8',
                'outbound_ca': self.folder / 'ca.pem',
                'delivery_timeout_seconds': TIMEOUT_SECONDS,
                'whatsapp_url': f'{self.url}/v23.0',
                'whatsapp_phone_id': '106540352242922',
                'whatsapp_template': 'sign_in_code',
                'whatsapp_languages': 'en:en_US de',
                'twilio_url': self.url, 'twilio_account': ACCOUNT,
                'twilio_from': '+15005550006', 'hook_url': f'{self.url}/hook'}
        for key, secret in SECRETS.items():
            said[key] = stack.secret_file(key, secret)
        # of fewer than 16 characters, and yet none of the log's words
        stack.secrets.long.update(SECRETS.values())
        return said

    def read(self, name):
        """A file of the receiver's; '' when there is none."""
        path = self.folder / name
        return path.read_text() if path.exists() else ''

    def say(self, *words):
        """How it answers the next requests."""
        (self.folder / 'say').write_text('\n'.join(words))

    def sendmail_say(self, *words):
        """How sendmail ends the next times."""
        (self.folder / 'sendmail.say').write_text(
            ''.join(f'{word}\n' for word in words))

    def taken(self, to):
        """(service, what) of each message to this number or address."""
        found = []
        for line in self.read('done').splitlines():
            path, whom, what = line.split(' ', 2)
            if whom.lstrip('+') == to.lstrip('+'):
                found.append((path.rpartition('/')[2], what))
        return found

    def mailed(self, to):
        """(argv, mail) of each mail to this address."""
        found = []
        for path in sorted(self.folder.glob('*.mail')):
            argv = path.with_suffix('.argv').read_text().splitlines()
            if argv[-1] == to:
                found.append((argv, path.read_bytes()))
        return found

    def stop(self):
        """End it."""
        processes.stop(self.process)
        self.process.stdout.close()
        processes.run(['rm', '-rf', self.folder])
