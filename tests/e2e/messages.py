# SPDX-License-Identifier: ISC
"""Messages as they arrived: in files, or in a mail server's mailbox."""

import email
import email.policy
import re
from urllib.parse import parse_qs, urlsplit

CODE = re.compile(r'(?<!\w)(\d{6}) is your sign-in code')
LINK = re.compile(r'https?://\S+')


class Message:
    """One mail or one text message."""

    def __init__(self, to, text, html=''):
        self.to = to
        self.text = text
        self.html = html

    @property
    def code(self):
        """The six digits; None when it holds none."""
        found = CODE.search(self.text)
        return found[1] if found else None

    @property
    def link(self):
        """The link; None when there is none."""
        found = LINK.search(self.text)
        return found[0] if found else None

    @property
    def token(self):
        """The link's token; None when there is no link."""
        if not self.link:
            return None
        of = urlsplit(self.link)
        return parse_qs(of.fragment or of.query)['token'][0]


def read_mail(content):
    """A mail, from its bytes."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    parts = {part.get_content_subtype(): part.get_content()
             for part in mail.walk() if not part.is_multipart()}
    return Message(mail['To'], parts.get('plain', ''), parts.get('html', ''))


def read_text(content):
    """What the file channel writes of an SMS or a WhatsApp message."""
    head, _, text = content.decode().partition('\n\n')
    return Message(head.split('\n')[0].partition(': ')[2], text)


class Box:
    """All that has arrived; each file is read once."""

    def __init__(self, folder, maildir=False):
        self.folder = folder / 'new' if maildir else folder
        self.maildir = maildir
        self.known = {}

    def read(self, path):
        """One message, whichever it is."""
        if self.maildir or path.suffix == '.eml':
            return read_mail(path.read_bytes())
        return read_text(path.read_bytes())

    def order(self, path):
        """By arrival in a mailbox, by their making among files."""
        if self.maildir:
            return path.stat().st_mtime_ns
        return path.name.partition('-')[2]

    def all(self):
        """The messages, oldest first."""
        for path in self.folder.iterdir():
            if path not in self.known and not path.name.startswith('.'):
                self.known[path] = (self.order(path), self.read(path))
        return [m for _, m in sorted(self.known.values(),
                                     key=lambda pair: pair[0])]
