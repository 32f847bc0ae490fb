# SPDX-License-Identifier: ISC
"""Every secret that the tests have seen, to look for it where none may be."""

import json
import re
import threading

GUEST_ID = re.compile(r'[A-Za-z0-9_-]{43}')
SIX_DIGITS = re.compile(r'(?<!\w)\d{6}(?!\w)')
RANDOM_MEMBERS = ('ts', 'request_id', 'tenant')


class Secrets:
    """Codes apart from the long ones, which are searched for as they are."""

    def __init__(self):
        self.long = set()
        self.codes = set()
        self.lock = threading.Lock()

    def add(self, *texts):
        """Remember a code of six digits, or anything longer."""
        with self.lock:
            for text in texts:
                if text and SIX_DIGITS.fullmatch(text):
                    self.codes.add(text)
                elif text and len(text) >= 16:
                    self.long.add(text)

    def learn(self, answer):
        """Remember what an answer gave away."""
        found = answer.json
        if not isinstance(found, dict):
            return
        data = found.get('data')
        if isinstance(data, str) and GUEST_ID.fullmatch(data):
            self.add(data)
        for of in (found, data):
            if isinstance(of, dict):
                for name in ('token', 'refreshToken'):
                    if isinstance(of.get(name), str):
                        self.add(of[name])

    def leaks(self, text):
        """Sentences about the secrets that stand in a log."""
        found = [f'{secret[:12]}… of {len(secret)} characters'
                 for secret in self.long if secret in text]
        for line in text.splitlines():
            said = line
            try:
                event = json.loads(line)
                said = ' '.join(str(v) for k, v in event.items()
                                if k not in RANDOM_MEMBERS)
            except (ValueError, AttributeError):
                pass
            codes = self.codes.intersection(SIX_DIGITS.findall(said))
            found += [f'the code {code} in {line}' for code in sorted(codes)]
        return found
